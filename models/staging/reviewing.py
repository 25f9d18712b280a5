"""A file that waits, as a person looks at it: its rows page by page, decided on one by one or many at once, mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten

import peewee as pw

from models.import_.incoming import IncomingCase
from models.import_.mending import mended
from models.import_.moments import ReadMoment
from models.office.lists import Medium
from models.office.people import User
from models.staging.batches import (
    CHANGED,
    DECISIONS,
    DUPLICATE,
    FORWARD,
    FORWARDED,
    NEW,
    NOTE,
    PUBLISHED_BY,
    REFUSED,
    REPEAT,
    SHORT,
    SKIP,
    STAGED,
    TAKE,
    VERDICTS,
    ImportBatch,
    ImportRow,
    form_of,
)
from models.staging.judging import REASONS, judged_beside
from models.staging.known import ticket_of
from models.staging.lifting import LiftedNumbers
from models.staging.stage import opened_cases, staged_row
from models.staging.topics import topics_among
from models.store.base import database
from models.tables.scope import viewer

ON_A_PAGE, EXCERPT, MOST_TOPICS = 50, 220, 200  # rows; letters; topics
CHOICES = {
    # what can be decided on rows of a verdict, the proposal first
    NEW: (TAKE, SKIP),
    CHANGED: (SKIP, NOTE),
    REPEAT: (DUPLICATE, TAKE, SKIP),
    FORWARDED: (FORWARD, TAKE, SKIP),
    SHORT: (TAKE, SKIP),
}
MENDABLE = (REFUSED, SHORT)
SAME_TICKET = "same_ticket"  # never a case beside the one that has the ticket
ANSWERED = "answered"  # never the duplicate of one that nobody has answered


@dataclass(frozen=True)
class ReviewedRow:
    """A row with what it says, and what may be decided on it."""

    row: ImportRow
    case: IncomingCase

    @property
    def why(self) -> str:
        line = f" (baris {self.row.of_line})" if self.row.of_line else ""
        return f"{REASONS[self.row.why].rstrip('.')}{line}." if self.row.why else ""

    @property
    def title(self) -> str:
        """What it is called, numbers of persons masked as they will be."""
        return LiftedNumbers().without_numbers(self.case.title) or "Tanpa judul"

    @property
    def excerpt(self) -> str:
        """The beginning of its story, masked alike."""
        return shorten(LiftedNumbers().without_numbers(self.case.story), EXCERPT, placeholder=" …")

    @property
    def beside(self) -> str:
        """Ticket, topic, place and status, as far as the file tells them; of another office which it is."""
        c = self.case
        others = (c.city, c.office) if self.row.verdict == FORWARDED else ()
        told = " · ".join(filter(None, (c.topic, c.place, c.kelurahan, c.status, *others)))
        return " · ".join(filter(None, (ticket_of(c), LiftedNumbers().without_numbers(told))))

    @property
    def choices(self) -> tuple[str, ...]:
        choices = () if self.row.why == SAME_TICKET else CHOICES.get(self.row.verdict, ())
        return tuple(choice for choice in choices if choice != DUPLICATE or self.row.why != ANSWERED)


def own_batch(number: int, user: User) -> ImportBatch | None:
    """The file of this number, if it is the person's."""
    batch: ImportBatch | None = ImportBatch.get_or_none((ImportBatch.id == number) & (ImportBatch.by == user))
    return batch


def rows_after(batch: ImportBatch, line: int, verdict: str = "") -> tuple[list[ReviewedRow], bool]:
    """The next rows behind a line, of one verdict or of all, and whether there are more."""
    ahead = (ImportRow.batch == batch) & (ImportRow.line > line) & ImportRow.sealed.is_null(False)
    wanted = ahead & (ImportRow.verdict == verdict) if verdict in VERDICTS else ahead
    rows = list(ImportRow.select().where(wanted).order_by(ImportRow.line).limit(ON_A_PAGE + 1))
    opened = zip(rows[:ON_A_PAGE], opened_cases(batch, rows[:ON_A_PAGE]), strict=True)
    return [ReviewedRow(row, case) for row, case in opened if case], len(rows) > ON_A_PAGE


