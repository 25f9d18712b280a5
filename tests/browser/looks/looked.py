"""What is wrong with a page: too wide, out of its frame, foreign words, what axe finds, too heavy, from elsewhere."""

from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from tests.browser.looks import english
from tests.browser.window import NARROW, WIDE, Desk

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8") + "\n;0"
HEAVIEST = 200_000  # bytes, the page with all that it asks for but the typeface, which comes once
TYPEFACE = 60_000  # bytes
LOOK = """() => {
  const said = [...document.querySelectorAll('[placeholder],[title],[aria-label],[alt]')].flatMap(
    (e) => ['placeholder', 'title', 'aria-label', 'alt'].map((name) => e.getAttribute(name) || ''));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), read = [];
  while (texts.nextNode()) { if (!texts.currentNode.parentElement.closest('script, style')) { read.push(texts.currentNode.data); } }
  const got = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  return {
    lang: document.documentElement.lang,
    words: [document.title, ...read, ...said].join('\\n'),
    bytes: got.filter((one) => !one.name.includes('.woff2')).reduce((sum, one) => sum + one.decodedBodySize, 0),
    typeface: got.filter((one) => one.name.includes('.woff2')).reduce((sum, one) => sum + one.decodedBodySize, 0),
    hosts: [...new Set(got.map((one) => new URL(one.name).origin))].filter((one) => one !== location.origin),
    twice: ids.filter((id, n) => ids.indexOf(id) !== n),
    links: [...[...document.querySelectorAll('a[href]')].map((a) => a.href),
      ...[...document.querySelectorAll('.desk-cards h3 button')].slice(0, 1).map((card) => card.formAction)],
  };
}"""  # noqa: E501
OVER = """() => [document.documentElement.scrollWidth - innerWidth, [...document.querySelectorAll('main *')].filter(
  (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .unseen')
).slice(0, 3).map((e) => e.tagName + '.' + e.className).join(' ')]"""
OUTSIDE = """() => {
  const framed = (e) => { const s = getComputedStyle(e); return e.matches('td, th') || parseFloat(s.borderRightWidth) > 0; };
  const frame = (e) => { do { e = e.parentElement; } while (e && !framed(e)); return e; };
  return [...document.querySelectorAll('main :is(.badge, .btn, input, select, textarea)')].filter((e) => {
    const box = e.getBoundingClientRect(), around = e.checkVisibility() && !e.closest('.unseen, .files, .scroll.acts, .bulk .acts') && frame(e);
    return around && box.right > around.getBoundingClientRect().right + 1;
  }).slice(0, 3).map((e) => `${e.tagName}.${e.className} ${e.innerText.slice(0, 40)}`);
}"""  # noqa: E501
CUT = """() => [...document.querySelectorAll('main :is(td, th) .nowrap')].filter((e) => {
  const cell = e.checkVisibility() && e.closest('td, th');
  return cell && e.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
}).slice(0, 3).map((e) => e.innerText.slice(0, 40))"""
GLUED = """() => [...document.querySelectorAll('main :is(h2, h3)')].filter((e) => {
  const over = e.previousElementSibling, own = parseFloat(getComputedStyle(e).paddingTop);
  const gap = over && e.getBoundingClientRect().top + own - over.getBoundingClientRect().bottom;
  return over && over.checkVisibility() && parseFloat(getComputedStyle(over).borderBottomWidth) > 0 && gap >= 0 && gap < 12;
}).slice(0, 3).map((e) => e.innerText.slice(0, 40))"""  # noqa: E501
MUTE = """() => [...document.querySelectorAll('.list td[data-label]')].filter(
  (e) => ['Ya', 'Tidak'].includes(e.innerText.trim()) && getComputedStyle(e, '::before').content === 'none'
).slice(0, 3).map((e) => e.dataset.label)"""
UNFOLD = "() => document.querySelectorAll('details').forEach((e) => { e.open = true; })"
MADE_OF = """() => {
  const paths = new Map();
  const pathOf = (e) => {
    if (!paths.has(e)) {
      const own = e.tagName + '.' + [...e.classList].sort().join('.')
        + e.getAttributeNames().filter((name) => name !== 'data-newly').sort()
        + (['role', 'type', 'scope', 'aria-current', 'disabled'].map((name) => e.getAttribute(name) || ''));
      paths.set(e, (e.parentElement ? pathOf(e.parentElement) : '') + '>' + own);
    }
    return paths.get(e);
  };
  const heads = [...document.querySelectorAll('h1,h2,h3,h4')].map((e) => e.tagName);
  window.madeOf = pathOf;
  return [...new Set([...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()).map(pathOf)),
    ...heads.slice(1).map((name, n) => heads[n] + name)];
}"""
NEWLY = """(kinds) => {
  const fresh = new Set(kinds);
  for (const e of document.querySelectorAll('body *')) { e.toggleAttribute('data-newly', fresh.has(window.madeOf(e))); }
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-newly]'}]});
}"""
JUDGE = """(rules) => axe.run(document, {resultTypes: ['violations'], ...(rules ? {runOnly: rules} : {})}).then(
  (all) => all.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 2).map((n) => n.html.slice(0, 120)
    + ' ' + n.any.map((a) => a.message).join(' ')).join(' | ')}`))"""


