"""How a user has a list: dense or airy, which columns in which order, and Tampilan saya, its named views.

Views store filters and order by name, since their places in the list change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, flash, g, redirect, request

from admin.door.flaskadmin import ViewPart, view_at
from admin.door.rows import signed_in, valid_id
from admin.lists.filters import FILTER_ARG
from models.complaint.search_words import belongs_to_cases
from models.office.preferences import (
    SavedView,
    clear_last_view,
    drop_view,
    save_columns,
    save_view,
    use_view,
    views_of,
)

BY_NAME, ORDER = "flt_", "sort"
AS_IN_ADDRESSES = "!$'()*,/:;?@"  # characters that addresses of the panel do not escape

OF_CASE = ("kelurahan", "kecamatan", "age", "assignee", "reaction", "papers", "anonymous", "reopened")
OF_RECORD = ("draft_equals", "made_at_since", "made_at_until", *OF_CASE)
FORMER_PLACES: dict[str, tuple[str, ...]] = {
    "pengaduan": (
        *("state_equals", "late", "category_equals", "unit_equals", "secrecy_equals", "medium_equals"),
        *("received_at_since", "received_at_until", "for_me", "assignee", "keeper", "kelurahan", "kecamatan", "age"),
        *("reaction", "papers", "anonymous", "reopened", "figure", "part", "urgent"),
    ),
    "disposisi": ("complaint_state_equals", "unit_equals", "urgency_equals", "secrecy_equals", *OF_RECORD),
    "asesmen": ("complaint_state_equals", "conclusion_equals", *OF_RECORD),
    "nota-dinas": ("complaint_state_equals", *OF_RECORD),
    "berita-acara": ("complaint_state_equals", "medium_equals", "capacity_equals", "outcome_equals", *OF_RECORD),
    "usulan-disposisi": ("complaint_state_equals", "unit_equals", "urgency_equals", *OF_RECORD),
    "persetujuan-nota-dinas": ("complaint_state_equals", "outcome_equals", *OF_RECORD),
    "janji": ("standing", "day_since", "day_until", "caretaker_equals", "complaint_state_equals", *OF_CASE),
    "dokumen": (
        "kind_equals",
        "issued_at_since",
        "issued_at_until",
        "complaint_state_equals",
        "hand",
        *OF_CASE,
        "print",
    ),
    "riwayat": ("at_since", "at_until", "act_equals", "who_contains", *OF_CASE),
}
"""Views of 0.1.0 store a filter's index, as addresses do (flt0_3): the keys by index as of 0.1.0. Never changed."""


@dataclass(frozen=True)
class NamesOfList:
    """The filter keys and column names of a list, in their current order."""

    page: str
    filters: Sequence[str]
    columns: Sequence[str]

    def to_saved(self, query: str) -> str:
        """Convert a query string of the list to the form that is stored."""
        parts = []
        for name, value in parse_qsl(query):
            if place := FILTER_ARG.fullmatch(name):
                parts.append((f"{BY_NAME}{self.filters[int(place[1])]}", value))
            else:
                parts.append((name, self.columns[int(value)] if name == ORDER else value))
        return urlencode(parts)

    def to_address(self, saved: str) -> tuple[str, bool]:
        """The query string for a stored view, and whether all its filters and columns still exist."""
        parts = [self._current_part(name, value) for name, value in parse_qsl(saved)]
        return urlencode([part for part in parts if part], safe=AS_IN_ADDRESSES), None not in parts

    def _current_part(self, name: str, value: str) -> tuple[str, str] | None:
        """One (name, value) of the query; None if its filter or column no longer exists."""
        if name == ORDER:
            if value in self.columns:
                return name, str(self.columns.index(value))
            is_place = value.isdecimal() and int(value) < len(self.columns)  # as 0.1.0 stored it
            return (name, str(int(value))) if is_place else None
        if not name.startswith("flt"):
            return name, value
        key = self._filter_key(name)
        if key not in self.filters:
            return None
        index = self.filters.index(key)
        return f"flt{index}_{index}", value

    def _filter_key(self, name: str) -> str:
        """The filter key of a stored name, which has the key or, from 0.1.0, an index."""
        former = FILTER_ARG.fullmatch(name)
        if not former:
            return name.removeprefix(BY_NAME)
        keys = FORMER_PLACES.get(self.page, self.filters)
        return keys[int(former[1])] if int(former[1]) < len(keys) else ""


