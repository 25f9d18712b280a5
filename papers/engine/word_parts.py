"""Where a word that is wider than its line is parted.

A word is parted behind one of its own signs (/ . - @) or between two syllables, by pyphen's patterns of Indonesian, and
there with a hyphen. Numbers and addresses get none, because it would be read as a part of them. The hyphen is the plain
one: readers put a word together at it for search and copy, which most of them do not at a soft one (U+00AD).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

HYPHEN = "-"
WHOLE = "\ufffc"  # in the place of a piece that may not be parted
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_SIGN = re.compile(r"[/.\-@\xa0]+(?=.)|(?<=[^\d\W])[,;:)](?=[^\d\W])")
_ADDRESS = re.compile(r"@|://|^www\.", re.IGNORECASE)
_VOWEL = re.compile("[aeiouéèêàâîôûäëïöü]", re.IGNORECASE)
_hyphenated: ContextVar[bool] = ContextVar("hyphenated", default=False)


@contextmanager
def hyphenated(wanted: bool) -> Iterator[None]:
    """Within the block words are parted by these rules; without them, as papers of the first formats, anywhere."""
    before = _hyphenated.set(wanted)
    try:
        yield
    finally:
        _hyphenated.reset(before)


def is_hyphenated() -> bool:
    return _hyphenated.get()


def parts_of(word: str, widths: Sequence[float], room: float, hyphen: float) -> list[tuple[int, str]]:
    """A word's parts for lines of `room`: where each ends, and the hyphen or nothing behind it; `widths` are those of
    its letters, `hyphen` that of a hyphen."""
    edges, start, end = [0.0, *accumulate(widths)], 0, len(word)
    if edges[end] <= room:
        return [(end, "")]
    marks, preferred = _breaks(word)
    parts = list[tuple[int, str]]()
    while edges[end] - edges[start] > room:
        reach = _within_reach(edges, start, marks, room, hyphen)
        good = [at for at in reach if at in preferred]
        # behind a sign, if what follows then needs no other break
        by_sign = [at for at in good if not marks[at] and edges[end] - edges[at] <= room]
        start = (by_sign or good or reach or [_next_after(marks, start, end)])[-1]
        if start == end:
            break
        parts.append((start, marks[start]))
    return [*parts, (end, "")]


def _within_reach(edges: list[float], start: int, marks: dict[int, str], room: float, hyphen: float) -> list[int]:
    """The places where a part that begins at `start` may end in its line."""
    last = bisect_right(edges, edges[start] + room) - 1
    places = (at for at in range(start + 1, last + 1) if at in marks)
    return [at for at in places if edges[at] - edges[start] + hyphen * len(marks[at]) <= room]


def _next_after(marks: dict[int, str], start: int, end: int) -> int:
    return next((at for at in range(start + 1, end) if at in marks), end)


def _breaks(word: str) -> tuple[dict[int, str], set[int]]:
    """Each place where a word may be parted with what is drawn there, and the places that are better than others."""
    signs = {sign.end() for sign in _SIGN.finditer(word)}
    syllables = {at + run.start() for run in _LETTERS.finditer(word) for at in _syllables(run.group())}
    marks = _marks(word, sorted({0, *signs, len(word)}))
    return marks, {at for at, mark in marks.items() if at in signs or (mark and at in syllables)}


def _marks(word: str, edges: list[int]) -> dict[int, str]:
    """What is drawn where a word may be parted; `edges` are those of the pieces between its signs."""
    marks, is_address = dict[int, str](), bool(_ADDRESS.search(word))
    for first, last in pairwise(edges):
        plain = is_address or any(letter.isdigit() for letter in word[first:last])
        marks |= {at: "" if plain else _mark_between(*word[at - 1 : at + 1]) for at in range(first + 1, last)}
        marks[last] = ""
    return {at: mark for at, mark in marks.items() if at < len(word) and WHOLE not in word[at - 1 : at + 1]}


def _mark_between(before: str, after: str) -> str:
    return HYPHEN if before.isalpha() and after.isalpha() else ""


@lru_cache(maxsize=1)
def _patterns() -> Any:
    from pyphen import Pyphen  # imported here: few papers have a word that is wider than its line

    return Pyphen(lang="id_ID")


def _syllables(letters: str) -> list[int]:
    """Where syllables of a word of letters end. A consonant that the patterns leave alone, as in some names, goes along
    with the letters behind it."""
    ends = [0, *_patterns().positions(letters)]
    return [at for before, at in pairwise(ends) if _VOWEL.search(letters[before:at]) and _VOWEL.search(letters[at:])]
