"""Bulk actions of lists and buttons of one complaint, generated from the procedure's transitions."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from admin.case.steps import open_step_page, step_url
from admin.door.flaskadmin import Handler
from admin.door.rows import signed_in
from admin.lists.bulk_actions import BulkAct, BulkActions
from models.case.case import Case
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import Division
from models.records.registry import RECORDS
from models.store.base import among
from models.workflow.workflow import draft_refusal
from sop.access import lanes
from sop.procedure import TURN, Transition
from sop.vocabulary import PAUSED, vocabulary


@dataclass(frozen=True)
class ActButton:
    """One transition as a button of one complaint; `why`: the reason if it is disabled."""

    transition: Transition
    url: str
    why: str = ""
    drafts: bool = False  # the user only writes the draft; another role performs the act

    @property
    def label(self) -> str:
        record = RECORDS.get(self.transition.record)
        return f"Susun konsep {record.title}" if self.drafts and record else self.transition.label

    @property
    def tone(self) -> str:
        return self.transition.tone


@dataclass(frozen=True)
class Buttons:
    """The awaited act, acts that the case calls for, and all other permitted acts."""

    next: ActButton | None
    called: tuple[ActButton, ...]
    others: tuple[ActButton, ...]


def buttons_of(case: Case) -> Buttons:
    """The acts that the user may do or draft on this complaint now."""
    open_acts = _open_acts(case, case.procedure.from_state(case.complaint.state))
    awaited = next((a for a in open_acts if a.transition.waiting), None)  # only awaited transitions have `waiting`
    called = tuple(a for a in open_acts if case.calls_for(a.transition))
    return Buttons(awaited, called, tuple(a for a in open_acts if a is not awaited and a not in called))


def called_acts(case: Case) -> list[ActButton]:
    """Of these only the acts that the case calls for."""
    return _open_acts(case, (step for step in case.procedure.called if case.calls_for(step)))


def _open_acts(case: Case, steps: Iterable[Transition]) -> list[ActButton]:
    refusals = ((step, case.refusal_of(step)) for step in steps)
    return [
        ActButton(step, step_url(step, [case.complaint.id]), drafts=bool(refused))
        for step, refused in refusals
        if not refused or not draft_refusal(case, step)
    ]


def _counted(cases: list[int], *columns: Any) -> list[tuple[Any, ...]]:
    """Number of cases per combination of columns, largest first."""
    count = pw.fn.COUNT(Complaint.id)
    query = Complaint.select(*columns, count).where(among(Complaint.id, cases)).group_by(*columns)
    return list(query.order_by(count.desc()).tuples())


def _letters(states: Iterable[str]) -> str:
    """A letter for each state: a list of cases must stay light."""
    places = list(vocabulary().states)
    return "".join(chr(ord("a") + places.index(state)) for state in states)


class CaseBulkActions(BulkActions):
    """Part of lists of complaints or of their records: every bulk transition is an action."""

    def __init__(self, cases_of_rows: Callable[[Any, list[int]], list[int]] | None = None) -> None:
        self.cases_of_rows = cases_of_rows  # (view, row ids) -> complaint ids; None where rows are complaints

    def complaint_ids(self, row_ids: list[int]) -> list[int]:
        return self.cases_of_rows(self.view, row_ids) if self.cases_of_rows else row_ids

    def first_actions(self) -> Sequence[tuple[str, str, Handler]]:
        """First, since the action bar scrolls on a phone."""
        return [(act.key, act.label, self._opener(act)) for act in vocabulary().transitions.values() if act.bulk]

    def _opener(self, transition: Transition) -> Handler:
        return lambda ids: open_step_page(transition, self.complaint_ids(ids))

    def states_of(self, rows: Sequence[Any]) -> str:
        return _letters(row.state if isinstance(row, Complaint) else row.complaint.state for row in rows)

    def fits(self, action: str) -> Mapping[str, str]:
        """An act of whose turn it is fits only where it may be the user's turn."""
        step = vocabulary().transitions.get(action)
        if step is None:
            return {}
        states = vocabulary().starts(step)
        if step.actor == TURN:
            mine = viewer(signed_in()).lanes
            states = frozenset(s for s in states if s == PAUSED or lanes(vocabulary().transitions[s]) & mine)
        return {"main" if step.waiting else "fits": _letters(sorted(states))}

    def acts(self, ids: list[int]) -> list[BulkAct]:
        """Steps that some of the cases wait for, with their number; other actions without."""
        states = Counter(dict(_counted(self.complaint_ids(ids), Complaint.state)))
        acts = []
        for key, label in self.view.get_actions_list()[0]:
            step = vocabulary().transitions.get(key)
            count = None if step is None else sum(states[state] for state in vocabulary().starts(step))
            acts += [BulkAct(key, str(label), count)] if count != 0 else []
        return acts

    def summary(self, ids: list[int]) -> Sequence[tuple[str, str, int]]:
        units = dict(Division.select(Division.id, Division.name).tuples())
        counted = _counted(self.complaint_ids(ids), Complaint.state, Complaint.unit)
        return [(vocabulary().states[state], units.get(unit, ""), count) for state, unit, count in counted]

    def allows(self, action: str) -> bool:
        """For users in the transition's lanes; the step page checks each complaint."""
        transition = vocabulary().transitions.get(action)
        return transition is None or bool(lanes(transition) & viewer(signed_in()).lanes)
