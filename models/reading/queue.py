"""What waits for a person: by awaited step, by acts beside the main line, by assignment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from models.case.in_force import current, decides, decision_acts, is_own
from models.complaint.complaint import Addressee, Complaint, is_addressed, is_late_by_law, is_late_by_row, is_late_now
from models.complaint.paper import Paper, hands_of_people, is_unsigned
from models.complaint.scope import Viewer, visible
from models.office.people import BY_NAME, User
from models.records.registry import RECORDS
from models.store.base import database
from sop.access import lanes, performers
from sop.flow import current_procedure
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.vocabulary import HELD, vocabulary

# Why a case is decided on by itself, asked of the table or of one row.
ALONE: dict[str, Callable[[Any], Any]] = {
    "darurat": lambda case: case.emergency,
    "rahasia": lambda case: case.secrecy == "rahasia",
    "berkadar pengawasan": lambda case: case.law_class == "berkadar",
    "pernah dikembalikan": lambda case: case.revision > 1,
}
MOST_TOLD = 1_000  # of anything beside a list or on a card; beyond it stands "lebih dari"
MOST_COUNTED = 999  # beside an entry of the menu


@dataclass(frozen=True)
class Waiting:
    """How many complaints wait for one step, and how many of them are urgent or late."""

    step: Transition
    count: int = 0
    emergency: int = 0  # these three of what is the person's own to do
    row_late: int = 0
    legal_late: int = 0
    apart: int = 0  # of `count`: somebody else's decision, since the text or the unit is his own
    special: int = 0  # of the rest: to be read one by one where the step decides


@dataclass(frozen=True)
class OwnTurn:
    """How many complaints wait for a person and are his to do; of them late, by SOP or law; of the rest due soon."""

    count: int = 0
    late: int = 0
    soon: int = 0


def own_steps(who: Viewer) -> list[Transition]:
    """The steps of the main line that are done in one of the person's lanes; receiving waits for nobody."""
    return [step for step in vocabulary().steps if lanes(step) & who.lanes]


def waiting(who: Viewer, at: datetime) -> list[Waiting]:
    """For each step that the person may do: what waits for it. One query; none for whom nothing can wait."""
    if not own_steps(who):
        return []
    apart = _apart(who)
    figures = (pw.fn.COUNT(Complaint.id), *pressing_sums(at, ~apart), _sum(apart), _sum(_special() & ~apart))
    rows = {
        state: numbers
        for state, *numbers in _turns_of(who).select(Complaint.state, *figures).group_by(Complaint.state).tuples()
    }
    return [Waiting(step, *rows.get(step.key, ())) for step in own_steps(who)]


def brief_counts(who: Viewer) -> dict[Transition, int]:
    """How much waits for each step and is the person's to do, counted up to `MOST_COUNTED` in all."""
    steps = own_steps(who)
    if not steps:
        return {}
    some = _turns_of(who).where(~_apart(who)).select(Complaint.state).limit(MOST_COUNTED).alias("some")
    query = pw.Select([some], [some.c.state, pw.fn.COUNT(some.c.state)]).group_by(some.c.state).bind(database)
    rows = dict(query.tuples())
    return {step: rows.get(step.key, 0) for step in steps}


def own_turn(who: Viewer, at: datetime, soon: datetime) -> OwnTurn:
    """The same in one figure, with what presses: by now, and until then."""
    if not own_steps(who):
        return OwnTurn()
    late, then = (is_late_now(moment) for moment in (at, soon))
    late = pw.fn.COALESCE(late, pw.Value(False))
    figures = (pw.fn.COUNT(Complaint.id), _sum(late), _sum(~late & then))
    return OwnTurn(*_turns_of(who).where(~_apart(who)).select(*figures).tuples().get())


def first(who: Viewer, at: datetime, count: int) -> list[Complaint]:
    """What to do first, of all that waits for the person and is his to do."""
    if not own_steps(who):
        return []
    return list(_turns_of(who).where(~_apart(who)).order_by(*by_urgency(at)).limit(count))


def together(who: Viewer, step: Transition, at: datetime, most: int) -> list[int]:
    """Ids of what may go through a step in one stroke, the most urgent first."""
    query = _turns_of(who).where((Complaint.state == step.key) & ~singly(who, step))
    return [key for (key,) in query.select(Complaint.id).order_by(*by_urgency(at)).limit(most).tuples()]


def singly(who: Viewer, step: Transition) -> Any:
    """Condition: decided on one by one, for one of the reasons above; or not the person's to decide."""
    return _special() | _apart(who) if current_procedure().is_choice(step) else pw.SQL("1 = 0")


