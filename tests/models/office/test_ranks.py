"""A rank of civil servants is printed with its group; everything else as it was typed."""

import pytest

from models.office.people import GROUPS, with_group


def test_there_are_seventeen_and_each_has_a_group_of_its_own() -> None:
    assert len(GROUPS) == len(set(GROUPS.values())) == 17


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pembina", "Pembina (IV/a)"),
        ("Pembina Tk. I", "Pembina Tk. I (IV/b)"),
        ("pembina utama muda", "pembina utama muda (IV/c)"),
        ("Penata Muda Tingkat I", "Penata Muda Tingkat I (III/b)"),
        ("Pengatur", "Pengatur (II/c)"),
        ("Penata (III/c)", "Penata (III/c)"),
        ("Pembina, IV/a", "Pembina, IV/a"),
        ("Ajun Komisaris", "Ajun Komisaris"),
        ("", ""),
    ],
)
def test_a_rank_is_printed_with_its_group(typed: str, printed: str) -> None:
    assert with_group(typed) == printed
