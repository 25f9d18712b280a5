"""How far papers have come: issued, printed, taken to each signer, signed, home, filed; and which are out too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import peewee as pw

from models.case.access_notes import is_secret, unless_secret
from models.case.issued_lists import IssuedList
from models.complaint.complaint import Complaint
from models.complaint.number import Number
from models.complaint.paper import Paper, PaperFiled, Print, is_superseded, is_void, signed_by_hand
from models.complaint.returned import COPIES, PaperCopy
from models.complaint.scope import Viewer, is_of_readable
from models.complaint.taken import PaperOut, PaperTaken, is_out
from models.office.calendar import clock
from models.office.settings import DAYS_OUT
from models.reading.casefile import MOST_LISTED
from models.store.base import database
from models.workflow.marks import Marks, filing_places_of, signatures_on
from sop.clock import WIB
from sop.signers import public_label
from sop.vocabulary import vocabulary
from sop.words import format_date

ISSUED, PRINTED, TAKEN, SIGNED, HOME, FILED = (
    "Terbit",
    "Dicetak",
    "Dibawa",
    "Ditandatangani",
    "Kembali",
    "Disimpan",
)
NOT_YET = "belum"
VOID, SUPERSEDED = "Batal", "Digantikan"
LAST_SIGNATURE = "tanda tangan terakhir dicatat"
FURTHEST = timedelta(days=732)  # no working hours are looked for beyond


@dataclass(frozen=True)
class ProgressLine:
    """What is said of a step; `covering` is the id of the Daftar Pengantar that it names."""

    words: str
    covering: int | None = None
    number: str = ""  # of that list


@dataclass(frozen=True)
class ProgressStep:
    """A step on a paper's way, and whether it is done."""

    title: str
    is_done: bool
    lines: tuple[ProgressLine, ...]


@dataclass(frozen=True)
class PaperProgress:
    """A paper and its steps. `state` says if it is void or superseded. Of a rahasia case, unless it is asked for alone,
    numbers, names and places are left out."""

    paper: Paper
    case: Complaint
    title: str
    number: str
    state: str
    steps: tuple[ProgressStep, ...]


@dataclass(frozen=True)
class _Taking:
    role: str
    at: datetime
    line: ProgressLine


@dataclass(frozen=True)
class _Facts:
    """What tables say of one paper."""

    printed_at: datetime | None
    takings: Sequence[_Taking]
    signatures: Marks
    copy: tuple[str, datetime] | None  # kind and moment of the file that came home last
    filed: PaperFiled | None


def progress_of(papers: Iterable[Any], *, alone: bool = False) -> list[PaperProgress]:
    """The progress of papers, in this order, by as many statements for one as for many. `alone`: those of one case,
    which the reader may open."""
    papers = list(papers)
    ids = [paper.id for paper in papers]
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_({paper.complaint_id for paper in papers}))}
    closed = {paper.id: is_secret(cases[paper.complaint_id]) and not alone for paper in papers}
    printed = dict(Print.select(Print.paper, Print.printed_at).where(Print.paper.in_(ids)).tuples())
    takings, copies = _takings_of(ids, closed), _copies_of(ids)
    signatures, filed, states = signatures_on(papers), filing_places_of(ids), _states_of(ids)
    return [
        _progress(
            paper,
            cases[paper.complaint_id],
            _Facts(printed.get(i), takings.get(i, ()), signatures[i], copies.get(i), filed.get(i)),
            state=states.get(i, ""),
            closed=closed[i],
        )
        for i, paper in ((paper.id, paper) for paper in papers)
    ]


def _takings_of(papers: Sequence[int], closed: dict[int, bool]) -> dict[int, list[_Taking]]:
    columns = (PaperTaken.paper, PaperTaken.role, PaperTaken.at, IssuedList.id, IssuedList.about, Number.text)
    query = PaperTaken.select(*columns).join(Number).join(IssuedList, on=IssuedList.number == Number.id)
    takings: dict[int, list[_Taking]] = {}
    for paper, role, at, covering, about, number in (
        query.where(PaperTaken.paper.in_(papers)).order_by(PaperTaken.id).tuples()
    ):
        whom = public_label(role) if closed[paper] else about
        words = f"kepada {whom or 'penanda tangan'}, {_day(at)}"
        takings.setdefault(paper, []).append(_Taking(role, at, ProgressLine(words, covering, number)))
    return takings


