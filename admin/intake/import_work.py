"""Imports at work in a thread of their own, and the report of what became of each row."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence

from flask import Response

from admin.lists.export import csv_response, xlsx_response
from admin.lists.export_files import Cell, ExportTable
from models.complaint.accesslog import note_file
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, visible
from models.imports.batches import DECISIONS, PUBLISHING, SORTING, UNDOING, VERDICTS, ImportBatch, ImportRow
from models.imports.judging import REASONS
from models.imports.publishing import publish
from models.imports.sorting import sort_cases, undo
from models.imports.stage import judge
from models.imports.tables import FileTable
from models.office.people import User
from models.store.base import among, database
from models.store.outage import DATABASE_ERRORS
from models.workflow.write import Overtaken
from sop.vocabulary import vocabulary

log = logging.getLogger(__name__)
WORK: dict[str, Callable[[int], int]] = {  # by the state that asks for it
    PUBLISHING: publish,
    SORTING: sort_cases,
    UNDOING: undo,
}
PATIENCE = 1.2  # seconds in which a small file is judged
_threads: dict[int, threading.Thread] = {}  # by file
_at_work: set[int] = set()
_lock = threading.Lock()


def begin_work(batch: int) -> None:
    """Work on a file until it is done, unless this process does so already: what is at work sees what it has become."""
    with _lock:
        if batch in _at_work:
            return
        _at_work.add(batch)
        _threads[batch] = threading.Thread(target=_work, args=(batch,), name="impor", daemon=True)
        _threads[batch].start()


def begin_judging(batch: ImportBatch, table: FileTable, who: Viewer) -> None:
    """Judge a file's rows, which are stored nowhere but here until then. A small file is waited for."""
    with _lock:
        _at_work.add(batch.id)
        thread = threading.Thread(target=_judge, args=(batch, table, who), name="impor", daemon=True)
        _threads[batch.id] = thread
        thread.start()
    thread.join(PATIENCE)


def _judge(batch: ImportBatch, table: FileTable, who: Viewer) -> None:
    try:
        with database.connection_context():
            judge(batch, table, who)
    except DATABASE_ERRORS as trouble:
        log.error("the file %s is not read: %s", batch.id, type(trouble).__name__)
    finally:
        _at_work.discard(batch.id)


def is_at_work(batch: int) -> bool:
    return batch in _at_work


def finish_work() -> None:
    """Wait until nothing is worked on."""
    while _threads:
        _threads.popitem()[1].join()


def _work(batch: int) -> None:
    """What its state asks for; and then again, if it was taken back while it was published."""
    done = ""
    try:
        with database.connection_context():
            while state := _next_state(batch, done):
                WORK[state](batch)
                done = state
    except (Overtaken, *DATABASE_ERRORS) as trouble:
        log.error("the file %s waits: %s", batch, type(trouble).__name__)
    finally:
        _at_work.discard(batch)


def _next_state(batch: int, done: str) -> str:
    """What it asks for now, "" for nothing more. Whoever asks for something from then on begins anew."""
    with _lock:
        state = str(ImportBatch.get_by_id(batch).state)
        if state in WORK and state != done:
            return state
        _at_work.discard(batch)
        return ""


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
    return {complaint: (number, vocabulary().states[state]) for complaint, number, state in found_cases}


def _portions(rows: Sequence[Row], cases: dict[int, tuple[str, str]]) -> Iterator[list[Sequence[Cell]]]:
    for start in range(0, len(rows), PORTION):
        yield [_cells(row, cases) for row in rows[start : start + PORTION]]


def _cells(row: Row, cases: dict[int, tuple[str, str]]) -> Sequence[Cell]:
    line, verdict, why, decision, of_line, complaint = row
    number, state = cases.get(complaint, (HIDDEN, "")) if complaint else ("", "")
    return (line, VERDICTS[verdict], REASONS[why], DECISIONS[decision], of_line or "", number, state)
