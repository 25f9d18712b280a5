"""What a move changes: the `effect` column of the table, voided papers and numbers, the complaint's new columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.case.blanks import record_of
from models.case.clocks import RunSpan
from models.complaint import number
from models.complaint.complaint import Pause, Run
from models.complaint.paper import Paper, PaperVoid, is_void, queue_for_signatures
from models.complaint.taken import renew_papers_out
from models.office.contacts import masked_words
from models.office.people import Division
from models.office.settings import values
from models.records.entry import followed_title, legal_dues
from models.store.base import insert_rows
from models.store.rowhash import record_hashes_before_change
from models.workflow.moves import Move, first_run, update_runs
from sop.procedure import FINALS, Transition
from sop.vocabulary import RECEIVE, REGISTER, vocabulary


def void_step(moves: Sequence[Move]) -> None:
    """Mark the record of the undone step as recalled and its papers as void."""
    for m in moves:
        undone = m.procedure.transitions[m.undone]
        model = record_of(undone)
        if model:
            last = max((r.id for r in m.case.made if r.key == model.key and r.id), default=None)
            record_hashes_before_change(model, [last] if last else [])
            model.update(recalled=True).where(model.id == last).execute()
        _void_papers(m, [p.key for p in undone.papers], m.since)


def void_all(moves: Sequence[Move]) -> None:
    """Void all papers and numbers of a voided case."""
    for m in moves:
        _void_papers(m, list(vocabulary().papers), None)
        _void_numbers(m, number.valid_numbers_of(m.case.complaint))


def void_taken_numbers(moves: Sequence[Move]) -> None:
    """Void the numbers taken under a disposition that ends; the register number stays."""
    for m in moves:
        numbers = number.valid_numbers_of(m.case.complaint)
        _void_numbers(m, [n for n, series in numbers.items() if series != REGISTER])


def _void_numbers(m: Move, ids: Iterable[int]) -> None:
    rows = [{"number": n, "reason": _void_reason(m), "by": m.case.user.id, "at": m.at} for n in ids]
    insert_rows(number.NumberVoid, rows)


def _void_papers(m: Move, kinds: list[str], since: datetime | None) -> None:
    c = m.case.complaint
    of_round = (Paper.complaint == c.id) & (Paper.round == c.round) & Paper.kind.in_(kinds)
    papers = Paper.select(Paper.id).where(of_round & ~is_void())
    if since:
        papers = papers.where(Paper.issued_at >= since)
    rows = [{"paper": p, "reason": _void_reason(m), "by": m.case.user.id, "at": m.at} for (p,) in papers.tuples()]
    if rows:
        insert_rows(PaperVoid, rows)
        queue_for_signatures([c.id])
        renew_papers_out([c.id])


def _void_reason(m: Move) -> str:
    words = (m.blanks.get("reason") or m.blanks.get("note") or "").strip()
    return f"{m.transition.label}: {masked_words(words)}"[:200] if words else m.transition.label


def _change_nothing(move: Move) -> None:
    """Default `change` and `undo`: most acts have no effect beyond the transition."""


def _write_nothing(moves: Sequence[Move]) -> None:
    """Default `write`: most effects only change the complaint's own columns."""


@dataclass(frozen=True)
class Effect:
    """One value of the `effect` column: its change of a case before writing, its batch write in the same transaction,
    and its reversal when the act is recalled."""

    change: Callable[[Move], None] = _change_nothing
    write: Callable[[Sequence[Move]], None] = _write_nothing
    undo: Callable[[Move], None] = _change_nothing


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
    EFFECTS[move.procedure.transitions[move.undone].effect].undo(move)


def _pause(moves: Sequence[Move]) -> None:
    rows = [
        {"complaint": m.case.complaint.id, "round": m.case.complaint.round, "started_at": m.at, "ended_at": None}
        for m in moves
    ]
    insert_rows(Pause, rows)


def _recount(move: Move) -> None:
    """Recompute times after a correction: legal deadlines from receipt and class, and the run of the first row, which
    a complaint recorded later (susulan) has not."""
    c, columns = move.case.complaint, move.columns
    if {"received_at", "law_class"} & columns.keys():
        received, law_class = columns.get("received_at", c.received_at), columns.get("law_class", c.law_class)
        began = min((run.started_at for run in move.case.runs), default=move.at)  # when the round did
        base, day = (received, c.recorded_at) if c.round == 1 else (began, began)
        columns |= legal_dues(move.clock, base, law_class, values(day.date()))
    if "backlog" in columns:
        _recount_first_row(move)


