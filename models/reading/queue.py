"""A user's work queues: by awaited step, by acts off the main line, by assignment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from models.case.in_force import current, decides, decision_acts, is_own
from models.complaint.complaint import (
    RUNNING,
    Addressee,
    Complaint,
    is_addressed,
    is_late_now,
)
from models.complaint.paper import Paper, signatures_of_people, unsigned_among
from models.complaint.scope import FALSE, Viewer, any_of, is_readable, shape, visible
from models.office.people import BY_NAME, User
from models.reading.promises import LOOKING_AFTER, due_ids
from models.records.registry import RECORDS
from models.store import prepared
from models.store.base import database, union_all
from models.store.peewee_patches import WrittenCondition
from sop.access import OF_LEAD_UNIT, lanes, performers
from sop.flow import current_procedure
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.vocabulary import PAUSED, vocabulary
from sop.words import in_wib

# Reasons why a case is decided on separately; each takes the model (for SQL) or one row.
ALONE: dict[str, Callable[[Any], Any]] = {
    "darurat": lambda case: case.emergency,
    "rahasia": lambda case: case.secrecy == "rahasia",
    "berkadar pengawasan": lambda case: case.law_class == "berkadar",
    "pernah dikembalikan": lambda case: case.revision > 1,
}
MOST_LISTED = 1_000  # limit of counts in lists and on cards; above it the page says "lebih dari"
AT = prepared.slot("at")  # now, in a prepared query
MOST_COUNTED = 999  # limit of counts in the menu
MOST_CALLING = 5  # cases that the card of emergencies shows
NO_NUMBERS = (0, 0, 0, 0, 0)  # numbers of `_own_queues` where no case waits


@dataclass(frozen=True)
class Waiting:
    """The number of complaints that wait for one step, and of the urgent or late ones."""

    step: Transition
    count: int = 0
    emergency: int = 0  # these three only of what the user may do himself
    row_late: int = 0
    legal_late: int = 0
    apart: int = 0  # of `count`: another user must decide, since the text or the unit is his own
    special: int = 0  # of the rest: to be decided on separately


@dataclass(frozen=True)
class OwnTurn:
    """The number of complaints that the user has to do; of them late by SOP or law; of the others due soon."""

    count: int = 0
    late: int = 0
    soon: int = 0


def own_steps(who: Viewer) -> list[Transition]:
    """The main-line steps in one of the user's lanes; without receiving, for which no case waits."""
    return [step for step in vocabulary().steps if lanes(step) & who.lanes]


@dataclass(frozen=True)
class OwnQueues:
    """What waits for the user: complaints by step, those assigned to him by name (None for a head without any and for
    other lanes), paused ones that otherwise would be his turn, and papers for his own signature."""

    waiting: list[Waiting]
    assigned: Waiting | None = None
    paused: int = 0
    pause_over: int = 0  # of the paused ones, those whose `paused_until` has come
    papers: int = 0


def own_queues(who: Viewer, at: datetime) -> OwnQueues:
    """One statement, or none for a user who has no steps."""
    if not own_steps(who):
        return OwnQueues([])
    day = in_wib(at).date()
    own = prepared.run(("own_queues", *shape(who), day), lambda: _own_queues(who, day), at=_stored(at))
    rows = {(name, apart): numbers for name, *numbers, apart in own}  # apart: 0, 1 and NULL, as False, True and None
    named = rows.get(("#assigned", False))
    assigned = Waiting(_assigning_act(), *named[:-1]) if named else None
    return OwnQueues(
        [_waiting(step, rows) for step in own_steps(who)],
        None if assigned and who.heads and not assigned.count else assigned,
        _count_of(PAUSED, rows),
        rows.get((PAUSED, False), NO_NUMBERS)[-1],
        rows["#papers", False][0],
    )


def _waiting(step: Transition, rows: Mapping[tuple[str, bool | None], Sequence[int]]) -> Waiting:
    _, emergency, row_late, legal_late, special = rows.get((step.key, False), NO_NUMBERS)
    apart, *_ = rows.get((step.key, True), NO_NUMBERS)
    return Waiting(step, _count_of(step.key, rows), emergency, row_late, legal_late, apart, special)


def _count_of(state: str, rows: Mapping[tuple[str, bool | None], Sequence[int]]) -> int:
    return sum(rows.get((state, apart), NO_NUMBERS)[0] for apart in (False, True, None))


def _stored(at: datetime) -> Any:
    """A moment for the slot `AT`."""
    return Complaint.row_due_at.db_value(at)


