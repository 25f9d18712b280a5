"""The search box of every page (Ctrl+K): cases as Cari finds them, pages of the panel, and settings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from admin.complaints.search import Hit, hits_of, typed_words
from admin.door.flaskadmin import ListInstead, PageView, TableView, views_of
from admin.door.gate import SEARCHES, admits_to, expose
from admin.door.rows import signed_in
from admin.office.letterhead import LETTERHEAD
from models.complaint import scope
from models.office.people import today
from models.office.settings import OPTIONS
from models.reading.period import usual_periods
from sop.access import ABOUT

MOST_CASES, MOST_LINES = 8, 6
CASES, SETTINGS, RECAP = "cari", "pengaturan", "rekapitulasi"  # nouns of the access table


@dataclass(frozen=True)
class FoundLine:
    """A page or a setting: its label, its purpose, and its address."""

    label: str
    purpose: str
    url: str

    def rank(self, words: Iterable[str]) -> int | None:
        """How well the words match: 0 if the label begins with them, 1 in the label, 2 with the purpose; else None."""
        label, whole = self.label.lower(), f"{self.label} {self.purpose}".lower()
        if not all(word in whole for word in words):
            return None
        if label.startswith(" ".join(words)):
            return 0
        return 1 if all(word in label for word in words) else 2


@dataclass(frozen=True)
class QuickHits:
    """What the box lists: cases (those that may have been meant are the last ones), pages and settings; `pages_first`
    without cases, or if the name of a page begins with what was typed."""

    typed: str
    cases: list[Hit]
    everything: str
    pages: list[FoundLine]
    settings: list[FoundLine]
    pages_first: bool


class QuickSearchView(PageView):
    """/temukan/?q=…, asked by static/js/keys.js while one types; an HTML fragment."""

    noun, home, cost = "beranda", "pengaduan", SEARCHES

    @expose("/")
    def index(self) -> str:
        return str(self.render("admin/quick_search.html", hits=quick_hits(typed_words())))


def quick_hits(typed: str) -> QuickHits:
    """The hits for the signed-in user. Cases are searched and logged as on Cari."""
    of_words = hits_of(typed, MOST_CASES) if typed and admits_to((CASES,)) else None
    cases = [*of_words.shown, *of_words.also] if of_words else []
    words = typed.lower().split()
    pages = _best(words, _pages())
    return QuickHits(
        typed,
        cases,
        url_for("cari.index", q=typed) if of_words else "",
        pages,
        _best(words, _settings()) if typed else [],
        not cases or any(page.rank(words) == 0 for page in pages),
    )


def _best(words: list[str], lines: Iterable[FoundLine]) -> list[FoundLine]:
    ranked = [(rank, place, line) for place, line in enumerate(lines) if (rank := line.rank(words)) is not None]
    return [line for _, _, line in sorted(ranked, key=lambda one: one[:2])[:MOST_LINES]]


def _pages() -> Iterator[FoundLine]:
    """The pages that the user may open: all of the menu, one of each further noun, and what is added on them."""
    nouns = set()
    for view in views_of(current_app):
        is_page = view.is_visible() or (view.noun not in nouns and _has_page(view))
        if not (is_page and view.is_accessible()):
            continue
        nouns.add(view.noun)
        purpose = ABOUT.get(view.endpoint) or ABOUT.get(view.noun, "")
        yield FoundLine(view.name, purpose, url_for(_index_of(view)))
        if isinstance(view, TableView) and view.noun != SETTINGS and view.opens("create"):
            label = view.create_label if " " in view.create_label else f"{view.create_label} – {view.name}"
            yield FoundLine(label, "", url_for(f"{view.endpoint}.create_view"))
        if view.noun == RECAP:
            month = usual_periods(today())[0]
            yield FoundLine(
                "Rekapitulasi bulan ini", month.words, url_for(_index_of(view), dari=month.first, sampai=month.last)
            )


def _index_of(view: Any) -> str:
    return f"{view.endpoint}.{'index_view' if isinstance(view, TableView) else 'index'}"


def _has_page(view: Any) -> bool:
    """Whether the view's index is a page: some only redirect to the list, some only take what is sent."""
    if any(isinstance(part, ListInstead) for part in view.parts_by_name.values()):
        return False
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(_index_of(view)))


def _settings() -> Iterator[FoundLine]:
    """The settings, if the user may change them."""
    if not scope.may_write(signed_in(), SETTINGS):
        return
    for key, option in OPTIONS.items():
        of_all = key in LETTERHEAD
        url = url_for("pengaturan.letterhead") if of_all else url_for("pengaturan.create_view", key=key)
        yield FoundLine(option.label, option.help, url)


def views() -> list[PageView]:
    return [QuickSearchView("Kotak cari", endpoint="temukan", url="/temukan")]
