"""The figures of a recap: what each counts, as the condition that its list is filtered by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.recap.period import LAST_YEAR, Period
from models.records.berita_acara import BeritaAcara
from models.records.promise import WAITING, Pledge
from models.tables.complaint import Complaint, Run
from models.tables.late import OPEN, is_late_by_law, was_ever_late_by_row
from sop import flow
from sop.clock import WIB
from sop.procedure import DETOURS, Row

Condition = Callable[[Period, datetime], Any]
NEVER = datetime(LAST_YEAR + 1, 1, 1, tzinfo=WIB)
LONG = 14  # days after which an open case is told of by itself
OBJECTION = "keberatan"  # of the ends of a Berita Acara
REPEATED = frozenset({flow.MARKS_REPEAT.to}) if flow.MARKS_REPEAT else frozenset()
VOIDED = frozenset(t.to for t in DETOURS if t.effect == "void")
APART = REPEATED | VOIDED | flow.OUTSIDE
COUNTED = Complaint.state.not_in(sorted(APART))
PROMISED, OVERDUE = "promised", "overdue"  # by the promises of cases, as below
RECEIVED, ENDED, STILL_OPEN, OBJECTED = "received", "ended", "still_open", "objected"  # of which cases a figure is


def _received(period: Period, at: datetime) -> Any:
    return (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends)


def _ended(period: Period, at: datetime) -> Any:
    return (Complaint.closed_at >= period.begins) & (Complaint.closed_at < period.ends)


def _running(period: Period, at: datetime) -> Any:
    """What had come by then and has not ended since: found by that, as nearly all that ever came came before."""
    return is_running(period.counted_until(at))


def is_running(at: datetime) -> Any:
    """What had come by a moment and has not ended since."""
    return _came_before(at) & OPEN


def _ended_later(period: Period, at: datetime) -> Any:
    """What had come by then and ended afterwards; within bounds, or PostgreSQL takes it for a third of the table."""
    end = period.counted_until(at)
    return _came_before(end) & (Complaint.closed_at >= end) & (Complaint.closed_at < NEVER)


def _came_before(moment: datetime) -> Any:
    """By no index: SQLite would take the one that finds nearly all."""
    came = Complaint.received_at
    return pw.fn.COALESCE(came, came) < pw.Value(came.db_value(moment), converter=False)


def _objected(period: Period, at: datetime) -> Any:
    """Whoever was told the result in the period and objected."""
    made = (BeritaAcara.made_at >= period.begins) & (BeritaAcara.made_at < period.ends)
    counts = made & (BeritaAcara.outcome == OBJECTION) & ~BeritaAcara.draft & ~BeritaAcara.recalled
    return Complaint.id.in_(BeritaAcara.select(BeritaAcara.complaint).where(counts))


def _promised(period: Period, at: datetime) -> Any:
    made = (Pledge.made_at >= period.begins) & (Pledge.made_at < period.ends)
    return Complaint.id.in_(Pledge.select(Pledge.complaint).where(made))


def _overdue(period: Period, at: datetime) -> Any:
    """With a promise whose day lay within the range and is over, while nobody has said what came of it."""
    last = min(period.last, at.astimezone(WIB).date() - timedelta(days=1))
    waiting = WAITING & (Pledge.day >= period.first) & (Pledge.day <= last)
    return Complaint.id.in_(Pledge.select(Pledge.complaint).where(waiting))


BASES: dict[str, tuple[Condition, ...]] = {  # each in parts that have no case in common, found by an index of its own
    RECEIVED: (_received,),
    ENDED: (_ended,),
    STILL_OPEN: (_running, _ended_later),
    OBJECTED: (_objected,),
    PROMISED: (_promised,),
    OVERDUE: (_overdue,),
}


@dataclass(frozen=True)
class RecapFigure:
    """One figure: its key in addresses, its words, of which cases it is and which of them it counts."""

    key: str
    label: str
    base: str  # of BASES; "" if the figure says itself of which cases it is
    which: Condition
    short: str = ""  # at the head of a column
    apart: bool = False

    def condition(self, period: Period, at: datetime) -> Any:
        counted = self.which(period, at)
        return counted & reduce(or_, (part(period, at) for part in BASES[self.base])) if self.base else counted


def _all(period: Period, at: datetime) -> Any:
    return COUNTED


def _late_by_row(period: Period, at: datetime) -> Any:
    return COUNTED & was_ever_late_by_row(at)


def _late_by_law(period: Period, at: datetime) -> Any:
    return COUNTED & is_late_by_law(at)


def _late_by_either(period: Period, at: datetime) -> Any:
    return COUNTED & (was_ever_late_by_row(at) | is_late_by_law(at))


def _imported(period: Period, at: datetime) -> Any:
    return COUNTED & Complaint.imported


def _long_open(period: Period, at: datetime) -> Any:
    return COUNTED & _came_before(period.counted_until(at) - timedelta(days=LONG))


def _in_state(states: frozenset[str]) -> Condition:
    return lambda period, at: Complaint.state.in_(sorted(states))


FIGURES: tuple[RecapFigure, ...] = (
    RecapFigure("masuk", "Masuk", RECEIVED, _all),
    RecapFigure("selesai", "Berakhir", ENDED, _all),
    RecapFigure("terbuka", "Masih terbuka pada akhir rentang", STILL_OPEN, _all, "Masih terbuka"),
    RecapFigure("lama", f"Terbuka lebih dari {LONG} hari", STILL_OPEN, _long_open),
    RecapFigure(
        "lewat-sop", "Dari yang masuk: pernah lewat standar waktu SOP", RECEIVED, _late_by_row, "Pernah lewat SOP"
    ),
    RecapFigure("lewat-peraturan", "Dari yang masuk: lewat batas peraturan", RECEIVED, _late_by_law, "Lewat batas"),
    RecapFigure("impor", "Dari yang masuk: dari berkas impor", RECEIVED, _imported),
    RecapFigure("keberatan", "Pengadu keberatan atas hasilnya", OBJECTED, _all),
    RecapFigure("janji", "Dengan janji tindak lanjut baru", PROMISED, _all),
    RecapFigure("janji-lewat", "Dengan janji yang lewat tanggalnya", OVERDUE, _all),
    RecapFigure("duplikat", "Duplikat", RECEIVED, _in_state(REPEATED), apart=True),
    RecapFigure("batal", "Register dibatalkan", RECEIVED, _in_state(VOIDED), apart=True),
    RecapFigure("luar", "Diimpor, selesai di luar panel", RECEIVED, _in_state(flow.OUTSIDE), apart=True),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
OF_PARTS = ("masuk", "selesai", "terbuka", "lewat-sop", "lewat-peraturan")  # that are told part by part
ENDED_LATE = "selesai-lewat"
OF_ROW, OF_ROW_LATE = "baris", "baris-lewat"  # followed by the row's key


def ran_in(period: Period) -> Any:
    """Condition: the run ended in the period."""
    return (Run.ended_at >= period.begins) & (Run.ended_at < period.ends)


def row_figure_keys(row: Row) -> tuple[str, str]:
    """Of the figures that count the cases of a row, and those of them that were late."""
    return f"{OF_ROW}-{row.key}", f"{OF_ROW_LATE}-{row.key}"


def _ran(row: Row, also: Any = None) -> Condition:
    """What went through a row of the SOP in the period."""

    def of_row(period: Period, at: datetime) -> Any:
        here = ran_in(period) & Run.row_key.in_(flow.row_keys(row))
        runs = Run.select(Run.complaint).where(here if also is None else here & also)
        return Complaint.id.in_(runs) & COUNTED

    return of_row


def _row_figures() -> dict[str, RecapFigure]:
    made = {}
    for row in flow.rows_ever():
        no, (through, late) = flow.row_number(row.key), row_figure_keys(row)
        name = f"baris {no} SOP" if no else f"“{row.title}”"
        made[through] = RecapFigure(through, f"Melalui {name}", "", _ran(row))
        made[late] = RecapFigure(late, f"Lewat waktu pada {name}", "", _ran(row, Run.ended_at > Run.due_at))
    return made


BY_KEY |= _row_figures()
BY_KEY[ENDED_LATE] = RecapFigure(ENDED_LATE, "Berakhir terlambat", ENDED, _late_by_either)  # of the weeks alone
