"""The drawn flow chart: ways that touch no other symbol, and a sign where a page parts them."""

from itertools import pairwise, product

import pytest

from papers.layout.flow_chart import HALF, Box, Lanes, Point, arrow, corners
from papers.layout.sopsheet import sop_sheet
from papers.printing.render import pdf
from sop.chart import Symbol, chart, levels
from sop.procedure import ROWS
from tests.papers.reading import pages, words
from tests.sop.test_chart import rows

WIDE, HIGH = 86.0, 57.0  # a lane on A4 and a level of a row, in points
MANY = (*ROWS[:5], *ROWS[:5])


def box(symbol: Symbol, heights: list[int]) -> Box:
    above = sum(heights[: symbol.row]) + symbol.level
    wide, high = HALF[symbol.shape]
    return WIDE * (symbol.lane + 0.5), -HIGH * (above + 0.5), WIDE * wide, high


def meet(way: list[Point], other: Box) -> bool:
    """Whether one of the straight pieces of a way runs into a box."""
    x, y, wide, high = other
    return any(
        min(a[0], b[0]) < x + wide
        and max(a[0], b[0]) > x - wide
        and min(a[1], b[1]) < y + high
        and max(a[1], b[1]) > y - high
        for a, b in pairwise(way)
    )


def thin(a: Point, b: Point) -> Box:
    """A straight piece as a box, a little shorter and as thick as a line."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, max(abs(a[0] - b[0]) / 2 - 1, 0.5), max(abs(a[1] - b[1]) / 2 - 1, 0.5)


@pytest.mark.parametrize("cut", range(5))
def test_whatever_the_order_of_the_acts_no_way_runs_through_a_symbol_or_along_another_way(cut: int) -> None:
    for acts in map("".join, product("pkb", repeat=4)):
        table = rows(*filter(None, (acts[:cut], acts[cut:])))
        symbols, connectors = chart(table)
        boxes = [box(symbol, [levels(symbols, row) for row in range(len(table))]) for symbol in symbols]
        ways = [corners(c.route, *pair) for c, pair in zip(connectors, pairwise(boxes), strict=True)]
        for at, way in enumerate(ways):
            assert not any(meet(way, other) for other in boxes), (acts, cut, connectors[at])
            others = [thin(*piece) for other in ways[:at] + ways[at + 1 :] for piece in pairwise(other)]
            assert not any(meet(way, other) for other in others), (acts, cut, connectors[at])


def test_an_arrow_points_the_way_it_came() -> None:
    assert all(x < 10 for x, _ in arrow((0, 5), (10, 5))[1:])
    assert all(x > 10 for x, _ in arrow((20, 5), (10, 5))[1:])
    assert all(y > 0 for _, y in arrow((5, 9), (5, 0))[1:])


def test_where_a_page_parts_the_chart_a_sign_leaves_one_page_and_enters_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signs, drawn = [], []
    monkeypatch.setattr(
        Lanes, "_draw_page_connector", lambda self, x, y: signs.append((self.canv.getPageNumber(), round(x)))
    )
    monkeypatch.setattr(Lanes, "_draw_symbol", lambda self, symbol: drawn.append(symbol.row))
    texts = pages(pdf(sop_sheet(size="F4", demo=False, rows=MANY)))
    assert len(texts) == 5
    assert [page for page, _ in signs] == [2, 3]
    assert drawn == [symbol.row for symbol in chart(MANY)[0]]  # each once, none lost between the pages
    assert all("PELAKSANA" in page for page in texts[1:3])


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("cut", range(1, len(ROWS) + 1))
def test_between_a_symbol_and_the_sign_of_another_page_is_a_line_of_4_mm(
    cut: int, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever row is the last of a page: downwards on the one, downwards into the symbol on the other."""
    arrows: list[float] = []
    draw, drawn = Lanes._draw_page_connector, list[list[Point]]()
    arrow_of = Lanes._draw_arrow

    def hear(self: Lanes, points: list[Point], word: str = "") -> None:
        drawn.append(points)
        arrow_of(self, points, word)

    def sign(self: Lanes, x: float, y: float) -> None:
        (_, above), (_, below) = drawn[-1]
        arrows.append(above - below)
        draw(self, x, y)

    monkeypatch.setattr(Lanes, "_draw_arrow", hear)
    monkeypatch.setattr(Lanes, "_draw_page_connector", sign)
    table = (*ROWS[cut:], *ROWS, *ROWS[:cut])
    texts = pages(pdf(sop_sheet(size=size, demo=True, rows=table)))
    assert len(arrows) == 2
    assert min(arrows) >= 4 * 72 / 25.4
    assert words("PELAYANAN PENANGANAN PENGADUAN (lanjutan)") in words(texts[2])
    assert "(lanjutan)" not in texts[1]
