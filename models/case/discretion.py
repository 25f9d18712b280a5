"""What is left unsaid: of a rahasia case on a list that lies open, of other cases to whom may not open them too."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.office.people import User
from models.records.base import Blanks, CaseNumber
from models.records.registry import RECORDS
from models.tables.complaint import Complaint
from models.tables.event import Event
from models.tables.scope import viewer, visible

NUMBERS = [blank for model in RECORDS.values() for blank in model.blanks() if isinstance(blank, CaseNumber)]
LABELS = frozenset(str(blank.verbose_name) for blank in NUMBERS)
OF_BOTH = frozenset(str(blank.verbose_name) for blank in NUMBERS if blank.is_asked_for)  # all else is of that case, too
HIDDEN = "tidak terbuka bagi Anda"
UNTOLD = "Rahasia"


def is_secret(case: Complaint) -> bool:
    return bool(case.secrecy == "rahasia")


def openly(case: Complaint, words: str) -> str:
    """What a list that lies open on a desk tells of a case.

    Of a rahasia one its register number, days, status and kind of paper stand there, nothing else: unit, signer, note,
    or a number with the unit's code would tell what it is about.
    """
    return UNTOLD if is_secret(case) else words


def together(event: Event, user: User) -> int:
    """How many others the act moved, as far as the person is told: if he did it, or reads every case.

    To anybody else it would count cases that he may not open, and even that there were others.
    """
    return event.together if event.user_id == user.id or viewer(user).reads_all else 0


def discreet(blanks: Iterable[Mapping[str, Any]], user: User) -> list[Blanks]:
    """Filled blanks by label, but the numbers of complaints that the person may not open and what is said of them."""
    blanks = [dict(one) for one in blanks]
    named = {str(one[label]).strip() for one in blanks for label in LABELS & one.keys()}
    open_ = _open(named, user) if named else frozenset()
    return [_without_closed(one, open_) for one in blanks]


def _open(numbers: set[str], user: User) -> frozenset[str]:
    query = visible(user, Complaint).where(Complaint.number.in_(sorted(numbers)))
    return frozenset(complaint.number for complaint in query)


def _without_closed(one: Mapping[str, Any], numbers: frozenset[str]) -> Blanks:
    closed = {label: HIDDEN for label in LABELS & one.keys() if str(one[label]).strip() not in numbers}
    return closed if closed.keys() & OF_BOTH else dict(one) | closed
