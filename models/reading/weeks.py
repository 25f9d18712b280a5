"""How many complaints came in and were settled, week by week: the leadership's small chart."""

from collections import Counter
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
    mondays = [_monday(at) - timedelta(weeks=back) for back in reversed(range(SPAN))]
    received, settled, late = Counter[date](), Counter[date](), Counter[date]()
    for came, closed, state, row_late, due in _since(who, at - timedelta(weeks=SPAN)).tuples():
        received[_monday(came)] += 1
        if state == flow.CLOSED:
            settled[_monday(closed)] += 1
            late[_monday(closed)] += row_late or closed > due
    return [Week(first, received[first], settled[first], late[first]) for first in mondays]


def _since(who: Viewer, moment: datetime) -> Any:
    """What was received or settled since then, here: not what was settled outside of the panel."""
    here = (Complaint.received_at >= moment) | (Complaint.closed_at >= moment)
    rows = visible(who.user, Complaint, who).where(here & Complaint.state.not_in(sorted(flow.OUTSIDE)))
    return rows.select(
        Complaint.received_at, Complaint.closed_at, Complaint.state, Complaint.row_late, Complaint.legal_due_at
    )


def _monday(moment: datetime) -> date:
    day = day_of(moment)
    return day - timedelta(days=day.weekday())
