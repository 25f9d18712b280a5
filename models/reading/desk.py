"""What lies on the desk of the Kepala Dinas: of each case the gist of what he decides on, and what changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.blanks import filled, record_of
from models.case.case import Case
from models.content.content import Composer, missing, told
from models.office.lists import Category
from models.office.people import Division
from models.reading import queue
from models.records.base import Record
from models.records.registry import RECORDS
from models.tables.complaint import Complaint, Person
from models.tables.event import Event, open_seals
from models.tables.scope import Viewer
from sop import flow
from sop.procedure import KEPALA_DINAS, ROWS, Transition

STEPS = tuple(t for t in flow.MAIN_LINE if t.bulk and t.actor == KEPALA_DINAS)
Told = dict[str, Any]  # texts by label


@dataclass
class Slip:
    """One case on the desk: what was brought with it, what is proposed, what is lacking, what was said before."""

    complaint: Complaint
    singly: bool  # never ticked with all the others
    own: dict[str, Any]  # the blanks as they would be filled in
    brought: Told = field(default_factory=dict)
    proposed: Told = field(default_factory=dict)
    before: Told = field(default_factory=dict)  # why it came here by a detour
    missing: list[str] = field(default_factory=list)


def ways_back(step: Transition) -> list[Transition]:
    """How a case leaves the desk unapproved: the detours of the Kepala Dinas that begin where the step is awaited."""
    return [t for t in flow.from_state(step.key) if t.actor == KEPALA_DINAS and t is not step]


def slips(
    who: Viewer, step: Transition, at: datetime, *, ids: Sequence[int] | None = None, page: int = 0, size: int = 20
) -> list[Slip]:
    """A page of what waits for the step; or of these complaints those that still wait for it, in the order given."""
    query = _with_parents(queue.pile(who, step, at), who, step)
    rows = list(query.limit(size).offset(page * size) if ids is None else query.where(Complaint.id.in_(list(ids))))
    if ids is not None:
        rows.sort(key=lambda c: list(ids).index(c.id))
    brought = [(t, _in_force(model, rows)) for t in _before(step) if (model := record_of(t)) and model.gist]
    model, detours = record_of(step), _detours(rows)
    names = {Division: {d.id: d for d in Division.select()}} if model and model.gist else {}
    return [_slip(c, step, who, at, brought, detours, names) for c in rows]


def _with_parents(query: Any, who: Viewer, step: Transition) -> Any:
    apart = queue.singly(who, step).alias("singly")
    person = (Person.complaint == Complaint.id) & (Person.kind == "pengadu")
    query = query.select(Complaint, Category, Division, Person, apart)
    query = query.join_from(Complaint, Category).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    return query.join_from(Complaint, Person, pw.JOIN.LEFT_OUTER, on=person, attr="pengadu")


def _before(step: Transition) -> list[Transition]:
    """The steps of the same row that come before: what they brought is decided on."""
    steps = ROWS[flow.ROW_OF[step.key] - 1].transitions
    return list(steps[: steps.index(step)])


def _in_force(model: type[Record], rows: Sequence[Complaint]) -> dict[int, dict[str, Any]]:
    """The records that count now, by complaint."""
    here = (model.complaint == Complaint.id) & (model.round == Complaint.round) & ~model.draft & ~model.recalled
    if model.per != "round":
        here &= model.leg == Complaint.leg
    if model.per == "revision":
        here &= model.revision == Complaint.revision
    query = model.select().join(Complaint, on=here).where(model.complaint.in_([c.id for c in rows]))
    return {row["complaint"]: row for row in query.order_by(model.id).dicts()}


def _detours(rows: Sequence[Complaint]) -> dict[int, tuple[Transition, dict[str, Any]]]:
    """The last act of those cases that came here by a detour, with its record."""
    found: dict[int, tuple[Transition, dict[str, Any]]] = {}
    for step in {flow.TRANSITIONS[c.last_act] for c in rows if c.last_act}:
        model = None if flow.is_main(step) else record_of(step)
        if model and model.gist:
            ids = [c.id for c in rows if c.last_act == step.key]
            query = model.select().where(model.complaint.in_(ids) & (model.act == step.key)).order_by(model.id)
            found |= {row["complaint"]: (step, row) for row in query.dicts()}
    return found


def _slip(
    c: Complaint,
    step: Transition,
    who: Viewer,
    at: datetime,
    brought: list[Any],
    detours: dict[int, Any],
    names: dict[Any, Any],
) -> Slip:
    records = {t.record: rows[c.id] for t, rows in brought if c.id in rows}
    case = Case(c, c.category, who.user, at, {}, records=records, leg=c.leg)
    model, own = record_of(step), filled(case, step, {})
    said: Told = {}
    for key, row in records.items():
        said |= told(RECORDS[key], row, RECORDS[key].gist, names)
    slip = Slip(c, bool(c.singly), own, said, missing=missing(c, getattr(c, "pengadu", None)))
    if model and model.gist:
        slip.proposed = told(model, own, model.gist, names)
    if c.id in detours:
        act, row = detours[c.id]
        words = told(record_of(act), row, RECORDS[act.record].gist, names)
        slip.before = {act.label: " – ".join(str(word) for word in words.values())}
    return slip


def changes(cases: dict[int, Case], shown: dict[int, int]) -> dict[int, list[tuple[str, str, str]]]:
    """What was written since the versions that a page showed: (blank, before, now) by complaint."""
    composer = Composer(cases, open_seals(cases), at=next(iter(cases.values())).at, demo=False) if cases else None
    return {number: _written_since(case, shown[number], composer) for number, case in cases.items()}


def _written_since(case: Case, version: int, composer: Any) -> list[tuple[str, str, str]]:
    known = (Event.complaint == case.complaint) & (Event.version <= version)
    last = Event.select().where(known).order_by(Event.id.desc()).first()
    fresh = [row for row in case.made if last is None or row["made_at"] > last.at]
    found: dict[str, tuple[str, str]] = {}
    for row in fresh:
        older = [one for one in case.made if one["key"] == row["key"] and one not in fresh]
        old, new = (composer.shown(row["key"], one) for one in (older[-1] if older else {}, row))
        found |= {label: (_line(old.get(label)), _line(new.get(label))) for label in _labels(old, new)}
    return [(label, old, new) for label, (old, new) in found.items() if old != new]


def _labels(*told_: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(label for one in told_ for label in one))


def _line(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
