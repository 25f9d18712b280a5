"""Columns of ruled tables and of lists: their widths by what the whole table holds; the lines of a ruled cell."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import groupby, permutations
from typing import NamedTuple

from papers.layout.glyphs import Runs, font_with_arabic, whole_arabic, width
from sop.words import MONTHS

FONTS = {
    "text": "LiberationSans-Regular",
    "bold": "LiberationSans-Bold",
    "sign": "DejaVuSans",
    "arab": "NotoNaskhArabic-Regular",
}
_WIDEST, _REASON = 0.32, 0.5  # of the table: what a single word may claim for its column, and a sentence of reasons


class Cell(NamedTuple):
    """Of a cell (pt): the size of its letters, and what is left and right of them; and the share of the table that a
    single word may claim for its column."""

    size: float
    pad: float
    widest: float


RULED = Cell(9, 3.9, 0.25)  # of a ruled table
LISTED = Cell(10, 4.8, 0.32)  # of a list, .list in _style.html, with half a rule


def list_widths(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    room: float,
    kinds: Sequence[str | float],
    text_least: float = 0,
) -> list[float]:
    """The filter `list_widths`: widths (mm) that fill a room (mm). A column's kind is "whole" if its lines stay whole,
    "reason" if they do up to half of the room, "text", which takes what is left, and is `text_least` (mm) wide at
    least, "note", which does not, or the least width (mm) of one that is filled in by hand, or has few words. Two
    columns of kind "shared" share their room so that the rows have the fewest lines."""
    columns = [
        ColumnTexts(head, [row[place] for row in rows], LISTED, is_whole=kind in ("whole", "reason"))
        for place, (head, kind) in enumerate(zip(heads, kinds, strict=True))
    ]
    own = {"text": text_least, "reason": 0, "whole": 0, "note": 0, "shared": _SHARED}
    least = [own[kind] * PT if isinstance(kind, str) else kind * PT for kind in kinds]
    for place, kind in enumerate(kinds):
        if kind == "reason":
            least[place] = columns[place].claimed(columns[place].piece, room * PT, _REASON)
    widths = column_widths(columns, least, [kind in ("text", "shared") for kind in kinds], room * PT)
    if shared := [place for place, kind in enumerate(kinds) if kind == "shared"]:
        first, second = shared
        both = widths[first] + widths[second]
        widths[first] = _with_fewest_lines(columns[first], columns[second], both, widths[first])
        widths[second] = both - widths[first]
    return [wide / PT for wide in widths]


class ColumnTexts:
    """The texts of a column with its head, of which all lines of a whole one stay whole."""

    def __init__(self, head: str, texts: Sequence[str], cell: Cell, *, is_whole: bool = False) -> None:
        self._cell, self._is_whole = cell, is_whole
        self._head, self._texts = head, texts

    @cached_property
    def _unparted(self) -> set[str]:
        lines = {line for text in self._texts for line in text.splitlines()}
        return lines if self._is_whole else {word for line in lines for word in _words(line)}

    @cached_property
    def number(self) -> float:
        """The width (pt) of its longest number."""
        return self._widest({word for word in self._unparted if _has_digits(word)}, "text")

    @cached_property
    def halved(self) -> float:
        """The width (pt) of its longest number, where those of papers stand in two lines."""
        return self._widest({half for word in self._unparted if _has_digits(word) for half in halves(word)}, "text")

    @cached_property
    def piece(self) -> float:
        """The width (pt) of what nothing breaks: pieces of words, or its lines if it is whole."""
        pieces = (
            self._unparted if self._is_whole else {piece for word in self._unparted for piece in _PIECE.findall(word)}
        )
        return max(self._widest(pieces, "text"), self._widest(_words(self._head), "bold"))

    @cached_property
    def longest(self) -> float:
        """The width (pt) of its longest line, as typed."""
        return self._widest({line for text in self._texts for line in text.splitlines()}, "text")

    @cached_property
    def _lines(self) -> list[tuple[list[float], int]]:
        """The widths (pt) of the lines of each cell as typed, and how often it occurs: the head about once a page."""
        cells = [([self._widest([self._head], "bold")], len(self._texts) // _ON_PAGE + 1)]
        for text, count in Counter(self._texts).items():
            cells.append(([self._widest([line], "text") for line in text.splitlines()], count))
        return cells

    def claimed(self, word: float, room: float, most: float = _WIDEST) -> float:
        """The width (pt) of a column of a table of `room` that holds this word, if it claims no more than `most`."""
        return min(word, room * most) + 2 * self._cell.pad + _HAIR

    def tallness(self, wide: float) -> float:
        """Of all cells in this width; the lines of a text are counted in fractions."""
        room = (wide - 2 * self._cell.pad) / _LOOSE
        return sum(count * sum(max(line / room, 1) for line in lines) ** _TALL for lines, count in self._lines)

    def lines_in(self, wide: float) -> list[int]:
        """How many lines each cell takes in this width."""
        room = (wide - 2 * self._cell.pad) / self._cell.size
        lines = {text: sum(1 for _ in cell_lines(text, room, "text")) for text in {*self._texts}}
        return [lines[text] for text in self._texts]

    def _widest(self, words: Iterable[str], font: str) -> float:
        return self._cell.size * max((text_width(word, font) for word in words), default=0)


def column_widths(
    columns: Sequence[ColumnTexts], least: Sequence[float], is_text: Sequence[bool], room: float
) -> list[float]:
    """Widths (pt) by what the columns hold: no word is broken if there is room, whole numbers come next, and the rest
    goes step by step where it lowers tall cells most; what lowers none is spread over the columns of texts."""
    widths = [max(of.claimed(of.piece, room), few) for of, few in zip(columns, least, strict=True)]
    if (needed := sum(widths)) > room:
        return [wide * room / needed for wide in widths]
    for place in sorted(range(len(columns)), key=lambda place: columns[place].number - columns[place].piece):
        more = columns[place].claimed(columns[place].number, room) - widths[place]
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
    return _spread(widths, is_text, room)


def _with_fewest_lines(first: ColumnTexts, second: ColumnTexts, both: float, now: float) -> float:
    """The width (pt) of the first of two columns that share a room: with it their rows have the fewest lines, and then
    their cells; of widths as good the one next to that which it has now."""
    least, most = (max(of.claimed(max(of.piece, of.number), both, 1), _SHARED * PT) for of in (first, second))
    steps = (least + (both - most - least) * step / _SHARES for step in range(_SHARES + 1))
    tried = [now, first.claimed(first.longest, both, 1), both - second.claimed(second.longest, both, 1), *steps]

    def height(wide: float) -> tuple[int, int, float]:
        rows = [*zip(first.lines_in(wide), second.lines_in(both - wide), strict=True)]
        return sum(max(row) ** 2 for row in rows), sum(sum(row) for row in rows), abs(wide - now)

    return min((wide for wide in tried if least <= wide <= both - most), key=height, default=now)


def with_lower_rows(
    columns: Sequence[ColumnTexts],
    widths: Sequence[float],
    least: Sequence[float],
    room: float,
    *,
    may_halve: bool,
) -> list[float]:
    """The widths (pt) of columns with room moved from one to another as long as the rows get lower by it; no column
    gets narrower than its `least` and its words. The numbers of papers stand in two lines each if they may be halved
    and that lowers the rows much."""
    whole, parted = (
        [
            max(of.claimed(max(of.piece, longest), room), few)
            for of, longest, few in zip(columns, numbers, least, strict=True)
        ]
        for numbers in ([of.number for of in columns], [of.halved for of in columns])
    )
    high, best = _lowered(columns, widths, whole)
    if not may_halve or parted == whole:
        return best
    narrow = [min(wide, few) if few < own else wide for wide, few, own in zip(widths, parted, whole, strict=True)]
    tallest = max(range(len(columns)), key=lambda place: columns[place].tallness(narrow[place]))
    narrow[tallest] += sum(widths) - sum(narrow)
    lower, other = _lowered(columns, narrow, parted)
    return other if lower <= high * _MUCH else best


def _lowered(
    columns: Sequence[ColumnTexts], widths: Sequence[float], least: Sequence[float]
) -> tuple[int, list[float]]:
    """How high the rows are after the moves, the highest counting most, and the widths; of rows as high those whose
    cells are most alike."""

    @cache
    def counts(place: int, wide: float) -> list[int]:
        return columns[place].lines_in(wide)

    @cache
    def unlike(place: int, wide: float) -> int:
        return sum(lines**2 for lines in counts(place, wide))

    def height(tried: Sequence[float]) -> tuple[int, int]:
        places = [*enumerate(tried)]
        rows = zip(*(counts(*place) for place in places), strict=True)
        return sum(max(row) ** 2 for row in rows), sum(unlike(*place) for place in places)

    best = (height(widths), [*widths])
    for step in _MOVES:
        while (moved := min(((height(of), of) for of in _moved(best[1], least, step)), default=best))[0] < best[0]:
            best = moved
    return best[0][0], best[1]


def _moved(widths: Sequence[float], least: Sequence[float], step: float) -> Iterator[list[float]]:
    """The widths with a step of room moved from one column to another, in each way."""
    for giver, taker in permutations(range(len(widths)), 2):
        if widths[giver] - step >= least[giver]:
            change = {giver: -step, taker: step}
            yield [wide + change.get(place, 0) for place, wide in enumerate(widths)]


def _spread(widths: list[float], is_text: Sequence[bool], room: float) -> list[float]:
    """The widths with what is left of the room spread over the columns of texts, or over all if none is of texts."""
    growing = is_text if any(is_text) else [True] * len(widths)
    factor = 1 + (room - sum(widths)) / sum(wide for wide, grows in zip(widths, growing, strict=True) if grows)
    return [wide * factor if grows else wide for wide, grows in zip(widths, growing, strict=True)]


PT = 72 / 25.4
HANG = "\u00a0" * 3  # before the lines of an entry that goes on, and the second of a number
_HAIR = 0.1  # points: rounding
_STEPS = 80  # portions of the room that is left
_SHARES, _SHARED = 40, 40  # how many ways two columns may share their room, and the least width of each (mm)
_MUCH = 0.6  # of the rows' height: so low they are worth parting numbers
_MOVES = (12, 6, 3)  # points of room that a column gives another one
_ON_PAGE = 10  # rows, about: the head stands over so many
_TALL = 4  # the power to which the lines of a cell count: one cell of eight is as bad as sixteen of four
_HALVINGS = 8
_LOOSE = 1.12  # what lines that end at a space take more than their letters
_BLANK = re.compile(r"[^\S\xa0]+")  # as the engine, which parts no line at a no-break space
_SLASH = re.compile(r"(?<=[^\W\d]{2})/(?=[^\W\d]{2})")  # between words, not amid a number or an abbreviation as a/n
_SHORT = 4  # letters of a last word that does not stand alone
_FULL = 2 / 3  # of its room: what the line before must still fill then
_JOINT = re.compile(r"(?<=\S)/ (?=\S)")
_PAPER_NUMBER = re.compile(r"(?=.*[0-9][.][0-9])[^/\s]+(/[^/\s]+){3,}")  # 400.9/5/35.73.999/2026, not PGD/5/XI/2026
_PIECE = re.compile(r"[^/-]+[/-]*|[/-]+")  # a word may be broken behind a slash or a hyphen


def _has_digits(word: str) -> bool:
    return any(map(str.isdigit, word))


def font_runs(line: str, font: str) -> Runs:
    """A line as runs of one font; usually one run."""
    kinds = groupby(line, key=lambda letter: {"text": font, "blank": font}.get(of := font_with_arabic(letter), of))
    return whole_arabic((kind, "".join(letters)) for kind, letters in kinds)


def text_width(words: str, font: str) -> float:
    return sum(width(part, FONTS[kind]) for kind, part in font_runs(words, font))


_UNITS = frozenset((*MONTHS, "menit", "jam", "hari"))
_TERMS = frozenset({("tindak", "lanjut"), ("Nota", "Dinas"), ("Berita", "Acara"), ("Jaminan", "Sosial")})
_YEAR = re.compile(r"[(]?[0-9]{4}[).,;:]*")
_TIME = re.compile(r"[0-9]{2}[.][0-9]{2}(–[0-9]{2}[.][0-9]{2})?[).,;:]*")


def _words(line: str) -> list[str]:
    """The words of a line; a number stays with the month or unit after it, a year with its date, a time with its year,
    minutes with their hours, a term together, and a dash with what it follows."""
    words: list[str] = []
    for word in _BLANK.split(line.strip()):
        if words and _stay_together(words[-1].lstrip("("), word):
            words[-1] += f" {word}"
        elif words and word == "–":
            words[-1] += " –"
        else:
            words.append(word)
    return words


def _stay_together(before: str, word: str) -> bool:
    """Whether a word stays with these words before it."""
    *_, second, last = ["", "", *before.split()]
    if last == "UPT" or (last, word.rstrip(").,;:")) in _TERMS:
        return True
    if last.isdigit():
        return word.strip("().,;:") in _UNITS or bool(second in MONTHS and _TIME.fullmatch(word))
    return bool(last in MONTHS and _YEAR.fullmatch(word)) or (last == "jam" and second.isdigit() and word.isdigit())


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


def balanced(text: str, room: float) -> list[str]:
    """The filter `balanced`: the lines of a text in a column's width (em), as few as it takes and about of one length,
    so that no word stands alone on the last."""
    if len(lines := list(cell_lines(text, room, "text"))) < 2:
        return lines
    fits, least = room, 0.0
    for _ in range(_HALVINGS):
        middle = (fits + least) / 2
        tried = list(cell_lines(text, middle, "text"))
        if len(tried) > len(lines) or any(text_width(word, "text") > middle for word in _words(text)):
            least = middle
        else:
            fits, lines = middle, tried
    *above, word = _BLANK.split(lines[-2])
    if above and len(_BLANK.split(lines[-1])) == 1 and text_width(f"{word} {lines[-1]}", "text") <= room:
        lines = [*lines[:-2], " ".join(above), f"{word} {lines[-1]}"]
    return lines


def halves(number: str) -> list[str]:
    """The two lines of a paper's number (400.9/5/BA/ and 35.73.999/2026, which hangs), parted behind the slash that
    makes their longer one shortest; another word as it is."""
    if not _PAPER_NUMBER.fullmatch(number):
        return [number]
    ends = [slash.end() for slash in re.finditer("/", number)]
    parted = ([number[:at], HANG + number[at:]] for at in ends)
    return min(parted, key=lambda lines: max(text_width(line, "text") for line in lines))


def name_lines(text: str, room: float) -> list[str]:
    """The lines of a text in a column's width (em), each as full as it gets; one may end behind a slash between two
    words, too. A very short word alone on the last takes the one before it along, unless it leaves a stub of a line."""
    lines = list(cell_lines(_SLASH.sub("/ ", text), room, "text"))
    *above, word = lines[-2].split() if lines[1:] else [""]
    together = f"{word} {lines[-1]}" if lines[1:] else ""
    before = " ".join(above)
    is_full = text_width(before, "text") >= room * _FULL
    if is_full and len(lines[-1]) <= _SHORT and text_width(together, "text") <= room:
        lines[-2:] = [before, together]
    return [_JOINT.sub("/", line) for line in lines]


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


def list_room(wide: float) -> float:
    """The filter `list_room`: the room (em) for the letters in a list's column of this width (mm)."""
    return (wide * PT - 2 * LISTED.pad) / LISTED.size
