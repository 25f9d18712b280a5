"""Words that database or records name and the table lacks: refused at start, or brought to the present by FORMER."""

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
from models.letters.to_pengadu import TELLS
from models.office.calendar import clock
from models.office.lists import Reason
from models.office.settings import OPTIONS
from models.records.base import ReasonField, Record
from models.records.registry import RECORDS
from models.store.base import Columns, all_models, database
from models.store.rowhash import rewrites
from models.workflow import marks, masters
from models.workflow.effects import EFFECTS
from models.workflow.moves import Move, keep_time, write_runs
from models.workflow.write import end_pauses, write_states
from sop.procedure import FINALS, FORMER, Former, Transition
from sop.table import Place, Table, alike, initials, unknown, wrong
from sop.vocabulary import CHANGED, HELD, vocabulary

PER = ("revision", "leg", "round")
HISTORY = ("draft", "edit", *marks.LABELS)  # the history's own words for what is no act of the table


def faults(table: Table | None = None, records: Sequence[Any] | None = None) -> Iterator[str]:
    """The sentences: of the acts in the order of the table, of the rows, of the records themselves, of the reasons that
    a new database starts with."""
    table = table or Table()
    for at in table.places:
        yield from _act(at)
    for at in table.places:
        yield from _needs(at, table)
    yield from _clocks(table)
    yield from _numbers(table)
    for model in all_models(Record) if records is None else records:
        yield from _record(model)
    asking = [at.step.key for at in table.places if _asks_for_reason(at)]
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


def _needs(at: Place, table: Table) -> Iterator[str]:
    made = [key for key in RECORDS if key in {other.step.record for other in table.places}]
    yield from (unknown(at, "needs", need.record, made) for need in at.step.needs if need.record not in made)


def _clocks(table: Table) -> Iterator[str]:
    """A row that counts from reaching the pengadu needs a record that tells when that was."""
    telling = [key for key, model in RECORDS.items() if model.starts.__func__ is not Record.starts.__func__]  # type: ignore[attr-defined]
    for no, row in enumerate(table.rows, 1):
        own = {step.key for step in row.transitions}
        here = [*row.transitions, *(step for step in table.detours if own & {*step.start})]
        if row.counts_from == "attempt" and not {step.record for step in here} & {*telling}:
            told = ", ".join(f"“{key}”" for key in telling)
            needed = f"“attempt” memerlukan langkah yang catatannya memulai jam. Yang ada: {told}."
            yield wrong(f"baris {no}", "counts_from", needed)


def _numbers(table: Table) -> Iterator[str]:
    """A series without a pattern of its own shares that of the recap: `sop.check` asks the same of the table's own."""
    sharing = [at for at in table.places if at.step.series and f"number.{at.step.series}" not in OPTIONS]
    yield from (
        alike(at, at.step.series, OF_NO_CASE) for at in sharing if initials(at.step.series) == initials(OF_NO_CASE)
    )


def _record(model: type[Record]) -> Iterator[str]:
    """What a record says of itself and of its own columns."""
    where, own = f"catatan {model.__name__}", [f.name for f in model.blanks()]
    if RECORDS.get(model.key) is not model:
        yield wrong(where, "key", f"“{model.key}” sudah dipakai catatan lain.")
    if model.per not in PER:
        yield unknown(where, "per", model.per, PER)
    carried = [name for name in own if name in Complaint._meta.fields]
    said = (("gist", own), ("in_place", own), ("carries", carried), ("hidden", [*model._meta.fields]))
    for column, there in said:
        yield from (unknown(where, column, word, there) for word in getattr(model, column) if word not in there)
    yield from _verdicts(where, model)


def _verdicts(where: str, model: type[Record]) -> Iterator[str]:
    """The blank that buttons fill in, and what they fill in: choices of it."""
    if not model.verdicts:
        return
    chosen = {f.name: dict(f.choices) for f in model.blanks() if f.choices}
    if model.verdict not in chosen:
        yield unknown(where, "verdict", model.verdict, chosen)
    there = chosen.get(model.verdict, {})
    yield from (unknown(where, "verdicts", word, there) for word, _ in model.verdicts if word not in there)


def _asks_for_reason(at: Place) -> bool:
    model = RECORDS.get(at.step.record)
    return model is not None and any(isinstance(f, ReasonField) for f in model.blanks())


def strangers() -> Iterator[str]:
    """The sentences; call with a connection, after `former.follow_table`."""
    yield from _cases()
    yield from _records()
    yield from _papers()
    yield from _runs()


def _cases() -> Iterator[str]:
    """Cases that wait for, came from or were last moved by what the table does not know, and no `FORMER` tells of."""
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


def _runs() -> Iterator[str]:
    """What was measured in rows that the table does not know, and no `FORMER` either."""
    for key, count in _counted(Run, Run.row_key, Run.row_key.not_in([*vocabulary().acts])):
        measured = f"{count} catatan waktu SOP menyebut baris yang dimulai langkah “{key}”, yang tidak dikenal lagi."
        yield f"{measured} Jalan keluar: di sop/procedure.py, tulis langkah itu sebagai act pada FORMER."


