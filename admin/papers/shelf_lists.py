"""Lists of the archive: filed berkas, those not yet back, those without a place, those whose retention is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import NOTHING, badge, nowrap, short_date, state_badge
from admin.lists.filters import Choice, Contains, Filter, Since, Until
from admin.lists.jump import Jump
from admin.lists.listing import Listing
from admin.papers.shelf import NOUN, days_since, loan_badge, place_markup
from admin.papers.shelving import Shelving
from admin.papers.status import complaint_link
from models.complaint.shelf import HAS_ENDED, IS_FILED, IS_LENT, IS_UNFILED, CaseShelf, retention_over
from models.office.people import today
from models.office.shelves import (
    FATES,
    RetentionTerm,
    all_places,
    place_of_code,
    places_within,
    retention_terms,
    term_of,
)
from models.store.base import Columns, among
from models.store.keyset import OrderKey, Spread
from sop.vocabulary import vocabulary
from sop.words import day_of, format_number

LATE, LATE_CHOICE = "lewat", (("lewat", "Lewat tanggal kembali"),)
ACTIVE_OVER, ALL_OVER = "aktif", "inaktif"
STAGES = ((ACTIVE_OVER, "Masa aktif habis, masa inaktif berjalan"), (ALL_OVER, "Masa inaktif habis"))
SHORT = 1_000  # berkas of a list that is read whole for who may read few cases
NO_RULES = (
    "Jadwal retensi belum diisi, sehingga tidak ada yang dinyatakan jatuh tempo. Pengelola Sistem mengisinya pada Data "
    "induk, Jadwal retensi."
)
NO_RULE_OF = "Belum ada jadwal retensi untuk klasifikasi {}, sehingga berkasnya tidak tampil di sini."


class NarrowedListing(Listing):
    """A list of those rows only that meet the view's condition."""

    def matching(self, search: str) -> Any:
        searched, condition = super().matching(search), self.view.condition()
        return condition if searched is None else condition & searched

    def order_by(self, sort_column: str | None, desc: bool, filters: Any = ()) -> list[OrderKey]:
        """The days by which these lists are sorted are filled in wherever their conditions hold: rows without one, for
        which PostgreSQL reads the whole table, are not looked for."""
        keys = super().order_by(sort_column, desc, filters)
        return [replace(key, nullable=False) if isinstance(key, Spread) else key for key in keys]

    def found_in_order(self, filters: Any, most: int) -> list[int] | None:
        """Without filters by the list's own index if the list is short, as that of loans: the user's cases are many."""
        if filters:
            return super().found_in_order(filters, most)
        return self.own_ids_in_order((), self.order_by(None, False), most, (SHORT,))


class ByPlace(Filter):
    """Berkas in the place with the typed code, or in any place within it."""

    key = "shelf_place"

    def __init__(self) -> None:
        super().__init__(CaseShelf.place, "Kode tempat")

    def apply(self, query: Any, value: str) -> Any:
        place = place_of_code(value)
        return query.where(among(CaseShelf.place, places_within(place) if place else []))


class ByLateness(Choice):
    """Loans whose day of return has passed."""

    key = "loan_late"

    def __init__(self) -> None:
        super().__init__(CaseShelf.due_on, "Pengembalian", LATE_CHOICE)

    def apply(self, query: Any, value: str) -> Any:
        return query.where(CaseShelf.due_on < today())


class ByRetention(Choice):
    """Which period is over."""

    key = "retention_stage"

    def __init__(self) -> None:
        super().__init__(CaseShelf.ended_at, "Tahap", STAGES)

    def apply(self, query: Any, value: str) -> Any:
        all_over = retention_over(retention_terms(today()), today(), inactive=True)
        return query.where(all_over if value == ALL_OVER else ~all_over)


def complaints_of(ids: list[int]) -> list[int]:
    """The complaints of rows."""
    rows = CaseShelf.select(CaseShelf.complaint).where(among(CaseShelf.id, ids)).order_by(CaseShelf.complaint)
    return [number for (number,) in rows.tuples()]


def place_cell(row: Any) -> Markup | str:
    place = all_places().get(row.place_id or 0)
    return place_markup(place) if place else NOTHING


