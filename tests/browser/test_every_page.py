"""Every page that a person can reach by links: it answers, fits, speaks Indonesian, and reading it changes nothing."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from tests.browser.desk import NARROW, WIDE, Desk

PEOPLE = ("petugas", "petugas2", "kadis", "bidang.rehsos", "staf.rehsos", "bidang.ppa", "pengawas", "admin")
MOST_PAGES, MOST_ALIKE, MOST_FILES = 60, 2, 3
FILES = re.compile(r"\.pdf$|/export/|/lampiran/|/surat/")
ENGLISH = re.compile(
    r"\b(Save|Cancel|Search|Delete|Edit|Create|Record|List|Home|With selected|Add Filter|Export|Submit|Password|"
    r"Username|Login|Logout|Details|View|Apply|Reset|Page|Next|Previous|Required|Invalid|None|True|False)\b"
)
LOOK = """() => {
  const said = [...document.querySelectorAll('[placeholder],[title],[aria-label],[alt]')].flatMap(
    (e) => ['placeholder', 'title', 'aria-label', 'alt'].map((name) => e.getAttribute(name) || ''));
  const wide = [...document.querySelectorAll('main *')].filter(
    (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .unseen'));
  return {
    lang: document.documentElement.lang,
    words: [document.title, document.body.innerText, ...said].join('\\n'),
    over: document.documentElement.scrollWidth - innerWidth,
    what: wide.slice(0, 3).map((e) => e.tagName + '.' + e.className).join(' '),
    links: [...document.querySelectorAll('a[href]')].map((a) => a.href),
  };
}"""


def alike(address: str) -> str:
    """Pages of one shape: the same path and the same names in the query."""
    parts = urlsplit(address)
    return parts.path + "?" + ",".join(sorted({name for name, _ in parse_qsl(parts.query) if name != "url"}))


def walked(desk: Desk) -> Iterator[tuple[str, list[str]]]:
    """Each page reached from the start page, breadth first, a few of each shape: (address, what is wrong with it)."""
    home, taken, files = f"{desk.panel.address}/", Counter[str](), 0
    waiting, known = deque([home]), {home}
    while waiting and sum(taken.values()) < MOST_PAGES:
        address = waiting.popleft()
        if FILES.search(urlsplit(address).path):
            files += 1
            if files <= MOST_FILES:
                yield address, file_faults(desk, address)
            continue
        if taken[alike(address)] >= MOST_ALIKE:
            continue
        taken[alike(address)] += 1
        wrong, links = looked_at(desk, address)
        yield address, wrong
        for link in (urldefrag(urljoin(address, one)).url for one in links):
            if link.startswith(home) and link not in known:
                known.add(link)
                waiting.append(link)


def file_faults(desk: Desk, address: str) -> list[str]:
    status = desk.fetch(address).status
    return [] if status == 200 else [f"answers {status}"]


def looked_at(desk: Desk, address: str) -> tuple[list[str], list[str]]:
    """What is wrong with a page at both widths, and where its links lead."""
    desk.page.set_viewport_size(WIDE)
    answer = desk.open(address)
    seen, wrong = desk.page.evaluate(LOOK), []
    if answer.status != 200:
        wrong.append(f"answers {answer.status}")
    if seen["lang"] != "id":
        wrong.append(f"lang is {seen['lang']!r}")
    if seen["over"] > 0:
        wrong.append(f"{seen['over']} px too wide at {WIDE['width']}: {seen['what']}")
    desk.page.set_viewport_size(NARROW)
    narrow = desk.page.evaluate(LOOK)
    if narrow["over"] > 0:
        wrong.append(f"{narrow['over']} px too wide at {NARROW['width']}: {narrow['what']}")
    wrong += [f"says {word!r}" for word in sorted(set(ENGLISH.findall(seen["words"])))]
    return wrong, seen["links"]


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_answers_fits_and_speaks_indonesian_and_reading_changes_nothing(desk: Desk, username: str) -> None:
    desk.sign_in(username)
    before = desk.panel.digest()
    pages = dict(walked(desk))
    assert len(pages) > 10
    assert not {address: wrong for address, wrong in pages.items() if wrong}
    assert desk.panel.digest() == before


def test_the_terminal_tells_the_same_digest(desk: Desk) -> None:
    assert desk.panel.flask("digest") == desk.panel.digest()
