"""News for a user over many cases at once, from the acts of the cases assigned to him."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.news import TURN, News, PastAct, news_of
from models.complaint.complaint import Addressee, Complaint, is_addressed
from models.complaint.event import Event
from models.complaint.scope import Viewer, shape, visible
from models.office.people import User
from models.reading import queue
from models.store import prepared
from sop.clock import Clock
from sop.procedure import BIDANG, GIVES
from sop.vocabulary import vocabulary

MOST = 200  # cases checked, latest change of state first
HERE = (Event.complaint == Complaint.id) & (Event.round == Complaint.round)


def changed_cases(who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    """The news of all cases that the user has, by complaint; only those with news. One statement."""
    key = ("changed_cases", *shape(who))
    acts = prepared.run(key, lambda: _past_acts(who, Event.complaint.in_(_with_acts(who)))) if who.lanes else []
    return _news_of(acts, who, at, office_clock)


def _with_acts(who: Viewer) -> Any:
    """The latest cases that the user has in which something happened that may be news, as a query of ids."""
    acts = [key for key, act in vocabulary().acts.items() if act.news]
    has_acts = pw.fn.EXISTS(Event.select(pw.SQL("1")).where(HERE & Event.act.in_(acts)))
    query = visible(who.user, Complaint, who).where((queue.has_next(who) | _is_entrusted(who)) & has_acts)
    return query.select(Complaint.id).order_by(Complaint.state_since.desc(), Complaint.id.desc()).limit(MOST)


def news_on(ids: Sequence[int], who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    """The news of those of these cases that the user has; all must be visible to him. One statement."""
    key = ("news_on", *shape(who))
    asked = ids if who.lanes else ()
    acts = prepared.run(key, lambda: _past_acts(who, prepared.is_given(Event.complaint)), asked) if asked else []
    return _news_of(acts, who, at, office_clock)


def _news_of(past_acts: Any, who: Viewer, at: datetime, office_clock: Callable[[], Clock]) -> dict[int, list[News]]:
    acts: dict[int, list[PastAct]] = {}
    has: dict[int, set[str]] = {}
    for case, turn, assigned, entrusted, act, by, name, when, moved, by_other_unit in past_acts:
        acts.setdefault(case, []).append(PastAct(act, by, name, when, bool(moved), bool(by_other_unit)))
        has[case] = {way for way, holds in zip((TURN, *GIVES), (turn, assigned, entrusted), strict=True) if holds}
    news = {case: news_of(done, who.user.id, has=has[case], at=at, clock=office_clock) for case, done in acts.items()}
    return {case: marks for case, marks in news.items() if marks}


def _is_entrusted(who: Viewer) -> Any:
    return (Complaint.keeper == who.user) & Complaint.state.in_(list(vocabulary().open_states))


def _past_acts(who: Viewer, is_asked: Any) -> Any:
    """The acts of the present rounds of the selected cases that the user has, oldest first."""
    turn, assigned = queue.has_next(who), is_addressed(Addressee.handles & (Addressee.user == who.user))
    by_other_unit = (User.role == BIDANG) & (User.division != Complaint.unit)
    moved = pw.Case(None, [(Event.state_from != Event.state_to, 1)], 0)  # a bare comparison would be read as text
    past_act = (Event.act, Event.user, Event.who, Event.at, moved, by_other_unit)
    query = Event.select(Event.complaint, turn, assigned, _is_entrusted(who), *past_act)
    query = query.join(Complaint, on=HERE).join_from(Event, User, pw.JOIN.LEFT_OUTER)
    asked = is_asked & Event.act.in_(list(vocabulary().acts)) & (turn | _is_entrusted(who))
    return query.where(asked).order_by(Event.id).tuples()
