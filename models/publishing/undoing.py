"""Taking a file back: the cases that it made and nobody has touched since are void, in portions as they came."""

from collections.abc import Sequence
from datetime import datetime

from models.case.case import Case
from models.case.clocks import RunSpan
from models.case.edits import signature
from models.office.calendar import clock
from models.office.lists import Category
from models.office.people import User, posts_by_unit
from models.publishing.portions import PORTION, Progress
from models.staging.batches import PUBLISHED, PUBLISHING, UNDOING, UNDONE, ImportBatch, ImportRow
from models.staging.stage import forget_rows
from models.store.base import Columns, among, database
from models.tables import event
from models.tables.complaint import Complaint, Run
from models.tables.likeness import Likeness
from models.tables.scope import viewer
from models.writer.move import Move
from models.writer.runs import keep_time, write_runs
from models.writer.withdraw import void_all
from models.writer.write import Overtaken, write_states
from sop import flow
from sop.clock import WIB, Clock
from sop.procedure import PETUGAS, Transition

TAKEN_BACK = Transition(key=flow.UNDONE, actor="", label="Impor dibatalkan", did="membatalkan impor berkas")
VOIDED = next(t.to for t in flow.TRANSITIONS.values() if t.effect == "void")
ONLY = "Impor dibatalkan oleh petugas yang memasukkannya."
NOTHING = "Berkas ini tidak sedang atau sudah dimasukkan."
FRESH = 1  # the version of a case that nobody has touched


def begin_undoing(batch: ImportBatch, *, by: User, at: datetime) -> str:
    """Have a file taken back, also one that is still being published; the sentence why not, or ""."""
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY
        of_it = (ImportBatch.id == batch.id) & ImportBatch.state.in_([PUBLISHED, PUBLISHING])
        told = {"state": UNDOING, "done": 0, "signed": signature(who, posts_by_unit(who.day), ()), "undone_at": at}
        return "" if ImportBatch.update(**told).where(of_it).execute() else NOTHING


def undo(batch: int, progress: Progress = lambda done: None) -> int:
    """Take back what is left of it; how many cases are void."""
    voided = 0
    while (portion := undo_portion(batch)) is not None:
        voided += portion
        progress(voided)
    return voided


def undo_portion(number_of_batch: int) -> int | None:
    """Take back the next cases in a transaction of their own; how many. None where nothing is left to be done."""
    with database.atomic():
        batch = ImportBatch.get_by_id(number_of_batch)
        if batch.state != UNDOING:
            return None
        rows = _next_rows(batch)
        if not rows:
            forget_rows(batch, UNDONE)
            return None
        here = (ImportBatch.id == batch.id) & (ImportBatch.done == batch.done) & (ImportBatch.state == UNDOING)
        if not ImportBatch.update(done=rows[-1][0]).where(here).execute():
            raise Overtaken
        voided = _void(batch, [complaint for _, complaint in rows])
        batch.done = rows[-1][0]
        if not _next_rows(batch):  # with its last row it is over: nothing is left that could be stopped
            forget_rows(batch, UNDONE)
        return voided


def _next_rows(batch: ImportBatch) -> list[tuple[int, int]]:
    """Line and complaint of the next rows that became one."""
    became = (ImportRow.batch == batch) & (ImportRow.line > batch.done) & ImportRow.became.is_null(False)
    rows = ImportRow.select(ImportRow.line, ImportRow.became).where(became).order_by(ImportRow.line)
    return list(rows.limit(PORTION).tuples())


def _void(batch: ImportBatch, ids: list[int]) -> int:
    at = batch.undone_at.astimezone(WIB)
    untouched = among(Complaint.id, ids) & (Complaint.version == FRESH) & (Complaint.state != VOIDED)
    untouched &= Complaint.id.not_in(_heads(batch, ids))
    moves = _moves(list(Complaint.select().where(untouched).order_by(Complaint.id)), batch.by, at)
    if not moves:
        return 0
    write_states(moves)
    write_runs(moves, at)
    void_all(moves)
    voided = [move.case.complaint.id for move in moves]
    Likeness.delete().where(among(Likeness.case, voided)).execute()  # so that the same file can come again
    event.append([_entry(move, batch) for move in moves], event.open_seals(voided))
    return len(moves)


def _heads(batch: ImportBatch, ids: list[int]) -> list[int]:
    """Those that a case repeats which stays: nobody takes back what another leans on."""
    going = ImportRow.select(ImportRow.became).where((ImportRow.batch == batch) & ImportRow.became.is_null(False))
    stays = (Complaint.state != VOIDED) & ((Complaint.version != FRESH) | Complaint.id.not_in(going))
    heads = Complaint.select(Complaint.duplicate_of).where(among(Complaint.duplicate_of, ids) & stays)
    return [head for (head,) in heads.tuples()]


def _moves(complaints: Sequence[Complaint], by: User, at: datetime) -> list[Move]:
    runs: dict[int, list[RunSpan]] = {}
    for run in Run.select().where(among(Run.complaint, (c.id for c in complaints))).order_by(Run.id):
        runs.setdefault(run.complaint_id, []).append(RunSpan.of(run))
    categories, office_clock = {category.id: category for category in Category.select()}, clock()
    return [
        _move(Case(c, categories[c.category_id], by, at, {}, runs=runs.get(c.id, [])), office_clock) for c in complaints
    ]


def _move(case: Case, office_clock: Clock) -> Move:
    c, at, by = case.complaint, case.at, case.user
    move = Move(case, TAKEN_BACK, {}, at, office_clock, state_from=c.state, state_to=VOIDED)
    move.columns = {
        "state": VOIDED,
        "back": c.state,
        "version": c.version + 1,
        "state_since": at,
        "last_by": by.id,
        "round": c.round,
        "row_due_at": c.row_due_at,
        "row_late": c.row_late,
        "closed_at": c.closed_at or at,
    }
    keep_time(move)
    return move


def _entry(move: Move, batch: ImportBatch) -> Columns:
    c = move.case.complaint
    return {
        "at": move.at,
        "user": move.case.user.id,
        "who": batch.signed,
        "complaint": c.id,
        "act": flow.UNDONE,
        "state_from": move.state_from,
        "state_to": move.state_to,
        "round": c.round,
        "version": c.version,
        "body": {"what": f"membatalkan impor berkas “{batch.file}”"},
    }
