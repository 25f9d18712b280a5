"""Columns of ruled tables: their widths by what the whole table holds, and the lines of their cells."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from papers.engine.arabic import shape_arabic
from papers.layout.glyphs import Runs, emoji_in_words, font_with_arabic, plain_or_arabic, whole_arabic, width
from sop.words import MONTHS

FONTS = {
    "text": "LiberationSans-Regular",
    "bold": "LiberationSans-Bold",
    "sign": "DejaVuSans",
    "arab": "NotoNaskhArabic-Regular",
}
SIZE, PAD = 9, 2.8  # points: of the letters, and left and right of them
_WIDEST = 0.25  # of the table: what a single word may claim for its column


def printable_cell(text: str) -> str:
    """Emoji in words, Arabic shaped, ▯ for missing glyphs, without invisible characters."""
    return shape_arabic(plain_or_arabic(emoji_in_words(text)))


def column_widths(
    heads: Sequence[str], least: Sequence[float], is_number: Sequence[bool], rows: list[list[str]], room: float
) -> list[float]:
    """Widths (pt) by what the columns hold: no word is broken if there is room, whole numbers come next, and the rest
    goes step by step where it lowers tall cells most; what lowers none is spread over the columns of texts."""
    columns = [_ColumnTexts(head, [row[place] for row in rows]) for place, head in enumerate(heads)]
    widths = [max(wide, few) for wide, few in zip((_claimed(of.piece, room) for of in columns), least, strict=True)]
    if (needed := sum(widths)) > room:
        return [wide * room / needed for wide in widths]
    for place in sorted(range(len(columns)), key=lambda place: columns[place].number - columns[place].piece):
        more = _claimed(columns[place].number, room) - widths[place]
        widths[place] += more if 0 < more <= room - sum(widths) else 0
    step = (room - sum(widths)) / _STEPS
    lowered = [of.tallness(wide) - of.tallness(wide + step) for of, wide in zip(columns, widths, strict=True)]
    for _ in range(_STEPS):
        if not any(lowered):
            break
        place = lowered.index(max(lowered))
        widths[place] += step
        of, wide = columns[place], widths[place]
        lowered[place] = of.tallness(wide) - of.tallness(wide + step)
    return _spread(widths, is_number, room)


def _claimed(word: float, room: float) -> float:
    """The width of a column that holds this word."""
    return min(word, room * _WIDEST) + 2 * PAD + _HAIR


def _spread(widths: list[float], is_number: Sequence[bool], room: float) -> list[float]:
    """The widths with what is left of the room spread over the columns of texts."""
    texts = sum(wide for wide, number in zip(widths, is_number, strict=True) if not number)
    factor = 1 + (room - sum(widths)) / texts
    return [wide if number else wide * factor for wide, number in zip(widths, is_number, strict=True)]


_HAIR = 0.1  # points: rounding
_STEPS = 80  # portions of the room that is left
_ON_PAGE = 10  # rows, about: the head stands over so many
_TALL = 4  # the power to which the lines of a cell count: one cell of eight is as bad as sixteen of four


class _ColumnTexts:
    """How wide (pt) a column's texts are: its longest piece of a word, its longest number, and each line as typed."""

    def __init__(self, head: str, texts: list[str]) -> None:
        words = {word for text in texts for line in text.splitlines() for word in _words(line)}
        self.number = _widest({word for word in words if any(map(str.isdigit, word))}, "text")
        pieces = {piece for word in words for piece in _PIECE.findall(word)}
        self.piece = max(_widest(pieces, "text"), _widest(_words(head), "bold"))
        self.cells = [([SIZE * text_width(head, "bold")], len(texts) // _ON_PAGE + 1)]
        self.cells += [
            ([SIZE * text_width(line, "text") for line in text.splitlines()], count)
            for text, count in Counter(texts).items()
        ]

    def tallness(self, wide: float) -> float:
        """Of all cells in this width; the lines of a text are counted in fractions."""
        room = (wide - 2 * PAD) / _LOOSE
        return sum(count * sum(max(line / room, 1) for line in lines) ** _TALL for lines, count in self.cells)


def _widest(words: Iterable[str], font: str) -> float:
    return SIZE * max((text_width(word, font) for word in words), default=0)


_LOOSE = 1.12  # what lines that end at a space take more than their letters
_PIECE = re.compile(r"[^/-]+[/-]*|[/-]+")  # a word may be broken behind a slash or a hyphen


def font_runs(line: str, font: str) -> Runs:
    """A line as runs of one font; usually one run."""
    kinds = groupby(line, key=lambda letter: {"text": font, "blank": font}.get(of := font_with_arabic(letter), of))
    return whole_arabic((kind, "".join(letters)) for kind, letters in kinds)


def text_width(words: str, font: str) -> float:
    return sum(width(part, FONTS[kind]) for kind, part in font_runs(words, font))


_UNITS = frozenset((*MONTHS, "menit", "jam", "hari"))
_YEAR = re.compile(r"[(]?[0-9]{4}[).,;:]*")


def _words(line: str) -> list[str]:
    """The words of a line; a number stays with the month or unit after it, a year with its date, and a dash with what
    it follows."""
    words: list[str] = []
    for word in line.split():
        before = words[-1].lstrip("(") if words else ""
        if (before.isdigit() and word.strip("().,;:") in _UNITS) or (
            before.rpartition(" ")[2] in MONTHS and _YEAR.fullmatch(word)
        ):
            words[-1] += f" {word}"
        elif words and word == "–":
            words[-1] += " –"
        else:
            words.append(word)
    return words


def cell_lines(text: str, room: float, font: str) -> Iterator[str]:
    """Wrap a text to a column's width (em) at spaces; a word that is wider is split."""
    for paragraph in text.splitlines():
        line = ""
        for word in _words(paragraph):
            if line and text_width(f"{line} {word}", font) <= room:
                line = f"{line} {word}"
                continue
            if line:
                yield line
            *cut, line = _split_word(word, room, font)
            yield from cut
        if line:
            yield line


def _split_word(word: str, room: float, font: str) -> list[str]:
    """Split a word into parts that fit, preferably after a space, slash or hyphen, as in papers' numbers."""
    parts, part = [], ""
    for letter in word if text_width(word, font) > room else ():
        if part and text_width(part + letter, font) > room:
            at = max(part.rfind("/"), part.rfind("-"), part.rfind(" ")) + 1 or len(part)
            parts.append(part[:at].rstrip())
            part = part[at:]
        part += letter
    return [*parts, part] if part else [word]
