"""Ruled tables: thousands of rows drawn as one flowable, without HTML; the empty back of a page.

xhtml2pdf would take minutes for 2,000 rows. A paper has such a table where its template has `<ruled-table>`, around the
closing sentence and the signatures that stand under the last row; its content has `ruled`: `columns` (head, least
width in points, whether it is a number), `rows` of texts, `repeated`, the number of columns that name a case, and
`numbered`, whether the columns have numbers below their heads. Rows with an empty first cell belong to the case above:
a page parts a case only if it is longer than a page, or if a fifth of the page would stay empty.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any

from reportlab.lib.colors import HexColor, black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.flowables import Flowable

from papers.engine.arabic import in_visual_order, shape_arabic
from papers.engine.table_positions import frame_of
from papers.layout.flow_chart import FONT
from papers.layout.formats import Content
from papers.layout.glyphs import (
    ASSETS,
    MISSING,
    Runs,
    emoji_in_words,
    font_with_arabic,
    plain_or_arabic,
    reads_from_the_right,
    whole_arabic,
    width,
)
from sop.words import MONTHS

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


FONTS = {
    "text": "LiberationSans-Regular",
    "bold": "LiberationSans-Bold",
    "sign": "DejaVuSans",
    "arab": "NotoNaskhArabic-Regular",
}
for _name, _file in FONTS.items():
    pdfmetrics.registerFont(TTFont(f"ruled_{_name}", str(ASSETS / "fonts" / f"{_file}.ttf")))
SIZE, LEADING, PAD = 9, 10.6, 2.8  # points
SHADE = HexColor("#eeeeee")  # of the header row, as in other tables
KEPT = 2  # at least so many rows stand above the ending on its page, and on either page of a parted table
_EMPTY = 0.2  # of a page: what may stay empty at its foot so that the next case is not parted
_TALLEST = 0.3  # of a page: a taller row is drawn in pieces, so that two rows and the ending fit on one
_WIDEST = 0.25  # of the table: what a single word may claim for its column
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
    """A row as drawn: the lines of each cell, the index of its case, and whether it continues the row above."""

    cells: list[list[str]]
    case: int
    continues: bool = False

    @cached_property
    def height(self) -> float:
        return max(map(len, self.cells)) * LEADING + 2 * PAD


class _Sheet:
    """Columns and texts of a table, laid out once for the width of the page's frame."""

    def __init__(self, ruled: Mapping[str, Any]) -> None:
        self.heads = [head for head, _, _ in ruled["columns"]]
        self.least = [float(least) for _, least, _ in ruled["columns"]]
        self.is_number = [number for _, _, number in ruled["columns"]]
        self.repeated: int = ruled.get("repeated", 0)
        self.is_numbered: bool = ruled.get("numbered", False)
        self.texts, self.named = ruled["rows"], dict[int, list[list[str]]]()
        self.widths: list[float] = []

    def lay_out(self, wide: float, high: float) -> list[_Row]:
        """All rows for a frame of this size; sets the columns' widths and the header rows."""
        texts = [[_printable(text) for text in row] for row in self.texts]
        self.lacking = any(MISSING in text for row in texts for text in row)
        self.widths = _column_widths(self.heads, self.least, self.is_number, texts, wide)
        self.head = [_Row(self.wrapped(self.heads, "bold"), -1)]
        if self.is_numbered:
            self.head.append(_Row([[str(place)] for place in range(1, len(self.heads) + 1)], -1))
        most, rows, case = int((high * _TALLEST - 2 * PAD) / LEADING), list[_Row](), -1
        for row in texts:
            begins = not self.repeated or bool(row[0])
            case += begins
            cells = self.wrapped(row)
            if begins:
                self.named[case] = cells[: self.repeated]
            for at in range(0, max(map(len, cells)), most):
                rows.append(_Row([lines[at : at + most] or [""] for lines in cells], case, continues=at > 0))
        return rows

    @property
    def head_height(self) -> float:
        return sum(row.height for row in self.head)

    def wrapped(self, texts: Sequence[str], font: str = "text") -> list[list[str]]:
        return [
            list(_wrap(text, (wide - 2 * PAD) / SIZE, font)) or [""]
            for text, wide in zip(texts, self.widths, strict=True)
        ]

    def named_again(self, row: _Row) -> _Row:
        """The first row of a page, with the name of its case if that began on a page before."""
        if not self.repeated or row.cells[0] != [""]:
            return replace(row, continues=False)
        name = [list(lines) for lines in self.named[row.case]]
        name[-1].append("(lanjutan)")
        return _Row([*name, *row.cells[self.repeated :]], row.case)


