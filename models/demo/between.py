"""Acts of the table that no plan knows, put where a case goes on behind them: so the demo's cases pass a row more."""

from collections.abc import Iterator
from datetime import datetime

from models.case.blanks import reasons, record_of
from models.demo.people import sign_in_of
from models.demo.plan import Plan, PlannedAct
from models.demo.steps import STEPS, chief, clerk, head
from models.fields.kinds import kind_of
from models.records.base import Blanks
from sop import flow
from sop.clock import Clock
from sop.procedure import BIDANG, KEPALA_DINAS, PETUGAS, Transition

UNPLANNED = frozenset(flow.AWAITED) - {key for key, _, _ in STEPS.values()}
WHO = {PETUGAS: clerk, KEPALA_DINAS: chief, BIDANG: head}


def passing(plan: Plan, clock: Clock) -> list[PlannedAct]:
    """The acts of a plan with those among them that the table asks for meanwhile. Where the plan ends, the case stays:
    also before an act that it does not know."""
    acts: list[PlannedAct] = []
    state = back = flow.RECEIVE.key
    for act in plan.acts:
        step = flow.TRANSITIONS.get(act.key)
        for missing in _before(step, state) if step else ():
            acts.append(_act(missing, plan, _between(acts[-1].at, act.at, clock)))
            state, back = flow.target(missing, state=state), state
        if step and state in flow.starts(step):
            then = flow.target(step, state=state, back=back)
            state, back = then, state if then != state else back
        acts.append(act)
    return acts


def _before(step: Transition, state: str) -> Iterator[Transition]:
    """The unplanned acts through which a case goes until the step may begin."""
    while state in UNPLANNED and state not in flow.starts(step):
        yield flow.TRANSITIONS[state]
        state = flow.target(flow.TRANSITIONS[state], state=state)


def _act(step: Transition, plan: Plan, at: datetime) -> PlannedAct:
    who = WHO[step.actor](plan) if step.actor in WHO else sign_in_of(step.actor)
    return PlannedAct(at, step.key, who, _blanks(step, at))


def _blanks(step: Transition, at: datetime) -> Blanks:
    """What must be filled in: the office's first reason, else something invented."""
    model, lists = record_of(step), reasons()
    asked = [blank for blank in model.blanks() if model.required(blank, step.key, lists)] if model else []
    known = {blank.name: kind_of(blank).invented(blank, at) for blank in asked}
    return {**known, **{name: lists[step.key][0] for name in known if name == "reason"}}


def _between(first: datetime, then: datetime, clock: Clock) -> datetime:
    """Half-way, while the office is open."""
    half = clock.elapsed(first, then) / 2
    return clock.opening(clock.plus(first, half)) if half else first + (then - first) / 2
