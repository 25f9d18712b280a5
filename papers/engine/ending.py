"""Where a page may end: a paper's signatures stand on one page with the last lines of the text, or the last rows of the
list, before them; what leads in to a text stands on one page with its beginning.

Only those lines or rows move to the signatures' page. reportlab's own keep-with-next would move all of the text and
leave half a page empty. All are subclasses of KeepTogether, whose height is always reported as 16,777,215 pt, so that
it is asked for its parts: one inside another is taken apart first (`_parts`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from itertools import accumulate
from typing import Any

from reportlab.platypus.flowables import Flowable, KeepTogether
from reportlab.platypus.tables import Table
from xhtml2pdf.paragraph import PageNumberFlowable
from xhtml2pdf.reportlab_paragraph import Paragraph

from papers.engine.table_positions import keep_measure, measure_spans_again, row_heights, set_air, with_contents

LINES = TEXTS = ROWS = 2  # at least so many lines, paragraphs and rows stay above the signatures
AMID = 4  # at least so many rows stand on a page amid a list
WIDOW = 2  # at least so many lines of a split paragraph stay on either page
GOES_ON = "lanjutan)"
_TOLERANCE = 0.1  # points, tolerance for rounding errors
_ENDLESS = 0xFFFFFFF  # points, the height in which a part is laid out to be measured
# Shares of the height of lines, and of what is between texts: at first the gaps give most, then the lines alone,
# at last the gaps once more. In small steps, so that what a step leaves stays between the lines.
_CLOSER = (
    *((1 - step / 800, 1 - step / 40) for step in range(1, 17)),
    *((0.98 - step / 400, 0.6) for step in range(1, 17)),
    *((0.94, 0.6 - step / 40) for step in range(1, 13)),
)
_AS_SET = (1.0, 1.0)
_SPARE = 3.5  # points at the foot that stay free where the lines can give them
_LARGEST = 14  # points: what is larger is no text but room to sign in
_HOLE, _SMALL_HOLE = 6 * 72 / 2.54, 3 * 72 / 2.54  # points that may, and better do, stay empty at the foot of a page
_DEAR = 4  # points of a hole that are worth one by which the rows of a list get higher or lower
_AIRS = sorted((step / 2 for step in range(-4, 25)), key=abs)  # points by which its rows may be higher
MOSTLY_EMPTY = 1 / 3  # of a page: no more of it stays empty before a list


class PaperEnding(KeepTogether):
    """`<paper-ending>` of the first formats: the last paragraphs of a paper and the signatures after them."""

    texts = TEXTS

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        if high >= self._H:
            return list(self._content)
        begin = self._first_to_move(wide, high)
        if begin:
            return [self.NullActionFlowable(), *self._before(begin), type(self)(self._content[begin:])]
        parts = self._split_paragraph(wide, high)
        return [self.NullActionFlowable(), *parts[:1], KeepTogether([*parts[1:], *self._content[len(parts) // 2 :]])]

    def _before(self, begin: int) -> list[Flowable]:
        return list(self._content[:begin])

    def _first_to_move(self, wide: float, high: float) -> int:
        """Index of the first paragraph that moves to the next page with the signatures."""
        begin = end = self._end_of_text()
        lines = 0
        while begin and (lines < LINES or end - begin < self.texts):
            begin -= 1
            lines += self._lines_of(self._content[begin], wide, high)
        return begin

    def _end_of_text(self) -> int:
        return next((n for n, part in enumerate(self._content) if not isinstance(part, Paragraph)), len(self._content))

    def _lines_of(self, text: Paragraph, wide: float, high: float) -> int:
        return int(text.wrapOn(self.canv, wide, high)[1] / text.style.leading + 0.5)

    def _split_paragraph(self, wide: float, high: float, at: int = 0) -> list[Flowable]:
        """The first paragraph, or that `at`, split at the page's end; [] if it is too short to be split."""
        text = self._content[at]
        if not isinstance(text, Paragraph) or self._lines_of(text, wide, high) < 2 * WIDOW:
            return []
        room = min(high, text.height - WIDOW * text.style.leading + _TOLERANCE)
        parts = list(text.splitOn(self.canv, wide, room))
        return parts if len(parts) == 2 else []


