"""The range of a recap: whole months by their names, the range before, the same a year ago."""

from datetime import date, datetime, timedelta

import pytest

from models.reading.period import FAR, FIRST_YEAR, LAST_YEAR, MOST_DAYS, WIDE, Period, usual_periods
from sop.clock import WIB


def period(first: str, last: str) -> Period:
    return Period.read(first, last)


@pytest.mark.parametrize(
    ("first", "last", "words", "before", "year_ago"),
    [
        ("2026-11-01", "2026-11-30", "November 2026", "Oktober 2026", "November 2025"),
        ("2026-01-01", "2026-01-31", "Januari 2026", "Desember 2025", "Januari 2025"),
        ("2026-10-01", "2026-12-31", "Triwulan IV 2026", "Triwulan III 2026", "Triwulan IV 2025"),
        ("2026-01-01", "2026-06-30", "Semester I 2026", "Semester II 2025", "Semester I 2025"),
        ("2024-01-01", "2024-12-31", "Tahun 2024", "Tahun 2023", "Tahun 2023"),
        ("2024-02-01", "2024-02-29", "Februari 2024", "Januari 2024", "Februari 2023"),
        ("2026-02-01", "2026-04-30", "1 Februari–30 April 2026", "1 November 2025–31 Januari 2026", None),
        ("2024-02-25", "2024-02-29", "25–29 Februari 2024", "20–24 Februari 2024", "25–28 Februari 2023"),
        ("2026-11-03", "2026-11-03", "3 November 2026", "2 November 2026", "3 November 2025"),
    ],
)
def test_a_range_is_called_and_compared_as_people_do(
    first: str, last: str, words: str, before: str, year_ago: str | None
) -> None:
    asked = period(first, last)
    assert (asked.words, asked.before.words) == (words, before)
    assert year_ago is None or asked.year_ago.words == year_ago


def test_its_days_are_the_office_s_own() -> None:
    asked = period("2026-11-01", "2026-11-30")
    assert asked.begins == datetime(2026, 11, 1, tzinfo=WIB)
    assert asked.ends == datetime(2026, 12, 1, tzinfo=WIB)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("", "2026-11-30", "Isi tanggal awal"),
        ("2026-11-31", "2026-11-30", "Isi tanggal awal"),
        ("2026-11-30", "2026-11-01", "tidak boleh sebelum"),
        ("1999-11-30", "2026-11-01", "antara tahun"),
        ("2020-01-01", "2026-11-01", "tiga tahun"),
    ],
)
def test_a_range_that_is_none_is_refused_with_a_sentence(first: str, last: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        period(first, last)


def test_the_usual_ranges_are_month_quarter_semester_and_year_and_those_before() -> None:
    assert [one.words for one in usual_periods(date(2026, 11, 28))] == [
        "November 2026",
        "Oktober 2026",
        "Triwulan IV 2026",
        "Triwulan III 2026",
        "Semester II 2026",
        "Semester I 2026",
        "Tahun 2026",
        "Tahun 2025",
    ]


FIRST, LAST, DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31), timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (FIRST, FIRST, ""),
        (FIRST - DAY, FIRST, FAR),
        (LAST, LAST, ""),
        (LAST, LAST + DAY, FAR),
        (FIRST, FIRST + MOST_DAYS * DAY, ""),
        (FIRST, FIRST + (MOST_DAYS + 1) * DAY, WIDE),
    ],
)
def test_the_longest_and_the_outermost_range_is_counted_and_one_day_more_is_not(
    first: date, last: date, why: str
) -> None:
    assert Period(first, last).objection == why
