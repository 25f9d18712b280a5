"""The recap's figures, each with the condition that also filters its list, and the breakdowns of figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from models.complaint.complaint import (
    ANSWERED,
    ENDED_ON_A_DAY,
    UNANSWERED,
    UNDATED,
    Complaint,
    Run,
    is_late_by_law,
    is_open,
    was_ever_late_by_row,
)
from models.complaint.event import Event
from models.office.lists import Category, Institution, Kelurahan, Medium, Topic
from models.office.people import Division
from models.office.settings import LAW_CLASSES
from models.reading.period import LAST_YEAR, Period
from models.records.main_line import BeritaAcara
from models.records.promises import WAITING, Pledge
from models.store import master_cache
from models.store.base import database
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import SAME, Row
from sop.vocabulary import DUPLICATED, FORWARDED, OUTSIDE, VOIDED, vocabulary

Condition = Callable[[Period, datetime], Any]
NEVER = datetime(LAST_YEAR + 1, 1, 1, tzinfo=WIB)
MINUTE = 60  # seconds
LONG = 14  # days by the calendar after which an open case counts as long open
OBJECTION = "keberatan"  # outcome of a Berita Acara
APART = frozenset({DUPLICATED, VOIDED, OUTSIDE, FORWARDED})
# Three disjoint groups: cases handled by the SOP, cases settled outside the panel before they were recorded, and cases
# that other institutions answer. The first two are this office's own.
BY_SOP = Complaint.state.not_in(sorted(APART))
IS_OUTSIDE = Complaint.state == OUTSIDE
OTHERS = Complaint.state == FORWARDED
OWN = Complaint.state.not_in([DUPLICATED, VOIDED, FORWARDED])
THROUGH_ROWS = Complaint.state.not_in([DUPLICATED, VOIDED, OUTSIDE])  # includes cases forwarded in the end
DEFINITION = (
    "“Masuk” adalah pengaduan yang menjadi urusan dinas ini: yang ditangani menurut SOP di panel dan yang selesai di "
    "luar panel; yang menjadi urusan instansi lain dihitung tersendiri. Semuanya menurut tanggal diterima dan tanggal "
    "dijawabnya sendiri, bukan tanggal berkasnya dimasukkan."
)
PROMISED, OVERDUE = "promised", "overdue"  # bases found by the promises of cases
RECEIVED, ENDED, STILL_OPEN, OBJECTED = (
    "received",
    "ended",
    "still_open",
    "objected",
)  # bases: the cases that a figure counts


def _received(period: Period, at: datetime) -> Any:
    return (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends)


def _ended(period: Period, at: datetime) -> Any:
    return (Complaint.closed_at >= period.begins) & (Complaint.closed_at < period.ends)


def _running(period: Period, at: datetime) -> Any:
    """Received by then and still open; found by the open states, as nearly all cases were received before."""
    return is_running(period.counted_until(at))


def is_running(at: datetime) -> Any:
    """Condition: received before a moment and still open."""
    return _came_before(at) & is_open()


def _ended_later(period: Period, at: datetime) -> Any:
    """Received by then and ended later; the upper bound keeps PostgreSQL from estimating a third of the table."""
    end = period.counted_until(at)
    return _came_before(end) & (Complaint.closed_at >= end) & (Complaint.closed_at < NEVER)


def _came_before(moment: datetime) -> Any:
    """Without an index: SQLite would choose one that matches nearly all rows."""
    came = Complaint.received_at
    return pw.fn.COALESCE(came, came) < pw.Value(came.db_value(moment), converter=False)


def _objected(period: Period, at: datetime) -> Any:
    """Cases whose pengadu was informed of the result in the period and objected."""
    made = (BeritaAcara.made_at >= period.begins) & (BeritaAcara.made_at < period.ends)
    counts = made & (BeritaAcara.outcome == OBJECTION) & ~BeritaAcara.draft & ~BeritaAcara.recalled
    return Complaint.id.in_(BeritaAcara.select(BeritaAcara.complaint).where(counts))


def _promised(period: Period, at: datetime) -> Any:
    made = (Pledge.made_at >= period.begins) & (Pledge.made_at < period.ends)
    return Complaint.id.in_(Pledge.select(Pledge.complaint).where(made))


def _overdue(period: Period, at: datetime) -> Any:
    """Cases with an open promise whose day lay within the period and has passed."""
    last = min(period.last, at.astimezone(WIB).date() - timedelta(days=1))
    waiting = WAITING & (Pledge.day >= period.first) & (Pledge.day <= last)
    return Complaint.id.in_(Pledge.select(Pledge.complaint).where(waiting))


BASES: dict[str, tuple[Condition, ...]] = {  # each as disjoint parts, each with its own index
    RECEIVED: (_received,),
    ENDED: (_ended,),
    STILL_OPEN: (_running, _ended_later),
    OBJECTED: (_objected,),
    PROMISED: (_promised,),
    OVERDUE: (_overdue,),
}
FOUND_BY_RECORDS = frozenset({OBJECTED, PROMISED, OVERDUE})


@dataclass(frozen=True)
class RecapFigure:
    """One figure: its key in URLs, its label, its base of cases and the condition for counting them."""

    key: str
    label: str
    base: str  # key of BASES; "" if `which` contains the base
    which: Condition
    short: str = ""  # column heading
    apart: bool = False
    depends_on: str = ""  # key of the figure on which this depends: hidden if that is zero

    def condition(self, period: Period, at: datetime) -> Any:
        counted = self.which(period, at)
        return counted & reduce(or_, (part(period, at) for part in BASES[self.base])) if self.base else counted


def _late_by_row(period: Period, at: datetime) -> Any:
    return BY_SOP & was_ever_late_by_row(at)


def _late_by_law(period: Period, at: datetime) -> Any:
    return BY_SOP & is_late_by_law(at)


def _late_by_either(period: Period, at: datetime) -> Any:
    return BY_SOP & (was_ever_late_by_row(at) | is_late_by_law(at))


def _long_open(period: Period, at: datetime) -> Any:
    return OWN & ENDED_ON_A_DAY & _came_before(period.counted_until(at) - timedelta(days=LONG))


def of(*conditions: Any) -> Condition:
    """All of these conditions, independent of the period."""
    every = reduce(and_, conditions)
    return lambda period, at: every


def _ended_of(*conditions: Any) -> Condition:
    """All of these conditions, and the case has ended."""
    return lambda period, at: reduce(and_, (*conditions, ~is_open()))


def _of_others(key: str, words: str, base: str, which: Any, short: str = "") -> RecapFigure:
    """A figure about cases of other institutions; hidden if there are none."""
    return RecapFigure(
        key, f"Urusan instansi lain, {words}", base, of(OTHERS, which), short, apart=True, depends_on=key
    )


CAME, NO_DAY = "Dari yang masuk:", "tanggal jawabnya tidak tercatat"
FIGURES: tuple[RecapFigure, ...] = (
    RecapFigure("masuk", "Masuk", RECEIVED, of(OWN)),
    RecapFigure("masuk-sop", f"{CAME} ditangani menurut SOP", RECEIVED, of(BY_SOP), "Menurut SOP", depends_on="luar"),
    RecapFigure("luar", f"{CAME} selesai di luar panel", RECEIVED, of(IS_OUTSIDE), "Di luar panel", depends_on="luar"),
    RecapFigure("selesai", "Berakhir", ENDED, of(OWN, ENDED_ON_A_DAY)),
    RecapFigure("selesai-sop", "Dari yang berakhir: menurut SOP", ENDED, of(BY_SOP), depends_on="selesai-luar"),
    RecapFigure(
        "selesai-luar",
        "Dari yang berakhir: dijawab di luar panel",
        ENDED,
        of(IS_OUTSIDE, ENDED_ON_A_DAY),
        depends_on="selesai-luar",
    ),
    RecapFigure("terbuka", "Masih terbuka pada akhir rentang", STILL_OPEN, of(OWN, ENDED_ON_A_DAY), "Masih terbuka"),
    RecapFigure("lama", f"Terbuka lebih dari {LONG} hari kalender", STILL_OPEN, _long_open),
    RecapFigure("lewat-sop", f"{CAME} pernah lewat standar waktu SOP", RECEIVED, _late_by_row, "Pernah lewat SOP"),
    RecapFigure("lewat-peraturan", f"{CAME} lewat batas peraturan", RECEIVED, _late_by_law, "Lewat batas"),
    RecapFigure("impor", f"{CAME} dari berkas impor", RECEIVED, of(OWN, Complaint.imported), depends_on="impor"),
    RecapFigure(
        "luar-tanpa-tanggal",
        f"{CAME} selesai di luar panel, {NO_DAY}",
        RECEIVED,
        of(IS_OUTSIDE, Complaint.elsewhere == UNDATED),
        depends_on="luar-tanpa-tanggal",
    ),
    RecapFigure("keberatan", "Pengadu keberatan atas hasilnya", OBJECTED, of(THROUGH_ROWS)),
    RecapFigure("janji", "Dengan janji tindak lanjut baru", PROMISED, of(THROUGH_ROWS)),
    RecapFigure("janji-lewat", "Dengan janji yang lewat tanggalnya", OVERDUE, of(THROUGH_ROWS)),
    _of_others("lain", "diterima", RECEIVED, OTHERS, "Instansi lain"),
    _of_others("lain-dijawab", "dijawab atau diteruskan", ENDED, ENDED_ON_A_DAY, "Lain dijawab"),
    _of_others("lain-belum", "belum dijawab menurut berkas", RECEIVED, Complaint.elsewhere == UNANSWERED),
    _of_others(
        "lain-diteruskan", "diteruskan; jawaban instansinya tidak tercatat", RECEIVED, Complaint.elsewhere == ""
    ),
    _of_others("lain-tanpa-tanggal", NO_DAY, RECEIVED, Complaint.elsewhere == UNDATED),
    RecapFigure("duplikat", "Duplikat", RECEIVED, of(Complaint.state == DUPLICATED), apart=True),
    RecapFigure("batal", "Register dibatalkan", RECEIVED, of(Complaint.state == VOIDED), apart=True),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
# figures of the breakdowns
OF_PARTS = ("masuk", "masuk-sop", "luar", "selesai", "terbuka", "lewat-sop", "lewat-peraturan", "lain", "lain-dijawab")
ENDED_LATE = "selesai-lewat"
OF_ROW, OF_ROW_LATE = "baris", "baris-lewat"  # followed by the row's key


def ran_in(period: Period) -> Any:
    """Condition: the run ended in the period."""
    return (Run.ended_at >= period.begins) & (Run.ended_at < period.ends)


def row_figure_keys(row: Row) -> tuple[str, str]:
    """The keys of the figures that count the cases of a row, and the late ones among them."""
    return f"{OF_ROW}-{row.key}", f"{OF_ROW_LATE}-{row.key}"


def is_judged() -> Any:
    """Condition: a run that ended says whether the standard was kept; the same as
    `CheckedRun.why_not_judged` says of a single run. Not where its start is not known, where none of it lay within
    working hours, or where an act beside the rows broke it off; what was late is so in any case."""
    rows = vocabulary().rows
    of_rows = {key for row in rows for key in vocabulary().row_keys(row)}
    from_attempt = [key for row in rows if row.counts_from == "attempt" for key in vocabulary().row_keys(row)]
    has_start = Run.row_key.not_in(from_attempt) | (Run.started_at < Run.ended_at)
    spent = Run.ended_at.to_timestamp() - Run.started_at.to_timestamp()
    is_measured = Run.minutes.is_null() | (Run.minutes > 0) | (spent < MINUTE)
    beside = [key for key, act in vocabulary().acts.items() if act.to != SAME and key not in of_rows]
    ended_it = (Event.complaint == Run.complaint) & (Event.round == Run.round) & (Event.at == Run.ended_at)
    broken_off = Event.select(pw.SQL("1")).where(ended_it & Event.act.in_(beside))
    done = ~pw.fn.EXISTS(broken_off)
    return (Run.ended_at > Run.due_at) | (has_start & is_measured & done)


def _ran(row: Row, also: Any = None) -> Condition:
    """Cases with a run of this SOP row that ended in the period and is judged."""

    def of_row(period: Period, at: datetime) -> Any:
        ended = ran_in(period) & Run.row_key.in_(vocabulary().row_keys(row)) & is_judged()
        runs = Run.select(Run.complaint).where(ended if also is None else ended & also)
        return Complaint.id.in_(runs) & THROUGH_ROWS

    return of_row


def row_figures() -> dict[str, RecapFigure]:
    """The figures of every SOP row, by key."""
    made = {}
    for row in vocabulary().rows:
        no, (through, late) = current_procedure().row_number(row.key), row_figure_keys(row)
        name = f"baris {no} SOP" if no else f"“{row.title}”"
        made[through] = RecapFigure(through, f"Melalui {name}", "", _ran(row))
        made[late] = RecapFigure(late, f"Lewat waktu pada {name}", "", _ran(row, Run.ended_at > Run.due_at))
    return made


BY_KEY |= {  # figures behind the table of days until an answer
    figure.key: figure
    for figure in (
        RecapFigure("dijawab", "Dari yang masuk: dijawab atau berakhir", RECEIVED, _ended_of(OWN, ENDED_ON_A_DAY)),
        RecapFigure("dijawab-sop", "Menurut SOP: dijawab atau berakhir", RECEIVED, _ended_of(BY_SOP)),
        RecapFigure("dijawab-luar", "Di luar panel: dijawab", RECEIVED, of(IS_OUTSIDE, ENDED_ON_A_DAY)),
        RecapFigure("belum", "Dari yang masuk: belum dijawab", RECEIVED, lambda period, at: OWN & is_open()),
        RecapFigure(
            "lain-terjawab",
            "Urusan instansi lain: sudah dijawab",
            RECEIVED,
            of(OTHERS, Complaint.elsewhere == ANSWERED),
        ),
        RecapFigure(
            "lain-tanpa-hari",
            f"Urusan instansi lain: {NO_DAY}",
            RECEIVED,
            of(OTHERS, Complaint.elsewhere.in_(["", UNDATED])),
        ),
    )
}
BY_KEY[ENDED_LATE] = RecapFigure(ENDED_LATE, "Berakhir terlambat", ENDED, _late_by_either)  # only for the weeks


Name = int | str | None
NO_VALUE = ""  # value in URLs for cases without one


@dataclass(frozen=True)
class Part:
    """One breakdown of the cases: the column, the names of its values, and the figures that it lists."""

    key: str
    title: str
    column: pw.Field
    names: Callable[[], Mapping[Name, str]]
    unknown: str = "Belum diketahui"
    figures: tuple[str, ...] = OF_PARTS
    area: bool = False  # kelurahan are grouped by kecamatan
    own_order: bool = False  # in the order of `names`, not by count
    is_optional: bool = False  # hidden if no case has a value

    def condition(self, value: str) -> Any:
        """Condition: the case has this value of a URL."""
        if value == NO_VALUE:
            return self.column.is_null()
        if self.area:
            return self.column.in_(Kelurahan.select(Kelurahan.id).where(Kelurahan.kecamatan == value))
        return self.column == value

    def name_of(self, value: str) -> str | None:
        """The name of a URL value; None if there is no such value."""
        if value == NO_VALUE:
            return self.unknown
        return {str(key): name for key, name in self.names().items()}.get(value)


def _rows_of(model: Any) -> Callable[[], Mapping[Name, str]]:
    def read() -> Mapping[Name, str]:
        return dict(database.execute(model.select(model.id, model.name)))

    return (lambda: master_cache.cached(("names", model), read)) if model.cached else read


def kecamatan_by_kelurahan() -> dict[int, str]:
    return {number: row.kecamatan for number, row in master_cache.rows_by_id(Kelurahan).items()}


def _kecamatan() -> Mapping[Name, str]:
    return {name: name for name in sorted(set(kecamatan_by_kelurahan().values()))}


def _classes() -> Mapping[Name, str]:
    return {key: words for key, words in LAW_CLASSES.items()}  # noqa: C416 - keys of a wider type


def _states() -> Mapping[Name, str]:
    return dict(vocabulary().states.items())


def value_of(part: "Part", value: Name, areas: Mapping[int, str]) -> str:
    """The URL value for a value of the part's column."""
    if value is None:
        return NO_VALUE
    return areas[int(value)] if part.area else str(value)


UNITLESS, UNRECORDED = "Belum atau tidak didisposisikan", "Tidak tercatat"
PARTS: tuple[Part, ...] = (
    Part("unit", "Unit kerja", Complaint.unit, _rows_of(Division), UNITLESS),
    Part("kategori", "Kategori", Complaint.category, _rows_of(Category)),
    Part("klasifikasi", "Klasifikasi", Complaint.law_class, _classes, own_order=True),
    Part("media", "Media pengaduan", Complaint.medium, _rows_of(Medium)),
    Part("kecamatan", "Kecamatan", Complaint.kelurahan, _kecamatan, area=True),
    Part("kelurahan", "Kelurahan", Complaint.kelurahan, _rows_of(Kelurahan)),
    Part("instansi", "Instansi", Complaint.institution, _rows_of(Institution), UNRECORDED, is_optional=True),
    Part("topik", "Topik", Complaint.topic, _rows_of(Topic), UNRECORDED, is_optional=True),
    Part("status", "Status sekarang", Complaint.state, _states, figures=("masuk",), own_order=True),
    Part("akhir", "Cara berakhir", Complaint.state, _states, figures=("selesai",), own_order=True),
)
PART_BY_KEY = {part.key: part for part in PARTS}
