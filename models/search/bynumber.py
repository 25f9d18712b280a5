"""A case by its register number as somebody types it: the whole, a part, or the place in the year's count alone."""

import re

from models.office.people import User
from models.store.base import now
from models.tables.complaint import Complaint
from models.tables.number import LONGEST, REGISTER, Number, plain
from models.tables.scope import visible

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
