"""Taking a file back: the cases that it made and nobody has touched since are void, in portions as they came."""

from collections.abc import Sequence
from datetime import datetime

from models.case.edits import signature
from models.office.people import User, posts_by_unit
from models.publishing.changing import (
    VOIDED,
    ImportedChange,
    apply_changes,
    is_untouched,
    moves_of,
    open_again,
    untouched_among,
)
from models.publishing.portions import PORTION, Progress
from models.staging.batches import (
    CARRIED,
    CARRIED_DATE,
    PUBLISHED,
    PUBLISHING,
    SORTING,
    UNDOING,
    UNDONE,
    ImportBatch,
    ImportRow,
)
from models.staging.stage import forget_rows
from models.store.base import Columns, among, database
from models.tables import event
from models.tables.complaint import UNANSWERED, UNDATED, Complaint
from models.tables.likeness import Likeness
from models.tables.scope import viewer
from models.writer.move import Move
from models.writer.runs import keep_time, write_runs
from models.writer.withdraw import void_all
from models.writer.write import Overtaken, write_states
from sop import flow
from sop.clock import WIB
from sop.procedure import PETUGAS, Transition

TAKEN_BACK = Transition(key=flow.UNDONE, actor="", label="Impor dibatalkan", did="membatalkan impor berkas")
ONLY = "Impor dibatalkan oleh petugas yang memasukkannya."
NOTHING = "Berkas ini tidak sedang atau sudah dimasukkan."


def begin_undoing(batch: ImportBatch, *, by: User, at: datetime) -> str:
    """Have a file taken back, also one that is still being published; the sentence why not, or ""."""
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY
        of_it = (ImportBatch.id == batch.id) & ImportBatch.state.in_([PUBLISHED, PUBLISHING, SORTING])
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
        if not ImportBatch.update(done=rows[-1].line).where(here).execute():
            raise Overtaken
        _put_back(batch, [row for row in rows if row.became_id is None])
        voided = _void(batch, [row.became_id for row in rows if row.became_id])
        batch.done = rows[-1].line
        if not _next_rows(batch):  # with its last row it is over: nothing is left that could be stopped
            forget_rows(batch, UNDONE)
        return voided


def _next_rows(batch: ImportBatch) -> list[ImportRow]:
    """The next rows that became a case, or told the answer of one."""
    ahead = (ImportRow.batch == batch) & (ImportRow.line > batch.done)
    wrote = ImportRow.became.is_null(False) | ImportRow.why.in_([CARRIED, CARRIED_DATE])
    columns = (ImportRow.line, ImportRow.became, ImportRow.known, ImportRow.why)
    return list(ImportRow.select(*columns).where(ahead & wrote).order_by(ImportRow.line).limit(PORTION))


def _put_back(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """The cases whose answers these rows told are as they were before."""
    at = batch.undone_at.astimezone(WIB)
    told_since = _told_since(batch, rows)
    why = {row.known_id: row.why for row in rows if row.known_id not in told_since}
    changes = {
        c.id: ImportedChange(_before(c, why[c.id]), f"membatalkan jawaban dari berkas “{batch.file}”")
        for c in untouched_among(list(why))
    }
    apply_changes(changes, by=batch.by, who=batch.signed, at=at)


def _told_since(batch: ImportBatch, rows: Sequence[ImportRow]) -> set[int]:
    """Those of which a later file has told the answer as well, or its day: that stands."""
    later = among(ImportRow.known, [row.known_id for row in rows]) & ImportRow.why.in_([CARRIED, CARRIED_DATE])
    others = ImportRow.select(ImportRow.known).join(ImportBatch).where(later & (ImportBatch.id > batch.id))
    return {number for (number,) in others.where(ImportBatch.state.not_in([UNDOING, UNDONE])).tuples()}


def _before(c: Complaint, why: str) -> Columns:
    if why == CARRIED_DATE:
        return {"elsewhere": UNDATED, "closed_at": c.received_at}
    if c.state in flow.OUTSIDE and c.back == flow.FIRST:
        return open_again(c)
    return {"elsewhere": UNANSWERED, "closed_at": c.state_since}


def _void(batch: ImportBatch, ids: list[int]) -> int:
    at = batch.undone_at.astimezone(WIB)
    heads = _heads(batch, ids)
    left = [c for c in untouched_among(ids) if c.id not in heads]
    moves = moves_of(left, batch.by, at, TAKEN_BACK)
    if not moves:
        return 0
    for move in moves:
        c = move.case.complaint
        move.state_to = VOIDED
        move.columns |= {"state": VOIDED, "back": c.state, "state_since": at, "closed_at": c.closed_at or at}
        keep_time(move)
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
    stays = (Complaint.state != VOIDED) & (~is_untouched() | Complaint.id.not_in(going))
    heads = Complaint.select(Complaint.duplicate_of).where(among(Complaint.duplicate_of, ids) & stays)
    return [head for (head,) in heads.tuples()]


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