class RuledTable(Flowable):
    """Rows under their header, and the paper's ending below the last one."""

    def __init__(self, sheet: _Sheet, rows: list[_Row] | None, ending: list[Flowable]) -> None:
        super().__init__()
        self.sheet, self.rows, self.ending = sheet, rows, ending

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
        rows = self.rows or []
        count = self._rows_that_stay(rows, high)
        if not count:
            return []
        if count == len(rows):  # rows and ending cannot share a page: only if the ending alone nearly fills it
            return [RuledTable(self.sheet, rows, []), *self.ending]
        rest = [self.sheet.named_again(rows[count]), *rows[count + 1 :]]
        return [RuledTable(self.sheet, rows[:count], []), RuledTable(self.sheet, rest, self.ending)]

    def _rows_that_stay(self, rows: list[_Row], high: float) -> int:
        """How many rows stay on this page; 0 if all of them move to the next one."""
        page, at_top = frame_of(self, high)
        below = [*accumulate((row.height for row in rows), initial=self.sheet.head_height)]
        most = min(sum(height <= high for height in below) - 1, len(rows) - KEPT)
        if most < KEPT:
            return max(most, 1) if at_top and rows else 0
        whole = next((at for at in range(most, 0, -1) if rows[at].case != rows[at - 1].case), 0)
        empty = high - (below[whole] if whole else 0)
        may_part = empty > page * _EMPTY or self._case_height(rows, whole) > page
        if not may_part and (whole or not at_top):
            return whole
        behind = sum(row.case == rows[most].case for row in rows[most:])  # rows of the parted case on the next page
        part = most - (KEPT - behind if behind < KEPT else 0)
        return part if part - whole >= KEPT else whole or (most if at_top else 0)

    def _case_height(self, rows: list[_Row], start: int) -> float:
        """Of the header and the case that begins, or goes on, at this row."""
        return self.sheet.head_height + sum(row.height for row in rows if row.case == rows[start].case)

    def draw(self) -> None:
        sheet, top = self.sheet, self.height
        self.canv.setLineWidth(0.5)
        self.canv.setFillColor(SHADE)
        self.canv.rect(0, top - sheet.head_height, self.width, sheet.head_height, stroke=0, fill=1)
        self.canv.setFillColor(black)
        foot, case = top, -1
        for row, font in zip(sheet.head, ("bold", "text"), strict=False):
            self.canv.line(0, foot, self.width, foot)
            foot = self._draw_row(row, foot, font, centred=True)
        for row in self.rows or []:
            if not row.continues:  # what names a case stands in one cell beside all rows of the case
                left = sum(sheet.widths[: sheet.repeated]) if row.case == case else 0
                self.canv.line(left, foot, self.width, foot)
            foot, case = self._draw_row(row, foot), row.case
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

    def _draw_row(self, row: _Row, top: float, font: str = "text", *, centred: bool = False) -> float:
        x, most = 0.0, max(map(len, row.cells))
        for wide, lines, is_number in zip(self.sheet.widths, row.cells, self.sheet.is_number, strict=True):
            above = (most - len(lines)) / 2 if centred else 0
            for place, line in enumerate(lines, 1):
                room = wide - 2 * PAD - _text_width(line, font) * SIZE if centred or is_number else 0
                indent = room / 2 if centred else room
                self._draw_text(line, x + PAD + indent, top - PAD - (above + place) * LEADING + 2.2, font)
            x += wide
        return top - row.height

    def _draw_text(self, line: str, x: float, y: float, font: str) -> None:
        from_the_right = reads_from_the_right(_runs(line, font))
        for kind, words in _runs(in_visual_order(line, from_the_right=from_the_right), font):
            self.canv.setFont(f"ruled_{kind}", SIZE)
            self.canv.drawString(x, y, words)
            x += width(words, FONTS[kind]) * SIZE


def _printable(text: str) -> str:
    """Emoji in words, Arabic shaped, ▯ for missing glyphs, without invisible characters."""
    return shape_arabic(plain_or_arabic(emoji_in_words(text)))


def _column_widths(
    heads: Sequence[str], least: Sequence[float], is_number: Sequence[bool], rows: list[list[str]], room: float
) -> list[float]:
    """Widths (pt) by what the columns hold: no word is broken if there is room, whole numbers come next, and the rest
    goes step by step where it lowers tall cells most; what lowers none is spread over the columns of texts."""
    columns = [_ColumnTexts(head, [row[place] for row in rows]) for place, head in enumerate(heads)]
    widths = [max(wide, few) for wide, few in zip((_claimed(of.piece, room) for of in columns), least, strict=True)]
    if (needed := sum(widths)) > room:
        return [wide * room / needed for wide in widths]
    for place in sorted(range(len(columns)), key=lambda place: columns[place].number - columns[place].piece):
        more = _claimed(columns[place].number, room) - widths[place]
        widths[place] += more if 0 < more <= room - sum(widths) else 0
    step = (room - sum(widths)) / _STEPS
    lowered = [of.tallness(wide) - of.tallness(wide + step) for of, wide in zip(columns, widths, strict=True)]
    for _ in range(_STEPS):
        if not any(lowered):
            break
        place = lowered.index(max(lowered))
        widths[place] += step
        of, wide = columns[place], widths[place]
        lowered[place] = of.tallness(wide) - of.tallness(wide + step)
    return _spread(widths, is_number, room)


