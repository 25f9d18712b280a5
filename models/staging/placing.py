"""Where a row of a file belongs: to a kelurahan of ours, to another city, to another office."""

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
    def kelurahan(self) -> dict[str, list[Kelurahan]]:
        """By name, which several kecamatan may have."""
        named: dict[str, list[Kelurahan]] = {}
        for place in Kelurahan.select().order_by(Kelurahan.id):
            named.setdefault(_name_key(place.name), []).append(place)
        return named

    @cached_property
    def kecamatan(self) -> frozenset[str]:
        return frozenset(_name_key(place.kecamatan) for places in self.kelurahan.values() for place in places)

    @cached_property
    def _city(self) -> list[str]:
        return _words(values(self.day)["office.government"])[1:]  # "PEMERINTAH KOTA MALANG"

    @cached_property
    def _office(self) -> frozenset[str]:
        settings = values(self.day)
        return frozenset(_words(f"{settings['office.name']} {settings['office.government']}"))

    def kelurahan_of(self, case: IncomingCase) -> Kelurahan | None:
        """The kelurahan of ours that it names, unless it lies in another city that has one of that name."""
        if self.is_elsewhere(case):
            return None
        named = self.kelurahan.get(_name_key(case.kelurahan), [])
        here = [place for place in named if _name_key(place.kecamatan) == _name_key(case.kecamatan)]
        return (here or named)[0] if here or len(named) == 1 else None

    def is_elsewhere(self, case: IncomingCase) -> bool:
        """Whether it names another city; where it names none, whether its kelurahan and kecamatan are none of ours."""
        if city := _words(case.city):
            return city not in (self._city, self._city[1:])
        strange = bool(case.kecamatan) and _name_key(case.kecamatan) not in self.kecamatan
        return strange and _name_key(case.kelurahan) not in self.kelurahan

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
