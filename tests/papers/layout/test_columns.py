"""Columns of a list: numbers and dates whole, no word broken, the room filled, rows as low as they can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.layout.columns import PAD, PT, SIZE, column_widths, room_of
from papers.layout.glyphs import width
from papers.layout.phrases import with_degrees

FACE = "LiberationSans-Regular"
HEADS = ["No.", "Nomor", "Judul pengaduan", "Unit kerja", "Paraf"]
KINDS = ["whole", "whole", "text", "text", 20]
NUMBER = "400.9/123/BA/35.73.999/2026"


def lines_in(text: str, wide: float) -> float:
    return width(text, FACE) * SIZE / (wide * PT - 2 * PAD)


@given(count=st.integers(1, 30), title=st.integers(1, 20), unit=st.integers(1, 20))
def test_they_fill_the_room_and_numbers_and_heads_stand_whole(count: int, title: int, unit: int) -> None:
    rows = [[str(n), NUMBER, "kata " * title, "bidang " * unit, ""] for n in range(1, count + 1)]
    widths = column_widths(HEADS, rows, 165, KINDS)
    assert sum(widths) == pytest.approx(165)
    assert width(NUMBER, FACE) < room_of(widths[1])
    assert all(width(word) < room_of(wide) for head, wide in zip(HEADS, widths, strict=True) for word in head.split())
    assert widths[4] >= 20


def test_what_makes_the_rows_high_gets_the_room() -> None:
    rows = [["1", NUMBER, "Bantuan", "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial", ""]] * 5
    widths = column_widths(HEADS, rows, 165, KINDS)
    assert lines_in(rows[0][3], widths[3]) < 3
    assert widths[3] > widths[2]


def test_without_rows_they_fill_the_room_too() -> None:
    assert sum(column_widths(HEADS, [], 165, KINDS)) == pytest.approx(165)


def test_numbers_longer_than_the_room_share_it() -> None:
    widths = column_widths(["A", "B", "C", "D"], [["9" * 300] * 4], 165, ["whole"] * 4)
    assert sum(widths) == pytest.approx(165)


def test_a_degree_stays_with_the_name_before_it() -> None:
    assert with_degrees("Dr. Harsono Wibisana, M.Si.") == "Dr. Harsono Wibisana,\xa0M.Si."
    assert with_degrees("Siti, S.Sos., M.AP.") == "Siti,\xa0S.Sos.,\xa0M.AP."
    assert with_degrees("Bidang Rehabilitasi, Perlindungan") == "Bidang Rehabilitasi, Perlindungan"
