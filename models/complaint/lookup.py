"""Exact look-ups: a case by its register number, and by a whole telephone number or NIK through the blind index."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple

import peewee as pw

from models.complaint.accesslog import Reading, record_reading
from models.complaint.complaint import BlindIndex, Complaint
from models.complaint.number import LONGEST, Number, plain
from models.complaint.scope import Viewer, is_handler, visible
from models.office import contacts
from models.office.contacts import international, niks_in, numbers_in
from models.office.people import User
from models.store.base import Columns, among, insert_rows, now
from models.store.seal import ring
from sop.access import FINDERS, FOUND_BY, HANDLER
from sop.vocabulary import REGISTER

YEARS_BACK = 30
_STROKES = re.compile(r"[/.-]")
_PLACES = re.compile(r"(?<![0-9])[0-9]{1,9}(?![0-9])", re.ASCII)


def case_of_number(user: User, typed: str) -> int | None:
    """The id of the case with this number, if the user may read it; for a part of a number, as 12/X/2026 or 12, that of
    the latest year."""
    text = typed.strip().replace("\0", "")
    whole = visible(user, Complaint).where(Complaint.number.in_([text, text.upper()]))
    exact: int | None = whole.select(Complaint.id).scalar()
    return exact if exact is not None else _of_part(user, text)


def _of_part(user: User, text: str) -> int | None:
    """The case of a part of a number, which contains the sequence number."""
    places = [int(place) for place in _PLACES.findall(text)] if len(text) <= LONGEST else []
    if not places:
        return None
    year, part = now().year, plain(text)
    years = range(year - YEARS_BACK, year + 1)
    likely = (Number.series == REGISTER) & Number.year.in_(years) & Number.place.in_(places)
    rows = visible(user, Number).where(likely).order_by(Number.year.desc(), Number.place.desc())
    return next((row.complaint_id for row in rows if _is_part_of(part, row)), None)


def _is_part_of(part: str, row: Number) -> bool:
    """Whether the part is the sequence number alone, or contains it and its pieces occur in the number in order."""
    if part == str(row.place):
        return True
    number = plain(row.text)
    remaining = iter(_STROKES.split(number))
    return str(row.place) in _PLACES.findall(part) and (
        part in number or all(piece in remaining for piece in _STROKES.split(part))
    )


class NumberKind(NamedTuple):
    """A kind of number: the function that finds normalised ones in a text, and the columns of Person with some."""

    numbers_in: Callable[[str], list[str]]
    columns: tuple[str, ...]


KINDS = {"phone": NumberKind(numbers_in, ("phone", "safe_contact")), "nik": NumberKind(niks_in, ("nik",))}


class NumberMark(NamedTuple):
    """An entry of the blind index."""

    kind: str
    mark: bytes


def marks_of(person: Mapping[str, str]) -> list[NumberMark]:
    """The blind index entries of a person; `person` has the columns in plain text."""
    numbers = dict.fromkeys(
        (kind, number) for kind, one in KINDS.items() for name in one.columns for number in one.numbers_in(person[name])
    )
    return [NumberMark(kind, ring().mark(kind, number)) for kind, number in numbers]


def marks_in(text: str) -> list[NumberMark]:
    """The blind index entries of the numbers in a text."""
    return [
        NumberMark(kind, ring().mark(kind, number)) for kind, one in KINDS.items() for number in one.numbers_in(text)
    ]


def add_marks(complaint: int, whose: str, marks: Sequence[NumberMark]) -> None:
    """Add entries to the blind index, ignoring existing ones."""
    for mark in marks:
        BlindIndex.insert(case=complaint, person=whose, **mark._asdict()).on_conflict_ignore().execute()


def write_marks(complaint: int, person: str, columns: Columns) -> None:
    """Write the blind index of a person of the case that has no entries yet."""
    rows = [{"case": complaint, "person": person, **mark._asdict()} for mark in marks_of(columns)]
    insert_rows(BlindIndex, rows)


def drop_marks(complaint: int, person: str) -> None:
    """Delete the blind index of a person. With the case's key the database deletes that of the whole case."""
    BlindIndex.delete().where((BlindIndex.case == complaint) & (BlindIndex.person == person)).execute()


LOOKED_UP = {kind: f"pencarian {name}" for kind, name in FOUND_BY.items()}  # as named in the access log
MASKS = {"phone": contacts.masked_phone, "nik": contacts.masked_nik}
MOST, WITHIN = 60, timedelta(minutes=10)  # limit of look-ups of one user
COUNTED = 1_000


