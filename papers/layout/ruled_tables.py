"""Ruled tables: tables of thousands of rows drawn without HTML; the empty back of a page.

xhtml2pdf would take minutes for 2,000 rows. A paper has such pages if its content has `ruled`: columns as (heading,
share of the width), rows of texts.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pypdf import PdfReader, PdfWriter
from reportlab.lib.colors import HexColor, black
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from papers.engine.arabic import in_visual_order, shape_arabic
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
from papers.layout.slips import SIZES

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
SIZE, LEADING, PAD = 9, 10.6, 2.6  # points
LEFT, RIGHT, TOP, FOOT = 20 * mm, 15 * mm, 20 * mm, 17 * mm
SHADE = HexColor("#eeeeee")  # of the header row, as in other tables
Row = list[list[str]]  # the lines of each cell


@dataclass(frozen=True)
class RuledTable:
    """A table: columns as (heading, share of the width), rows of texts; paper size and footer."""

    columns: list[tuple[str, float]]
    rows: list[list[str]]
    size: str
    foot: str
    demo: bool

    @classmethod
    def of(cls, content: Content) -> "RuledTable":
        foot = f"{content['paper']['title']}, {content['span']}"
        ruled = content["ruled"]
        return cls(ruled["columns"], ruled["rows"], content["office"]["size"], foot, bool(content["demo"]))


def with_ruled_sheets(front: bytes, content: Content) -> bytes:
    """Append the ruled pages to the front page, with continued page numbers; its metadata apply to the whole file."""
    writer, out = PdfWriter(clone_from=io.BytesIO(front)), io.BytesIO()
    for page in PdfReader(io.BytesIO(_TablePages(RuledTable.of(content), len(writer.pages)).draw())).pages:
        writer.add_page(page)
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


class _TablePages:
    """The pages of one table."""

    def __init__(self, table: RuledTable, before: int) -> None:
        self.table, self.page = table, before
        high, wide = (side * mm for side in SIZES.get(table.size, SIZES["F4"]))
        self.wide, self.high = wide, high
        columns, room = table.columns, wide - LEFT - RIGHT
        whole = sum(share for _, share in columns)
        self.widths = [room * share / whole for _, share in columns]
        self.head = self._wrap_row([name for name, _ in columns], "bold")
        self.out, self.lacking = io.BytesIO(), False
        self.canvas = Canvas(self.out, pagesize=(wide, high), initialFontName="ruled_text")

    def draw(self) -> bytes:
        top = self._start_page()
        for texts in self.table.rows:
            row = self._wrap_row(texts)
            if top - _height(row) < FOOT + LEADING:
                self._end_page(top)
                top = self._start_page()
            top = self._draw_row(row, top)
        self._end_page(top)
        self.canvas.save()
        return self.out.getvalue()

    def _start_page(self) -> float:
        """Start a page with its number, footer and header row; the top (pt) of its first row."""
        self.page += 1
        self._draw_centred(f"- {self.page} -", self.wide / 2, self.high - 12 * mm, 11)
        demo = ["DATA CONTOH – bukan dokumen dinas"] if self.table.demo else []
        for place, words in enumerate([self.table.foot, *demo]):
            self._draw_centred(words, self.wide / 2, FOOT - 8 * mm - place * 10, 9)
        head_height = _height(self.head)
        self.canvas.setFillColor(SHADE)
        self.canvas.rect(LEFT, self.high - TOP - head_height, self.wide - LEFT - RIGHT, head_height, stroke=0, fill=1)
        self.canvas.setFillColor(black)
        self.canvas.line(LEFT, self.high - TOP, self.wide - RIGHT, self.high - TOP)
        return self._draw_row(self.head, self.high - TOP, "bold")

    def _draw_centred(self, words: str, x: float, y: float, size: float) -> None:
        self.canvas.setFont("ruled_text", size)
        self.canvas.drawCentredString(x, y, words)

    def _end_page(self, top: float) -> None:
        if self.lacking:
            self._draw_text(f"{MISSING} = huruf yang tidak dapat dicetak", LEFT, FOOT - 8 * mm, "text")
        x = LEFT
        for wide in (0.0, *self.widths):
            x += wide
            self.canvas.line(x, self.high - TOP, x, top)
        self.canvas.showPage()

    def _draw_row(self, row: Row, top: float, font: str = "text") -> float:
        x = LEFT
        for wide, lines in zip(self.widths, row, strict=True):
            for place, line in enumerate(lines):
                self._draw_text(line, x + PAD, top - PAD - (place + 1) * LEADING + 2.2, font)
            x += wide
        foot = top - _height(row)
        self.canvas.line(LEFT, foot, x, foot)
        return foot

    def _draw_text(self, line: str, x: float, y: float, font: str) -> None:
        self.lacking = self.lacking or MISSING in line
        from_the_right = reads_from_the_right(_runs(line, font))
        for kind, words in _runs(in_visual_order(line, from_the_right=from_the_right), font):
            self.canvas.setFont(f"ruled_{kind}", SIZE)
            self.canvas.drawString(x, y, words)
            x += width(words, FONTS[kind]) * SIZE

    def _wrap_row(self, texts: list[str], font: str = "text") -> Row:
        # Emoji in words, Arabic shaped, ▯ for missing glyphs, without invisible characters.
        printable = (shape_arabic(plain_or_arabic(emoji_in_words(text))) for text in texts)
        return [
            list(_wrap(text, (wide - 2 * PAD) / SIZE, font)) or [""]
            for text, wide in zip(printable, self.widths, strict=True)
        ]


def _height(row: Row) -> float:
    return max(len(lines) for lines in row) * LEADING + 2 * PAD


def _runs(line: str, font: str) -> Runs:
    """A line as runs of one font; usually one run."""
    kinds = groupby(line, key=lambda letter: {"text": font, "blank": font}.get(of := font_with_arabic(letter), of))
    return whole_arabic((kind, "".join(letters)) for kind, letters in kinds)


def _text_width(words: str, font: str) -> float:
    return sum(width(part, FONTS[kind]) for kind, part in _runs(words, font))


def _wrap(text: str, room: float, font: str) -> Iterator[str]:
    """Wrap a text to a column's width (em) at spaces; a word that is wider is split."""
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
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
    """Split a word into parts that fit, preferably after a slash or hyphen, as in papers' numbers."""
    parts, part = [], ""
    for letter in word if _text_width(word, font) > room else ():
        if part and _text_width(part + letter, font) > room:
            at = max(part.rfind("/"), part.rfind("-")) + 1 or len(part)
            parts.append(part[:at])
            part = part[at:]
        part += letter
    return [*parts, part] if part else [word]
