"""The same month for the head of a unit, of his unit alone: it stands on his start page."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup

from admin.leadership.charts import MONTHLY, month_chart
from admin.recap.links import Link, figure_links, waiting_url
from admin.waiting.queues import MINE
from models.complaint.scope import Viewer
from models.office.people import today, units_headed_by
from models.reading.period import Period
from models.reading.summary import Summary, month_summary


@dataclass(frozen=True)
class OwnMonth:
    """The present month of the units that somebody heads or acts for, and the months before it as a drawing."""

    summary: Summary
    months: Markup
    link: Link  # to the list behind a figure of his units
    waiting_url: Link


def own_month(who: Viewer, at: datetime) -> OwnMonth | None:
    """None for whoever heads no unit."""
    day = today()
    units = [unit for unit in units_headed_by(who.user, day) if unit is not None]
    if not units:
        return None
    summary = month_summary(who, Period.months_from(day.year, day.month), at, units)
    return OwnMonth(summary, month_chart(summary.months, MONTHLY), figure_links(MINE), partial(waiting_url, unit=MINE))
