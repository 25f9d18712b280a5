"""Keys stored in the database that the SOP table lacks: refused at start, or migrated by the mapping FORMER."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.case import Case
from models.case.clocks import PauseSpan, RunSpan
from models.complaint import event
from models.complaint.complaint import Complaint, Pause, Run
from models.complaint.number import OF_NO_CASE
from models.complaint.paper import Paper
from models.email.to_pengadu import TELLS
from models.office.calendar import clock
from models.office.lists import Reason
from models.office.settings import OPTIONS
from models.records.base import ReasonField, Record
from models.records.registry import RECORDS
from models.store.base import all_models, database
from models.store.rowhash import record_hashes_before_change
from models.workflow import marks, masters
from models.workflow.effects import EFFECTS
from models.workflow.moves import Move, update_runs, write_runs
from models.workflow.write import end_pauses, write_states
from sop.procedure import FINALS, FORMER, Transition
from sop.table import Place, Table, alike, initials, unknown, wrong
from sop.vocabulary import CHANGED, PAUSED, vocabulary

PER = ("revision", "leg", "round")
HISTORY = ("draft", "edit", *marks.LABELS)  # act keys of the history that are not in the table


def faults(table: Table | None = None, records: Sequence[Any] | None = None) -> Iterator[str]:
    """The error sentences: of the acts in table order, the rows, the record models, and the initial list of reasons."""
    table = table or Table()
    for at in table.places:
        yield from _act(at)
    yield from _needs(table)
    yield from _clocks(table)
    yield from _numbers(table)
    for model in all_models(Record) if records is None else records:
        yield from _record(model)
    with_reason = [key for key, model in RECORDS.items() if any(isinstance(f, ReasonField) for f in model.blanks())]
    asking = [at.step.key for at in table.places if at.step.record in with_reason]
    yield from (
        unknown("models/data/reasons.json", "langkah", k, asking)
        for k in masters.read_data("reasons")
        if k not in asking
    )


def _act(at: Place) -> Iterator[str]:
    if at.step.key in HISTORY:
        yield wrong(at, "key", f"“{at.step.key}” sudah dipakai riwayat.")
    if at.step.effect not in EFFECTS:
        yield unknown(at, "effect", at.step.effect, EFFECTS)
    if at.step.tells and at.step.tells not in TELLS:
        yield unknown(at, "tells", at.step.tells, TELLS)
    if at.step.record and at.step.record not in RECORDS:
        yield unknown(at, "record", at.step.record, RECORDS)


def _needs(table: Table) -> Iterator[str]:
    """A step can only need records that some step makes."""
    made = [key for key in RECORDS if key in {at.step.record for at in table.places}]
    for at in table.places:
        yield from (unknown(at, "needs", need.record, made) for need in at.step.needs if need.record not in made)


def _clocks(table: Table) -> Iterator[str]:
    """A row counted from reaching the pengadu needs a record model that gives that moment."""
    starting = [key for key, model in RECORDS.items() if model.starts.__func__ is not Record.starts.__func__]  # type: ignore[attr-defined]
    for no, row in enumerate(table.rows, 1):
        own = {step.key for step in row.transitions}
        of_row = [*row.transitions, *(step for step in table.detours if own & {*step.start})]
        if row.counts_from == "attempt" and not {step.record for step in of_row} & {*starting}:
            there = ", ".join(f"“{key}”" for key in starting)
            needed = f"“attempt” memerlukan langkah yang catatannya memulai jam. Yang ada: {there}."
            yield wrong(f"baris {no}", "counts_from", needed)


def _numbers(table: Table) -> Iterator[str]:
    """A series without its own pattern shares that of papers about no case, so initials must differ (`sop.check` checks
    the table)."""
    sharing = [at for at in table.places if at.step.series and f"number.{at.step.series}" not in OPTIONS]
    yield from (
        alike(at, at.step.series, other)
        for at in sharing
        for other in OF_NO_CASE
        if initials(at.step.series) == initials(other)
    )


def _record(model: type[Record]) -> Iterator[str]:
    """Errors in the class attributes of a record model."""
    where, own = f"catatan {model.__name__}", [f.name for f in model.blanks()]
    if RECORDS.get(model.key) is not model:
        yield wrong(where, "key", f"“{model.key}” sudah dipakai catatan lain.")
    if model.per not in PER:
        yield unknown(where, "per", model.per, PER)
    carried = [name for name in own if name in Complaint._meta.fields]
    attributes = (("gist", own), ("in_place", own), ("carries", carried), ("hidden", [*model._meta.fields]))
    for column, known in attributes:
        yield from (unknown(where, column, word, known) for word in getattr(model, column) if word not in known)
    yield from _verdicts(where, model)


def _verdicts(where: str, model: type[Record]) -> Iterator[str]:
    """Errors in the blank filled in by the decision buttons, and in the choices that they set."""
    if not model.verdicts:
        return
    chosen = {f.name: dict(f.choices) for f in model.blanks() if f.choices}
    if model.verdict not in chosen:
        yield unknown(where, "verdict", model.verdict, chosen)
    there = chosen.get(model.verdict, {})
    yield from (unknown(where, "verdicts", word, there) for word, _ in model.verdicts if word not in there)


def unknown_stored_keys() -> Iterator[str]:
    """One sentence for each unknown key stored in the database. Call with a connection, after `migrate_former_keys`."""
    yield from _unknown_keys_of_cases()
    for model in RECORDS.values():
        for key, count in _counted(model, model.act, model.act.not_in([*vocabulary().acts])):
            made = f"{count} catatan “{model.title}” dibuat pada langkah “{key}”"
            yield f"{made}, yang tidak ada lagi dalam tabel SOP. {_way_out(key)}"
    for key, count in _counted(Paper, Paper.kind, Paper.kind.not_in([*vocabulary().papers])):
        way = "Jalan keluar: di sop/procedure.py, tulis langkah yang menerbitkannya sebagai act pada FORMER."
        yield f"{count} dokumen berjenis “{key}”, yang tidak diterbitkan langkah mana pun. {way}"
    for key, count in _counted(Run, Run.row_key, Run.row_key.not_in([*vocabulary().acts])):
        measured = f"{count} catatan waktu SOP menyebut baris yang dimulai langkah “{key}”, yang tidak dikenal lagi."
        yield f"{measured} Jalan keluar: di sop/procedure.py, tulis langkah itu sebagai act pada FORMER."


def _unknown_keys_of_cases() -> Iterator[str]:
    """Cases whose state, previous state or last act is neither in the table nor in FORMER."""
    states, acts = [*vocabulary().states], [*vocabulary().transitions, ""]
    opened = Complaint.state.in_([*vocabulary().open_states])
    asked = (
        (Complaint.state, Complaint.state.not_in(states), "berstatus"),
        (Complaint.back, opened & Complaint.back.not_in([*states, *acts]), "berasal dari status"),
        (Complaint.last_act, opened & Complaint.last_act.not_in(acts), "terakhir diproses pada langkah"),
    )
    for column, missing, verb in asked:
        for key, count in _counted(Complaint, column, missing):
            yield f"{count} pengaduan {verb} “{key}”, yang tidak ada lagi dalam tabel SOP. {_way_out(key)}"


def _counted(model: type[pw.Model], column: pw.Field, unknown: pw.Expression) -> list[tuple[str, int]]:
    query = model.select(column, pw.fn.COUNT(pw.SQL("*"))).where(unknown).group_by(column).order_by(column)
    return list(query.tuples())


def _way_out(key: str) -> str:
    there = ", ".join(f"“{state}”" for state, _ in vocabulary().states.items())
    return (
        f'Jalan keluar: di sop/procedure.py, tambahkan Former(key="{key}", now="…") pada FORMER; bila langkahnya '
        f"dihapus, sertakan langkah itu sebagai act. Status yang ada: {there}."
    )


WHO = "Panel Pengaduan"  # the event is not a user's act
AFTER_CHANGE = Transition(key=CHANGED, actor="", label="Perubahan SOP", did="menyesuaikan pengaduan")
_FORMER_KEYS = {former.key: former for former in FORMER}


def migrate_former_keys(at: datetime) -> int:
    """Replace former keys of the table by the present ones; the number of cases changed.

    Call with a connection, before anything else reads cases. Idempotent.
    """
    with database.atomic():
        moves = [_move_to_present(c, at) for c in _cases_with_former_keys()] if FORMER else []
        if moves:
            write_states(moves)
            write_runs(moves, at)
            end_pauses(moves, at)
            _write_events(moves, at)
        _follow_reasons(at)
    return len(moves)


def _cases_with_former_keys() -> list[Complaint]:
    """Cases in a former state, and open cases whose previous state or last act is a former key."""
    gone = [*_FORMER_KEYS]
    opened = Complaint.state.in_([*vocabulary().open_states, *gone])
    before = Complaint.back.in_(gone) | Complaint.last_act.in_(gone)
    return list(Complaint.select().where(Complaint.state.in_(gone) | (opened & before)).order_by(Complaint.id))


def _move_to_present(c: Complaint, at: datetime) -> Move:
    """The move of the case to its state in the present table, with its runs and due time."""
    state, back = _present_key(c.state), _present_key(c.back)
    if state == PAUSED and back in FINALS:  # a paused case cannot be resumed into a final state
        state = back
    runs, pauses = map(RunSpan.of, _of_round(Run, c)), map(PauseSpan.of, _of_round(Pause, c))
    case = Case(c, c.category, c.registrar, at, {}, runs=list(runs), pauses=list(pauses))
    move = Move(case, AFTER_CHANGE, {}, at, clock(), state_from=c.state, state_to=state)
    stays = state == c.state or _is_renamed(c.state)
    move.columns = {
        "state": state,
        "back": back,
        "version": c.version + 1,
        "state_since": c.state_since if stays else at,
        "last_act": _present_act(c.last_act),
        "round": c.round,
        "row_due_at": c.row_due_at,
        "row_late": c.row_late,
        "closed_at": (c.closed_at or at) if state in FINALS else None,
    }
    update_runs(move)
    return move


def _present_key(key: str) -> str:
    return _FORMER_KEYS[key].now if key in _FORMER_KEYS else key


def _present_act(key: str) -> str:
    """The present key of an act; "" for a removed one, which cannot be recalled."""
    if key not in _FORMER_KEYS:
        return key
    return _FORMER_KEYS[key].now if _is_renamed(key) else ""


def _is_renamed(key: str) -> bool:
    """Whether the same act or final state exists under another key."""
    return key in _FORMER_KEYS and _FORMER_KEYS[key].act is None


def _of_round(model: type[pw.Model], c: Complaint) -> Any:
    return model.select().where((model.complaint == c.id) & (model.round == c.round)).order_by(model.id)


def _write_events(moves: Sequence[Move], at: datetime) -> None:
    rows = [
        {
            "at": at,
            "who": WHO,
            "complaint": m.case.complaint.id,
            "act": CHANGED,
            "state_from": m.state_from,
            "state_to": m.state_to,
            "round": m.case.complaint.round,
            "version": m.case.complaint.version,
            "together": len(moves) - 1,
            "body": {"what": _sentence(m)},
        }
        for m in moves
    ]
    event.append(rows, event.open_seals(m.case.complaint.id for m in moves))


def _sentence(m: Move) -> str:
    """The sentence of the history event, after the panel's name."""
    gone = _FORMER_KEYS.get(m.state_from)
    if m.state_from == m.state_to:
        return "menyesuaikan catatan langkah sebelumnya dengan perubahan tabel SOP"
    label = m.procedure.state_label(m.state_to)
    if gone and gone.act:
        return f"memindahkan pengaduan ke status “{label}”: langkah “{gone.act.label}” tidak ada lagi dalam SOP"
    return f"melanjutkan pengaduan pada status “{label}” sesuai perubahan tabel SOP"


def _follow_reasons(at: datetime) -> None:
    """Move the office's reasons of a renamed act to its new key, each with a history event."""
    for gone in (former for former in FORMER if former.act is None):
        rows = list(Reason.select().where(Reason.transition == gone.key))
        if rows:
            record_hashes_before_change(Reason, [row.id for row in rows])
            Reason.update(transition=gone.now, version=Reason.version + 1).where(
                Reason.transition == gone.key
            ).execute()
            what = f"mengikuti perubahan tabel SOP pada alasan untuk “{vocabulary().acts[gone.key].label}”"
            edits = [
                {
                    "at": at,
                    "who": WHO,
                    "act": "edit",
                    "subject": f"reason:{row.id}",
                    "version": row.version + 1,
                    "body": {"touched": ["transition"], "what": what},
                }
                for row in rows
            ]
            event.append(edits, {})
