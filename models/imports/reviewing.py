"""Review of a staged file: pages of rows, decisions on single rows or in bulk, completion of short rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from textwrap import shorten

import peewee as pw

from models.complaint.scope import viewer
from models.imports.batches import (
    CARRIED,
    CARRIED_DATE,
    CHANGED,
    CLOSE,
    CLOSED,
    DECISIONS,
    DUPLICATE,
    FORWARD,
    FORWARDED,
    NEW,
    NOTE,
    PUBLISHED_BY,
    PUBLISHING,
    READING,
    REFUSED,
    REPEAT,
    SHORT,
    SKIP,
    SORTING,
    STAGED,
    TAKE,
    TERM_FIELDS,
    UNDOING,
    VERDICTS,
    WORKED_ON,
    ImportBatch,
    ImportRow,
    LiftedNumbers,
    form_of,
)
from models.imports.incoming import IncomingCase, ReadMoment
from models.imports.judging import REASONS, JudgedRow, is_short, judged_again, ticket_of
from models.imports.matching import DifferencePiece, differences_of
from models.imports.stage import batch_seal, opened_cases, staged_row
from models.imports.tables import mended
from models.office.lists import Medium
from models.office.people import User
from models.store.base import database
from sop.clock import WIB

ON_A_PAGE, EXCERPT = 50, 220  # rows; characters
CHOICES = {
    # possible decisions by verdict, the proposal first
    NEW: (TAKE, FORWARD, SKIP),
    CHANGED: (SKIP, NOTE),
    CLOSED: (CLOSE, NOTE, SKIP),
    REPEAT: (DUPLICATE, TAKE, FORWARD, SKIP),
    FORWARDED: (FORWARD, TAKE, SKIP),
    SHORT: (TAKE, FORWARD, SKIP),
}
MENDABLE = (REFUSED, SHORT)
SAME_TICKET = "same_ticket"  # no second case for the same ticket
ANSWERED = "answered"  # an answered row is no duplicate of an unanswered one


@dataclass(frozen=True)
class RowChoice:
    """A filter of a file's rows by verdict, institutions, topics or kecamatan, and receipt before a day. Empty
    attributes do not filter; the term "" matches rows without a value."""

    verdict: str = ""
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()  # by column of TERM_FIELDS
    before: date | None = None

    def of(self, batch: ImportBatch) -> pw.Expression:
        """The SQL condition for rows of this batch."""
        rows = ImportRow.batch == batch
        if self.verdict in VERDICTS:
            rows &= ImportRow.verdict == self.verdict
        for column, terms in self.terms:
            rows &= getattr(ImportRow, column).in_(list(terms))
        if self.before:
            rows &= ImportRow.received_at < datetime.combine(self.before, time(), WIB)
        return rows

    @property
    def choices(self) -> tuple[str, ...]:
        """The possible decisions; without a verdict those common to all rows that may become a case."""
        return CHOICES.get(self.verdict, () if self.verdict else (TAKE, FORWARD, SKIP))


@dataclass(frozen=True)
class ReviewedRow:
    """A row with its content."""

    row: ImportRow
    case: IncomingCase
    difference: tuple[DifferencePiece, ...] = ()  # diff to its existing case

    @property
    def why(self) -> str:
        line = f" (baris {self.row.of_line})" if self.row.of_line else ""
        return f"{REASONS[self.row.why].rstrip('.')}{line}." if self.row.why else ""

    @property
    def title(self) -> str:
        """Its title without personal numbers."""
        return LiftedNumbers().without_numbers(self.case.title) or "Tanpa judul"

    @property
    def excerpt(self) -> str:
        """The beginning of its story without personal numbers."""
        return shorten(LiftedNumbers().without_numbers(self.case.story), EXCERPT, placeholder=" …")

    @property
    def details(self) -> str:
        """Ticket, topic, place and status; for a forwarded row also city and office."""
        c = self.case
        others = (c.city, c.office) if self.row.verdict == FORWARDED else ()
        texts = " · ".join(filter(None, (c.topic, c.place, c.kelurahan, c.status, *others)))
        return " · ".join(filter(None, (ticket_of(c), LiftedNumbers().without_numbers(texts))))

    @property
    def choices(self) -> tuple[str, ...]:
        choices = () if self.row.why == SAME_TICKET else CHOICES.get(self.row.verdict, ())
        return tuple(choice for choice in choices if choice != DUPLICATE or self.row.why != ANSWERED)


def own_batch(number: int, user: User) -> ImportBatch | None:
    """The batch with this id, if it is the user's own."""
    batch: ImportBatch | None = ImportBatch.get_or_none((ImportBatch.id == number) & (ImportBatch.by == user))
    return batch


