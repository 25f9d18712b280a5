"""The day of birth and the sex in a NIK, and when it has none."""

from datetime import date, timedelta

import pytest

from models.office.contacts import NikReading, niks_in, read_nik

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("nik", "birth", "sex"),
    [
        ("3573011203850001", date(1985, 3, 12), "L"),
        ("3573015203850001", date(1985, 3, 12), "P"),
        ("3573 0152 0385 0001", date(1985, 3, 12), "P"),
        ("3573017112990004", date(1999, 12, 31), "P"),
        ("3573014101260002", date(2026, 1, 1), "P"),
        ("3573012511260002", date(1926, 11, 25), "L"),  # tomorrow, so a hundred years ago
        ("3573012902000003", date(2000, 2, 29), "L"),
    ],
)
def test_a_nik_contains_the_day_of_birth_and_the_sex(nik: str, birth: date, sex: str) -> None:
    assert read_nik(nik, TODAY) == NikReading(birth, sex)


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "99",
        "357301120385000",
        "35730112038500011",
        "357301120385000A",
        "3573013202850001",
        "3573010003850001",
        "3573014003850001",
        "3573011213850001",
        "٣٥٧٣٠١١٢٠٣٨٥٠٠٠١",
    ],
)
def test_an_invalid_nik_or_day_gives_nothing(nik: str) -> None:
    assert read_nik(nik, TODAY) is None


@pytest.mark.parametrize(
    ("text", "niks"),
    [
        ("3573011203850001", ["3573011203850001"]),
        ("3573.0112.0385.0001 / 357301-120385-0002", ["3573011203850001", "3573011203850002"]),
        ("3573011203850001 3573011203850002", ["3573011203850001", "3573011203850002"]),
        ("3573011203850001, 3573 0112 0385 0001", ["3573011203850001"]),
        ("ibu 3573011203850001 anak 3573011203850002 (KK)", ["3573011203850001", "3573011203850002"]),
        ("357301120385000", []),
        ("35730112038500011", []),
        ("tidak ada", []),
        ("", []),
        ("\u0663" * 16, []),
    ],
)
def test_a_text_may_hold_several_niks(text: str, niks: list[str]) -> None:
    assert niks_in(text) == niks


def test_a_person_born_today_was_not_born_a_hundred_years_ago() -> None:
    for day, born in (
        (TODAY, TODAY),
        (TODAY + timedelta(days=1), (TODAY + timedelta(days=1)).replace(year=TODAY.year - 100)),
    ):
        found = read_nik(f"357301{day:%d%m%y}0001", TODAY)
        assert found is not None
        assert found.birth == born