def _claimed(word: float, room: float) -> float:
    """The width of a column that holds this word."""
    return min(word, room * _WIDEST) + 2 * PAD + _HAIR


def _spread(widths: list[float], is_number: Sequence[bool], room: float) -> list[float]:
    """The widths with what is left of the room spread over the columns of texts."""
    texts = sum(wide for wide, number in zip(widths, is_number, strict=True) if not number)
    factor = 1 + (room - sum(widths)) / texts
    return [wide if number else wide * factor for wide, number in zip(widths, is_number, strict=True)]


_HAIR = 0.1  # points: rounding
_STEPS = 80  # portions of the room that is left
_ON_PAGE = 10  # rows, about: the head stands over so many
_TALL = 4  # the power to which the lines of a cell count: one cell of eight is as bad as sixteen of four


class _ColumnTexts:
    """How wide (pt) a column's texts are: its longest piece of a word, its longest number, and each line as typed."""

    def __init__(self, head: str, texts: list[str]) -> None:
        words = {word for text in texts for line in text.splitlines() for word in _words(line)}
        self.number = _widest({word for word in words if any(map(str.isdigit, word))}, "text")
        pieces = {piece for word in words for piece in _PIECE.findall(word)}
        self.piece = max(_widest(pieces, "text"), _widest(_words(head), "bold"))
        self.cells = [([SIZE * _text_width(head, "bold")], len(texts) // _ON_PAGE + 1)]
        self.cells += [
            ([SIZE * _text_width(line, "text") for line in text.splitlines()], count)
            for text, count in Counter(texts).items()
        ]

    def tallness(self, wide: float) -> float:
        """Of all cells in this width; the lines of a text are counted in fractions."""
        room = (wide - 2 * PAD) / _LOOSE
        return sum(count * sum(max(line / room, 1) for line in lines) ** _TALL for lines, count in self.cells)


def _widest(words: Iterable[str], font: str) -> float:
    return SIZE * max((_text_width(word, font) for word in words), default=0)


_LOOSE = 1.12  # what lines that end at a space take more than their letters
_PIECE = re.compile(r"[^/-]+[/-]*|[/-]+")  # a word may be broken behind a slash or a hyphen


def _runs(line: str, font: str) -> Runs:
    """A line as runs of one font; usually one run."""
    kinds = groupby(line, key=lambda letter: {"text": font, "blank": font}.get(of := font_with_arabic(letter), of))
    return whole_arabic((kind, "".join(letters)) for kind, letters in kinds)


def _text_width(words: str, font: str) -> float:
    return sum(width(part, FONTS[kind]) for kind, part in _runs(words, font))


_UNITS = frozenset((*MONTHS, "menit", "jam", "hari"))
_YEAR = re.compile(r"[(]?[0-9]{4}[).,;:]*")


def _words(line: str) -> list[str]:
    """The words of a line; a number stays with the month or unit after it, a year with its date, and a dash with what
    it follows."""
    words: list[str] = []
    for word in line.split():
        before = words[-1].lstrip("(") if words else ""
        if (before.isdigit() and word.strip("().,;:") in _UNITS) or (
            before.rpartition(" ")[2] in MONTHS and _YEAR.fullmatch(word)
        ):
            words[-1] += f" {word}"
        elif words and word == "–":
            words[-1] += " –"
        else:
            words.append(word)
    return words


def _wrap(text: str, room: float, font: str) -> Iterator[str]:
    """Wrap a text to a column's width (em) at spaces; a word that is wider is split."""
    for paragraph in text.splitlines():
        line = ""
        for word in _words(paragraph):
            if line and _text_width(f"{line} {word}", font) <= room:
                line = f"{line} {word}"
                continue
            if line:
                yield line
            *cut, line = _split_word(word, room, font)
            yield from cut
        if line:
            yield line


def _split_word(word: str, room: float, font: str) -> list[str]:
    """Split a word into parts that fit, preferably after a space, slash or hyphen, as in papers' numbers."""
    parts, part = [], ""
    for letter in word if _text_width(word, font) > room else ():
        if part and _text_width(part + letter, font) > room:
            at = max(part.rfind("/"), part.rfind("-"), part.rfind(" ")) + 1 or len(part)
            parts.append(part[:at].rstrip())
            part = part[at:]
        part += letter
    return [*parts, part] if part else [word]