def _records() -> Iterator[str]:
    """Records of acts that the table does not know, and no `FORMER` either."""
    for model in RECORDS.values():
        for key, count in _counted(model, model.act, model.act.not_in([*vocabulary().acts])):
            made = f"{count} catatan “{model.title}” dibuat pada langkah “{key}”"
            yield f"{made}, yang tidak ada lagi dalam tabel SOP. {_way_out(key)}"


def _papers() -> Iterator[str]:
    for key, count in _counted(Paper, Paper.kind, Paper.kind.not_in([*vocabulary().papers])):
        way = "Jalan keluar: di sop/procedure.py, tulis langkah yang menerbitkannya sebagai act pada FORMER."
        yield f"{count} dokumen berjenis “{key}”, yang tidak diterbitkan langkah mana pun. {way}"


def _counted(model: type[pw.Model], column: pw.Field, unknown: pw.Expression) -> list[tuple[str, int]]:
    query = model.select(column, pw.fn.COUNT(pw.SQL("*"))).where(unknown).group_by(column).order_by(column)
    return list(query.tuples())


def _way_out(key: str) -> str:
    there = ", ".join(f"“{state}”" for state, _ in vocabulary().states.items())
    return (
        f'Jalan keluar: di sop/procedure.py, tambahkan Former(key="{key}", now="…") pada FORMER; bila langkahnya '
        f"dihapus, sertakan langkah itu sebagai act. Status yang ada: {there}."
    )


WHO = "Panel Pengaduan"  # no act of a person
AFTER_CHANGE = Transition(key=CHANGED, actor="", label="Perubahan SOP", did="menyesuaikan pengaduan")
_GONE = {former.key: former for former in FORMER}


def follow_table(at: datetime) -> int:
    """Bring what still names a former key to the present; how many cases moved.

    Call with a connection, before anything else reads cases. Done once, it finds nothing to do.
    """
    with database.atomic():
        moves = [_moved(c, at) for c in _named()] if FORMER else []
        if moves:
            write_states(moves)
            write_runs(moves, at)
            end_pauses(moves, at)
            _write_events(moves, at)
        _follow_reasons(at)
    return len(moves)


def _named() -> list[Complaint]:
    """Cases in a former state, and open ones that came from one or whose last act is one."""
    gone = [*_GONE]
    opened = Complaint.state.in_([*vocabulary().open_states, *gone])
    before = Complaint.back.in_(gone) | Complaint.last_act.in_(gone)
    return list(Complaint.select().where(Complaint.state.in_(gone) | (opened & before)).order_by(Complaint.id))


def _moved(c: Complaint, at: datetime) -> Move:
    """The case as the present table has it; its runs and its due time follow."""
    state, back = _now(c.state), _now(c.back)
    if state == HELD and back in FINALS:  # could never be resumed
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
        "last_act": _act_now(c.last_act),
        "round": c.round,
        "row_due_at": c.row_due_at,
        "row_late": c.row_late,
        "closed_at": (c.closed_at or at) if state in FINALS else None,
    }
    keep_time(move)
    return move


def _now(key: str) -> str:
    return _GONE[key].now if key in _GONE else key


def _act_now(key: str) -> str:
    """The act under its present name; none for one that is gone, which nobody can pull back."""
    if key not in _GONE:
        return key
    return _GONE[key].now if _is_renamed(key) else ""


def _is_renamed(key: str) -> bool:
    """Whether it is the same act, or the same end, under another name."""
    return key in _GONE and _GONE[key].act is None


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
    """What the history says after the panel's name."""
    gone = _GONE.get(m.state_from)
    if m.state_from == m.state_to:
        return "menyesuaikan catatan langkah sebelumnya dengan perubahan tabel SOP"
    label = m.procedure.state_label(m.state_to)
    if gone and gone.act:
        return f"memindahkan pengaduan ke status “{label}”: langkah “{gone.act.label}” tidak ada lagi dalam SOP"
    return f"melanjutkan pengaduan pada status “{label}” sesuai perubahan tabel SOP"


def _follow_reasons(at: datetime) -> None:
    """The office's reasons for an act under its new name, each with its entry in the history."""
    for gone in (former for former in FORMER if former.act is None):
        rows = list(Reason.select().where(Reason.transition == gone.key))
        if rows:
            rewrites(Reason, [row.id for row in rows])
            Reason.update(transition=gone.now, version=Reason.version + 1).where(
                Reason.transition == gone.key
            ).execute()
            event.append([_edited(row, gone, at) for row in rows], {})


def _edited(row: Reason, gone: Former, at: datetime) -> Columns:
    what = f"mengikuti perubahan tabel SOP pada alasan untuk “{vocabulary().acts[gone.key].label}”"
    return {
        "at": at,
        "who": WHO,
        "act": "edit",
        "subject": f"reason:{row.id}",
        "version": row.version + 1,
        "body": {"touched": ["transition"], "what": what},
    }
