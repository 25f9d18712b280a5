"""A case by its register number as somebody types it: the whole of it, or the place in the year's count alone."""

from models.office.people import User
from models.store.base import now
from models.tables.complaint import Complaint
from models.tables.number import REGISTER, Number
from models.tables.scope import visible

YEARS_BACK = 30


def case_of_number(user: User, typed: str) -> int | None:
    """The case of this number, if the person may read it; of a place alone that of the latest year."""
    text = typed.strip().replace("\0", "")
    whole = visible(user, Complaint).where(Complaint.number.in_([text, text.upper()]))
    found: int | None = whole.select(Complaint.id).scalar()
    return found if found is not None or not _is_place(text) else _of_place(user, int(text))


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _of_place(user: User, place: int) -> int | None:
    year = now().year
    here = (Number.series == REGISTER) & Number.year.in_(range(year - YEARS_BACK, year + 1)) & (Number.place == place)
    query = visible(user, Number).where(here).order_by(Number.year.desc()).limit(1)
    found: int | None = query.select(Number.complaint).scalar()
    return found
