"""How long a guesser waits: by name, by address and by both, growing, bounded, and no user is locked out by it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from models.sign_in import sign_in_attempts
from models.sign_in.sign_in_attempts import (
    ANY_NAME_AT_PLACE,
    FIRST_WAIT,
    FORGOTTEN,
    KNOWN_THERE,
    NAME_ANYWHERE,
    NAME_AT_PLACE,
    FailedTries,
    KnownPlace,
    begin_try,
    place_of_address,
    record_failure,
    record_sign_in,
    wait_sentence,
)
from models.store.base import now
from sop.words import format_long_moment

DESK, AWAY = "192.0.2.7", "198.51.100.9"
Clock = Callable[[timedelta], datetime]


@pytest.fixture
def clock(office, monkeypatch) -> Clock:
    """A clock that stands until it is advanced."""
    at = [now()]
    monkeypatch.setattr(sign_in_attempts, "now", lambda: at[0])

    def go_on(by: timedelta) -> datetime:
        at[0] += by
        return at[0]

    return go_on


def guess(count: int, name: str | None = None, address: str | None = None) -> list[int]:
    """The waits of so many tries, each with a name or from an address of its own where none is said."""
    return [begin_try(name or f"nama{n}", address or f"203.0.113.{n}") for n in range(count)]


def looked_at(waits: list[int]) -> int:
    return waits.count(0)


def test_a_few_may_fail_then_each_further_one_waits_twice_as_long(clock):
    assert guess(NAME_AT_PLACE.free, "petugas", AWAY) == [0] * NAME_AT_PLACE.free
    waits = []
    for _ in range(10):
        waits.append(begin_try("petugas", AWAY))
        assert begin_try("petugas", AWAY) == waits[-1]  # to ask while one waits makes nothing longer
        clock(timedelta(seconds=waits[-1]))
        assert begin_try("petugas", AWAY) == 0
    assert [wait - 1 for wait in waits] == [min(15 * 2**n, 900) for n in range(10)]


@pytest.mark.parametrize(
    ("name", "address", "most"),
    [
        ("petugas", AWAY, NAME_AT_PLACE.free),
        ("petugas", None, NAME_ANYWHERE.free),
        (None, AWAY, ANY_NAME_AT_PLACE.free),
    ],
)
def test_of_two_hundred_tries_no_more_than_ten_are_looked_at(clock, name, address, most):
    assert looked_at(guess(200, name, address)) == most <= 10


def test_others_go_on_meanwhile(clock):
    guess(50, "petugas", AWAY)
    assert begin_try("petugas", AWAY)
    assert begin_try("kadis", AWAY) == 0
    assert begin_try("petugas", DESK) == 0


def test_at_a_known_address_guessing_from_elsewhere_does_not_lock_the_user_out(office, clock):
    record_sign_in(office["petugas"], DESK)
    guess(200, "petugas")
    guess(200, None, DESK)
    assert begin_try("petugas", AWAY)
    assert begin_try("kadis", DESK)
    assert begin_try("petugas", DESK) == 0


def test_guessing_at_the_user_s_own_address_locks_him_out_for_a_minute_at_most(office, clock):
    record_sign_in(office["petugas"], DESK)
    for _ in range(100):
        clock(timedelta(seconds=begin_try("petugas", DESK)))
    longest = max(begin_try("petugas", DESK) for _ in range(2))
    assert 60 <= longest <= KNOWN_THERE.longest.total_seconds() + 1 <= 61


def test_a_right_password_forgives_what_failed_from_there(office, clock):
    guess(NAME_AT_PLACE.free, "petugas", AWAY)
    clock(FIRST_WAIT)
    clock(timedelta(seconds=1))
    assert begin_try("petugas", AWAY) == 0
    record_sign_in(office["petugas"], AWAY)
    assert guess(KNOWN_THERE.free, "petugas", AWAY) == [0] * KNOWN_THERE.free


def test_an_account_of_one_s_own_does_not_shorten_the_wait_for_others(office, clock):
    guess(ANY_NAME_AT_PLACE.free - 1, None, AWAY)
    assert begin_try("petugas2", AWAY) == 0
    record_sign_in(office["petugas2"], AWAY)
    assert begin_try("kadis", AWAY) == 0
    seconds = begin_try("kadis", AWAY)
    record_sign_in(office["petugas2"], AWAY)
    assert begin_try("kadis", AWAY) == seconds > 0


def test_a_sign_in_causes_no_new_wait_for_those_who_come_after(office, clock):
    guess(200, None, AWAY)
    clock(FIRST_WAIT)
    for username in ("petugas", "kadis", "pengawas", "admin"):
        clock(timedelta(seconds=1))
        assert begin_try(username, AWAY) == 0
        record_sign_in(office[username], AWAY)
    assert begin_try("nama", AWAY) == 0
    assert begin_try("nama2", AWAY) > FIRST_WAIT.total_seconds()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("no address", "no address"),
        (None, ""),
    ],
)
def test_an_address_counts_by_its_network_where_anybody_chooses_the_rest(address, place):
    assert place_of_address(address) == place


def test_an_attacker_with_a_whole_network_of_ipv6_is_one_address(clock):
    addresses = [f"2001:db8::{n:x}" for n in range(50)]
    assert looked_at([begin_try(f"nama{n}", address) for n, address in enumerate(addresses)]) == ANY_NAME_AT_PLACE.free


def test_rows_are_forgotten_after_a_day_and_never_more_than_their_bound(clock, monkeypatch):
    monkeypatch.setattr(sign_in_attempts, "MOST_ROWS", 12)
    for n in range(30):
        begin_try(f"nama{n}", f"203.0.113.{n}")
        clock(timedelta(seconds=1))
    assert FailedTries.select().count() == 12
    clock(FORGOTTEN)
    begin_try("petugas", AWAY)
    assert FailedTries.select().count() == 3


def test_a_clock_that_is_set_back_locks_no_user_out(clock):
    guess(50, "petugas", AWAY)
    assert begin_try("petugas", AWAY) > 0
    clock(timedelta(days=-30))
    assert begin_try("petugas", AWAY) == 0


def test_of_many_addresses_of_a_person_the_latest_are_remembered(office, clock):
    for n in range(15):
        record_sign_in(office["petugas"], f"203.0.113.{n}")
        clock(timedelta(minutes=1))
    assert KnownPlace.select().count() == sign_in_attempts.MOST_PLACES
    guess(200, "petugas")
    assert begin_try("petugas", "203.0.113.14") == 0
    assert begin_try("petugas", "203.0.113.1")


def test_neither_a_name_nor_an_address_stands_in_the_tables(office, clock):
    """People type their password where the name belongs."""
    guess(3, "sandi rahasia saya", AWAY)
    record_sign_in(office["petugas"], AWAY)
    rows = [FailedTries.select().dicts(), KnownPlace.select().dicts()]
    assert all(rows)
    stored = str([*map(list, rows)])
    assert "rahasia" not in stored
    assert AWAY not in stored


def test_failures_are_reported_once_with_their_count_the_first_and_the_last(office, clock):
    assert record_sign_in(office["petugas"], DESK) == ""
    first = format_long_moment(clock(timedelta()))
    for _ in range(2):
        record_failure(office["petugas"], "petugas", AWAY)
        last = format_long_moment(clock(timedelta(minutes=30)))
    record_failure(office["petugas"], "petugas", AWAY)
    record_failure(None, "tidak.ada", AWAY)
    notice = record_sign_in(office["petugas"], DESK)
    assert notice.startswith(f"3 kali gagal masuk dengan nama pengguna Anda sejak {first}, terakhir {last}. ")
    assert record_sign_in(office["petugas"], DESK) == ""
    record_failure(office["petugas"], "petugas", AWAY)
    notice = record_sign_in(office["petugas"], DESK)
    assert notice.startswith(f"1 kali gagal masuk dengan nama pengguna Anda pada {last}. ")


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 detik"), (60, "60 detik"), (61, "2 menit"), (900, "15 menit")])
def test_a_refusal_says_how_long_to_wait(seconds, words):
    assert f"Tunggu {words}," in wait_sentence(seconds)


@pytest.mark.parametrize("name", ["petugas", "bukan.siapa"])
def test_an_attempt_with_an_unknown_name_costs_the_same_write(office, clock, name):
    guess(1, name, AWAY)
    at = clock(timedelta(seconds=20))
    record_failure(office.people.get(name), name, AWAY)
    assert FailedTries.select().where(FailedTries.last_at == at).count() == 1
