"""Matching of rows: to kelurahan and office, to earlier rows with the same text, and the diff to the existing case.

Cities have kelurahan with the same names, so a name only counts together with its kecamatan, or with our city if the
row has no kecamatan. Other places are stored as text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from models.complaint.complaint import Complaint
from models.complaint.repeats import words_of
from models.complaint.scope import visible
from models.imports.batches import CHANGED, CLOSED, ImportRow, LiftedNumbers
from models.imports.incoming import IncomingCase
from models.office.lists import Kelurahan
from models.office.people import User
from models.office.settings import values
from models.store.base import among

_WORD = re.compile(r"[^\W_]+")
_EVERYWHERE = frozenset(("dan", "pemerintah", "kota", "dinas", "pemkot"))  # do not distinguish offices
_ABOVE = frozenset(("provinsi", "kabupaten", "kementerian", "republik"))  # words of other governments
_BEFORE_A_NAME = re.compile(r"(?:kelurahan|kel\.?|desa|ds\.?|kecamatan|kec\.?)\s+", re.IGNORECASE)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _name_key(text: str) -> str:
    return "".join(_words(_BEFORE_A_NAME.sub("", text)))


@dataclass(frozen=True)
class OwnPlaces:
    """The office's names and kelurahan, for deciding whether a row is its own; as of one day."""

    day: date

    @cached_property
    def _all(self) -> list[Kelurahan]:
        return list(Kelurahan.select().order_by(Kelurahan.id))

    @cached_property
    def kelurahan(self) -> dict[str, list[Kelurahan]]:
        """Active kelurahan by name; several kecamatan may have one of the same name."""
        named: dict[str, list[Kelurahan]] = {}
        for place in self._all:
            if place.active:
                named.setdefault(_name_key(place.name), []).append(place)
        return named

    @cached_property
    def kecamatan(self) -> frozenset[str]:
        """Names of all kecamatan, including those of inactive kelurahan. Empty if the office has no list."""
        return frozenset(_name_key(place.kecamatan) for place in self._all)

    @cached_property
    def _city(self) -> list[str]:
        return _words(values(self.day)["office.government"])[1:]  # "PEMERINTAH KOTA MALANG"

    @cached_property
    def _office(self) -> frozenset[str]:
        settings = values(self.day)
        return frozenset(_words(f"{settings['office.name']} {settings['office.government']}"))

    def kelurahan_of(self, case: IncomingCase) -> Kelurahan | None:
        """The kelurahan with this name and kecamatan; without a kecamatan but with our city, the only one with this
        name."""
        if self.is_elsewhere(case):
            return None
        named = self.kelurahan.get(_name_key(case.kelurahan), [])
        if case.kecamatan:
            return next((place for place in named if _name_key(place.kecamatan) == _name_key(case.kecamatan)), None)
        return named[0] if len(named) == 1 and case.city else None

    def is_elsewhere(self, case: IncomingCase) -> bool:
        """Whether its city is another one; without a city, whether its kecamatan is not one of ours."""
        if self._city and (city := _words(case.city)):
            return city not in (self._city, self._city[1:])
        return bool(case.kecamatan and self.kecamatan) and _name_key(case.kecamatan) not in self.kecamatan

    def is_others(self, case: IncomingCase) -> bool:
        """Whether it was assigned to another office: a name that shares no word with ours, or that of another
        government."""
        words = set(_words(case.office)) - _EVERYWHERE
        shared = words & (self._office - set(self._city))
        return bool(words - self._office) and (not shared or bool(words & _ABOVE))

    def named_place(self, case: IncomingCase) -> str:
        """Kelurahan, kecamatan and city as in the file; "" if it matches one of our kelurahan."""
        if self.kelurahan_of(case):
            return ""
        named = [case.kelurahan, case.kecamatan, *([case.city] if self.is_elsewhere(case) else [])]
        return ", ".join(filter(None, named))

    def destination(self, case: IncomingCase) -> str:
        """The destination of a row that is not ours."""
        return case.office if self.is_others(case) else self.named_place(case) or case.city


LEAST_WORDS = 8  # words; equal texts of at least this length are not a coincidence
Lines = dict[str, dict[str, int]]  # line by normalised text and place


