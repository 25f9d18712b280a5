"""What an office has now and then and the demo has not: states in which a page must hold together as well."""

from datetime import timedelta

from models.office.people import Acting, Division, User, today
from models.store.base import now
from models.tables.complaint import Complaint
from tests.browser.waiting import bring

DECREE = "800.1.11.1/1234/35.73.401/2026"


def bring_about() -> None:
    """A Plh. who is still to begin, and a case that comes near its legal limit; inside `its_database()`."""
    begins = today() + timedelta(days=3)
    Acting.create(
        kind="Plh.",
        division=Division.get(code="REHSOS"),
        user=User.get(username="staf.rehsos"),
        decree=DECREE,
        decree_date=today(),
        valid_from=begins,
        valid_to=begins + timedelta(days=11),
    )
    near_its_limit(bring("dispose", 1))


def near_its_limit(ids: list[int]) -> None:
    """Received long ago, and an hour left by law."""
    dates = {"received_at": now() - timedelta(days=60), "legal_due_at": now() + timedelta(hours=1)}
    Complaint.update(**dates).where(Complaint.id.in_(ids)).execute()
