"""Ruled tables: thousands of rows drawn as one flowable, without HTML; the empty back of a page.

xhtml2pdf would take minutes for 2,000 rows. A paper has such a table where its template has `<ruled-table>`, around the
closing sentence and the signatures that stand under the last row; its content has `ruled`: `columns` (head, least
width in points, whether it is a number), `rows` of texts, `repeated`, the number of columns that name a case,
`numbered`, whether the columns have numbers below their heads, `listed`, the places of columns whose cells list
entries, each on lines of its own, of which all but the first hang, `apart`, the places of columns whose typed lines are
values of their own, and `whole`, phrases that no line parts. Rows with an empty first cell belong to the case above:
where a page ends between two of them, the next one names the case again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import Any

from reportlab.lib.colors import HexColor, black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.doctemplate import FrameBreak
from reportlab.platypus.flowables import Flowable

from papers.engine.arabic import in_visual_order, shape_arabic
from papers.engine.ending import best_air
from papers.engine.table_positions import FrameRoom, frame_of
from papers.layout.columns import (
    FONTS,
    HANG,
    RULED,
    ColumnTexts,
    cell_lines,
    column_widths,
    font_runs,
    halves,
    name_lines,
    text_width,
    with_lower_rows,
)
from papers.layout.flow_chart import FONT
from papers.layout.formats import Content
from papers.layout.glyphs import ASSETS, MISSING, emoji_in_words, plain_or_arabic, reads_from_the_right, width

_SIZE = 10  # points


class EmptyBack(Flowable):
    """Fills an even page with a note that it is empty; has no height on an odd one."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.width, self.height = words, 0.0, 0.0

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        is_back = self.canv.getPageNumber() % 2 == 0
        self.width, self.height = (wide, high) if is_back else (0.0, 0.0)
        return self.width, self.height

    def draw(self) -> None:
        if self.height:
            self.canv.setFont(FONT, _SIZE)
            self.canv.drawCentredString(self.width / 2, self.height / 2, self.words)


def empty_back(_: Any, words: str) -> Flowable:
    """The flowable of the tag `sop:back`, see papers/engine/tags.py."""
    return EmptyBack(words)


for _name, _file in FONTS.items():
    pdfmetrics.registerFont(TTFont(f"ruled_{_name}", str(ASSETS / "fonts" / f"{_file}.ttf")))
SIZE, BESIDE, _ = RULED  # points: of the letters, and left and right of a cell's text
PAD = 2.8  # points over and under it
LEADING = 10.6  # points
BELOW = 1.5  # points: so much further below the value before begins another one of a cell
SHADE = HexColor("#eeeeee")  # of the header row, as in other tables
KEPT = 2  # at least so many rows of no common case stand above the ending, and on either page of a parted table
_ROOMY = 1 / 3  # of a page: so much of it is not left empty before a few rows of a book
_AIRS = sorted((step / 2 for step in range(-3, 41)), key=abs)  # points, of rows beyond 2 * PAD
_SPARED = 4 * 72 / 2.54  # points that may stay empty where half a case goes along with the ending
_TALLEST = 0.3  # of a page: a taller row is drawn in pieces, so that two rows and the ending fit on one
_LEGEND = f"{MISSING} = huruf yang tidak dapat dicetak"
_ruled: ContextVar[Mapping[str, Any]] = ContextVar("ruled")


@contextmanager
def ruled_rows(content: Content) -> Iterator[None]:
    """Within the block `<ruled-table>` draws the rows of this content."""
    token = _ruled.set(content.get("ruled", {}))
    try:
        yield
    finally:
        _ruled.reset(token)


def ruled_table(ending: list[Flowable]) -> Flowable:
    """The flowable of the tag `ruled-table`, see papers/engine/tags.py."""
    return RuledTable(_Sheet(_ruled.get()), None, ending)


@dataclass(frozen=True)
class _Row:
    """A row as drawn: the lines of each cell, the index of its case, whether it continues the row above, and how much
    (pt) it is higher than usual."""

    cells: list[list[str]]
    case: int
    continues: bool = False
    air: float = 0

    @cached_property
    def height(self) -> float:
        high = max(len(lines) * LEADING + BELOW * sum(map(_is_another, lines)) for lines in self.cells)
        return high + 2 * PAD + self.air


class _Another(str):
    """The first line of a value that is not the first one of its cell."""

    __slots__ = ()


