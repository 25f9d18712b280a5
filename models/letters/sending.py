"""The worker that sends queued e-mails: one at a time, leased first, without an open transaction during SMTP."""

import logging
import threading
from datetime import datetime

from models.letters import queue
from models.letters.mail_server import ENOUGH, release_slot, take_slot
from models.letters.queue import (
    ADDRESS,
    GIVEN_UP,
    TAKEN,
    UNKNOWN,
    WITHHELD,
    Kinds,
    QueuedLetter,
    ReadyLetter,
    WithheldLetter,
)
from models.letters.smtp import Outbox, SendOutcome, SendResult, installed_outbox
from models.store.base import database, now
from models.store.installation import is_copy
from models.store.outage import DATABASE_ERRORS

log = logging.getLogger("panel.mail")
PAUSE = 20.0  # seconds between two polls of the queue
AFTER_FAULT = 60.0  # additional seconds after a failure of the server
BROKEN = "Surel ini tidak dapat disusun karena gangguan pada panel."
UNKNOWN_KIND = "Panel tidak lagi mengenal surel semacam ini."


def follow(kinds: Kinds, stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Poll the queue and send until stopped. Runs in a separate thread of every server process."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                is_well = send_waiting(kinds, stop)
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("letters wait: %s", type(trouble).__name__)
            is_well = False
        if not is_well:
            stop.wait(AFTER_FAULT)


def send_waiting(kinds: Kinds, stop: threading.Event | None = None) -> bool:
    """Send the due e-mails, one at a time; False if the server failed and the rest was not tried."""
    at = now()
    queue.end_broken_leases(at)
    queue.forget_addresses(at)
    by = installed_outbox()
    if by is None and not is_copy():
        queue.give_up_old(at)
    while by and not (stop and stop.is_set()) and (letter := queue.next_letter(now())):
        if not _send(letter, by, kinds):
            return False
    return True


def _send(letter: QueuedLetter, by: Outbox, kinds: Kinds) -> bool:
    """Send one e-mail; whether the next may be tried: the server has accepted or refused this one, or was not asked.
    After an unknown result the others are not tried, as they could end the same way."""
    at = now()
    with database.atomic():
        ready, place = _leased(letter, kinds, at)
    if ready is None:
        return True
    handover = by.send_queued(ready.to, ready.words, mark=letter.mark, named=ready.named)
    with database.atomic():
        _record_result(letter, handover, now())
        if place and handover.fate is SendResult.NOT_SENT:
            release_slot(place)
    return handover.fate is SendResult.TAKEN or (handover.fate is SendResult.NOT_SENT and bool(handover.code))


def _leased(letter: QueuedLetter, kinds: Kinds, at: datetime) -> tuple[ReadyLetter | None, int | None]:
    """Compose and lease an e-mail; with its id in the rate limit. (None, None) if it is not sent now."""
    composed = _composed(letter, kinds, at)
    if isinstance(composed, WithheldLetter):
        queue.withhold(letter, composed.sentence, at, GIVEN_UP if composed.can_be_mended else WITHHELD)
        return None, None
    place = take_slot(composed.to)
    if place is None:
        queue.postpone(letter, ENOUGH, at)
        return None, None
    if not queue.try_lease(letter, at):
        release_slot(place)
        return None, None
    if composed.seal and not composed.seal.is_gone:
        sealed = composed.seal.close_text(ADDRESS, composed.to)
        QueuedLetter.update(address=sealed).where(QueuedLetter.id == letter.id).execute()
    return composed, place


def _composed(letter: QueuedLetter, kinds: Kinds, at: datetime) -> ReadyLetter | WithheldLetter:
    """The composed e-mail; withheld if composing fails, so that it does not block the queue."""
    compose = kinds.get(letter.kind)
    if compose is None:
        return WithheldLetter(UNKNOWN_KIND, can_be_mended=True)
    try:
        return compose(letter, at)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        log.error("letter %s could not be composed: %s", letter.id, type(fault).__name__)
        return WithheldLetter(BROKEN, can_be_mended=True)


def _record_result(letter: QueuedLetter, handover: SendOutcome, at: datetime) -> None:
    if handover.fate is SendResult.TAKEN:
        queue.settle(letter, TAKEN, handover.sentence, at)
    elif handover.fate is SendResult.UNKNOWN:
        queue.settle(letter, UNKNOWN, handover.sentence, at)
    elif handover.is_for_good:
        queue.settle(letter, GIVEN_UP, handover.sentence, at)
    else:
        queue.retry_later(letter, handover.sentence, at)
