"""Statistics of an import, before and after publishing: cases open, settled, forwarded; by institution; open cases past
the legal deadline; and the age of the oldest."""

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
    topic_categories,
    topic_key,
)
from models.office.calendar import clock
from models.office.lists import Category
from models.office.settings import LAW_CLASSES, values
from models.records.entry import DEFAULT_CATEGORY, legal_dues
from sop.clock import WIB, HoursUnknown
from sop.vocabulary import vocabulary

FURTHEST = 400  # days; complaints received earlier are past every legal deadline


@dataclass(frozen=True)
class Outlook:
    """Row counts by decision; `overdue` are open ones past the legal deadline at the moment of the query, `oldest` is
    the earliest receipt of an open one."""

    open: int
    settled: int
    others: int
    repeats: int
    skipped: int
    overdue: int
    oldest: datetime | None


def outlook_of(batch: ImportBatch, at: datetime) -> Outlook:
    """By the decisions so far."""
    is_open = (ImportRow.decision == TAKE) & ~ImportRow.closed
    conditions = (
        is_open,
        (ImportRow.decision == TAKE) & ImportRow.closed,
        ImportRow.decision == FORWARD,
        ImportRow.decision == DUPLICATE,
    )
    counts = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(c, 1)], 0)), 0) for c in (*conditions, True)]
    oldest = pw.fn.MIN(pw.Case(None, [(is_open, ImportRow.received_at)], None))
    rows = ImportRow.select(*counts, oldest).where(ImportRow.batch == batch)
    [(still_open, settled, others, repeats, total, first)] = rows.tuples()
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
    """The number of open rows past the legal deadline of their topic's class."""
    limits = limits_of_law(at)
    late = [pw.fn.SUM(pw.Case(None, [(ImportRow.received_at < limits[key], 1)], 0)) for key in limits]
    rows = ImportRow.select(ImportRow.topic, *late).where((ImportRow.batch == batch) & is_open)
    classes, places = _class_of_topics(batch.form), list(limits)
    return sum(
        int(counts[places.index(classes.get(topic_key(topic), classes[""]))])
        for topic, *counts in rows.group_by(ImportRow.topic).tuples()
    )


def _class_of_topics(form: str) -> Mapping[str, str]:
    """The legal class by topic; under "" that of unsorted topics."""
    classes = {row.id: str(row.law_class) for row in Category.select()}
    unsorted_ = Category.get(Category.code == DEFAULT_CATEGORY)
    return {
        "": str(unsorted_.law_class),
        **{topic: classes[category] for topic, category in topic_categories(form).items()},
    }


def limits_of_law(at: datetime) -> dict[str, datetime]:
    """By legal class, the earliest day of receipt whose deadline has not passed at `at`."""
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
    """Row counts of one institution, in all and by result."""

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
    """The result of an import: by verdict (rows that became cases, rows that did not), and by institution."""

    by_verdict: dict[str, tuple[int, int]]
    institutions: tuple[InstitutionResult, ...]
    answered: int  # earlier cases that got their answer, or its date, from this file
    recorded: int  # earlier cases for which changed content was recorded
    states: tuple[tuple[str, int], ...]  # present states of the created cases, with counts

    @property
    def made(self) -> int:
        return sum(became for became, _ in self.by_verdict.values())


def result_of(batch: ImportBatch) -> ImportResult:
    """The result of publishing; later changes of the cases only count in `states`."""
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
    groups = rows.group_by(ImportRow.institution).tuples()
    results = (InstitutionResult(name, *map(int, numbers)) for name, *numbers in groups)
    institutions = tuple(sorted(results, key=lambda result: (-result.rows, result.name)))
    got_answer = (ImportRow.batch == batch) & ImportRow.why.in_([CARRIED, CARRIED_DATE])
    got_content = (ImportRow.batch == batch) & (ImportRow.decision == NOTE) & (ImportRow.why != ENDED)
    return ImportResult(
        by_verdict=by_verdict,
        institutions=institutions,
        answered=ImportRow.select().where(got_answer).count(),
        recorded=ImportRow.select().where(got_content & ImportRow.sealed.is_null()).count(),
        states=_states_now(batch),
    )


def _states_now(batch: ImportBatch) -> tuple[tuple[str, int], ...]:
    """(state label, count), most frequent first."""
    count = pw.fn.COUNT(ImportRow.id)
    rows = ImportRow.select(Complaint.state, count).join(Complaint, on=(ImportRow.became == Complaint.id))
    states = rows.where(ImportRow.batch == batch).group_by(Complaint.state).order_by(count.desc(), Complaint.state)
    return tuple((vocabulary().states[state], number) for state, number in states.tuples())
