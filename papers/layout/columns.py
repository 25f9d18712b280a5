"""Widths of the columns of a list by what they hold: numbers, dates and headings whole, the rest for the texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from papers.layout.glyphs import width

PT = 72 / 25.4
SIZE, PAD = 10, 4.5  # points: of the letters in a list's cells (.list in _style.html), and left and right of them
_ROUNDING = 0.6  # points
_STEPS = 60  # portions in which what is left of the room is given to the texts
_MOST = 0.32  # of the room: what one column claims for a number or a word
_HEAD, _CELL = "LiberationSans-Bold", "LiberationSans-Regular"


@dataclass(frozen=True)
class _Column:
    """What a column needs (pt): its least width, the widths of each text's lines, and whether it is of texts."""

    least: float
    texts: list[list[float]]
    is_text: bool

    def heights(self, wide: float) -> list[float]:
        """How many lines each text takes in this width, in fractions."""
        room = wide - 2 * PAD
        return [sum(max(line / room, 1) for line in lines) for lines in self.texts]


def column_widths(
    heads: Sequence[str], rows: Sequence[Sequence[str]], room: float, kinds: Sequence[str | float]
) -> list[float]:
    """Widths (mm) that fill a room (mm). A column's kind is "whole" if its lines stay whole, "text", or the least width
    (mm) of one that is filled in by hand; a line break in a text begins another line."""
    columns = [
        _column(head, [row[place] for row in rows], kind, room * PT)
        for place, (head, kind) in enumerate(zip(heads, kinds, strict=True))
    ]
    widths = [column.least for column in columns]
    if (needed := sum(widths)) > room * PT:
        return [wide * room / needed for wide in widths]
    step = (room * PT - needed) / _STEPS
    for _ in range(_STEPS):
        widths[_neediest(columns, widths, step)] += step
    return [wide / PT for wide in widths]


def _column(head: str, texts: list[str], kind: str | float, room: float) -> _Column:
    typed = [text.split("\n") for text in texts]
    parts = [part for lines in typed for line in lines for part in ([line] if kind == "whole" else line.split(" "))]
    held = [width(part, _CELL) for part in parts] if isinstance(kind, str) else []
    claimed = min(max([*held, *(width(word, _HEAD) for word in head.split())]) * SIZE, room * _MOST)
    by_hand = 0 if isinstance(kind, str) else kind * PT
    drawn = [[width(line, _CELL) * SIZE for line in lines] for lines in typed]
    return _Column(max(claimed + 2 * PAD + _ROUNDING, by_hand), drawn, kind == "text")


def _neediest(columns: Sequence[_Column], widths: Sequence[float], step: float) -> int:
    """The column of texts whose widening makes the rows lowest; if none does, the one whose texts take most lines."""
    now = [column.heights(wide) for column, wide in zip(columns, widths, strict=True)]
    needs = {}
    for place, column in enumerate(columns):
        if column.is_text:
            others = zip(*(heights for other, heights in enumerate(now) if other != place), strict=True)
            rows = zip(now[place], column.heights(widths[place] + step), others, strict=True)
            saved = sum(max(own - max(then, *beside), 0) for own, then, beside in rows)
            needs[place] = (round(saved, 6), sum(now[place]), -widths[place])
    return max(needs, key=lambda place: needs[place])


def room_of(wide: float) -> float:
    """The room (em) for the letters of a column of this width (mm)."""
    return (wide * PT - 2 * PAD) / SIZE
