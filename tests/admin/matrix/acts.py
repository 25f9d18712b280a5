"""The doors by which one acts: each step's page, sent singly and for many, and the bulk actions of lists."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from models.case import blanks
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.matrix import promise
from tests.admin.matrix.grid import Cell, Grid, undone
from tests.admin.matrix.judge import (
    PHONE,
    RECORD_LISTS,
    SHUT,
    Judge,
    pulse,
    shut,
)
from tests.office import numbers_asked_of

STEPS = [t for t in vocabulary().transitions.values() if not current_procedure().is_receive(t)]


def step_pages(judge: Judge) -> None:
    """Each step's page for one case: open, refused with its sentence, or not there."""
    for step, case in _tried(judge):
        may = case.may(judge.kind, step.key)
        shows = may and step.key in promise.CONTACT_STEPS and judge.kind in promise.CONTACT
        notes_before = _contact_notes()
        answer = judge.get(f"/pengaduan/langkah/{step.key}/?id={case.id}", contact=[case.id] if shows else ())
        writes = judge.kind in promise.WRITE.get(step.key, ()) and case.state in vocabulary().starts(step)
        expected = shut(judge) if not case.readable(judge.kind) else 200 if may or writes else 409
        judge.cell(f"langkah {step.key}", case, expected, answer.status_code)
        judge.cell(f"langkah {step.key}: contact", case, shows, PHONE.search(answer.text) is not None)
        judge.cell(f"langkah {step.key}: contact logged", case, shows, _contact_notes() > notes_before)
        masks = may and step.key not in promise.CONTACT_STEPS and judge.kind in promise.CALLERS
        judge.cell(f"langkah {step.key}: Tampilkan", case, masks, 'id="kontak-tersamar"' in answer.text)


def _contact_notes() -> int:
    """How often the access log says that contact data were shown for a step."""
    return int(Seen.select().where(Seen.what.startswith("kontak: ")).count())


def _tried(judge: Judge) -> Iterator[tuple[Any, Cell]]:
    """Each step with a secret and another case where it may begin, and one where it may not; by turns."""
    turn = ["biasa", "terbatas"]
    for place, step in enumerate(STEPS, list(promise.PEOPLE).index(judge.kind)):
        right = [c for c in judge.grid.cells if c.state in vocabulary().starts(step)]
        wrong = [c for c in judge.grid.cells if c.state not in vocabulary().starts(step)]
        turned = right[place % len(right) :] + right[: place % len(right)]
        chosen = {c.secrecy: c for c in turned if c.urgent or not step.called_by}
        plain = turn.pop(0)
        turn.append(plain)
        for case in (chosen["rahasia"], chosen[plain], wrong[place * 7 % len(wrong)]):
            yield step, case


def steps_sent(judge: Judge) -> None:
    """Each step that is taken singly, sent: done by whom it belongs to, and by no other user."""
    for step, case in _tried(judge):
        if step.bulk:
            continue
        with undone():
            version = Complaint.get_by_id(case.id).version
            fields = {**_fields(judge.grid, step, case), "cases": f"{case.id}:{version}", "do": "perform"}
            fields |= _another(judge, step, case)
            fields |= _shown_first(judge, step, fields) if step.amends else {}
            before = pulse()
            shows = [case.id] if case.may(judge.kind, step.key) and judge.kind in promise.CONTACT else ()
            answer = judge.post(f"/pengaduan/langkah/{step.key}/", fields, contact=shows)
            may = case.may(judge.kind, step.key)
            expected = {303} if may else {409, 422} if case.readable(judge.kind) else {shut(judge)}
            judge.cell(f"send {step.key}", case, True, answer.status_code in expected)
            judge.cell(f"send {step.key}: written", case, may, pulse() != before)


def _another(judge: Judge, step: Any, case: Cell) -> dict[str, str]:
    """The number of another case, where the step asks for one: one that the sender may open."""
    theirs = (
        c for c in judge.grid.cells if c.readable(judge.kind) and c.state in vocabulary().open_states and c is not case
    )
    other = next((Complaint.get_by_id(c.id).number for c in theirs), "")
    return dict.fromkeys(numbers_asked_of(step.key), other)


