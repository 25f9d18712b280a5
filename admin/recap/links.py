"""Where the figures of a recap lead: the list of complaints, filtered to exactly what each counts."""

from collections.abc import Callable
from urllib.parse import quote_plus

from flask import url_for

from admin.door.flaskadmin import view_at
from admin.narrowing.recap import ByFigure, ByPart, figure_value, part_value
from admin.waiting.queues import LATE_BY_ROW, LIST, queue_url
from models.complaint.complaint import Complaint
from models.reading.figures import Part
from models.reading.period import Period

Link = Callable[..., str]
UNIT, LATE = Complaint.unit.name, Complaint.row_due_at.name


def figure_links(unit: str = "") -> Link:
    """link(key, period, part, value): the address of the list behind a figure, made for hundreds on a page; all of one
    choice of the list's filter by unit, if one is named."""
    filters = view_at(LIST).offered_filters
    of_figure, of_part = (
        next(f"flt{place}_{place}" for place, one in enumerate(filters) if isinstance(one, kind))
        for kind in (ByFigure, ByPart)
    )
    place = next(place for place, one in enumerate(filters) if getattr(one.column, "name", "") == UNIT)
    start = f"{url_for(f'{LIST}.index_view')}?" + (f"flt{place}_{place}={quote_plus(unit)}&" if unit else "")

    def link(key: str, period: Period, part: Part | None = None, value: str = "") -> str:
        of_value = f"&{of_part}={quote_plus(part_value(part, value))}" if part else ""
        return f"{start}{of_figure}={figure_value(key, period)}{of_value}"

    return link


def waiting_url(state: str, *, unit: object = "", late: bool = False) -> str:
    """The list of what waits in a state now, of one unit, or of that what is late by the SOP."""
    return queue_url(state, **({UNIT: str(unit)} if unit else {}), **({LATE: LATE_BY_ROW} if late else {}))
