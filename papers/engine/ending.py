"""The flowable of `<paper-ending>`: a paper's signatures, on one page with the last lines of the text before them.

Only those lines move to the signatures' page. reportlab's own keep-with-next would move all of the text and leave half
a page empty.
"""

from reportlab.platypus.flowables import Flowable, KeepTogether
from xhtml2pdf.reportlab_paragraph import Paragraph

LINES = TEXTS = 2  # at least so many lines and paragraphs stay above the signatures
WIDOW = 2  # at least so many lines of a split paragraph stay on either page
_TOLERANCE = 0.1  # points, tolerance for rounding errors


class PaperEnding(KeepTogether):
    """The last paragraphs of a paper and the signatures after them."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        if high >= self._H:
            return list(self._content)
        begin = self._first_to_move(wide, high)
        if begin:
            return [self.NullActionFlowable(), *self._content[:begin], type(self)(self._content[begin:])]
        parts = self._split_paragraph(wide, high)
        return [self.NullActionFlowable(), *parts[:1], KeepTogether([*parts[1:], *self._content[len(parts) // 2 :]])]

    def _first_to_move(self, wide: float, high: float) -> int:
        """Index of the first paragraph that moves to the next page with the signatures."""
        end = next((n for n, part in enumerate(self._content) if not isinstance(part, Paragraph)), len(self._content))
        begin, lines = end, 0
        while begin and (lines < LINES or end - begin < TEXTS):
            begin -= 1
            lines += self._lines_of(self._content[begin], wide, high)
        return begin

    def _lines_of(self, text: Paragraph, wide: float, high: float) -> int:
        return int(text.wrapOn(self.canv, wide, high)[1] / text.style.leading + 0.5)

    def _split_paragraph(self, wide: float, high: float) -> list[Flowable]:
        """The first paragraph split at the page's end; [] if it is too short to be split."""
        text = self._content[0]
        if not isinstance(text, Paragraph) or self._lines_of(text, wide, high) < 2 * WIDOW:
            return []
        room = min(high, text.height - WIDOW * text.style.leading + _TOLERANCE)
        parts = list(text.splitOn(self.canv, wide, room))
        return parts if len(parts) == 2 else []


class PaperClosing(PaperEnding):
    """The flowable of `<paper-closing>`, since the fifth format: a lead-in (of class `keep`) stays with its text."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        parts = super().split(wide, high)
        for at in reversed(range(len(parts) - 1)):
            if all(isinstance(part, Paragraph) for part in parts[at : at + 2]) and parts[at].getKeepWithNext():
                parts[at : at + 2] = [self.NullActionFlowable(), LeadIn(parts[at : at + 2])]
        return parts

    def _first_to_move(self, wide: float, high: float) -> int:
        begin = super()._first_to_move(wide, high)
        while begin and self._content[begin - 1].getKeepWithNext():
            begin -= 1
        return begin


class LeadIn(KeepTogether):
    """A paragraph that ends with a colon, and the next one, of which at least WIDOW lines stand on the same page."""

    def split(self, wide: float, high: float) -> list[Flowable]:
        self.wrap(wide, high)
        lead, text = self._content
        lead.keepWithNext = 0  # else reportlab would keep it with all of the text
        used = lead.height + max(lead.getSpaceAfter(), text.getSpaceBefore())
        least = WIDOW * text.style.leading
        room = min(high - used, text.height - least + _TOLERANCE)
        parts = text.splitOn(self.canv, wide, room) if high < self._H and room >= least else []
        return [lead, *parts] if len(parts) == 2 else list(super().split(wide, high))
