"""Hari libur: one by one, or as a list that is pasted or proposed by the library, looked over before it is entered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import abort, flash, make_response, redirect, request
from wtforms import ValidationError

from admin.door.flaskadmin import ViewPart
from admin.door.gate import expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import badge
from admin.lists.masters import DENSE
from models.complaint.scope import viewer
from models.office.calendar import Holiday
from models.office.holiday_list import JOINT, MOST_LETTERS, JudgedHoliday, judged_lines, list_objection, read_lines
from models.office.people import today
from models.store.base import now
from models.workflow import moves
from models.workflow.holidays import EnteredHolidays, enter_holidays, library_holidays
from sop.clock import HoursUnknown
from sop.words import format_date

DUE_TIMES = "Batas waktu {} pengaduan yang masih terbuka ikut berubah."
NOTHING_SAVED = "{} Tidak ada yang disimpan."
AHEAD = range(-1, 4)  # years from this one on whose list the library is asked for
NO_YEAR = "Daftar yang dapat diambil hanya untuk tahun {} sampai {}."
NONE_TICKED = "Centang sedikitnya satu hari libur, atau kembali ke daftar."
NOT_COMPARED = "Cocokkan dahulu dengan SKB, lalu centang bahwa sudah dicocokkan. Belum ada yang dimasukkan."
ENTERED = "{} hari libur telah dimasukkan{}."
ALL_STAND = "Semua tanggal itu sudah tercatat; tidak ada yang dimasukkan lagi."


def move_due_times() -> None:
    """Recompute the due times of all open complaints, in the transaction that changed hours or days off."""
    try:
        moved = moves.recompute(now())
    except HoursUnknown as gap:
        raise ValidationError(NOTHING_SAVED.format(gap)) from gap
    flash(DUE_TIMES.format(moved), "info")


@dataclass(frozen=True)
class SentList:
    """A list as it was sent: its text, the year if it is the library's, its lines, and the ticked days."""

    text: str = ""
    year: str = ""
    ticked: frozenset[str] | None = None  # None: not ticked yet, so what is new is proposed

    @cached_property
    def judged(self) -> list[JudgedHoliday]:
        return judged_lines(read_lines(self.text), proposed=bool(self.year))

    def is_ticked(self, one: JudgedHoliday) -> bool:
        if self.ticked is None:
            return one.is_proposed
        return one.can_be_entered and one.line.day is not None and one.line.day.isoformat() in self.ticked

    @property
    def needs_comparing(self) -> bool:
        """Whether one of the ticked days is certain only by the decree: a joint leave, or a day by the moon."""
        guessed = (one for one in self.judged if one.line.kind == JOINT or one.line.is_estimate)
        return bool(self.year) and any(map(self.is_ticked, guessed))


class HolidayList(ViewPart):
    """Part of the holidays' view: /hari-libur/daftar/, a whole list at once."""

    @expose("/daftar/", methods=("GET", "POST"))
    def whole_list(self) -> Any:
        """Paste a list or take that of a year, look it over, enter what is ticked."""
        if not self.view.opens("create"):
            abort(404)
        if request.method == "GET":
            return self._list_of_year(request.args["tahun"]) if "tahun" in request.args else self._page(SentList())
        sent = SentList(request.form.get("teks", ""), request.form.get("tahun", ""))
        if why := list_objection(sent.text):
            return self._page(replace(sent, text=sent.text[:MOST_LETTERS]), why=why, is_read=False)
        if request.form.get("do") != "keep":
            return self._page(sent)
        return self._enter(replace(sent, ticked=frozenset(request.form.getlist("hari"))))

    def _list_of_year(self, typed: str) -> Any:
        years = [today().year + ahead for ahead in AHEAD]
        if typed not in map(str, years):
            return self._page(SentList(), why=NO_YEAR.format(years[0], years[-1]))
        rows = sorted(library_holidays([int(typed)]), key=lambda row: row["day"])
        return self._page(SentList("\n".join(f"{format_date(row['day'])} {row['name']}" for row in rows), typed))

    def _enter(self, sent: SentList) -> Any:
        """Enter the ticked lines, or show why not. They are judged again within the transaction: a second submission
        finds them all entered."""
        if not sent.ticked:
            return self._page(sent, why=NONE_TICKED)
        if sent.needs_comparing and "skb" not in request.form:
            return self._page(sent, why=NOT_COMPARED)
        done: list[EnteredHolidays] = []
        if not self.view.saving.attempt(lambda: done.append(self._store(replace(sent)))):
            return self._page(sent, status=409)
        [entered] = done
        if entered.count:
            left = len(sent.judged) - entered.count
            flash(ENTERED.format(entered.count, f"; {left} baris dilewati" if left else ""), "success")
            flash(DUE_TIMES.format(entered.moved), "info")
        else:
            flash(ALL_STAND, "info")
        return redirect(self.view.get_url(".index_view"), 303)

    def _store(self, sent: SentList) -> EnteredHolidays:
        lines = [one.line for one in sent.judged if sent.is_ticked(one)]
        columns = [self.view.get_column_name(name) for name in ("day", "name", "kind")]
        compared = "skb" in request.form
        try:
            return enter_holidays(lines, compared=compared, by=viewer(signed_in()), columns=columns, at=now())
        except HoursUnknown as gap:
            raise ValidationError(NOTHING_SAVED.format(gap)) from gap

    def _page(self, sent: SentList, *, why: str = "", is_read: bool = True, status: int = 200) -> Any:
        judged = sent.judged if is_read else []
        page = self.view.render(
            "admin/office/holidays.html",
            sent=sent,
            why=why,
            years=[today().year, today().year + 1],
            judged=judged,
            chosen=[one for one in judged if sent.is_ticked(one)],
            lacks_joint=bool(sent.year and judged and not any(one.line.kind == JOINT for one in judged)),
        )
        return make_response(page, 422 if why else status)


def day_off(row: Holiday) -> Any:
    return badge("good", "Libur") if row.active else badge("neutral", "Tetap hari kerja")


class HolidayView(PanelView):
    noun = "hari-libur"
    can_create = can_edit = records_edits = True
    whole = HolidayList()
    column_list = ("day", "name", "kind", "active")
    column_sortable_list = ("day", "kind")
    column_filters = ("kind", "day")
    column_searchable_list = ("name",)
    column_default_sort = [("past", False), ("day", False)]  # from this year on, then past years
    form_columns = ("day", "name", "kind", "active")
    column_formatters = {"active": lambda view, context, row, name: day_off(row)}
    list_template, list_class = "admin/office/holiday_list.html", DENSE
    create_label = "Tambah hari libur"
    empty_text = "Belum ada hari libur. Tempel daftarnya, ambil daftar setahun, atau tambahkan satu per satu."

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        super().on_saved(model, created, changed_fields)
        move_due_times()

    def row_name(self, row: Any) -> str:
        return f"{row.name}, {format_date(row.day)}"

    def computed_columns(self) -> Mapping[str, Any]:
        first = today().replace(month=1, day=1)
        return {"past": (Holiday.day >= first, Holiday.day < first)}
