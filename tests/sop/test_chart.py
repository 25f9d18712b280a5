"""The flow chart: each act a symbol in its actor's lane, and no way between two of them runs through a third."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from sop.chart import ACROSS, BEND, DECISION, DOWN, PROCESS, TERMINATOR, UNDER, chart, levels
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, PETUGAS, ROWS, Row

ACT = ROWS[1].transitions[0]
KEYS = list(LANES)
KNOWN = (PETUGAS, KEPALA_DINAS, BIDANG)  # as places below count them, whatever lanes stand between


def rows(*of: str) -> tuple[Row, ...]:
    """Rows by the first letters of who acts in them: "pk", "b"."""
    actors = {key[0]: key for key in KNOWN}
    return tuple(replace(ROWS[0], transitions=tuple(replace(ACT, actor=actors[a]) for a in row)) for row in of)


def test_each_act_of_the_sop_is_a_symbol_in_its_row_and_its_actor_s_lane_in_the_order_of_the_table() -> None:
    symbols, connectors = chart()
    assert [(s.row + 1, KEYS[s.lane]) for s in symbols] == [
        (current_procedure().row_no(t.key), t.actor) for t in current_procedure().main_line
    ]
    assert len(connectors) == len(symbols) - 1


def test_it_begins_and_ends_with_a_capsule_and_a_decision_is_what_its_author_may_not_decide() -> None:
    symbols, connectors = chart()
    assert [(s.shape, s.word) for s in (symbols[0], symbols[-1])] == [(TERMINATOR, "Mulai"), (TERMINATOR, "Selesai")]
    for act, symbol in list(zip(current_procedure().main_line, symbols, strict=True))[1:-1]:
        assert symbol.shape == (DECISION if act.independent else PROCESS), act.key
    for symbol, way in zip(symbols, connectors, strict=False):
        assert way.word == ("Ya" if symbol.shape == DECISION else "")


def test_the_kepala_dinas_decides_on_the_nota_dinas() -> None:
    [(act, symbol)] = [
        (t, s) for t, s in zip(current_procedure().main_line, chart()[0], strict=True) if s.shape == DECISION
    ]
    assert (act.key, KEYS[symbol.lane]) == ("approve", "kepala_dinas")


@pytest.mark.parametrize(
    ("table", "places", "routes"),
    [
        (("p", "p"), [(0, 0), (0, 0)], [DOWN]),
        (("pk",), [(0, 0), (0, 1)], [ACROSS]),
        (("pk", "b"), [(0, 0), (0, 1), (0, 2)], [ACROSS, BEND]),
        (("pk", "p"), [(0, 0), (0, 1), (0, 0)], [ACROSS, UNDER]),  # the way back is taken by the first act
        (("pkp",), [(0, 0), (0, 1), (1, 0)], [ACROSS, UNDER]),
        (("kpb",), [(0, 1), (0, 0), (1, 2)], [ACROSS, UNDER]),  # Kepala Dinas stands between the two
        (("pbk",), [(0, 0), (0, 2), (1, 1)], [ACROSS, UNDER]),  # the way to the Bidang runs there
        (("pp",), [(0, 0), (1, 0)], [DOWN]),
    ],
)
def test_ways_go_across_down_or_round_what_stands_there(
    table: tuple[str, ...], places: list[tuple[int, int]], routes: list[str]
) -> None:
    symbols, connectors = chart(rows(*table))
    assert [(s.level, KEYS[s.lane]) for s in symbols] == [(level, KNOWN[lane]) for level, lane in places]
    assert [c.route for c in connectors] == routes


def test_a_row_knows_how_many_symbols_it_holds_one_above_the_other() -> None:
    symbols, _ = chart(rows("pkpk", "b"))
    assert [levels(symbols, row) for row in (0, 1, 2)] == [2, 1, 1]


@pytest.mark.parametrize("cut", range(5))
def test_whatever_the_order_no_two_symbols_share_a_place_and_each_way_leads_on(cut: int) -> None:
    for acts in map("".join, product("pkb", repeat=4)):
        symbols, connectors = chart(rows(*filter(None, (acts[:cut], acts[cut:]))))
        assert len({(s.row, s.level, s.lane) for s in symbols}) == 4, acts
        for (start, end), way in zip(pairwise(symbols), connectors, strict=True):
            assert (way.route == DOWN) == (start.lane == end.lane), acts
            assert (way.route == ACROSS) == ((start.row, start.level) == (end.row, end.level)), acts
