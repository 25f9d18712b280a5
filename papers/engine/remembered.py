"""What xhtml2pdf works out anew for every paper though it stays the same while we run: remembered between papers.

The hash of every font file, the style rules as read, and which of them apply to an element: together a quarter of a
paper's time (`python -m bench.papers`). The last is told by the tags, classes and names from the element upwards,
as no rule of ours asks for a place or an attribute; where one does, nothing is remembered.
"""

from functools import lru_cache
from typing import Any

from xhtml2pdf import context, parser

_asked = parser.getCSSAttrCacheKey
_read, _parse = context.pisaContext._parseCSSSource, context.pisaContext.parseCSS


@lru_cache(maxsize=32)
def _rules(text: str) -> list[Any]:
    """Where the rules of a style sheet are kept once they were read: all papers of a kind share them."""
    return []


class _Kept(dict[Any, Any]):
    """xhtml2pdf empties its own before each paper; this one stays."""

    def clear(self) -> None:
        pass


@lru_cache(maxsize=32)
def _shapes(text: str) -> _Kept:
    """Where the style of each kind of element is kept, by the whole text of a paper's style sheets."""
    return _Kept()


def _read_once(self: Any, text: str, name: str | None) -> Any:
    """The rules of a sheet; one with @page or @font-face also sets up the paper at hand: read each time."""
    if "@" in text:
        return _read(self, text, name)
    kept = _rules(text)
    if not kept:
        kept.append(_read(self, text, name))
    return kept[0]


def _parsed(self: Any) -> None:
    _parse(self)
    if not self.cssPositionalTags and not self.cssAttributeNames:
        self.cssAttrCache = _shapes(self.cssText)


def _shape(node: Any, places: Any = frozenset(), attributes: Any = frozenset()) -> Any:
    """What tells elements of different style apart: their own tag, class, name and style, and their parents'."""
    if places or attributes:
        return _asked(node, places, attributes)
    shape = node.__dict__.get("shape")
    if shape is None:
        own = _asked(node)
        above = _shape(node.parentNode) if node.parentNode.nodeType == node.ELEMENT_NODE else None
        shape = node.shape = own._replace(parent=above)
    return shape


PLACES = (  # whose it is, its name, what we put there
    (context, "_file_digest", lru_cache(maxsize=32)(context._file_digest)),
    (context.pisaContext, "_parseCSSSource", _read_once),
    (context.pisaContext, "parseCSS", _parsed),
    (parser, "getCSSAttrCacheKey", _shape),
)
THEIRS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in PLACES)


def install() -> None:
    """xhtml2pdf remembers, in this process."""
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)


def remove() -> None:
    """xhtml2pdf works as it comes: for who wants to see what is gained."""
    for owner, name, theirs in THEIRS:
        setattr(owner, name, theirs)
