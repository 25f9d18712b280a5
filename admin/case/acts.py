"""What a person can do to complaints, made from the table: bulk actions of lists, and the buttons of one complaint."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from admin.case.steps import open_step_page, step_url
from admin.door.rows import signed_in
from admin.lists.choosing import ChoosingAll, ChosenAct
from models.case.case import Case
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import Division
from models.records.registry import RECORDS
from models.store.base import among
from models.workflow.workflow import draft_refusal
from sop.access import lanes
from sop.procedure import Transition
from sop.vocabulary import vocabulary


@dataclass(frozen=True)
class ActButton:
    """One transition as a button of one complaint; `why` says why it cannot be done now."""

    transition: Transition
    url: str
    why: str = ""
    drafts: bool = False  # the person writes the draft; somebody else performs

    @property
    def label(self) -> str:
        record = RECORDS.get(self.transition.record)
        return f"Susun konsep {record.title}" if self.drafts and record else self.transition.label

    @property
    def tone(self) -> str:
        return self.transition.tone


@dataclass(frozen=True)
class Buttons:
    """The one next act, what the case itself calls for besides, and what else the person may do."""

    next: ActButton | None
    called: tuple[ActButton, ...]
    others: tuple[ActButton, ...]


def buttons_of(case: Case) -> Buttons:
    """What the person may do to this complaint now; the act that the state awaits comes first."""
    steps = case.procedure.from_state(case.complaint.state)
    open_acts = [button for t in steps if (button := _button(case, t))]
    awaited = next((a for a in open_acts if a.transition.waiting), None)  # only what a state waits for has such a name
    called = tuple(a for a in open_acts if case.calls_for(a.transition))
    return Buttons(awaited, called, tuple(a for a in open_acts if a is not awaited and a not in called))


def _button(case: Case, step: Transition) -> ActButton | None:
    """A step that the person may take, or write the draft of."""
    refused = case.may(step)
    if refused and draft_refusal(case, step):
        return None
    return ActButton(step, step_url(step, [case.complaint.id]), drafts=bool(refused))


def _counted(cases: list[int], *columns: Any) -> list[tuple[Any, ...]]:
    """How many of the cases there are of each kind, the most first."""
    count = pw.fn.COUNT(Complaint.id)
    query = Complaint.select(*columns, count).where(among(Complaint.id, cases)).group_by(*columns)
    return list(query.order_by(count.desc()).tuples())


class CaseActions(ChoosingAll):
    """Mixin of list views whose rows stand for complaints: every bulk transition is an action of the list."""

    primary_action: str | None = None

    def complaint_ids(self, row_ids: list[int]) -> list[int]:
        """The complaints behind rows; override where a row is not a complaint itself."""
        return row_ids

    def init_actions(self) -> None:
        super().init_actions()
        bulk = [act for act in vocabulary().transitions.values() if act.bulk]
        self.offer_first([(act.key, act.label, self._opener(act)) for act in bulk])  # first: on a phone the bar slides

    def _opener(self, transition: Transition) -> Callable[[list[int]], Any]:
        return lambda ids: open_step_page(transition, self.complaint_ids(ids))

    def chosen_acts(self, ids: list[int]) -> list[ChosenAct]:
        """Steps that some of the cases wait for, each with how many; papers without number."""
        states = Counter(dict(_counted(self.complaint_ids(ids), Complaint.state)))
        acts = []
        for key, label in self.get_actions_list()[0]:
            step = vocabulary().transitions.get(key)
            count = None if step is None else sum(states[state] for state in vocabulary().starts(step))
            acts += [ChosenAct(key, str(label), count)] if count != 0 else []
        return acts

    def chosen_summary(self, ids: list[int]) -> Sequence[tuple[str, str, int]]:
        units = dict(Division.select(Division.id, Division.name).tuples())
        counted = _counted(self.complaint_ids(ids), Complaint.state, Complaint.unit)
        return [(vocabulary().states[state], units.get(unit, ""), count) for state, unit, count in counted]

    def is_action_allowed(self, name: str) -> bool:
        """Offered to those who work in the lane of the transition; the verdict per complaint comes on the step page."""
        transition = vocabulary().transitions.get(name)
        if transition is None:
            return bool(super().is_action_allowed(name))
        return bool(lanes(transition) & viewer(signed_in()).lanes)