def _is_another(line: str) -> bool:
    return isinstance(line, _Another)


@lru_cache(maxsize=4096)
def _book_lines(text: str, room: float, _: str) -> list[str]:
    """Of a name or a title; a cell of several lines as it is; the number of a paper in its halves if it has no room."""
    lines = list[str]()
    for one in text.splitlines():
        words = (halves(word) if text_width(word, "text") > room else [word] for word in one.split())
        lines += name_lines(" ".join(chain.from_iterable(words)), room)
    return lines


def _values(text: str, room: float) -> list[str]:
    """The lines of a cell in a column's width (em), each typed one a value of its own."""
    lines = list[str]()
    for value in text.splitlines():
        first, *others = _book_lines(value, room, "text") or [""]
        lines += [_Another(first) if lines else first, *others]
    return lines


def _hanging(text: str, room: float) -> list[str]:
    """The lines of entries, in a column's width (em); those behind the first of an entry stand further to the right."""
    entries = [[*cell_lines(entry, room - text_width(HANG, "text"), "text")] for entry in text.splitlines()]
    return [f"{HANG * (place > 0)}{line}" for entry in entries for place, line in enumerate(entry)]


def _printable(text: str) -> str:
    """Emoji in words, Arabic shaped, ▯ for missing glyphs, without invisible characters."""
    return shape_arabic(plain_or_arabic(emoji_in_words(text)))


class _Sheet:
    """Columns and texts of a table, laid out once for the width of the page's frame."""

    def __init__(self, ruled: Mapping[str, Any]) -> None:
        self.heads = [head for head, _, _ in ruled["columns"]]
        self.least = [float(least) for _, least, _ in ruled["columns"]]
        self.is_number = [number for _, _, number in ruled["columns"]]
        self.repeated: int = ruled.get("repeated", 0)
        self.is_numbered: bool = ruled.get("numbered", False)
        self.listed: Sequence[int] = ruled.get("listed", ())
        self.apart: Sequence[int] = ruled.get("apart", ())
        self.whole: Sequence[str] = ruled.get("whole", ())
        self.texts, self.named = ruled["rows"], dict[int, list[str]]()
        self.widths: list[float] = []
        self.is_aired = False  # whether `air` of the rows was chosen

    def lay_out(self, wide: float, high: float) -> list[_Row]:
        """All rows for a frame of this size; sets the columns' widths and the header rows."""
        texts = [[self._unparted(_printable(text)) for text in row] for row in self.texts]
        self.lacking = any(MISSING in text for row in texts for text in row)
        self.widths = self._widths(texts, wide)
        self.head = self._head_rows()
        most, rows, case = int((high * _TALLEST - 2 * PAD) / LEADING), list[_Row](), -1
        for row in texts:
            begins = not self.repeated or bool(row[0])
            case += begins
            cells = self.wrapped(row)
            if begins:
                self.named[case] = row[: self.repeated]
            for at in range(0, max(map(len, cells)), most):
                rows.append(_Row([lines[at : at + most] or [""] for lines in cells], case, continues=at > 0))
        return rows

    def _unparted(self, text: str) -> str:
        for phrase in self.whole:
            text = text.replace(phrase, phrase.replace(" ", "\u00a0"))
        return text

    def _widths(self, texts: list[list[str]], wide: float) -> list[float]:
        hanging = RULED._replace(pad=RULED.pad + text_width(HANG, "text") * SIZE / 2)
        columns = [
            ColumnTexts(head, [row[at] for row in texts], hanging if at in self.listed else RULED)
            for at, head in enumerate(self.heads)
        ]
        widths = column_widths(columns, self.least, [not number for number in self.is_number], wide)
        return with_lower_rows(columns, widths, self.least, wide, may_halve=self.is_numbered)

    def _head_rows(self) -> list[_Row]:
        """The heads, and the numbers of the columns if they have any."""
        numbers = [[str(place)] for place in range(1, len(self.heads) + 1)]
        return [_Row(cells, -1) for cells in (self.wrapped(self.heads, "bold"), *[numbers] * self.is_numbered)]

    @property
    def head_height(self) -> float:
        return sum(row.height for row in self.head)

    def wrapped(self, texts: Sequence[str], font: str = "text") -> list[list[str]]:
        rooms = [(wide - 2 * BESIDE) / SIZE for wide in self.widths]
        cells = enumerate(zip(texts, rooms, strict=True))
        return [self._lines(at, text, room, font) or [""] for at, (text, room) in cells]

    def _lines(self, at: int, text: str, room: float, font: str) -> list[str]:
        if font == "text" and at in self.listed:
            return _hanging(text, room)
        if font == "text" and at in self.apart:
            return _values(text, room)
        lines_of = _book_lines if self.is_numbered and font == "text" else cell_lines
        return [*lines_of(text, room, font)]

    def named_again(self, row: _Row) -> _Row:
        """The first row of a page, with the name of its case if that began on a page before."""
        if not self.repeated or row.cells[0] != [""]:
            return replace(row, continues=False)
        *further, name = self.named[row.case]
        *lines, last = name.splitlines()  # without the status, which would make the row higher
        name = f"{chr(10).join(lines) or last} (lanjutan)"
        names = self.wrapped([*further, name, *[""] * (len(self.widths) - self.repeated)])[: self.repeated]
        return replace(row, cells=[*names, *row.cells[self.repeated :]], continues=False)