class RunningText(KeepTogether):
    """`<running-text>`: paragraphs over any number of pages, none of which ends with what leads in to the next."""

    def __init__(self, parts: Iterable[Flowable]) -> None:
        super().__init__(list(_parts(parts)))

    def split(self, wide: float, high: float) -> list[Flowable]:
        beyond = ((at, top) for at, (top, foot) in enumerate(_places(self._content, self.canv, wide)) if foot > high)
        over, top = next(beyond, (None, 0.0))
        if over is None:
            return [self.NullActionFlowable(), *self._content]
        goes_on = _goes_on(self._content[over], self.canv, wide, high - top)
        begin = over if goes_on else _with_lead_in(self._content, over)
        if begin == over or (begin == 0 and self._frame._atTop):
            return [self.NullActionFlowable(), *self._content[: over + 1], *self._rest(over + 1)]
        return [self.NullActionFlowable(), *self._content[:begin], self.FrameBreak(), *self._rest(begin)]

    def _rest(self, begin: int) -> list[Flowable]:
        return [RunningText(self._content[begin:])] if begin < len(self._content) else []


class TextEnding(PaperEnding):
    """`<text-ending>`: as `<paper-ending>`, and what leads in to a text goes along with it."""

    def __init__(self, parts: Iterable[Flowable]) -> None:
        super().__init__(list(_parts(parts)))

    def _before(self, begin: int) -> list[Flowable]:
        return [RunningText(self._content[:begin])]

    def _first_to_move(self, wide: float, high: float) -> int:
        return _with_lead_in(self._content, super()._first_to_move(wide, high))


class SlipEnding(TextEnding):
    """`<slip-ending>`: as `<text-ending>`, but no paragraph is parted."""

    def _split_paragraph(self, wide: float, high: float, at: int = 0) -> list[Flowable]:
        return []


class PartedEnding(TextEnding):
    """`<parted-ending>`: as `<text-ending>`, but of a long paragraph that would move no more goes than needed."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        return (self._amid_a_paragraph(wide, high) if high < self._H else []) or super().split(wide, high)

    def _amid_a_paragraph(self, wide: float, high: float) -> list[Flowable]:
        """The last paragraph split, or that which would move as the first; [] if neither can be."""
        begin, end = self._first_to_move(wide, high), self._end_of_text()
        tops = [top for top, _ in _places(self._content, self.canv, wide)]
        for at in sorted({begin, end - 1} - {-1}, reverse=True):
            text, room = self._content[at], high - tops[at]
            fits = isinstance(text, Paragraph) and room >= text.style.spaceBefore + WIDOW * text.style.leading
            parts = self._split_paragraph(wide, room, at) if fits else []
            if parts:
                rest = KeepTogether([parts[1], *self._content[at + 1 :]])
                return [self.NullActionFlowable(), *(self._before(at) if at else []), parts[0], rest]
        return []


class OneSheet(KeepTogether):
    """`<one-sheet>`: a whole text with its signatures. Where it misses its page by little, its lines stand a little
    closer; no letter gets smaller, nor the room to sign in. A longer text is left as it is, over two pages."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        parts = list(_parts(self._content))
        if self._height(parts, wide) > high and not self._stands_closer(parts, wide, high):
            return [self.NullActionFlowable(), *self._content]
        for table in (part for part in parts if isinstance(part, Table)):
            keep_measure(table)
        return [self.NullActionFlowable(), *parts]

    def _stands_closer(self, parts: list[Flowable], wide: float, high: float) -> bool:
        """Whether the parts fit with less between the lines, and then so much less as they need; else unchanged."""
        inside = list(with_contents(parts))
        styles = {id(part.style): part.style for part in inside if isinstance(part, Paragraph)}
        before = [(of, of.leading, of.spaceBefore, of.spaceAfter) for of in styles.values() if of.fontSize <= _LARGEST]

        def height(lines: float, between: float) -> float:
            for style, leading, above, below in before:
                style.leading, style.spaceBefore, style.spaceAfter = lines * leading, between * above, between * below
            for table in (part for part in inside if isinstance(part, Table)):
                measure_spans_again(table)
            return self._height(parts, wide)

        at = bisect_left(_CLOSER[:-1], True, key=lambda step: height(*step) <= high - _SPARE)
        if height(*_CLOSER[at]) <= high:
            return True
        height(*_AS_SET)
        return False

    def _height(self, parts: list[Flowable], wide: float) -> float:
        return max(foot for _, foot in _places(parts, self.canv, wide))


