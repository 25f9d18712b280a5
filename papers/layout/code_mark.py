"""The verification code at the foot of a paper: in groups of four, to be read out, and as QR code."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import segno
from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

SIDE = 20  # mm of the QR code; the white around it is the margin of the page, and what the foot leaves
LOW = 4  # mm between it and the lower edge
TOP = 5  # mm between it and the upper edge of a slip, whose letterhead leaves it the place
APART = 3  # mm between it and the text of the foot
_MASK = 3  # any can be read; to choose the best of eight takes a tenth of the time of a paper
_GROUP = 4


def code_groups(code: str) -> str:
    """The code in groups, which no line parts."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


@lru_cache(maxsize=4)
def _modules(words: str) -> Sequence[Sequence[int]]:
    """The rows of the QR code from above: 1 is dark."""
    rows: Sequence[Sequence[int]] = segno.make(words, error="m", micro=False, mask=_MASK).matrix
    return rows


def draw_code(canvas: Any, words: str, x: float, y: float) -> None:
    """Draw the QR code with its lower left corner at this point: as one path, so that no line shows between modules."""
    rows = _modules(words)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(SIDE * mm / len(rows), SIDE * mm / len(rows))
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for low, row in enumerate(reversed(rows)):
        start = 0
        while start < len(row):
            end = start + 1
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                path.rect(start, low, end - start, 1)
            start = end
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


class CodeMark(Flowable):
    """The QR code."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.width, self.height = words, SIDE * mm, SIDE * mm

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        draw_code(self.canv, self.words, 0, 0)


def code_mark(_: Any, words: str) -> Flowable:
    """The flowable of the tag `sop:code`, see papers/engine/tags.py."""
    return CodeMark(words)
