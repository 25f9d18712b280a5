"""What a case tells of another one: its register number, and that only to whom may open the other one too."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.complaint import Complaint
from models.people import User
from models.records import RECORDS
from models.records.base import CaseNumber
from models.scope import visible

LABELS = frozenset(
    str(blank.verbose_name) for model in RECORDS.values() for blank in model.blanks() if isinstance(blank, CaseNumber)
)
HIDDEN = "tidak terbuka bagi Anda"


def discreet(told: Iterable[Mapping[str, Any]], user: User) -> list[dict[str, Any]]:
    """Filled blanks by label, with the numbers of complaints left out that the person may not open."""
    told = [dict(one) for one in told]
    named = {str(one[label]).strip() for one in told for label in LABELS & one.keys()}
    open_ = _open(named, user) if named else frozenset()
    return [{label: _said(label, value, open_) for label, value in one.items()} for one in told]


def _open(numbers: set[str], user: User) -> frozenset[str]:
    query = visible(user, Complaint).where(Complaint.number.in_(sorted(numbers)))
    return frozenset(complaint.number for complaint in query)


def _said(label: str, value: Any, numbers: frozenset[str]) -> Any:
    return value if label not in LABELS or str(value).strip() in numbers else HIDDEN
