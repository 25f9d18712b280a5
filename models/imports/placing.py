"""Where a row belongs, which other row it repeats, and how it differs from the case that it is already.

Cities have kelurahan of the same names. So a name counts only together with its kecamatan; a row that names no
kecamatan must name our city. What is not ours stays a text.
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
_EVERYWHERE = frozenset(("dan", "pemerintah", "kota", "dinas", "pemkot"))  # tell no office from another
_ABOVE = frozenset(("provinsi", "kabupaten", "kementerian", "republik"))  # of an office that is called as ours
_BEFORE_A_NAME = re.compile(r"(?:kelurahan|kel\.?|desa|ds\.?|kecamatan|kec\.?)\s+", re.IGNORECASE)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _name_key(text: str) -> str:
    return "".join(_words(_BEFORE_A_NAME.sub("", text)))


@dataclass(frozen=True)
class OwnPlaces:
    """The office's names and the kelurahan that it knows, by which rows are told to be its own; as of one day."""

    day: date

    @cached_property
    def _all(self) -> list[Kelurahan]:
        return list(Kelurahan.select().order_by(Kelurahan.id))

    @cached_property
    def kelurahan(self) -> dict[str, list[Kelurahan]]:
        """By name those that have not ended; several kecamatan may have one of that name."""
        named: dict[str, list[Kelurahan]] = {}
        for place in self._all:
            if place.active:
                named.setdefault(_name_key(place.name), []).append(place)
        return named

    @cached_property
    def kecamatan(self) -> frozenset[str]:
        """Also of those that have ended: they lay in our city. Empty as long as the office has no list."""
        return frozenset(_name_key(place.kecamatan) for place in self._all)

    @cached_property
    def _city(self) -> list[str]:
        return _words(values(self.day)["office.government"])[1:]  # "PEMERINTAH KOTA MALANG"

    @cached_property
    def _office(self) -> frozenset[str]:
        settings = values(self.day)
        return frozenset(_words(f"{settings['office.name']} {settings['office.government']}"))

    def kelurahan_of(self, case: IncomingCase) -> Kelurahan | None:
        """The kelurahan of ours that it names with its kecamatan; where it names none, with our city if only one of our
        kecamatan has it."""
        if self.is_elsewhere(case):
            return None
        named = self.kelurahan.get(_name_key(case.kelurahan), [])
        if case.kecamatan:
            return next((one for one in named if _name_key(one.kecamatan) == _name_key(case.kecamatan)), None)
        return named[0] if len(named) == 1 and case.city else None

    def is_elsewhere(self, case: IncomingCase) -> bool:
        """Whether it names another city; where it names none, whether its kecamatan is none of ours."""
        if self._city and (city := _words(case.city)):
            return city not in (self._city, self._city[1:])
        return bool(case.kecamatan and self.kecamatan) and _name_key(case.kecamatan) not in self.kecamatan

    def is_others(self, case: IncomingCase) -> bool:
        """Whether it was given to an office that is not this one: by a name that shares no word with ours, or is that
        of another government's."""
        words = set(_words(case.office)) - _EVERYWHERE
        shared = words & (self._office - set(self._city))
        return bool(words - self._office) and (not shared or bool(words & _ABOVE))

    def named_place(self, case: IncomingCase) -> str:
        """Kelurahan, kecamatan and city as the file names them, where that is none of ours; "" where it is."""
        if self.kelurahan_of(case):
            return ""
        named = [case.kelurahan, case.kecamatan, *([case.city] if self.is_elsewhere(case) else [])]
        return ", ".join(filter(None, named))

    def destination(self, case: IncomingCase) -> str:
        """To whom it goes that is not ours."""
        return case.office if self.is_others(case) else self.named_place(case) or case.city


LEAST_WORDS = 8  # words that two people do not happen to write alike
Lines = dict[str, dict[str, int]]  # by what is said, and of which place


def is_brief(case: IncomingCase) -> bool:
    """Whether it says so little that two people may have written it of two things."""
    return len(words_of(case.story)) < LEAST_WORDS


@dataclass(frozen=True)
class FirstTelling:
    """The row that another one repeats, and whether anybody has answered it."""

    line: int
    answered: bool


@dataclass
class Tellings:
    """What the rows of a file have said so far. They are to be noted in the order in which they were received, whatever
    their order in the file: the first of two is the earlier one.

    Two rows say the same if their words are the same and their places are not two. Where the words are few, place and
    pengadu must be the same as well, and one of them must be known. What repeats an answered row goes with that answer:
    its duplicate. What repeats one that nobody has answered is proposed as a case of its own: as a duplicate it would
    end without any answer. Somebody may still decide so, unless it is answered itself: its answer would be lost.
    """

    _earliest: Lines = field(default_factory=dict)
    _answered: Lines = field(default_factory=dict)

    def first_of(self, case: IncomingCase) -> FirstTelling | None:
        """The row that it repeats, an answered one if there is any."""
        words, place = _words_and_place(case)
        for lines, answered in ((self._answered, True), (self._earliest, False)):
            if line := _told_of(lines.get(words, {}), place):
                return FirstTelling(line, answered)
        return None

    def note(self, case: IncomingCase) -> None:
        words, place = _words_and_place(case)
        if words:
            for lines in (self._earliest, self._answered) if case.closed else (self._earliest,):
                lines.setdefault(words, {}).setdefault(place, case.line)


def _told_of(lines: dict[str, int], place: str) -> int:
    """The first row of this place; one that names no place may be of any. 0 for none."""
    nearest = lines.get(place) or lines.get("")
    return nearest or (0 if place else next(iter(lines.values()), 0))


def _words_and_place(case: IncomingCase) -> tuple[str, str]:
    """By what two rows say the same, and the place of which; "" for what can be no other's repeat."""
    place = " ".join(words_of(f"{case.place} {case.kelurahan} {case.kecamatan}"))
    if not is_brief(case):
        return " ".join(words_of(case.story)), place
    said = "\n".join((" ".join(words_of(f"{case.title} {case.story}")), case.name, place))
    return (said, "") if case.name or place else ("", "")


SAME, GONE, NEW = "", "gone", "new"
AROUND, MOST, LONGEST = 4, 60, 3_000  # words beside a difference; words that are told; words that are compared


class DifferencePiece(NamedTuple):
    """Some words that follow each other, and whether they are in both texts, in the old or in the new one alone."""

    words: str
    kind: str


def differences_of(
    contents: Iterable[tuple[ImportRow, IncomingCase]], user: User
) -> dict[int, tuple[DifferencePiece, ...]]:
    """By line, of rows whose case the person may open and whose words are others there."""
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
    """The texts beside each other, what they share shortened, as far as there is room."""
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
    """Words that both have: those beside a difference."""
    ahead, behind = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(words) <= ahead + behind:
        return " ".join(words)
    return " ".join((*words[:ahead], "…", *(words[-behind:] if behind else ())))
