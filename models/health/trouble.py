"""How each duty stood at the last look, and the letters to the Pengelola Sistem about what does not stand well.

A letter goes when a trouble begins, once a day while it lasts, and once when it is over; about the same one never twice
within a day, however often it comes and goes. Whoever looks, in however many processes: each is queued once.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from models.health.duties import DUTIES, findings_at
from models.health.failing import KIND
from models.health.finding import WELL, WRONG, Finding, Surroundings
from models.health.kept import look_for_sheets
from models.health.lastlook import LONGEST, looked_last
from models.health.lastlook import DutyState as DutyState  # it is asked for here
from models.mail.outbox import installed_outbox
from models.office.people import User
from models.post.queue import NewLetter, queue
from models.staging.awaiting import clear_waiting
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from sop.access import ADMIN

log = logging.getLogger("panel.health")
DAY = timedelta(hours=23, minutes=30)  # looks are an hour apart: else a daily letter would go later each day
STALE = timedelta(minutes=65)  # a look is as old as that where no timer of the system's has looked meanwhile
PAUSE = 60.0  # seconds between two questions whether one is due


def follow(around: Callable[[], Surroundings], stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Look once an hour until told to stop. Runs in a thread of its own, in as many processes as serve."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                is_due = is_stale(now())
            if is_due:
                look_and_tell(around())
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("the panel could not be looked at: %s", type(trouble).__name__)


def is_stale(at: datetime) -> bool:
    """Whether nobody has looked for an hour."""
    looked = looked_last()
    return looked is None or abs(at - looked) >= STALE


def look_and_tell(place: Surroundings) -> dict[str, Finding]:
    """Look at everything, keep what was found, and queue the letters that are due; in the panel itself, which can read
    what is sealed."""
    with database.connection_context():
        look_for_sheets(place.at)
    findings = findings_at(place)
    keep_and_tell(findings, place.at)
    return findings


def keep_and_tell(findings: Mapping[str, Finding], at: datetime) -> None:
    """Where the database is away nothing can be kept, and nobody's address is known. Files that waited too long go."""
    with database.connection_context():
        keep_findings(findings, at)
        queue_letters(at)
        clear_waiting(at)


def keep_findings(findings: Mapping[str, Finding], at: datetime) -> None:
    """Note how everything stands now; since when stays where nothing has changed."""
    with database.atomic():
        before = {row.name: row for row in DutyState.select()}
        rows = [
            {
                "name": name,
                "state": finding.state,
                "sentence": finding.sentence[:LONGEST],
                "looked_at": at,
                "since": before[name].since if name in before and before[name].state == finding.state else at,
            }
            for name, finding in findings.items()
        ]
        changed = [DutyState.state, DutyState.sentence, DutyState.looked_at, DutyState.since]
        DutyState.insert_many(rows).on_conflict(conflict_target=[DutyState.name], preserve=changed).execute()
        DutyState.delete().where(DutyState.name.not_in(list(findings))).execute()  # of another version


def last_look() -> dict[str, DutyState]:
    """How everything stood, by name, in the order of the table; nothing before the first look."""
    rows = {row.name: row for row in DutyState.select()}
    return {duty.name: rows[duty.name] for duty in DUTIES if duty.name in rows}


def readers() -> list[User]:
    """Whom a letter about troubles reaches: nobody chooses it, as nobody chooses that the panel fails."""
    reached = User.active & (User.role == ADMIN) & User.email.is_null(False) & (User.email != "")
    return list(User.select().where(reached).order_by(User.id))


def queue_letters(at: datetime) -> None:
    """Tell what has begun, lasts for another day or is over; with it everything else that is wrong by then, so that
    the next letter of all of it goes in a day. Whoever else has told it first is left alone with it."""
    rows = list(last_look().values())
    people = readers() if installed_outbox() and any(_is_due(row, at) for row in rows) else []
    if not people:
        return
    with database.atomic() as transaction:
        if all(_is_marked(row, at) for row in rows if is_news(row)):  # in one order: nobody waits for another crosswise
            queue([NewLetter(f"{KIND}/{user.id}/{at.isoformat()}", KIND, user=user.id) for user in people], at)
        else:
            transaction.rollback()


def is_news(row: DutyState) -> bool:
    """Whether a letter has something to say of it: it is wrong, or was so at the last letter and is well by now."""
    return bool(row.state == WRONG or (row.state == WELL and row.told_wrong))


def _is_due(row: DutyState, at: datetime) -> bool:
    """Whether it calls for a letter of its own. One told of by a clock that ran ahead is told of anew."""
    return is_news(row) and (row.told_at is None or abs(at - row.told_at) >= DAY)


def _is_marked(row: DutyState, at: datetime) -> bool:
    """Whether it is told by this letter now, and not by somebody else's since it was read."""
    before = DutyState.told_at.is_null() if row.told_at is None else DutyState.told_at == row.told_at
    same = (DutyState.name == row.name) & (DutyState.state == row.state) & before
    return bool(DutyState.update(told_at=at, told_wrong=row.state == WRONG).where(same).execute())
