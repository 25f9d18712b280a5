"""Spelling correction: words one letter off, or most similar, in the readable texts and in the office's lists.

The selected texts and the statements depend only on the typed word and on the cases that the user may read.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from models.complaint.repeats import is_of_places
from models.complaint.search_words import SearchScope, Term
from models.office.lists import Category, Kelurahan
from models.store import master_cache

SHORTEST = 4  # letters of a word that is corrected; shorter words have too many neighbours
LEFT_OUT_ONE = 7  # letters of the longest word in which each letter is left out on its own
LOOKED_AT = 120  # newest texts with the unchanged parts of a word
OFFERED, NEAREST = 3, 2
LIKE, FARTHEST = 0.4, 3  # minimum share of common bigrams, and maximum difference in length
ENDED_BY, SELECTIVE = " .,", 5  # characters after a word; letters from which an ending is selective without them
_LETTER = "[a-z]"  # in lower-case text without accents
_WORD = re.compile(r"[^\W\d_]{3,}")


class PieceOfWord(NamedTuple):
    """A part of a word: the search term for texts with it, and the pattern of words with it."""

    term: Term
    words: str


def begins(letters: str, length: int, off: int) -> PieceOfWord:
    """Words that begin with these letters, of about that length."""
    return PieceOfWord((f" {letters}",), rf"\b{letters}{_rest(letters, length, off)}\b")


def ends(letters: str, length: int, off: int) -> PieceOfWord:
    """Words that end with these letters; a short ending is searched with the character after it, to be selective."""
    term = tuple(f"{letters}{sign}" for sign in ENDED_BY) if len(letters) < SELECTIVE else (letters,)
    return PieceOfWord(term, rf"\b{_rest(letters, length, off)}{letters}\b")


def _rest(letters: str, length: int, off: int) -> str:
    return f"{_LETTER}{{{max(0, length - off - len(letters))},{length + off - len(letters)}}}"


def is_one_letter_off(word: str, other: str) -> bool:
    """Whether the words differ by one inserted, deleted, replaced or transposed letter."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    a, b = word[start:], other[start:]
    swapped = len(a) == len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def may_be_mistyped(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and not is_of_places(word)


def near_words(word: str, other_terms: Sequence[Term], sight: SearchScope, *, anywhere: bool = True) -> list[str]:
    """Corrections of a word, likeliest first: from texts with the other terms, else from any."""

    def is_near(other: str) -> bool:
        return is_one_letter_off(word, other)

    likely = Counter(filter(is_near, _known_names()))
    for others in ([*other_terms], []) if other_terms and anywhere else ([*other_terms],):
        likely += _counted_words(others, _halves(word) if others else _all_but_some(word), is_near, sight)
        if likely:
            break
    return sorted(likely, key=lambda other: (other[0] != word[0], -likely[other], other))[:OFFERED]


def nearest_words(word: str, sight: SearchScope) -> list[str]:
    """The most similar words by common bigrams, of those that begin or end alike."""
    if len(word) < SHORTEST - 1 or not word.isalpha():
        return []
    own = _bigrams(word)

    def likeness(other: str) -> float:
        theirs = _bigrams(other)
        return 2 * len(own & theirs) / (len(own) + len(theirs))

    def is_like(other: str) -> bool:
        return other != word and likeness(other) >= LIKE

    alike = Counter(filter(is_like, _known_names()))
    an_end = _either(begins(word[:3], len(word), FARTHEST), ends(word[-3:], len(word), FARTHEST))
    # The first letter is rarely wrong; it is searched with each second one, as the index needs trigrams.
    first_letter = tuple(f" {word[0]}{letter}" for letter in ascii_lowercase)
    same_letter = PieceOfWord(first_letter, begins(word[0], len(word), FARTHEST).words)
    alike += _counted_words([], [[an_end], [same_letter]], is_like, sight)
    return sorted(alike, key=lambda other: (-likeness(other), -alike[other], other))[:NEAREST]


def _bigrams(word: str) -> set[str]:
    plain = f" {word} "
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _counted_words(
    other_terms: Sequence[Term],
    ways: Sequence[Sequence[PieceOfWord]],
    fits: Callable[[str], bool],
    sight: SearchScope,
) -> Counter[str]:
    """Fitting words with one of the pieces of a way, counted by text: in the newest texts with all pieces of that way
    and the other terms."""
    counted: Counter[str] = Counter()
    searches = [[*other_terms, *(piece.term for piece in pieces)] for pieces in ways]
    for pieces, texts in zip(ways, sight.texts(searches, LOOKED_AT), strict=True):
        words = re.compile("|".join(piece.words for piece in pieces))
        for text in texts:
            counted.update(set(words.findall(text.lower())))
    return Counter({word: count for word, count in counted.items() if fits(word)})


def _halves(word: str) -> list[list[PieceOfWord]]:
    """The two halves of a word, one of which has no mistake: for the few texts with the other terms."""
    length, half = len(word), len(word) // 2
    return [[_either(begins(word[:half], length, 1), ends(word[half:], length, 1), _swapped(word, half, half + 1))]]


def _all_but_some(word: str) -> list[list[PieceOfWord]]:
    """Beginning and end of a word with one letter left out: a half alone would match too many texts. Of a long word
    three letters, which also covers a transposition."""
    length = len(word)
    left_out = 3 if length > LEFT_OUT_ONE else 1
    most = max(left_out, 2)
    last = length - left_out - 2
    around = sorted({*range(2, last + 1, most - 1), last}) if last > 1 else []
    whole = [begins(word[:-most], length, 1), ends(word[most:], length, 1)]
    whole += [] if left_out > 1 else [_swapped(word, 2, length - 1)]
    both = [[begins(word[:at], length, 1), ends(word[at + left_out :], length, 1)] for at in around]
    return [[_either(*whole)], *both]


def _either(*pieces: PieceOfWord) -> PieceOfWord:
    terms = tuple(part for piece in pieces for part in piece.term)
    return PieceOfWord(terms, "|".join(piece.words for piece in pieces))


def _swapped(word: str, first: int, end: int) -> PieceOfWord:
    """The word with two adjacent letters transposed, at each index from `first` to before `end`."""
    others = [word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in range(first, end)]
    return PieceOfWord(tuple(f" {other}" for other in others), rf"\b(?:{'|'.join(others)})\b")


def _known_names() -> set[str]:
    """The words in the office's lists of kelurahan and categories."""
    areas, categories = master_cache.rows_by_id(Kelurahan).values(), master_cache.rows_by_id(Category).values()
    names = [*(name for area in areas for name in (area.name, area.kecamatan)), *(row.name for row in categories)]
    return {word for name in names for word in _WORD.findall(name.lower())}
