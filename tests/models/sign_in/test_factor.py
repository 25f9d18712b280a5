"""A second factor counts once a right code was typed; each code is accepted once, in whatever process."""

import multiprocessing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.office.people import User
from models.sign_in import factor
from models.sign_in.factor import (
    RecoveryCode,
    SecondFactor,
    accept,
    begin_setup,
    code_at,
    confirm_setup,
    has_factor,
    step_of,
)
from models.store.base import database, now
from tests.office import Office, opened, outside
from tests.patience import LONGEST

SPAWN = multiprocessing.get_context("spawn")
WORKERS = 2


class Clock:
    """The panel's clock, which a test moves."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(factor, "now", clock)
    return clock


@pytest.fixture
def person(office: Office) -> User:
    return office["kadis"]


def with_factor(person: User, clock: Clock) -> tuple[bytes, list[str]]:
    """Somebody who has just set it up, and a moment later: the key and the recovery codes."""
    key = begin_setup(person)
    recovery = confirm_setup(person, code_at(key, step_of(clock.at)))
    clock.move(30)
    return key, recovery


def test_it_counts_only_after_a_right_code(person: User, clock: Clock) -> None:
    key = begin_setup(person)
    wrong = code_at(key, step_of(clock.at) + 9)
    assert confirm_setup(person, wrong) == []
    assert not has_factor(person)
    assert not accept(person, code_at(key, step_of(clock.at)))
    assert len(confirm_setup(person, code_at(key, step_of(clock.at)))) == 10
    assert has_factor(person)


def test_a_set_up_that_lay_too_long_is_begun_anew(person: User, clock: Clock) -> None:
    key = begin_setup(person)
    clock.move(int(factor.SETTING_UP.total_seconds()) + 60)
    assert confirm_setup(person, code_at(key, step_of(clock.at))) == []
    assert begin_setup(person) != key


def test_a_second_set_up_touches_no_factor_in_use(person: User, clock: Clock) -> None:
    key, _ = with_factor(person, clock)
    assert confirm_setup(person, code_at(begin_setup(person), step_of(clock.at))) == []
    assert accept(person, code_at(key, step_of(clock.at)))


def test_each_code_opens_once_and_none_older_does_afterwards(person: User, clock: Clock) -> None:
    key, _ = with_factor(person, clock)
    present = step_of(clock.at)
    assert accept(person, code_at(key, present + 1))
    assert [accept(person, code_at(key, step)) for step in (present + 1, present, present - 1)] == [False] * 3
    clock.move(60)
    assert accept(person, code_at(key, step_of(clock.at)))


def test_the_code_of_the_set_up_does_not_sign_in(person: User, clock: Clock) -> None:
    key = begin_setup(person)
    code = code_at(key, step_of(clock.at))
    assert confirm_setup(person, code)
    assert not accept(person, code)


def test_a_recovery_code_opens_once_however_it_is_written(person: User, clock: Clock) -> None:
    _, recovery = with_factor(person, clock)
    assert len(set(recovery)) == 10
    assert accept(person, f" {recovery[0].replace('-', ' ')} ")
    assert not accept(person, recovery[0])
    assert factor.recovery_codes_left(person) == 9
    assert accept(person, recovery[1])


def test_new_recovery_codes_take_the_place_of_the_old(person: User, clock: Clock) -> None:
    _, recovery = with_factor(person, clock)
    fresh = factor.new_recovery_codes(person)
    assert not accept(person, recovery[0])
    assert accept(person, fresh[0])


def test_another_persons_codes_open_nothing(office: Office, clock: Clock) -> None:
    _, recovery = with_factor(office["kadis"], clock)
    key, _ = with_factor(office["admin"], clock)
    assert not accept(office["admin"], recovery[0])
    assert not accept(office["kadis"], code_at(key, step_of(clock.at)))
    assert accept(office["kadis"], recovery[0])
    assert accept(office["admin"], code_at(key, step_of(clock.at)))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 5000, "\0", "123456789012"])
def test_what_is_no_code_is_refused(person: User, clock: Clock, typed: str) -> None:
    with_factor(person, clock)
    assert not accept(person, typed)


def test_neither_key_nor_codes_lie_open_in_the_database(office: Office, person: User, clock: Clock) -> None:
    key, recovery = with_factor(person, clock)
    with outside(office.path) as raw:
        rows = [*raw.execute("SELECT * FROM second_factor"), *raw.execute("SELECT * FROM recovery_code")]
    assert len(rows) == 1 + len(recovery)
    stored = b" ".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for row in rows for v in row)
    for secret in (key, key.hex().encode(), *(code.replace("-", "").encode() for code in recovery)):
        assert secret not in stored


def test_a_key_moved_to_another_person_opens_nothing(office: Office, clock: Clock) -> None:
    key, _ = with_factor(office["kadis"], clock)
    SecondFactor.update(user=office["admin"]).execute()
    with pytest.raises(ValueError, match="tersegel"):
        accept(office["admin"], code_at(key, step_of(clock.at)))


def test_removed_it_is_gone_with_its_codes(person: User, clock: Clock) -> None:
    with_factor(person, clock)
    assert factor.remove(person)
    assert not has_factor(person)
    assert not RecoveryCode.select().exists()
    assert not factor.remove(person)


def comer(path: Path, code: str, at: datetime, gate: Any, answers: Any) -> None:
    """A process of the panel to which somebody comes with the code."""
    factor.now = lambda: at
    with opened(path):
        person = User.get(username="kadis")
        gate.wait()
        answers.put(accept(person, code))


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_processes_with_one_code_one_passes(office: Office, clock: Clock, kind: str) -> None:
    key, recovery = with_factor(office["kadis"], clock)
    code = code_at(key, step_of(clock.at)) if kind == "app" else recovery[0]
    database.close_all()
    gate, answers = SPAWN.Barrier(WORKERS), SPAWN.Queue()
    people = [SPAWN.Process(target=comer, args=(office.path, code, clock.at, gate, answers)) for _ in range(WORKERS)]
    for one in people:
        one.start()
    outcomes = [answers.get(timeout=LONGEST) for _ in people]
    for one in people:
        one.join(timeout=LONGEST)
    database.connect()
    assert sorted(outcomes) == [False, True]
    answers.close()
    answers.join_thread()
