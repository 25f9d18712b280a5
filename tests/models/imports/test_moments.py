"""Moments are read in every way that other systems write them, in the file's zone, and none is guessed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.imports.incoming import ReadMoment, read_moment
from sop.clock import WIB

MORNING = datetime(2026, 1, 3, 8, 15, tzinfo=WIB)
ALIKE = (
    "2026-01-03 08:15",
    "2026-01-03T08:15:00",
    "2026-01-03 08:15:00.123",
    "2026-01-03T01:15:00Z",
    "2026-01-03T09:15:00+08:00",
    "2026-01-03 08:15 WIB",
    "3 Jan 2026 08:15",
    "3 Januari 2026 pukul 08.15",
    "Sabtu, 3 Januari 2026, 08:15",
    "03-Jan-2026 8:15 AM",
    "03/01/2026 08.15",
    "3.1.2026 08:15:00",
    "2026/01/03 08:15",
    "3/1/26 pk. 08.15",
    "3 Jan 26 08:15",
    "46025.34375",
)


@pytest.mark.parametrize("text", ALIKE)
def test_one_moment_is_read_however_it_is_written(text):
    assert read_moment(text, WIB) == ReadMoment(MORNING.astimezone(UTC), day_only=False)


@pytest.mark.parametrize("text", ["3 Jan 2026", "2026-01-03", "03/01/2026", "46025"])
def test_a_day_without_its_time_is_its_beginning_and_says_so(text):
    assert read_moment(text, WIB) == ReadMoment(datetime(2026, 1, 2, 17, tzinfo=UTC), day_only=True)


@pytest.mark.parametrize(
    "month", ["Mei", "May", "Agustus", "Agt", "Aug", "Oktober", "Oct", "Nopember", "Desember", "Dec", "Pebruari"]
)
def test_months_are_known_by_indonesian_and_english_names(month):
    assert read_moment(f"3 {month} 2026", WIB) is not None


def test_the_zone_of_the_file_decides_which_day_it_was():
    late = "2026-01-03 23:30"
    assert read_moment(late, UTC).at.astimezone(WIB).day == 4
    assert read_moment(late, WIB).at.astimezone(WIB).day == 3


NONE = ("", "besok", "31 Feb 2026", "2026-13-01", "3 Jan 226", "12345", "1 Jan 0026", "2026-01-03 25:00", "99999.9")


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_moment_is_none(text):
    assert read_moment(text, WIB) is None


@given(some.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)))  # noqa: DTZ001
def test_any_moment_comes_back_as_it_was_written(at):
    at = at.replace(microsecond=0, tzinfo=WIB)
    for text in (f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%d/%m/%Y %H.%M.%S}", at.isoformat()):
        assert abs(read_moment(text, WIB).at - at) < timedelta(seconds=1)


@pytest.mark.parametrize("offset", ["+99:00", "-24:00", "+2400"])
def test_a_moment_in_a_zone_that_does_not_exist_is_not_read(offset):
    assert read_moment(f"2026-01-01 10:00{offset}", WIB) is None


@given(some.text(max_size=40))
def test_no_text_breaks_it(text):
    read = read_moment(text, WIB)
    assert read is None or read.at.tzinfo is not None
