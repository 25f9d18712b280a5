"""After publishing: bulk changes of imported cases, and undoing a whole import."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import orjson

from models.case.attachments import actor_with_title
from models.complaint import event
from models.complaint.complaint import UNANSWERED, UNDATED, Complaint
from models.complaint.repeats import Likeness
from models.complaint.scope import viewer, visible
from models.imports.batches import (
    CARRIED,
    CARRIED_DATE,
    PUBLISHED,
    PUBLISHING,
    SORTING,
    UNDOING,
    UNDONE,
    ImportBatch,
    ImportRow,
    topic_categories,
)
from models.imports.changing import (
    ImportedChange,
    apply_changes,
    given_away,
    is_untouched,
    moves_of,
    open_again,
    settled_outside,
    sorted_as,
    untouched_among,
)
from models.imports.publishing import ONLY, PORTION, Progress
from models.imports.reviewing import RowChoice
from models.imports.stage import forget_rows
from models.office.lists import Category, Topic
from models.office.people import User, posts_by_unit
from models.store.base import Columns, among, database
from models.workflow.effects import void_all
from models.workflow.moves import Move, update_runs, write_runs
from models.workflow.write import ConcurrentUpdate, write_states
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import PETUGAS, Transition
from sop.vocabulary import FORWARDED, IMPORT_UNDONE, OUTSIDE, VOIDED

SETTLE, GIVE_AWAY, CATEGORY = "settle", "give_away", "category"
ACTS = {
    SETTLE: "Tutup: selesai di luar panel",
    GIVE_AWAY: "Serahkan: urusan instansi lain",
    CATEGORY: "Ubah kategori menurut topik",
}
DID = {
    SETTLE: "menutup pengaduan impor sebagai selesai di luar panel",
    GIVE_AWAY: "menyerahkan pengaduan impor sebagai urusan instansi lain",
    CATEGORY: "mengubah kategori pengaduan impor",
}
NOT_YET = "Berkas ini belum selesai dimasukkan, atau sedang dikerjakan."


@dataclass(frozen=True)
class AskedSorting:
    """A bulk change of a file's cases; stored as JSON in the batch while it is running."""

    act: str
    choice: RowChoice
    at: datetime

    def as_json(self) -> str:
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> "AskedSorting":
        stored = orjson.loads(text)
        choice = stored["choice"]
        before = date.fromisoformat(choice["before"]) if choice["before"] else None
        terms = tuple((column, tuple(names)) for column, names in choice["terms"])
        return cls(stored["act"], RowChoice(choice["verdict"], terms, before), datetime.fromisoformat(stored["at"]))


def begin_sorting(batch: ImportBatch, act: str, choice: RowChoice, *, by: User, at: datetime) -> str:
    """Start a bulk change of a file's cases; the sentence why not, "" if started."""
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY
        done = (ImportBatch.id == batch.id) & (ImportBatch.state == PUBLISHED)
        columns = {"state": SORTING, "done": 0, "signed": actor_with_title(who, posts_by_unit(who.day), ())}
        asked = AskedSorting(act, choice, at).as_json()
        return "" if act in ACTS and ImportBatch.update(asked=asked, **columns).where(done).execute() else NOT_YET


def sort_cases(batch: int, progress: Progress = lambda done: None) -> int:
    """Apply the bulk change to the remaining cases in portions; the number of changed cases."""
    changed = 0
    while (portion := sort_portion(batch)) is not None:
        changed += portion
        progress(changed)
    return changed


def sort_portion(number_of_batch: int) -> int | None:
    """Change the next cases in one transaction; the number of changed ones. None if nothing is left to do."""
    with database.atomic():
        batch = ImportBatch.get_by_id(number_of_batch)
        if batch.state != SORTING:
            return None
        asked = AskedSorting.from_json(batch.asked)
        rows = asked.choice.of(batch) & (ImportRow.line > batch.done) & ImportRow.became.is_null(False)
        cases = list(
            ImportRow.select(ImportRow.line, ImportRow.became).where(rows).order_by(ImportRow.line).limit(PORTION)
        )
        ends = len(cases) < PORTION
        columns = {"state": PUBLISHED, "asked": "", "done": 0} if ends else {"done": cases[-1].line}
        unchanged = (ImportBatch.id == batch.id) & (ImportBatch.done == batch.done) & (ImportBatch.state == SORTING)
        if not ImportBatch.update(**columns).where(unchanged).execute():
            raise ConcurrentUpdate
        return _sort(batch, asked, [row.became_id for row in cases])


def _sort(batch: ImportBatch, asked: AskedSorting, ids: list[int]) -> int:
    change_of, at = CHANGES[asked.act](batch, asked.at), asked.at.astimezone(WIB)
    what = f"{DID[asked.act]} dari berkas “{batch.file}”"
    who = viewer(batch.by, asked.at.astimezone(WIB).date())
    mine = visible(batch.by, Complaint, who).select(Complaint.id).where(among(Complaint.id, ids))
    readable = {number for (number,) in mine.tuples()}
    cases = [c for c in untouched_among(ids) if c.id in readable]
    changes = {c.id: ImportedChange(columns, what) for c in cases if (columns := change_of(c))}
    return len(apply_changes(changes, by=batch.by, who=batch.signed, at=at))