def rows_after(batch: ImportBatch, line: int, choice: RowChoice = RowChoice()) -> tuple[list[ReviewedRow], bool]:
    """The next page of a filter's rows after a line, and whether there are more."""
    wanted = choice.of(batch) & (ImportRow.line > line) & ImportRow.sealed.is_null(False)
    rows = list(ImportRow.select().where(wanted).order_by(ImportRow.line).limit(ON_A_PAGE + 1))
    read = zip(rows[:ON_A_PAGE], opened_cases(batch, rows[:ON_A_PAGE]), strict=True)
    contents = [(row, case) for row, case in read if case]
    differing = differences_of(contents, batch.by)
    reviewed = [ReviewedRow(row, case, differing.get(row.line, ())) for row, case in contents]
    return reviewed, len(rows) > ON_A_PAGE


def reviewed_row(batch: ImportBatch, line: int) -> ReviewedRow | None:
    """One row; None if it does not exist or its content is deleted."""
    rows = list(ImportRow.select().where((ImportRow.batch == batch) & (ImportRow.line == line)))
    return next(
        (ReviewedRow(row, case) for row, case in zip(rows, opened_cases(batch, rows), strict=True) if case), None
    )


def decide(batch: ImportBatch, choice: RowChoice, decision: str, lines: Iterable[int] = ()) -> int:
    """Set the decision of all rows of a filter, or of these lines among them; the number of rows set. Rows that do not
    allow the decision, and files no longer under review, are not changed."""
    verdicts = [verdict for verdict, choices in CHOICES.items() if decision in choices]
    if decision not in choice.choices:
        return 0
    with database.atomic():
        if not ImportBatch.select().where((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED)).exists():
            return 0
        closed = (SAME_TICKET, ANSWERED) if decision == DUPLICATE else (SAME_TICKET,)
        rows = choice.of(batch) & ImportRow.verdict.in_(verdicts) & ImportRow.why.not_in(closed)
        chosen = list(lines)
        wanted = rows & ImportRow.line.in_(chosen) if chosen else rows
        return int(ImportRow.update(decision=decision).where(wanted).execute())


def decided_counts(batch: ImportBatch) -> dict[str, int]:
    """Row counts by decision."""
    counted = ImportRow.select(ImportRow.decision, pw.fn.COUNT(ImportRow.id)).where(ImportRow.batch == batch)
    by_decision = dict(counted.group_by(ImportRow.decision).tuples())
    return {decision: by_decision.get(decision, 0) for decision in DECISIONS}


def progress_of(batch: ImportBatch) -> tuple[int, int]:
    """(done, total) rows of the present or last job: classifying, publishing, sorting or undoing."""
    if batch.state == READING:
        return batch.done, batch.total
    wrote = ImportRow.became.is_null(False) | ImportRow.why.in_([CARRIED, CARRIED_DATE, WORKED_ON])
    to_do = ImportRow.decision.in_([*PUBLISHED_BY, CLOSE]) if batch.state == PUBLISHING else wrote
    rows = ImportRow.select().where((ImportRow.batch == batch) & to_do)
    is_done = wrote if batch.state == PUBLISHING else ImportRow.line <= batch.done
    return rows.where(is_done).count() if batch.state in (PUBLISHING, SORTING, UNDOING) else 0, rows.count()


def count_of(batch: ImportBatch, choice: RowChoice) -> int:
    return int(ImportRow.select().where(choice.of(batch)).count())


@dataclass(frozen=True)
class TermGroup:
    """The rows of a file with the same institution, topic or kecamatan; `line` is the first of them, used in URLs."""

    term: str
    line: int
    count: int
    decisions: dict[str, int]


