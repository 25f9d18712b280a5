"""The end of a paper: its signatures with the last lines of the text before them, on whichever page they come to.

`<paper-ending>` around those texts and the signatures. No more is kept whole than must be, so that the page before is
filled: what reportlab keeps with something goes along as a whole, and half a page stays empty.
"""

from reportlab.platypus.flowables import Flowable, KeepTogether
from xhtml2pdf.reportlab_paragraph import Paragraph

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
