"""Dates, times, durations and numbers are written as the office writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sop import words
from sop.clock import WIB

MORNING = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)
LATE = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)


def test_a_date_is_written_out():
    assert words.format_date(MORNING) == words.format_date(date(2026, 11, 24)) == "24 November 2026"


def test_a_moment_is_shown_in_wib_whatever_zone_it_was_stored_in():
    assert words.format_moment(MORNING) == "24 Nov 2026 pukul 09.14 WIB"
    assert words.format_moment(MORNING.astimezone(WIB)) == "24 Nov 2026 pukul 09.14 WIB"
    assert words.format_time(MORNING) == "09.14"


def test_after_midnight_in_wib_the_next_day_and_year_have_begun():
    assert words.format_date(LATE) == "1 Januari 2027"
    assert words.format_moment(LATE) == "1 Jan 2027 pukul 00.30 WIB"
    assert words.weekday(LATE) == "Jumat"


def test_a_moment_without_a_zone_is_refused():
    for write in (words.format_date, words.format_time, words.format_moment, words.weekday):
        with pytest.raises(ValueError, match="time zone"):
            write(MORNING.replace(tzinfo=None))


def test_what_is_not_there_yet_is_written_as_nothing():
    for write in (words.format_date, words.format_time, words.format_moment, words.format_number):
        assert write(None) == ""


def test_every_month_has_its_name_short_name_and_numeral():
    names = [words.format_date(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert names == [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ]
    assert [name[:3] for name in names] == list(words.SHORT_MONTHS)
    assert [words.roman(month) for month in (1, 4, 9, 11, 12)] == ["I", "IV", "IX", "XI", "XII"]
    with pytest.raises(KeyError):
        words.roman(0)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 menit"),
        (0.9, "0 menit"),
        (5, "5 menit"),
        (60, "1 jam"),
        (80, "1 jam 20 menit"),
        (1200, "20 jam"),
        (60 * 1234 + 1, "1.234 jam 1 menit"),
    ],
)
def test_a_duration_is_hours_and_minutes(minutes, said):
    assert words.format_duration(minutes) == said


@pytest.mark.parametrize(("minutes", "said"), [(3, "0.03"), (379, "6.19"), (60 * 1234 + 5, "1234.05")])
def test_a_duration_in_a_column_has_one_full_stop(minutes, said):
    assert words.format_hours(minutes) == said


def test_a_duration_has_days_only_if_the_caller_says_how_long_a_day_is():
    assert words.format_duration(2 * 510 + 180, day=510) == "2 hari 3 jam"
    assert words.format_duration(2 * 1440 + 180, day=1440) == "2 hari 3 jam"
    assert words.format_duration(510, day=510) == "1 hari"
    assert words.format_duration(2 * 510 + 184, day=510) == "2 hari 3 jam"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (40, "sisa 40 menit"),
        (-125, "terlambat 2 jam 5 menit"),
        (0, "jatuh tempo sekarang"),
        (-0.5, "terlambat 1 menit"),
    ],
)
def test_a_due_time_says_what_is_left_or_by_how_much_it_is_past(minutes, said):
    assert words.humanize_due(minutes) == said


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (999, "999"),
        (12345, "12.345"),
        (-1234567, "-1.234.567"),
        (Decimal("1234.5"), "1.234,5"),
        (2.5, "2,5"),
    ],
)
def test_numbers_have_the_point_for_thousands_and_the_comma_for_decimals(number, written):
    assert words.format_number(number) == written


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Nol"),
        (11, "Sebelas"),
        (24, "Dua Puluh Empat"),
        (100, "Seratus"),
        (1000, "Seribu"),
        (2026, "Dua Ribu Dua Puluh Enam"),
    ],
)
def test_a_berita_acara_spells_its_numbers(number, said):
    assert words.in_words(number) == said


def test_the_days_of_the_week_are_indonesian():
    assert words.weekday(MORNING) == "Selasa"
    assert [words.weekday(date(2026, 11, day)) for day in range(23, 30)] == list(words.WEEKDAYS)


def test_every_filter_writes_text():
    values = {"date": MORNING, "short_date": MORNING, "time": MORNING, "moment": MORNING, "weekday": MORNING}
    values |= {"digits": "2026-11-24T09:14", "clock": MORNING, "typed_date": "2026-11-24"}
    assert all(isinstance(write(values.get(name, 11)), str) for name, write in words.FILTERS.items())


def test_a_title_in_capitals_gets_sentence_case_except_for_abbreviations_and_small_words():
    assert words.spoken_title("Plh. KEPALA UPT PERLINDUNGAN PEREMPUAN DAN ANAK") == (
        "Plh. Kepala UPT Perlindungan Perempuan dan Anak"
    )
    assert words.spoken_title("Petugas Penanganan Pengaduan") == "Petugas Penanganan Pengaduan"