def groups_of(batch: ImportBatch, column: str, containing: str = "") -> list[TermGroup]:
    """The terms of a file's rows, most frequent first; only those that contain all typed words."""
    if column not in TERM_FIELDS:
        return []
    term = getattr(ImportRow, column)
    counted = ImportRow.select(term, ImportRow.decision, pw.fn.MIN(ImportRow.line), pw.fn.COUNT(ImportRow.id))
    groups: dict[str, TermGroup] = {}
    for name, decision, line, count in (
        counted.where(ImportRow.batch == batch).group_by(term, ImportRow.decision).tuples()
    ):
        so_far = groups.get(name, TermGroup(name, line, 0, {}))
        decisions = {**so_far.decisions, decision: count}
        groups[name] = TermGroup(name, min(line, so_far.line), so_far.count + count, decisions)
    sought = containing.casefold().split()
    matching = (group for group in groups.values() if all(word in group.term.casefold() for word in sought))
    return sorted(matching, key=lambda group: (-group.count, group.term))


def mend(batch: ImportBatch, line: int, *, title: str, story: str, received: datetime | None, at: datetime) -> str:
    """Correct a refused or short row and classify it again; its new verdict, "" if it cannot be corrected. The marks of
    the original content are kept for comparison with later files."""
    with database.atomic():
        waits = ImportBatch.get_or_none((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED))
        reviewed = reviewed_row(batch, line)
        if waits is None or reviewed is None or reviewed.row.verdict not in MENDABLE:
            return ""
        moment = ReadMoment(received, False) if received else reviewed.case.received
        case = replace(reviewed.case, title=" ".join(mended(title).split()), story=mended(story), received=moment)
        medium = Medium.get(Medium.code == form_of(batch.form).medium)
        judged = judged_again(case, _other_accepted(batch, line), medium, viewer(batch.by, at.date()), at)
        unchanged = {name: getattr(reviewed.row, name) for name in ("text_mark", "status_mark", *TERM_FIELDS)}
        columns = {**staged_row(batch, judged), **unchanged}
        ImportRow.update(**columns).where(ImportRow.id == reviewed.row.id).execute()
        return judged.verdict


def _other_accepted(batch: ImportBatch, line: int) -> Iterator[IncomingCase]:
    """The content of the other rows that are not refused, in the file's order."""
    others = (ImportRow.batch == batch) & (ImportRow.line != line) & (ImportRow.verdict != REFUSED)
    rows = list(ImportRow.select().where(others).order_by(ImportRow.line))
    return (case for case in opened_cases(batch, rows) if case)


def complete_titles(batch: ImportBatch, lines: Iterable[int] = ()) -> int:
    """Append the place to the titles of the short rows of a staged file, all or these lines; the number changed.

    Rows that are then long enough become ordinary rows. Their marks are kept for comparison with later files.
    """
    chosen = list(lines)
    with database.atomic():
        if not ImportBatch.select().where((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED)).exists():
            return 0
        short = (ImportRow.batch == batch) & (ImportRow.verdict == SHORT)
        rows = list(ImportRow.select().where(short & ImportRow.line.in_(chosen) if chosen else short))
        completed = [(row, _placed(case)) for row, case in zip(rows, opened_cases(batch, rows), strict=True) if case]
        key, placed = batch_seal(batch), [(row, case) for row, case in completed if case]
        for row, case in placed:
            judged = JudgedRow(case, row.text_mark, row.status_mark)
            if is_short(case):
                judged = replace(judged, verdict=SHORT, why=row.why)
            unchanged = {name: getattr(row, name) for name in TERM_FIELDS}
            columns = {**staged_row(batch, judged, key), **unchanged, "decision": TAKE}
            ImportRow.update(**columns).where(ImportRow.id == row.id).execute()
    return len(placed)


def _placed(case: IncomingCase) -> IncomingCase | None:
    """The row with its place appended to the title; None if it has no place, or the title contains it."""
    place = " ".join((case.place or case.kelurahan).split())
    title = " ".join((case.title or case.story).split())
    return replace(case, title=f"{title}, {place}") if place and place not in title else None
