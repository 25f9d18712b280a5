"""The office's zone: one object that follows the setting; a moment in the former zone stays the same moment."""

import copy
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, time

import pytest

from sop.clock import WIB, ZONES, Clock, Hours, Norm, zone_of
from sop.words import format_clock, format_date, format_moment

NIGHT = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 23.30 in Jakarta, half past midnight in Makassar
HOURS = Hours(NIGHT.date().replace(month=1, day=1), dict.fromkeys(range(5), (time(7, 30), time(16))))


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    WIB.follow("WIB")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("WIB", "31 Des 2026 pukul 23.30 WIB"),
        ("WITA", "1 Jan 2027 pukul 00.30 WITA"),
        ("WIT", "1 Jan 2027 pukul 01.30 WIT"),
        ("", "31 Des 2026 pukul 23.30 WIB"),
        ("UTC", "31 Des 2026 pukul 23.30 WIB"),
    ],
)
def test_day_hour_and_word_follow_the_zone(zone: str, words: str) -> None:
    WIB.follow(zone)
    assert format_moment(NIGHT) == words
    assert NIGHT.astimezone(WIB).strftime("%Y %H.%M %Z") == f"{words.split()[2]} {words.split()[4]} {words.split()[5]}"


def test_a_moment_in_one_zone_stays_the_same_moment_when_another_is_set() -> None:
    moments = (NIGHT.astimezone(WIB), datetime.now(WIB), datetime.combine(NIGHT, time(9), WIB).astimezone(WIB.zone))
    before = [moment.isoformat() for moment in moments]
    WIB.follow("WIT")
    assert [moment.isoformat() for moment in moments] == before
    assert moments[0] == NIGHT == NIGHT.astimezone(WIB)
    assert hash(moments[0]) == hash(NIGHT.astimezone(WIB))


def test_a_wall_time_is_of_the_zone_in_force() -> None:
    nine = {zone: (WIB.follow(zone), datetime.combine(NIGHT, time(9), WIB).astimezone(UTC))[1] for zone in ZONES}
    assert [moment.hour for moment in nine.values()] == [2, 1, 0]


@pytest.mark.parametrize("through", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_the_zone_stays_one_object_when_copied_or_pickled(through) -> None:
    moment = datetime(2026, 10, 5, 9, tzinfo=WIB)
    assert through(WIB) is WIB
    assert through(moment) == moment
    assert through(moment).tzinfo is WIB


def test_working_hours_are_the_offices_own() -> None:
    WIB.follow("WITA")
    clock = Clock.of([HOURS])
    late = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)  # Monday 15.30 in Makassar
    assert format_moment(clock.due(late, Norm.read("1 Jam"))) == "6 Okt 2026 pukul 08.00 WITA"
    assert clock.is_open(datetime(2026, 10, 4, 23, 31, tzinfo=UTC))
    assert not clock.is_open(datetime(2026, 10, 5, 8, 1, tzinfo=UTC))


def test_a_paper_is_printed_in_the_zone_that_it_was_frozen_in() -> None:
    with zone_of("2026-12-31T00:30:00+08:00"):
        assert format_clock(NIGHT) == "00.30 WITA"
        assert format_date(NIGHT) == "1 Januari 2027"
    assert format_clock(NIGHT) == "23.30 WIB"
    with zone_of("2026-12-31T00:30:00+00:00"):
        assert format_clock(NIGHT) == "23.30 WIB"
