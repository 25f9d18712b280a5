"""From anywhere in a list to a day or number, and its addresses; long pages in fewer bytes."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import flash, g, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import ViewPart
from admin.door.rows import signed_in
from admin.lists.paging import AFTER, BEFORE, PLACES, THE_END, TO_DAY, TO_NUMBER, Found, written_place
from models.complaint.lookup import case_of_number
from models.store.base import Moment, is_mistyped
from models.store.keyset import Place
from sop.clock import WIB
from sop.words import format_number

MANY = 50  # rows: of more than these a page is made lean
NAMES_PAGE_BEFORE = '<meta name="referrer" content="same-origin">'  # in place of the header's no-referrer
_HEAD = "<head>"
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([^"\s=<>`\'&]+)"')
_NEEDLESS = re.compile(r"</t[dhr]>|(?<=\n)\s+")  # ends that the next cell tells, and indents
_BACK = re.compile(r'(?<=^<a href="details/\?id=)([^"&]+)&amp;url=[^"]*')


def lean(page: str, base: str) -> str:
    """The page at this address without the quotes, ends of cells, indents and addresses of return that it does not
    need; links to what lies beneath it are relative. Nothing on a list keeps its breaks, as a text area would."""
    beneath = re.compile(rf'(?<=^<a href="){re.escape(base)}(?=[\w-])')
    page = _NEEDLESS.sub("", page).replace(_HEAD, f"{_HEAD}\n{NAMES_PAGE_BEFORE}", 1)
    return _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", _BACK.sub(r"\1", beneath.sub("", tag[0]))), page)


def list_before(base: str) -> str:
    """The list at this address as it was looked at before, if the browser says so; "" if not."""
    before, own = (request.referrer or "").partition("://")[2], f"{request.host}{base}?"
    is_own = request.method == "GET" and before.startswith(own)
    return f"{base}?{before.removeprefix(own)}" if is_own else ""


ORDERLY, NEWEST_FIRST = ("Pertama", "Terakhir"), ("Terbaru", "Terlama")
Arguments = dict[str, object]  # of an address
TICK = timedelta(microseconds=1)
UNREADABLE = "Tanggal “{}” tidak dapat dibaca. Tulis tanggal, bulan, dan tahunnya."
UNKNOWN = "Nomor “{}” tidak ditemukan di antara pengaduan yang dapat Anda buka."
LONGEST = 80  # letters of a number that is asked for


@dataclass(frozen=True)
class PageLinks:
    """Addresses from one page of a list to the others; "" where there is none."""

    first: str = ""
    before: str = ""
    behind: str = ""
    last: str = ""


class Jump(ViewPart):
    """Part of a list: where its pages lead, and from anywhere to a day or a number."""

    def __init__(self, day: str = "", number: str = "") -> None:
        self.day = day  # the column of moments that a day is looked for in
        self.number = number  # the column of cases that a number is looked for in

    def page_links(self) -> PageLinks:
        """From the page that was read in this request."""
        page: Found = g.list_found
        if not page.places:
            return PageLinks()
        before, behind = (written_place(page.keys, page.places[end]) for end in (0, -1))
        return PageLinks(
            self.address_at() if page.before else "",
            self.address_at(**{BEFORE: before}) if page.before else "",
            self.address_at(**{AFTER: behind}) if page.behind else "",
            self.address_at(**{BEFORE: THE_END}) if page.behind else "",
        )

    def page_span(self, rows: int) -> str:
        """Which rows the page shows, or how many where those before it are not counted."""
        start: int | None = g.list_found.start
        return f"{rows} baris" if start is None else f"{format_number(start + 1)}–{format_number(start + rows)}"

    def end_words(self) -> tuple[str, str]:
        """What the first page and the last one are called in this order."""
        first = g.list_found.keys[0]
        if not isinstance(first.field, Moment):
            return ORDERLY
        return NEWEST_FIRST if first.down else NEWEST_FIRST[::-1]

    def kept_along(self) -> Arguments:
        """What a form of the list sends along unseen, besides what it asks for itself."""
        return without_place(self.view.list_args())

    def carried(self) -> Arguments:
        """What a jump within the list keeps: search, filters, order, rows a page."""
        view, args = self.view, self.view.list_args()
        size = view.get_safe_page_size(args.page_size)
        kept = {
            "search": args.search,
            "sort": args.sort,
            "desc": int(args.sort_desc) or None,
            "page_size": size if size != view.page_size else None,
            **view.filter_args(args.filters),
            **without_place(args),
        }
        return {name: value for name, value in kept.items() if value is not None}

    def address_at(self, **place: str) -> str:
        """The list as it was asked for, at another place."""
        args = self.view.list_args()
        return str(self.view.list_address(args.clone(page=None, extra_args={**without_place(args), **place})))

    def address(self) -> str:
        """Where the list leads that was asked for a day or a number; "" if it was not."""
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
        """As the list is sorted by the column, else the newest first."""
        args = self.view.list_args()
        return bool(args.sort_desc) if args.sort == self._index_of(column) else True

    def _index_of(self, column: str) -> int:
        return [name for name, _ in self.view.get_list_columns()].index(column)

    def _address_in(self, column: str, desc: bool, place: Place) -> str:
        """The list sorted by a column, from a place on."""
        args, keys = self.view.list_args(), self.view.listing.order_by(column, desc)
        kept = {**without_place(args), AFTER: written_place(keys, place)}
        asked = args.clone(page=None, sort=self._index_of(column), sort_desc=int(desc), extra_args=kept)
        return str(self.view.list_address(asked))


def without_place(args: ViewArgs) -> Arguments:
    """What else the links carry along."""
    return {name: value for name, value in args.extra_args.items() if name not in PLACES}


def places_of(args: ViewArgs) -> Arguments:
    """Where in the list the arguments stand."""
    return {name: value for name, value in args.extra_args.items() if name in PLACES}


def typed_day(typed: str) -> date | None:
    """The day of an address, None where it is none, or none that anybody means."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return None if is_mistyped(day) else day