def _recount_first_row(move: Move) -> None:
    c, first = move.case.complaint, move.procedure.row_keys(move.procedure.row_named(RECEIVE))
    of_row = (Run.complaint == c.id) & (Run.round == 1) & Run.row_key.in_(first)
    runs = [RunSpan.of(run) for run in Run.select().where(of_row)]
    opened = not move.columns["backlog"] and c.opened_at
    move.dropped = [] if opened else runs
    move.begun += [first_run(c.opened_at, c.recorded_at, move.clock)] if opened and not runs else []
    if c.round == 1:
        left = [*(run for run in move.case.runs if run not in move.dropped), *move.begun]
        move.columns["row_late"] = any(run.was_late for run in left)


EFFECTS = {
    "": Effect(),
    "new_leg": Effect(_new_leg, undo=_end_leg),  # a disposition: another unit leads
    "end_leg": Effect(_end_leg, void_taken_numbers),  # the disposition ends without another
    "new_revision": Effect(_new_revision),  # the unit writes its texts again
    "new_round": Effect(_new_round),  # clocks, papers and deadlines anew
    "recount": Effect(_recount),  # times follow what was corrected
    "hold": Effect(write=_pause),  # the row's clock is paused until the case leaves the state
    "recall": Effect(_recall, void_step),  # the last step is undone
    "void": Effect(write=void_all),  # papers and numbers become void
}


CARRIED_OVER = (  # columns that an act may change; copied from the complaint unless it does
    "round",
    "leg",
    "revision",
    "row_due_at",
    "row_late",
    "legal_due_at",
    "answer_due_at",
    "urgency",
    "secrecy",
)


def compute_columns(move: Move) -> Move:
    """Compute the columns that the move changes; nothing is written yet."""
    c, transition = move.case.complaint, move.transition
    columns = c.__data__  # these are not masked; an attribute of the instance takes a call for each
    move.state_from, move.undone, move.since, move.unit = c.state, c.last_act, c.state_since, c.unit_id
    move.state_to = move.procedure.target(transition, state=c.state, back=c.back)
    changes_state = move.state_to != move.state_from
    move.columns = {
        **{name: columns[name] for name in CARRIED_OVER},
        "unit": c.unit_id,
        "duplicate_of": c.duplicate_of_id,
        "state": move.state_to,
        "back": c.state if changes_state else c.back,
        "version": c.version + 1,
        "state_since": move.at if changes_state else c.state_since,
        "paused_until": None if changes_state else c.paused_until,
        "last_act": transition.key,
        "last_by": move.case.user.id,
        "closed_at": (c.closed_at or move.at) if move.state_to in FINALS else None,
        "elsewhere": "" if changes_state else c.elsewhere,
    }
    if model := record_of(transition):
        move.columns |= model.changes(move.case, move.blanks)
    if move.columns["secrecy"] != c.secrecy and not transition.amends:  # an amendment sets the title itself
        move.columns["title"] = followed_title(c, move.columns["secrecy"])
    EFFECTS[transition.effect].change(move)
    update_runs(move)
    return move


def write_numbers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """Draw and bind the numbers of the step's papers, and a register number where a case has none yet."""
    _number_papers(moves, step, at)
    _number_imported(moves, step, at)


def _number_papers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    if not step.series:
        return
    have = number.numbers_by_series([m.case.complaint.id for m in moves])
    lacking = [m for m in moves if step.series not in have[m.case.complaint.id]]
    counted, typed = [m for m in lacking if not m.typed], [m for m in lacking if m.typed]
    drawn = _drawn(counted, step, at) + [number.typed_number(step.series, m.typed, at) for m in typed]
    numbered = [*counted, *typed]
    number.bind(step.series, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in numbered], at)
    for move, bound in zip(numbered, drawn, strict=True):
        move.number = bound.text


def _drawn(moves: Sequence[Move], step: Transition, at: datetime) -> list[number.Drawn]:
    """The next numbers of the step's series, with the code of the unit that handles each case."""
    if not moves:
        return []
    codes = dict(Division.select(Division.id, Division.paper_code).tuples())
    units = [codes.get(m.columns["unit"], "") for m in moves]
    return number.draw(step.series, len(moves), at, moves[0].case.settings, units)


def _number_imported(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """An imported case without a register number gets one when it advances or gets its first paper."""
    numbered = [m for m in moves if step.papers or m.procedure.is_main(step)]
    lacking = [m for m in numbered if m.case.complaint.number.startswith(number.STAND_IN)]
    if not lacking:
        return
    drawn = number.draw(REGISTER, len(lacking), at, lacking[0].case.settings)
    number.bind(REGISTER, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in lacking], at)
    for move, bound in zip(lacking, drawn, strict=True):
        move.columns["number"] = bound.text
        move.number = move.number or bound.text
