"""Hands that go a way of the guide: with a pointer, or with the keyboard alone; each counts what it presses."""

import re
from itertools import count

from playwright.sync_api import Locator, Page

from tests.browser.waiting import TITLE

TO_PRESS = "a, button, summary"
MORE = count(1)
LACKING = """e => e.matches('select, input, textarea') && !e.value && e.offsetParent"""
WATCH = """() => {
  const styleOf = (e) => [e, ...(e.labels || [])].map((one) => {
    const s = getComputedStyle(one);
    const ring = s.outlineStyle === 'none' || s.outlineWidth === '0px' ? '' : s.outlineWidth + s.outlineColor;
    return [ring, s.boxShadow, s.borderColor, s.top].join();
  }).join('|');
  const plain = new Map();
  window.unseen = [];
  document.querySelectorAll('a, button, summary, input, select, textarea').forEach((e) => plain.set(e, styleOf(e)));
  document.addEventListener('focusin', ({target}) => {
    if (plain.get(target) === styleOf(target)) { window.unseen.push(target.outerHTML.slice(0, 120)); }
  });
}"""
AHEAD = """(e) => {
  const stops = [...document.querySelectorAll('a[href], button, summary, input, select, textarea')].filter((one) =>
    !one.disabled && one.type !== 'hidden' && one.tabIndex >= 0 && one.checkVisibility()
    && !(one.type === 'radio' && !one.checked));
  const here = document.activeElement;
  return stops.filter((one) => (one === e || one.compareDocumentPosition(e) & 4)
    && (here === document.body || here.compareDocumentPosition(one) & 4)).length;
}"""
SKIPS = """(e) => [...document.querySelectorAll('.skip')].filter((skip) => {
  const to = document.querySelector(skip.hash);
  return to.contains(e) || to.compareDocumentPosition(e) & 4;
}).length"""
UNCOVERED = """(e) => {
  const box = e.getBoundingClientRect(), [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20)];
  const there = document.elementFromPoint(x, y);
  return Boolean(there) && (e.contains(there) || there.contains(e) && !there.matches('main, body, form'));
}"""  # noqa: E501


def sample() -> str:
    """Something to type: never twice the same, and plain enough for a user's name."""
    return f"contoh.isian.{next(MORE)}"


class Pointer:
    """A mouse or a thumb. `pressed` counts; typing into blanks is not pressing."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def go(self, way: tuple[str, ...]) -> None:
        """A word with a capital letter is pressed; the others are done."""
        done = {
            "pengaduannya": self.open_first,
            "centang": self.tick_first,
            "isi": self.fill,
            "ganti": self.change,
            "periksa": lambda: None,
        }
        for word in way:
            done[word]() if word in done else self.press(self.named(word))

    def named(self, word: str) -> Locator:
        """What reads so; how many there are may stand behind it."""
        reads = re.compile(rf"^\s*{re.escape(word)}( [0-9.]+| yang dipilih)?\s*$")
        return self.page.locator("main").locator(TO_PRESS).filter(has_text=reads, visible=True).first

    def open_first(self) -> None:
        """One of those that were brought there, if there are any: what the demo has may be of a special kind."""
        rows = self.page.locator("table.list tbody tr")
        known = rows.filter(has_text=TITLE)
        self.press((known if known.count() else rows).first.locator("th[scope=row] a"))

    def tick_first(self) -> None:
        self.press(self.page.locator("main input[type=checkbox]").first)

    def fill(self) -> None:
        """What must be filled in and is not."""
        for blank in self.page.locator("main form [required]").all():
            if blank.evaluate(LACKING):
                self.type(blank)

    def change(self) -> None:
        self.type(self.page.locator("main form :is(input[type=text], textarea)").filter(visible=True).first)

    def press(self, what: Locator) -> None:
        """One click, and the page that comes of it."""
        self.pressed += 1
        self.reach(what)
        leads = what.evaluate("e => !e.matches('summary, input')")
        if leads:
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.touch(what)
        else:
            self.touch(what)

    def reach(self, what: Locator) -> None:
        """A pointer is there at once."""

    def touch(self, what: Locator) -> None:
        what.click()

    def type(self, blank: Locator) -> None:
        if blank.evaluate("e => e.tagName") == "SELECT":
            blank.select_option(index=1)
        else:
            blank.fill(sample())


class Keys(Pointer):
    """The keyboard alone: Tab, Enter, space bar, arrows, letters. Whatever takes the focus must show it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.keys = 0  # how many were struck, but for what was typed into blanks
        page.emulate_media(reduced_motion="reduce")  # what takes the focus is in sight at once

    def touch(self, what: Locator) -> None:
        self.strike("Space" if what.evaluate("e => e.matches('input')") else "Enter")

    def type(self, blank: Locator) -> None:
        self.reach(blank)
        if blank.evaluate("e => e.tagName") == "SELECT":
            self.strike("ArrowDown")
        else:
            self.strike("Control+A")
            self.page.keyboard.insert_text(sample())

    def reach(self, what: Locator) -> None:
        """Past the menu by a skip link, then Tab until it has the focus: seen there, and not under a bar."""
        if self.page.evaluate("window.unseen === undefined"):
            self.page.evaluate(WATCH)
        if self.page.evaluate("document.activeElement === document.body"):
            self.skip(what.evaluate(SKIPS))
        for _ in range(what.evaluate(AHEAD)):
            self.strike("Tab")
        while not what.evaluate("e => document.activeElement === e"):  # a date has several stops in it
            assert what.evaluate("e => document.activeElement.compareDocumentPosition(e) & 4"), f"{what} is passed by"
            self.strike("Tab")
        assert not self.page.evaluate("window.unseen"), self.page.evaluate("window.unseen")
        self.page.wait_for_function(UNCOVERED, arg=what.element_handle())

    def skip(self, links: int) -> None:
        """By the last of so many links at the page's head."""
        for _ in range(links):
            self.strike("Tab")
        to = self.page.evaluate("document.activeElement.hash")
        self.strike("Enter")
        self.page.wait_for_function("(to) => document.activeElement.matches(to)", arg=to)

    def strike(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)
