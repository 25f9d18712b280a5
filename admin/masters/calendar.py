"""The masters of working time: hours and days off; a change moves the due times of all open complaints."""

from typing import Any

from flask import flash
from wtforms import ValidationError

from admin.kit.noted import DATES, FROM_TODAY, DatedForm, DatedView, Noted
from models.office.calendar import Holiday, WorkHours
from models.office.people import today
from models.store.base import now
from models.writer import redue
from sop.clock import HoursUnknown
from sop.words import format_date


class CalendarView(Noted):
    """Hours and days off: a change moves the due times of all open complaints at once."""

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        super().on_saved(model, created, changed_fields)
        try:
            moved = redue.recompute(now())
        except HoursUnknown as gap:
            raise ValidationError(f"{gap} Tidak ada yang disimpan.") from gap
        flash(f"Batas waktu {moved} pengaduan yang masih terbuka ikut berubah.", "info")


class HoursForm(DatedForm):
    def validate_closes(self, field: Any) -> None:
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError("Harus sesudah jam buka.")


class WorkHoursView(CalendarView, DatedView):
    noun = "jam-kerja"
    form_base_class = HoursForm
    column_list = ("weekday", "opens", "closes", *DATES, "in_force")
    column_sortable_list = ("weekday", *DATES)
    column_filters = ("weekday",)
    column_default_sort = [("valid_from", True), ("weekday", False)]
    form_columns = ("weekday", "opens", "closes", *DATES)
    form_args = {
        **FROM_TODAY,
        "valid_to": {"description": "Isi untuk jam sementara, misalnya Ramadan: selama itu jam biasa tidak dipakai."},
    }
    create_label = "Tambah jam kerja"
    empty_text = "Belum ada jam kerja, sehingga jam SOP tidak dapat berjalan."

    def row_name(self, row: Any) -> str:
        day = dict(WorkHours.weekday.choices)[row.weekday]
        return f"{day} sejak {format_date(row.valid_from)}"


class HolidayView(CalendarView):
    noun = "hari-libur"
    column_list = ("day", "name", "kind", "active")
    column_sortable_list = ("day", "kind")
    column_filters = ("kind", "day")
    column_searchable_list = ("name",)
    column_default_sort = [("past", False), ("day", False)]  # from this year on, then the years that are over
    form_columns = ("day", "name", "kind", "active")
    form_args: dict[str, dict[str, Any]] = {}  # the model says what its switch means
    create_label = "Tambah hari libur"
    empty_text = "Belum ada hari libur."

    def row_name(self, row: Any) -> str:
        return f"{row.name}, {format_date(row.day)}"

    def column(self, name: Any) -> Any:
        return Holiday.day < today().replace(month=1, day=1) if name == "past" else super().column(name)
