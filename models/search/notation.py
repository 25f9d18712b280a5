"""What somebody typed, cut into words, each in all its notations: jl.soekarno-hatta no.12, RT 3/RW 5, blok c-12."""

import re
from collections.abc import Iterable, Iterator

from models.search.likeness import spellings

Term = tuple[str, ...]  # pieces of words, any of which may stand there; the word as it was typed comes first
SHORT = 4  # letters of a word that is written together with its number
TRIGRAM = 3  # letters that the index looks for; a shorter piece is a word of its own, between blanks beside the text
IN_AREAS = 3  # digits in which an RT or RW is written: 3, 03, 003
_SIGNS, _NUMBER = r"[\s.:/-]*", r"\d{1,3}(?!\w)"
_AREA = (  # RT with RW behind it or not, and RW alone
    rf"(?<!\w)rt{_SIGNS}(?P<rt>{_NUMBER})(?:(?:\s*[/-]|[\s,.]*(?=rw)){_SIGNS}(?:rw{_SIGNS})?(?P<rw>{_NUMBER}))?"
    rf"|(?<!\w)rw{_SIGNS}(?P<alone>{_NUMBER})"
)
_NUMBERED = (  # a house, a block, a gang; no register number, which has more parts
    rf"(?<!\w)(?P<kind>no|nmr|nomer|nomor|gg|gang|blok|blk){_SIGNS}"
    rf"(?:(?P<letter>[a-z]){_SIGNS}(?:no(?:mor)?{_SIGNS})?)?(?P<number>\d{{1,4}}[a-z]?)(?!\w|[./-]\d)"
)
_PLACES = re.compile(f"{_AREA}|{_NUMBERED}")
_JOINED = re.compile(r"[^\W\d_]+(?:[./-]+[^\W\d_]+)+")
_HOUSE = re.compile(r"[0-9]{1,4}")
_ENDS = re.compile(r"^[^\w]+|[^\w]+$")
_GREETING = re.compile(r"\byang terhormat\b")


def notations_of(typed: str) -> Iterator[Term]:
    """The words of it in small letters, in their order."""
    end, text = 0, _GREETING.sub("yth", typed)
    for place in _PLACES.finditer(text):
        yield from _plain(text[end : place.start()])
        yield from _numbered(place)
        end = place.end()
    yield from _plain(text[end:])


def _plain(text: str) -> Iterator[Term]:
    """Words as they stand; what signs hold together is cut where it is all letters, so that a date stays whole."""
    for word in filter(None, (_ENDS.sub("", word) for word in text.split())):
        parts = re.split(r"[./-]+", word) if _JOINED.fullmatch(word) else [word]
        yield from (_with_number("no", part)[1] if _HOUSE.fullmatch(part) else spellings(part) for part in parts)


def _numbered(place: re.Match[str]) -> Iterator[Term]:
    if place["kind"] and place["letter"]:
        yield spellings(place["kind"])
        yield from _with_number(place["letter"], place["number"])
    elif place["kind"]:
        said_anyway = _numbers(place["number"], 2) if "nomor" in spellings(place["kind"]) else ()
        yield from _with_number(place["kind"], place["number"], instead=said_anyway)
    elif place["rt"]:
        yield from _with_number("rt", place["rt"], IN_AREAS)
        if place["rw"]:
            pairs = zip(_numbers(place["rt"], IN_AREAS), _numbers(place["rw"], IN_AREAS), strict=True)
            yield from _with_number("rw", place["rw"], IN_AREAS, tuple(f"{rt}/{rw}" for rt, rw in pairs))
    else:
        yield from _with_number("rw", place["alone"], IN_AREAS)


def _with_number(kind: str, number: str, digits: int = 2, instead: Term = ()) -> tuple[Term, Term]:
    """The two words, either of which may stand together with the other; `instead` says what the first does: Melati 7 is
    Melati No. 7, and RT 3/5 is RT 3 RW 5."""
    words, numbers = spellings(kind), _numbers(number, digits)
    together = tuple(f"{word}{one}" for word in words if len(word) <= SHORT for one in numbers)
    return least((*words, *together, *instead)), least((number, *numbers, *together))


def _numbers(number: str, digits: int) -> Term:
    """The number without a nought before it, and with noughts up to so many digits."""
    plain = number.lstrip("0") or "0"
    return tuple(plain.zfill(width) for width in range(1, digits + 1))


def least(pieces: Iterable[str]) -> Term:
    """The first of them, and those of the others that hold no other one: whatever these find, those find too."""
    first, *others = dict.fromkeys(pieces)
    every = [one for one in (first, *others) if len(one) >= TRIGRAM]
    return (first, *(one for one in others if not any(other in one for other in every if other != one)))
