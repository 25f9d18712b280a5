"""Background threads for imports, and the report on each row."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence

from flask import Response, url_for

from admin.lists.export import csv_response, xlsx_response
from admin.lists.export_files import Cell, ExportTable
from admin.lists.works import announce
from models.complaint.accesslog import record_export
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, visible
from models.imports.batches import DECISIONS, PUBLISHING, SORTING, UNDOING, VERDICTS, ImportBatch, ImportRow
from models.imports.judging import REASONS
from models.imports.publishing import publish
from models.imports.reviewing import progress_of
from models.imports.sorting import sort_cases, undo
from models.imports.stage import judge
from models.imports.tables import FileTable
from models.office.long_work import Progress, register, running
from models.office.people import User
from models.store.base import among, database
from models.store.outage import DATABASE_ERRORS
from models.workflow.write import ConcurrentUpdate
from sop.vocabulary import vocabulary

log = logging.getLogger(__name__)
WORK: dict[str, Callable[[int], int]] = {  # by the state of the file
    PUBLISHING: publish,
    SORTING: sort_cases,
    UNDOING: undo,
}
DONE = {
    PUBLISHING: "Barisnya sudah dimasukkan; hasilnya ada pada halaman berkas.",
    SORTING: "Pengaduannya sudah dipilah.",
    UNDOING: "Impor sudah dibatalkan.",
}
JUDGED = "Berkas sudah dinilai; periksa barisnya, lalu masukkan."
UNJUDGED = "Penilaian terhenti. Hapus berkas ini, lalu pilih sekali lagi."
STOPPED = "Terhenti; lanjutkan kapan saja, tidak ada yang tergandakan."
PATIENCE = 1.2  # seconds that a request waits for a small file
_threads: dict[int, threading.Thread] = {}  # by file
_at_work: set[int] = set()
_lock = threading.Lock()


def begin_work(batch: int) -> None:
    """Start a thread for the file, unless one runs in this process: that one reads the file's new state."""
    with _lock:
        if batch in _at_work:
            return
        _at_work.add(batch)
        arguments = (batch, _progress(ImportBatch.get_by_id(batch)))
        _threads[batch] = threading.Thread(target=_work, args=arguments, name="impor", daemon=True)
        _threads[batch].start()


def begin_judging(batch: ImportBatch, table: FileTable, who: Viewer) -> None:
    """Judge a file's rows in a thread; until then they are only in memory. Waits up to PATIENCE seconds."""
    with _lock:
        _at_work.add(batch.id)
        arguments = (batch, table, who, _progress(batch))
        thread = threading.Thread(target=_judge, args=arguments, name="impor", daemon=True)
        _threads[batch.id] = thread
        thread.start()
    thread.join(PATIENCE)


def _progress(batch: ImportBatch) -> Progress:
    announce()
    url, number = url_for("impor.batch", number=batch.id), batch.id

    def measure() -> tuple[int, int]:
        return progress_of(ImportBatch.get_by_id(number))

    return register(f"Impor {batch.file}", by=batch.by, unit="baris", url=url, measure=measure)


def _judge(batch: ImportBatch, table: FileTable, who: Viewer, progress: Progress) -> None:
    try:
        with database.connection_context(), running(progress, JUDGED, UNJUDGED):
            judge(batch, table, who)
    except DATABASE_ERRORS as fault:
        log.error("the file %s is not read: %s", batch.id, type(fault).__name__)
    finally:
        _at_work.discard(batch.id)


def is_at_work(batch: int) -> bool:
    return batch in _at_work


def finish_work() -> None:
    """Wait for all threads."""
    while _threads:
        _threads.popitem()[1].join()


def _work(batch: int, progress: Progress) -> None:
    """Do the work of the file's state, and again if the state changed meanwhile, as by undoing."""
    done = ""
    try:
        with database.connection_context(), running(progress, lambda: DONE.get(done, STOPPED), STOPPED):
            while state := _next_state(batch, done):
                WORK[state](batch)
                done = state
    except (ConcurrentUpdate, *DATABASE_ERRORS) as fault:
        log.error("the file %s waits: %s", batch, type(fault).__name__)
    finally:
        _at_work.discard(batch)


def _next_state(batch: int, done: str) -> str:
    """The state to work on next; "" ends the thread, and a later request starts a new one."""
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
    """The report on a file; its cases are recorded in the access log first."""
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
    record_export(user, "laporan impor", sorted(cases), rows=len(rows), asked=batch.file)
    table = ExportTable("Laporan impor", HEADS, _portions(rows, cases), len(rows))
    name = f"laporan-impor-{batch.id}.{kind}"
    return csv_response(table, name) if kind == "csv" else xlsx_response([table], name)


def _openable(rows: Sequence[Row], user: User) -> dict[int, tuple[str, str]]:
    """Number and state by complaint, of those that the user may open."""
    ids = [complaint for *_, complaint in rows if complaint]
    cases = visible(user, Complaint).select(Complaint.id, Complaint.number, Complaint.state)
    portions = (
        row
        for start in range(0, len(ids), PORTION)
        for row in cases.where(among(Complaint.id, ids[start : start + PORTION])).tuples()
    )
    return {complaint: (number, vocabulary().states[state]) for complaint, number, state in portions}


def _portions(rows: Sequence[Row], cases: dict[int, tuple[str, str]]) -> Iterator[list[Sequence[Cell]]]:
    for start in range(0, len(rows), PORTION):
        portion = list[Sequence[Cell]]()
        for line, verdict, why, decision, of_line, complaint in rows[start : start + PORTION]:
            number, state = cases.get(complaint, (HIDDEN, "")) if complaint else ("", "")
            words = (VERDICTS[verdict], REASONS[why], DECISIONS[decision])
            portion.append((line, *words, of_line or "", number, state))
        yield portion
