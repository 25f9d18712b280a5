"""Exact look-ups: a case by its register number, and by a whole telephone number or NIK through the blind index."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple

import peewee as pw

from models.complaint.accesslog import Reading, note_reading
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
    """The case of this number, if the person may read it; of a part of one, as 12/X/2026 or 12, that of the latest
    year."""
    text = typed.strip().replace("\0", "")
    whole = visible(user, Complaint).where(Complaint.number.in_([text, text.upper()]))
    found: int | None = whole.select(Complaint.id).scalar()
    return found if found is not None else _of_part(user, text)


def _of_part(user: User, text: str) -> int | None:
    """A part names its place in the count, and whatever stands beside that in the number."""
    places = [int(place) for place in _PLACES.findall(text)] if len(text) <= LONGEST else []
    if not places:
        return None
    year, part = now().year, plain(text)
    here = (Number.series == REGISTER) & Number.year.in_(range(year - YEARS_BACK, year + 1)) & Number.place.in_(places)
    rows = visible(user, Number).where(here).order_by(Number.year.desc(), Number.place.desc())
    return next((row.complaint_id for row in rows if _names(part, row)), None)


def _names(part: str, row: Number) -> bool:
    """Whether the part is the place alone, or holds it and stands in the number, maybe with parts left out of it."""
    if part == str(row.place):
        return True
    number = plain(row.text)
    ahead = iter(_STROKES.split(number))
    return str(row.place) in _PLACES.findall(part) and (
        part in number or all(piece in ahead for piece in _STROKES.split(part))
    )


class NumberKind(NamedTuple):
    """A kind of number: how it is found in a text, in its one form, and which columns of a person may hold some."""

    numbers_in: Callable[[str], list[str]]
    columns: tuple[str, ...]


KINDS = {"phone": NumberKind(numbers_in, ("phone", "safe_contact")), "nik": NumberKind(niks_in, ("nik",))}


class NumberMark(NamedTuple):
    """What a number is found by."""

    kind: str
    mark: bytes


def marks_of(person: Mapping[str, str]) -> list[NumberMark]:
    """All that a person is found by; `person` by column, in the clear."""
    numbers = dict.fromkeys(
        (kind, number) for kind, one in KINDS.items() for name in one.columns for number in one.numbers_in(person[name])
    )
    return [NumberMark(kind, ring().mark(kind, number)) for kind, number in numbers]


def marks_in(text: str) -> list[NumberMark]:
    """What the numbers of a text are found by, of any person."""
    return [
        NumberMark(kind, ring().mark(kind, number)) for kind, one in KINDS.items() for number in one.numbers_in(text)
    ]


def add_marks(complaint: int, whose: str, marks: Sequence[NumberMark]) -> None:
    """Further numbers that are found; those that are known already stay as they are."""
    for mark in marks:
        BlindIndex.insert(case=complaint, person=whose, **mark._asdict()).on_conflict_ignore().execute()


def write_marks(complaint: int, person: str, columns: Columns) -> None:
    """Somebody of the case is found by his numbers from now on; of this kind of person nobody was."""
    rows = [{"case": complaint, "person": person, **mark._asdict()} for mark in marks_of(columns)]
    insert_rows(BlindIndex, rows)


def drop_marks(complaint: int, person: str) -> None:
    """Nobody is found by his numbers any more. With the case's key the database drops those of everybody in it."""
    BlindIndex.delete().where((BlindIndex.case == complaint) & (BlindIndex.person == person)).execute()


LOOKED_UP = {kind: f"pencarian {name}" for kind, name in FOUND_BY.items()}  # what the access log calls it
MASKS = {"phone": contacts.masked_phone, "nik": contacts.masked_nik}
MOST, WITHIN = 60, timedelta(minutes=10)  # look-ups of one person: more than a counter ever needs
COUNTED = 1_000


class TooOften(Exception):
    """The person has looked up more numbers of late than any work asks for."""


