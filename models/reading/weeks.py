"""How many complaints came in and were settled, week by week: the leadership's small chart."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible
from sop import flow
from sop.words import SHORT_MONTHS, day_of

SPAN = 8  # weeks, the present one included


@dataclass(frozen=True)
class Week:
    """Monday to Sunday: how many were received and settled, and how many of the settled had been late."""

    first: date
    received: int
    settled: int
    late: int

    @property
    def span(self) -> str:
        """5–11 Okt, 26 Okt–1 Nov."""
        last = self.first + timedelta(days=6)
        month = "" if last.month == self.first.month else f" {SHORT_MONTHS[self.first.month - 1]}"
        return f"{self.first.day}{month}–{last.day} {SHORT_MONTHS[last.month - 1]}"


def weeks(who: Viewer, at: datetime) -> list[Week]:
    """The last weeks of what the person may read, the oldest first. One query; days are the office's own."""
    monday = day_of(at) - timedelta(days=day_of(at).weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(SPAN))]
    rows = list(_since(who, at - timedelta(weeks=SPAN)))
    return [_week(first, rows) for first in mondays]


def _since(who: Viewer, moment: datetime) -> Any:
    """What was received or settled since then, here: not what was settled outside of the panel."""
    columns = (Complaint.received_at, Complaint.closed_at, Complaint.row_late, Complaint.legal_due_at, Complaint.state)
    here = (Complaint.received_at >= moment) | (Complaint.closed_at >= moment)
    return visible(who.user, Complaint, who).select(*columns).where(here & Complaint.state.not_in(sorted(flow.OUTSIDE)))


def _week(first: date, rows: list[Complaint]) -> Week:
    settled = [row for row in rows if row.state == flow.CLOSED and _in(first, row.closed_at)]
    late = [row for row in settled if row.row_late or row.closed_at > row.legal_due_at]
    return Week(first, sum(_in(first, row.received_at) for row in rows), len(settled), len(late))


def _in(first: date, moment: datetime) -> bool:
    return timedelta() <= day_of(moment) - first < timedelta(weeks=1)
