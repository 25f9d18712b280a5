"""What somebody typed, as words and their Indonesian forms: ber-, me- and what it does to a sound, di-, -kan, -an."""

from collections.abc import Iterator

from models.search.notation import Term, notations_of
from models.search.texts import without_marks

WORDS, LETTERS = 12, 100  # of what somebody types; the rest is not looked at
FEWEST = 2  # letters or digits that say something
ROOT = 4  # letters of the shortest root that is looked for: a shorter one stands in every text
_VOWELS = "aeiou"
_SUFFIXES = ("kannya", "annya", "inya", "nya", "kan", "an", "i")
_PLAIN = ("memper", "diper", "ber", "ter", "per", "di", "ke")
_NASAL = {  # a prefix, and what its nasal may have taken the place of
    "meny": "s",
    "peny": "s",
    "meng": "k",
    "peng": "k",
    "mem": "p",
    "pem": "p",
    "men": "t",
    "pen": "t",
    "me": "",
    "pe": "",
}
_SOFTENED = {"s": "ny", "k": "ng", "p": "m", "t": "n"}


def terms_of(typed: str) -> list[Term]:
    """What was typed as terms, all of which must stand in a case; none if it says too little to look for."""
    terms = list(dict.fromkeys(notations_of(without_marks(typed[:LETTERS]).lower())))[:WORDS]
    return terms if sum(len(term[0]) for term in terms) >= FEWEST else []


def forms_of(word: str) -> Term:
    """The word, and the pieces that its other forms have in common: memukul, dipukul and pukulan for pemukulan."""
    if len(word) < ROOT or not word.isalpha():
        return (word,)
    roots = {root for stem in _without_suffix(word) for root in _without_prefix(stem) if len(root) >= ROOT}
    pieces = {word, *roots, *(_SOFTENED[root[0]] + root[1:] for root in roots if _can_soften(root))}
    least = (one for one in pieces if not any(other in one for other in pieces if other != one))
    return tuple(sorted(least, key=lambda one: (len(one), one)))


def _without_suffix(word: str) -> Iterator[str]:
    yield word
    yield from (word.removesuffix(end) for end in _SUFFIXES if word.endswith(end))


def _without_prefix(stem: str) -> Iterator[str]:
    yield stem
    yield from (stem.removeprefix(start) for start in _PLAIN if stem.startswith(start))
    for start, taken in _NASAL.items():
        rest = stem.removeprefix(start)
        if rest != stem and rest:
            yield taken + rest if rest[0] in _VOWELS else rest
            if taken == "k":  # mengambil, mengirim
                yield rest


def _can_soften(root: str) -> bool:
    return root[0] in _SOFTENED and root[1] in _VOWELS
