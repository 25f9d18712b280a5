"""What came back to somebody, and what of his went late, since he was told last: looked for once for everybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models.office.calendar import clock
from models.office.letterchoice import MarkedPlace
from models.reading.news import news_on
from models.reading.queue import has_next
from models.store.base import among
from models.tables.complaint import Complaint
from models.tables.event import Event
from models.tables.scope import Viewer, visible
from sop import flow

FORGOTTEN = timedelta(days=3)  # what was before that is no news, when nobody could be told for so long
# The acts that lead a case back onto the line where that is news, by all that they were called; with its words.
RETURNING = {
    key: act.news for key, act in flow.KNOWN.items() if act.news and not act.news_after and act.to in flow.AWAITED
}


@dataclass(frozen=True)
class RecentDeeds:
    """All that came back or went late from a place on, whosever it is."""

    returned: list[tuple[int, int, int]]  # entry of the history, case, by whom
    passed: list[tuple[int, datetime | None, datetime | None]]  # case, its limits by the SOP and by law

    def __bool__(self) -> bool:
        return bool(self.returned or self.passed)


@dataclass(frozen=True)
class Happened:
    """How many complaints came back to a person, and how many that wait for him went late."""

    back: int
    late: int


def deeds_since(place: MarkedPlace, at: datetime, last: int) -> RecentDeeds:
    """Up to this moment, and up to this entry of the history."""
    since = max(place.until, at - FORGOTTEN)
    limits = (Complaint.row_due_at, Complaint.legal_due_at)
    late = _within(limits[0], since, at) | _within(limits[1], since, at)
    passed = Complaint.select(Complaint.id, *limits).where(Complaint.state.in_(sorted(flow.OPEN_STATES)) & late)
    return RecentDeeds(_returned(place.event, last, at - FORGOTTEN), list(passed.tuples()))


def _returned(before: int, last: int, since: datetime) -> list[tuple[int, int, int]]:
    """By the numbers of the entries alone: they are few, and no other key finds fewer."""
    entries = (Event.id > before) & (Event.id <= last) & Event.act.in_(list(RETURNING))
    rows = Event.select(Event.id, Event.complaint, Event.user, Event.at).where(entries).tuples()
    return [(entry, case, by) for entry, case, by, when in rows if when > since]


def _within(limit: pw.Field, since: datetime, at: datetime) -> Any:
    return (limit > since) & (limit <= at)


def happened_to(who: Viewer, recent: RecentDeeds, place: MarkedPlace, at: datetime) -> Happened:
    """What of it is the person's, as he sees it now: what he has dealt with meanwhile, or may not open, is not told."""
    returned = {case for entry, case, by in recent.returned if entry > place.event and by != who.user.id}
    passed = {case for case, *limits in recent.passed if any(one and place.until < one <= at for one in limits)}
    news, words = news_on(_own(who, returned), who, at, clock), set(RETURNING.values())
    back = sum(any(one.words in words for one in marks) for marks in news.values())
    return Happened(back, len(_own(who, passed)))


def _own(who: Viewer, cases: Collection[int]) -> list[int]:
    """Those of these cases that wait for the person."""
    if not cases or not who.lanes:
        return []
    mine = visible(who.user, Complaint, who).where(among(Complaint.id, sorted(cases)) & has_next(who))
    return [number for (number,) in mine.select(Complaint.id).tuples()]
