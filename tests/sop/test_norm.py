"""A row's working time is read from the very words that the sheet prints."""

import pytest

from sop.norm import Norm
from sop.procedure import ROWS

READ = {
    "5 menit": Norm(minutes=5),
    "1 Jam": Norm(minutes=60),
    "1 hari": Norm(days=1),
    "10 menit": Norm(minutes=10),
    " 2  JAM ": Norm(minutes=120),
    "3 Hari": Norm(days=3),
}


@pytest.mark.parametrize("words", READ)
def test_words_are_read_as_working_time(words):
    assert Norm.read(words) == READ[words]


@pytest.mark.parametrize("words", ["", "satu jam", "1 minggu", "1,5 jam", "-1 jam", "1 jam 30 menit", "jam 1"])
def test_words_that_cannot_be_read_are_named(words):
    with pytest.raises(ValueError, match="Waktu SOP tidak terbaca"):
        Norm.read(words)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.waktu)
def test_every_row_has_a_norm_of_some_length(row):
    assert row.norm.days or row.norm.minutes


def test_an_early_warning_makes_sense_from_one_hour_on():
    assert [Norm.read(words).warns for words in ("5 menit", "59 menit", "1 Jam", "1 hari")] == [
        False,
        False,
        True,
        True,
    ]
