"""Where rows of tables stand, and in what frame, which only reportlab's private attributes say."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from reportlab.platypus.flowables import Flowable, KeepInFrame
from reportlab.platypus.tables import Table


def body_rows(table: Table) -> int:
    """Number of rows of a table, or of its part on one page, without the repeated header."""
    return int(table._nrows - table.repeatRows)


def row_heights(table: Table) -> tuple[list[float], list[float]]:
    """The heights (pt) of a laid-out table's repeated header rows and of its body rows."""
    heights = list(table._rowHeights)
    return heights[: table.repeatRows], heights[table.repeatRows :]


def set_row_heights(table: Table, heights: list[float]) -> None:
    """Let the rows of a table be so high (pt) from now on, on each page that has a part of it."""
    table._argH = table._rowHeights = heights


def set_air(table: Table, air: float) -> None:
    """Let the body rows of a table be so much (pt) higher, or lower, from now on, on each page that has a part of it.
    What is lower has less above and below its cells, which would be drawn smaller otherwise."""
    head, rows = row_heights(table)
    set_row_heights(table, [*head, *(row + air for row in rows)])
    for style in chain.from_iterable(table._cellStyles[table.repeatRows :]):
        style.topPadding += min(air, 0) / 2
        style.bottomPadding += min(air, 0) / 2


def row_edges(table: Table, row: int) -> tuple[float, float]:
    """Top and bottom (pt, from the table's foot) of a body row, counted from 0."""
    place = table.repeatRows + row
    return table._rowpositions[place], table._rowpositions[place + 1]


def column_edges(table: Table, column: int) -> tuple[float, float]:
    """Left and right (pt) of a column."""
    return table._colpositions[column], table._colpositions[column + 1]


def with_contents(parts: Iterable[Flowable]) -> Iterator[Flowable]:
    """These flowables, and what is in the cells of the tables among them."""
    for part in parts:
        yield part
        if isinstance(part, Table):
            for cell in chain.from_iterable(part._cellvalues):
                yield from with_contents(cell if isinstance(cell, list | tuple) else [cell])
        elif isinstance(part, KeepInFrame):
            yield from with_contents(part._content)


def keep_measure(table: Table) -> None:
    """To measure a table takes most of the time of laying it out; a frame that it is known to fit need not again."""
    width, height = table._width, table._height
    table.wrap = partial(_measured, width, height)


def _measured(width: float, height: float, _wide: float, _high: float) -> tuple[float, float]:
    return width, height


def measure_spans_again(table: Table) -> None:
    """Where its cells span rows or columns, a table keeps the places of all cells as they were first measured."""
    table._spanRects = {}


class FrameRoom(NamedTuple):
    """The height (pt) of the frame in which a flowable is laid out, and whether nothing stands in it yet."""

    height: float
    at_top: bool


def frame_of(flowable: Flowable, high: float) -> FrameRoom:
    """Known while the frame asks the flowable; `high` is its height if no frame does."""
    frame = getattr(flowable, "_frame", None)
    return FrameRoom(float(frame._aH), bool(frame._atTop)) if frame else FrameRoom(high, at_top=False)
