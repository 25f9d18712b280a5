"""Handing over what waits: one letter after the other, leased first, no transaction open while the server talks."""

import logging
import threading
from datetime import datetime

from models.letters import queue
from models.letters.mail_server import ENOUGH, give_back, take_place
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
from models.letters.smtp import Fate, Handover, Outbox, installed_outbox
from models.store.base import database, now
from models.store.installation import is_copy
from models.store.outage import DATABASE_ERRORS

log = logging.getLogger("panel.mail")
PAUSE = 20.0  # seconds between two looks at what waits
AFTER_FAULT = 60.0  # and after a server that took nothing: it is not asked for each letter in turn
BROKEN = "Surel ini tidak dapat disusun karena gangguan pada panel."
UNKNOWN_KIND = "Panel tidak lagi mengenal surel semacam ini."


def follow(kinds: Kinds, stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Hand over what waits, and what comes, until stopped. Runs in a thread of its own, in as many processes as
    serve."""
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
    """Hand over what is due, one after the other; False if the server took nothing, and the rest was not tried."""
    at = now()
    queue.end_broken_leases(at)
    queue.forget_addresses(at)
    by = installed_outbox()
    if by is None and not is_copy():
        queue.give_up_old(at)
    while by and not (stop and stop.is_set()) and (letter := queue.next_letter(now())):
        if not _is_over(letter, by, kinds):
            return False
    return True


def _is_over(letter: QueuedLetter, by: Outbox, kinds: Kinds) -> bool:
    """Whether the next one may be tried: the server has said something of this letter, or was not asked. One that
    leaves open what became of it may do so with all of them."""
    at = now()
    with database.atomic():
        ready, place = _taken_in_hand(letter, kinds, at)
    if ready is None:
        return True
    handover = by.send_unhurried(ready.to, ready.words, mark=letter.mark, named=ready.named)
    with database.atomic():
        _write_down(letter, handover, now())
        if place and handover.fate is Fate.NOT_SENT:
            give_back(place)
    return handover.fate is Fate.TAKEN or (handover.fate is Fate.NOT_SENT and bool(handover.code))


def _taken_in_hand(letter: QueuedLetter, kinds: Kinds, at: datetime) -> tuple[ReadyLetter | None, int | None]:
    """The letter as it goes, leased, with its place among those of its address; none if it does not go now."""
    composed = _composed(letter, kinds, at)
    if isinstance(composed, WithheldLetter):
        queue.withhold(letter, composed.sentence, at, GIVEN_UP if composed.can_be_mended else WITHHELD)
        return None, None
    place = take_place(composed.to)
    if place is None:
        queue.postpone(letter, ENOUGH, at)
        return None, None
    if not queue.is_leased(letter, at):
        give_back(place)
        return None, None
    if composed.seal and not composed.seal.is_gone:
        sealed = composed.seal.close_text(ADDRESS, composed.to)
        QueuedLetter.update(address=sealed).where(QueuedLetter.id == letter.id).execute()
    return composed, place


def _composed(letter: QueuedLetter, kinds: Kinds, at: datetime) -> ReadyLetter | WithheldLetter:
    """A letter that cannot be composed is withheld, so that no other waits for it."""
    compose = kinds.get(letter.kind)
    if compose is None:
        return WithheldLetter(UNKNOWN_KIND, can_be_mended=True)
    try:
        return compose(letter, at)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        log.error("letter %s could not be composed: %s", letter.id, type(fault).__name__)
        return WithheldLetter(BROKEN, can_be_mended=True)


def _write_down(letter: QueuedLetter, handover: Handover, at: datetime) -> None:
    if handover.fate is Fate.TAKEN:
        queue.settle(letter, TAKEN, handover.sentence, at)
    elif handover.fate is Fate.UNKNOWN:
        queue.settle(letter, UNKNOWN, handover.sentence, at)
    elif handover.is_for_good:
        queue.settle(letter, GIVEN_UP, handover.sentence, at)
    else:
        queue.put_back(letter, handover.sentence, at)
