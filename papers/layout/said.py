"""The standing wording of the paper that is being set: frozen with it, filled in once, never run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from markupsafe import Markup

from models.office.wording import BLANK, WORDING
from models.records.fields import FORMAT
from papers.layout.formats import format_of, letters_of

GAP = "…………"
# Macros that papers share see no content of the paper; what they say of it lies here while it is being set.
_frozen: ContextVar[dict[str, str]] = ContextVar("wording", default={})  # noqa: B039 - never written into
_printable: ContextVar[Callable[[str], Markup]] = ContextVar("letters", default=letters_of(FORMAT))  # noqa: B039


@contextmanager
def wording(content: Mapping[str, Any]) -> Iterator[None]:
    """Meanwhile `say` speaks in the words that were frozen with this paper, or in the panel's where it has none."""
    before, letters = _frozen.set(content.get("wording", {})), _printable.set(letters_of(format_of(content)))
    try:
        yield
    finally:
        _frozen.reset(before)
        _printable.reset(letters)


def say(key: str, **blanks: object) -> Markup:
    """A standing text with its blanks filled in; what was typed by anybody is never markup, nor filled in again."""
    pieces, printable = BLANK.split(text_of(key)), _printable.get()
    return Markup("").join(_filled(blanks, piece) if at % 2 else printable(piece) for at, piece in enumerate(pieces))


def listed(key: str) -> list[str]:
    """The entries of a standing list."""
    return text_of(key).splitlines()


def text_of(key: str) -> str:
    return _frozen.get().get(key) or WORDING[key].text


def _filled(blanks: Mapping[str, object], name: str) -> Markup:
    value = blanks.get(name, GAP)
    return value if isinstance(value, Markup) else _printable.get()(str(value))
