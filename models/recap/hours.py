"""At which hours of which days of the week complaints come in, and the figure behind each of these counts. Files tell
often the day alone: what they brought in is left out."""

from collections import Counter
from datetime import datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from models.recap.figures import OWN, RECEIVED, RecapFigure
from models.recap.period import Period
from models.tables.complaint import Complaint
from models.tables.scope import FALSE, Viewer, visible
from sop.clock import WIB
from sop.words import WEEKDAYS, in_wib

WEEKS = 13  # a quarter: one month alone says little of fifty hours
FIRST, LAST = 6, 18  # what came earlier or later stands with them
HOURS = range(FIRST, LAST + 1)
TIMED = OWN & ~Complaint.imported


def weeks_until(last: Period) -> Period:
    """The weeks up to the range's end."""
    return Period(last.last - timedelta(weeks=WEEKS) + timedelta(days=1), last.last)


def hours_of_the_week(who: Viewer, period: Period) -> Counter[tuple[int, int]]:
    """How many came in by (weekday from Monday as 0, hour on WIB's clock within HOURS)."""
    here = TIMED & (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends)
    moments = visible(who.user, Complaint, who).where(here).select(Complaint.received_at).tuples()
    came = (in_wib(moment) for (moment,) in moments.iterator())
    return Counter((moment.weekday(), min(max(moment.hour, FIRST), LAST)) for moment in came)


def came_with_files(who: Viewer, period: Period) -> bool:
    """Whether there is any of what is left out."""
    here = OWN & Complaint.imported & (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends)
    return bool(visible(who.user, Complaint, who).where(here).exists())


def hour_key(day: int, hour: int) -> str:
    """How an address names what came in on this day of the week at this hour."""
    return f"jam-{day}-{hour}"


def hour_words(hour: int) -> str:
    return f"–{hour:02}" if hour == FIRST else f"{hour:02}–" if hour == LAST else f"{hour:02}"


def _came(day: int, hour: int, period: Period, at: datetime) -> Any:
    """On each such day of the range from the hour's beginning to its end, or from the day's and to it."""
    days = ((period.first + timedelta(days=n)) for n in range((period.last - period.first).days + 1))
    begins, hours = (0, FIRST + 1) if hour == FIRST else (hour, 24 - LAST if hour == LAST else 1)
    starts = [datetime.combine(one, time(begins), WIB) for one in days if one.weekday() == day]
    spans = [
        (Complaint.received_at >= start) & (Complaint.received_at < start + timedelta(hours=hours)) for start in starts
    ]
    return TIMED & reduce(or_, spans, FALSE)


def _figure(day: int, hour: int) -> RecapFigure:
    label = f"Masuk {WEEKDAYS[day]} pukul {hour_words(hour)}"
    return RecapFigure(hour_key(day, hour), label, RECEIVED, partial(_came, day, hour))


BY_HOUR = {hour_key(day, hour): _figure(day, hour) for day in range(len(WEEKDAYS)) for hour in HOURS}
