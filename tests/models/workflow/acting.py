"""An acting official of the tests: for the Kepala Dinas from 3 to 7 November by default."""

from datetime import date
from typing import Any

from models.office.people import Acting
from tests.office import Office

FIRST, LAST = date(2026, 11, 3), date(2026, 11, 7)


def acting(office: Office, username: str = "bidang.ppa", **given: Any) -> Acting:
    """Not yet registered."""
    return Acting(
        **{
            "kind": "Plh.",
            "user": office[username],
            "decree": "800/12/2026",
            "decree_date": FIRST,
            "valid_from": FIRST,
            "valid_to": LAST,
            **given,
        }
    )


def registered(office: Office, username: str = "bidang.ppa", **given: Any) -> Acting:
    made = acting(office, username, **given)
    made.save(force_insert=True)
    return made


def at_once(office: Office, username: str = "bidang.ppa", **given: Any) -> Acting:
    """In force while the tests' office begins to work."""
    return registered(office, username, **{"valid_from": date(2026, 10, 1), "decree_date": date(2026, 10, 1), **given})
