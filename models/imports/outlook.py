"""What a file leads to, before anything of it is taken in and after: how many cases open, settled and with others, of
which institution, how many of the open ones past the law's limit, and since when the oldest waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee as pw

from models.complaint.complaint import Complaint
from models.imports.batches import (
    CARRIED,
    CARRIED_DATE,
    DUPLICATE,
    ENDED,
    FORWARD,
    NOTE,
    TAKE,
    ImportBatch,
    ImportRow,
    kept_topics,
    topic_key,
)
from models.office.calendar import clock
from models.office.lists import Category
from models.office.settings import LAW_CLASSES, values
from models.records.entry import DEFAULT_CATEGORY, legal_dues
from sop.clock import WIB, HoursUnknown
from sop.vocabulary import vocabulary

FURTHEST = 400  # days back within which the longest limit of the law lies; what came earlier is past it


@dataclass(frozen=True)
class Outlook:
    """Rows by what becomes of them; `overdue` are those of the open ones past the limit of the law on the day that it
    is asked, `oldest` is when the first of the open ones was received."""

    open: int
    settled: int
    others: int
    repeats: int
    skipped: int
    overdue: int
    oldest: datetime | None


def outlook_of(batch: ImportBatch, at: datetime) -> Outlook:
    """As it is decided so far."""
    is_open = (ImportRow.decision == TAKE) & ~ImportRow.closed
    conditions = (
        is_open,
        (ImportRow.decision == TAKE) & ImportRow.closed,
        ImportRow.decision == FORWARD,
        ImportRow.decision == DUPLICATE,
    )
    counts = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(one, 1)], 0)), 0) for one in (*conditions, True)]
    oldest = pw.fn.MIN(pw.Case(None, [(is_open, ImportRow.received_at)], None))
    here = ImportRow.select(*counts, oldest).where(ImportRow.batch == batch)
    [(still_open, settled, others, repeats, total, first)] = here.tuples()
    return Outlook(
        open=still_open,
        settled=settled,
        others=others,
        repeats=repeats,
        skipped=total - still_open - settled - others - repeats,
        overdue=_overdue(batch, is_open, at),
        oldest=ImportRow.received_at.python_value(first),
    )


def _overdue(batch: ImportBatch, is_open: pw.Expression, at: datetime) -> int:
    """Of the open rows those past the limit of their topic's class."""
    limits = limits_of_law(at)
    late = [pw.fn.SUM(pw.Case(None, [(ImportRow.received_at < limits[key], 1)], 0)) for key in limits]
    rows = ImportRow.select(ImportRow.topic, *late).where((ImportRow.batch == batch) & is_open)
    classes, places = _class_of_topics(batch.form), list(limits)
    return sum(
        int(counts[places.index(classes.get(topic_key(topic), classes[""]))])
        for topic, *counts in rows.group_by(ImportRow.topic).tuples()
    )


def _class_of_topics(form: str) -> Mapping[str, str]:
    """The class of the law by topic; under "" that of what nobody has sorted."""
    classes = {row.id: str(row.law_class) for row in Category.select()}
    unsorted_ = Category.get(Category.code == DEFAULT_CATEGORY)
    return {"": str(unsorted_.law_class), **{topic: classes[category] for topic, category in kept_topics(form).items()}}


def limits_of_law(at: datetime) -> dict[str, datetime]:
    """By class of the law from when on a complaint is received that is not past its limit at `at`; to the day."""
    office, settings, midnight = clock(), values(at.date()), at.astimezone(WIB).replace(hour=0, minute=0, second=0)

    def is_past(law_class: str, days: int) -> bool:
        try:
            dues = legal_dues(office, midnight - timedelta(days=days), law_class, settings)
            return bool(dues["legal_due_at"] < at)
        except (HoursUnknown, OverflowError):
            return True

    limits = {}
    for law_class in LAW_CLASSES:
        within, past = 0, FURTHEST
        while past - within > 1:
            middle = (within + past) // 2
            within, past = (within, middle) if is_past(law_class, middle) else (middle, past)
        limits[law_class] = midnight - timedelta(days=within)
    return limits


@dataclass(frozen=True)
class InstitutionResult:
    """Of one institution's rows: how many were read, and what became of them."""

    name: str
    rows: int
    open: int
    settled: int
    others: int
    repeats: int

    @property
    def left_out(self) -> int:
        return self.rows - self.open - self.settled - self.others - self.repeats


@dataclass(frozen=True)
class ImportResult:
    """What came of a file: by verdict how many rows became cases and how many did not, and the same by institution."""

    by_verdict: dict[str, tuple[int, int]]
    institutions: tuple[InstitutionResult, ...]
    answered: int  # cases of before that have their answer, or its day, from this file
    noted: int  # whose changed text or status was noted
    states: tuple[tuple[str, int], ...]  # how what it made stands now

    @property
    def made(self) -> int:
        return sum(became for became, _ in self.by_verdict.values())


def result_of(batch: ImportBatch) -> ImportResult:
    """As it came in; what was decided on its cases since is not in it."""
    became = ImportRow.became.is_null(False)
    counts = ImportRow.select(ImportRow.verdict, became, pw.fn.COUNT(ImportRow.id)).where(ImportRow.batch == batch)
    by_verdict: dict[str, tuple[int, int]] = {}
    for verdict, is_case, count in counts.group_by(ImportRow.verdict, became).tuples():
        made, left = by_verdict.get(verdict, (0, 0))
        by_verdict[verdict] = (made + count, left) if is_case else (made, left + count)
    kinds = (
        (ImportRow.decision == TAKE) & ~ImportRow.closed,
        (ImportRow.decision == TAKE) & ImportRow.closed,
        ImportRow.decision == FORWARD,
        ImportRow.decision == DUPLICATE,
    )
    sums = [pw.fn.SUM(pw.Case(None, [(became & kind, 1)], 0)) for kind in kinds]
    rows = ImportRow.select(ImportRow.institution, pw.fn.COUNT(ImportRow.id), *sums).where(ImportRow.batch == batch)
    found = (InstitutionResult(name, *map(int, told)) for name, *told in rows.group_by(ImportRow.institution).tuples())
    institutions = tuple(sorted(found, key=lambda one: (-one.rows, one.name)))
    return ImportResult(by_verdict, institutions, *_told_of_others(batch), _states_now(batch))


def _told_of_others(batch: ImportBatch) -> tuple[int, int]:
    of_it, is_noted = ImportRow.batch == batch, (ImportRow.decision == NOTE) & (ImportRow.why != ENDED)
    answered = ImportRow.select().where(of_it & ImportRow.why.in_([CARRIED, CARRIED_DATE])).count()
    return answered, ImportRow.select().where(of_it & is_noted & ImportRow.sealed.is_null()).count()


def _states_now(batch: ImportBatch) -> tuple[tuple[str, int], ...]:
    """The commonest first."""
    count = pw.fn.COUNT(ImportRow.id)
    rows = ImportRow.select(Complaint.state, count).join(Complaint, on=(ImportRow.became == Complaint.id))
    here = rows.where(ImportRow.batch == batch).group_by(Complaint.state).order_by(count.desc(), Complaint.state)
    return tuple((vocabulary().states[state], number) for state, number in here.tuples())
