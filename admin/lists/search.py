"""Cari: one search from every page over all that one may open, the best hit first, each with why it was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, request, url_for
from markupsafe import Markup

from admin.door.aside import Aside
from admin.door.cost import READS, SEARCHES
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import admits_to
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.due import badges, state_badge, urgency_marks
from admin.lists.lookup import answered, looked_up
from models.case import access_notes
from models.complaint.complaint import Complaint, names_by_case
from models.complaint.lookup import asked_number
from models.complaint.search import Answer, MarkedText, Meant, excerpts, marker, pieces_of, ranked
from models.complaint.search_words import COUNTED as MOST_FOUND
from models.complaint.search_words import LETTERS, terms_of
from models.office.lists import Category

NOUN = "cari"
PAGE = 20
MOST_MEANT = 5  # hits of what may have been meant instead; a search of its own finds the rest
HELP = (
    "Ketik nomor register atau tiket, nama, tempat, atau kata dari uraian; sedikitnya dua huruf. Semua kata harus ada, "
    "dan sebagian kata pun ditemukan. Jalan, Jl., dan Jln. dianggap sama, begitu pula No. dan nomor, RT 3 dan RT.03."
)


@dataclass(frozen=True)
class Hit:
    """A case that was found, as the page tells it: the match in each of its parts told apart."""

    url: str
    number: list[MarkedText]
    title: list[MarkedText]
    marks: Markup
    under: list[MarkedText]
    excerpt: list[MarkedText]
    way: str


@dataclass(frozen=True)
class OtherSearch:
    """Words that a person may look for instead, and the address of that search."""

    words: str
    url: str


@dataclass(frozen=True)
class Hits:
    """One page of what was found, where the pages beside it are, how many there are, and what was looked for; what may
    have been meant, with the first that it finds, and the words that lie nearest where nothing was found."""

    shown: list[Hit]
    count: str
    instead: str
    before: str
    behind: str
    everything: str
    meant: list[OtherSearch]
    also: list[Hit]
    nearest: list[OtherSearch]
    apart: list[OtherSearch]


class CariView(Aside):
    """/cari/?q=…: reached from the box that stands on every page."""

    noun, cost = NOUN, READS

    @expose("/", cost=SEARCHES)
    def index(self) -> str:
        typed = " ".join(request.args.get("q", "").replace("\0", "").split())[:LETTERS]
        return str(self.render("admin/lists/search.html", typed=typed, hits=hits_of(typed), help=HELP))


def hits_of(typed: str) -> Hits | None:
    """What the person finds, on the page that the address asks for; None if too little was typed."""
    number = looked_up(typed)
    if not terms_of(typed):
        return None
    words = answered(typed)
    of_number = [case for (case,) in number.cases.limit(MOST_FOUND).tuples()] if number else []
    ids = list(dict.fromkeys([*of_number, *ranked(words, typed)]))
    page = _asked_page(len(ids))
    shown = ids[page * PAGE : (page + 1) * PAGE]
    hits = _hits_by_case(shown, words.terms, dict.fromkeys(of_number, number.way) if number else {})
    also = _hits_of_meant(words.meant, typed, ids)
    asked = asked_number(typed)
    access_notes.note_list(
        signed_in(), "pencarian", {**hits, **also}, asked=asked.masked if asked else typed, every=True
    )
    return Hits(
        list(hits.values()),
        "Lebih dari 1.000" if words.is_more else str(len(ids)),
        words.instead,
        _address(typed, page - 1) if page else "",
        _address(typed, page + 1) if (page + 1) * PAGE < min(len(ids), MOST_FOUND) else "",
        url_for("pengaduan.index_view", search=typed) if ids else "",
        _searches(words.meant.queries if words.meant else ()),
        list(also.values()),
        *(_where_nothing_is_found(words) if not ids else ([], [])),
    )


def _hits_of_meant(meant: Meant | None, typed: str, ids: Sequence[int]) -> dict[Complaint, Hit]:
    """The first hits of what may have been meant, beside those of what was typed."""
    others = [case for case in ranked(meant, typed) if case not in ids] if meant else []
    return _hits_by_case(others[:MOST_MEANT], meant.terms if meant else (), {})


def _where_nothing_is_found(words: Answer) -> tuple[list[OtherSearch], list[OtherSearch]]:
    """The nearest words; and the words that were typed, if each of them stands somewhere."""
    apart = [] if words.lone else [term[0] for term in words.terms if len(term[0]) > 1]
    return _searches(words.nearest), _searches(apart)


def _searches(queries: Iterable[str]) -> list[OtherSearch]:
    return [OtherSearch(query, _address(query, 0)) for query in queries]


def _asked_page(count: int) -> int:
    """The page that the address names, from 0; the first one for what is none."""
    typed = request.args.get("hal", "")
    page = int(typed) - 1 if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return page if 0 < page * PAGE < min(count, MOST_FOUND) else 0


def _address(typed: str, page: int) -> str:
    return url_for(f"{NOUN}.index", q=typed, hal=page + 1 if page else None)


def _hits_by_case(ids: Sequence[int], terms: Sequence[tuple[str, ...]], ways: dict[int, str]) -> dict[Complaint, Hit]:
    """These cases in their order."""
    rows = Complaint.select(Complaint, Category).join(Category).where(Complaint.id.in_(list(ids)))
    cases, mark = {c.id: c for c in rows}, marker(terms)
    names = names_by_case(ids)
    parts = excerpts({c.id: (c.number, c.title, *names.get(c.id, ())) for c in cases.values()}, mark)
    return {
        cases[case]: Hit(
            url_for("pengaduan.details_view", id=case),
            pieces_of(cases[case].number, mark),
            pieces_of(cases[case].title, mark),
            _marks(cases[case]),
            pieces_of(" · ".join(filter(None, (cases[case].category.name, *names.get(case, ())))), mark),
            parts[case],
            ways.get(case, ""),
        )
        for case in ids
        if case in cases
    }


def _marks(case: Complaint) -> Markup:
    marks = urgency_marks(case)
    return state_badge(case.state) + (Markup(" ") + badges(marks) if marks else Markup(""))


def install(app: Flask) -> None:
    """Let the frame ask whether the person may search at all."""
    app.context_processor(lambda: {"may_search": lambda: admits_to((NOUN,))})


def views() -> list[FlaskAdminPage]:
    return [CariView("Cari", endpoint=NOUN, url="/cari")]
