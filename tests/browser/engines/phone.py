"""A person with a phone: finds what is on the page by its words, waits until it can be touched, touches it."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.browser.engines.engine import Engine, NotYet
from tests.browser.served import PASSWORD

PATIENCE = 60  # seconds until what is looked for has come
PLACE = """(selector, words) => {
  const reads = (e) => e.innerText.replace(/\\s+/g, ' ').trim();
  const found = [...document.querySelectorAll(selector)].find(
    (e) => e.checkVisibility() && !e.disabled && e.ariaDisabled !== 'true' && (!words || reads(e) === words));
  if (!found) { return null; }
  const middle = () => {
    const box = found.getBoundingClientRect();
    return [Math.round(box.left + box.width / 2), Math.round(box.top + Math.min(box.height / 2, 24))];
  };
  const hit = ([x, y]) => { const there = document.elementFromPoint(x, y); return there && (found.contains(there) || there.contains(found)); };
  if (hit(middle())) { return middle(); }
  found.scrollIntoView({block: 'center', behavior: 'instant'}); // asked for again once it has come to rest
  return null;
}"""  # noqa: E501
FOCUS = "(at) => { document.querySelector(at).focus(); return document.activeElement.matches(at); }"
READS = """(selector) => [...document.querySelectorAll(selector)]
  .map((e) => e.innerText).join(' ').replace(/\\s+/g, ' ').trim()"""


@dataclass
class Phone:
    """One window on a panel."""

    engine: Engine
    address: str

    def open(self, path: str) -> None:
        self.engine.open(self.address + path)

    def sign_in(self, username: str) -> "Phone":
        self.open("/masuk")
        for field, words in (("#username", username), ("#password", PASSWORD)):
            self.write(field, words)
        self.tap("form.sheet button", "Masuk")
        self.until("() => document.querySelector('.who')")
        return self

    def until(self, function: str, *args: Any) -> Any:
        """What a script answers once that is something; a page that comes meanwhile is waited for."""
        deadline = monotonic() + PATIENCE
        while True:
            try:
                if (answer := self.engine.script(function, *args)) not in (None, False, "", []):
                    return answer
            except NotYet as gone:
                fault = str(gone)
            else:
                fault = "nothing came"
            assert monotonic() < deadline, f"{fault}: {function} {args}; the page reads: {self.text()[:600]}"
            sleep(0.02)

    def tap(self, selector: str, words: str = "") -> None:
        self.engine.tap(*self.until(PLACE, selector, words))

    def write(self, selector: str, words: str) -> None:
        """Typed where the cursor is put; of a list to choose from its first letters. Not by a finger: what a browser
        opens of its own under a field (Firefox its former words) takes the next tap away."""
        self.until(FOCUS, selector)
        self.engine.keys(words)

    def text(self, selector: str = "body") -> str:
        return str(self.engine.script(READS, selector))

    def waits_for(self, selector: str, words: str) -> None:
        self.until(f"(at, words) => ({READS})(at).includes(words)", selector, words)

    def keep(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.engine.picture())