def alone_because(case: Complaint) -> list[str]:
    """Why a case is decided on one by one, in words."""
    return [why for why, holds in ALONE.items() if holds(case)]


def pile(who: Viewer, step: Transition, at: datetime) -> Any:
    """The complaints that wait for a step of the person's and are his to move, the most urgent first."""
    return _turns_of(who).where((Complaint.state == step.key) & ~_apart(who)).order_by(*by_urgency(at))


def totals(who: Viewer, at: datetime) -> dict[str, int]:
    """How many complaints the person may read: by state, and `late` of the open ones. Each is counted up to one more
    than `MOST_TOLD`, so that the figures cost no more as the years go by."""
    asked = {"late": is_late_now(at), **{state: Complaint.state == state for state, _ in vocabulary().states.items()}}
    counts = [_some(visible(who.user, Complaint, who).where(here), name) for name, here in asked.items()]
    return dict(reduce(lambda one, other: one.union_all(other), counts).bind(database).tuples())


def _some(query: Any, name: str) -> Any:
    """A select of the name and of how many rows there are, at most one more than is told."""
    some = query.select(Complaint.id).limit(MOST_TOLD + 1).alias("some")
    return pw.Select([some], [pw.Value(name), pw.fn.COUNT(some.c.id)])


def count_held(who: Viewer) -> int:
    """How many complaints that would be the person's turn are on hold."""
    return int(_turns_of(who, Complaint.back, Complaint.state == HELD).count())


def brings_papers(who: Viewer) -> bool:
    """Whether papers that wait for somebody's hand are his to bring there: the Petugas does."""
    return PETUGAS in who.lanes


def own_papers_to_sign(who: Viewer) -> int:
    """How many papers that the person may read wait for a signature of his own: those that name him."""
    if not who.lanes:
        return 0
    mine = is_unsigned(hands_of_people(who.accounts))
    return int(visible(who.user, Paper, who).where(mine).limit(MOST_TOLD + 1).count())


def unsigned_papers(who: Viewer, most: int = MOST_TOLD + 1) -> int:
    """How many papers of the cases that the person may read wait to be signed by hand, counted up to `most`."""
    return int(visible(who.user, Paper, who).where(is_unsigned()).limit(most).count())


def _pressing(at: datetime) -> tuple[pw.Expression, ...]:
    """Emergency; late by the SOP's row; late by law. In the order in which `Waiting` counts them."""
    return (Complaint.emergency, is_late_by_row(at), is_late_by_law(at))


def pressing_sums(at: datetime, also: Any = None) -> tuple[Any, ...]:
    """How many of the rows are pressing, in the order in which `Waiting` counts them."""
    return tuple(_sum(condition if also is None else condition & also) for condition in _pressing(at))


def by_urgency(at: datetime) -> list[Any]:
    """Emergencies, then what is late by law, then by the SOP, then what is due soonest."""
    emergency, row_late, legal_late = _pressing(at)
    order = [pw.Case(None, [(condition, 0)], 1) for condition in (emergency, legal_late, row_late)]
    return [*order, Complaint.row_due_at.is_null(), Complaint.row_due_at, Complaint.id]


def _apart(who: Viewer) -> Any:
    """Awaiting a decision that is not the person's own, although it is his turn."""
    if not decides(who):
        return pw.SQL("1 = 0")
    return Complaint.state.in_([step.key for step in decision_acts()]) & is_own(who)


def _special() -> Any:
    """Condition: one of the reasons of `ALONE` holds."""
    return reduce(or_, (holds(Complaint) for holds in ALONE.values()))


def _sum(condition: Any) -> Any:
    return pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0)


def _turns_of(who: Viewer, awaited: Any = Complaint.state, also: Any = None) -> Any:
    """The visible complaints whose awaited step is the person's turn."""
    query = visible(who.user, Complaint, who).where(_is_turn(who, awaited))
    return query if also is None else query.where(also)


def _is_turn(who: Viewer, awaited: Any = Complaint.state) -> Any:
    turns = [(awaited == step.key) & is_performer(who, step) for step in own_steps(who)]
    return reduce(or_, turns) if turns else pw.SQL("1 = 0")


def has_next(who: Viewer) -> Any:
    """Condition: the case waits for the person, or will once it is held no longer; and is his to decide."""
    held = (Complaint.state == HELD) & _is_turn(who, Complaint.back)
    open_now = Complaint.state.in_([*(step.key for step in own_steps(who)), HELD])  # by the index of states
    return open_now & (_is_turn(who) | held) & ~_apart(who)


