"""NIK, telephone numbers and mail addresses in a text: taken out for the sealed fields, masked where they stood."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from models.search.blind import KINDS, NumberMark
from models.store.seal import ring
from models.tables import mask
from models.tables.nik import niks_in
from models.tables.phone import COUNTRY, numbers_in

_RUN = re.compile(r"(?<![\w@.])\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # 850.000.000
_DIALLED = re.compile(r"\+|\(?0|62|8[1-9]")  # how a telephone number begins as people write it
_LONGEST = 200  # characters of a run of digits that is taken for numbers; a longer one is a table


@dataclass
class LiftedNumbers:
    """What stood in the texts of one row, by the column of a person that may hold it; each once, in their order."""

    nik: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    email: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nik or self.phone or self.email)

    def all_of(self, column: str) -> list[str]:
        """Each once, in their order; telephone numbers as they are dialled in the country."""
        every = list[str](dict.fromkeys(getattr(self, column)))
        return [f"0{n.removeprefix(COUNTRY)}" if column == "phone" and n.startswith(COUNTRY) else n for n in every]

    @property
    def marks(self) -> list[NumberMark]:
        """By what each that can be looked for is found, whoever has it."""
        return [NumberMark(kind, ring().mark(kind, number)) for kind in KINDS for number in getattr(self, kind)]

    def without_numbers(self, text: str) -> str:
        """The text with each of them masked; what is taken out is noted here."""
        masked = _MAIL.sub(lambda at: self._note("email", [at[0]], mask.email(at[0])), text)
        return _RUN.sub(self._masked_run, masked)

    def _masked_run(self, run: re.Match[str]) -> str:
        written = run[0]
        if len(written) > _LONGEST or _MONEY.fullmatch(written.strip("()")):
            return written
        if niks := niks_in(written):
            return self._note("nik", niks, _each(niks, mask.nik))
        phones = numbers_in(written) if _DIALLED.match(written) else []
        return self._note("phone", phones, _each(phones, mask.phone)) if phones else written

    def _note(self, column: str, numbers: list[str], instead: str) -> str:
        getattr(self, column).extend(numbers)
        return instead


def _each(numbers: list[str], masked: Callable[[str], str]) -> str:
    return ", ".join(map(masked, numbers))
