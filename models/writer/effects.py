"""What an act does besides moving on: every word of the table's column `effect`, and nothing of it anywhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.case.clocks import RunSpan
from models.entry.deadlines import legal_dues
from models.office.settings import values
from models.store.base import insert_rows
from models.tables.complaint import Pause, Run
from models.writer.move import Move
from models.writer.runs import first_run
from models.writer.withdraw import void_all, void_step, void_taken_numbers
from sop import flow


def _nothing(move: Move) -> None:
    """Most acts do no more than move."""


def _nothing_more(moves: Sequence[Move]) -> None:
    """Most effects are on the complaint's own columns alone."""


@dataclass(frozen=True)
class Effect:
    """One word: what it changes on a case before anything is written, what it writes for many at once in the same
    transaction, and what a recall of the act changes back."""

    change: Callable[[Move], None] = _nothing
    write: Callable[[Sequence[Move]], None] = _nothing_more
    undo: Callable[[Move], None] = _nothing


def _new_leg(move: Move) -> None:
    move.columns |= {"leg": move.columns["leg"] + 1, "revision": 1}
    move.case.leg = move.columns["leg"]


def _end_leg(move: Move) -> None:
    move.columns |= {"leg": move.columns["leg"] + 1, "revision": 1, "unit": None}


def _new_revision(move: Move) -> None:
    move.columns["revision"] += 1


def _new_round(move: Move) -> None:
    _end_leg(move)
    settings, law_class = move.case.settings, move.case.complaint.law_class
    move.columns |= {
        "round": move.columns["round"] + 1,
        "duplicate_of": None,
        "row_late": False,
        **legal_dues(move.clock, move.at, law_class, settings),
    }


def _recall(move: Move) -> None:
    EFFECTS[flow.TRANSITIONS[move.undone].effect].undo(move)


def _pause(moves: Sequence[Move]) -> None:
    insert_rows(Pause, [{**_of_round(move), "started_at": move.at, "ended_at": None} for move in moves])


def _recount(move: Move) -> None:
    """Time as it counts from what was corrected: the law's from receipt and class, the first row's unless the
    complaint was written up later."""
    c, columns = move.case.complaint, move.columns
    if {"received_at", "law_class"} & columns.keys():
        received, law_class = columns.get("received_at", c.received_at), columns.get("law_class", c.law_class)
        base, day = (received, c.recorded_at) if c.round == 1 else (_reopened_at(move),) * 2
        columns |= legal_dues(move.clock, base, law_class, values(day.date()))
    if "backlog" in columns:
        _recount_first_row(move)


def _reopened_at(move: Move) -> datetime:
    """When the round began."""
    return min((run.started_at for run in move.case.runs), default=move.at)


def _recount_first_row(move: Move) -> None:
    c, first = move.case.complaint, flow.row_keys(flow.row_named(flow.RECEIVE.key))
    of_row = (Run.complaint == c.id) & (Run.round == 1) & Run.row_key.in_(first)
    runs = [RunSpan.of(run) for run in Run.select().where(of_row)]
    opened = not move.columns["backlog"] and c.opened_at
    move.dropped = [] if opened else runs
    move.begun += [first_run(c.opened_at, c.recorded_at, move.clock)] if opened and not runs else []
    if c.round == 1:
        left = [*(run for run in move.case.runs if run not in move.dropped), *move.begun]
        move.columns["row_late"] = any(run.was_late for run in left)


def _of_round(move: Move) -> dict[str, int]:
    return {"complaint": move.case.complaint.id, "round": move.case.complaint.round}


EFFECTS = {
    "": Effect(),
    "new_leg": Effect(_new_leg, undo=_end_leg),  # a disposition: another unit leads
    "end_leg": Effect(_end_leg, void_taken_numbers),  # the disposition ends without another
    "new_revision": Effect(_new_revision),  # the unit's texts are written once more
    "new_round": Effect(_new_round),  # clocks, papers and deadlines anew
    "recount": Effect(_recount),  # times follow what was corrected
    "hold": Effect(write=_pause),  # the row's clock stands still; whatever leaves the state lets it go on
    "recall": Effect(_recall, void_step),  # the last step is undone
    "void": Effect(write=void_all),  # papers and numbers count no more
}