def _copies_of(papers: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """The kind and moment of the file that came home last, by paper id."""
    columns = (PaperCopy.paper, PaperCopy.kind, PaperCopy.at)
    rows = PaperCopy.select(*columns).where(PaperCopy.paper.in_(papers)).order_by(PaperCopy.id)
    return {paper: (kind, at) for paper, kind, at in rows.tuples()}


def _day(day: date) -> str:
    """The day in words, which no line parts."""
    return format_date(day).replace(" ", "\N{NO-BREAK SPACE}")


def _states_of(papers: Sequence[int]) -> dict[int, str]:
    columns = (Paper.id, is_void().alias("void"), is_superseded().alias("superseded"))
    rows = Paper.select(*columns).where(Paper.id.in_(papers)).tuples()
    return {paper: VOID if void else SUPERSEDED for paper, void, superseded in rows if void or superseded}


def _progress(paper: Any, case: Complaint, facts: _Facts, *, state: str, closed: bool) -> PaperProgress:
    own = paper.number if paper.number == case.number or not closed else unless_secret(case, paper.number)
    steps = [_step(ISSUED, paper.issued_at), _step(PRINTED, facts.printed_at)]
    if facts.takings:
        steps.append(ProgressStep(TAKEN, True, tuple(taking.line for taking in facts.takings)))
    if paper.kind in signed_by_hand():
        steps += [_signed(facts.signatures, closed=closed), _home(facts)]
    if facts.filed or paper.kind in signed_by_hand():
        steps.append(_filed(facts.filed, closed=closed))
    title = vocabulary().papers[paper.kind].title
    return PaperProgress(paper, case, title, own, state, tuple(steps))


def _step(title: str, at: datetime | None, words: str = "") -> ProgressStep:
    said = " ".join(filter(None, (words, _day(at)))) if at else NOT_YET
    return ProgressStep(title, at is not None, (ProgressLine(said),))


def _signed(marks: Marks, *, closed: bool) -> ProgressStep:
    """Each signer with the day, by his part; the name where the paper is not closed."""
    lines = []
    for role, mark in marks.items():
        name = mark.signer if mark and not closed else ""
        said = ", ".join(filter(None, (name, _day(mark.signed_on)))) if mark else NOT_YET
        lines.append(ProgressLine(f"{public_label(role)}: {said}" if role else said))
    return ProgressStep(SIGNED, all(marks.values()), tuple(lines))


def _home(facts: _Facts) -> ProgressStep:
    """Home by a file of it, else by the mark of its last signature."""
    if facts.copy:
        kind, at = facts.copy
        return _step(HOME, at, f"{COPIES[kind].lower()},")
    marks = [mark.at for mark in facts.signatures.values() if mark]
    is_signed = len(marks) == len(facts.signatures)
    return _step(HOME, max(marks, default=None) if is_signed else None, LAST_SIGNATURE)


def _filed(filed: PaperFiled | None, *, closed: bool) -> ProgressStep:
    """Where the paper is filed. The one place that says it: that of the whole berkas belongs here, too."""
    return _step(FILED, filed.at if filed else None, f"di {filed.place}," if filed and not closed else "")


def papers_on_list(covering: IssuedList) -> list[PaperTaken]:
    """The papers that this Daftar Pengantar brings to a signer, in its order, each with its case's id; none of a list
    from before that was recorded."""
    taken = PaperTaken.select(PaperTaken, Paper).join(Paper).where(PaperTaken.number == covering.number_id)
    return list(taken.order_by(PaperTaken.id))


def out_on(takings: Iterable[PaperTaken]) -> set[int]:
    """The ids of the papers that still lack the signature for which they were taken."""
    pairs = {(taking.paper_id, taking.role) for taking in takings}
    rows = PaperOut.select(PaperOut.paper, PaperOut.role).where(PaperOut.paper.in_([p for p, _ in pairs]) & is_out())
    return {paper for paper, role in rows.tuples() if (paper, role) in pairs}


@dataclass(frozen=True)
class PaperLongOut:
    """A paper that is out for a signature: since when, for how many working days, and whether that is too long."""

    progress: PaperProgress
    since: datetime
    days: int
    is_too_long: bool


def papers_out(who: Viewer, at: datetime, *, own: bool, first: int, most: int) -> list[PaperLongOut]:
    """The papers that are out, of those that the user may read, or of these his `own`: brought to himself. The one that
    is out the longest comes first; `most` of them, starting at `first`."""
    query = _out(who, own=own).select(PaperOut, Paper).order_by(PaperOut.at, PaperOut.paper, PaperOut.role)
    rows = list(query.limit(most).offset(first or None))
    progress = {one.paper.id: one for one in progress_of({row.paper.id: row.paper for row in rows}.values())}
    limit, hours = too_long_before(who, at), clock()
    return [
        PaperLongOut(progress[row.paper_id], row.at, hours.workdays_between(row.at, at), row.at < limit) for row in rows
    ]


def _out(who: Viewer, *, own: bool) -> Any:
    out = PaperOut.select().join(Paper).where(is_out() & is_of_readable(who, Paper.complaint))
    return out.where(PaperOut.person.in_([account.id for account in who.accounts])) if own else out


def too_long_before(who: Viewer, at: datetime) -> datetime:
    """The papers that were taken before this moment are out for more working days than the office's setting allows."""
    left, hours = int(who.settings[DAYS_OUT]), clock()
    today = at.astimezone(WIB).date()
    day = today
    while left >= 0 and today - day < FURTHEST:
        left -= hours.is_workday(day)
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), WIB.zone)


@dataclass(frozen=True)
class OutTooLong:
    """How many papers are out for too long, and since when the oldest is."""

    count: int
    days: int  # working days after which that is too long
    oldest: date | None


def out_too_long(who: Viewer, at: datetime, *, own: bool) -> OutTooLong:
    """By one statement, which stops counting beyond MOST_LISTED."""
    late = _out(who, own=own).where(PaperOut.at < too_long_before(who, at))
    some = late.select(PaperOut.at).order_by(PaperOut.at).limit(MOST_LISTED + 1).alias("some")
    figures = pw.Select([some], [pw.fn.COUNT(some.c.at), pw.fn.MIN(some.c.at)]).bind(database)
    [(count, oldest)] = figures.tuples()
    since = PaperOut.at.python_value(oldest)
    return OutTooLong(count, int(who.settings[DAYS_OUT]), since and since.date())
