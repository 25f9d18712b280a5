"""Where a row of a file belongs: to a kelurahan of ours, to another city, to another office.

Cities have kelurahan of the same names. So a name counts only together with its kecamatan; a row that names no
kecamatan must name our city. What is not ours stays a text.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.import_.incoming import IncomingCase
from models.office.lists import Kelurahan
from models.office.settings import values

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
