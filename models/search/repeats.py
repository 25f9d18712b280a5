"""Whether what somebody takes down has come before: the few cases that it may repeat, among those that he may open.

One question for the text and the ticket, one for the numbers. Which they are depends on what was typed alone; a case
that he may not open is in neither answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.search.blind import NumberMark
from models.search.find import may_find
from models.search.likeness import LikeMark, likenesses, text_marks, ticket_marks, words_of
from models.store.base import database
from models.tables.complaint import BlindIndex, Complaint
from models.tables.likeness import TEXT, Likeness
from models.tables.scope import Viewer, visible
from sop import flow
from sop.access import FOUND_BY

WITHIN = timedelta(days=180)
MOST = 3  # are told of
JUDGED = 12  # are read and compared: those that share most with it
NEWEST = 200  # cases of one mark are looked at
ALIKE = 0.6
FEW = 6  # a text of fewer marks is looked for by each of them alone
CERTAIN = 100  # a shared ticket weighs more than any text
NOT_TOLD = [t.to for t in flow.TRANSITIONS.values() if t.effect == "void"]  # entered by mistake
SAME_TICKET, SAME_TEXT, LIKE_TEXT = "rujukan media sama", "uraian sama", "uraian hampir sama"
COLUMNS = (Complaint.id, Complaint.number, Complaint.title, Complaint.story, Complaint.state, Complaint.received_at)
ALSO = (Complaint.medium, Complaint.medium_ref, Complaint.duplicate_of, Complaint.secrecy, Complaint.version)


@dataclass(frozen=True)
class Told:
    """What somebody tells, as far as it may have been told before; `case` where it is registered already."""

    story: str
    medium: int | None = None
    ticket: str = ""
    case: int = 0
    at: datetime | None = None  # when it was recorded

    @property
    def marks(self) -> list[LikeMark]:
        return [*text_marks(self.story), *ticket_marks(self.medium, self.ticket)]


@dataclass
class Repeat:
    """An earlier case that this may be, and by what."""

    complaint: Complaint
    why: list[str] = field(default_factory=list)
    weight: float = 0

    @property
    def words(self) -> str:
        return ", ".join(self.why)

    def because(self, why: str, weight: float) -> None:
        self.why.append(why)
        self.weight += weight


def repeats_of(matter: Told, numbers: Iterable[NumberMark], who: Viewer, at: datetime) -> list[Repeat]:
    """The earlier cases that it may repeat, the likeliest first, at most three; `numbers` are those of its people."""
    by_case: dict[int, Repeat] = {}
    recent = _recent(matter, who, at)
    for complaint, share in _alike(matter, recent):
        repeat = by_case.setdefault(complaint.id, Repeat(complaint))
        if _same_ticket(matter, complaint):
            repeat.because(SAME_TICKET, 4)
        if share >= ALIKE and words_of(matter.story):  # signs alone are no text
            same = words_of(matter.story) == words_of(complaint.__data__["story"])
            repeat.because(SAME_TEXT if same else LIKE_TEXT, 2 * share + same)
    for row in _of_numbers(list(numbers), recent, matter.case, who):
        by_case.setdefault(row.id, Repeat(row)).because(f"{FOUND_BY[row.number_kind]} sama", 1)
    likely = [repeat for repeat in by_case.values() if repeat.why]
    return sorted(likely, key=lambda r: (r.complaint.duplicate_of_id is not None, -r.weight, -r.complaint.id))[:MOST]


def _recent(matter: Told, who: Viewer, at: datetime) -> Any:
    """The cases that he may open, recorded in the half year before it."""
    before = matter.at or at
    rows = visible(who.user, Complaint, who).select(*COLUMNS, *ALSO)
    rows = rows.where((Complaint.recorded_at > before - WITHIN) & Complaint.state.not_in(NOT_TOLD))
    return rows.where(Complaint.id < matter.case) if matter.case else rows


def _alike(matter: Told, recent: Any) -> list[tuple[Complaint, float]]:
    """Those that share marks with it, and how much of the text."""
    marks = matter.marks
    if not marks:
        return []
    shared = _sharing(marks, matter.case)
    likely = recent.join(shared, on=(Complaint.id == shared.c.complaint_id))
    rows = list(likely.order_by(shared.c.weight.desc(), Complaint.id.desc()).limit(JUDGED))
    return list(zip(rows, likenesses(matter.story, [row.__data__["story"] for row in rows]), strict=True))


def _sharing(marks: Sequence[LikeMark], before: int) -> Any:
    """The newest cases of each mark, with how many marks they share, as a table to be joined."""
    parts = [_newest_of(mark, before) for mark in marks]
    every = reduce(lambda one, other: one.union_all(other), parts).alias("every")
    weight = pw.fn.SUM(every.c.weight)
    least = 2 if sum(mark.kind == TEXT for mark in marks) >= FEW else 1
    counted = pw.Select([every], [every.c.complaint_id, weight.alias("weight")]).group_by(every.c.complaint_id)
    return counted.having(weight >= least).bind(database).alias("shared")


def _newest_of(mark: LikeMark, before: int) -> Any:
    here = Likeness.mark == mark.mark
    rows = Likeness.select(Likeness.case, pw.Value(1 if mark.kind == TEXT else CERTAIN).alias("weight"))
    part = rows.where(here & (Likeness.case < before) if before else here)
    newest = part.order_by(Likeness.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.weight])


def _same_ticket(matter: Told, complaint: Complaint) -> bool:
    own = ticket_marks(matter.medium, matter.ticket)
    return bool(own) and own == ticket_marks(complaint.medium_id, complaint.medium_ref)


def _of_numbers(numbers: list[NumberMark], recent: Any, before: int, who: Viewer) -> list[Any]:
    """Those in which somebody has one of the numbers where the person could open it, the newest first."""
    if not numbers:
        return []
    parts = [_newest_with(number, before) for number in numbers]
    hits = reduce(lambda one, other: one.union(other), parts).bind(database).alias("hits")
    kinds = {number.kind for number in numbers}
    may = reduce(or_, [(hits.c.kind == kind) & may_find(who, kind) for kind in sorted(kinds)])
    rows = recent.select_extend(hits.c.kind.alias("number_kind")).join(hits, on=(Complaint.id == hits.c.complaint_id))
    return list(rows.where(may).order_by(hits.c.complaint_id.desc()).limit(JUDGED).objects())


def _newest_with(number: NumberMark, before: int) -> Any:
    here = BlindIndex.mark == number.mark
    rows = BlindIndex.select(BlindIndex.case, BlindIndex.kind).where(
        here & (BlindIndex.case < before) if before else here
    )
    newest = rows.order_by(BlindIndex.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.kind])


def numbers_of(case: int, kinds: Iterable[str]) -> list[NumberMark]:
    """The marks of a case's own numbers, of these kinds."""
    own = BlindIndex.select(BlindIndex.kind, BlindIndex.mark).where(BlindIndex.case == case).distinct()
    return [NumberMark(kind, bytes(mark)) for kind, mark in own.tuples() if kind in kinds]
