"""The panel makes its backups by itself: at its hour, once, and a missed one as soon as it can."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.office.people import today
from models.office.settings import BACKUP_PLACE, store_setting
from models.operations import backup_schedule
from models.operations.backup_making import Source, Spans
from models.operations.backup_schedule import OLD, NightPlan, is_due
from models.store.backups import Backup, age, last_good
from models.store.base import BACKUPS, database
from sop.clock import WIB
from tests.office import Office
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("sqlite")

AT = datetime(2026, 12, 9, 10, 0, tzinfo=WIB)
PLAN = NightPlan("/mnt/lain", 1, Spans())


def row(at: datetime, fault: str = "") -> Backup:
    return Backup.create(at=at, name="panel-x.cadangan", place=PLAN.place, fault=fault)


def test_without_a_place_none_is_ever_due(office: Office) -> None:
    assert not is_due(NightPlan("", 1, Spans()), AT)


def test_the_first_is_due_as_soon_as_there_is_a_place(office: Office) -> None:
    assert is_due(PLAN, AT)


@pytest.mark.parametrize(
    ("made", "due"),
    [
        (AT.replace(hour=1, minute=0), False),
        (AT.replace(hour=0, minute=59), True),  # before tonight's hour: yesterday's
        (AT - timedelta(days=3), True),  # missed nights are one night
        (AT, False),
    ],
)
def test_one_a_night_and_a_missed_one_is_made_up(office: Office, made: datetime, due: bool) -> None:
    row(made)
    assert is_due(PLAN, AT) == due


def test_before_its_hour_the_night_before_counts(office: Office) -> None:
    row(AT - timedelta(days=1))
    assert not is_due(PLAN, AT.replace(hour=0))
    assert is_due(PLAN, AT.replace(hour=1))


def test_after_one_that_failed_it_waits_an_hour(office: Office) -> None:
    row(AT - timedelta(days=1, hours=10))
    row(AT - timedelta(minutes=59), "Folder cadangan tidak ada.")
    assert not is_due(PLAN, AT)
    assert is_due(PLAN, AT + timedelta(minutes=1))


def test_only_a_good_one_makes_the_last_one_younger(office: Office) -> None:
    assert age(AT) is None
    row(AT - timedelta(hours=30))
    row(AT, "Folder cadangan tidak ada.")
    assert age(AT) == 30


def test_one_dated_years_ahead_by_a_wrong_clock_neither_delays_the_next_nor_counts_as_recent(office: Office) -> None:
    row(AT + timedelta(days=3_000))
    assert is_due(PLAN, AT)
    assert (age(AT) or 0) > OLD
    row(AT)
    assert not is_due(PLAN, AT + timedelta(hours=1))
    assert age(AT) == 0


def test_one_that_failed_by_a_clock_that_ran_ahead_is_tried_again(office: Office) -> None:
    row(AT + timedelta(days=3_000), "Folder cadangan tidak ada.")
    assert is_due(PLAN, AT)


def test_the_first_is_begun_when_its_place_is_named_without_waiting_for_the_next_look(
    source: Source, elsewhere: Path, office: Office
) -> None:
    stop = threading.Event()
    options = {"pause": LONGEST}
    thread = threading.Thread(target=backup_schedule.run_backup_schedule, args=(source, stop), kwargs=options)
    thread.start()
    store_setting(BACKUP_PLACE, str(elsewhere), today())
    wait_until(last_good)
    stop.set()
    BACKUPS.send()
    thread.join()


@pytest.fixture
def following(source: Source, elsewhere: Path) -> Iterator[None]:
    """The thread at work on an office that has just named a place."""
    store_setting(BACKUP_PLACE, str(elsewhere), today())
    stop = threading.Event()
    thread = threading.Thread(target=backup_schedule.run_backup_schedule, args=(source, stop), kwargs={"pause": 0.01})
    thread.start()
    yield
    stop.set()
    thread.join()


def test_the_thread_makes_the_one_that_is_due_and_no_second(following: None, elsewhere: Path, office: Office) -> None:
    wait_until(last_good)
    good = last_good()
    assert good is not None
    assert (elsewhere / good.name).exists()
    assert Backup.select().count() == 1
    assert not database.is_closed()
