"""What is stuck and where: the open cases by what they wait for, how many are late, how long the first waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.office.people import Division
from models.tables.complaint import Complaint
from models.tables.late import OPEN, is_late_by_row
from models.tables.scope import Viewer, visible
from sop import flow

WAITED_ELSEWHERE = Complaint.imported & (Complaint.last_act == flow.RECEIVE.key)  # nobody here has done anything yet


@dataclass(frozen=True)
class UnitShare:
    """How many of them one unit leads."""

    unit: int
    name: str
    count: int


@dataclass(frozen=True)
class WaitingLine:
    """The cases in one state: how many, how many late by the SOP, how long the first waits, and in which units."""

    state: str
    count: int
    late: int
    days: int  # of the calendar, for which the first waits by now: what came with a file, since it was received there
    units: tuple[UnitShare, ...]

    @property
    def label(self) -> str:
        return flow.state_label(self.state)


def waiting_lines(who: Viewer, at: datetime, also: Any = None) -> tuple[WaitingLine, ...]:
    """The states in which something is late first, then by how many; units only where some lead by a disposition."""
    names = {row.id: str(row.name) for row in Division.select(Division.id, Division.name)}
    late = pw.fn.SUM(pw.Case(None, [(is_late_by_row(at), 1)], 0))
    mine = visible(who.user, Complaint, who).where(OPEN if also is None else OPEN & also)
    since = pw.fn.MIN(pw.Case(None, [(WAITED_ELSEWHERE, Complaint.received_at)], Complaint.state_since))
    groups = mine.select(Complaint.state, Complaint.unit, pw.fn.COUNT(Complaint.id), late, since).group_by(
        Complaint.state, Complaint.unit
    )
    moment = Complaint.received_at.python_value
    by_state: dict[str, list[tuple[int | None, int, int, Any]]] = {}
    for state, unit, count, late_ones, since in groups.tuples():
        by_state.setdefault(state, []).append((unit, count, late_ones, moment(since)))
    lines = [_line(state, rows, names, at) for state, rows in by_state.items()]
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.count, line.label)))


def _line(state: str, rows: list[tuple[int | None, int, int, Any]], names: dict[int, str], at: datetime) -> WaitingLine:
    units = [UnitShare(unit, names[unit], count) for unit, count, *_ in rows if unit]
    counts, late, since = zip(*((count, late, since) for _, count, late, since in rows), strict=True)
    return WaitingLine(state, sum(counts), sum(late), (at - min(since)).days, tuple(sorted(units, key=_most_first)))


def _most_first(one: UnitShare) -> tuple[int, str]:
    return -one.count, one.name
