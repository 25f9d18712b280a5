"""How many of what: a figure with its words, told in a tone or leading to the list behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """A figure of a page."""

    label: str
    count: int
    tone: str = "neutral"
    url: str = ""
