"""The lines of a list of holidays as people type and paste them."""

from datetime import date

import pytest

from models.office.holiday_list import (
    JOINT,
    NO_DATE,
    NO_NAME,
    NO_SUCH_DAY,
    PUBLIC,
    SEVERAL_DAYS,
    TOO_LONG,
    judged_lines,
    read_lines,
)
from models.store.base import year_wanted

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    "line",
    [
        "1 Januari 2027 Tahun Baru",
        "1 januari 2027: Tahun Baru",
        "1 Jan 2027 – Tahun Baru",
        "01-01-2027 Tahun Baru",
        "1/1/2027, Tahun Baru",
        "2027-01-01;Tahun Baru",
        "2027-01-01,Tahun Baru",
        '"2027-01-01";"Tahun Baru"',
        "1 Januari 2027\tTahun Baru",
        "Jumat, 1 Januari 2027 Tahun Baru",
        "1 Januari 2027, Jum'at, Tahun Baru",
        "1\t1 Januari 2027\tJumat\tTahun Baru",
        "1. 1 Januari 2027 Tahun Baru",
        "Tahun Baru\t1 Januari 2027",
        "1 Januari 2027;Tahun Baru;Libur nasional",
        "\u200b1 Januari 2027\u00a0Tahun Baru",
    ],
)
def test_a_line_is_read_as_people_write_it(line):
    [read] = read_lines(line)
    assert (read.day, read.name, read.kind, read.fault) == (NEW_YEAR, "Tahun Baru", PUBLIC, "")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("5 Februari 2027 Cuti Bersama Imlek", "Cuti Bersama Imlek"),
        ("2027-02-05;Tahun Baru Imlek;Cuti bersama", "Tahun Baru Imlek"),
    ],
)
def test_a_joint_leave_is_known_by_its_name_or_its_column(line, name):
    [read] = read_lines(line)
    assert (read.name, read.kind) == (name, JOINT)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Tanggal;Nama", NO_DATE),
        ("32 Januari 2027 Tahun Baru", NO_SUCH_DAY),
        ("29 Februari 2027 Hari kabisat", NO_SUCH_DAY),
        ("1 Janvier 2027 Tahun Baru", NO_DATE),
        ("20-21 Maret 2027 Cuti bersama", SEVERAL_DAYS),
        ("1 Januari 27 Tahun Baru", year_wanted),
        ("1 Januari 2027", NO_NAME),
        (f"1 Januari 2027 {'x' * 121}", TOO_LONG),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line, fault):
    [read] = read_lines(line)
    assert read.fault == (fault() if callable(fault) else fault)


def test_blank_lines_are_none_and_a_day_of_the_week_in_a_name_stays():
    assert read_lines(" \n;\n\t\n") == []
    [read] = read_lines("21 Maret 2027 Hari Minggu Palma (perkiraan)")
    assert (read.name, read.is_estimate) == ("Hari Minggu Palma", True)


@pytest.mark.usefixtures("office")
def test_a_day_named_twice_is_entered_once():
    first, second = sorted(judged_lines(read_lines("1 Jan 2035 Satu\n1 Jan 2035 Dua")), key=lambda one: one.line.number)
    assert (first.verdict, second.verdict, second.why) == ("new", "refused", "Tanggal ini sudah disebut pada baris 1.")