def _half_case(rows: list[_Row]) -> int:
    """How many of the rows are half of the last case."""
    return (sum(row.case == rows[-1].case for row in rows) + 1) // 2


class RuledTable(Flowable):
    """Rows under their header, and the paper's ending below the last one; `is_rest`: after rows on the page before."""

    def __init__(
        self, sheet: _Sheet, rows: list[_Row] | None, ending: list[Flowable], *, is_rest: bool = False
    ) -> None:
        super().__init__()
        self.sheet, self.rows, self.ending, self.is_rest = sheet, rows, ending, is_rest

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        if self.rows is None:
            self.rows = self.sheet.lay_out(wide, frame_of(self, high).height)
        self.sizes = [part.wrapOn(self.canv, wide, high) for part in self.ending]
        self.width = wide
        self.height = self.sheet.head_height + sum(row.height for row in self.rows) + self._ending_height()
        return self.width, self.height

    def _ending_height(self) -> float:
        legend = LEADING if self.ending and self.sheet.lacking else 0
        parts = zip(self.ending, self.sizes, strict=True)
        return float(legend + sum(part.getSpaceBefore() + high + part.getSpaceAfter() for part, (_, high) in parts))

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        if not self.sheet.is_aired:
            self._air(high)
            if self.wrap(wide, high)[1] <= high:
                return [RuledTable(self.sheet, self.rows, self.ending)]
        rows = self.rows or []
        count = self._rows_that_stay(rows, high, *frame_of(self, high))
        if not count:
            return []
        if count == len(rows):  # rows and ending cannot share a page: only if the ending alone nearly fills it
            return [RuledTable(self.sheet, rows, []), *self.ending]
        rest = [self.sheet.named_again(rows[count]), *rows[count + 1 :]]
        further = RuledTable(self.sheet, rest, self.ending, is_rest=True)
        return [RuledTable(self.sheet, rows[:count], []), FrameBreak(), further]  # where fewer rows stay than fit

    def _air(self, high: float) -> None:
        """Let the rows be so much higher or lower that no page but the last has a hole, as little as it takes."""
        rows, frame = self.rows or [], frame_of(self, high)
        best = best_air(_AIRS, lambda air: self._hole([replace(row, air=air) for row in rows], high, frame))
        self.rows = [replace(row, air=best) for row in rows]
        self.sheet.is_aired = True

    def _hole(self, rows: list[_Row], high: float, frame: FrameRoom) -> float:
        """The most (pt) that stays empty at the foot of a page but the last; all pages are as high as this one. Less
        than half a case above the ending is as bad as the most that is spared for one."""
        most, (page, at_top), half = 0.0, frame, _half_case(rows)
        while self.sheet.head_height + sum(row.height for row in rows) + self._ending_height() > high:
            count = self._rows_that_stay(rows, high, page, at_top)
            if count == len(rows) or (at_top and not count):
                return page
            filled = self.sheet.head_height + sum(row.height for row in rows[:count]) if count else 0
            most, rows = max(most, high - filled), rows[count:]
            high, at_top = page, True
        return max(most, _SPARED) if len(rows) < half else most

    def _rows_that_stay(self, rows: list[_Row], high: float, page: float, at_top: bool) -> int:
        """How many rows stay on this page; 0 if all of them move to the next one. A single one stays, or moves along
        with the ending, only if it is of a case with rows on either page."""
        below = [*accumulate((row.height for row in rows), initial=self.sheet.head_height)]
        fitting = sum(height <= high for height in below) - 1
        most = min(fitting, len(rows) - self._rows_with_ending(rows, below, high, page))
        if most >= KEPT or (most == 1 and rows[0].case == rows[1].case):
            return most
        return self._few_rows(len(rows), fitting, at_top or (not self.is_rest and high > page * _ROOMY), at_top)

    def _rows_with_ending(self, rows: list[_Row], below: list[float], high: float, page: float) -> int:
        """How many rows stand above the ending at least: half a case, unless they leave too much of a page empty, or
        have no room there."""
        least = 1 if rows[KEPT:] and rows[-1].case == rows[-2].case else KEPT
        room = page - self.sheet.head_height - self._ending_height()
        tops = ((count, below[-1 - count]) for count in range(_half_case(rows), least, -1))
        return next((count for count, top in tops if high - top <= _SPARED and below[-1] - top <= room), least)

    def _few_rows(self, count: int, fitting: int, has_room: bool, at_top: bool) -> int:
        """How many of so few rows stay on a page that the ending has no room on; of a book the last one alone may go
        with it rather than leave most of the page empty."""
        few = min(fitting, count - 1, KEPT) if self.sheet.is_numbered and has_room else 0
        return max(few, int(at_top and count > 0))

    def draw(self) -> None:
        sheet, top = self.sheet, self.height
        self.canv.setLineWidth(0.5)
        self.canv.setFillColor(SHADE)
        self.canv.rect(0, top - sheet.head_height, self.width, sheet.head_height, stroke=0, fill=1)
        self.canv.setFillColor(black)
        foot, case, raised = top, -1, 0.0
        for row, font in zip(sheet.head, ("bold", "text"), strict=False):
            self.canv.line(0, foot, self.width, foot)
            foot = self._draw_row(row, foot, font, centred=True)
        for row in self.rows or []:
            if not row.continues:  # what names a case stands in one cell beside all rows of the case
                left = sum(sheet.widths[: sheet.repeated]) if row.case == case else 0
                self.canv.line(left, foot, self.width, foot)
            raised = raised + 2 * PAD + row.air if row.continues else 0  # no gap amid a text
            foot, case = self._draw_row(row, foot, raised=raised), row.case
        self.canv.line(0, foot, self.width, foot)
        x = 0.0
        for wide in (0.0, *sheet.widths):
            x += wide
            self.canv.line(x, top, x, foot)
        if self.ending:
            self._draw_ending(foot)

    def _draw_ending(self, top: float) -> None:
        if self.sheet.lacking:
            self._draw_text(_LEGEND, 0, top - LEADING, "text")
            top -= LEADING
        for part, (_, high) in zip(self.ending, self.sizes, strict=True):
            top -= part.getSpaceBefore() + high
            part.drawOn(self.canv, 0, top)
            top -= part.getSpaceAfter()

    def _draw_row(
        self, row: _Row, top: float, font: str = "text", *, centred: bool = False, raised: float = 0
    ) -> float:
        x, most, pad, first = 0.0, max(map(len, row.cells)), BESIDE, top - PAD - row.air / 2 + raised + 2.2
        for wide, lines, is_number in zip(self.sheet.widths, row.cells, self.sheet.is_number, strict=True):
            above, below = (most - len(lines)) / 2 if centred else 0, 0.0
            for place, line in enumerate(lines, 1):
                room = wide - 2 * pad - text_width(line, font) * SIZE if centred or is_number else 0
                indent, below = room / 2 if centred else room, below + BELOW * _is_another(line)
                self._draw_text(line, x + pad + indent, first - (above + place) * LEADING - below, font)
            x += wide
        return top - row.height

    def _draw_text(self, line: str, x: float, y: float, font: str) -> None:
        line = line.replace("\u00a0", " ")  # as one searches for it
        from_the_right = reads_from_the_right(font_runs(line, font))
        for kind, words in font_runs(in_visual_order(line, from_the_right=from_the_right), font):
            self.canv.setFont(f"ruled_{kind}", SIZE)
            self.canv.drawString(x, y, words)
            x += width(words, FONTS[kind]) * SIZE
