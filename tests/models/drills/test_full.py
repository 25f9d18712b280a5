"""The disk has room for so many pages more: each use case is written whole or not at all, and heals by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from models.office.people import User
from models.store.base import append_only_tables, database
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from models.store.sqlite import GuardedSqlite, authorizer
from tests.models.drills.stops import SavedDatabase, lying, reconnected, standing
from tests.models.drills.test_stops import USE_CASES, sound
from tests.office import Office, outside

pytestmark = pytest.mark.only("sqlite")
MOST = 400  # pages that no use case takes
COUNTED_ASIDE = {"try", "failure", "come in"}  # on a full disk: see models/sign_in/attempts_on_full_disk.py


@contextmanager
def room_for(pages: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The panel's connections find room for so many pages more than the file has by now."""
    connect = GuardedSqlite._connect

    def narrow(of: Any) -> Any:
        connection = connect(of)
        connection.set_authorizer(None)
        [(count,)] = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count = {count + pages}")
        connection.set_authorizer(authorizer(append_only_tables()))
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(GuardedSqlite, "_connect", narrow)
        reconnected()
        yield
    reconnected()


def filled(path: Path, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch, step: int) -> int:
    """Ever more room until the act fits; how many times it did not."""
    database.close_all()
    with outside(path) as raw:
        for words in ("PRAGMA journal_mode = delete", "PRAGMA page_size = 512", "VACUUM"):
            raw.execute(words)  # no room is left in the file itself, and little in a page
    database.connect()
    snapshot, before = SavedDatabase(path), lying()
    act()
    after, refused = standing(), 0
    for pages in range(0, MOST, step):
        snapshot.bring_back()
        with room_for(pages, monkeypatch):
            fault = fault_of(act)
            assert User.select().count(), "nothing can be read"
        if fault is None:
            break
        assert outage_of(fault) is Outage.FULL, fault
        assert lying() == before, pages
        refused += 1
        act()
        assert standing() == after, pages
    snapshot.forget()
    return refused


def fault_of(act: Callable[[], object]) -> BaseException | None:
    try:
        act()
    except DATABASE_ERRORS as fault:
        return fault
    return None


def test_what_does_not_fit_any_more_is_not_half_written(still: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled(still.path, USE_CASES["receive"](still), monkeypatch, 40) > 1
    sound(still)()


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(USE_CASES.keys() - COUNTED_ASIDE))
def test_no_use_case_is_half_written_however_little_room_there_is(
    still: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"{name}: {filled(still.path, USE_CASES[name](still), monkeypatch, 1)} stops")
    sound(still)()
