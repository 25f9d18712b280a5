"""Files that are being published or taken back: by a thread of their own, so that nobody waits for an answer."""

import logging
import threading
from collections.abc import Callable

from models.publishing.portions import publish
from models.publishing.undoing import undo
from models.staging.batches import PUBLISHING, UNDOING
from models.store.base import database
from models.store.outage import DATABASE_ERRORS
from models.writer.write import Overtaken

log = logging.getLogger(__name__)
WORK: dict[str, Callable[[int], int]] = {PUBLISHING: publish, UNDOING: undo}  # by the state that asks for it
_threads: dict[int, threading.Thread] = {}  # by file


def begin_work(batch: int, state: str) -> None:
    """Work on a file until it is done, unless this process does so already. What was stopped goes on."""
    if not is_at_work(batch):
        _threads[batch] = threading.Thread(target=_work, args=(batch, state), name="impor", daemon=True)
        _threads[batch].start()


def is_at_work(batch: int) -> bool:
    return batch in _threads and _threads[batch].is_alive()


def finish_work() -> None:
    """Wait until nothing is worked on."""
    while _threads:
        _threads.popitem()[1].join()


def _work(batch: int, state: str) -> None:
    try:
        with database.connection_context():
            WORK[state](batch)
    except (Overtaken, *DATABASE_ERRORS) as trouble:
        log.error("the file %s waits: %s", batch, type(trouble).__name__)