class ListEnding(KeepTogether):
    """`<list-ending>`: a table of rows over any number of pages, and the signatures or nothing under it.

    What fits on the next page stays whole, if it leaves no more than a third of this one empty. Else a page begins and
    ends with two rows of the table at least. Where all of the rows but not the signatures fit, the last two
    go along; of two rows the last one, where they would leave most of the page empty.
    """

    def __init__(self, parts: Iterable[Flowable]) -> None:
        super().__init__(list(_parts(parts)))

    def split(self, wide: float, high: float) -> list[Flowable]:
        table, rest = self._content[0], self._content[1:]
        self.wrap(wide, high)
        if not isinstance(table, Table) or high >= self._H:
            return [self.NullActionFlowable(), *self._content]
        if self._frame._height >= self._H and not self._is_roomy(high):
            return [self.FrameBreak(), self]
        head, rows = row_heights(table)
        edges = list(accumulate(rows, initial=sum(head)))
        stay = self._rows_that_stay(edges, high)
        if stay:
            parts = table.splitOn(self.canv, wide, edges[stay] + _TOLERANCE)
            if len(parts) == 2:
                return [self.NullActionFlowable(), parts[0], self.FrameBreak(), self._further([parts[1], *rest])]
        if not self._frame._atTop:
            return [self.FrameBreak(), self]
        return self._from_the_top(table, rest, wide, high)

    def _further(self, parts: list[Flowable]) -> Flowable:
        """What goes on upon the next page: the rest of the table, and what stands under it."""
        return ListEnding(parts)

    def _rows_that_stay(self, edges: list[float], high: float) -> int:
        """How many rows stand on this page; 0 if the table had better begin on the next."""
        return _rows_on_page(edges, high, self._H - edges[-1], self._frame._height, is_roomy=self._is_roomy(high))

    def _is_roomy(self, high: float) -> bool:
        return bool(self._frame._atTop or high > self._frame._height * MOSTLY_EMPTY)

    def _from_the_top(self, table: Table, rest: list[Flowable], wide: float, high: float) -> list[Flowable]:
        """At the top of a page for a row that is higher than it, and for one row whose signatures have no room."""
        parts = table.split(wide, high)
        if len(parts) == 2:
            return [self.NullActionFlowable(), parts[0], self.FrameBreak(), self._further([parts[1], *rest])]
        return [self.NullActionFlowable(), table, KeepTogether(rest)]


class TitledList(ListEnding):
    """`<titled-list>`: the same, whose first row is its title and says on the pages after the first that it goes on."""

    def _is_roomy(self, high: float) -> bool:
        """With the space above its title, which is as empty as the rest if it moves."""
        return super()._is_roomy(high + self.getSpaceBefore())

    def _further(self, parts: list[Flowable]) -> Flowable:
        table = parts[0]
        title, *others = table._cellvalues[0]
        [text] = (part for part in with_contents(title) if isinstance(part, Paragraph))
        *before, last = (part for part in text.frags if part.text.strip())
        if not (words := last.text.rstrip()).endswith(GOES_ON):
            text, frame = copy(text), copy(title[0])
            goes_on = f"{words[:-1]}, {GOES_ON}" if words.endswith(")") else f"{words} ({GOES_ON}"
            text.frags = [*before, last.clone(text=goes_on)]
            frame._content = [text]
            table._cellvalues[0] = [(frame,), *others]
        return TitledList(parts)


