"""A part of a register number leads to the case of the latest year that has it, up to thirty years back."""

import time_machine

from models.complaint.lookup import YEARS_BACK, case_of_number
from models.store.base import now
from tests.office import MONDAY, Office


def test_a_part_of_a_number_means_the_latest_year_unless_it_names_another(office: Office) -> None:
    year = now().year
    last, [here] = office.receive(2, at=MONDAY.replace(year=year - 1)), office.receive(at=MONDAY.replace(year=year))
    by = office["petugas"]
    assert [case_of_number(by, text) for text in ("1", "2", f"1/{year}", f"1/{year - 1}", "3")] == [
        here,
        last[1],
        here,
        last[0],
        None,
    ]


def test_a_part_of_a_number_is_searched_thirty_years_back(office: Office) -> None:
    [case] = office.receive()
    found = []
    for years in (YEARS_BACK, YEARS_BACK + 1):
        with time_machine.travel(MONDAY.replace(year=MONDAY.year + years)):
            found.append(case_of_number(office["petugas"], "1"))
    assert found == [case, None]
