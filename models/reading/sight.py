"""Who gains or loses sight of a case when it is corrected: asked of everybody, by the table that every door asks."""

from dataclasses import dataclass

from models.office.people import BY_NAME, User
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, standings, viewer
from sop.access import CONTENT, may_read

SEEN_BY = ("secrecy", "category", "emergency")  # columns that decide who reads a case, before anybody disposes


@dataclass(frozen=True)
class SightChange:
    """The people who would read the case from now on, and those who would no longer."""

    gained: list[User]
    lost: list[User]


def sight_change(before: Complaint, after: Complaint) -> SightChange:
    """What becomes of everybody's sight if the one turns into the other; nobody's, where it does not depend on it."""
    if all(before.__data__[name] == after.__data__[name] for name in SEEN_BY):
        return SightChange([], [])
    people = User.select().where(User.active & User.role.in_(sorted(CONTENT))).order_by(BY_NAME)
    seen = [(who.user, _reads(who, before), _reads(who, after)) for who in map(viewer, people)]
    return SightChange([u for u, old, new in seen if new > old], [u for u, old, new in seen if old > new])


def _reads(who: Viewer, complaint: Complaint) -> bool:
    return may_read(complaint.secrecy, standings(who, [complaint])[complaint.id])