def reviewed_row(batch: ImportBatch, line: int) -> ReviewedRow | None:
    """One row; None where there is no such row, or what it said is gone."""
    rows = list(ImportRow.select().where((ImportRow.batch == batch) & (ImportRow.line == line)))
    return next(
        (ReviewedRow(row, case) for row, case in zip(rows, opened_cases(batch, rows), strict=True) if case), None
    )


def decide(batch: ImportBatch, verdict: str, decision: str, lines: Iterable[int] = ()) -> int:
    """What is to become of the rows of a verdict, all of them or these lines; of how many. A file that is on its way
    stays as it was decided on."""
    if decision not in CHOICES.get(verdict, ()):
        return 0
    with database.atomic():
        if not ImportBatch.select().where((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED)).exists():
            return 0
        closed = (SAME_TICKET, ANSWERED) if decision == DUPLICATE else (SAME_TICKET,)
        rows = (ImportRow.batch == batch) & (ImportRow.verdict == verdict) & ImportRow.why.not_in(closed)
        chosen = list(lines)
        wanted = rows & ImportRow.line.in_(chosen) if chosen else rows
        return int(ImportRow.update(decision=decision).where(wanted).execute())


def decided_counts(batch: ImportBatch) -> dict[str, int]:
    """By decision how many rows."""
    counted = ImportRow.select(ImportRow.decision, pw.fn.COUNT(ImportRow.id)).where(ImportRow.batch == batch)
    by_decision = dict(counted.group_by(ImportRow.decision).tuples())
    return {decision: by_decision.get(decision, 0) for decision in DECISIONS}


def progress_of(batch: ImportBatch) -> tuple[int, int]:
    """How many rows have become a case so far, of how many that shall."""
    rows = (ImportRow.batch == batch) & ImportRow.decision.in_(PUBLISHED_BY)
    became = ImportRow.select().where(rows & ImportRow.became.is_null(False)).count()
    return became, ImportRow.select().where(rows).count()


def topics_of(batch: ImportBatch) -> list[tuple[str, int]]:
    """The topics of a file with how many rows have each, the commonest first and no more of them than one can sort."""
    rows = ImportRow.select().where((ImportRow.batch == batch) & ImportRow.sealed.is_null(False))
    return topics_among(case for case in opened_cases(batch, list(rows)) if case).most_common(MOST_TOPICS)


def mend(batch: ImportBatch, line: int, *, title: str, story: str, received: datetime | None, at: datetime) -> str:
    """Put a refused or short row right and judge it anew; its new verdict, "" where that cannot be done. The next file
    is compared with what this one said of it."""
    with database.atomic():
        waits = ImportBatch.get_or_none((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED))
        found_row = reviewed_row(batch, line)
        if waits is None or found_row is None or found_row.row.verdict not in MENDABLE:
            return ""
        moment = ReadMoment(received, False) if received else found_row.case.received
        case = replace(found_row.case, title=" ".join(mended(title).split()), story=mended(story), received=moment)
        medium = Medium.get(Medium.code == form_of(batch.form).medium)
        judged = judged_beside(case, _standing(batch, line), medium, viewer(batch.by, at.date()), at)
        kept = {name: getattr(found_row.row, name) for name in ("text_mark", "status_mark")}
        columns = {**staged_row(batch, judged), **kept}
        ImportRow.update(**columns).where(ImportRow.id == found_row.row.id).execute()
        return judged.verdict


def _standing(batch: ImportBatch, line: int) -> Iterator[IncomingCase]:
    """What the other rows say that are not refused, in the file's order."""
    others = (ImportRow.batch == batch) & (ImportRow.line != line) & (ImportRow.verdict != REFUSED)
    rows = list(ImportRow.select().where(others).order_by(ImportRow.line))
    return (case for case in opened_cases(batch, rows) if case)
