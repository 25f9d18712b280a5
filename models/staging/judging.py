"""The verdict on each row of a file: new, known, changed, repeated, another office's, or refused and why."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from models.entry.deadlines import UNCOUNTABLE, uncountable
from models.entry.objections import FUTURE
from models.import_.incoming import IncomingCase
from models.office.lists import Medium
from models.search.likeness import words_of
from models.staging.batches import (
    CHANGED,
    FORWARDED,
    KNOWN,
    NEW,
    PROPOSED,
    REFUSED,
    REPEAT,
    SKIP,
)
from models.staging.known import KnownCase, has_changed, known_cases, status_mark, text_mark, ticket_of
from models.staging.placing import OwnPlaces
from models.tables.scope import Viewer

FEWEST = 10  # letters: what says no more says nothing
SAME = 8  # words that two people do not happen to write alike
_LETTER = re.compile(r"[^\W\d_]")
_TRIES = "tes test testing coba cek p ping mau ingin lapor laporan"
_GREETINGS = "halo hallo hai min admin salam pagi siang sore malam selamat assalamualaikum assalamu alaikum wr wb"
_SAYS_NOTHING = frozenset(f"{_TRIES} {_GREETINGS} terima kasih".split())
REASONS = {
    # why a row has its verdict, in words for who decides on it
    "": "",
    "short": f"Isinya tidak lebih dari {FEWEST} huruf, atau hanya percobaan.",
    "no_date": "Tanggalnya tidak terbaca.",
    "future": FUTURE,
    "uncountable": UNCOUNTABLE,
    "ended": "Tidak dapat dicatat: pengaduannya sudah berakhir atau tidak terbuka bagi Anda.",
    "status": "Statusnya berubah sejak berkas sebelumnya.",
    "text": "Isinya berbeda dari yang ada di panel.",
    "same_ticket": "Nomor rujukannya sama dengan baris sebelumnya.",
    "same_text": "Isinya sama dengan baris sebelumnya.",
    "other_office": "Ditujukan kepada instansi lain.",
    "other_city": "Tempatnya di luar kota.",
}


@dataclass(frozen=True)
class JudgedRow:
    """A row with its verdict, why, and what is proposed; `of_line` is the row that it repeats."""

    case: IncomingCase
    text_mark: int
    status_mark: int
    verdict: str = NEW
    why: str = ""
    of_line: int | None = None
    known: int | None = None

    @property
    def proposal(self) -> str:
        return SKIP if self.why == "same_ticket" else PROPOSED[self.verdict]


def judged_rows(cases: Sequence[IncomingCase], medium: Medium, who: Viewer, at: datetime) -> Iterator[JudgedRow]:
    """Each row of a file with its verdict, in the file's order, as of a moment."""
    judge = RowJudge(medium.id, at, known_cases(cases, medium, who), OwnPlaces(at.date()))
    return map(judge.verdict_on, cases)


def judged_beside(
    case: IncomingCase, others: Iterable[IncomingCase], medium: Medium, who: Viewer, at: datetime
) -> JudgedRow:
    """One row anew, beside those of its file that stand."""
    judge = RowJudge(medium.id, at, known_cases([case], medium, who), OwnPlaces(at.date()))
    judge.set_beside(others, case.line)
    return judge.verdict_on(case)


@dataclass
class RowJudge:
    """Judges the rows of one file, from the first on: what stands above a row is what it may repeat."""

    medium: int
    at: datetime
    known: Mapping[int, KnownCase]
    places: OwnPlaces
    tickets: dict[str, int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    uncounted: dict[date, bool] = field(default_factory=dict)  # by day: whether no deadline can be told from then

    def set_beside(self, others: Iterable[IncomingCase], line: int) -> None:
        """The tickets of others are taken wherever they stand; words are repeated only by what stands below."""
        for other in others:
            if ticket := ticket_of(other):
                self.tickets.setdefault(ticket, other.line)
            if other.line < line:
                self.texts.setdefault(_text_key(other), other.line)

    def verdict_on(self, case: IncomingCase) -> JudgedRow:
        row = JudgedRow(case, text_mark(self.medium, case), status_mark(case))
        if why := self._refusal_of(case):
            return replace(row, verdict=REFUSED, why=why)
        ticket = ticket_of(case)
        if ticket and (first := self.tickets.setdefault(ticket, case.line)) != case.line:
            return replace(row, verdict=REPEAT, why="same_ticket", of_line=first)
        first = self.texts.setdefault(_text_key(case), case.line)
        if known := self.known.get(case.line):
            why = has_changed(case, known, self.medium)
            return replace(row, verdict=CHANGED if why else KNOWN, why=why, known=known.complaint)
        if first != case.line:
            return replace(row, verdict=REPEAT, why="same_text", of_line=first)
        return self._of_another_office(row)

    def _of_another_office(self, row: JudgedRow) -> JudgedRow:
        if self.places.is_others(row.case):
            return replace(row, verdict=FORWARDED, why="other_office")
        return replace(row, verdict=FORWARDED, why="other_city") if self.places.is_elsewhere(row.case) else row

    def _refusal_of(self, case: IncomingCase) -> str:
        """By which of REASONS it is refused, "" if it can be a case."""
        if says_nothing(case):
            return "short"
        if case.received is None:
            return "no_date"
        if case.received.at > self.at:
            return "future"
        return "" if case.closed or self._is_countable(case.received.at) else "uncountable"

    def _is_countable(self, received: datetime) -> bool:
        day = received.date()
        if day not in self.uncounted:
            self.uncounted[day] = bool(uncountable(received))
        return not self.uncounted[day]


def says_nothing(case: IncomingCase) -> bool:
    """Whether it is no more than a greeting or a try."""
    telling = [word for word in words_of(f"{case.title} {case.story}") if word not in _SAYS_NOTHING]
    return len(_LETTER.findall(" ".join(telling))) <= FEWEST


def _text_key(case: IncomingCase) -> str:
    """By what two rows say the same; few words of two people may be the same by chance."""
    words = words_of(case.story)
    return " ".join(words) if len(words) >= SAME else f"{case.name}\n{' '.join(words)}"
