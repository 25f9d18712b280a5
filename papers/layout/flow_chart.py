"""The flow chart of the printed SOP, drawn over its swim lanes."""

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from reportlab.lib.units import mm
from reportlab.platypus.doctemplate import FrameBreak
from reportlab.platypus.flowables import Flowable
from reportlab.platypus.tables import Table

from papers.engine.table_positions import (
    body_rows,
    column_edges,
    frame_of,
    row_edges,
    row_heights,
    set_row_heights,
)
from sop.chart import Connector, Symbol, levels

FIRST = 2  # column index of the first lane
FONT, BOLD = "text_00", "text_10"  # the names that xhtml2pdf gives the fonts
SIZE, LINE, ARROW = 9, 0.8, 1.6 * mm
# Half of a symbol: its width as a share of the lane's, its height.
HALF = {"terminator": (0.37, 4.5 * mm), "process": (0.35, 4.5 * mm), "decision": (0.32, 6 * mm)}
PAGE = 1.5 * mm  # half the size of an off-page connector
GAP, STEP = 1.2 * mm, 2.5 * mm  # between that connector and the row's edge; below a symbol where a line turns
REACH, CLEAR = 4.2 * mm, 1.5 * mm  # of the line between that connector and a symbol; over or under a symbol, at least
TITLE, UNDER_TITLE = 13, 9  # points: the letters of the title of a later page, what is between it and the table
_OVER_LATER: float = TITLE + UNDER_TITLE
_BEYOND: float = GAP + 2 * PAGE + REACH
_LEAST = 2  # rows on a page
_TOLERANCE = 0.1  # points, tolerance for rounding errors
_ENDLESS = 0xFFFFFFF  # points
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class FlowChart:
    """The symbols in the order of the acts, and the connector from each to the next. None is filled: the mark
    of a draft stands whole behind them."""

    symbols: tuple[Symbol, ...]
    connectors: tuple[Connector, ...]
    title: str = ""  # of each page but the first

    @classmethod
    def read(cls, text: str) -> "FlowChart":
        """Parse the chart's frozen JSON."""
        data = json.loads(text)
        return cls(
            tuple(Symbol(**s) for s in data["symbols"]),
            tuple(Connector(**c) for c in data["connectors"]),
            data["title"],
        )