def is_brief(case: IncomingCase) -> bool:
    """Whether the story is so short that equal texts may be different complaints."""
    return len(words_of(case.story)) < LEAST_WORDS


@dataclass(frozen=True)
class RepeatedRow:
    """The row that another one repeats, and whether it was answered."""

    line: int
    answered: bool


@dataclass
class EarlierTexts:
    """Texts of the rows of a file so far. Rows must be added in order of receipt, not in the order of the file.

    Two rows are the same if their words are equal and their places do not differ. For short texts place and pengadu
    must be equal as well, and one of them must be known. A repeat of an answered row is proposed as its duplicate. A
    repeat of an unanswered row is proposed as a separate case, since a duplicate would end without an answer. The user
    may decide otherwise, unless the repeat itself is answered, as its answer would be lost.
    """

    _earliest: Lines = field(default_factory=dict)
    _answered: Lines = field(default_factory=dict)

    def first_of(self, case: IncomingCase) -> RepeatedRow | None:
        """The row that it repeats, preferring an answered one."""
        words, place = _words_and_place(case)
        for by_words, answered in ((self._answered, True), (self._earliest, False)):
            lines = by_words.get(words, {})
            line = lines.get(place) or lines.get("")  # a missing place matches any
            if not line and not place:
                line = next(iter(lines.values()), 0)
            if line:
                return RepeatedRow(line, answered)
        return None

    def add(self, case: IncomingCase) -> None:
        words, place = _words_and_place(case)
        if words:
            for lines in (self._earliest, self._answered) if case.closed else (self._earliest,):
                lines.setdefault(words, {}).setdefault(place, case.line)


def _words_and_place(case: IncomingCase) -> tuple[str, str]:
    """Normalised text and place for comparison; "" if the row cannot repeat another."""
    place = " ".join(words_of(f"{case.place} {case.kelurahan} {case.kecamatan}"))
    if not is_brief(case):
        return " ".join(words_of(case.story)), place
    text = "\n".join((" ".join(words_of(f"{case.title} {case.story}")), case.name, place))
    return (text, "") if case.name or place else ("", "")


SAME, GONE, NEW = "", "gone", "new"
AROUND, MOST, LONGEST = 4, 60, 3_000  # words of context; words shown; words compared


class DifferencePiece(NamedTuple):
    """Consecutive words of a diff; `kind` is SAME, GONE or NEW."""

    words: str
    kind: str


def differences_of(
    contents: Iterable[tuple[ImportRow, IncomingCase]], user: User
) -> dict[int, tuple[DifferencePiece, ...]]:
    """Diffs by line, for rows whose case the user may open and has a different text."""
    changed = [(row, case) for row, case in contents if row.verdict in (CHANGED, CLOSED) and row.known_id]
    mine = visible(user, Complaint).where(among(Complaint.id, {row.known_id for row, _ in changed})) if changed else ()
    stories = {c.id: LiftedNumbers().without_numbers(c.__data__["story"]) for c in mine}
    pairs = (
        (row.line, stories[row.known_id], LiftedNumbers().without_numbers(case.story))
        for row, case in changed
        if row.known_id in stories
    )
    return {line: tuple(difference(old, new)) for line, old, new in pairs if old.split() != new.split()}


def difference(old: str, new: str) -> Iterator[DifferencePiece]:
    """Word diff of two texts, with shortened common parts, up to MOST words."""
    before, after = old.split()[:LONGEST], new.split()[:LONGEST]
    room = MOST
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if room <= 0:
            yield DifferencePiece("…", SAME)
            return
        if kind == "equal":
            words = after[c:d]
            room -= min(len(words), 2 * AROUND)
            ends = b == len(before) and d == len(after)
            yield DifferencePiece(_shortened(words, is_first=a == c == 0, is_last=ends), SAME)
            continue
        for words, is_of in ((before[a:b], GONE), (after[c:d], NEW)):
            if words:
                yield DifferencePiece(" ".join(words[: max(room, 1)]) + (" …" if len(words) > room else ""), is_of)
                room -= len(words)


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> str:
    """Common words, reduced to the context of the differences."""
    ahead, behind = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(words) <= ahead + behind:
        return " ".join(words)
    return " ".join((*words[:ahead], "…", *(words[-behind:] if behind else ())))