SAVE, OPEN, DROP, RELEASE = VIEW_ACTS = ("simpan-tampilan", "buka-tampilan", "hapus-tampilan", "lepas-tampilan")
COLUMNS, PLAIN = "kolom", "polos"  # query arguments: visible columns, in order; the list without the last view
ARRANGE = "susunan"  # the action of the form above the list: its fields are the columns and the following
DENSITY, DENSE, AIRY = "kerapatan", "rapat", "lega"
EARLIER, LATER, ALL = "naik", "turun", "semula"  # the column to move, or all columns as they were
OPENED = "atur"  # query argument: the panel of columns is open, since one of them was just moved without script
A_YEAR = 365 * 24 * 60 * 60
SAVED = "Tampilan disimpan. Daftar ini terbuka dengan tampilan itu."
FAILED = (
    "Tampilan “{}” tidak dapat dibuka. Daftar tampil tanpa tampilan itu; simpan kembali dari saringan yang masih ada."
)
GONE_FROM_VIEW = "Sebagian saringan atau urutan pada tampilan ini sudah tidak ada dan dilewati."
NOTHING_TO_SAVE = "Pilih lebih dahulu saringan, urutan, kolom, atau jumlah baris yang ingin disimpan."


class SavedViews(ViewPart):
    """Part of a list: its named views, on lists about cases."""

    def is_offered(self) -> bool:
        return belongs_to_cases(self.view.model)

    def stored(self) -> list[SavedView]:
        """The user's views of this list and the columns chosen for it, queried once per request."""
        of_lists: dict[str, list[SavedView]] = g.setdefault("saved_views", {})
        page = self.view.endpoint
        if page not in of_lists:
            of_lists[page] = views_of(signed_in(), page) if self.is_offered() else []
        return of_lists[page]

    def stored_columns(self) -> str:
        """The columns that the user has chosen for this list apart from its views; "" if none."""
        return next((row.asked for row in self.stored() if row.is_columns), "")

    def store_columns(self, columns: str) -> None:
        save_columns(signed_in(), self.view.endpoint, columns)

    def last(self) -> SavedView | None:
        """The view that the list opens with, if any."""
        return next((view for view in self.stored() if view.last), None)

    def address_of_last(self) -> str:
        """The address to redirect the plain list to if the user has a last view; else ""."""
        last = None if request.args else self.last()
        return self._address_of(last.asked) if last else ""

    def names(self) -> NamesOfList:
        """The names by which views store this list's filters and columns."""
        columns = [name for name, _ in self.view.get_list_columns()]
        return NamesOfList(self.view.endpoint, [item.key for item in self.view.offered_filters], columns)

    def _address_of(self, saved: str) -> str:
        """The address of a stored view; a message says if some of it no longer exists."""
        asked, is_whole = self.names().to_address(saved)
        if not is_whole:
            flash(GONE_FROM_VIEW, "warning")
        return f"{self.view.get_url('.index_view')}?{asked or f'{PLAIN}=1'}"

    def or_plain(self, address: str) -> str:
        """The address, marked as plain if it would otherwise redirect to the last view."""
        return f"{address}?{PLAIN}=1" if "?" not in address and self.last() else address

    def _asked_now(self) -> str:
        """The query string of the list as it is, with the columns that the user chose for it."""
        query: str = urlsplit(self.view.jump.address_at()).query
        columns = self.view.look.requested([self.stored_columns()])
        if not columns or COLUMNS in self.view.list_args().extra_args:
            return query
        return "&".join(filter(None, [query, urlencode({COLUMNS: columns})]))

    def act(self, act: str) -> Any:
        """Save, open, delete or leave a view, and redirect to the list."""
        view, person, page = self.view, signed_in(), self.view.endpoint
        if act == OPEN:
            saved = use_view(person, page, valid_id(request.form.get("tampilan", "")))
            return redirect(self._address_of(saved) if saved else view.get_url(".index_view"))
        if act == SAVE:
            asked = self._asked_now()
            is_bare = asked in ("", f"{PLAIN}=1")
            saved = self.names().to_saved(asked)
            wrong = NOTHING_TO_SAVE if is_bare else save_view(person, page, request.form.get("nama", ""), saved)
            flash(wrong or SAVED, "warning" if wrong else "success")
            return redirect(view.jump.address_at())
        if act == DROP:
            drop_view(person, page, valid_id(request.form.get("tampilan", "")))
            flash("Tampilan dihapus.", "success")
            return redirect(view.jump.address_at())
        clear_last_view(person, page)
        return redirect(view.get_url(".index_view"))


