"""The range of days of a recap: its bounds in WIB, the preceding range and the same range a year ago."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sop.clock import WIB
from sop.words import MONTHS, ROMANS, SHORT_MONTHS, format_span

FIRST_YEAR, LAST_YEAR, MOST_DAYS = 2000, 2200, 1_100
YEAR = 12
BACKWARDS = "Tanggal akhir tidak boleh sebelum tanggal awal."
UNREADABLE = "Isi tanggal awal dan tanggal akhir."
FAR = f"Isi tanggal antara tahun {FIRST_YEAR} dan {LAST_YEAR}."
WIDE = "Rentang paling panjang tiga tahun. Pilih rentang yang lebih pendek."


@dataclass(frozen=True)
class Period:
    """From the first day to the last, inclusive."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str) -> "Period":
        """Parse two ISO dates; ValueError with a sentence if the range is not valid."""
        try:
            period = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise ValueError(UNREADABLE) from None
        if why := period.objection:
            raise ValueError(why)
        return period

    @classmethod
    def months_from(cls, year: int, month: int, count: int = 1) -> "Period":
        """`count` whole months; a month outside of 1 to 12 belongs to another year."""
        last = date(*_month(year, month + count - 1), 1)
        return cls(date(*_month(year, month), 1), last.replace(day=monthrange(last.year, last.month)[1]))

    @property
    def objection(self) -> str:
        """The sentence why the range is not valid, "" if it is."""
        if self.last < self.first:
            return BACKWARDS
        if self.first.year < FIRST_YEAR or self.last.year > LAST_YEAR:
            return FAR
        return WIDE if (self.last - self.first).days > MOST_DAYS else ""

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), WIB)

    @property
    def ends(self) -> datetime:
        """The end, exclusive."""
        return datetime.combine(self.last + timedelta(days=1), time(), WIB)

    def counted_until(self, at: datetime) -> datetime:
        """Its end, or `at` if that is earlier."""
        return min(self.ends, at)

    def within(self, other: "Period") -> "Period":
        """The intersection with another range."""
        return Period(max(self.first, other.first), min(self.last, other.last))

    @property
    def months(self) -> int:
        """The number of whole months; 0 if it does not consist of whole months."""
        if self.first.day != 1 or (self.last + timedelta(days=1)).day != 1:
            return 0
        return (self.last.year - self.first.year) * YEAR + self.last.month - self.first.month + 1

    @property
    def before(self) -> "Period":
        """The preceding range of the same length, in months if this consists of whole months, else in days."""
        if self.months:
            return Period.months_from(self.first.year, self.first.month - self.months, self.months)
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))

    @property
    def year_ago(self) -> "Period":
        if self.months:
            return Period.months_from(self.first.year - 1, self.first.month, self.months)
        return Period(_year_before(self.first), _year_before(self.last))

    @property
    def words(self) -> str:
        """November 2026, Triwulan IV 2026, Semester II 2026, Tahun 2026, 3–7 November 2026."""
        count, (place, rest) = self.months, divmod(self.first.month - 1, self.months or YEAR)
        names = {1: MONTHS[self.first.month - 1], YEAR: "Tahun"}
        names |= {3: f"Triwulan {ROMANS[place + 1]}", 6: f"Semester {ROMANS[place + 1]}"}
        return format_span(self.first, self.last) if rest or count not in names else f"{names[count]} {self.first.year}"

    @property
    def brief(self) -> str:
        """A month for narrow tables: Nov 2026."""
        return f"{SHORT_MONTHS[self.first.month - 1]} {self.first.year}"

    def __str__(self) -> str:
        """As written in URLs."""
        return f"{self.first.isoformat()}.{self.last.isoformat()}"


def usual_periods(day: date) -> list[Period]:
    """The present and preceding month, quarter, semester and year of a day."""
    starts = ((count, (day.month - 1) // count * count + 1) for count in (1, 3, 6, YEAR))
    present = [Period.months_from(day.year, month, count) for count, month in starts]
    return [offered for period in present for offered in (period, period.before)]


def _month(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // YEAR, (month - 1) % YEAR + 1


def _year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))
