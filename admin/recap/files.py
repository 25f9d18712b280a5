"""The recap as a file: its figures and the cases behind them as sheets of a workbook; the figures alone as CSV."""

from collections.abc import Iterator, Sequence

from flask import Response

from admin.export.cells import Cell, ExportTable
from admin.kit.export import CUT, EXPORTED, csv_response, xlsx_response
from models.complaint.accesslog import note_file
from models.complaint.scope import viewer
from models.office.people import User
from models.reading.figures import BY_KEY, DEFINITION, OF_PARTS
from models.reading.period import Period
from models.reading.recap import PartTable, Recap, recap
from models.reading.recap_paper import HEADS, case_ids, case_lines
from models.reading.times import HEADS as HEADS_OF_ANSWERS
from models.reading.times import RowStatistics, TimeSpread
from models.store.base import now
from sop.words import format_moment

FLAT = ("Bagian", "Rincian", "Ukuran", "Dari", "Sampai", "Nilai")
TIMES = ("Median waktu kerja", "Persentil 90 waktu kerja", "Median waktu kalender", "Persentil 90 waktu kalender")
IN_MINUTES = tuple(f"{words} (menit)" for words in TIMES)
SHORT = tuple(BY_KEY[key].short or BY_KEY[key].label for key in OF_PARTS)
DAYS = "Hari sampai dijawab"
Line = Sequence[Cell]


def recap_file(user: User, period: Period, kind: str) -> Response:
    """Noted before anything of it leaves: a workbook tells of each case, the other file of none."""
    at = now()
    made = recap(viewer(user), period, at)
    ids = [] if kind == "csv" else case_ids(viewer(user), period, at)
    note_file(user, "rekapitulasi", ids[:EXPORTED], rows=len(ids), asked=period.words)
    name = f"rekapitulasi-{period.first.isoformat()}-{period.last.isoformat()}.{kind}"
    if kind == "csv":
        return csv_response(_table("Rekapitulasi", FLAT, list(flat_lines(made))), name)
    cut = CUT if len(ids) > EXPORTED else ""
    cases = ExportTable("Pengaduan", HEADS, case_lines(ids[:EXPORTED], period, at), len(ids), cut)
    return xlsx_response([*sheets(made), cases], name)


def sheets(made: Recap) -> list[ExportTable]:
    """The figures beside those of the ranges before, the times of the SOP's rows, and part by part."""
    periods = (made.period, made.period.before, made.period.year_ago)
    heads = ["Hal", *(period.words for period in periods)]
    figures: list[Line] = [[line.figure.label, line.now, line.before, line.year_ago] for line in made.told_lines]
    figures.append([f"Keadaan pada {format_moment(made.at)}", "", "", ""])
    rows: list[Line] = [
        [row.mark, row.row.title, row.standard, row.cases, row.late, *_minutes(row)] for row in made.rows
    ]
    parts: list[Line] = [
        [table.part.title, line.name, *_in_columns(table, line.counts)] for table in made.parts for line in table.lines
    ]
    answers: list[Line] = [
        [table.title, line.name, *("" if count is None else count for count, _ in line.counts)]
        for table in made.answers
        for line in table.lines
    ]
    figures.append([DEFINITION, "", "", ""])
    return [
        _table("Rekapitulasi", heads, figures),
        _table("Waktu SOP", ("No.", "Kegiatan", "Waktu", "Pengaduan", "Lewat waktu", *IN_MINUTES), rows),
        _table("Rincian", ("Bagian", "Rincian", *SHORT), parts),
        _table(DAYS, ("Bagian", "Rincian", *HEADS_OF_ANSWERS), answers),
    ]


def flat_lines(made: Recap) -> Iterator[Line]:
    """Every figure in a line of its own, for whoever reckons on."""
    for line in made.told_lines:
        for period, count in zip(
            (made.period, made.period.before, made.period.year_ago), (line.now, line.before, line.year_ago), strict=True
        ):
            yield _flat("Seluruhnya", "", line.figure.label, period, count)
    for row in made.rows:
        words = ("Pengaduan", "Lewat waktu", *IN_MINUTES)
        for measure, cell in zip(words, (row.cases, row.late, *_minutes(row)), strict=True):
            yield _flat("Baris SOP", row.heading, measure, made.period, cell)
    for table in made.parts:
        for part in table.lines:
            for figure, count in zip(table.figures, part.counts, strict=True):
                yield _flat(table.part.title, part.name, figure.label, made.period, count)
    for answers in made.answers:
        for one in answers.lines:
            for head, (days, _) in zip(HEADS_OF_ANSWERS, one.counts, strict=True):
                yield _flat(f"{DAYS}, {answers.title}", one.name, head, one.period, "" if days is None else days)


def _flat(part: str, name: str, measure: str, period: Period, cell: Cell) -> Line:
    return [part, name, measure, period.first, period.last, cell]


def _minutes(row: RowStatistics) -> list[Cell]:
    return [*_spread(row.working), *_spread(row.calendar)]


def _spread(spread: TimeSpread | None) -> tuple[Cell, Cell]:
    return (spread.median, spread.ninth) if spread else ("", "")


def _in_columns(table: PartTable, counts: Sequence[int]) -> list[Cell]:
    """Under the heads of all figures; nothing under those that the part is not told by."""
    by_key = dict(zip(table.part.figures, counts, strict=True))
    return [by_key.get(key, "") for key in OF_PARTS]


def _table(name: str, heads: Sequence[str], lines: list[Line]) -> ExportTable:
    return ExportTable(name, heads, iter([lines]), len(lines))
