"""Classification of each row: new, known, changed, repeated, for another office, short or refused."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

import peewee as pw

from models.complaint.complaint import UNANSWERED, UNDATED, Complaint
from models.complaint.repeats import TICKET, Likeness, ticket_marks, words_of
from models.complaint.scope import Viewer, visible
from models.imports.batches import (
    CHANGED,
    CLOSE,
    CLOSED,
    ENDED,
    FORWARDED,
    KNOWN,
    NEW,
    NOTE,
    PROPOSED,
    REFUSED,
    REPEAT,
    SHORT,
    SKIP,
    TAKE,
    UNDOING,
    UNDONE,
    WORKED_ON,
    ImportBatch,
    ImportRow,
)
from models.imports.incoming import IncomingCase
from models.imports.matching import EarlierTexts, OwnPlaces, is_brief
from models.office.contacts import niks_in
from models.office.lists import Medium
from models.records.entry import FUTURE, UNCOUNTABLE, uncountable
from models.store.base import among
from models.store.seal import ring
from sop.flow import current_procedure
from sop.vocabulary import RECEIVE, VOIDED

ASKED_AT_ONCE = 500  # keys per query


@dataclass(frozen=True)
class KnownCase:
    """The existing case of a row; `marks` are the (text, status) hashes of its last row, None without one."""

    complaint: int
    story: str
    marks: tuple[int, int] | None
    awaits_answer: bool = False  # untouched, and without an answer, or its date, from a file


def ticket_of(case: IncomingCase) -> str:
    """Its reference at the medium; "" if it is too long or contains a NIK, which must not be stored in clear."""
    fits = len(case.reference) <= Complaint.medium_ref.max_length and not niks_in(case.reference)
    return case.reference if fits else ""


def text_mark(medium: int, case: IncomingCase) -> int:
    """Keyed hash of its content, equal for the same row of another file. For a short text without a ticket the place is
    included, as it may be another complaint of the same day."""
    at = case.received.at.isoformat() if case.received else case.day_told
    parts = [medium, ticket_of(case), at, case.title, case.story, case.topic]
    if not ticket_of(case) and is_brief(case):
        parts += [case.place, case.kelurahan]
    return ring().short_mark("import", "\x1f".join(map(str, parts)))


def status_mark(case: IncomingCase) -> int:
    answer = f"\x1f{case.answer_told}" if case.answer_told else ""
    return ring().short_mark("status", f"{case.status}\x1f{case.office}{answer}")


def known_cases(cases: Sequence[IncomingCase], medium: Medium, who: Viewer) -> dict[int, KnownCase]:
    """Existing cases by line, for all of several equal rows. Cases that the user may not open are left out, so that
    their existence is not revealed."""
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
    known_by_id = {k.complaint: k for portion in _portions(set(complaints.values())) for k in _read(portion)}
    return {line: known_by_id[complaint] for line, complaint in complaints.items()}


def _portions(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while portion := list(islice(rest, ASKED_AT_ONCE)):
        yield portion


def _of_tickets(marks: list[int], who: Viewer) -> Iterator[tuple[int, int]]:
    """(complaint, mark); of several cases with the same ticket the latest."""
    of_ticket = Likeness.select(Likeness.case, Likeness.mark).where(
        among(Likeness.mark, marks) & (Likeness.kind == TICKET)
    )
    return _openable(sorted(of_ticket.tuples()), who)


def _of_texts(marks: list[int], who: Viewer) -> Iterator[tuple[int, int]]:
    rows = ImportRow.select(ImportRow.became, ImportRow.text_mark).join(Complaint, on=ImportRow.became == Complaint.id)
    of_text = rows.where(among(ImportRow.text_mark, marks) & (Complaint.state != VOIDED))
    return _openable(sorted(of_text.tuples()), who)


def _openable(pairs: Sequence[tuple[int, int]], who: Viewer) -> Iterator[tuple[int, int]]:
    """The complaints that the user may open, and those that he imported himself, which he knows from his own file."""
    ids = [complaint for complaint, _ in pairs]
    mine = visible(who.user, Complaint, who).select(Complaint.id).where(among(Complaint.id, ids))
    accounts = [account.id for account in who.accounts]
    own = ImportRow.select(ImportRow.became).join(ImportBatch).where(among(ImportRow.became, ids))
    imported = own.where(ImportBatch.by.in_(accounts))
    known = {number for rows in (mine, imported) for (number,) in rows.tuples()}
    latest = {mark: complaint for complaint, mark in pairs if complaint in known}
    return ((complaint, mark) for mark, complaint in latest.items())


def _read(ids: list[int]) -> Iterator[KnownCase]:
    """The stories of these cases, and the marks of their latest rows."""
    of_old = ImportRow.decision.in_([NOTE, CLOSE]) & ImportRow.sealed.is_null()
    was_recorded = of_old & ImportRow.why.not_in([ENDED, WORKED_ON])
    of_case = pw.fn.COALESCE(ImportRow.became, ImportRow.known)
    marked = ImportRow.select(of_case, ImportRow.text_mark, ImportRow.status_mark)
    in_force = ImportBatch.state.not_in([UNDOING, UNDONE])
    rows = (
        marked.join(ImportBatch)
        .where(among(ImportRow.became, ids) | (among(ImportRow.known, ids) & was_recorded & in_force))
        .order_by(ImportRow.id)
        .tuples()
    )
    marks = {complaint: (text, status) for complaint, text, status in rows}
    untouched = (Complaint.state == current_procedure().first) & (Complaint.last_act == RECEIVE)
    unanswered = Complaint.elsewhere.in_([UNANSWERED, UNDATED]) | untouched
    awaits = pw.Case(None, [(Complaint.imported & unanswered, 1)], 0)
    cases = Complaint.select(Complaint.id, Complaint.story, awaits).where(among(Complaint.id, ids)).tuples()
    return (KnownCase(complaint, story, marks.get(complaint), bool(waits)) for complaint, story, waits in cases)


def has_changed(case: IncomingCase, known: KnownCase, medium: int) -> str:
    """What differs from the last file, or else from the case: "status", "text", or ""."""
    if known.marks is None:
        return "" if words_of(case.story) == words_of(known.story) else "text"
    if known.marks[0] != text_mark(medium, case):
        return "text"
    return "" if known.marks[1] == status_mark(case) else "status"


FEWEST = 3  # letters; rows with fewer are refused as empty
FEW = 10  # letters; rows with no more are proposed for review
_LETTER = re.compile(r"[^\W\d_]")
_TRIES = "tes test testing coba cek p ping mau ingin lapor laporan"
_GREETINGS = "halo hallo hai min admin salam pagi siang sore malam selamat assalamualaikum assalamu alaikum wr wb"
_SAYS_NOTHING = frozenset(f"{_TRIES} {_GREETINGS} terima kasih".split())
REASONS = {
    # by key of `why`: the reason of a verdict, shown to the reviewer
    "": "",
    "nothing": "Tidak menyebut apa pun: kosong, hanya salam, atau hanya percobaan.",
    "short": f"Isinya tidak lebih dari {FEW} huruf.",
    "no_date": "Tanggalnya tidak terbaca.",
    "future": FUTURE,
    "uncountable": UNCOUNTABLE,
    "ended": "Tidak dapat dicatat: pengaduannya sudah berakhir atau tidak terbuka bagi Anda.",
    "status": "Status atau jawabannya berubah sejak berkas sebelumnya.",
    "now_answered": "Di panel belum dijawab; berkas ini menyebut jawabannya.",
    "carried": "Ditutup dengan jawaban menurut berkas ini.",
    "carried_date": "Tanggal jawabannya dicatat dari berkas ini.",
    "told_before": "Jawabannya sudah tercatat dari berkas lain.",
    "worked_on": "Tidak ditutup: pengaduannya sudah dikerjakan di panel.",
    "text": "Isinya berbeda dari yang ada di panel.",
    "same_ticket": "Nomor rujukannya sama dengan baris lain.",
    "same_text": "Isinya sama dengan baris yang diterima lebih dahulu.",
    "same_open": "Isinya sama dengan baris yang diterima lebih dahulu; keduanya belum dijawab.",
    "answered": "Sudah dijawab; baris berisi sama yang diterima lebih dahulu belum.",
    "other_office": "Ditujukan kepada instansi lain.",
    "other_city": "Tempatnya di luar kota.",
}
_PROPOSED = {
    "same_ticket": SKIP,
    "same_open": TAKE,
    "answered": TAKE,
}  # proposals by reason, which override those by verdict


Progress = Callable[[int, int], object]
PORTION = 1_000  # rows between two progress reports


@dataclass(frozen=True)
class JudgedRow:
    """A row with its verdict and reason; `of_line` is the line of the row that it repeats."""

    case: IncomingCase
    text_mark: int
    status_mark: int
    verdict: str = NEW
    why: str = ""
    of_line: int | None = None
    known: int | None = None

    @property
    def proposal(self) -> str:
        return _PROPOSED.get(self.why, PROPOSED[self.verdict])


def judged_rows(
    cases: Sequence[IncomingCase],
    medium: Medium,
    who: Viewer,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> Iterator[JudgedRow]:
    """Each row of a file with its verdict at a moment, in the file's order.

    Rows are classified in order of receipt, as files may be sorted newest first. `progress(done, total)` is called
    every PORTION rows.
    """
    judge = RowJudge(medium.id, at, OwnPlaces(at.date()))
    refusals = {case.line: judge.refusal_of(case) for case in cases}
    accepted = sorted((case for case in cases if not refusals[case.line]), key=_by_receipt)
    judge.assign_tickets(accepted)
    judge.known = known_cases(accepted, medium, who)
    verdicts = {}
    for done, case in enumerate(accepted):
        if done % PORTION == 0:
            progress(done, len(cases))
        verdicts[case.line] = judge.verdict_on(case)
    return (verdicts.get(case.line) or judge.refused(case, refusals[case.line]) for case in cases)


def judged_again(
    case: IncomingCase, others: Iterable[IncomingCase], medium: Medium, who: Viewer, at: datetime
) -> JudgedRow:
    """Classify one changed row again; `others` are the accepted rows of its file, which keep their tickets."""
    judge = RowJudge(medium.id, at, OwnPlaces(at.date()))
    if why := judge.refusal_of(case):
        return judge.refused(case, why)
    accepted = sorted(others, key=_by_receipt)
    judge.assign_tickets(accepted)
    judge.known = known_cases([case], medium, who)
    for other in accepted:
        if _by_receipt(other) < _by_receipt(case):
            judge.add_text(other)
    return judge.verdict_on(case)


def _by_receipt(case: IncomingCase) -> tuple[float, int]:
    return (case.received.at.timestamp() if case.received else 0, case.line)


@dataclass
class RowJudge:
    """Classifies the rows of one file, earliest receipt first: a row can only repeat an earlier one."""

    medium: int
    at: datetime
    places: OwnPlaces
    known: Mapping[int, KnownCase] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    earlier_texts: EarlierTexts = field(default_factory=EarlierTexts)
    uncounted: dict[date, bool] = field(default_factory=dict)  # by day: whether no deadline can be computed from it

    def assign_tickets(self, cases: Iterable[IncomingCase]) -> None:
        """Assign each ticket to one row: the first answered one, so that no answer is lost, else the first."""
        for case in sorted(cases, key=lambda case: (not case.closed, case.line)):
            if ticket := ticket_of(case):
                self.tickets.setdefault(ticket, case.line)

    def verdict_on(self, case: IncomingCase) -> JudgedRow:
        """The verdict on a row that is not refused."""
        row = self._row(case)
        if (first := self._ticket_holder(case)) != case.line:
            return replace(row, verdict=REPEAT, why="same_ticket", of_line=first)
        if known := self.known.get(case.line):
            self.add_text(case)
            why = has_changed(case, known, self.medium)
            if why and case.closed and known.awaits_answer:
                return replace(row, verdict=CLOSED, why="now_answered", known=known.complaint)
            return replace(row, verdict=CHANGED if why else KNOWN, why=why, known=known.complaint)
        if why := self._foreign_reason(case):
            return replace(row, verdict=FORWARDED, why=why)
        repeated = self.earlier_texts.first_of(case)
        self.add_text(case)
        if repeated:
            why = "same_text" if repeated.answered else "answered" if case.closed else "same_open"
            return replace(row, verdict=REPEAT, why=why, of_line=repeated.line)
        return replace(row, verdict=SHORT, why="short") if is_short(case) else row

    def add_text(self, case: IncomingCase) -> None:
        """Add a row as the possible first of later repeats, unless it is for another office or repeats a ticket."""
        if self._ticket_holder(case) == case.line and not self._foreign_reason(case):
            self.earlier_texts.add(case)

    def refused(self, case: IncomingCase, why: str) -> JudgedRow:
        return replace(self._row(case), verdict=REFUSED, why=why)

    def refusal_of(self, case: IncomingCase) -> str:
        """The key in REASONS why it is refused, "" if it is not."""
        if says_nothing(case):
            return "nothing"
        if case.received is None:
            return "no_date"
        if case.received.at > self.at:
            return "future"
        if case.closed:
            return ""
        day = case.received.at.date()
        if day not in self.uncounted:
            self.uncounted[day] = bool(uncountable(case.received.at))
        return "uncountable" if self.uncounted[day] else ""

    def _row(self, case: IncomingCase) -> JudgedRow:
        return JudgedRow(case, text_mark(self.medium, case), status_mark(case))

    def _ticket_holder(self, case: IncomingCase) -> int:
        return self.tickets.get(ticket_of(case), case.line)

    def _foreign_reason(self, case: IncomingCase) -> str:
        """The key in REASONS why it belongs to another office, "" if it is ours."""
        if self.places.is_others(case):
            return "other_office"
        return "other_city" if self.places.is_elsewhere(case) else ""


def says_nothing(case: IncomingCase) -> bool:
    """Whether it is empty, or only a greeting or a test. Two words can be a complaint: "PJU mati"."""
    return _count_letters(case) < FEWEST


def is_short(case: IncomingCase) -> bool:
    """Whether it is so short that a user should check it first."""
    return _count_letters(case) <= FEW


def _count_letters(case: IncomingCase) -> int:
    """The number of letters in informative words: not greetings, test inputs or "xxx"."""
    words = words_of(f"{case.title} {case.story}")
    return sum(len(_LETTER.findall(word)) for word in words if word not in _SAYS_NOTHING and len(set(word)) > 1)
