"""Office hours and days off as the office keeps them, and the clock that runs on them."""

import peewee as pw

from models.base import Model
from models.people import Dated
from sop.clock import Clock, Hours

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class WorkHours(Dated):
    """Opening hours of one weekday; one with an end (a circular) goes before the open-ended one."""

    weekday = pw.IntegerField(verbose_name="Hari", choices=tuple(enumerate(WEEKDAYS)))
    opens = pw.TimeField(verbose_name="Buka", formats=["%H:%M:%S", "%H:%M"])
    closes = pw.TimeField(verbose_name="Tutup", formats=["%H:%M:%S", "%H:%M"])


class Holiday(Model):
    """A day off: public holiday or cuti bersama."""

    day = pw.DateField(verbose_name="Tanggal", unique=True)
    name = pw.CharField(verbose_name="Nama", max_length=120)
    kind = pw.CharField(verbose_name="Jenis", max_length=10, default="libur",
                        choices=(("libur", "Hari libur nasional"), ("cuti", "Cuti bersama")))  # fmt: skip
    active = pw.BooleanField(verbose_name="Berlaku", default=True, help_text="Lepas centang bila batal diliburkan.")


_kept: dict[tuple, Clock] = {}


def clock() -> Clock:
    """The office's clock; built anew only when hours or days off have changed."""
    hours = tuple(
        WorkHours.select(
            WorkHours.valid_from, WorkHours.valid_to, WorkHours.weekday, WorkHours.opens, WorkHours.closes
        ).order_by(WorkHours.id).tuples()
    )  # fmt: skip
    days_off = frozenset(day for (day,) in Holiday.select(Holiday.day).where(Holiday.active).tuples())
    if (hours, days_off) not in _kept:
        _kept.clear()
        _kept[hours, days_off] = Clock.of(_grouped(hours), days_off)
    return _kept[hours, days_off]


def _grouped(rows: tuple) -> list[Hours]:
    spans: dict = {}
    for since, until, weekday, opens, closes in rows:
        spans.setdefault((since, until), {})[weekday] = (opens, closes)
    return [Hours(since, by_weekday, until) for (since, until), by_weekday in spans.items()]