class Look(ViewPart):
    """Part of a list about cases. The density is a cookie: it depends on the screen, as the same user has a desktop and
    a phone, and costs no query. The columns are stored for the user, beside the saved views; an address that names
    columns, as that of a saved view does, takes precedence."""

    def is_dense(self) -> bool:
        return bool(self.view.list_class) and request.cookies.get(DENSITY) == DENSE

    def columns(self) -> list[tuple[str, str]]:
        """The visible columns, as (name, label), in the user's order; the one with the row's link keeps its place."""
        view, every = self.view, list(self.view.get_list_columns())
        asked, stored = str(view.list_args().extra_args.get(COLUMNS, "")), view.saved_views.stored_columns()
        asked = asked or (stored and self.requested([stored]))
        if not asked:
            return every
        labels, names = dict(every), asked.split(",")
        names.insert(list(labels).index(view.titled), view.titled)
        return [(name, labels[name]) for name in names]

    def choices(self, visible_columns: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
        """(name, label, whether visible) of each column that can be hidden or moved, the visible ones first."""
        titled = self.view.titled
        hidden = [column for column in self.view.get_list_columns() if column not in visible_columns]
        return [(*column, column in visible_columns) for column in (*visible_columns, *hidden) if column[0] != titled]

    def requested(self, typed: Iterable[str]) -> str:
        """The movable columns that are named, in that order; "" for all in their own order."""
        titled = self.view.titled
        names = [name for name, _ in self.view.get_list_columns() if name != titled]
        asked = list(dict.fromkeys(one for part in typed for one in part.split(",") if one in names))
        return ",".join(asked) if asked != names else ""

    def act(self) -> Any:
        """Store the density or the columns that were sent, and redirect to the list."""
        view, args = self.view, self.view.list_args()
        if DENSITY in request.form:
            answer, word = redirect(view.list_address(args)), DENSE if request.form[DENSITY] == DENSE else AIRY
            answer.set_cookie(DENSITY, word, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
            return answer
        view.saved_views.store_columns(self.requested(self._sent_columns()))
        others = {name: value for name, value in args.extra_args.items() if name != COLUMNS}
        address = view.list_address(args.clone(extra_args=others))
        is_moved = EARLIER in request.form or LATER in request.form
        return redirect(f"{address}{'&' if '?' in address else '?'}{OPENED}=1#{COLUMNS}" if is_moved else address)

    def _sent_columns(self) -> list[str]:
        """The ticked columns of the form, one of them moved by one place if its button was pressed."""
        if ALL in request.form:
            return []
        names = request.form.getlist(COLUMNS)
        for field, way in ((EARLIER, -1), (LATER, 1)):
            moved = request.form.get(field)
            if moved in names:
                place = names.index(moved)
                names.insert(max(place + way, 0), names.pop(place))
        return names


def unset_failing_view() -> str:
    """Unset the last view if the failed request was its page: the plain list's address, else ""."""
    try:
        view = view_at((request.endpoint or "").rpartition(".")[0])
        saved = getattr(view, "parts_by_name", {}).get("saved_views") if request.method == "GET" else None
        last = saved.last() if saved else None
        asked = parse_qsl(saved.names().to_address(last.asked)[0]) if saved and last else []
        if last is None or parse_qsl(request.query_string.decode()) != asked:
            return ""
        clear_last_view(signed_in(), view.endpoint)
    except Exception:
        current_app.logger.exception("a saved view that fails cannot be left")
        return ""
    flash(FAILED.format(last.name), "warning")
    return str(view.get_url(".index_view"))