def _moment_cell(name: str) -> Callable[..., Any]:
    return lambda view, context, row, _: nowrap(short_date(getattr(row, name))) if getattr(row, name) else NOTHING


def _age_cell(name: str) -> Callable[..., Any]:
    return lambda view, context, row, _: _age_words(days_since(getattr(row, name)))


def _age_words(days: int) -> Markup:
    return nowrap(f"{format_number(days)} hari" if days else "hari ini")


CASE_LABELS = {
    "complaint.number": "Pengaduan",
    "complaint.title": "Judul",
    "complaint.state": "Status",
    "place.code": "Kode tempat",
    "place_words": "Tempat berkas",
    "age": "Umur",
    "stands": "Pengembalian",
}
CELLS: dict[str, Any] = {
    "complaint.number": lambda view, context, row, name: complaint_link(row.complaint),
    "complaint.state": lambda view, context, row, name: state_badge(row.complaint.state),
    "place_words": lambda view, context, row, name: place_cell(row),
    "stands": lambda view, context, row, name: loan_badge(row) if row.loan_id else NOTHING,
    **{name: _moment_cell(name) for name in ("ended_at", "filed_at", "lent_at", "due_on")},
}


class ShelfList(PanelView):
    """A list of the berkas that meet a condition on `CaseShelf`; `columns` are its further attributes."""

    home = NOUN
    joins = ("complaint", "place")
    listing, jump = NarrowedListing(), Jump(number="complaint.number")
    shelving = Shelving(complaints_of)
    can_export = True
    counted = "berkas"
    has_terms = False  # whether its rows need their retention rule
    column_labels = CASE_LABELS
    column_formatters = CELLS
    column_orders = {"complaint.number": CaseShelf.complaint}
    column_searchable_list: tuple[str, ...] = ("complaint.number", "complaint.title")

    def __init__(self, noun: str, name: str, url: str, condition: Callable[[], Any], **columns: Any) -> None:
        for attribute, value in {**columns, "noun": noun, "condition": condition}.items():
            setattr(self, attribute, value)
        super().__init__(CaseShelf, name, endpoint=noun, url=url)

    @property
    def sibling_url(self) -> str:
        return url_for(f"{NOUN}.index")

    def shape(self) -> tuple[object, ...]:
        """The day too, on which conditions depend."""
        return *super().shape(), today()

    def checkbox_label(self, row: Any) -> str:
        return str(row.complaint.number)

    def rows(self, keys: list[int]) -> list[Any]:
        rows, terms = super().rows(keys), retention_terms(today()) if self.has_terms else ()
        for row in rows if self.has_terms else ():
            row.ended_on = day_of(row.ended_at)
            row.term = term_of(row.ended_on, terms)
        return rows

    def gap_sentence(self) -> str:
        """What the office has yet to decide before the list by retention is complete; "" if nothing."""
        terms = retention_terms(today())
        lacking = dict.fromkeys(term.code for term in terms if term.rule is None)
        if not lacking:
            return ""
        return NO_RULES if len(lacking) == len({term.code for term in terms}) else NO_RULE_OF.format(", ".join(lacking))


def _period_cell(until: date | None) -> Markup | str:
    if until is None:
        return NOTHING
    return nowrap(short_date(until)) + (Markup(" ") + badge("warn", "Habis") if until < today() else Markup(""))


def _fate_cell(term: RetentionTerm) -> Markup | str:
    return FATES[term.rule.fate] if term.rule else NOTHING


FILED_LIST: Columns = {  # latest first
    "column_list": ("complaint.number", "complaint.title", "place_words", "filed_at", "stands"),
    "column_sortable_list": ("complaint.number", "filed_at"),
    "column_default_sort": ("filed_at", True),
    "column_filters": (
        ByPlace(),
        Since("filed_at", "Disimpan"),
        Until("filed_at", "Disimpan"),
        *case_filters(CaseShelf),
    ),
    "column_export_list": (
        "complaint.number",
        "place.code",
        "filed_at",
        "borrower",
        "lent_at",
        "due_on",
        "ended_at",
    ),
    "empty_text": (
        "Belum ada berkas yang tercatat tempatnya. Petugas mencatatnya dari daftar Pengaduan atau halaman "
        "pengaduan, dengan Simpan berkas di …."
    ),
}

