"""The range of days that an address asks for, as Rekapitulasi and the leadership's page read it."""

from dataclasses import dataclass

from flask import request

from models.office.people import today
from models.reading.period import Period, usual_periods


@dataclass(frozen=True)
class AskedPeriod:
    """The range of the address: as it was typed, what it is, or why it is none."""

    first: str
    last: str
    period: Period | None
    why: str = ""

    @classmethod
    def of_address(cls) -> "AskedPeriod":
        """Of the address; the present month where none is asked for."""
        month = usual_periods(today())[0]
        whole = {"dari": month.first.isoformat(), "sampai": month.last.isoformat()}
        first, last = (request.args.get(name, usual)[:20] for name, usual in whole.items())
        try:
            return cls(first, last, Period.read(first, last))
        except ValueError as fault:
            return cls(first, last, None, str(fault))
