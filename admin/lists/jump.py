"""Jumps within a list to a day or a number, links to its pages, and minified HTML of long pages."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import flash, g, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import ViewPart
from admin.door.rows import signed_in
from admin.lists.paging import AFTER, BEFORE, END_OF_LIST, PLACES, TO_DAY, TO_NUMBER, ListPage, encoded_place
from models.complaint.lookup import case_of_number
from models.store.base import Moment, is_mistyped
from models.store.keyset import Place
from sop.clock import WIB
from sop.words import format_number

MANY = 50  # rows; pages with more are minified
NAMES_PAGE_BEFORE = '<meta name="referrer" content="same-origin">'  # in place of the header's no-referrer
_HEAD = "<head>"
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([^"\s=<>`\'&]+)"')
_NEEDLESS = re.compile(r"</t[dhr]>|(?<=\n)\s+")  # optional end tags, and indentation
_BACK = re.compile(r'(?<=^<a href="details/\?id=)([^"&]+)&amp;url=[^"]*')


def minified_page(page: str, base: str) -> str:
    """The page minified: without optional quotes and end tags, indentation and return addresses (`base` is its own, to
    which links become relative). Safe because no list contains preformatted text."""
    beneath = re.compile(rf'(?<=^<a href="){re.escape(base)}(?=[\w-])')
    page = _NEEDLESS.sub("", page).replace(_HEAD, f"{_HEAD}\n{NAMES_PAGE_BEFORE}", 1)
    return _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", _BACK.sub(r"\1", beneath.sub("", tag[0]))), page)


def list_from_referrer(base: str) -> str:
    """The list at this address with the query of the Referer header; "" if that is another page."""
    before, own = (request.referrer or "").partition("://")[2], f"{request.host}{base}?"
    is_own = request.method == "GET" and before.startswith(own)
    return f"{base}?{before.removeprefix(own)}" if is_own else ""


ORDERLY, NEWEST_FIRST = ("Pertama", "Terakhir"), ("Terbaru", "Terlama")
Arguments = dict[str, object]  # of an address
TICK = timedelta(microseconds=1)
UNREADABLE = "Tanggal “{}” tidak dapat dibaca. Tulis tanggal, bulan, dan tahunnya."
UNKNOWN = "Nomor “{}” tidak ditemukan di antara pengaduan yang dapat Anda buka."
LONGEST = 80  # characters of a number to look up


@dataclass(frozen=True)
class PageLinks:
    """Addresses of the neighbouring pages of a list; "" where there is none."""

    first: str = ""
    before: str = ""
    behind: str = ""
    last: str = ""


class Jump(ViewPart):
    """Part of a list: links between its pages, and the jump to a day or a number."""

    def __init__(self, day: str = "", number: str = "") -> None:
        self.day = day  # the datetime column to look up a day in
        self.number = number  # the case column to look up a number in

    def page_links(self) -> PageLinks:
        """The links for the page that this request has queried."""
        page: ListPage = g.queried_page
        if not page.places:
            return PageLinks()
        before, behind = (encoded_place(page.keys, page.places[end]) for end in (0, -1))
        return PageLinks(
            self.address_at() if page.before else "",
            self.address_at(**{BEFORE: before}) if page.before else "",
            self.address_at(**{AFTER: behind}) if page.behind else "",
            self.address_at(**{BEFORE: END_OF_LIST}) if page.behind else "",
        )

    def page_span(self, rows: int) -> str:
        """The range of row numbers on the page, or only their count if the rows before it were not counted."""
        start: int | None = g.queried_page.start
        return f"{rows} baris" if start is None else f"{format_number(start + 1)}–{format_number(start + rows)}"

    def end_words(self) -> tuple[str, str]:
        """The labels of the first and the last page in this order."""
        first = g.queried_page.keys[0]
        if not isinstance(first.field, Moment):
            return ORDERLY
        return NEWEST_FIRST if first.down else NEWEST_FIRST[::-1]

    def hidden_arguments(self) -> Arguments:
        """Hidden fields of a form on the list."""
        return without_place(self.view.list_args())

    def preserved_arguments(self) -> Arguments:
        """The query arguments that a jump preserves: search, filters, order, rows per page."""
        view, args = self.view, self.view.list_args()
        size = view.get_safe_page_size(args.page_size)
        arguments = {
            "search": args.search,
            "sort": args.sort,
            "desc": int(args.sort_desc) or None,
            "page_size": size if size != view.page_size else None,
            **view.filter_args(args.filters),
            **without_place(args),
        }
        return {name: value for name, value in arguments.items() if value is not None}

    def address_at(self, **place: str) -> str:
        """The current list, from another place on."""
        args = self.view.list_args()
        return str(self.view.list_address(args.clone(page=None, extra_args={**without_place(args), **place})))

    def address(self) -> str:
        """The redirect target if the query names a day or a number; else ""."""
        day, number = (request.args.get(name, "").strip() for name in (TO_DAY, TO_NUMBER))
        if day and self.day:
            return self._address_of_day(day)
        if number and self.number:
            return self._address_of_number(number[:LONGEST])
        return ""

    def _address_of_day(self, typed: str) -> str:
        day = typed_day(typed)
        if day is None:
            flash(UNREADABLE.format(typed[:LONGEST]), "warning")
            return self.address_at()
        desc = self._goes_down(self.day)
        midnight = datetime.combine(day, time(), WIB)
        return self._address_in(self.day, desc, (midnight + timedelta(days=1) if desc else midnight - TICK,))

    def _address_of_number(self, typed: str) -> str:
        case = case_of_number(signed_in(), typed)
        if case is None:
            flash(UNKNOWN.format(typed), "warning")
            return self.address_at()
        desc = self._goes_down(self.number)
        return self._address_in(self.number, desc, (case + 1 if desc else case - 1,))

    def _goes_down(self, column: str) -> bool:
        """Whether the list is sorted descending by the column; descending by default."""
        args = self.view.list_args()
        return bool(args.sort_desc) if args.sort == self._index_of(column) else True

    def _index_of(self, column: str) -> int:
        return [name for name, _ in self.view.get_list_columns()].index(column)

    def _address_in(self, column: str, desc: bool, place: Place) -> str:
        """The list sorted by this column, from this place on."""
        args, keys = self.view.list_args(), self.view.listing.order_by(column, desc)
        more = {**without_place(args), AFTER: encoded_place(keys, place)}
        asked = args.clone(page=None, sort=self._index_of(column), sort_desc=int(desc), extra_args=more)
        return str(self.view.list_address(asked))


def without_place(args: ViewArgs) -> Arguments:
    """The extra arguments without those for the place in the list."""
    return {name: value for name, value in args.extra_args.items() if name not in PLACES}


def places_of(args: ViewArgs) -> Arguments:
    """The extra arguments for the place in the list."""
    return {name: value for name, value in args.extra_args.items() if name in PLACES}


def typed_day(typed: str) -> date | None:
    """The parsed day, None if it is invalid or implausible."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return None if is_mistyped(day) else day
