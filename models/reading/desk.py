"""What lies on the desk of the Kepala Dinas: of each case the gist of what he decides on, and what changed since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.blanks import filled_blanks, left_empty, record_of
from models.case.case import Case, came_back
from models.case.content import Composer, missing
from models.case.in_force import WrittenRecord, in_hand
from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.scope import Viewer
from models.office.lists import Category
from models.office.people import Division
from models.reading import queue
from models.records.base import Blanks
from models.records.fields import blanks_in_words
from models.records.in_words import Names, Words, value_in_words
from models.records.registry import RECORDS
from models.store.base import among
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, Transition
from sop.vocabulary import vocabulary

InWords = dict[str, Words]  # texts by label


@dataclass
class Slip:
    """One case on the desk: what was brought with it, what is proposed, what is lacking, what was said before."""

    complaint: Complaint
    singly: bool  # never ticked with all the others
    own: Blanks  # the blanks as they would be filled in
    unproposed: list[str] = field(default_factory=list)  # what must be filled in, and is not by them
    brought: InWords = field(default_factory=dict)
    proposed: InWords = field(default_factory=dict)
    before: InWords = field(default_factory=dict)  # why it came here by a detour
    missing: list[str] = field(default_factory=list)


def steps_of_desk() -> list[Transition]:
    """The steps that the Kepala Dinas takes for many cases at once: each a pile of his desk."""
    return [step for step in vocabulary().steps if step.bulk and step.actor == KEPALA_DINAS]


def slips(
    who: Viewer, step: Transition, at: datetime, *, ids: Sequence[int] | None = None, page: int = 0, size: int = 20
) -> list[Slip]:
    """A page of what waits for the step; or of these complaints those that still wait for it, in the order given."""
    query = _with_parents(queue.pile(who, step, at), who, step)
    rows = list(query.limit(size).offset(page * size) if ids is None else query.where(Complaint.id.in_(list(ids))))
    if ids is not None:
        rows.sort(key=lambda c: list(ids).index(c.id))
    hands = in_hand(rows)
    names = Names()
    cases = (Case(c, c.category, who.user, at, {}, leg=c.leg, **vars(hands[c.id])) for c in rows)
    return [_slip(case, step, names) for case in cases]


def _with_parents(query: Any, who: Viewer, step: Transition) -> Any:
    apart = queue.singly(who, step).alias("singly")
    person = (Person.complaint == Complaint.id) & (Person.kind == "pengadu")
    query = query.select(Complaint, Category, Division, Person, apart)
    query = query.join_from(Complaint, Category).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    return query.join_from(Complaint, Person, pw.JOIN.LEFT_OUTER, on=person, attr="pengadu")


def _slip(case: Case, step: Transition, names: Names) -> Slip:
    """A case on the desk; `brought` is what the earlier steps of the row wrote that is in force: it is decided on."""
    c, model, own = case.complaint, record_of(step), filled_blanks(case, step, {})
    steps = case.procedure.row_named(step.key).transitions
    brought: InWords = {}
    for key in (t.record for t in steps[: steps.index(step)] if t.record in case.records):
        brought |= blanks_in_words(RECORDS[key], case.records[key].blanks, names, RECORDS[key].gist)
    slip = Slip(c, bool(c.singly), own, brought=brought, missing=missing(c, getattr(c, "pengadu", None)))
    if model and model.gist:
        slip.proposed = blanks_in_words(model, own, names, model.gist)
        slip.unproposed = [str(blank.verbose_name) for blank in left_empty(step, own, {})]
        slip.singly = slip.singly or bool(slip.unproposed)
    if back := came_back(case):
        kind = RECORDS[back.record.key]
        words = blanks_in_words(kind, back.record.blanks, names, kind.gist)
        slip.before = {back.heading: " – ".join(str(word) for word in words.values())}
    return slip


def taken_back(step: Transition, cases: Collection[int]) -> frozenset[int]:
    """Those of these cases whose last such step has been taken back: that undoes the act right before it."""
    undoing = current_procedure().takes_back
    if undoing is None or step is undoing:
        return frozenset()
    acts: dict[int, list[str]] = {}
    done = among(Event.complaint, cases) & Event.act.in_(list(vocabulary().transitions))
    for case, act in Event.select(Event.complaint, Event.act).where(done).order_by(Event.id).tuples():
        acts.setdefault(case, []).append(act)
    return frozenset(case for case, line in acts.items() if _next_after(step.key, line) == undoing.key)


def _next_after(act: str, line: list[str]) -> str:
    """What was done right after the last time that this was; "" if nothing was."""
    places = [place for place, one in enumerate(line[:-1]) if one == act]
    return line[places[-1] + 1] if places and act != line[-1] else ""


def taken_before(case: Case, act: Transition, version: int, blanks: Blanks | None) -> WrittenRecord | None:
    """The record of this very decision, where the person took it at this version and it stands: sent once more, it is
    done already. Without `blanks`, with whichever."""
    at_version = (Event.complaint == case.complaint) & (Event.version == version + 1) & (Event.act == act.key)
    event = Event.select(Event.at).where(at_version & (Event.user == case.user)).first()
    record = next((one for one in case.made if event and one.act == act.key and one.made_at == event.at), None)
    if record is None or record.recalled:
        return None
    filled = {} if blanks is None else filled_blanks(case, act, blanks)
    return record if all(record.blanks[name] == value for name, value in filled.items()) else None


def changes(cases: dict[int, Case], shown: dict[int, int]) -> dict[int, list[tuple[str, str, str]]]:
    """What was written since the versions that a page showed: (blank, before, now) by complaint."""
    composer = Composer(cases, open_seals(cases), at=next(iter(cases.values())).at, demo=False) if cases else None
    return {number: _written_since(case, shown[number], composer) for number, case in cases.items()}


def _written_since(case: Case, version: int, composer: Any) -> list[tuple[str, str, str]]:
    seen = (Event.complaint == case.complaint) & (Event.version <= version)
    last = Event.select().where(seen).order_by(Event.id.desc()).first()
    fresh = [record for record in case.made if last is None or record.made_at > last.at]
    changed: dict[str, tuple[str, str]] = {}
    for record in fresh:
        older = [one for one in case.made if one.key == record.key and one not in fresh]
        changed |= _differences(composer, older[-1] if older else None, record)
    return [(label, old, new) for label, (old, new) in changed.items() if old != new]


def _differences(composer: Any, older: WrittenRecord | None, newer: WrittenRecord) -> dict[str, tuple[str, str]]:
    """What two records of a kind say, by label."""
    old, new = (composer.in_words(newer.key, one.blanks if one else {}) for one in (older, newer))
    return {label: (value_in_words(old.get(label)), value_in_words(new.get(label))) for label in {**old, **new}}
