"""A row's working time, read from the words of the sheet: "5 menit", "1 Jam", "1 hari"."""

import re
from dataclasses import dataclass

UNITS = {"menit": 1, "jam": 60}
MOST = {"menit": 120_000, "jam": 2_000, "hari": 365}  # a year of work: no row of an SOP takes longer


@dataclass(frozen=True)
class Norm:
    """Working time of a row: `minutes` of open hours, or `days` meaning the same time so many working days later."""

    minutes: int = 0
    days: int = 0

    @classmethod
    def read(cls, words: str) -> "Norm":
        """Read "<number> menit|jam|hari"; ValueError says in a sentence what is wrong. Source: the column Waktu."""
        found = re.fullmatch(r"\s*([0-9]+)\s*(menit|jam|hari)\s*", words, re.IGNORECASE)
        if not found:
            raise ValueError(f"“{words}” tidak terbaca. Yang terbaca: angka (0–9) dan menit, jam, atau hari.")
        digits, unit = found[1].lstrip("0"), found[2].lower()
        if not digits:
            raise ValueError(f"“{words}” bukan waktu: sedikitnya 1 {unit}.")
        if len(digits) > len(str(MOST[unit])) or int(digits) > MOST[unit]:
            raise ValueError(f"“{words}” terlalu lama: paling banyak {MOST[unit]} {unit}.")
        count = int(digits)
        return cls(days=count) if unit == "hari" else cls(minutes=count * UNITS[unit])

    @property
    def words(self) -> str:
        """As it is stored, and read again."""
        return f"{self.days} hari" if self.days else f"{self.minutes} menit"

    def __str__(self) -> str:
        """1 hari kerja, 1 jam, 5 menit: as the screens say it; the sheet prints its own words."""
        hours, rest = divmod(self.minutes, UNITS["jam"])
        return f"{self.days} hari kerja" if self.days else f"{self.minutes} menit" if rest else f"{hours} jam"

    @property
    def warns(self) -> bool:
        """Whether an early warning at 80 % makes sense: from one hour on."""
        return bool(self.days) or self.minutes >= 60
