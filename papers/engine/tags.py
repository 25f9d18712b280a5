"""Tags of our own in a template: xhtml2pdf looks for the class of a tag by its name, in a module of its own."""

from collections.abc import Callable
from typing import Any

from reportlab.platypus.flowables import Flowable
from xhtml2pdf import parser
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
