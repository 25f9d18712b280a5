"""The verification code of a paper as QR code."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

from papers.layout.slips import CODE_SIDE

_MASK = 3  # any can be read; to choose the best of eight takes a tenth of the time of a paper


@lru_cache(maxsize=4)
def _modules(words: str) -> Sequence[Sequence[int]]:
    """The rows of the QR code from above: 1 is dark."""
    rows: Sequence[Sequence[int]] = segno.make(words, error="m", micro=False, mask=_MASK).matrix
    return rows


def draw_code(canvas: Any, words: str, x: float, y: float) -> None:
    """Draw the QR code with its lower left corner at this point: as one path, so that no line shows between modules."""
    rows, bars = _modules(words), []
    for low, row in enumerate(reversed(rows)):
        start = 0
        for dark, modules in groupby(row):
            end = start + len(list(modules))
            if dark:
                bars.append(f"{start} {low} {end - start} 1 re")
            start = end
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(CODE_SIDE * mm / len(rows), CODE_SIDE * mm / len(rows))
    canvas.setFillGray(0)
    canvas.addLiteral(" ".join([*bars, "f"]))  # a path object formats each number anew, which takes ten times as long
    canvas.restoreState()


class WithCode(Flowable):
    """A flowable of the foot, and the QR code at its place on the page: a frame of its own would take longer."""

    def __init__(self, content: Flowable, words: str, x: float, y: float) -> None:
        super().__init__()
        self.content, self.words, self.x, self.y = content, words, x, y

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        self.width, self.height = self.content.wrapOn(self.canv, wide, high)
        return self.width, self.height

    def draw(self) -> None:
        self.content.drawOn(self.canv, 0, 0)
        left, low = self.canv.absolutePosition(0, 0)
        draw_code(self.canv, self.words, self.x - left, self.y - low)


def with_code(content: Flowable, place: str) -> Flowable:
    """The flowable of the tag `sop:code` (papers/engine/tags.py): its attribute is "left low words", in millimetres."""
    left, low, words = place.split(" ", 2)
    return WithCode(content, words, float(left) * mm, float(low) * mm)