@dataclass(frozen=True)
class AskedNumber:
    """A number that somebody typed: of what kind, in its one form, and as the access log keeps it."""

    kind: str
    digits: str
    masked: str

    @property
    def mark(self) -> NumberMark:
        return NumberMark(self.kind, ring().mark(self.kind, self.digits))


def asked_number(typed: str) -> AskedNumber | None:
    """The number that was typed, in whatever form; None for anything else, such as a number among words."""
    if digits := international(typed):
        return AskedNumber("phone", digits, contacts.masked_phone(digits))
    niks = niks_in(typed) if typed.strip(" 0123456789().-") == "" else []
    return AskedNumber("nik", niks[0], contacts.masked_nik(niks[0])) if len(niks) == 1 else None


@dataclass(frozen=True)
class CasesOfNumber:
    """The cases of a number, within what the person may read and where he could open that number."""

    asked: AskedNumber
    who: Viewer

    @property
    def way(self) -> str:
        """How such a case was found, for people."""
        return f"Ditemukan lewat {FOUND_BY[self.asked.kind]}"

    @cached_property
    def cases(self) -> Any:
        """Their ids, as a query."""
        found = visible(self.who.user, Complaint, self.who).select(Complaint.id)
        here = (BlindIndex.mark == self.asked.mark.mark) & may_find(self.who, self.asked.kind)
        return found.join(BlindIndex, on=(BlindIndex.case == Complaint.id)).where(here).distinct()

    def among(self, ids: Sequence[int]) -> set[int]:
        """Which of these cases are of the number."""
        return {case for (case,) in self.cases.where(among(Complaint.id, ids)).tuples()} if ids else set()


def find(typed: str, who: Viewer) -> CasesOfNumber | None:
    """The cases of the number that was typed; None if it is none, or the person may find nothing by it.

    Noted before anything is answered, with or without a case: what cannot be noted is not answered. TooOften if the
    person has asked too often.
    """
    asked = asked_number(typed)
    if asked is None or not finds_at_all(who, asked.kind):
        return None
    if _asked_lately(who) >= MOST:
        raise TooOften
    found = CasesOfNumber(asked, who)
    note_look_up(asked, who, min(found.cases.limit(COUNTED).count(), COUNTED))
    return found


def note_look_up(asked: AskedNumber, who: Viewer, rows: int) -> None:
    """Somebody asked for a number, and so many cases are about to be told of."""
    note_reading(who.user, LOOKED_UP[asked.kind], [], rows=rows, asked=asked.masked)


def numbers_to_compare(persons: Iterable[Mapping[str, str]], who: Viewer) -> list[AskedNumber]:
    """The numbers that were typed of some people, as far as the person finds something by such and has not asked too
    often: whoever takes down a complaint is kept from nothing, his numbers are only compared no more."""
    typed = dict.fromkeys(
        (kind, digits)
        for person in persons
        for kind, one in KINDS.items()
        for name in one.columns
        for digits in one.numbers_in(person.get(name) or "")
        if finds_at_all(who, kind)
    )
    left = max(0, MOST - _asked_lately(who)) if typed else 0
    return [AskedNumber(kind, digits, MASKS[kind](digits)) for kind, digits in list(typed)[:left]]


def _asked_lately(who: Viewer) -> int:
    lately = (Reading.user == who.user) & (Reading.at > now() - WITHIN) & Reading.what.in_(list(LOOKED_UP.values()))
    return int(Reading.select().where(lately).count())


def finds_at_all(who: Viewer, kind: str) -> bool:
    """Whether there may be a case that the person finds by such a number."""
    return bool(who.lanes & FINDERS[kind]) or (HANDLER in FINDERS[kind] and bool(who.units))


def may_find(who: Viewer, kind: str) -> pw.Expression:
    """`access.FINDERS` of the person's standings, as SQL (a test holds the two equal)."""
    if who.lanes & FINDERS[kind]:
        return pw.SQL("1 = 1")
    return is_handler(who) if HANDLER in FINDERS[kind] else pw.SQL("1 = 0")
