"""Words that one wrong letter leads away from, taken from what the person may open, or from the city's own names."""

import re
from collections import Counter
from collections.abc import Sequence

from models.office.lists import Category, Kelurahan
from models.search.forms import Term
from models.search.words import Sight

SHORTEST = 4  # letters of a word that may be mistyped; of fewer every other word is one letter away
HALVED = 6  # letters of a word either half of which makes a trigram
LOOKED_AT = 120  # of the newest texts that hold what a wrong letter leaves whole
OFFERED = 3
_WORD = re.compile(r"[^\W\d_]{3,}")


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


def near_words(word: str, beside: Sequence[Term], sight: Sight) -> list[str]:
    """What may have been meant, the likeliest first: in texts that hold the other terms, else in any."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    likely = Counter({name: 1 for name in _known_names() if is_one_letter_off(word, name)})
    for others in ([*beside], []) if beside else ([],):
        for piece in _left_whole(word):
            for text in sight.texts([*others, (piece,)], LOOKED_AT):
                likely.update(one for one in set(_WORD.findall(text.lower())) if is_one_letter_off(word, one))
        if likely:
            break
    ranked = sorted(likely, key=lambda one: (one[0] != word[0], -likely[one], one))
    return ranked[:OFFERED]


def _left_whole(word: str) -> list[str]:
    """Pieces of the word of which one wrong letter leaves at least one as it is."""
    half = len(word) // 2
    if len(word) < HALVED:
        return [f" {word[:2]}", f"{word[-2:]} "]
    swapped = [word[: half - 1], word[half + 1 :]] if len(word) >= HALVED + 2 else []
    return [word[:half], word[half:], *swapped]


def _known_names() -> set[str]:
    """The words of the office's own lists."""
    lists = (Kelurahan.select(Kelurahan.name, Kelurahan.kecamatan), Category.select(Category.name))
    return {word for rows in lists for row in rows.tuples() for name in row for word in _WORD.findall(name.lower())}
