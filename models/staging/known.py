"""Which rows of a file are cases already, as far as who brings it in may open them: asked for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import peewee as pw

from models.fields.nik import niks_in
from models.import_.incoming import IncomingCase
from models.office.lists import Medium
from models.search.likeness import ticket_marks, words_of
from models.search.repeats import NOT_TOLD
from models.staging.batches import CLOSE, ENDED, NOTE, UNDOING, UNDONE, WORKED_ON, ImportBatch, ImportRow
from models.staging.repeating import is_brief
from models.store.base import among
from models.store.seal import ring
from models.tables.complaint import UNANSWERED, UNDATED, Complaint
from models.tables.likeness import TICKET, Likeness
from models.tables.scope import Viewer, visible
from sop import flow

AWAITS_ANSWER = Complaint.elsewhere.in_([UNANSWERED, UNDATED]) | (
    (Complaint.state == flow.FIRST) & (Complaint.last_act == flow.RECEIVE.key)
)
PORTION = 500  # rows that are asked for at once


@dataclass(frozen=True)
class KnownCase:
    """A case that a row is already, with what the file said of it last time; None where no file did."""

    complaint: int
    story: str
    marks: tuple[int, int] | None
    awaits_answer: bool = False  # nobody here has worked on it, and no file has told its answer, or the day of it


def ticket_of(case: IncomingCase) -> str:
    """What its medium calls it; "" where that has no room, or is the number of a person: those are sealed."""
    fits = len(case.reference) <= Complaint.medium_ref.max_length and not niks_in(case.reference)
    return case.reference if fits else ""


def text_mark(medium: int, case: IncomingCase) -> int:
    """What it says, as a keyed hash: the same for the same row of another file. Few words without a ticket may be
    another's at another place on the same day."""
    at = case.received.at.isoformat() if case.received else case.day_told
    told = [medium, ticket_of(case), at, case.title, case.story, case.topic]
    if not ticket_of(case) and is_brief(case):
        told += [case.place, case.kelurahan]
    return ring().short_mark("import", "\x1f".join(map(str, told)))


def status_mark(case: IncomingCase) -> int:
    answer = f"\x1f{case.answer_told}" if case.answer_told else ""
    return ring().short_mark("status", f"{case.status}\x1f{case.office}{answer}")


def known_cases(cases: Sequence[IncomingCase], medium: Medium, who: Viewer) -> dict[int, KnownCase]:
    """By line what is known already, all of several rows that are alike. A case that the person may not open is not:
    it looks as new as any other."""
    by_ticket, by_text = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for case in cases:
        for mark in ticket_marks(medium.id, ticket_of(case)):
            by_ticket[mark.mark].append(case.line)
        if not ticket_of(case):
            by_text[text_mark(medium.id, case)].append(case.line)
    complaints = {
        line: complaint
        for asked, marks in ((_of_tickets, by_ticket), (_of_texts, by_text))
        for portion in _portions(marks)
        for complaint, mark in asked(portion, who)
        for line in marks[mark]
    }
    told = {known.complaint: known for portion in _portions(set(complaints.values())) for known in _read(portion)}
    return {line: told[complaint] for line, complaint in complaints.items()}


def _portions(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while portion := list(islice(rest, PORTION)):
        yield portion


def _of_tickets(marks: list[int], who: Viewer) -> Iterator[tuple[int, int]]:
    """Complaint and mark; of several cases with one ticket the latest."""
    of_ticket = Likeness.select(Likeness.case, Likeness.mark).where(
        among(Likeness.mark, marks) & (Likeness.kind == TICKET)
    )
    return _openable(sorted(of_ticket.tuples()), who)


def _of_texts(marks: list[int], who: Viewer) -> Iterator[tuple[int, int]]:
    rows = ImportRow.select(ImportRow.became, ImportRow.text_mark).join(Complaint, on=ImportRow.became == Complaint.id)
    of_text = rows.where(among(ImportRow.text_mark, marks) & Complaint.state.not_in(NOT_TOLD))
    return _openable(sorted(of_text.tuples()), who)


def _openable(pairs: Sequence[tuple[int, int]], who: Viewer) -> Iterator[tuple[int, int]]:
    """Those that the person may open, and those that he brought in himself: he knows of them by his own file."""
    ids = [complaint for complaint, _ in pairs]
    mine = visible(who.user, Complaint, who).select(Complaint.id).where(among(Complaint.id, ids))
    accounts = [account.id for account in who.accounts]
    own = ImportRow.select(ImportRow.became).join(ImportBatch).where(among(ImportRow.became, ids))
    brought = own.where(ImportBatch.by.in_(accounts))
    known = {number for rows in (mine, brought) for (number,) in rows.tuples()}
    latest = {mark: complaint for complaint, mark in pairs if complaint in known}
    return ((complaint, mark) for mark, complaint in latest.items())


def _read(ids: list[int]) -> Iterator[KnownCase]:
    """What these cases say, and what their rows said last."""
    of_old = ImportRow.decision.in_([NOTE, CLOSE]) & ImportRow.sealed.is_null()
    was_noted = of_old & ImportRow.why.not_in([ENDED, WORKED_ON])
    of_case = pw.fn.COALESCE(ImportRow.became, ImportRow.known)
    told = ImportRow.select(of_case, ImportRow.text_mark, ImportRow.status_mark)
    stands = ImportBatch.state.not_in([UNDOING, UNDONE])  # what a file told that was taken back counts no more
    rows = (
        told.join(ImportBatch)
        .where(among(ImportRow.became, ids) | (among(ImportRow.known, ids) & was_noted & stands))
        .order_by(ImportRow.id)
        .tuples()
    )
    marks = {complaint: (text, status) for complaint, text, status in rows}
    awaits = pw.Case(None, [(Complaint.imported & AWAITS_ANSWER, 1)], 0)
    cases = Complaint.select(Complaint.id, Complaint.story, awaits).where(among(Complaint.id, ids)).tuples()
    return (KnownCase(complaint, story, marks.get(complaint), bool(waits)) for complaint, story, waits in cases)


def has_changed(case: IncomingCase, known: KnownCase, medium: int) -> str:
    """What of it differs from what the file said last time, or from the case: "status", "text", or ""."""
    if known.marks is None:
        return "" if words_of(case.story) == words_of(known.story) else "text"
    if known.marks[0] != text_mark(medium, case):
        return "text"
    return "" if known.marks[1] == status_mark(case) else "status"