def _own_queues(who: Viewer, day: date) -> Any:
    """Counts by name and, in the last column, by `_apart`, which is found out once for each case; NULL for a case that
    has no unit although it should. Each step is counted by itself, in the order of an index, which saves sorting."""
    count, pressing, none = pw.fn.COUNT(Complaint.id), tuple(map(_sum, _pressing(AT))), pw.SQL("0")
    only_counted = [none] * (len(NO_NUMBERS) - 1)
    counts = [_named_count("papers", _papers_to_sign(who).select(Paper.id), *only_counted, FALSE)]
    for step in own_steps(who):
        apart = _apart(who) if step in decision_acts() else FALSE
        turns = _readable(who, _is_turn(who, (step,))).select(
            pw.Value(step.key), count, *pressing, _sum(_special()), apart
        )
        # by position: PostgreSQL does not match bound parameters
        counts.append(turns if apart is FALSE else turns.group_by(pw.SQL("7")))
    paused = _readable(who, _is_paused_turn(who))
    counts.append(paused.select(pw.Value(PAUSED), count, *only_counted[1:], _sum(Complaint.paused_until <= day), FALSE))
    if BIDANG in who.lanes:
        given = _readable(who, is_given_to(who.user))
        counts.append(given.select(pw.Value("#assigned"), count, *pressing, none, FALSE))
    return union_all(counts).bind(database).tuples()


def _assigning_act() -> Transition:
    return next(step for step in vocabulary().transitions.values() if step.gives == "assigned")


@dataclass(frozen=True)
class FrameCounts:
    """What the frame of each page counts for the user: complaints that he has to do, by step, up to `MOST_COUNTED` in
    all, and by the act that ends a pause those whose pause is over; papers that wait for a signature, up to
    `MOST_LISTED` + 1; promises due, up to `MOST_COUNTED`; cases that require an act, and the ids of the oldest of them
    and of the newest, which may not have been seen yet."""

    by_step: dict[Transition, int]
    papers: int
    promises: int
    calling: int
    first_calling: list[int]


def frame_counts(who: Viewer, day: date, most: int = MOST_CALLING) -> FrameCounts:
    """Asked on every page: one statement, or none for a user for whom nothing can wait. `first_calling` has `most`."""
    key = ("frame_counts", *shape(who), day, most)
    rows = prepared.run(key, lambda: _frame_query(who, day, most)) if who.lanes else []
    counts = dict(rows)
    by_step = {step: counts.get(step.key, 0) for step in own_steps(who)}
    if over := counts.get("#pause_over"):
        by_step[vocabulary().transitions[PAUSED]] = over
    papers, promises, calling = (counts.get(f"#{name}", 0) for name in ("papers", "promises", "calling"))
    first_calling = dict.fromkeys(number for name, number in rows if name == "#first_calling")
    return FrameCounts(by_step, papers, promises, calling, [*first_calling])


def _frame_query(who: Viewer, day: date, most: int) -> Any:
    counts = []
    if own_steps(who):
        some = _turns_of(who).where(~_apart(who)).select(Complaint.state).limit(MOST_COUNTED).alias("some")
        counts.append(pw.Select([some], [some.c.state, pw.fn.COUNT(some.c.state)]).group_by(some.c.state))
        over = _readable(who, (Complaint.paused_until <= day) & _is_paused_turn(who)).select(Complaint.id)
        counts.append(_named_count("pause_over", over.limit(MOST_COUNTED)))
    if brings_papers(who):
        papers = unsigned_among(visible(who.user, Paper, who)).limit(MOST_LISTED + 1)
        counts.append(_named_count("papers", papers.select(Paper.id)))
    if who.lanes & LOOKING_AFTER:
        counts.append(_named_count("promises", due_ids(who, day).limit(MOST_COUNTED)))
    if not called_acts(who):
        return union_all(counts).bind(database).tuples()
    calling = _calling(who).select(Complaint.id, Complaint.recorded_at)
    calling = calling.cte("calling", columns=("id", "recorded_at"), materialized=True)  # found once for all three
    ids, order = pw.Select([calling], [calling.c.id]), (calling.c.recorded_at, calling.c.id)
    oldest, newest = ids.order_by(*order).limit(most - 1), ids.order_by(*(each.desc() for each in order)).limit(1)
    first = [some.alias("some") for some in (oldest, newest)]
    counts.append(_named_count("calling", ids))
    counts += [pw.Select([some], [pw.Value("#first_calling"), some.c.id]) for some in first]
    return union_all(counts).with_cte(calling).bind(database).tuples()


def _named_count(name: str, ids: Any, *more: Any) -> pw.Select:
    """The name, marked so that no state has it, and how many ids there are, as one row; then `more` columns."""
    some = ids.alias("some")
    return pw.Select([some], [pw.Value(f"#{name}"), pw.fn.COUNT(some.c.id), *more])


