"""The day of birth and the sex in a NIK, and when it has none."""

from datetime import date, timedelta

import pytest

from models.office.contacts import NikReading, niks_in, read_nik

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("nik", "birth", "sex"),
    [
        ("9973011203850001", date(1985, 3, 12), "L"),
        ("9973015203850001", date(1985, 3, 12), "P"),
        ("9973 0152 0385 0001", date(1985, 3, 12), "P"),
        ("9973017112990004", date(1999, 12, 31), "P"),
        ("9973014101260002", date(2026, 1, 1), "P"),
        ("9973012511260002", date(1926, 11, 25), "L"),  # tomorrow, so a hundred years ago
        ("9973012902000003", date(2000, 2, 29), "L"),
    ],
)
def test_a_nik_contains_the_day_of_birth_and_the_sex(nik: str, birth: date, sex: str) -> None:
    assert read_nik(nik, TODAY) == NikReading(birth, sex)


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "99",
        "997301120385000",
        "99730112038500011",
        "997301120385000A",
        "9973013202850001",
        "9973010003850001",
        "9973014003850001",
        "9973011213850001",
        "٩٩٧٣٠١١٢٠٣٨٥٠٠٠١",
    ],
)
def test_an_invalid_nik_or_day_gives_nothing(nik: str) -> None:
    assert read_nik(nik, TODAY) is None


@pytest.mark.parametrize(
    ("text", "niks"),
    [
        ("9973011203850001", ["9973011203850001"]),
        ("9973.0112.0385.0001 / 997301-120385-0002", ["9973011203850001", "9973011203850002"]),
        ("9973011203850001 9973011203850002", ["9973011203850001", "9973011203850002"]),
        ("9973011203850001, 9973 0112 0385 0001", ["9973011203850001"]),
        ("ibu 9973011203850001 anak 9973011203850002 (KK)", ["9973011203850001", "9973011203850002"]),
        ("997301120385000", []),
        ("99730112038500011", []),
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
        found = read_nik(f"997301{day:%d%m%y}0001", TODAY)
        assert found is not None
        assert found.birth == born
