"""What room a text takes, worked out before it is set: by the widths of the letters as they are printed."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from models.records.fields import FORMAT
from papers.layout.formats import letters_of
from papers.layout.letters import face

_LETTERS = letters_of(FORMAT)
_TAG = re.compile(r"<[^>]*>")
_PLAIN, _SIGNS, _FOREIGN = 1.17, 1.2, 2.0  # height of a line of which letters, in multiples of the size
_OTHERS = ("DejaVuSans", "NotoNaskhArabic-Regular")
_SPARE = 1.5  # pt: where printer and we might round apart, we count the line that is one more


@lru_cache(maxsize=2048)
def line_count(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Lines of one paragraph in a column of `room` (pt): never fewer than the printer sets."""
    most = (room - _SPARE) / size
    count, used = 1, 0.0
    for wide in _pieces(text, most, bold):
        if used and used + wide > most:
            count, used = count + 1, 0.0
        used += wide + _letter_width(" ", bold)
    return count


def text_height(text: str, room: float, size: float, *, bold: bool = False, signs: bool = False) -> float:
    """The height of one paragraph (pt); `signs` where a box to tick stands before it."""
    return line_count(text, room, size, bold=bold) * size * max(_line_height(text), _SIGNS if signs else _PLAIN)


@lru_cache(maxsize=1024)
def _line_height(text: str) -> float:
    letters = {ord(letter) for letter in as_printed(text) if not letter.isspace()}
    strange = letters - face("LiberationSans-Regular").charToGlyph.keys()
    return (_FOREIGN if strange - face("DejaVuSans").charToGlyph.keys() else _SIGNS) if strange else _PLAIN


def begins_with(text: str, lines: int, room: float, size: float) -> str:
    """As many words from the beginning as stand in so many lines; of a single word that is longer its letters."""
    words = text.split()
    while line_count(" ".join(words), room, size) > lines:
        words = words[:-1] or [words[0][:-8]]
    return " ".join(words)


def _pieces(text: str, most: float, bold: bool) -> Iterator[float]:
    """The widths of the words, in multiples of the size; one that no line holds comes in pieces."""
    for word in as_printed(text).split():
        wide = 0.0
        for letter in word:
            more = _letter_width(letter, bold)
            if wide and wide + more > most:
                yield wide
                wide = 0.0
            wide += more
        yield wide


@lru_cache(maxsize=256)
def as_printed(text: str) -> str:
    """The letters that a paper has for a text, in whichever font."""
    return html.unescape(_TAG.sub("", str(_LETTERS(text))))


@lru_cache(maxsize=4096)
def _letter_width(letter: str, bold: bool) -> float:
    """Of a letter in the first of our fonts that has it; one of another font is taken for a wide one."""
    for name in ("LiberationSans-Bold" if bold else "LiberationSans-Regular", *_OTHERS):
        if ord(letter) in face(name).charToGlyph:
            return float(face(name).charWidths[ord(letter)] / 1000)
    return 1.0
