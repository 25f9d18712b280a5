"""The panel makes its backups by itself: each night at its hour, and a missed one as soon as it can."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.backup.age import Spans
from models.backup.bound import is_taken
from models.backup.making import Source, make_backup
from models.installation.installation import last_installation
from models.installation.standing import is_copy
from models.office.settings import values
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from models.tables.backup import last_good, last_try
from sop.clock import WIB

log = logging.getLogger(__name__)
AGAIN = timedelta(hours=1)  # after one that failed
OLD = 26  # hours: a night that was missed
PAUSE = 60.0  # seconds


@dataclass(frozen=True)
class NightPlan:
    """Where backups lie, at which hour one is made, how long they stay; without a place there are none."""

    place: str
    hour: int
    spans: Spans

    def planned_before(self, at: datetime) -> datetime:
        """The last moment at which one was due."""
        today = at.astimezone(WIB).replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today <= at else today - timedelta(days=1)


def plan_in_force() -> NightPlan:
    """What the office has set."""
    told = values()
    spans = Spans(told["backup.days"], told["backup.weeks"], told["backup.months"])
    return NightPlan(str(told["backup.place"]).strip(), int(told["backup.hour"]), spans)


def place_taken() -> str:
    """The sentence by which the last try found the place to be another server's; "" if it did not, if the place is
    another one by now, and once somebody has decided what this server is since then."""
    tried = last_try()
    if tried is None or not is_taken(tried.fault) or tried.place != plan_in_force().place:
        return ""
    last = last_installation()
    return "" if last and last.at > tried.at else str(tried.fault)


def is_due(plan: NightPlan, at: datetime) -> bool:
    """Whether one is to be made now: none has been since the planned hour, and none failed a moment ago. What lies
    ahead is of a clock that was wrong: it would keep the office without a backup until then."""
    if not plan.place:
        return False
    good, tried = last_good(), last_try()
    if good and plan.planned_before(at) <= good.at <= at:
        return False
    return tried is None or not tried.fault or abs(at - tried.at) >= AGAIN


def follow(source: Source, stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Make each backup when it is due, until told to stop. Runs in a thread of its own."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                _make_if_due(source)
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("no backup could be begun: %s", type(trouble).__name__)
            stop.wait(AGAIN.total_seconds())  # as after one that failed: its row could not be written


def _make_if_due(source: Source) -> None:
    plan = plan_in_force()
    if not is_copy(source.var) and is_due(plan, now()):
        made = make_backup(source, plan.place, plan.spans)
        if made.fault:
            log.error("backup %s is not good: its row says why", made.name)
