"""Caches between papers for what xhtml2pdf computes anew for each one.

The hash of each font file, the parsed style sheets, the rules that apply to an element, and the fonts' subsets with
what they are compressed to: together a quarter of a paper's time (`python -m bench.papers`). The rules are keyed by the
tags, classes and ids from the element upwards, which suffices as none of our rules uses a positional or attribute
selector; style sheets that do are not cached. No word of a paper outlives it: neither widths nor pages are cached.
"""

import zlib
from functools import lru_cache, partial
from typing import Any

from reportlab.pdfbase import pdfdoc, ttfonts
from xhtml2pdf import context, document, parser, util

_asked = parser.getCSSAttrCacheKey
_make_subset = ttfonts.TTFontFile.makeSubset
_read, _parse = context.pisaContext._parseCSSSource, context.pisaContext.parseCSS


@lru_cache(maxsize=32)
def _rules(text: str) -> list[Any]:
    """A cache entry per style sheet, filled by `_read_once`; all papers of a kind share it."""
    return []


class _PersistentCache(dict[Any, Any]):
    """A cache that survives xhtml2pdf's clearing before each paper."""

    def clear(self) -> None:
        pass


@lru_cache(maxsize=32)
def _shapes(text: str) -> _PersistentCache:
    """The cache of element styles for the whole text of a paper's style sheets."""
    return _PersistentCache()


@lru_cache(maxsize=32)
def _groups(text: str) -> dict[int, tuple[int, list[Any]]]:
    """The declarations of a sheet with @page or @font-face: by how much of the sheet was left before them, how much was
    left behind, and they."""
    return {}


def _declarations(parser: Any, groups: dict[int, tuple[int, list[Any]]], src: str, *, braces: bool = True) -> Any:
    """A group of declarations, cached unless one of them is warned of."""
    if len(src) not in groups:
        warned = list[Any]()
        parser._warn = lambda *words: warned.append(words)
        try:
            rest, declared = type(parser)._parseDeclarationGroup(parser, src, braces=braces)
        finally:
            del parser._warn
        if warned:
            return type(parser)._parseDeclarationGroup(parser, src, braces=braces)
        groups[len(src)] = len(rest), declared
    left, declared = groups[len(src)]
    return src[len(src) - left :], list(declared)


def _read_once(self: Any, text: str, name: str | None) -> Any:
    """The parsed rules, cached. A sheet with @page or @font-face also changes the document: of it what is declared is
    cached, and applied each time."""
    if "@" in text:
        self.cssParser._parseDeclarationGroup = partial(_declarations, self.cssParser, _groups(text))
        try:
            return _read(self, text, name)
        finally:
            del self.cssParser._parseDeclarationGroup
    cached = _rules(text)
    if not cached:
        cached.append(_read(self, text, name))
    return cached[0]


def _parsed(self: Any) -> None:
    _parse(self)
    if not self.cssPositionalTags and not self.cssAttributeNames:
        self.cssAttrCache = _shapes(self.cssText)


def _shape(node: Any, places: Any = frozenset(), attributes: Any = frozenset()) -> Any:
    """The cache key of an element's style: tag, class, id and style of it and of its ancestors."""
    if places or attributes:
        return _asked(node, places, attributes)
    shape = node.__dict__.get("shape")
    if shape is None:
        own = _asked(node)
        above = _shape(node.parentNode) if node.parentNode.nodeType == node.ELEMENT_NODE else None
        shape = node.shape = own._replace(parent=above)
    return shape


@lru_cache(maxsize=64)
def _subset_of(font: Any, codes: tuple[int, ...]) -> bytes:
    return bytes(_make_subset(font, codes))


@lru_cache(maxsize=64)
def _compressed(data: bytes) -> bytes:
    return zlib.compress(data)


FONT, PROFILE = b"\0\1\0\0", b"acsp"  # how a TrueType font begins, and a colour profile from its 37th byte on


def _encode(self: Any, text: Any) -> bytes:
    """Compress a stream; cached for what most papers have in common, but not for a page."""
    data = text.encode() if isinstance(text, str) else bytes(text)
    is_common = data[:4] == FONT or data[36:40] == PROFILE
    return _compressed(data) if is_common else zlib.compress(data)


PLACES = (  # owner, name, replacement
    (context, "_file_digest", lru_cache(maxsize=32)(context._file_digest)),
    (context.pisaContext, "_parseCSSSource", _read_once),
    (context.pisaContext, "parseCSS", _parsed),
    (parser, "getCSSAttrCacheKey", _shape),
    (document, "reset_caches", util._string_widths.clear),  # of all its caches only what holds words of the paper
    (ttfonts.TTFontFile, "makeSubset", lambda self, codes: _subset_of(self, tuple(codes))),
    (pdfdoc.PDFStreamFilterZCompress, "encode", _encode),
)
THEIRS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in PLACES)


def install() -> None:
    """Switch the caches on for this process."""
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)


def remove() -> None:
    """Switch the caches off, for benchmarks."""
    for owner, name, theirs in THEIRS:
        setattr(owner, name, theirs)
