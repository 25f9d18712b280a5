"""Lines of the access log as pages show them: who, when, what, of which case, and why if a reason was given."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import peewee as pw
from flask import url_for

from admin.door.joins import signed_in
from admin.kit.columns import short_moment
from admin.looking.sentences import badge_of, deed_of, rows_in_words
from models.complaint.complaint import Complaint
from models.complaint.scope import visible
from models.office import contacts
from models.office.people import Division, User, place_of
from models.reading.accesses import Access
from models.store.base import among

CLOSED = "pengaduan yang tidak dapat Anda buka"
MANDATED = "di bawah Surat Tugas"
DIGITS = re.compile(r"[+]?[0-9][0-9 .-]+[0-9]", re.ASCII)
OF_SOMEBODY = 9  # digits from which on a number that was searched for may be somebody's telephone or NIK


@dataclass(frozen=True)
class AccessLine:
    """One act of looking."""

    when: str
    who: str
    place: str
    deed: str
    badge: tuple[str, str] | None
    case: str
    url: str
    under: str


@dataclass(frozen=True)
class AccessTable:
    """Lines of the log, and the cases behind them that the person may open."""

    lines: list[AccessLine]
    cases: list[Complaint]


def table_of(accesses: Iterable[Access]) -> AccessTable:
    """The lines of these, the case of each named where the person may open it."""
    accesses = list(accesses)
    people = people_by_id(one.user for one in accesses)
    cases = _readable({one.case for one in accesses if one.case is not None})
    lines = [_line(one, people[one.user], cases.get(one.case or 0)) for one in accesses]
    return AccessTable(lines, list(cases.values()))


def people_by_id(ids: Iterable[int]) -> dict[int, User]:
    """These people with the units that they belong to."""
    rows = User.select(User, Division).join(Division, pw.JOIN.LEFT_OUTER).where(among(User.id, set(ids)))
    return {row.id: row for row in rows}


def _readable(ids: set[int]) -> dict[int, Complaint]:
    """Those of the cases that the person may open."""
    return {c.id: c for c in visible(signed_in(), Complaint).where(among(Complaint.id, ids))} if ids else {}


def _line(access: Access, person: User, case: Complaint | None) -> AccessLine:
    closed = CLOSED if access.case and case is None else ""
    notes = (rows_in_words(access), masked_words(access.asked), MANDATED if access.mandated else "")
    return AccessLine(
        short_moment(access.at),
        str(person.name),
        place_of(person),
        deed_of(access),
        badge_of(access),
        str(case.number) if case else closed,
        url_for("pengaduan.details_view", id=case.id) if case else "",
        " · ".join(filter(None, notes)),
    )


def masked_words(asked: str) -> str:
    """What was searched for, without what could be called."""
    return DIGITS.sub(lambda found: _masked_number(found[0]), asked)


def _masked_number(typed: str) -> str:
    return contacts.masked_phone(typed) if sum(sign.isdigit() for sign in typed) >= OF_SOMEBODY else typed
