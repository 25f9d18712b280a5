"""The masters of working time: hours and days off; a change moves the due times of all open complaints."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect
from wtforms import ValidationError

from admin.door.routes import expose
from admin.kit.clash import Clash, differences
from admin.kit.noted import DATES, FROM_TODAY, DatedForm, DatedView, Noted
from admin.masters.ramadan import (
    RamadanForm,
    filled_rows,
    ramadan_form,
    ramadan_form_of,
    registered_rows,
    stamp_of,
)
from models.office.calendar import Holiday, WorkHours
from models.office.people import today
from models.store.base import now
from models.store.rowhash import rewrites
from models.workflow import moves
from sop.clock import HoursUnknown
from sop.words import format_date, format_span


class CalendarView(Noted):
    """Hours and days off: a change moves the due times of all open complaints at once."""

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        super().on_saved(model, created, changed_fields)
        self.move_due_times()

    def move_due_times(self) -> None:
        """To be called in the transaction that has changed the calendar."""
        try:
            moved = moves.recompute(now())
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
    list_template = "admin/masters/hours.html"
    create_label = "Tambah jam kerja"
    empty_text = "Belum ada jam kerja, sehingga jam SOP tidak dapat berjalan."

    def row_name(self, row: Any) -> str:
        day = dict(WorkHours.weekday.choices)[row.weekday]
        return f"{day} sejak {format_date(row.valid_from)}"

    @expose("/ramadan/", methods=("GET", "POST"))
    def ramadan(self) -> Any:
        """All weekdays of Ramadan at once, new or as they are registered."""
        if not self.opens("create"):
            abort(404)
        rows = registered_rows()
        form = ramadan_form(rows)
        if self.validate_form(form) and self._keep_ramadan(form, rows):
            flash(f"Jam Ramadan {format_span(form.valid_from.data, form.valid_to.data)} telah disimpan.", "success")
            return redirect(self.get_url(".index_view"))
        known = format_span(rows[0].valid_from, rows[0].valid_to) if rows else ""
        return self._form_page("admin/masters/ramadan.html", form, registered=known)

    def _keep_ramadan(self, form: RamadanForm, rows: list[WorkHours]) -> bool:
        """All rows or none; whoever opened the form before somebody else saved sees both."""
        if form.stamp.data != stamp_of(rows):
            self._show_ramadan_of_now(form, rows)
            return False
        return self._attempt(lambda: self._store_ramadan(filled_rows(form, rows)))

    def _store_ramadan(self, rows: list[WorkHours]) -> None:
        rewrites(WorkHours, [row.id for row in rows if row.id])
        for row in rows:
            row.save()
            self.note(row, [self.get_column_name(name) for name in ("opens", "closes", *DATES)])
        self.move_due_times()

    def _show_ramadan_of_now(self, form: RamadanForm, rows: list[WorkHours]) -> None:
        by = self.changed_by(rows[0]) if rows else "pengguna lain"
        now_kept = ramadan_form_of(rows)
        form.clash = Clash(f"Jam Ramadan sudah diubah oleh {by} setelah Anda membukanya.", differences(form, now_kept))
        form.stamp.data, form.stamp.raw_data = stamp_of(rows), [stamp_of(rows)]


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

    def computed_columns(self) -> Mapping[str, Any]:
        first = today().replace(month=1, day=1)
        return {"past": (Holiday.day >= first, Holiday.day < first)}
