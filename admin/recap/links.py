"""Where the figures of a recap lead: the list of complaints, filtered to exactly what each counts."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import url_for

from admin.door.flaskadmin import view_at
from admin.narrowing.recap import ByFigure, ByPart, figure_value, part_value
from admin.waiting.queues import LIST
from models.recap.parts import Part
from models.recap.period import Period

Link = Callable[..., str]


def figure_links() -> Link:
    """link(key, period, part, value): the address of the list behind a figure, made for hundreds on a page."""
    filters = view_at(LIST).offered_filters
    of_figure, of_part = (
        next(f"flt{place}_{place}" for place, one in enumerate(filters) if isinstance(one, kind))
        for kind in (ByFigure, ByPart)
    )
    page = url_for(f"{LIST}.index_view")

    def link(key: str, period: Period, part: Part | None = None, value: str = "") -> str:
        asked = {of_figure: figure_value(key, period)}
        return f"{page}?{urlencode(asked | ({of_part: part_value(part, value)} if part else {}))}"

    return link
