"""What came with a file is sorted afterwards, many cases at once: settled, given to other institutions, or put into the
categories of their topics. What somebody here has worked on stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

import orjson

from models.case.edits import signature
from models.office.lists import Category, Topic
from models.office.people import User, posts_by_unit
from models.publishing.changing import (
    ImportedChange,
    apply_changes,
    given_away,
    settled_outside,
    sorted_as,
    untouched_among,
)
from models.publishing.portions import ONLY, PORTION, Progress
from models.staging.batches import PUBLISHED, SORTING, ImportBatch, ImportRow
from models.staging.reviewing import RowChoice
from models.staging.topics import kept_topics
from models.store.base import Columns, among, database
from models.tables.complaint import UNANSWERED, UNDATED, Complaint
from models.tables.scope import viewer, visible
from models.writer.write import Overtaken
from sop import flow
from sop.clock import WIB
from sop.procedure import DETOURS, PETUGAS

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
PASSED_ON = next(t.to for t in DETOURS if t.record == "forwarding")
NOT_YET = "Berkas ini belum selesai dimasukkan, atau sedang dikerjakan."


@dataclass(frozen=True)
class AskedSorting:
    """What is to be done to which cases of a file, since when; kept with the file while it goes on."""

    act: str
    choice: RowChoice
    at: datetime

    def words(self) -> str:
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def of(cls, words: str) -> "AskedSorting":
        kept = orjson.loads(words)
        choice = kept["choice"]
        before = date.fromisoformat(choice["before"]) if choice["before"] else None
        terms = tuple((column, tuple(names)) for column, names in choice["terms"])
        return cls(kept["act"], RowChoice(choice["verdict"], terms, before), datetime.fromisoformat(kept["at"]))


def begin_sorting(batch: ImportBatch, act: str, choice: RowChoice, *, by: User, at: datetime) -> str:
    """Have the cases of a file sorted; the sentence why not, or ""."""
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY
        done = (ImportBatch.id == batch.id) & (ImportBatch.state == PUBLISHED)
        told = {"state": SORTING, "done": 0, "signed": signature(who, posts_by_unit(who.day), ())}
        asked = AskedSorting(act, choice, at).words()
        return "" if act in ACTS and ImportBatch.update(asked=asked, **told).where(done).execute() else NOT_YET


def sort_cases(batch: int, progress: Progress = lambda done: None) -> int:
    """Sort what is left; how many cases are others now."""
    changed = 0
    while (portion := sort_portion(batch)) is not None:
        changed += portion
        progress(changed)
    return changed


def sort_portion(number_of_batch: int) -> int | None:
    """The next cases in a transaction of their own; how many were changed. None where nothing is left to be done."""
    with database.atomic():
        batch = ImportBatch.get_by_id(number_of_batch)
        if batch.state != SORTING:
            return None
        asked = AskedSorting.of(batch.asked)
        rows = asked.choice.of(batch) & (ImportRow.line > batch.done) & ImportRow.became.is_null(False)
        cases = list(
            ImportRow.select(ImportRow.line, ImportRow.became).where(rows).order_by(ImportRow.line).limit(PORTION)
        )
        ends = len(cases) < PORTION
        told = {"state": PUBLISHED, "asked": "", "done": 0} if ends else {"done": cases[-1].line}
        here = (ImportBatch.id == batch.id) & (ImportBatch.done == batch.done) & (ImportBatch.state == SORTING)
        if not ImportBatch.update(**told).where(here).execute():
            raise Overtaken
        return _sort(batch, asked, [row.became_id for row in cases])


def _sort(batch: ImportBatch, asked: AskedSorting, ids: list[int]) -> int:
    change_of, at = CHANGES[asked.act](batch, asked.at), asked.at.astimezone(WIB)
    what = f"{DID[asked.act]} dari berkas “{batch.file}”"
    who = viewer(batch.by, asked.at.astimezone(WIB).date())
    mine = visible(batch.by, Complaint, who).select(Complaint.id).where(among(Complaint.id, ids))
    open_to_him = {number for (number,) in mine.tuples()}
    cases = [c for c in untouched_among(ids) if c.id in open_to_him]
    changes = {c.id: ImportedChange(columns, what) for c in cases if (columns := change_of(c))}
    return len(apply_changes(changes, by=batch.by, who=batch.signed, at=at))


def _settling(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    return lambda c: settled_outside(c.received_at, UNDATED) if c.state == flow.FIRST else {}


def _giving_away(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    return lambda c: given_away(PASSED_ON, UNANSWERED, at) if c.state == flow.FIRST else {}


def _categorising(batch: ImportBatch, at: datetime) -> Callable[[Complaint], Columns]:
    """By the topics as they are sorted now; what has no topic, or one that nobody has sorted, stays."""
    categories = {category.id: category for category in Category.select()}
    by_topic: Mapping[str, int] = kept_topics(batch.form)
    keys = dict(Topic.select(Topic.id, Topic.key).tuples())

    def change_of(c: Complaint) -> Columns:
        category = categories.get(by_topic.get(keys.get(c.topic_id, ""), 0))
        return sorted_as(c, category) if category and category.id != c.category_id else {}

    return change_of


CHANGES = {SETTLE: _settling, GIVE_AWAY: _giving_away, CATEGORY: _categorising}
