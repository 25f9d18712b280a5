"""What xhtml2pdf works out anew for every paper though it stays the same while we run: remembered between papers.

The hash of every font file, the style rules as read, and which of them apply to an element: together a quarter of a
paper's time (`python -m bench.papers`). The last is told by the tags, classes and names from the element upwards,
as no rule of ours asks for a place or an attribute; where one does, nothing is remembered.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.flowables import Flowable, KeepTogether
from reportlab.platypus.tables import CellStyle, Table
from xhtml2pdf import context, parser
from xhtml2pdf.reportlab_paragraph import Paragraph
from xhtml2pdf.tags import pisaTag

Gather = Callable[[list[Flowable]], Flowable]  # what stands in the place of all flowables inside
Wrap = Callable[[Flowable, str], Flowable]  # what stands in the place of a flowable, by the tag's attribute


def make_known(name: str, attribute: str, wrap: Wrap) -> None:
    """From now on a tag of this name wraps what is set last inside it."""

    class Wrapping(pisaTag):
        def end(self, c: Any) -> None:
            c.addPara()
            c.story[-1] = wrap(c.story[-1], self.node.getAttribute(attribute))

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", Wrapping)


def make_gathering(name: str, gather: Gather) -> None:
    """From now on a tag of this name makes one flowable of all that is set inside it."""

    class Gathering(pisaTag):
        def start(self, c: Any) -> None:
            c.addPara()
            self.begun = len(c.story)

        def end(self, c: Any) -> None:
            c.addPara()
            c.story[self.begun :] = [gather(c.story[self.begun :])]

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", Gathering)


def begin_with(font: str, file: Path) -> None:
    """Where reportlab would begin a page or a cell with Helvetica, which is not embedded, it begins with this font."""
    pdfmetrics.registerFont(TTFont(font, str(file)))
    rl_config.canvas_basefontname = CellStyle.fontname = font
    rl_config.useA85 = 0  # plain streams: smaller, and faster
    Paragraph.allowWidows = 0  # a page takes two lines of a paragraph along, or all of it


def body_rows(table: Table) -> int:
    """How many rows a table has, or the part of it on one page, without its repeated head."""
    return int(table._nrows - table.repeatRows)


def row_edges(table: Table, row: int) -> tuple[float, float]:
    """Top and bottom of a row of the body, counted from 0, measured from the table's foot."""
    place = table.repeatRows + row
    return table._rowpositions[place], table._rowpositions[place + 1]


def column_edges(table: Table, column: int) -> tuple[float, float]:
    """Left and right of a column."""
    return table._colpositions[column], table._colpositions[column + 1]


LINES = TEXTS = 2  # of text, at least, stand over the signatures: the closing sentence, and of what it closes
WIDOW = 2  # of a paragraph at least so many lines stand on either page
_HAIR = 0.1  # points, for what floating numbers lose


class PaperEnding(KeepTogether):
    """The texts at the end of a paper and the signatures behind them."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        if high >= self._H:
            return list(self._content)
        begin = self._kept_from(wide, high)
        if begin:
            return [self.NullActionFlowable(), *self._content[:begin], PaperEnding(self._content[begin:])]
        parts = self._parted(wide, high)
        return [self.NullActionFlowable(), *parts[:1], KeepTogether([*parts[1:], *self._content[len(parts) // 2 :]])]

    def _kept_from(self, wide: float, high: float) -> int:
        """Where what goes along with the signatures begins."""
        end = next((n for n, part in enumerate(self._content) if not isinstance(part, Paragraph)), len(self._content))
        begin, lines = end, 0
        while begin and (lines < LINES or end - begin < TEXTS):
            begin -= 1
            lines += self._lines_of(self._content[begin], wide, high)
        return begin

    def _lines_of(self, text: Paragraph, wide: float, high: float) -> int:
        return int(text.wrapOn(self.canv, wide, high)[1] / text.style.leading + 0.5)

    def _parted(self, wide: float, high: float) -> list[Flowable]:
        """The first paragraph as far as the page goes, and its last lines; [] for one that is too short for that."""
        text = self._content[0]
        if not isinstance(text, Paragraph) or self._lines_of(text, wide, high) < 2 * WIDOW:
            return []
        room = min(high, text.height - WIDOW * text.style.leading + _HAIR)
        parts = list(text.splitOn(self.canv, wide, room))
        return parts if len(parts) == 2 else []


_asked = parser.getCSSAttrCacheKey
_read, _parse = context.pisaContext._parseCSSSource, context.pisaContext.parseCSS


@lru_cache(maxsize=32)
def _rules(text: str) -> list[Any]:
    """Where the rules of a style sheet are kept once they were read: all papers of a kind share them."""
    return []


class _Kept(dict[Any, Any]):
    """xhtml2pdf empties its own before each paper; this one stays."""

    def clear(self) -> None:
        pass


@lru_cache(maxsize=32)
def _shapes(text: str) -> _Kept:
    """Where the style of each kind of element is kept, by the whole text of a paper's style sheets."""
    return _Kept()


def _read_once(self: Any, text: str, name: str | None) -> Any:
    """The rules of a sheet; one with @page or @font-face also sets up the paper at hand: read each time."""
    if "@" in text:
        return _read(self, text, name)
    kept = _rules(text)
    if not kept:
        kept.append(_read(self, text, name))
    return kept[0]


def _parsed(self: Any) -> None:
    _parse(self)
    if not self.cssPositionalTags and not self.cssAttributeNames:
        self.cssAttrCache = _shapes(self.cssText)


def _shape(node: Any, places: Any = frozenset(), attributes: Any = frozenset()) -> Any:
    """What tells elements of different style apart: their own tag, class, name and style, and their parents'."""
    if places or attributes:
        return _asked(node, places, attributes)
    shape = node.__dict__.get("shape")
    if shape is None:
        own = _asked(node)
        above = _shape(node.parentNode) if node.parentNode.nodeType == node.ELEMENT_NODE else None
        shape = node.shape = own._replace(parent=above)
    return shape


PLACES = (  # whose it is, its name, what we put there
    (context, "_file_digest", lru_cache(maxsize=32)(context._file_digest)),
    (context.pisaContext, "_parseCSSSource", _read_once),
    (context.pisaContext, "parseCSS", _parsed),
    (parser, "getCSSAttrCacheKey", _shape),
)
THEIRS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in PLACES)


def install() -> None:
    """xhtml2pdf remembers, in this process."""
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)


def remove() -> None:
    """xhtml2pdf works as it comes: for who wants to see what is gained."""
    for owner, name, theirs in THEIRS:
        setattr(owner, name, theirs)
