"""A paper on the screen, while it is being written: the same template in another frame, without a style of its own."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, FunctionLoader
from markupsafe import Markup

from models.records.in_words import FORMAT
from papers.layout import page
from papers.layout.formats import TEMPLATES, as_templates_read
from papers.layout.letters import MISSING
from papers.layout.phrases import wording

PAGE, SCREEN = "papers/_page.html", "papers/_screen.html"


def sheet(content: Mapping[str, Any], *, emblem: str) -> Markup:
    """The paper as a part of a page; `emblem` is the address of the letterhead's picture. What people typed is escaped
    by the paper's own environment."""
    content = as_templates_read(content)
    template = _environment().get_template(f"papers/{content['paper']['key']}.html")
    with wording(content):
        told = template.render(content, unprintable=False, emblem=emblem)
        return Markup(template.render(content, unprintable=True, emblem=emblem) if MISSING in told else told)  # noqa: S704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """That of the printed page, but for the frame."""
    printed, source = page._environment(FORMAT), FileSystemLoader(TEMPLATES)
    framed = FunctionLoader(lambda name: source.get_source(printed, SCREEN)[0] if name == PAGE else None)
    return printed.overlay(loader=ChoiceLoader([framed, source]), cache_size=50)