def _settling(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    return lambda c: settled_outside(c.received_at, UNDATED) if c.state == current_procedure().first else {}


def _giving_away(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    return lambda c: given_away(FORWARDED, UNANSWERED, at) if c.state == current_procedure().first else {}


def _categorising(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    """By the present categories of topics; cases without a topic, or with an unsorted one, are not changed."""
    categories = {category.id: category for category in Category.select()}
    by_topic: Mapping[str, int] = topic_categories(batch.form)
    keys = dict(Topic.select(Topic.id, Topic.key).tuples())

    def change_of(c: Complaint) -> Columns:
        category = categories.get(by_topic.get(keys.get(c.topic_id, ""), 0))
        return sorted_as(c, category) if category and category.id != c.category_id else {}

    return change_of


CHANGES = {SETTLE: _settling, GIVE_AWAY: _giving_away, CATEGORY: _categorising}


TAKEN_BACK = Transition(key=IMPORT_UNDONE, actor="", label="Impor dibatalkan", did="membatalkan impor berkas")
ONLY_WHO_PUBLISHED = "Impor dibatalkan oleh petugas yang memasukkannya."
NOTHING = "Berkas ini tidak sedang atau sudah dimasukkan."


def begin_undoing(batch: ImportBatch, *, by: User, at: datetime) -> str:
    """Start undoing an import, also while it is being published; the sentence why not, "" if started."""
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY_WHO_PUBLISHED
        of_it = (ImportBatch.id == batch.id) & ImportBatch.state.in_([PUBLISHED, PUBLISHING, SORTING])
        columns = {
            "state": UNDOING,
            "done": 0,
            "signed": actor_with_title(who, posts_by_unit(who.day), ()),
            "undone_at": at,
        }
        return "" if ImportBatch.update(**columns).where(of_it).execute() else NOTHING


def undo(batch: int, progress: Progress = lambda done: None) -> int:
    """Undo the remaining rows in portions; the number of voided cases."""
    voided = 0
    while (portion := undo_portion(batch)) is not None:
        voided += portion
        progress(voided)
    return voided


def undo_portion(number_of_batch: int) -> int | None:
    """Undo the next rows in one transaction; the number of voided cases. None if nothing is left to do."""
    with database.atomic():
        batch = ImportBatch.get_by_id(number_of_batch)
        if batch.state != UNDOING:
            return None
        rows = _next_rows(batch)
        if not rows:
            forget_rows(batch, UNDONE)
            return None
        unchanged = (ImportBatch.id == batch.id) & (ImportBatch.done == batch.done) & (ImportBatch.state == UNDOING)
        if not ImportBatch.update(done=rows[-1].line).where(unchanged).execute():
            raise ConcurrentUpdate
        _revert_answers(batch, [row for row in rows if row.became_id is None])
        voided = _void(batch, [row.became_id for row in rows if row.became_id])
        batch.done = rows[-1].line
        if not _next_rows(batch):  # finished in the same transaction as its last row
            forget_rows(batch, UNDONE)
        return voided


def _next_rows(batch: ImportBatch) -> list[ImportRow]:
    """The next rows that became a case, or brought the answer of one."""
    ahead = (ImportRow.batch == batch) & (ImportRow.line > batch.done)
    wrote = ImportRow.became.is_null(False) | ImportRow.why.in_([CARRIED, CARRIED_DATE])
    columns = (ImportRow.line, ImportRow.became, ImportRow.known, ImportRow.why)
    return list(ImportRow.select(*columns).where(ahead & wrote).order_by(ImportRow.line).limit(PORTION))


def _revert_answers(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Revert the cases that got their answers from these rows."""
    at = batch.undone_at.astimezone(WIB)
    confirmed = _confirmed_later(batch, rows)
    reasons = {row.known_id: row.why for row in rows if row.known_id not in confirmed}
    changes = {
        c.id: ImportedChange(_columns_before(c, reasons[c.id]), f"membatalkan jawaban dari berkas “{batch.file}”")
        for c in untouched_among(list(reasons))
    }
    apply_changes(changes, by=batch.by, who=batch.signed, at=at)


def _confirmed_later(batch: ImportBatch, rows: Sequence[ImportRow]) -> set[int]:
    """The cases whose answer, or its date, a later import has as well: they are not reverted."""
    later = among(ImportRow.known, [row.known_id for row in rows]) & ImportRow.why.in_([CARRIED, CARRIED_DATE])
    others = ImportRow.select(ImportRow.known).join(ImportBatch).where(later & (ImportBatch.id > batch.id))
    return {number for (number,) in others.where(ImportBatch.state.not_in([UNDOING, UNDONE])).tuples()}


def _columns_before(c: Complaint, why: str) -> Columns:
    """The columns as they were before the answer."""
    if why == CARRIED_DATE:
        return {"elsewhere": UNDATED, "closed_at": c.received_at}
    if c.state == OUTSIDE and c.back == current_procedure().first:
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
        update_runs(move)
    write_states(moves)
    write_runs(moves, at)
    void_all(moves)
    voided = [move.case.complaint.id for move in moves]
    Likeness.delete().where(among(Likeness.case, voided)).execute()  # so that the same file can be imported again
    event.append([_entry(move, batch) for move in moves], event.open_seals(voided))
    return len(moves)


def _heads(batch: ImportBatch, ids: list[int]) -> list[int]:
    """The cases with a duplicate that stays; they are not voided."""
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
        "act": IMPORT_UNDONE,
        "state_from": move.state_from,
        "state_to": move.state_to,
        "round": c.round,
        "version": c.version,
        "body": {"what": f"membatalkan impor berkas “{batch.file}”"},
    }