LENT_LIST: Columns = {  # the oldest loan first
    "column_list": ("complaint.number", "borrower", "lent_at", "age", "due_on", "stands", "place_words"),
    "column_sortable_list": ("complaint.number", "lent_at", "due_on"),
    "column_default_sort": ("lent_at", False),
    "column_filters": (
        ByLateness(),
        Contains("borrower"),
        Since("lent_at", "Dipinjam"),
        Until("lent_at", "Dipinjam"),
    ),
    "column_searchable_list": ("complaint.number", "complaint.title", "borrower"),
    "column_export_list": ("complaint.number", "borrower", "lent_at", "due_on", "place.code"),
    "column_formatters": {**CELLS, "age": _age_cell("lent_at")},
    "column_labels": {**CASE_LABELS, "age": "Lamanya"},
    "empty_text": "Tidak ada berkas yang sedang dipinjam.",
}

UNFILED_LIST: Columns = {  # of ended cases, the oldest end first
    "column_list": ("complaint.number", "complaint.title", "complaint.state", "ended_at", "age"),
    "column_sortable_list": ("complaint.number", "ended_at"),
    "column_default_sort": ("ended_at", False),
    "column_filters": (
        Choice("complaint.state", "Status", lambda: list(vocabulary().states.items())),
        Since("ended_at", "Berakhir"),
        Until("ended_at", "Berakhir"),
        *case_filters(CaseShelf),
    ),
    "column_export_list": ("complaint.number", "complaint.state", "ended_at"),
    "column_formatters": {**CELLS, "age": _age_cell("ended_at")},
    "column_labels": {**CASE_LABELS, "age": "Sejak berakhir"},
    "primary_action": "shelf_filed",
    "empty_text": "Semua pengaduan yang sudah berakhir tercatat tempat berkasnya.",
}

RETENTION_LIST: Columns = {  # whose active period is over, the oldest end first
    "has_terms": True,
    "column_list": (
        "complaint.number",
        "klass",
        "ended_at",
        "active_until",
        "inactive_until",
        "fate",
        "place_words",
    ),
    "column_labels": {
        **CASE_LABELS,
        "klass": "Klasifikasi",
        "active_until": "Aktif sampai",
        "inactive_until": "Inaktif sampai",
        "fate": "Nasib akhir",
    },
    "column_sortable_list": ("complaint.number", "ended_at"),
    "column_default_sort": ("ended_at", False),
    "column_filters": (ByRetention(), Since("ended_at", "Berakhir"), Until("ended_at", "Berakhir")),
    "column_export_list": ("complaint.number", "ended_at", "place.code"),
    "column_formatters": {
        **CELLS,
        "klass": lambda view, context, row, name: row.term.code,
        "active_until": lambda view, context, row, name: _period_cell(row.term.active_until(row.ended_on)),
        "inactive_until": lambda view, context, row, name: _period_cell(row.term.inactive_until(row.ended_on)),
        "fate": lambda view, context, row, name: _fate_cell(row.term),
    },
    "list_template": "admin/papers/retention.html",
    "empty_text": "Belum ada berkas yang masa aktifnya habis.",
}


def views() -> list[PanelView]:
    return [
        ShelfList("berkas-tersimpan", "Berkas tersimpan", "/arsip/tersimpan", lambda: IS_FILED, **FILED_LIST),
        ShelfList("belum-kembali", "Belum kembali", "/arsip/belum-kembali", lambda: IS_LENT, **LENT_LIST),
        ShelfList(
            "belum-diarsipkan", "Belum diarsipkan", "/arsip/belum-diarsipkan", lambda: IS_UNFILED, **UNFILED_LIST
        ),
        ShelfList(
            "retensi-arsip",
            "Retensi jatuh tempo",
            "/arsip/retensi",
            lambda: HAS_ENDED & retention_over(retention_terms(today()), today()),
            **RETENTION_LIST,
        ),
    ]