class TooOften(Exception):
    """The user has exceeded the rate limit of look-ups."""


@dataclass(frozen=True)
class AskedNumber:
    """A typed number: kind, normalised form, and masked form for the access log."""

    kind: str
    digits: str
    masked: str

    @property
    def mark(self) -> NumberMark:
        return NumberMark(self.kind, ring().mark(self.kind, self.digits))


def asked_number(typed: str) -> AskedNumber | None:
    """The number if the text is exactly one, in any notation; None otherwise, as for a number within words."""
    if digits := international(typed):
        return AskedNumber("phone", digits, contacts.masked_phone(digits))
    niks = niks_in(typed) if typed.strip(" 0123456789().-") == "" else []
    return AskedNumber("nik", niks[0], contacts.masked_nik(niks[0])) if len(niks) == 1 else None


@dataclass(frozen=True)
class CasesOfNumber:
    """The cases with a number that the user may read and in which he may see that number."""

    asked: AskedNumber
    who: Viewer

    @property
    def way(self) -> str:
        """How such a case was found, in words."""
        return f"Ditemukan lewat {self.kind_words}"

    @property
    def kind_words(self) -> str:
        """The kind of the number: nomor telepon, NIK."""
        return FOUND_BY[self.asked.kind]

    @cached_property
    def cases(self) -> Any:
        """Their ids, as a query."""
        readable = visible(self.who.user, Complaint, self.who).select(Complaint.id)
        matching = BlindIndex.select(BlindIndex.case).where(BlindIndex.mark == self.asked.mark.mark)
        return readable.where(Complaint.id.in_(matching) & may_find(self.who, self.asked.kind))

    def among(self, ids: Sequence[int]) -> set[int]:
        """Which of these cases have the number."""
        return {case for (case,) in self.cases.where(among(Complaint.id, ids)).tuples()} if ids else set()


def find(typed: str, who: Viewer) -> CasesOfNumber | None:
    """The cases of the typed number; None if it is no number, or the user may not look up such numbers.

    Every look-up is recorded before the result is returned, even without a case: if it cannot be recorded, there is no
    result. TooOften above the rate limit.
    """
    asked = asked_number(typed)
    if asked is None or not may_look_up(who, asked.kind):
        return None
    if _recent_look_ups(who) >= MOST:
        raise TooOften
    result = CasesOfNumber(asked, who)
    record_look_up(asked, who, min(result.cases.limit(COUNTED).count(), COUNTED))
    return result


def record_look_up(asked: AskedNumber, who: Viewer, rows: int) -> None:
    """Record a look-up and the number of cases in its result."""
    record_reading(who.user, LOOKED_UP[asked.kind], [], rows=rows, asked=asked.masked)


def numbers_to_compare(persons: Iterable[Mapping[str, str]], who: Viewer) -> list[AskedNumber]:
    """The typed numbers of some persons that the user may look up, up to the rate limit: above it a complaint can still
    be recorded, only further numbers are not compared."""
    typed = dict.fromkeys(
        (kind, digits)
        for person in persons
        for kind, one in KINDS.items()
        for name in one.columns
        for digits in one.numbers_in(person.get(name) or "")
        if may_look_up(who, kind)
    )
    left = max(0, MOST - _recent_look_ups(who)) if typed else 0
    return [AskedNumber(kind, digits, MASKS[kind](digits)) for kind, digits in list(typed)[:left]]


def _recent_look_ups(who: Viewer) -> int:
    lately = (Reading.user == who.user) & (Reading.at > now() - WITHIN) & Reading.what.in_(list(LOOKED_UP.values()))
    return int(Reading.select().where(lately).count())


def may_look_up(who: Viewer, kind: str) -> bool:
    """Whether the user may look up such numbers in any case."""
    return bool(who.lanes & FINDERS[kind]) or (HANDLER in FINDERS[kind] and bool(who.units))


def may_find(who: Viewer, kind: str) -> pw.Expression:
    """`access.FINDERS` for the user's relations to a case, as SQL (a test compares the two)."""
    if who.lanes & FINDERS[kind]:
        return pw.SQL("1 = 1")
    return is_handler(who) if HANDLER in FINDERS[kind] else pw.SQL("1 = 0")
