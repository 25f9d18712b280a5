"""The worker that sends queued e-mails: one at a time, leased first, without an open transaction during SMTP."""

import logging
import threading
from datetime import datetime

from models.email import queue
from models.email.mail_server import ENOUGH, release_slot, take_slot
from models.email.queue import (
    ADDRESS,
    GIVEN_UP,
    TAKEN,
    UNKNOWN,
    WITHHELD,
    Kinds,
    QueuedEmail,
    ReadyEmail,
    WithheldEmail,
)
from models.email.smtp import Outbox, SendResult, installed_outbox
from models.store.base import EMAILS, PERIOD, database, now
from models.store.installation import is_copy
from models.store.outage import DATABASE_ERRORS

log = logging.getLogger("panel.mail")
AFTER_FAULT = 60.0  # additional seconds after a failure of the server
BROKEN = "Surel ini tidak dapat disusun karena gangguan pada panel."
UNKNOWN_KIND = "Panel tidak lagi mengenal surel semacam ini."


def run_email_queue(kinds: Kinds, stop: threading.Event, *, pause: float = PERIOD) -> None:
    """Send what is queued until stopped. Runs in a separate thread of every server process."""
    while EMAILS.wait(stop, pause):
        try:
            with database.connection_context():
                is_well = send_waiting(kinds, stop)
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("e-mails wait: %s", type(trouble).__name__)
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
    while by and not (stop and stop.is_set()) and (email := queue.next_email(now())):
        if not _send(email, by, kinds):
            return False
    return True


def _send(email: QueuedEmail, by: Outbox, kinds: Kinds) -> bool:
    """Send one e-mail; whether the next may be tried: the server has accepted or refused this one, or was not asked.
    After an unknown result the others are not tried, as they could end the same way."""
    at = now()
    with database.atomic():
        ready, place = _leased(email, kinds, at)
    if ready is None:
        return True
    outcome = by.send_queued(ready.to, ready.words, mark=email.mark, named=ready.named)
    with database.atomic():
        over_at = now()
        if outcome.fate is SendResult.TAKEN:
            queue.settle(email, TAKEN, outcome.sentence, over_at)
        elif outcome.fate is SendResult.UNKNOWN:
            queue.settle(email, UNKNOWN, outcome.sentence, over_at)
        elif outcome.is_for_good:
            queue.settle(email, GIVEN_UP, outcome.sentence, over_at)
        else:
            queue.retry_later(email, outcome.sentence, over_at)
        if place and outcome.fate is SendResult.NOT_SENT:
            release_slot(place)
    return outcome.fate is SendResult.TAKEN or (outcome.fate is SendResult.NOT_SENT and bool(outcome.code))


def _leased(email: QueuedEmail, kinds: Kinds, at: datetime) -> tuple[ReadyEmail | None, int | None]:
    """Compose and lease an e-mail; with its id in the rate limit. (None, None) if it is not sent now."""
    composed = _composed(email, kinds, at)
    if isinstance(composed, WithheldEmail):
        queue.withhold(email, composed.sentence, at, GIVEN_UP if composed.can_be_mended else WITHHELD)
        return None, None
    place = take_slot(composed.to)
    if place is None:
        queue.postpone(email, ENOUGH, at)
        return None, None
    if not queue.try_lease(email, at):
        release_slot(place)
        return None, None
    if composed.seal and not composed.seal.is_gone:
        sealed = composed.seal.close_text(ADDRESS, composed.to)
        QueuedEmail.update(address=sealed).where(QueuedEmail.id == email.id).execute()
    return composed, place


def _composed(email: QueuedEmail, kinds: Kinds, at: datetime) -> ReadyEmail | WithheldEmail:
    """The composed e-mail; withheld if composing fails, so that it does not block the queue."""
    compose = kinds.get(email.kind)
    if compose is None:
        return WithheldEmail(UNKNOWN_KIND, can_be_mended=True)
    try:
        return compose(email, at)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        log.error("e-mail %s could not be composed: %s", email.id, type(fault).__name__)
        return WithheldEmail(BROKEN, can_be_mended=True)
