"""Words that one wrong letter leads away from, or that are nearest: in what the person may open, and the city's names.

Which texts are looked at, and by which statements, depends on the word that was typed and on what he may open.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from models.complaint.repeats import is_of_places
from models.complaint.search_words import Sight, Term
from models.office.lists import Category, Kelurahan

SHORTEST = 4  # letters of a word that may be mistyped; of fewer every other word is one letter away
LEFT_OUT_ONE = 7  # letters of the longest word of which each letter is left out by itself
LOOKED_AT = 120  # of the newest texts that hold what a wrong letter leaves whole
OFFERED, NEAREST = 3, 2
LIKE, FARTHEST = 0.4, 3  # pairs of letters that the nearest have in common, and letters by which they are longer
ENDED_BY, TELLING = " .,", 5  # letters that stand at the end of few other words, and hardly in one
_LETTER = "[a-z]"  # of a text in small letters without accents
_WORD = re.compile(r"[^\W\d_]{3,}")


class PieceOfWord(NamedTuple):
    """What of a word is looked for in the texts, and the pattern of the words that hold it."""

    term: Term
    words: str


def begins(letters: str, length: int, off: int) -> PieceOfWord:
    """A word that begins so, of about that length."""
    return PieceOfWord((f" {letters}",), rf"\b{letters}{_rest(letters, length, off)}\b")


def ends(letters: str, length: int, off: int) -> PieceOfWord:
    """A word that ends so; a text goes on with a blank or a sign, which tells few letters from the middle of a word."""
    term = tuple(f"{letters}{sign}" for sign in ENDED_BY) if len(letters) < TELLING else (letters,)
    return PieceOfWord(term, rf"\b{_rest(letters, length, off)}{letters}\b")


def _with_its_letter(word: str) -> PieceOfWord:
    """A word with the same first letter, which few get wrong: two letters and a blank are what an index looks for."""
    pieces = tuple(f" {word[0]}{letter}" for letter in ascii_lowercase)
    return PieceOfWord(pieces, begins(word[0], len(word), FARTHEST).words)


def _rest(letters: str, length: int, off: int) -> str:
    return f"{_LETTER}{{{max(0, length - off - len(letters))},{length + off - len(letters)}}}"


def is_one_letter_off(word: str, other: str) -> bool:
    """Whether a letter too many, too few, another, or two that changed places make the one of the other."""
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


def near_words(word: str, beside: Sequence[Term], sight: Sight, *, anywhere: bool = True) -> list[str]:
    """What may have been meant, the likeliest first: in texts that hold the other terms, else in any."""

    def is_near(other: str) -> bool:
        return is_one_letter_off(word, other)

    likely = Counter(filter(is_near, _known_names()))
    for others in ([*beside], []) if beside and anywhere else ([*beside],):
        for pieces in _all_but_some(word) if not others else _halves(word):
            likely += _words_beside(others, pieces, is_near, sight)
        if likely:
            break
    return sorted(likely, key=lambda one: (one[0] != word[0], -likely[one], one))[:OFFERED]


def nearest_words(word: str, sight: Sight) -> list[str]:
    """The words with most pairs of letters in common with it, of some that begin or end as it does."""
    if len(word) < SHORTEST - 1 or not word.isalpha():
        return []
    own = _pairs(word)

    def likeness(other: str) -> float:
        theirs = _pairs(other)
        return 2 * len(own & theirs) / (len(own) + len(theirs))

    def is_like(other: str) -> bool:
        return other != word and likeness(other) >= LIKE

    alike = Counter(filter(is_like, _known_names()))
    an_end = _either(begins(word[:3], len(word), FARTHEST), ends(word[-3:], len(word), FARTHEST))
    for piece in (an_end, _with_its_letter(word)):
        alike += _words_beside([], [piece], is_like, sight)
    return sorted(alike, key=lambda one: (-likeness(one), -alike[one], one))[:NEAREST]


def _pairs(word: str) -> set[str]:
    plain = f" {word} "
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _words_beside(
    beside: Sequence[Term], pieces: Sequence[PieceOfWord], fits: Callable[[str], bool], sight: Sight
) -> Counter[str]:
    """The words that hold one of the pieces, by the texts in which they stand: of the newest that hold all pieces."""
    words = re.compile("|".join(piece.words for piece in pieces))
    counted: Counter[str] = Counter()
    for text in sight.texts([*beside, *(piece.term for piece in pieces)], LOOKED_AT):
        counted.update(set(words.findall(text.lower())))
    return Counter({one: count for one, count in counted.items() if fits(one)})


def _halves(word: str) -> list[list[PieceOfWord]]:
    """Pieces of the word, of which one wrong letter leaves one as it is: for the few texts that hold other words."""
    length, half = len(word), len(word) // 2
    return [[_either(begins(word[:half], length, 1), ends(word[half:], length, 1), _swapped(word, half, half + 1))]]


def _all_but_some(word: str) -> list[list[PieceOfWord]]:
    """Its beginning and its end, with no more left out than one letter: so many texts hold but a half of a word that
    not all can be looked at. Of a long word three, which two that changed places do not outgrow."""
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
    return PieceOfWord(tuple(one for piece in pieces for one in piece.term), "|".join(piece.words for piece in pieces))


def _swapped(word: str, first: int, end: int) -> PieceOfWord:
    """The word, one of its letters from the first on in the place of the one before."""
    others = [word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in range(first, end)]
    return PieceOfWord(tuple(f" {other}" for other in others), rf"\b(?:{'|'.join(others)})\b")


def _known_names() -> set[str]:
    """The words of the office's own lists."""
    lists = (Kelurahan.select(Kelurahan.name, Kelurahan.kecamatan), Category.select(Category.name))
    return {word for rows in lists for row in rows.tuples() for name in row for word in _WORD.findall(name.lower())}
