"""At which hours of which days of the week complaints come in."""

from collections import Counter
from datetime import timedelta

from models.recap.figures import COUNTED
from models.recap.period import Period
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible

WEEKS = 13  # a quarter: one month alone says little of fifty hours


def hours_of_the_week(who: Viewer, last: Period) -> Counter[tuple[int, int]]:
    """How many came in by (weekday from Monday as 0, hour on WIB's clock), in the weeks up to the range's end."""
    begins = last.ends - timedelta(weeks=WEEKS)
    here = COUNTED & (Complaint.received_at >= begins) & (Complaint.received_at < last.ends)
    moments = visible(who.user, Complaint, who).where(here).select(Complaint.received_at).tuples()
    return Counter((moment.weekday(), moment.hour) for (moment,) in moments.iterator())
