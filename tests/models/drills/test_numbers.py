"""Numbers without gap or duplicate: eight processes draw at once, one try in ten is taken back; years turn in WIB."""

import multiprocessing
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.complaint import number
from models.complaint.complaint import Complaint
from models.complaint.number import Number, Series
from models.office import settings
from models.store import sqlite
from models.store.base import database
from sop.clock import WIB
from sop.flow import current_procedure
from tests.office import opened
from tests.patience import LONGEST

PROCESSES = 8
SERIES = [step.series for step in current_procedure().main_line if step.series]
MOMENTS = (datetime(2026, 12, 31, 23, 59, 59, tzinfo=WIB), datetime(2027, 1, 1, tzinfo=WIB))
SPAWN = multiprocessing.get_context("spawn")


class ChangedHerMind(RuntimeError):
    """Thrown after the number is bound: the transaction is taken back, and the number with it."""


def take(case: int, series: str, at: datetime, office: dict[str, Any], *, regret: bool = False) -> str:
    with database.atomic():
        drawn = number.draw(series, 1, at, office)
        number.bind(series, drawn, [(case, 1)], at)
        if regret:
            raise ChangedHerMind
    return drawn[0].text


def drawer(path: Path, case: int, tries: int, seed: int, gate: Any, answers: Any) -> None:
    """Draws in any series and either year; every tenth try is rolled back. `answers` gets the numbers."""
    chance = random.Random(seed)
    numbers: list[tuple[str, int, str]] = []
    errors: list[str] = []
    sqlite.PATIENCE = LONGEST  # on a busy machine one of eight writers may be passed over for long
    with opened(path):
        office = settings.values()
        gate.wait()
        for n in range(tries):
            series, at = chance.choice(SERIES), chance.choice(MOMENTS)
            try:
                numbers.append((series, at.year, take(case, series, at, office, regret=n % 10 == seed % 10)))
            except ChangedHerMind:
                continue
            except Exception as failed:
                errors.append(repr(failed))
    answers.put((numbers, errors))


def drill(path: Path, case: int, tries: int) -> None:
    gate, answers = SPAWN.Barrier(PROCESSES), SPAWN.Queue()
    people = [SPAWN.Process(target=drawer, args=(path, case, tries, n, gate, answers)) for n in range(PROCESSES)]
    first = {(n.series, n.year, n.text) for n in Number.select()}
    for person in people:
        person.start()
    outcomes = [answers.get(timeout=LONGEST) for _ in people]
    for person in people:
        person.join(timeout=LONGEST)
    answers.close()
    answers.join_thread()
    assert [error for _, errors in outcomes for error in errors] == []
    numbers = [one for got, _ in outcomes for one in got]
    assert len(numbers) == PROCESSES * (tries - tries // 10)
    assert len(set(numbers)) == len(numbers)
    assert {(n.series, n.year, n.text) for n in Number.select()} == set(numbers) | first
    _without_gap()


def _without_gap() -> None:
    for series in Series.select():
        rows = Number.select().where((Number.series == series.name) & (Number.year == series.year))
        assert sorted(n.place for n in rows) == list(range(1, series.last + 1))
    counted = {(n.series, n.year) for n in Number.select()}
    assert counted == {(s.name, s.year) for s in Series.select() if s.last}


def test_eight_processes_draw_two_hundred_each_without_gap_or_duplicate(office):
    [case] = office.receive()
    drill(office.path, case, 200)
    assert {(s.name, s.year) for s in Series.select()} == {(name, at.year) for name in SERIES for at in MOMENTS}


@pytest.mark.soak
def test_eight_processes_draw_two_thousand_each_without_gap_or_duplicate(office):
    [case] = office.receive()
    drill(office.path, case, 2_000)


def places(case: int) -> list[tuple[int, int]]:
    return list(Number.select(Number.year, Number.place).where(Number.complaint == case).order_by(Number.id).tuples())


@pytest.mark.parametrize("series", SERIES)
def test_the_count_begins_anew_at_midnight_in_wib(office, series):
    [case] = office.receive()
    before, words = places(case), settings.values()
    last, first = MOMENTS
    for at in (last, last.astimezone(UTC), first, first.astimezone(UTC), last):  # a late comer still goes to its year
        take(case, series, at, words)
    start = sum(year == 2026 for year, _ in before) if series == SERIES[0] else 0
    places_of_day = places(case)[len(before) :]
    assert places_of_day == [(2026, start + 1), (2026, start + 2), (2027, 1), (2027, 2), (2026, start + 3)]


def test_complaints_on_either_side_of_new_year_are_numbered_in_their_years(office):
    last, first = MOMENTS
    old = office.receive(2, at=last)
    new = office.receive(2, at=first)
    assert [places(case) for case in (*old, *new)] == [[(2026, 1)], [(2026, 2)], [(2027, 1)], [(2027, 2)]]
    texts = [Complaint.get_by_id(case).number for case in (*old, *new)]
    assert len(set(texts)) == 4
    assert [("2026" in text, "2027" in text) for text in texts] == [(True, False)] * 2 + [(False, True)] * 2


def test_numbers_of_two_series_at_the_same_instant_know_nothing_of_each_other(office):
    [case] = office.receive()
    words, at = settings.values(), MOMENTS[1] + timedelta(days=40)
    with database.atomic():
        drawn = {series: number.draw(series, count, at, words) for count, series in enumerate(SERIES, 2)}
        for series, numbers in drawn.items():
            number.bind(series, numbers, [(case, 1)] * len(numbers), at)
    assert {s: [d.place for d in got] for s, got in drawn.items()} == {
        series: list(range(1, count + 1)) for count, series in enumerate(SERIES, 2)
    }
    texts = [d.text for numbers in drawn.values() for d in numbers]
    assert len(set(texts)) == len(texts)


def test_a_step_that_is_taken_back_leaves_no_gap(office):
    [case] = office.receive()
    office.bring([case], "submit")
    before = list(Series.select(Series.name, Series.last).tuples())
    with database.atomic() as transaction:
        office.do([case], "submit")
        transaction.rollback()
    assert list(Series.select(Series.name, Series.last).tuples()) == before
    office.do([case], "submit")
    _without_gap()
