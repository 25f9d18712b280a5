"""The back of a sheet whose next one leaves the office: nothing stands there, and the page says that this is meant."""

from typing import Any

from reportlab.platypus.flowables import Flowable

from papers.layout.lanes import FONT

_SIZE = 10  # points


class EmptyBack(Flowable):
    """Fills a page with an even number; on any other it is nothing."""

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


def left_empty(_: Any, words: str) -> Flowable:
    """What stands in the place of the tag: see papers/engine/tags.py."""
    return EmptyBack(words)
