"""The signing desk of the Kepala Dinas: a summary of each case to decide on, and changes since the page was shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.blanks import empty_required_blanks, filled_blanks, record_of
from models.case.case import Case, came_back
from models.case.content import Composer
from models.case.in_force import WrittenRecord, records_in_force
from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.scope import Viewer, shape
from models.office.lists import Category
from models.office.people import Division
from models.reading import queue
from models.records.base import Blanks
from models.records.entry import missing_on_screen
from models.records.fields import blanks_in_words
from models.records.in_words import Names, Words, value_in_words
from models.records.registry import RECORDS
from models.store import prepared
from models.store.base import among
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, Transition
from sop.vocabulary import vocabulary

InWords = dict[str, Words]  # texts by label


@dataclass
class DeskCase:
    """One case on the desk: submitted records, proposed decision, missing data, and the reason of a return."""

    complaint: Complaint
    singly: bool  # excluded from "select all"
    own: Blanks  # the decision's blanks as proposed
    unproposed: list[str] = field(default_factory=list)  # labels of required blanks without a proposal
    brought: InWords = field(default_factory=dict)
    proposed: InWords = field(default_factory=dict)
    before: InWords = field(default_factory=dict)  # the reason if the case was returned
    missing: list[str] = field(default_factory=list)


def steps_of_desk() -> list[Transition]:
    """The bulk steps of the Kepala Dinas; each has a list on the desk."""
    return [step for step in vocabulary().steps if step.bulk and step.actor == KEPALA_DINAS]


def desk_cases(
    who: Viewer, step: Transition, at: datetime, *, ids: Sequence[int] | None = None, page: int = 0, size: int = 20
) -> list[DeskCase]:
    """A page of the cases that wait for the step; with `ids` those of them that still wait for it, in that order."""

    def build() -> Any:
        query = _with_parents(queue.waiting_for(who, step, queue.AT), who, step)
        return query.limit(size).offset(page * size) if ids is None else query.where(prepared.is_given(Complaint.id))

    key = ("desk_cases", *shape(who), step.key, *((size, page) if ids is None else ()))
    rows = prepared.run(key, build, ids or (), at=Complaint.row_due_at.db_value(at))
    if ids is not None:
        rows.sort(key=lambda c: list(ids).index(c.id))
    records = records_in_force(rows)
    names = Names()
    cases = (Case(c, c.category, who.user, at, {}, leg=c.leg, **vars(records[c.id])) for c in rows)
    return [_desk_case(case, step, names) for case in cases]


def _with_parents(query: Any, who: Viewer, step: Transition) -> Any:
    apart = queue.singly(who, step).alias("singly")
    person = (Person.complaint == Complaint.id) & (Person.kind == "pengadu")
    query = query.select(Complaint, Category, Division, Person, apart)
    query = query.join_from(Complaint, Category).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    return query.join_from(Complaint, Person, pw.JOIN.LEFT_OUTER, on=person, attr="pengadu")


def _desk_case(case: Case, step: Transition, names: Names) -> DeskCase:
    """A case on the desk; `brought` are the records in force of the row's earlier steps, on which is decided."""
    c, model, own = case.complaint, record_of(step), filled_blanks(case, step, {})
    steps = case.procedure.row_named(step.key).transitions
    brought: InWords = {}
    for key in (t.record for t in steps[: steps.index(step)] if t.record in case.records):
        brought |= blanks_in_words(RECORDS[key], case.records[key].blanks, names, RECORDS[key].gist)
    desk_case = DeskCase(
        c, bool(c.singly), own, brought=brought, missing=missing_on_screen(c, getattr(c, "pengadu", None))
    )
    if model and model.gist:
        desk_case.proposed = blanks_in_words(model, own, names, model.gist)
        desk_case.unproposed = [model.noun_of(blank) for blank in empty_required_blanks(step, own, {})]
        desk_case.singly = desk_case.singly or bool(desk_case.unproposed)
    if back := came_back(case):
        kind = RECORDS[back.record.key]
        words = blanks_in_words(kind, back.record.blanks, names, kind.gist)
        desk_case.before = {back.heading: " – ".join(str(word) for word in words.values())}
    return desk_case


def taken_back(step: Transition, cases: Collection[int]) -> frozenset[int]:
    """The cases whose last such step was recalled by the act right after it."""
    undoing = current_procedure().recall_act
    if undoing is None or step is undoing:
        return frozenset()
    acts: dict[int, list[str]] = {}
    done = among(Event.complaint, cases) & Event.act.in_(list(vocabulary().transitions))
    for case, act in Event.select(Event.complaint, Event.act).where(done).order_by(Event.id).tuples():
        acts.setdefault(case, []).append(act)
    return frozenset(case for case, line in acts.items() if _next_after(step.key, line) == undoing.key)


def _next_after(act: str, line: list[str]) -> str:
    """The act that follows the last occurrence of `act`; "" if there is none."""
    places = [place for place, earlier in enumerate(line[:-1]) if earlier == act]
    return line[places[-1] + 1] if places and act != line[-1] else ""


def taken_before(case: Case, act: Transition, version: int, blanks: Blanks | None) -> WrittenRecord | None:
    """The record of the same decision, already taken by the user at this version and not recalled, so that a form sent
    twice is recognised; None otherwise. `blanks` must be equal if given."""
    at_version = (Event.complaint == case.complaint) & (Event.version == version + 1) & (Event.act == act.key)
    event = Event.select(Event.at).where(at_version & (Event.user == case.user)).first()
    record = next((made for made in case.made if event and made.act == act.key and made.made_at == event.at), None)
    if record is None or record.recalled:
        return None
    filled = {} if blanks is None else filled_blanks(case, act, blanks)
    return record if all(record.blanks[name] == value for name, value in filled.items()) else None


def changes(cases: dict[int, Case], shown: dict[int, int]) -> dict[int, list[tuple[str, str, str]]]:
    """Changes since the versions that a page showed: (label, before, now) by complaint."""
    composer = Composer(cases, open_seals(cases), at=next(iter(cases.values())).at, demo=False) if cases else None
    return {number: _written_since(case, shown[number], composer) for number, case in cases.items()}


def _written_since(case: Case, version: int, composer: Any) -> list[tuple[str, str, str]]:
    seen = (Event.complaint == case.complaint) & (Event.version <= version)
    last = Event.select().where(seen).order_by(Event.id.desc()).first()
    fresh = [record for record in case.made if last is None or record.made_at > last.at]
    changed: dict[str, tuple[str, str]] = {}
    for record in fresh:
        older = [made for made in case.made if made.key == record.key and made not in fresh]
        old = composer.in_words(record.key, older[-1].blanks if older else {})
        new = composer.in_words(record.key, record.blanks)
        for label in {**old, **new}:
            changed[label] = value_in_words(old.get(label)), value_in_words(new.get(label))
    return [(label, before, now) for label, (before, now) in changed.items() if before != now]
