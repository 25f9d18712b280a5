"""Hari libur: one by one, or as a list that is pasted or proposed by the library, looked over before it is entered."""

from collections.abc import Mapping
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
FIELDS = ("Tanggal", "Nama", "Jenis")


def move_due_times() -> None:
    """Recompute the due times of all open complaints, in the transaction that changed hours or days off."""
    try:
        moved = moves.recompute(now())
    except HoursUnknown as gap:
        raise ValidationError(NOTHING_SAVED.format(gap)) from gap
    flash(DUE_TIMES.format(moved), "info")


class HolidayList(ViewPart):
    """Part of the holidays' view: /hari-libur/daftar/, a whole list at once."""

    @expose("/daftar/", methods=("GET", "POST"))
    def whole_list(self) -> Any:
        """Paste a list or take that of a year, look it over, enter what is ticked."""
        if not self.view.opens("create"):
            abort(404)
        if request.method == "GET":
            return self._of_year(request.args["tahun"]) if "tahun" in request.args else self._page("")
        text, year = request.form.get("teks", ""), request.form.get("tahun", "")
        if why := list_objection(text):
            return make_response(self._page(text[:MOST_LETTERS], why=why, year=year), 422)
        if request.form.get("do") == "keep":
            return self._enter(text, year)
        return self._page(text, year=year, judged=judged_lines(read_lines(text), proposed=bool(year)))

    def _of_year(self, typed: str) -> Any:
        years = [today().year + ahead for ahead in AHEAD]
        if typed not in map(str, years):
            return make_response(self._page("", why=NO_YEAR.format(years[0], years[-1])), 422)
        rows = sorted(library_holidays([int(typed)]), key=lambda row: row["day"])
        text = "\n".join(f"{format_date(row['day'])} {row['name']}" for row in rows)
        return self._page(text, year=typed, judged=judged_lines(read_lines(text), proposed=True))

    def _enter(self, text: str, year: str) -> Any:
        judged = judged_lines(read_lines(text), proposed=bool(year))
        ticked = set(request.form.getlist("hari"))
        sent = {"text": text, "year": year, "judged": judged, "ticked": ticked}
        if not ticked:
            return make_response(self._page(**sent, why=NONE_TICKED), 422)
        if year and needs_comparing(judged, ticked) and "skb" not in request.form:
            return make_response(self._page(**sent, why=NOT_COMPARED), 422)
        done: list[EnteredHolidays] = []
        if not self.view.saving.attempt(lambda: done.append(self._store(text, ticked))):
            return make_response(self._page(**sent), 409)
        self._announce(done[0], len(judged) - done[0].count)
        return redirect(self.view.get_url(".index_view"), 303)

    def _store(self, text: str, ticked: set[str]) -> EnteredHolidays:
        """Judge the lines again within the transaction: a second submission finds them all entered."""
        lines = [one.line for one in judged_lines(read_lines(text)) if one.can_be_entered and is_ticked(one, ticked)]
        compared = "skb" in request.form
        try:
            return enter_holidays(lines, compared=compared, by=viewer(signed_in()), columns=FIELDS, at=now())
        except HoursUnknown as gap:
            raise ValidationError(NOTHING_SAVED.format(gap)) from gap

    def _announce(self, entered: EnteredHolidays, left: int) -> None:
        if not entered.count:
            flash(ALL_STAND, "info")
            return
        flash(ENTERED.format(entered.count, f"; {left} baris dilewati" if left else ""), "success")
        flash(DUE_TIMES.format(entered.moved), "info")

    def _page(
        self,
        text: str,
        *,
        why: str = "",
        year: str = "",
        judged: list[JudgedHoliday] | None = None,
        ticked: set[str] | None = None,
    ) -> str:
        lines = judged or []
        chosen = [one for one in lines if one.can_be_entered and (ticked is None or is_ticked(one, ticked))]
        page = self.view.render(
            "admin/office/holidays.html",
            text=text,
            why=why,
            year=year,
            years=[today().year, today().year + 1],
            judged=lines,
            chosen={one.line.number for one in chosen if ticked is not None or one.is_proposed},
            lacks_joint=bool(year and lines and not any(one.line.kind == JOINT for one in lines)),
        )
        return str(page)


def is_ticked(one: JudgedHoliday, ticked: set[str]) -> bool:
    return one.line.day is not None and one.line.day.isoformat() in ticked


def needs_comparing(judged: list[JudgedHoliday], ticked: set[str]) -> bool:
    """Whether one of the ticked days is only known from the decree: a joint leave, or a day by the moon."""
    return any((one.line.kind == JOINT or one.line.is_estimate) and is_ticked(one, ticked) for one in judged)


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
