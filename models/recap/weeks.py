"""How many complaints came in and ended, week by week: the small chart of whoever looks on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.recap.figures import ENDED_LATE
from models.recap.months import counts_by_period
from models.recap.period import Period
from models.tables.scope import Viewer
from sop.words import SHORT_MONTHS, day_of

SPAN = 8  # weeks, the present one included


@dataclass(frozen=True)
class Week:
    """Monday to Sunday: how many came in and ended, and how many of the ended had been late."""

    period: Period
    received: int
    settled: int
    late: int

    @property
    def span(self) -> str:
        """5–11 Okt, 26 Okt–1 Nov."""
        first, last = self.period.first, self.period.last
        month = "" if last.month == first.month else f" {SHORT_MONTHS[first.month - 1]}"
        return f"{first.day}{month}–{last.day} {SHORT_MONTHS[last.month - 1]}"


def weeks(who: Viewer, at: datetime) -> list[Week]:
    """The last weeks of what the person may read, the oldest first: the figures of the recap, in the office's days."""
    day = day_of(at)
    mondays = [day - timedelta(days=day.weekday(), weeks=back) for back in reversed(range(SPAN))]
    spans = [Period(monday, monday + timedelta(days=6)) for monday in mondays]
    counts = counts_by_period(who, ("masuk", "selesai", ENDED_LATE), spans, at)
    return [Week(span, *one.values()) for span, one in zip(spans, counts, strict=True)]
