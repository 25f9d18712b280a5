"""Cari: full-text search over all cases that the user may open, also for the list of complaints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Flask, g, request, url_for
from markupsafe import Markup

from admin.complaints.facets import FacetList, chosen_facets, narrowed
from admin.door.flaskadmin import PageView
from admin.door.gate import READS, SEARCHES, admits_to, expose
from admin.door.rows import signed_in
from admin.lists.cells import badges, state_badge, sub_line, urgency_marks
from admin.lists.listing import COUNTED, Listing
from admin.lists.paging import Among
from models.case import access_notes
from models.complaint.complaint import Complaint, names_by_case
from models.complaint.lookup import CasesOfNumber, asked_number, find, may_look_up
from models.complaint.scope import viewer
from models.complaint.search import Answer, MarkedText, Suggestion, answer, excerpts, marker, pieces_of, ranked
from models.complaint.search_words import COUNTED as MOST_FOUND
from models.complaint.search_words import LETTERS, terms_of
from models.office.lists import Category
from models.store.keyset import Few, OrderKey
from sop.access import FINDERS
from sop.vocabulary import vocabulary

MANY = 4 * COUNTED  # filtered cases that are matched one by one before the search index is queried
SOUGHT = ("nomor", "judul", "uraian", "nama")
NUMBERS = {"phone": "telepon", "nik": "NIK"}


class CaseListing(Listing):
    """A list of complaints whose search matches words and complete numbers (telephone, NIK)."""

    def begin_search(self) -> bool:
        """The search index is used, whatever columns the list has."""
        return True

    def order_by(self, sort_column: str | None, desc: bool, filters: Any = ()) -> list[OrderKey]:
        """With a filter by one state, skip the ranks that are empty: its cases are all finished or all unfinished."""
        rank, *rest = keys = super().order_by(sort_column, desc, filters)
        offered = self.view.offered_filters
        asked = {value for index, _, value in filters or () if offered[index].column is Complaint.state}
        if not (isinstance(rank, Few) and len(asked) == 1 and sort_column is None):
            return keys
        ranks = frozenset({0, 1} if asked <= vocabulary().open_states else {2})
        return [replace(rank, places=ranks), *rest]

    def search_label(self) -> str:
        """Including the kinds of numbers that the user may look up."""
        who = viewer(signed_in())
        *names, last = [*SOUGHT, *(NUMBERS[kind] for kind in FINDERS if may_look_up(who, kind))]
        return f"Cari {', '.join(names)}, atau {last}"

    def matching(self, search: str) -> Any:
        """Condition: the case matches the words, or belongs to the number that was typed."""
        if not search:
            return None
        words, found = answered(search), looked_up(search)
        matches = words.sight.holding(words.terms) if words.is_more else Complaint.id.in_(words.ids)
        return matches | Complaint.id.in_(found.cases) if found else matches

    def unordered_ids(self, search: str | None, filters: Any, most: int = 0) -> list[int]:
        """With more matches than are counted, the first ones of the search; with filters too, up to MANY filtered cases
        are matched one by one."""
        if not search or not answered(search).is_more:
            return super().unordered_ids(search, filters, most)
        if not filters:
            return answered(search).ids
        narrowed = super().unordered_ids("", filters, MANY)
        matches = sorted(self.belonging(search, ())(narrowed))
        return (
            matches if len(narrowed) < MANY or len(matches) > COUNTED else super().unordered_ids(search, filters, most)
        )

    def belonging(self, search: str | None, filters: Any) -> Among:
        """With a search, match each case separately."""
        if not search:
            return super().belonging(search, filters)
        words, number = answered(search), looked_up(search)
        filtered = super().belonging("", filters) if filters else set

        def matching(ids: Sequence[int]) -> set[int]:
            matches = words.sight.among(ids, words.terms) | (number.among(ids) if number else set())
            return filtered(list(matches))

        return matching

    def replacement_query(self, search: str | None) -> str:
        """The words that are searched instead if no case contains all that were typed; else ""."""
        return answered(search).instead if search else ""

    def suggested_queries(self, search: str | None) -> list[str]:
        """Suggested queries for words that occur in few cases."""
        meant = answered(search).meant if search else None
        return meant.queries if meant else []

    def reveals_content(self, search: Any) -> bool:
        """A match by number reveals whose number it is."""
        return bool(g.get("looked_up"))

    def log_text(self, search: Any, filters: Any) -> str:
        """With telephone numbers and NIK masked, since the log is retained for long."""
        asked = asked_number(search or "")
        return super().log_text(asked.masked if asked else search, filters)


def looked_up(search: str) -> CasesOfNumber | None:
    """The cases of the number that was typed; looked up and logged once per request."""
    if "looked_up" not in g:
        g.looked_up = find(search, viewer(signed_in()))
    found: CasesOfNumber | None = g.looked_up
    return found


def answered(search: str) -> Answer:
    """The matches of the words that were typed; searched once per request."""
    if "answered" not in g:
        g.answered = answer(search, viewer(signed_in()))
    found: Answer = g.answered
    return found


def mark_found_by_number(rows: list[Any]) -> None:
    """Set `way_found` on each row: the kind of number that matched, or ""."""
    found = g.get("looked_up")
    of_number = found.among([row.id for row in rows]) if found else set()
    for row in rows:
        row.way_found = found.way if row.id in of_number else ""


def way_found(row: Any) -> Markup:
    """A line with the kind of number that matched; the number itself is not shown."""
    return sub_line(row.way_found) if row.way_found else Markup("")


NOUN = "cari"
PAGE = 20
MOST_MEANT = 5  # hits of the suggestion on the page; its own search has the rest
HELP = (
    "Ketik nomor register atau tiket, nama, tempat, atau kata dari uraian; sedikitnya dua huruf. Semua kata harus ada, "
    "dan sebagian kata pun ditemukan. Jalan, Jl., dan Jln. dianggap sama, begitu pula No. dan nomor, RT 3 dan RT.03."
)


@dataclass(frozen=True)
class Hit:
    """A matching case for the page, with the matched text marked in each part."""

    url: str
    number: list[MarkedText]
    title: list[MarkedText]
    marks: Markup
    under: list[MarkedText]
    excerpt: list[MarkedText]
    way: str


@dataclass(frozen=True)
class OtherSearch:
    """A suggested query and the address of its search."""

    words: str
    url: str


@dataclass(frozen=True)
class Hits:
    """One page of hits with its neighbours' addresses and the count; suggestions (`meant`) with their first hits
    (`also`); without hits similar words (`nearest`) and the single words (`apart`)."""

    shown: list[Hit]
    count: str
    of_number: str  # the kind of number that every hit was found by, or ""
    instead: str
    before: str
    behind: str
    everything: str
    meant: list[OtherSearch]
    also: list[Hit]
    nearest: list[OtherSearch]
    apart: list[OtherSearch]
    facets: list[FacetList]
    without_facets: str  # the address of the search without what is chosen of them, or ""


class CariView(PageView):
    """/cari/?q=…, from the search box on every page."""

    noun, home, cost = NOUN, "pengaduan", READS

    @expose("/", cost=SEARCHES)
    def index(self) -> str:
        typed = typed_words()
        return str(self.render("admin/complaints/search.html", typed=typed, hits=hits_of(typed), help=HELP))


def typed_words() -> str:
    """The query in the address."""
    return " ".join(request.args.get("q", "").replace("\0", "").split())[:LETTERS]


def hits_of(typed: str, size: int = PAGE) -> Hits | None:
    """The hits on the page in the address, `size` of them; None if the query is too short."""
    number = looked_up(typed)
    if not terms_of(typed):
        return None
    words = answered(typed)
    ways = _ways(number)
    all_ids = list(dict.fromkeys([*ways, *ranked(words, typed)]))
    chosen, ids, facets = _narrowed(typed, all_ids) if size == PAGE else ({}, all_ids, [])
    page = _asked_page(len(ids))
    names = words.names | names_by_case(list(ways))
    hits = _hits_by_case(ids[page * size : (page + 1) * size], words.terms, names, ways)
    also = _hits_of_meant(words.meant, typed, all_ids)
    _log_search(typed, {**hits, **also})
    before, behind = _pages_beside(typed, page, min(len(ids), MOST_FOUND), size, chosen)
    return Hits(
        list(hits.values()),
        "Lebih dari 1.000" if words.is_more and not chosen else str(len(ids)),
        number.kind_words if number and len(ways) == len(all_ids) else "",
        words.instead,
        before,
        behind,
        url_for("pengaduan.index_view", search=typed) if ids and not chosen else "",
        _searches(words.meant.queries if words.meant else ()),
        list(also.values()),
        *(([], []) if all_ids else _similar_searches(words)),
        facets,
        _address(typed, 0) if chosen else "",
    )


def _ways(number: CasesOfNumber | None) -> dict[int, str]:
    """By case that has the number: how it was found."""
    return {case: number.way for (case,) in number.cases.limit(MOST_FOUND).tuples()} if number else {}


def _narrowed(typed: str, ids: Sequence[int]) -> tuple[dict[str, str], list[int], list[FacetList]]:
    """What is chosen of the facets, the hits that it leaves, and the facets."""
    chosen = chosen_facets()
    return chosen, *narrowed(ids, chosen, partial(_address, typed, 0))


def _log_search(typed: str, hits: Collection[Complaint]) -> None:
    asked = asked_number(typed)
    access_notes.log_list(signed_in(), "pencarian", hits, asked=asked.masked if asked else typed, every=True)


def _pages_beside(typed: str, page: int, count: int, size: int, chosen: Mapping[str, str]) -> tuple[str, str]:
    """The addresses of the page before and of the page behind, "" where there is none."""
    before = _address(typed, page - 1, chosen) if page else ""
    return before, _address(typed, page + 1, chosen) if (page + 1) * size < count else ""


def _hits_of_meant(meant: Suggestion | None, typed: str, ids: Sequence[int]) -> dict[Complaint, Hit]:
    """The first hits of the suggestion that are not among `ids`."""
    others = [case for case in ranked(meant, typed) if case not in ids] if meant else []
    return _hits_by_case(others[:MOST_MEANT], meant.terms, meant.names, {}) if meant else {}


def _similar_searches(words: Answer) -> tuple[list[OtherSearch], list[OtherSearch]]:
    """Searches for similar words, and for each word alone if every one of them occurs somewhere."""
    apart = [] if words.lone else [term[0] for term in words.terms if len(term[0]) > 1]
    return _searches(words.nearest), _searches(apart)


def _searches(queries: Iterable[str]) -> list[OtherSearch]:
    return [OtherSearch(query, _address(query, 0)) for query in queries]


def _asked_page(count: int) -> int:
    """The page in the address, from 0; 0 if it is invalid."""
    typed = request.args.get("hal", "")
    page = int(typed) - 1 if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return page if 0 < page * PAGE < min(count, MOST_FOUND) else 0


def _address(typed: str, page: int, chosen: Mapping[str, str] = MappingProxyType({})) -> str:
    query: dict[str, Any] = {"q": typed, "hal": page + 1 if page else None, **chosen}
    return url_for(f"{NOUN}.index", **query)


def _hits_by_case(
    ids: Sequence[int], terms: Sequence[tuple[str, ...]], names: dict[int, list[str]], ways: dict[int, str]
) -> dict[Complaint, Hit]:
    if not ids:
        return {}
    rows = Complaint.select(Complaint, Category).join(Category).where(Complaint.id.in_(list(ids)))
    cases, mark = {c.id: c for c in rows}, marker(terms)
    parts = excerpts({c.id: (c.number, c.title, *names.get(c.id, ())) for c in cases.values()}, mark)
    hits = {}
    for case in (cases[number] for number in ids if number in cases):
        marks = urgency_marks(case)
        category_and_names = " · ".join(filter(None, (case.category.name, *names.get(case.id, ()))))
        hits[case] = Hit(
            url_for("pengaduan.details_view", id=case.id),
            pieces_of(case.number, mark),
            pieces_of(case.title, mark),
            state_badge(case.state) + (Markup(" ") + badges(marks) if marks else Markup("")),
            pieces_of(category_and_names, mark),
            parts[case.id],
            ways.get(case.id, ""),
        )
    return hits


def install(app: Flask) -> None:
    """Provide `may_search()` to the layout template."""
    app.context_processor(lambda: {"may_search": lambda: admits_to((NOUN,))})


def views() -> list[PageView]:
    return [CariView("Cari", endpoint=NOUN, url="/cari")]
