"""Office hours and holidays as tables, and the working-time clock made of them."""

from datetime import date, time

import peewee as pw

from models.office.people import Dated, Master
from models.store import master_cache
from sop.clock import WIB, Clock, Hours

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class WorkHours(Dated):
    """Opening hours of one weekday; a row with an end date (a circular) overrides the open-ended one."""

    proof = "Jam kerja"

    weekday = pw.IntegerField(verbose_name="Hari", choices=tuple(enumerate(WEEKDAYS)))
    opens = pw.TimeField(verbose_name="Buka", formats=["%H:%M:%S", "%H:%M"])
    closes = pw.TimeField(verbose_name="Tutup", formats=["%H:%M:%S", "%H:%M"])


class Holiday(Master):
    """A public holiday or cuti bersama."""

    proof = "Hari libur"

    day = pw.DateField(verbose_name="Tanggal", unique=True)
    name = pw.CharField(verbose_name="Nama", max_length=120)
    kind = pw.CharField(
        verbose_name="Jenis",
        max_length=10,
        default="libur",
        choices=(("libur", "Hari libur nasional"), ("cuti", "Cuti bersama")),
    )
    active = pw.BooleanField(
        verbose_name="Berlaku",
        default=True,
        help_text="Hapus centang bila tanggal ini tetap hari kerja; jam SOP berjalan.",
    )


def clock() -> Clock:
    """The office's clock; made anew only when hours, holidays or the time zone have changed."""
    return master_cache.cached(("clock", WIB.word), _stored_clock)


def _stored_clock() -> Clock:
    spans: dict[tuple[date, date | None], dict[int, tuple[time, time]]] = {}
    for row in WorkHours.select().order_by(WorkHours.id):
        spans.setdefault((row.valid_from, row.valid_to), {})[row.weekday] = (row.opens, row.closes)
    hours = [Hours(since, by_weekday, until) for (since, until), by_weekday in spans.items()]
    return Clock.of(hours, (day for (day,) in Holiday.select(Holiday.day).where(Holiday.active).tuples()))