def is_somebody_else_s(who: Viewer) -> Any:
    """Condition: it is the person's turn to decide, but the decision is not his own."""
    return Complaint.state.in_([step.key for step in own_steps(who)]) & _is_turn(who) & _apart(who)


def is_performer(who: Viewer, step: Transition) -> Any:
    """`scope.standings` and `access.performers` as SQL, for the steps that wait for somebody."""
    needed = performers(step)
    return reduce(or_, (where for standing, where in who.holds.items() if standing in needed), pw.SQL("1 = 0"))


def called_acts(who: Viewer) -> list[Transition]:
    """The acts that a case can call for and that are done in one of the person's lanes."""
    return [act for act in current_procedure().called if lanes(act) & who.lanes]


def count_calling(who: Viewer) -> int:
    """How many cases call for an act of the person's; nobody is asked for whom there is none."""
    return int(_calling(who).count()) if called_acts(who) else 0


def first_calling(who: Viewer, most: int) -> list[int]:
    """Ids of the cases that call for an act of the person's, the oldest first: they have waited the longest. Where
    there are more of them, the newest takes the last place, which nobody may have seen yet."""
    query = _calling(who).select(Complaint.id)
    order = Complaint.recorded_at, Complaint.id
    oldest = [number for (number,) in query.order_by(*order).limit(most).tuples()]
    newest = query.order_by(*(column.desc() for column in order)).limit(1).scalar() if len(oldest) == most else None
    return oldest if newest is None or newest in oldest else [*oldest[:-1], int(newest)]


def _calling(who: Viewer) -> Any:
    return visible(who.user, Complaint, who).where(is_calling(who))


def is_calling(who: Viewer) -> Any:
    """Condition: the case calls for an act of the person's."""
    ways = [_calls_for(who, act) for act in called_acts(who)]
    return reduce(or_, ways) if ways else pw.SQL("1 = 0")


def _calls_for(who: Viewer, act: Transition) -> Any:
    here = getattr(Complaint, act.called_by) & Complaint.state.in_(sorted(vocabulary().starts(act)))
    return reduce(and_, (here, is_performer(who, act), *(~_was_done(one) for one in current_procedure().settling(act))))


def _was_done(act: Transition) -> pw.Expression:
    """A record of the act was made in the case's present round, and not pulled back."""
    model: Any = RECORDS[act.record]
    made = (model.complaint == Complaint.id) & model.act.in_(vocabulary().keys_of(act)) & ~model.draft & ~model.recalled
    return pw.fn.EXISTS(model.select(pw.SQL("1")).where(made & current(model, "round")))


def gives_by_name() -> Transition:
    """The act by which the head of a unit gives a case to members of his staff."""
    return next(step for step in vocabulary().transitions.values() if step.gives == "assigned")


def is_given_to(user: Any) -> Any:
    """Condition: the case is in the unit's hands, or held there, and this person was given it by name."""
    with_unit = [key for key in vocabulary().open_states if vocabulary().transitions[key].actor == BIDANG]
    here = Complaint.state.in_(with_unit) | ((Complaint.state == HELD) & Complaint.back.in_(with_unit))
    return here & is_addressed(Addressee.handles & (Addressee.user == user))


def assigned_queue(who: Viewer, at: datetime) -> Waiting | None:
    """How many cases were given to the person by name; None for whom nobody gives any: heads alone, other lanes."""
    if BIDANG not in who.lanes:
        return None
    query = visible(who.user, Complaint, who).where(is_given_to(who.user))
    numbers = query.select(pw.fn.COUNT(Complaint.id), *pressing_sums(at)).tuples().get()
    return Waiting(gives_by_name(), *numbers) if numbers[0] or not who.heads else None


def assignees_of(complaints: Iterable[Complaint]) -> dict[int, list[str]]:
    """The names of those whom each case was given to under the disposition in force, by id."""
    legs = {complaint.id: complaint.leg for complaint in complaints}
    query = Addressee.select(Addressee.complaint, Addressee.leg, User.name, User.active).join(User)
    query = query.where(Addressee.complaint.in_(list(legs)) & Addressee.handles).order_by(BY_NAME)
    names: dict[int, list[str]] = {}
    for case, leg, name, active in query.tuples():
        if leg == legs[case]:
            names.setdefault(case, []).append(name if active else f"{name} (nonaktif)")
    return names
