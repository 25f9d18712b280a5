"""The register book of a range: from midnight to midnight, with what was skipped in each of its years."""

from datetime import date, timedelta

import pytest

from models.complaint.complaint import Complaint
from models.complaint.number import REGISTER, NumberSkip
from models.reading.registerbook import FAR, MOST_DAYS, WIDE, book, register_objection, registered_numbers
from papers.printing.render import pdf
from sop.words import format_date
from tests.office import MONDAY, SECRET, Office
from tests.papers.reading import pages

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database

FIRST, DAY, TICK = date(2000, 1, 1), timedelta(days=1), timedelta(microseconds=1)


def test_a_number_given_at_midnight_stands_in_the_book_of_the_day_that_begins_alone(office: Office) -> None:
    midnight, day = MONDAY.replace(hour=0), MONDAY.date()
    cases = [office.receive(at=at)[0] for at in (midnight - TICK, midnight, midnight + DAY)]
    books = [registered_numbers(office["kadis"], one, one) for one in (day - DAY, day, day + DAY)]
    assert [[number.complaint_id for number in numbers] for numbers in books] == [[case] for case in cases]


def test_over_a_new_year_the_skipped_numbers_of_both_years_are_listed_and_of_no_other(office: Office) -> None:
    for year in range(2025, 2029):
        columns = {"reason": "Rusak", "by": office["petugas"], "at": MONDAY}
        NumberSkip.create(series=REGISTER, year=year, first=1, last=2, **columns)
    made = book([], date(2026, 12, 1), date(2027, 1, 31), by=office["petugas"], at=office.at, demo=False)
    assert [line.partition(": ")[0][-4:] for line in made["skipped"]] == ["2026", "2027"]


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (FIRST, FIRST, ""),
        (FIRST - DAY, FIRST, FAR),
        (date(2200, 12, 31), date(2200, 12, 31), ""),
        (date(2200, 12, 31), date(2201, 1, 1), FAR),
        (FIRST, FIRST + MOST_DAYS * DAY, ""),
        (FIRST, FIRST + (MOST_DAYS + 1) * DAY, WIDE),
    ],
)
def test_the_longest_and_the_outermost_range_has_a_book_and_one_day_more_has_none(
    first: date, last: date, why: str
) -> None:
    assert register_objection(first, last) == why


def test_the_pengadu_of_a_rahasia_case_is_always_withheld(office: Office) -> None:
    office.receive(category=SECRET, anonymous=True)
    office.receive(category=SECRET)
    office.receive(anonymous=True)
    medium = Complaint.select().order_by(Complaint.id.desc()).get().medium.name
    day = MONDAY.date()
    numbers = registered_numbers(office["kadis"], day, day)
    made = book(numbers, day, day, by=office["kadis"], at=office.at, demo=False)
    assert [row[2] for row in made["ruled"]["rows"]] == ["Dirahasiakan", "Dirahasiakan", f"Tanpa nama\n{medium}"]


def test_it_says_where_a_case_went_that_the_office_no_longer_handles(office: Office) -> None:
    first, again, sent, taken_back = office.receive(4)
    office.do([again], "duplicate", original=Complaint.get_by_id(first).number)
    office.bring([sent], "dispose")
    office.do([sent], "forward", institution="Dinas Kesehatan")
    office.do([taken_back], "withdraw")
    rows = noted(office, "kadis")
    assert [row[-1] for row in rows] == [
        "",
        f"Duplikat dari {Complaint.get_by_id(first).number}",
        "Diteruskan kepada Dinas Kesehatan",
        "",
    ]
    assert all(row[6].endswith(format_date(office.at)) for row in rows[1:])


def test_it_says_that_a_case_was_recorded_later_or_reopened(office: Office) -> None:
    [case] = office.receive()
    Complaint.update(backlog=True, round=2).where(Complaint.id == case).execute()
    assert noted(office, "kadis")[0][-1] == "Dicatat susulan; Dibuka kembali (putaran 2)"


def test_a_duplicate_does_not_name_a_rahasia_case_and_a_rahasia_row_says_nothing(office: Office) -> None:
    [secret], others = office.receive(category=SECRET), office.receive(2)
    for case in others:
        office.do([case], "duplicate", original=Complaint.get_by_id(secret).number)
    Complaint.update(secrecy="rahasia").where(Complaint.id == others[1]).execute()
    assert [row[-1] for row in noted(office, "kadis")] == ["", "", ""]


def noted(office: Office, reader: str) -> list[list[str]]:
    """The rows of the first day."""
    day = MONDAY.date()
    made = book(registered_numbers(office[reader], day, day), day, day, by=office[reader], at=office.at, demo=False)
    rows: list[list[str]] = made["ruled"]["rows"]
    return rows


def test_it_is_closed_once_its_last_day_is_over(office: Office) -> None:
    day = office.at.date()
    over = [book([], day, last, by=office["kadis"], at=office.at, demo=False)["is_over"] for last in (day - DAY, day)]
    assert over == [True, False]


def test_who_may_read_no_more_than_all_that_is_in_it_reads_of_every_number(office: Office) -> None:
    office.receive(2)
    day = MONDAY.date()
    made = book(
        registered_numbers(office["petugas2"], day, day), day, day, by=office["petugas2"], at=office.at, demo=False
    )
    assert (made["all"], made["left_out"]) == (False, 0)
    [text] = pages(pdf(made))
    assert "Seluruh nomor register; dari pengaduan rahasia" in " ".join(text.split())
    assert "pada 1 (satu) halaman" in " ".join(text.split())


def test_its_pages_are_numbered_at_the_head_from_the_second_and_it_names_who_printed_it(office: Office) -> None:
    [_, hidden] = office.receive(2)
    Complaint.update(secrecy="rahasia").where(Complaint.id == hidden).execute()
    day = MONDAY.date()
    numbers = registered_numbers(office["petugas2"], day, day)
    made = book(numbers, day, day, by=office["petugas2"], at=office.at, demo=False)
    assert (len(numbers), made["left_out"]) == (1, 1)
    made["ruled"]["rows"] *= 60
    first, *others = pages(pdf(made))
    assert "Pengaduan yang dapat dibaca pencetak buku ini sesuai kewenangannya" in first
    assert "- 1 -" not in first
    assert [f"- {place} -" in page for place, page in enumerate(others, 2)] == [True] * len(others) != []
    assert f"halaman {len(others) + 1}" not in others[-1]
