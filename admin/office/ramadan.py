"""Working hours in Ramadan: period, opening and closing times for all weekdays in one form."""

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

from flask_admin.form import BaseForm
from wtforms import DateField, HiddenField, TimeField, ValidationError
from wtforms.validators import Optional

from admin.lists.inputs import Required, plausible_year
from models.office.calendar import WorkHours
from models.office.people import today
from sop.words import format_span

MOST_DAYS, FRIDAY = 31, 4
CLOCK = ["%H:%M", "%H:%M:%S"]
BACKWARD = "Hari terakhir tidak boleh sebelum hari pertama."
TOO_LONG = f"Hari pertama sampai hari terakhir paling lama {MOST_DAYS} hari; periksa tanggal dan tahunnya."
TOO_EARLY, TOO_LATE = "Jam tutup harus sesudah jam buka.", "Jam buka harus sebelum jam tutup."
TAKEN = "Jam sementara untuk {} sudah tercatat; ubah pada daftar Jam kerja, atau periksa tanggal dan tahunnya."
SAME = "Kosongkan bila sama dengan hari lain."
NO_HOURS = "Jam kerja biasa belum ada pada hari pertama; tambahkan jam kerja lebih dahulu."

Month = tuple[date, date]  # its first and last day


class RamadanForm(BaseForm):
    """Temporary hours for a month, with the fields of the government's circular."""

    valid_from = DateField("Hari pertama", [Required(), plausible_year])
    valid_to = DateField("Hari terakhir", [Required(), plausible_year])
    opens = TimeField("Jam buka", [Required()], format=CLOCK)
    closes = TimeField("Jam tutup", [Required()], format=CLOCK)
    friday_opens = TimeField("Jam buka hari Jumat", [Optional()], format=CLOCK, description=SAME)
    friday_closes = TimeField("Jam tutup hari Jumat", [Optional()], format=CLOCK, description=SAME)
    stamp = HiddenField()
    clash: Any = None
    others: list[Month] = []  # other registered months

    def validate_valid_from(self, field: Any) -> None:
        if not weekdays_on(field.data):
            raise ValidationError(NO_HOURS)

    def validate_valid_to(self, field: Any) -> None:
        if self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(BACKWARD)
        if self.valid_from.data and field.data - self.valid_from.data >= timedelta(days=MOST_DAYS):
            raise ValidationError(TOO_LONG)
        for since, until in self.others:
            if self.valid_from.data and since <= field.data and self.valid_from.data <= until:
                raise ValidationError(TAKEN.format(format_span(since, until)))

    def validate_closes(self, field: Any) -> None:
        if self.opens.data and field.data <= self.opens.data:
            raise ValidationError(TOO_EARLY)

    def validate_friday_closes(self, field: Any) -> None:
        opens = self.friday_opens.data or self.opens.data
        if field.data and opens and field.data <= opens:
            raise ValidationError(TOO_EARLY)

    def validate_friday_opens(self, field: Any) -> None:
        closes = self.friday_closes.data or self.closes.data
        if field.data and closes and closes <= field.data:
            raise ValidationError(TOO_LATE)

    def span_of(self, weekday: int) -> tuple[time, time]:
        """Opening and closing time on a weekday."""
        opens, closes = self.opens.data, self.closes.data
        if weekday == FRIDAY:
            opens, closes = self.friday_opens.data or opens, self.friday_closes.data or closes
        return opens, closes


def ramadan_form(rows: list[WorkHours], sent: Any = None) -> Any:
    """The form as submitted, else filled with the registered hours."""
    form = RamadanForm(sent, **(_values_of(rows) if rows else {}), stamp=stamp_of(rows))
    form.others = [month for month in _months() if not rows or month != _span(rows[0])]
    return form


def registered_rows() -> list[WorkHours]:
    """The hours of the registered Ramadan that is not over, one row per weekday; [] if there is none."""
    lasting = [month for month in _months() if month[1] >= today()]
    return [row for row in _temporary() if _span(row) == lasting[0]] if lasting else []


def _months() -> list[Month]:
    """Periods of temporary hours that are a Ramadan, latest first: several weekdays, at most MOST_DAYS."""
    rows = Counter(_span(row) for row in _temporary())
    return [month for month, count in rows.items() if count > 1 and month[1] - month[0] < timedelta(days=MOST_DAYS)]


def _temporary() -> Any:
    query = WorkHours.select().where(WorkHours.valid_to.is_null(False))
    return query.order_by(WorkHours.valid_from.desc(), WorkHours.weekday)


def _span(row: WorkHours) -> Month:
    return row.valid_from, row.valid_to


def weekdays_on(day: Any) -> set[int]:
    """The weekdays with regular working hours on a day."""
    lasting = WorkHours.on(day) & WorkHours.valid_to.is_null()
    return {weekday for (weekday,) in WorkHours.select(WorkHours.weekday).where(lasting).tuples()}


def stamp_of(rows: list[WorkHours]) -> str:
    """Ids and versions of the rows that a form was opened on, for the conflict check."""
    return "-".join(f"{row.id}.{row.version}" for row in rows)


def filled_rows(form: RamadanForm, rows: list[WorkHours]) -> list[WorkHours]:
    """Registered rows updated from the form, and new rows for missing weekdays."""
    known = {row.weekday: row for row in rows}
    filled = []
    for weekday in sorted({*known, *weekdays_on(form.valid_from.data)}):
        row = known.get(weekday) or WorkHours(weekday=weekday, version=0)
        row.valid_from, row.valid_to = form.valid_from.data, form.valid_to.data
        row.opens, row.closes = form.span_of(weekday)
        row.version += 1
        filled.append(row)
    return filled


def _values_of(rows: list[WorkHours]) -> dict[str, object]:
    """The form's values; Friday's hours only where they differ from the other days'."""
    usual = next((row for row in rows if row.weekday != FRIDAY), rows[0])
    same = {name: getattr(usual, name) for name in ("valid_from", "valid_to", "opens", "closes")}
    friday = next((row for row in rows if row.weekday == FRIDAY), usual)
    own = {f"friday_{name}": getattr(friday, name) for name in ("opens", "closes")}
    return {**same, **{name: at for name, at in own.items() if at != same[name.removeprefix("friday_")]}}
