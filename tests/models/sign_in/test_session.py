"""A session is a row: what its cookie holds is not in it, and the row decides how long it goes on."""

import hashlib
from datetime import timedelta

import peewee as pw
import pytest
from peewee import sqlite3

from models.office.people import today
from models.office.settings import IDLE, store_setting
from models.sign_in import session as sessions
from models.sign_in.session import (
    CLEARED,
    HALF_OPEN,
    LONGEST,
    RETENTION,
    WRITTEN_EVERY,
    Session,
    SessionStatus,
    begin,
    end,
    find,
    is_fresh,
    record_use,
)
from models.store.base import database, now
from tests.office import Office, outside

MINUTE = timedelta(minutes=1)


def begun(office: Office, username: str = "petugas", at=None) -> tuple[str, Session]:
    cookie, _ = begin(office[username], device="Chrome di Windows", address="192.0.2.7", at=at or now())
    row = find(cookie)
    assert row is not None
    return cookie, row


def test_the_row_holds_a_hash_of_256_random_bits_and_nothing_that_a_cookie_could_be_made_of(office: Office) -> None:
    cookie, row = begun(office)
    whose, _, secret = cookie.partition(".")
    assert (whose, len(secret)) == (str(office["petugas"].id), 43)
    assert row.digest == hashlib.sha256(cookie.encode()).hexdigest()
    stored = " ".join(map(str, Session.select().where(Session.id == row.id).tuples().get()))
    assert secret not in stored
    assert find(secret) is None
    assert find(f"{office['kadis'].id}.{secret}") is None
    assert begun(office)[0] != cookie


def test_it_is_open_then_locked_then_over(office: Office) -> None:
    _, row = begun(office)
    idle = row.idle + WRITTEN_EVERY
    for after, status in (
        (timedelta(0), SessionStatus.OPEN),
        (idle - MINUTE, SessionStatus.OPEN),
        (idle, SessionStatus.LOCKED),
        (LONGEST - MINUTE, SessionStatus.LOCKED),
        (LONGEST, SessionStatus.OVER),
    ):
        assert row.status(row.begun + after) is status, after


def test_eight_hours_after_its_beginning_it_is_spent_although_it_is_used(office: Office) -> None:
    cookie, row = begun(office, at=now() - LONGEST)
    record_use(row, now())
    assert find(cookie).status(now()) is SessionStatus.SPENT


@pytest.mark.only("sqlite")
def test_at_the_very_end_of_its_eight_hours_it_is_spent_and_of_a_proof_it_is_stale(office: Office) -> None:
    _, row = begun(office)
    row.used, tick = row.begun + LONGEST - MINUTE, timedelta(microseconds=1)
    assert [row.status(row.begun + LONGEST - left) for left in (tick, 0 * tick)] == [
        SessionStatus.OPEN,
        SessionStatus.SPENT,
    ]
    assert [is_fresh(row, row.proven + MINUTE - left, MINUTE) for left in (tick, 0 * tick)] == [True, False]


@pytest.mark.parametrize("hours", [1, 7])
def test_a_clock_that_is_set_back_makes_no_session_older(office: Office, hours: int) -> None:
    cookie, row = begun(office)
    back = now() - timedelta(hours=hours)
    assert row.status(back) is SessionStatus.OPEN
    record_use(row, back)
    assert find(cookie).used == back


def test_the_setting_says_how_long_it_may_lie_unused(office: Office) -> None:
    store_setting(IDLE, 10, today() + timedelta(days=1))
    assert begun(office)[1].idle == timedelta(minutes=30)
    store_setting(IDLE, 10, today())
    assert begun(office)[1].idle == timedelta(minutes=10)


def test_a_use_is_written_once_a_minute(office: Office) -> None:
    cookie, row = begun(office)
    first = row.used
    record_use(row, first + WRITTEN_EVERY - timedelta(seconds=1))
    assert find(cookie).used == first
    record_use(row, first + WRITTEN_EVERY)
    assert find(cookie).used == first + WRITTEN_EVERY


@pytest.mark.only("sqlite")
def test_a_database_that_is_busy_is_not_waited_for_and_the_use_is_not_forgotten(office: Office) -> None:
    cookie, row = begun(office)
    later = row.used + timedelta(minutes=20)
    with outside(office.path) as other:
        other.execute("BEGIN IMMEDIATE")
        record_use(row, later)  # with the usual patience it would fail after ten seconds, and take them
        with pytest.raises(sqlite3.OperationalError):
            with sessions.without_waiting():
                database.connection().execute("UPDATE session SET why = 'x'")
        other.execute("ROLLBACK")
    again = find(cookie)
    assert again.used == row.used
    assert again.last_use == later
    record_use(again, later + WRITTEN_EVERY)
    assert find(cookie).used == later + WRITTEN_EVERY
    assert row.digest not in sessions._unwritten


def test_what_has_ended_stays_ended(office: Office) -> None:
    cookie, row = begun(office)
    end([row], by=office["admin"], why="x", at=now())
    end([row], by=office["petugas"], why="y", at=now())
    again = find(cookie)
    assert (again.status(now()), again.ended_by_id, again.why) == (SessionStatus.OVER, office["admin"].id, "x")
    record_use(again, now() + MINUTE)
    assert find(cookie).used == row.used


def test_old_rows_are_cleared_away_a_few_at_each_sign_in(office: Office) -> None:
    old = now() - RETENTION - MINUTE
    for _ in range(3):
        begun(office, at=old)
    recent = begun(office, at=now() - RETENTION + timedelta(hours=1))[1].id
    Session.update(digest=Session.id.cast("text")).where(Session.begun == old).execute()
    assert Session.select().where(Session.begun == old).count() <= CLEARED
    begun(office)
    assert not Session.select().where(Session.begun == old).exists()
    assert Session.select().where(Session.id == recent).exists()


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (timedelta(0), SessionStatus.HALF),
        (HALF_OPEN - timedelta(seconds=1), SessionStatus.HALF),
        (HALF_OPEN, SessionStatus.OVER),
        (timedelta(seconds=1) - HALF_OPEN, SessionStatus.HALF),
        (-HALF_OPEN, SessionStatus.OVER),
        (timedelta(hours=-3), SessionStatus.OVER),
    ],
)
def test_a_half_open_session_lasts_minutes_whichever_way_the_clock_is_set(
    office: Office, after: timedelta, status: SessionStatus
) -> None:
    cookie, _ = begin(office["kadis"], device="x", address="192.0.2.7", at=now(), half=True)
    row = find(cookie)
    assert row is not None
    assert row.status(row.begun + after) is status


def full(*_: object) -> None:
    raise pw.OperationalError("database or disk is full")


def test_a_use_a_minute_later_on_a_full_disk_is_remembered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, row = begun(office)
    later = row.used + WRITTEN_EVERY
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "_write_unwritten", full)
        record_use(row, later)
    again = find(cookie)
    assert (again.used, again.last_use) == (row.used, later)


def test_of_those_that_a_full_disk_has_not_taken_only_the_outdated_of_that_person_are_dropped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "_delete_old", full)
        cookies = {name: begin(office[name], device="x", address="x", at=now())[0] for name in ("petugas", "kadis")}
        person = office["petugas"]
        person.password_hash = f"{person.password_hash}0"
        person.save()
        cookies["again"] = begin(person, device="x", address="x", at=now())[0]
    sessions.end_outdated(person, by=None, at=now())
    assert {name for name, one in cookies.items() if find(one)} == {"kadis", "again"}