class Lanes(Flowable):
    """A table, or its part on one page, with the symbols in its lanes and the connectors between them."""

    def __init__(self, table: Table, chart: FlowChart, first: int = 0) -> None:
        super().__init__()
        self.table, self.chart, self.first = table, chart, first

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        wide, high = self.table.wrapOn(self.canv, wide, high)
        self.width, self.height = wide, high + self._above
        return self.width, self.height

    @property
    def _above(self) -> float:
        """The height of the title over the table, which the first page has from its paper."""
        return _OVER_LATER if self.first else 0

    def split(self, wide: float, high: float) -> list[Flowable]:
        parts, first = list[Flowable](), self.first
        self.table.wrapOn(self.canv, wide, _ENDLESS)  # within a page's height it measures no more rows than fit
        head, rows = row_heights(self.table)
        room, page = (full - sum(head) for full in (high - self._above, frame_of(self, high).height - _OVER_LATER))
        higher = max(self._least_height(at) - row for at, row in enumerate(rows, self.first))
        stay = rows_that_stay(rows, room, page - max(higher, 0))
        while stay > 1 and sum(self._parted(rows, stay)[:stay]) > room:
            stay -= 1
        rows = self._parted(rows, stay)
        set_row_heights(self.table, [*head, *rows])
        for part in self.table.splitOn(self.canv, wide, min(high, sum(head) + sum(rows[:stay]) + _TOLERANCE)):
            parts += [*([FrameBreak()] if parts else []), Lanes(part, self.chart, first)]
            first += body_rows(part)
        return parts

    def _parted(self, rows: list[float], stay: int) -> list[float]:
        """The heights of rows, of which so many stay on the page: the last of them, and the next, have room for the
        line to an off-page connector."""
        last = self.first + stay - 1
        least = {at: self._least_height(at) for at in (last, last + 1)}
        return [max(high, least.get(at, 0)) for at, high in enumerate(rows, self.first)]

    def _least_height(self, row: int) -> float:
        high = max((HALF[s.shape][1] for s in self.chart.symbols if s.row == row), default=0)
        return float(levels(self.chart.symbols, row) * (2 * high + _BEYOND + CLEAR))

    def draw(self) -> None:
        self.table.drawOn(self.canv, 0, 0)
        self.canv.saveState()
        self.canv.setLineWidth(LINE)
        if self.first:
            self.canv.setFont(BOLD, TITLE)
            self.canv.drawCentredString(self.width / 2, self.height - TITLE, self.chart.title)
        self.canv.setFont(FONT, SIZE)
        for at, way in enumerate(self.chart.connectors):
            self._draw_connector(way, *self.chart.symbols[at : at + 2])
        for symbol in filter(self._is_here, self.chart.symbols):
            self._draw_symbol(symbol)
        self.canv.restoreState()

    def _is_here(self, symbol: Symbol) -> bool:
        return 0 <= symbol.row - self.first < body_rows(self.table)

    def _edges(self, row: int) -> tuple[float, float]:
        """Top and bottom (pt) of a row of the chart."""
        return row_edges(self.table, row - self.first)

    def _box(self, symbol: Symbol) -> Box:
        """A symbol's centre, half its width and half its height (pt)."""
        left, right = column_edges(self.table, FIRST + symbol.lane)
        top, bottom = self._edges(symbol.row)
        level = (top - bottom) / levels(self.chart.symbols, symbol.row)
        wide, high = HALF[symbol.shape]
        y = top - level * (symbol.level + 0.5) + self._off_centre(symbol, level)
        return (left + right) / 2, y, wide * (right - left), high

    def _off_centre(self, symbol: Symbol, level: float) -> float:
        """How far upwards a symbol stands from the middle of its level, which is so high, for the line to an off-page
        connector below it; downwards for one above it. All of a level stand alike."""
        drawn, place = [s for s in self.chart.symbols if self._is_here(s)], (symbol.row, symbol.level)
        first, last = drawn[0], drawn[-1]
        above = first != self.chart.symbols[0] and (first.row, first.level) == place
        below = last != self.chart.symbols[-1] and (last.row, last.level) == place
        if above == below:
            return 0.0
        highest = max(HALF[s.shape][1] for s in drawn if (s.row, s.level) == place)
        needed = _BEYOND + HALF[(last if below else first).shape][1]
        off = max(min(needed, level - CLEAR - highest) - level / 2, 0)
        return float(off if below else -off)

    def _draw_connector(self, way: Connector, start: Symbol, end: Symbol) -> None:
        """Draw the connector; to or from an off-page connector if the symbols are on different pages."""
        if self._is_here(start) and self._is_here(end):
            self._draw_arrow(corners(way.route, self._box(start), self._box(end)), way.word)
        elif self._is_here(start):
            x, y, _, high = self._box(start)
            sign = self._edges(start.row)[1] + GAP
            self._draw_arrow([(x, y - high), (x, sign + 2 * PAGE)], way.word)
            self._draw_page_connector(x, sign)
        elif self._is_here(end):
            x, y, _, high = self._box(end)
            sign = self._edges(end.row)[0] - GAP - 2 * PAGE
            self._draw_arrow([(x, sign), (x, y + high)])
            self._draw_page_connector(x, sign)

    def _draw_arrow(self, points: list[Point], word: str = "") -> None:
        """Draw a line through points, with an arrow at its end and a word at its beginning."""
        self._draw_line(points)
        self._draw_line(arrow(points[-2], points[-1]), fill=0)
        (x, y), (x2, _) = points[:2]
        self.canv.setFillGray(0)
        if x == x2:
            self.canv.drawString(x + 2 * mm, y - SIZE, word)
        else:
            self.canv.drawCentredString(x + (2.6 if x2 > x else -2.6) * mm, y + 1 * mm, word)

    def _draw_page_connector(self, x: float, y: float) -> None:
        up, top = y + PAGE, y + 2 * PAGE
        self._draw_line([(x - PAGE, top), (x + PAGE, top), (x + PAGE, up), (x, y), (x - PAGE, up), (x - PAGE, top)])

    def _draw_symbol(self, symbol: Symbol) -> None:
        x, y, wide, high = self._box(symbol)
        if symbol.shape == "decision":
            self._draw_line([(x - wide, y), (x, y + high), (x + wide, y), (x, y - high), (x - wide, y)])
        else:
            radius = high if symbol.shape == "terminator" else 0
            self.canv.roundRect(x - wide, y - high, 2 * wide, 2 * high, radius)
        self.canv.setFillGray(0)
        self.canv.drawCentredString(x, y - SIZE * 0.36, symbol.word)

    def _draw_line(self, points: list[Point], fill: float | None = None) -> None:
        """Draw a line through points; if `fill` is given, close and fill it with that grey: 0 black, 1 white."""
        path = self.canv.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        if fill is not None:
            path.close()
            self.canv.setFillGray(fill)
        self.canv.drawPath(path, fill=fill is not None)


def rows_that_stay(rows: list[float], room: float, page: float) -> int:
    """How many rows of these heights stand in this room, so that no more pages of that height than needed follow, and
    all of them are about equally full."""
    needed = 1 + _pages(rows[_fitting(rows, room) :], page)
    most = max(min(_fitting(rows, room), len(rows) - _LEAST), 1)
    even = bisect_left([*accumulate(rows)], sum(rows) / needed) + 1
    return next((n for n in range(min(even, most), most) if _pages(rows[n:], page) < needed), most)


def _fitting(rows: list[float], room: float) -> int:
    return bisect_right([*accumulate(rows)], room)


def _pages(rows: list[float], page: float) -> int:
    """How many pages so many rows take, each as full as it can be."""
    count = 0
    while rows:
        rows, count = rows[max(_fitting(rows, page), 1) :], count + 1
    return count


def corners(route: str, start: Box, end: Box) -> list[Point]:
    """The points of a connector between two symbols."""
    (x, y, wide, high), (x2, y2, wide2, high2) = start, end
    side = 1 if x2 > x else -1
    low, into = y - high - STEP, (x2, y2 + high2)
    return {
        "across": [(x + side * wide, y), (x2 - side * wide2, y2)],
        "bend": [(x + side * wide, y), (x2, y), into],
        "down": [(x, y - high), into],
        "under": [(x, y - high), (x, low), (x2, low), into],
    }[route]


def arrow(before: Point, tip: Point) -> list[Point]:
    """The triangle of an arrow head at `tip` of a line from `before`."""
    (x, y), (tx, ty) = before, tip
    if x == tx:
        back = ty + ARROW * (1 if y > ty else -1)
        return [tip, (tx - ARROW / 2, back), (tx + ARROW / 2, back)]
    back = tx + ARROW * (1 if x > tx else -1)
    return [tip, (back, ty - ARROW / 2), (back, ty + ARROW / 2)]


def flow_chart_over(table: Table, chart: str) -> Lanes:
    """The flowable of the tag `<sop:lanes chart="…">` around a table."""
    return Lanes(table, FlowChart.read(chart))