class AiryList(ListEnding):
    """`<airy-list>`: the same, with all rows so much higher or lower, as little as it takes, that no page but the last
    has a hole of 6 cm, better none of 3 cm; what is lower has less above and below its words, which stand amid it."""

    def wrap(self, wide: float, high: float) -> Any:
        """With the space above a page's number in a sentence: it has no height, so that reportlab leaves it out."""
        size = super().wrap(wide, high)
        self._H += sum(part.getSpaceBefore() for part in self._content if isinstance(part, PageNumberFlowable))
        return size

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        table = self._content[0]
        if isinstance(table, Table) and high < self._H:
            head, rows = row_heights(table)
            ending, page = self._H - sum(head) - sum(rows), self._frame._height

            def hole(air: float) -> float:
                return _hole([*accumulate((row + air for row in rows), initial=sum(head))], high, ending, page)

            set_air(table, best_air(_AIRS, hole))
        return super().split(wide, high)


def best_air(airs: Iterable[float], hole: Callable[[float], float]) -> float:
    """By how much (pt) the rows of a list had better be higher or lower, of these, the smallest first; `hole` says what
    stays empty then at the foot of its pages at most."""
    holes = dict[float, float]()
    for air in airs:
        holes[air] = hole(air)
        if holes[air] <= _SMALL_HOLE:
            break
    return min(holes, key=lambda air: (max(holes[air], _HOLE), max(holes[air], _SMALL_HOLE) + _DEAR * abs(air)))


def _hole(edges: list[float], high: float, ending: float, page: float) -> float:
    """The most (pt) that stays empty at the foot of a page but the last, of a list whose rows end there (pt, below its
    top; the first is the foot of its head), on a page with room for `high` and pages after it."""
    most = 0.0
    while edges[-1] + ending > high:
        stay = _rows_on_page(edges, high, ending, page, is_roomy=True)
        if not 0 < stay < len(edges) - 1:
            return page
        most = max(most, high - edges[stay])
        edges = [edges[0], *(edge - edges[stay] + edges[0] for edge in edges[stay + 1 :])]
        high = page
    return most


def _rows_on_page(edges: list[float], high: float, ending: float, page: float, *, is_roomy: bool) -> int:
    """How many rows of a list stand on a page with room for `high`; 0 if the table had better begin on the next."""
    count, fitting = len(edges) - 1, bisect_right(edges, high) - 1
    stay = min(fitting, count - ROWS)
    if stay >= ROWS:
        return min(stay, _rows_before_two_pages(edges, stay, ending, page))
    return min(fitting, count - 1, max(stay, 1)) if is_roomy and fitting > 0 else 0


def _rows_before_two_pages(edges: list[float], stay: int, ending: float, page: float) -> int:
    """As many rows as leave the next page more than three, where the signatures need one more page after it."""
    left = len(edges) - 1 - stay
    needed = edges[0] + edges[-1] - edges[stay] + ending
    if not ROWS < left < AMID + ROWS or needed <= page:
        return stay
    return max(AMID, stay + left - AMID - ROWS)


def _places(parts: Iterable[Flowable], canvas: Any, wide: float) -> Iterator[tuple[float, float]]:
    """Top and foot (pt, from the first top downwards) of each part, as a frame would place them."""
    foot = after = 0.0
    for number, part in enumerate(parts):
        high = part.wrapOn(canvas, wide, _ENDLESS)[1]
        top = foot + after + max(part.getSpaceBefore() - after, 0) * (number > 0)
        foot, after = top + high, part.getSpaceAfter()
        yield top, foot


def _parts(parts: Iterable[Flowable]) -> Iterator[Flowable]:
    """The flowables, each KeepTogether among them taken apart."""
    for part in parts:
        yield from _parts(part._content) if isinstance(part, KeepTogether) else (part,)


def _with_lead_in(parts: list[Flowable], begin: int) -> int:
    """Index of what leads in to the part `begin`, or to what leads in to it."""
    while begin and _leads_in(parts[begin - 1]):
        begin -= 1
    return begin


def _leads_in(part: Flowable) -> bool:
    """Whether a paragraph is a heading, or ends with a colon."""
    if not isinstance(part, Paragraph):
        return False
    texts = (str(getattr(frag, "text", "")).rstrip() for frag in reversed(part.frags))
    return bool(part.getKeepWithNext()) or next(filter(None, texts), "").endswith(":")


def _goes_on(part: Flowable, canvas: Any, wide: float, room: float) -> bool:
    """Whether a part begins in this room and goes on upon the next page."""
    return room > 0 and len(part.splitOn(canvas, wide, room)) == 2