@dataclass
class Looker:
    """Looks at one page after another; axe is asked about a page only if something in it is made as none before it,
    and about contrast, which costs it most, only of what is."""

    desk: Desk
    known: dict[str, set[str]] = field(default_factory=dict)
    judged: int = 0
    looks: int = 0

    def at(self, address: str) -> tuple[list[str], list[str]]:
        """(what is wrong, where its links lead) of the page behind an address."""
        self.desk.page.set_viewport_size(WIDE)
        answer = self.desk.open(address)
        wrong = [] if answer is not None and answer.status == 200 else [f"answers {answer and answer.status}"]
        found, links = self.here()
        return wrong + found, links

    def here(self) -> tuple[list[str], list[str]]:
        """The same of the page that is open: wide, then narrow with all unfolded, then in the dark dress."""
        page = self.desk.page
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        seen = page.evaluate(LOOK)
        wrong = [*_said(seen), *self._width(WIDE), *self._axe("wide", self._made_of())]
        page.set_viewport_size(NARROW)
        wrong += self._width(NARROW)
        wrong += [f"says yes or no without {label!r} on a phone" for label in page.evaluate(MUTE)]
        page.evaluate(UNFOLD)
        made_of = self._made_of()
        wrong += [*self._width(NARROW), *self._axe("narrow", made_of)]
        page.emulate_media(color_scheme="dark")
        wrong += self._axe("dark", made_of, ["color-contrast"])
        return wrong, seen["links"]

    def _width(self, size: dict[str, int]) -> list[str]:
        over, what = self.desk.page.evaluate(OVER)
        wrong = [f"{over} px too wide at {size['width']}: {what}"] if over > 0 else []
        wrong += [f"out of its frame at {size['width']}: {one}" for one in self.desk.page.evaluate(OUTSIDE)]
        wrong += [f"cut off at {size['width']}: {one}" for one in self.desk.page.evaluate(CUT)]
        return wrong + [f"glued to what is above at {size['width']}: {one}" for one in self.desk.page.evaluate(GLUED)]

    def _made_of(self) -> set[str]:
        """Each kind of element with all that it stands in, and each pair of headings that follow each other."""
        return set(self.desk.page.evaluate(MADE_OF))

    def _axe(self, dress: str, made_of: set[str], rules: list[str] | None = None) -> list[str]:
        self.looks += 1
        known = self.known.setdefault(dress, set())
        if made_of <= known:
            return []
        self.judged += 1
        if not self.desk.page.evaluate("() => 'axe' in window"):
            self.desk.page.evaluate(AXE)
        self.desk.page.evaluate(NEWLY, sorted(made_of - known))
        known |= made_of
        return [f"{dress}: {one}" for one in self.desk.page.evaluate(JUDGE, rules)]


def _said(seen: dict[str, Any]) -> list[str]:
    """What a page's words, language, weight and sources have against them."""
    wrong = [f"says {word!r}" for word in english.foreign(seen["words"])]
    wrong += [f"asks {host}" for host in seen["hosts"]] + [f"two of id {one}" for one in set(seen["twice"])]
    if seen["lang"] != "id":
        wrong.append(f"lang is {seen['lang']!r}")
    if seen["bytes"] > HEAVIEST:
        wrong.append(f"weighs {seen['bytes']} bytes")
    if seen["typeface"] > TYPEFACE:
        wrong.append(f"its typeface weighs {seen['typeface']} bytes")
    return wrong
