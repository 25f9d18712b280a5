"""Preview of a paper on the screen: the same template with another base template and the panel's style."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, FunctionLoader
from markupsafe import Markup

from models.records.in_words import FORMAT
from papers.layout import page
from papers.layout.formats import TEMPLATES, as_templates_read
from papers.layout.glyphs import MISSING
from papers.layout.phrases import wording

PAGE, SCREEN = "papers/_page.html", "papers/_screen.html"


def sheet(content: Mapping[str, Any], *, emblem: str) -> Markup:
    """The paper as an HTML fragment, escaped by the environment of papers; `emblem` is the URL of the letterhead's
    picture."""
    content = {**as_templates_read(content), "closer": 0}
    template = _environment().get_template(f"papers/{content['paper']['key']}.html")
    with wording(content):
        fragment = template.render(content, unprintable=False, emblem=emblem)
        if MISSING in fragment:
            fragment = template.render(content, unprintable=True, emblem=emblem)
        return Markup(fragment)  # noqa: S704 - escaped by the environment


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The environment of printed papers with another base template."""
    printed, source = page._environment(FORMAT), FileSystemLoader(TEMPLATES)
    framed = FunctionLoader(lambda name: source.get_source(printed, SCREEN)[0] if name == PAGE else None)
    drawn = printed.overlay(loader=ChoiceLoader([framed, source]), cache_size=50)
    drawn.filters = {**printed.filters, "signing": lambda who, role: who}  # nobody signs on a screen
    return drawn
