"""What became of each row of a file, as a file: of cases that the person may open, which they are."""

from collections.abc import Iterator, Sequence

from flask import Response

from admin.export.cells import Cell, ExportTable
from admin.kit.export import csv_response, xlsx_response
from models.complaint.accesslog import note_file
from models.complaint.complaint import Complaint
from models.complaint.scope import visible
from models.imports.batches import DECISIONS, VERDICTS, ImportBatch, ImportRow
from models.imports.judging import REASONS
from models.office.people import User
from models.store.base import among
from sop import flow

HEADS = ("Baris", "Putusan", "Alasan", "Tindakan", "Berulang dari baris", "Nomor", "Status")
PORTION = 1_000
HIDDEN = "(rahasia)"
Row = tuple[int, str, str, str, int | None, int | None]


def report_file(batch: ImportBatch, user: User, kind: str) -> Response:
    """The report on a file; which cases it tells of is noted first."""
    columns = (
        ImportRow.line,
        ImportRow.verdict,
        ImportRow.why,
        ImportRow.decision,
        ImportRow.of_line,
        ImportRow.became,
    )
    rows: list[Row] = list(ImportRow.select(*columns).where(ImportRow.batch == batch).order_by(ImportRow.line).tuples())
    cases = _openable(rows, user)
    note_file(user, "laporan impor", sorted(cases), rows=len(rows), asked=batch.file)
    table = ExportTable("Laporan impor", HEADS, _portions(rows, cases), len(rows))
    name = f"laporan-impor-{batch.id}.{kind}"
    return csv_response(table, name) if kind == "csv" else xlsx_response([table], name)


def _openable(rows: Sequence[Row], user: User) -> dict[int, tuple[str, str]]:
    """Number and state by complaint, of those that the person may open."""
    ids = [complaint for *_, complaint in rows if complaint]
    cases = visible(user, Complaint).select(Complaint.id, Complaint.number, Complaint.state)
    found_cases = (
        row
        for start in range(0, len(ids), PORTION)
        for row in cases.where(among(Complaint.id, ids[start : start + PORTION])).tuples()
    )
    return {complaint: (number, flow.state_label(state)) for complaint, number, state in found_cases}


def _portions(rows: Sequence[Row], cases: dict[int, tuple[str, str]]) -> Iterator[list[Sequence[Cell]]]:
    for start in range(0, len(rows), PORTION):
        yield [_cells(row, cases) for row in rows[start : start + PORTION]]


def _cells(row: Row, cases: dict[int, tuple[str, str]]) -> Sequence[Cell]:
    line, verdict, why, decision, of_line, complaint = row
    number, state = cases.get(complaint, (HIDDEN, "")) if complaint else ("", "")
    return (line, VERDICTS[verdict], REASONS[why], DECISIONS[decision], of_line or "", number, state)
