"""Files that are being judged, published, sorted or taken back: by a thread of their own, so that nobody waits."""

import logging
import threading
from collections.abc import Callable

from models.complaint.scope import Viewer
from models.imports.batches import PUBLISHING, SORTING, UNDOING, ImportBatch
from models.imports.publishing import publish
from models.imports.sorting import sort_cases, undo
from models.imports.stage import judge
from models.imports.tables import FileTable
from models.store.base import database
from models.store.outage import DATABASE_ERRORS
from models.workflow.write import Overtaken

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
    """Judge a file's rows, which are kept nowhere but here until then. Whoever brought a small one waits for it."""
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