def own_turn(who: Viewer, at: datetime, soon: datetime) -> OwnTurn:
    """Complaints that the user has to do in all; late at `at`, and due until `soon`."""
    if not own_steps(who):
        return OwnTurn()
    late, then = (is_late_now(moment) for moment in (at, soon))
    late = pw.fn.COALESCE(late, pw.Value(False))
    figures = (pw.fn.COUNT(Complaint.id), _sum(late), _sum(~late & then))
    return OwnTurn(*_to_do(who, in_wib(at).date()).select(*figures).tuples().get())


def first(who: Viewer, at: datetime, count: int) -> list[Complaint]:
    """The most urgent complaints that the user has to do."""
    if not own_steps(who):
        return []
    day = in_wib(at).date()
    key = ("first", *shape(who), count, day)
    return prepared.run(key, lambda: _to_do(who, day).order_by(*by_urgency(AT)).limit(count), at=_stored(at))


def together(who: Viewer, step: Transition, at: datetime, most: int) -> list[int]:
    """Ids of the complaints that may take a step in bulk, most urgent first."""

    def build() -> Any:
        query = _turns_of(who).where((Complaint.state == step.key) & ~singly(who, step))
        return query.select(Complaint.id).order_by(*by_urgency(AT)).limit(most).tuples()

    return [key for (key,) in prepared.run(("together", *shape(who), step.key, most), build, at=_stored(at))]


def singly(who: Viewer, step: Transition) -> Any:
    """Condition: to be decided on separately for one of the reasons above, or by another user."""
    return _special() | _apart(who) if current_procedure().is_choice(step) else FALSE


def alone_because(case: Complaint) -> list[str]:
    """The reasons why a case is decided on separately, in words."""
    return [reason for reason, holds in ALONE.items() if holds(case)]


def waiting_for(who: Viewer, step: Transition, at: datetime) -> Any:
    """The complaints that wait for this step and that the user may move, most urgent first."""
    return _turns_of(who).where((Complaint.state == step.key) & ~_apart(who)).order_by(*by_urgency(at))


def totals(who: Viewer, at: datetime) -> dict[str, int]:
    """Counts of complaints visible to the user: by state, and `late` for the late open ones. Each is counted up to
    `MOST_LISTED` + 1, so that the cost does not grow with the data."""
    rows = prepared.run(("totals", *shape(who)), lambda: _totals(who), at=_stored(at))
    return {name.removeprefix("#"): count for name, count in rows}


def _totals(who: Viewer) -> Any:
    asked = {"late": is_late_now(AT), **{state: Complaint.state == state for state, _ in vocabulary().states.items()}}
    mine = visible(who.user, Complaint, who).select(Complaint.id).limit(MOST_LISTED + 1)
    return union_all([_named_count(name, mine.where(where)) for name, where in asked.items()]).bind(database).tuples()


def brings_papers(who: Viewer) -> bool:
    """Whether the user brings papers to the signers, as the Petugas does."""
    return PETUGAS in who.lanes


def own_papers_to_sign(who: Viewer) -> int:
    """The number of papers visible to the user that wait for his own signature."""
    return int(_papers_to_sign(who).count()) if who.lanes else 0


def _papers_to_sign(who: Viewer) -> Any:
    return unsigned_among(visible(who.user, Paper, who), signatures_of_people(who.accounts)).limit(MOST_LISTED + 1)


def _pressing(at: Any) -> tuple[Any, ...]:
    """Conditions on open cases: emergency, late by the SOP row, by law; in the order of the fields of `Waiting`."""
    return (Complaint.emergency, Complaint.row_due_at < at, Complaint.legal_due_at < at)


def by_urgency(at: Any) -> list[Any]:
    """ORDER BY of open cases: emergencies, then late by law, then late by the SOP, then the earliest due time."""
    emergency, row_late, legal_late = _pressing(at)
    order = [pw.Case(None, [(condition, 0)], 1) for condition in (emergency, legal_late, row_late)]
    return [*order, Complaint.row_due_at.is_null(), Complaint.row_due_at, Complaint.id]


def _apart(who: Viewer) -> Any:
    """Condition: a decision is awaited that another user must take, although it is the user's turn."""
    if not decides(who):
        return FALSE
    return WrittenCondition(Complaint, Complaint.state.in_([step.key for step in decision_acts()]) & is_own(who))


def _special() -> Any:
    """Condition: one of the reasons of `ALONE` holds."""
    return any_of([holds(Complaint) for holds in ALONE.values()])


def _sum(condition: Any) -> Any:
    return pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0)


def _turns_of(who: Viewer) -> Any:
    """The visible complaints whose awaited step is the user's turn."""
    return _readable(who, _is_turn(who))


