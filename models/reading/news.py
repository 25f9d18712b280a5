"""News for a user over many cases at once, from the acts of the cases assigned to him."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import peewee as pw

from models.case.news import TURN, News, PastAct, news_of
from models.complaint.complaint import Addressee, Complaint, is_addressed
from models.complaint.event import Event
from models.complaint.scope import Viewer, is_readable, shape
from models.office.people import User
from models.reading import queue
from models.store import prepared
from models.store.base import without_index
from sop.clock import Clock
from sop.procedure import BIDANG, GIVES
from sop.vocabulary import vocabulary

MOST = 200  # cases checked, latest change of state first
HERE = (Event.complaint == Complaint.id) & (Event.round == Complaint.round)


def changed_cases(who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    """The news of all cases that the user has, by complaint; only those with news. One statement."""
    key = ("changed_cases", *shape(who))
    acts = prepared.run(key, lambda: _past_acts(_latest_cases(who))) if who.lanes else []
    return _news_of(acts, who, at, office_clock)


def _latest_cases(who: Viewer) -> Any:
    """The latest cases that the user has in which something happened that may be news."""
    acts = [key for key, act in vocabulary().acts.items() if act.news]
    has_acts = pw.fn.EXISTS(Event.select(pw.SQL("1")).where(HERE & _act().in_(acts)))
    query = _cases(who, Complaint.select()).where(has_acts & is_readable(who))  # of few cases, those that he has
    return query.order_by(Complaint.state_since.desc(), Complaint.id.desc()).limit(MOST)


def news_on(ids: Sequence[int], who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    """The news of those of these cases that the user has; all must be visible to him. One statement."""

    def build() -> Any:
        return _past_acts(_cases(who, Complaint.select().where(prepared.is_given(Complaint.id))))

    acts = prepared.run(("news_on", *shape(who)), build, ids) if who.lanes and ids else []
    return _news_of(acts, who, at, office_clock)


def _news_of(past_acts: Any, who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    acts: dict[int, list[PastAct]] = {}
    has: dict[int, set[str]] = {}
    until: dict[int, date | None] = {}
    for case, day, turn, assigned, entrusted, act, by, name, when, moved, by_other_unit in past_acts:
        if case not in acts:
            acts[case], until[case] = [], Complaint.paused_until.python_value(day)
            has[case] = {way for way, holds in zip((TURN, *GIVES), (turn, assigned, entrusted), strict=True) if holds}
        acts[case].append(PastAct(act, by, name, when, bool(moved), bool(by_other_unit)))
    news = {
        case: news_of(done, who.user.id, has=has[case], at=at, clock=office_clock, paused_until=until[case])
        for case, done in acts.items()
    }
    return {case: marks for case, marks in news.items() if marks}


def _act() -> Any:
    """The act, looked at in all entries of a round: there are fewer of them than acts to look for."""
    return without_index(Event.act)


def _is_entrusted(who: Viewer) -> Any:
    return (Complaint.keeper == who.user) & Complaint.state.in_(list(vocabulary().open_states))


def _cases(who: Viewer, cases: Any) -> Any:
    """Those of the cases that the user has, and how: found out once for each, not for each of its acts."""
    turn, assigned = queue.has_next(who), is_addressed(Addressee.handles & (Addressee.user == who.user))
    ways = {TURN: turn, "assigned": assigned, "entrusted": _is_entrusted(who)}
    named = [condition.alias(name) for name, condition in ways.items()]
    return cases.select(Complaint.id, Complaint.round, Complaint.unit, Complaint.paused_until, *named).where(
        turn | _is_entrusted(who)
    )


def _past_acts(cases: Any) -> Any:
    """The acts of the present rounds of these cases, oldest first."""
    mine = cases.alias("mine")
    by_other_unit = (User.role == BIDANG) & (User.division != mine.c.unit_id)
    moved = pw.Case(None, [(Event.state_from != Event.state_to, 1)], 0)  # a bare comparison would be read as text
    past_act = (Event.act, Event.user, Event.who, Event.at, moved, by_other_unit)
    query = Event.select(
        Event.complaint, mine.c.paused_until, mine.c.turn, mine.c.assigned, mine.c.entrusted, *past_act
    )
    query = query.join(mine, on=(Event.complaint == mine.c.id) & (Event.round == mine.c.round))
    query = query.join_from(Event, User, pw.JOIN.LEFT_OUTER)
    return query.where(_act().in_(list(vocabulary().acts))).order_by(Event.id).tuples()
