"""Cases that name what the table no longer has, as `FORMER` tells: brought to the present at start, an event each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.case import Case
from models.case.clocks import PauseSpan, RunSpan
from models.office.calendar import clock
from models.office.lists import Reason
from models.store.base import Columns, database
from models.store.rows import rewrites
from models.tables import event
from models.tables.complaint import Complaint, Pause, Run
from models.writer.move import Move
from models.writer.runs import keep_time, write_runs
from models.writer.write import end_pauses, write_states
from sop import flow
from sop.procedure import FINALS, FORMER, Former, Transition

WHO = "Panel Pengaduan"  # nobody of the office did this
AFTER_CHANGE = Transition(key=flow.CHANGED, actor="", label="Perubahan SOP", did="menyesuaikan pengaduan")
_OPEN = [*flow.OPEN_STATES]
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
    opened = Complaint.state.in_([*_OPEN, *gone])
    before = Complaint.back.in_(gone) | Complaint.last_act.in_(gone)
    return list(Complaint.select().where(Complaint.state.in_(gone) | (opened & before)).order_by(Complaint.id))


def _moved(c: Complaint, at: datetime) -> Move:
    """The case as the present table has it; its runs and its due time follow."""
    state, back = _now(c.state), _now(c.back)
    if state == flow.HELD and back in FINALS:  # nobody could ever resume it
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
            "act": flow.CHANGED,
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
    label = flow.state_label(m.state_to)
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
    what = f"mengikuti perubahan tabel SOP pada alasan untuk “{flow.KNOWN[gone.key].label}”"
    return {
        "at": at,
        "who": WHO,
        "act": "edit",
        "subject": f"reason:{row.id}",
        "version": row.version + 1,
        "body": {"touched": ["transition"], "what": what},
    }
