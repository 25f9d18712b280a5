"""The desk's file is the same for the same seed, as odd as real ones, and its labels say what its cells say."""

import csv
import io
from collections import Counter
from datetime import date

import pytest

from models.complaint.repeats import words_of
from models.imports.incoming import read_moment
from models.imports.tables import rows_of_file
from sop.clock import WIB
from tests.made_lapor import desk_figures
from tests.made_lapor.complaints_desk import (
    HEADS,
    LATER,
    NIK,
    UNTIL,
    DeskRow,
    desk_csv,
    desk_rows,
    desk_workbook,
    later_rows,
    our_office,
    own_places,
    topics,
)

COUNT = 500


@pytest.fixture(scope="module")
def rows() -> list[DeskRow]:
    return desk_rows(COUNT)


def test_the_same_seed_makes_the_same_rows_and_another_one_others(rows):
    assert desk_rows(COUNT) == rows
    assert desk_rows(COUNT, seed=8)[0] != rows[0]
    assert len(rows) == COUNT == len({row.id for row in rows})


def test_most_rows_are_others_and_most_were_answered(rows):
    assert 0.77 < sum(not row.is_ours for row in rows) / COUNT < 0.87
    assert 0.55 < sum(row.answered is not None for row in rows) / COUNT < 0.65
    own, others = topics()
    names = [topic.name for topic in (*own, *others)]
    assert len(names) == len(set(names)) == 316
    assert len({topic.office for topic in others}) == 31


@pytest.mark.parametrize(
    "odd", ["junk", "short", "repeat", "earlier", "nik", "kecamatan only", "elsewhere", "namesake", "nowhere"]
)
def test_every_oddity_is_there_and_rare(rows, odd):
    assert 0 < sum(odd in row.odd for row in rows) < COUNT / 8


def test_the_labels_are_what_the_panel_reads_in_the_cells_of_either_file(rows):
    lines = list(csv.reader(io.StringIO(desk_csv(rows).decode())))
    assert lines == [HEADS, *map(list, (row.cells for row in rows))]
    assert rows_of_file(desk_workbook(rows[:40]))[:41] == lines[:41]
    for row, cells in zip(rows, lines[1:], strict=True):
        asked, reply = (read_moment(cell, WIB) for cell in cells[3:5])
        assert (asked.at, reply.at if reply else None) == (row.at, row.answered)
        assert row.at.date() < UNTIL
        assert row.answered is None or row.at.date() <= row.answered.date() < UNTIL
        assert bool(NIK.search(row.text)) == ("nik" in row.odd)


def test_moments_lie_on_both_sides_of_a_months_end(rows):
    cells = Counter(cell[11:] for row in rows for cell in row.told)
    assert min(cells["23:59:59"], cells["00:00:01"]) > 0
    assert cells[""] > COUNT / 8


def test_a_repeat_says_the_same_of_the_same_place_and_nothing_else_does(rows):
    by_id = {row.id: row for row in rows}
    again = [row for row in rows if row.repeats]
    assert len(again) == COUNT * 0.02
    for row in again:
        first = by_id[row.repeats]
        assert (row.text, row.address, row.kelurahan) == (first.text, first.address, first.kelurahan)
        assert (row.at < first.at) == ("earlier" in row.odd)
    once = [(*words_of(row.text), row.address) for row in rows if not row.repeats and not row.says_nothing]
    assert len(once) == len(set(once))


def test_only_places_of_the_city_and_none_are_ours(rows):
    kecamatan = {name for name, _ in own_places()}
    for row in rows:
        strange = bool(row.kecamatan) and row.kecamatan not in kecamatan
        assert strange == bool(row.odd & {"elsewhere", "namesake"})
        assert row.is_ours == (row.office == our_office() and not strange)
    assert {row.kelurahan for row in rows if "namesake" in row.odd} <= {name for _, name in own_places()}


def test_the_later_file_answers_a_tenth_of_the_rest_changes_a_few_texts_and_brings_new_rows(rows):
    later = {row.id: row for row in later_rows(rows, new=30)}
    assert list(later)[:COUNT] == [row.id for row in rows]
    unanswered = [row for row in rows if row.answered is None]
    assert 0.07 < sum(bool(later[row.id].answered) for row in unanswered) / len(unanswered) < 0.12
    assert all(later[row.id].answered == row.answered for row in rows if row.answered)
    kinds = Counter(kind for row in later.values() for kind in row.odd if kind.endswith("since"))
    assert kinds["changed since"] == sum(later[row.id].text != row.text for row in rows) == 3
    assert kinds["new since"] == 30 == len(later) - COUNT
    assert all(row.answered is None or row.answered.date() < LATER for row in later.values())


def test_figures_are_counted_over_the_cells():
    made = desk_rows(60, until=date(2026, 3, 1))
    rows = desk_figures.counted(made)
    months = desk_figures.received_by_month(rows)
    assert sum(months.values()) == len(rows) < len(made)
    assert sum(desk_figures.answered_by_month(rows).values()) == sum(row.answered is not None for row in rows)
    figures = desk_figures.DeskFigures(5, (0, 1, 2, 30))
    assert (figures.answered, figures.unanswered, figures.median, figures.ninth) == (4, 1, 1, 30)
    by_office = desk_figures.figures_by(rows, lambda row: row.office)
    assert sum(one.received for one in by_office.values()) == len(rows)
    assert by_office[our_office()].received >= len(desk_figures.ours(rows))
