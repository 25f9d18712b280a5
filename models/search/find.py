"""An exact look-up: the cases of a whole telephone number or NIK, for whoever could read that number there anyway."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import peewee as pw

from models.fields import mask
from models.fields.nik import niks_in
from models.fields.phone import international
from models.search.blind import KINDS, NumberMark
from models.store.base import among, now
from models.store.seal import ring
from models.tables.accesslog import Reading, note_reading
from models.tables.complaint import BlindIndex, Complaint
from models.tables.scope import Viewer, is_handler, visible
from sop.access import FINDERS, FOUND_BY, HANDLER

LOOKED_UP = {kind: f"pencarian {name}" for kind, name in FOUND_BY.items()}  # what the access log calls it
MASKS = {"phone": mask.phone, "nik": mask.nik}
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
        return AskedNumber("phone", digits, mask.phone(digits))
    niks = niks_in(typed) if typed.strip(" 0123456789().-") == "" else []
    return AskedNumber("nik", niks[0], mask.nik(niks[0])) if len(niks) == 1 else None


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
