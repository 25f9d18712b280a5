"""What a NIK tells of its holder: the day of birth and the sex, as a hint that people check."""

import re
from dataclasses import dataclass
from datetime import date

DIGITS = 16
LONGEST = 2_000  # letters that are looked through: a blank may be as long as a form
_RUN = re.compile(r"[0-9][0-9 ().-]*", re.ASCII)  # what could be one, or several with a blank between them
WOMEN = 40  # is added to the day of birth of women
SOUND = re.compile(r"[0-9]{6}([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class NikReading:
    """Born on which day, of which sex (P or L)."""

    birth: date
    sex: str


def niks_in(text: str) -> list[str]:
    """The whole NIKs of a text, each once: sixteen digits, whatever people put between them."""
    runs = (re.sub(r"[^0-9]", "", run) for run in _RUN.findall(text[:LONGEST]))
    whole = (
        run[start : start + DIGITS] for run in runs if len(run) % DIGITS == 0 for start in range(0, len(run), DIGITS)
    )
    return list(dict.fromkeys(whole))


def read_nik(nik: str, today: date) -> NikReading | None:
    """What the NIK tells; None if it is not 16 digits, or holds no day that can be."""
    found = SOUND.fullmatch(re.sub(r"[ .]", "", nik.strip()))
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    sex, day = ("P", day - WOMEN) if day > WOMEN else ("L", day)
    try:
        return NikReading(_past(day, month, year, today), sex)
    except ValueError:
        return None


def _past(day: int, month: int, year: int, today: date) -> date:
    """The latest such day that is not ahead: two digits do not tell the century."""
    born = date(2000 + year, month, day) if year <= today.year % 100 else date(1900 + year, month, day)
    return born if born <= today else date(1900 + year, month, day)
