"""A row's working time is read from the very words that the sheet prints."""

from dataclasses import replace

import pytest

from sop import check
from sop.clock import Norm
from sop.procedure import ROWS
from sop.table import Table

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


UNREAD = ["", "satu jam", "1 minggu", "1,5 jam", "-1 jam", "1 jam 30 menit", "jam 1", "١ jam", "３ hari", "1² hari"]


@pytest.mark.parametrize("words", UNREAD)
def test_words_that_cannot_be_read_are_named(words):
    with pytest.raises(ValueError, match=f"“{words}” tidak terbaca"):
        Norm.read(words)


@pytest.mark.parametrize("words", ["0 menit", "000 hari"])
def test_no_time_at_all_is_no_norm(words):
    with pytest.raises(ValueError, match=f"“{words}” bukan waktu: sedikitnya 1"):
        Norm.read(words)


@pytest.mark.parametrize("words", ["3000000 hari", "366 hari", "2001 jam", "120001 menit", f"{'9' * 5_000} hari"])
def test_more_than_a_year_of_work_is_no_norm(words):
    with pytest.raises(ValueError, match="terlalu lama: paling banyak"):
        Norm.read(words)


@pytest.mark.parametrize("words", ["365 hari", "2000 jam", "120000 menit", "0001 menit", *READ])
def test_what_is_stored_of_a_norm_is_read_as_the_same(words):
    assert Norm.read(Norm.read(words).words) == Norm.read(words)


@pytest.mark.parametrize("words", ["0 menit", "3000000 hari", "１ jam"])
def test_a_row_with_such_a_time_stops_the_start(words):
    [said] = check.faults(Table(rows=(replace(ROWS[0], waktu=words), *ROWS[1:])))
    assert said.startswith(f"Tabel SOP, baris 1, kolom waktu: “{words}” ")


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