def _to_do(who: Viewer, day: date) -> Any:
    """Those of the user's turn without what others decide, and those whose pause is over by this day."""
    states = Complaint.state.in_([*(step.key for step in own_steps(who)), PAUSED])  # by an index of states
    over = (Complaint.paused_until <= day) & _is_paused_turn(who)
    return _readable(who, states & ((_is_turn(who) & ~_apart(who)) | over))


def _readable(who: Viewer, where: Any) -> Any:
    """The visible complaints of a condition that is found out by state and unit for most, so before who may read it."""
    return Complaint.select().where(where & is_readable(who))


def _is_turn(who: Viewer, own: Sequence[Transition] = (), awaited: Any = Complaint.state) -> Any:
    """Condition: the user performs the awaited step, one of these or of all his own; each set of performers is asked
    once."""
    steps: dict[frozenset[str], list[Transition]] = {}
    for step in own or own_steps(who):
        steps.setdefault(performers(step), []).append(step)
    turns = [
        awaited.in_([step.key for step in alike]) & is_performer(who, alike[0])
        for needed, alike in steps.items()
        if needed & who.holds.keys()
    ]
    return any_of(turns)


def _is_paused_turn(who: Viewer) -> Any:
    return (Complaint.state == PAUSED) & _is_turn(who, awaited=Complaint.back)


def has_next(who: Viewer) -> Any:
    """Condition: the case waits for the user, or will after its pause; and no other user must decide."""
    steps = [step for step in own_steps(who) if performers(step) & who.holds.keys()]
    open_now = Complaint.state.in_([*(step.key for step in steps), PAUSED])  # by an index of states
    if all(performers(step) <= OF_LEAD_UNIT for step in steps):
        open_now &= Complaint.unit.in_(sorted(who.units))  # or of units and states
    return open_now & (_is_turn(who) | _is_paused_turn(who)) & ~_apart(who)


def is_decided_by_others(who: Viewer) -> Any:
    """Condition: it is the user's turn to decide, but another user must do it."""
    return Complaint.state.in_([step.key for step in own_steps(who)]) & _is_turn(who) & _apart(who)


def is_performer(who: Viewer, step: Transition) -> Any:
    """Condition: `scope.relations` and `access.performers` in SQL."""
    needed = performers(step)
    return any_of([where for relation, where in who.holds.items() if relation in needed])


def called_acts(who: Viewer) -> list[Transition]:
    """The acts in one of the user's lanes that a mark of a case can require."""
    return [act for act in current_procedure().called if lanes(act) & who.lanes]


def _calling(who: Viewer) -> Any:
    ways = [performers(act) & who.holds.keys() for act in called_acts(who)]
    return Complaint.select().where(is_calling(who) & is_readable(who, known=frozenset().union(*ways)))


def is_calling(who: Viewer) -> Any:
    """Condition: the case requires an act of the user."""
    ways = []
    for act in called_acts(who):
        is_marked = getattr(Complaint, act.called_by) == pw.Value(True)  # by the index of RUNNING: few of the open ones
        marked = is_marked & RUNNING & Complaint.state.in_(sorted(vocabulary().starts(act)))
        unsettled = [~_was_done(settling_act) for settling_act in current_procedure().settling_acts(act)]
        ways.append(reduce(and_, (marked, *unsettled, is_performer(who, act))))
    return any_of(ways)


def _was_done(act: Transition) -> pw.Expression:
    """Condition: a record of the act exists in the case's present round and was not recalled."""
    model: Any = RECORDS[act.record]
    made = (model.complaint == Complaint.id) & model.act.in_(vocabulary().keys_of(act)) & ~model.draft & ~model.recalled
    return pw.fn.EXISTS(model.select(pw.SQL("1")).where(made & current(model, "round")))


def is_given_to(user: Any) -> Any:
    """Condition: the case is handled by its unit, or paused there, and is assigned to this user by name."""
    with_unit = [key for key in vocabulary().open_states if vocabulary().transitions[key].actor == BIDANG]
    in_unit = Complaint.state.in_(with_unit) | ((Complaint.state == PAUSED) & Complaint.back.in_(with_unit))
    return in_unit & is_addressed(Addressee.handles & (Addressee.user == user))


def assignees_of(complaints: Iterable[Complaint]) -> dict[int, list[str]]:
    """Names of the users to whom each case is assigned under the disposition in force, by case id."""
    legs = {complaint.id: complaint.leg for complaint in complaints}
    query = Addressee.select(Addressee.complaint, Addressee.leg, User.name, User.active).join(User)
    query = query.where(Addressee.complaint.in_(list(legs)) & Addressee.handles).order_by(BY_NAME)
    names: dict[int, list[str]] = {}
    for case, leg, name, active in query.tuples():
        if leg == legs[case]:
            names.setdefault(case, []).append(name if active else f"{name} (nonaktif)")
    return names
