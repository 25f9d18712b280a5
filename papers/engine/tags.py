"""Custom template tags: xhtml2pdf looks up a tag's class by its name in the module `xhtml2pdf.parser`."""

from collections.abc import Callable
from typing import Any

from reportlab.platypus.flowables import Flowable
from xhtml2pdf import parser
from xhtml2pdf.context import PageNumberText
from xhtml2pdf.paragraph import PageNumberFlowable
from xhtml2pdf.tags import pisaTag

Gather = Callable[[list[Flowable]], Flowable]  # replaces all flowables inside the tag by one
Wrap = Callable[[Flowable, str], Flowable]  # replaces the last flowable inside the tag, given the tag's attribute
Make = Callable[..., Flowable]  # makes a flowable of the tag's attributes


def register_wrapping_tag(name: str, attribute: str, wrap: Wrap) -> None:
    """Register a tag that wraps the last flowable inside it."""

    class Wrapping(pisaTag):
        def end(self, c: Any) -> None:
            c.addPara()
            c.story[-1] = wrap(c.story[-1], self.node.getAttribute(attribute))

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", Wrapping)


def register_gathering_tag(name: str, gather: Gather) -> None:
    """Register a tag that makes one flowable of all that is inside it."""

    class Gathering(pisaTag):
        def start(self, c: Any) -> None:
            c.addPara()
            self.begun = len(c.story)

        def end(self, c: Any) -> None:
            c.addPara()
            c.story[self.begun :] = [gather(c.story[self.begun :])]

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", Gathering)


def register_tag(name: str, attributes: tuple[str, ...], make: Make) -> None:
    """Register an empty tag that becomes the flowable made of these attributes of it, each a text."""

    class Made(pisaTag):
        def end(self, c: Any) -> None:
            c.addPara()
            c.addStory(make(*map(self.node.getAttribute, attributes)))

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", Made)


class _SpelledNumber(PageNumberText):
    """The page number, known when the line is drawn, as `spell` writes it."""

    def __init__(self, spell: Callable[[int], str]) -> None:
        self.spell, self.number = spell, ""
        super().__init__()

    @property
    def data(self) -> str:
        return self.spell(int(self.number)) if self.number else ""

    @data.setter
    def data(self, number: str) -> None:
        self.number = number


def register_number_tag(name: str, spell: Callable[[int], str]) -> None:
    """Register an empty tag that is the number of its page within a sentence, in this spelling."""

    class SpelledPageNumber(pisaTag):
        def start(self, c: Any) -> None:
            text, flow = _SpelledNumber(spell), PageNumberFlowable()
            text.setFlowable(flow)
            c.addStory(flow)
            c.frag.pageNumber = True
            c.addFrag(text)
            c.frag.pageNumber = False

    setattr(parser, f"pisaTag{name.replace(':', '').upper()}", SpelledPageNumber)
