"""Imported cases that nobody here has worked on, changed many at once: settled, given away, sorted, and put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import peewee as pw

from models.case.case import Case
from models.case.casetext import main_row_of
from models.case.clocks import RunSpan
from models.entry.category import followed_title, standard_title
from models.entry.deadlines import legal_dues, uncountable
from models.fields.frozen import kept_in_order
from models.office.calendar import clock
from models.office.lists import Category
from models.office.people import User
from models.office.settings import values
from models.search.texts import replace_main_text
from models.store.base import Columns, among
from models.tables import event
from models.tables.complaint import Complaint, Run
from models.writer.move import Move
from models.writer.runs import keep_time, write_runs
from models.writer.write import write_states
from sop import flow
from sop.clock import Clock
from sop.procedure import Transition

UPDATED = Transition(key=flow.IMPORT_CHANGED, actor="", label="Perbarui dari impor", did="memperbarui pengaduan impor")
VOIDED = next(t.to for t in flow.TRANSITIONS.values() if t.effect == "void")
OUTSIDE = next(iter(flow.OUTSIDE))


@dataclass(frozen=True)
class ImportedChange:
    """What becomes of a case: the columns that differ, what the history says was done, and what it keeps beside."""

    columns: Columns
    what: str
    told: Mapping[str, str] = field(default_factory=dict)


def is_untouched() -> pw.Expression:
    """Condition: the case came with a file, and nothing but files has changed it since."""
    acts = event.Event.select(pw.SQL("1")).where(
        (event.Event.complaint == Complaint.id) & event.Event.act.not_in(flow.IMPORT_ACTS)
    )
    return Complaint.imported & ~pw.fn.EXISTS(acts)


def untouched_among(ids: Sequence[int]) -> list[Complaint]:
    """Those of these cases, in their order, that are not void."""
    here = among(Complaint.id, ids) & (Complaint.state != VOIDED) & is_untouched()
    return list(Complaint.select().where(here).order_by(Complaint.id))


def moves_of(complaints: Sequence[Complaint], by: User, at: datetime, act: Transition) -> list[Move]:
    """A move of each that changes nothing yet."""
    runs: dict[int, list[RunSpan]] = {}
    for run in Run.select().where(among(Run.complaint, (c.id for c in complaints))).order_by(Run.id):
        runs.setdefault(run.complaint_id, []).append(RunSpan.of(run))
    categories, office_clock = {category.id: category for category in Category.select()}, clock()
    cases = (Case(c, categories[c.category_id], by, at, {}, runs=runs.get(c.id, [])) for c in complaints)
    return [_move(case, office_clock, act) for case in cases]


def _move(case: Case, office_clock: Clock, act: Transition) -> Move:
    c = case.complaint
    move = Move(case, act, {}, case.at, office_clock, state_from=c.state, state_to=c.state)
    move.columns = {
        **{name: getattr(c, name) for name in ("state", "back", "state_since", "row_due_at", "row_late", "closed_at")},
        "round": c.round,
        "version": c.version + 1,
        "last_by": case.user.id,
    }
    return move


def apply_changes(changes: Mapping[int, ImportedChange], *, by: User, who: str, at: datetime) -> set[int]:
    """Make each change whose case is untouched; which were made. Call inside the transaction; `who` signs."""
    moves = moves_of(untouched_among(list(changes)), by, at, UPDATED)
    if not moves:
        return set()
    for move in moves:
        _take(move, changes[move.case.complaint.id].columns)
    titles = {move.case.complaint.id: move.case.complaint.title for move in moves}
    write_states(moves)
    write_runs(moves, at)
    for move in moves:
        if move.case.complaint.title != titles[move.case.complaint.id]:
            replace_main_text(main_row_of(move.case.complaint))
    entries = [_entry(move, changes[move.case.complaint.id], who) for move in moves]
    event.append(entries, event.open_seals(titles))
    return set(titles)


def _take(move: Move, columns: Columns) -> None:
    """Let the move make this change; its clock, which ran for nobody, never did."""
    c = move.case.complaint
    state = columns.get("state", c.state)
    if state != c.state:
        move.state_to = state
        move.columns |= {"back": c.state, "state_since": columns.get("closed_at") or move.at}
    move.columns |= columns
    keep_time(move)
    if move.ended:
        move.dropped, move.ended = [move.ended], None
        move.columns["row_late"] = c.row_late


def _entry(move: Move, change: ImportedChange, who: str) -> Columns:
    c = move.case.complaint
    return {
        "at": move.at,
        "user": move.case.user.id,
        "who": who,
        "complaint": c.id,
        "act": flow.IMPORT_CHANGED,
        "state_from": move.state_from,
        "state_to": move.state_to,
        "round": c.round,
        "version": c.version,
        "body": {"what": change.what, **kept_in_order(dict(change.told))},
    }


def settled_outside(closed_at: datetime, elsewhere: str) -> Columns:
    """An open case was settled outside the panel."""
    return {"state": OUTSIDE, "closed_at": closed_at, "elsewhere": elsewhere, **_NO_DUES}


def open_again(c: Complaint) -> Columns:
    """What `settled_outside` and `given_away` changed, put back."""
    return {"state": flow.FIRST, "closed_at": None, "elsewhere": "", **_dues(c, c.law_class)}


def given_away(passed_on: str, elsewhere: str, at: datetime) -> Columns:
    """An open case is another institution's."""
    return {"state": passed_on, "closed_at": at, "elsewhere": elsewhere, **_NO_DUES}


def sorted_as(c: Complaint, category: Category) -> Columns:
    """A case is of this category, with what follows from it; a rahasia one stays so."""
    secrecy = c.secrecy if c.secrecy == "rahasia" else category.secrecy
    columns = {"category": category.id, "law_class": category.law_class, "urgency": category.urgency}
    title = standard_title(category, c.kelurahan_id) if secrecy == "rahasia" else followed_title(c, secrecy)
    columns |= {"secrecy": secrecy, "title": title}
    return columns | (_dues(c, category.law_class) if c.state == flow.FIRST else {})


def _dues(c: Complaint, law_class: str) -> Columns:
    return _NO_DUES if uncountable(c.received_at) else legal_dues(clock(), c.received_at, law_class, values())


_NO_DUES: Columns = {"legal_due_at": None, "answer_due_at": None}
