"""What a move changes: the table's column `effect`, what is withdrawn, and the complaint's new columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.case.blanks import record_of
from models.case.clocks import RunSpan
from models.complaint import number
from models.complaint.complaint import Complaint, Pause, Run
from models.complaint.paper import Paper, PaperVoid, queue_for_hands
from models.office.contacts import masked_words
from models.office.people import Division
from models.office.settings import values
from models.records.entry import followed_title, legal_dues
from models.store.base import Columns, insert_rows
from models.store.rowhash import rewrites
from models.workflow.moves import Move, first_run, keep_time
from sop.procedure import FINALS, Transition
from sop.vocabulary import RECEIVE, REGISTER, vocabulary


def void_step(moves: Sequence[Move]) -> None:
    """Mark the record as recalled and the papers as void that the undone step left."""
    for m in moves:
        undone = m.procedure.transitions[m.undone]
        model = record_of(undone)
        if model:
            last = max((r.id for r in m.case.made if r.key == model.key and r.id), default=None)
            rewrites(model, [last] if last else [])
            model.update(recalled=True).where(model.id == last).execute()
        _void_papers(m, [p.key for p in undone.papers], m.since)


def void_all(moves: Sequence[Move]) -> None:
    """All that a void case holds."""
    for m in moves:
        _void_papers(m, list(vocabulary().papers), None)
        _void_numbers(m, number.valid_numbers_of(m.case.complaint))


def void_taken_numbers(moves: Sequence[Move]) -> None:
    """What was numbered under a disposition that ends; the register's number stays."""
    for m in moves:
        held = number.valid_numbers_of(m.case.complaint)
        _void_numbers(m, [n for n, series in held.items() if series != REGISTER])


def _void_numbers(m: Move, ids: Iterable[int]) -> None:
    rows = [{"number": n, "reason": _why(m), "by": m.case.user.id, "at": m.at} for n in ids]
    insert_rows(number.NumberVoid, rows)


def _void_papers(m: Move, kinds: list[str], since: datetime | None) -> None:
    void, c = PaperVoid.select(PaperVoid.paper), m.case.complaint
    of_round = (Paper.complaint == c.id) & (Paper.round == c.round) & Paper.kind.in_(kinds)
    papers = Paper.select(Paper.id).where(of_round & Paper.id.not_in(void))
    if since:
        papers = papers.where(Paper.issued_at >= since)
    rows = [{"paper": p, "reason": _why(m), "by": m.case.user.id, "at": m.at} for (p,) in papers.tuples()]
    if rows:
        insert_rows(PaperVoid, rows)
        queue_for_hands([c.id])


def _why(m: Move) -> str:
    words = (m.blanks.get("reason") or m.blanks.get("note") or "").strip()
    return f"{m.transition.label}: {masked_words(words)}"[:200] if words else m.transition.label


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
    EFFECTS[move.procedure.transitions[move.undone].effect].undo(move)


def _pause(moves: Sequence[Move]) -> None:
    rows = [
        {"complaint": m.case.complaint.id, "round": m.case.complaint.round, "started_at": m.at, "ended_at": None}
        for m in moves
    ]
    insert_rows(Pause, rows)


def _recount(move: Move) -> None:
    """Time as it counts from what was corrected: the law's from receipt and class, the first row's unless the
    complaint was written up later."""
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
    "new_revision": Effect(_new_revision),  # the unit's texts are written once more
    "new_round": Effect(_new_round),  # clocks, papers and deadlines anew
    "recount": Effect(_recount),  # times follow what was corrected
    "hold": Effect(write=_pause),  # the row's clock stands still; whatever leaves the state lets it go on
    "recall": Effect(_recall, void_step),  # the last step is undone
    "void": Effect(write=void_all),  # papers and numbers count no more
}


KEPT = (  # what every act may change, and most leave as it is
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


def work_out(move: Move) -> Move:
    """Fill in what the move changes; nothing is written yet."""
    c, transition = move.case.complaint, move.transition
    move.state_from, move.undone, move.since, move.unit = c.state, c.last_act, c.state_since, c.unit_id
    move.state_to = move.procedure.target(transition, state=c.state, back=c.back)
    as_it_was = {name: getattr(c, name) for name in KEPT}
    move.columns = {**as_it_was, "unit": c.unit_id, "duplicate_of": c.duplicate_of_id, **_moved(move, c)}
    if model := record_of(transition):
        move.columns |= model.changes(move.case, move.blanks)
    if move.columns["secrecy"] != c.secrecy and not transition.amends:  # who amends says himself what the title is
        move.columns["title"] = followed_title(c, move.columns["secrecy"])
    EFFECTS[transition.effect].change(move)
    keep_time(move)
    return move


def _moved(move: Move, c: Complaint) -> Columns:
    moved = move.state_to != move.state_from
    return {
        "state": move.state_to,
        "back": c.state if moved else c.back,
        "version": c.version + 1,
        "state_since": move.at if moved else c.state_since,
        "last_act": move.transition.key,
        "last_by": move.case.user.id,
        "closed_at": (c.closed_at or move.at) if move.state_to in FINALS else None,
        "elsewhere": c.elsewhere if move.state_to == move.state_from else "",
    }


def write_numbers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """Take and bind the numbers of the step's papers, and the register's where a case has none yet."""
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
    for move, given in zip(numbered, drawn, strict=True):
        move.number = given.text


def _drawn(moves: Sequence[Move], step: Transition, at: datetime) -> list[number.Drawn]:
    """The next numbers of the step's series, with the code of the unit that handles each case."""
    if not moves:
        return []
    codes = dict(Division.select(Division.id, Division.paper_code).tuples())
    units = [codes.get(m.columns["unit"], "") for m in moves]
    return number.draw(step.series, len(moves), at, moves[0].case.settings, units)


def _number_imported(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """A case that came with a file and has no register number takes one where it goes on, or gets its first paper."""
    numbered = [m for m in moves if step.papers or m.procedure.is_main(step)]
    lacking = [m for m in numbered if m.case.complaint.number.startswith(number.STAND_IN)]
    if not lacking:
        return
    drawn = number.draw(REGISTER, len(lacking), at, lacking[0].case.settings)
    number.bind(REGISTER, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in lacking], at)
    for move, given in zip(lacking, drawn, strict=True):
        move.columns["number"] = given.text
        move.number = move.number or given.text