def _shown_first(judge: Judge, step: Any, fields: dict[str, Any]) -> dict[str, str]:
    """What the page of the consequences adds: who has not been there corrects nothing."""
    page = judge.grid.post(judge.kind, f"/pengaduan/langkah/{step.key}/", **{**fields, "do": "review"}).text
    return dict(re.findall(r'name="(reviewed)" value="([^"]+)"', page))


def steps_sent_for_many(judge: Judge) -> None:
    """Each step for the whole grid at once: exactly the right cases move."""
    versions = dict(Complaint.select(Complaint.id, Complaint.version).tuples())
    numbers = dict(Complaint.select(Complaint.id, Complaint.number).tuples())
    chosen = ",".join(f"{c.id}:{versions[c.id]}" for c in judge.grid.cells)
    for step in (t for t in STEPS if t.bulk):
        with undone():
            example = next((c for c in judge.grid.cells if c.state in vocabulary().starts(step)), judge.grid.cells[0])
            fields = {**_fields(judge.grid, step, example, many=True), "cases": chosen, "do": "perform"}
            before = pulse()
            answer = judge.post(f"/pengaduan/langkah/{step.key}/", fields)
            if answer.status_code == 303:
                judge.get(answer.location)
            after = dict(Complaint.select(Complaint.id, Complaint.version).tuples())
            for case in judge.grid.cells:
                moved = after[case.id] != versions[case.id]
                may = case.may(judge.kind, step.key) and numbers[case.id] not in fields.values()  # nor joins itself
                judge.cell(f"send many {step.key}", case, may, moved)
            moved_any = after != versions
            judge.cell(f"send many {step.key}: written", "", moved_any, pulse() != before)


_sent: dict[tuple[int, str, str, bool], dict[str, Any]] = {}


def _fields(grid: Grid, step: Any, case: Cell, *, many: bool = False) -> dict[str, Any]:
    """The fields that a user who may take the step would send."""
    place = (id(grid), step.key, case.mark, many)
    if place not in _sent:
        actor = grid.office.actor(step, case.id) if case.state in vocabulary().starts(step) else grid.office["kadis"]
        own = grid.office.fields(case.id, step.key, actor)
        loaded = workflow.load([case.id], actor, grid.office.at).get(case.id)
        proposed = blanks.filled_blanks(loaded, step, {}) if loaded and not many and not step.amends else {}
        fields = {name: _wire(value) for name, value in {**proposed, **own, "deputy_reason": "back"}.items()}
        _sent[place] = {name: value for name, value in fields.items() if value not in (None, "", [])}
    return _sent[place]


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if value is None else "1" if value is True else "" if value is False else str(value)


def actions(judge: Judge) -> None:
    """Bulk actions of lists: with a row that is not his nothing happens; with his own the papers are his."""
    mine = [c.id for c in judge.grid.cells if c.readable(judge.kind)]
    foreign = [c.id for c in judge.grid.cells if not c.readable(judge.kind)]
    for path, action in (("/pengaduan/", "raise"), ("/pengaduan/", "merge"), ("/pengaduan/", "zip")):
        for rows in ([mine[:9], False], [[*mine[:1], *foreign[:1]], bool(foreign)]):
            if rows[0]:
                fields = {"action": action, "rowid": [str(n) for n in rows[0]]}
                handled = [
                    c.id
                    for c in judge.grid.cells
                    if judge.kind in promise.PETUGAS or (judge.kind in promise.HANDLERS and c.state in promise.LED)
                ]
                answer = judge.post(f"{path}action/", fields, contact=handled)
                closed = bool(rows[1]) or (action == "raise" and judge.kind not in promise.PETUGAS)
                judge.cell(f"action {path}{action}", rows[0], closed, answer.status_code in SHUT)
    for name, key in {**RECORD_LISTS, "dokumen": ""}.items():
        model: Any = RECORDS[key] if key else Paper
        row = model.select().where(model.complaint.in_(foreign or [0])).order_by(model.id).first()
        if row is not None:
            answer = judge.post(f"/{name}/action/", {"action": "merge", "rowid": str(row.id)})
            judge.cell(f"action {name}", row.id, True, answer.status_code in SHUT)
