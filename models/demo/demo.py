"""Creates the demo: an invented office with complaints at every stage, all made by intake and workflow."""

from datetime import datetime
from random import Random

from models.complaint.complaint import Complaint
from models.demo.people import NIP, SIGN_INS, make_office, make_people
from models.office.calendar import clock
from models.office.people import User
from models.office.settings import Setting, values
from models.store.base import database, now
from models.workflow import masters

FLAG = "site.demo"


def make_demo(
    *, password_hash: str, complaints: int = 0, seed: int = 1, at: datetime | None = None, past_quarter: bool = False
) -> None:
    """Fill an empty, prepared database with the demo as of `at` (default now), and `complaints` more in its past.

    With `past_quarter` also three months of history with a few cases a day.

    Runs in one transaction. The same seed and moment give the same content. ValueError with a sentence if the database
    is not empty.
    """
    from models.demo.many import past  # these are imported here because only the first start of a demo needs them
    from models.demo.past_quarter import quarter
    from models.demo.perform import perform
    from models.demo.picture import picture
    from models.demo.plan import Agenda
    from models.demo.texts import Author

    if User.select().exists() or Complaint.select().exists():
        raise ValueError("Data contoh hanya dapat dibuat pada basis data yang masih kosong.")
    masters.seed(masters.MALANG)
    with database.atomic():
        make_office(FLAG)
        users = make_people(password_hash)
        agenda = Agenda(clock(), at or now())
        author = Author(Random(seed), agenda)
        present = picture(author)
        before = quarter(author, present) if past_quarter else []
        perform([*present, *before, *past(author, complaints)], users)


def is_demo() -> bool:
    """Whether the database is flagged as the demo."""
    return bool(values().get(FLAG))


def has_demo_rows() -> bool:
    """Whether the database contains the demo's flag or users: an office must not start with it."""
    flagged = Setting.select().where(Setting.key == FLAG).exists()
    return bool(flagged or User.select().where(User.nip.startswith(NIP)).exists())


def sign_ins() -> list[tuple[str, str, str]]:
    """(user name, role, task to try) of the demo's users, in the order of the SOP."""
    return list(SIGN_INS)
