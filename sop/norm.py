"""A row's working time, read from the words of the sheet: "5 menit", "1 Jam", "1 hari"."""

import re
from dataclasses import dataclass

UNITS = {"menit": 1, "jam": 60}


@dataclass(frozen=True)
class Norm:
    """Working time of a row: `minutes` of open hours, or `days` meaning the same time so many working days later."""

    minutes: int = 0
    days: int = 0

    @classmethod
    def read(cls, words: str) -> "Norm":
        """Read "<number> menit|jam|hari"; ValueError names what could not be read. Source: the SOP's column Waktu."""
        found = re.fullmatch(r"\s*(\d+)\s*(menit|jam|hari)\s*", words, re.IGNORECASE)
        if not found:
            raise ValueError(f"Waktu SOP tidak terbaca: {words!r}")
        count, unit = int(found[1]), found[2].lower()
        return cls(days=count) if unit == "hari" else cls(minutes=count * UNITS[unit])

    def __str__(self) -> str:
        """1 hari kerja, 1 jam, 5 menit: as the screens say it; the sheet prints its own words."""
        hours, rest = divmod(self.minutes, UNITS["jam"])
        return f"{self.days} hari kerja" if self.days else f"{self.minutes} menit" if rest else f"{hours} jam"

    @property
    def warns(self) -> bool:
        """Whether an early warning at 80 % makes sense: from one hour on."""
        return bool(self.days) or self.minutes >= 60
