"""/pimpinan/: the dashboard of a month for heads and supervisors: a summary, charts with their tables, open work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import make_response, request, url_for
from markupsafe import Markup

from admin.desk.queues import MINE
from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from admin.door.rows import signed_in
from admin.figures.charts import Chart, bar_chart, month_chart
from admin.figures.recap import AskedPeriod, Link, figure_links, waiting_url
from admin.lists.masters import REPORTS
from models.complaint.scope import Viewer, viewer
from models.office.people import today, units_headed_by
from models.reading.figures import DEFINITION, PART_BY_KEY
from models.reading.period import Period
from models.reading.recap import PartTable, part_tables
from models.reading.summary import (
    HOURS,
    LATE,
    WEEKS,
    Summary,
    hour_key,
    hour_words,
    hours_of_the_week,
    month_summary,
    weeks_until,
)
from models.reading.times import RowStatistics, row_statistics
from models.store.base import now, snapshot
from sop.words import WEEKDAYS


@dataclass(frozen=True)
class OwnMonth:
    """The present month of the units that the user heads or acts for, and a chart of the months before it."""

    summary: Summary
    months: Chart
    link: Link  # to the list behind a figure of these units
    waiting_url: Link


def own_month(who: Viewer, at: datetime) -> OwnMonth | None:
    """None for a user who heads no unit."""
    day = today()
    units = [unit for unit in units_headed_by(who.user, day) if unit is not None]
    if not units:
        return None
    summary = month_summary(who, Period.months_from(day.year, day.month), at, units)
    return OwnMonth(
        summary, month_chart(summary.begun_months, day), figure_links(MINE), partial(waiting_url, unit=MINE)
    )


NOUN = "pimpinan"
MOST = 8  # bars of a chart; its table has all rows
CHARTED_FIGURES = ("masuk", "selesai", "terbuka", "lain")
LATE_PLACE = len(CHARTED_FIGURES)  # of a unit's counts
CHARTED = [
    replace(PART_BY_KEY["unit"], figures=(*CHARTED_FIGURES, LATE)),
    *(replace(PART_BY_KEY[key], figures=CHARTED_FIGURES) for key in ("kategori", "kecamatan", "topik", "instansi")),
]
SHADES = 4
OTHERS = "Urusan instansi lain"
MONTHS_OFFERED = 6  # the present one and those before it
MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class PartChart:
    """The month's cases by one part, such as category: the table of the recap, and a chart of its first lines."""

    table: PartTable
    chart: Chart


@dataclass(frozen=True)
class HourTable:
    """Received cases by weekday and hour in these weeks; a cell is figure key, count, shade from 0 to SHADES."""

    period: Period
    heads: list[str]
    lines: list[tuple[str, list[tuple[str, int, int]]]]


class PimpinanView(PageView):
    """Counts the cases that the user may open, as the recap does."""

    noun, cost = NOUN, READS

    @expose("/")
    def index(self) -> Any:
        asked, day = asked_range(), today()
        months = [Period.months_from(day.year, day.month - back) for back in range(MONTHS_OFFERED)]
        facts: dict[str, object] = {} if asked.period is None else self._counted(asked.period)
        page = self.render(
            "admin/figures/leadership.html",
            asked=asked,
            definition=DEFINITION,
            offered=[(month.words, url_for(f"{NOUN}.index", bulan=f"{month.first:%Y-%m}")) for month in months],
            reads_all=viewer(signed_in()).reads_all,
            **facts,
        )
        return make_response(page, 200 if asked.period else 422)

    def _counted(self, period: Period) -> dict[str, object]:
        who, at = viewer(signed_in()), now()
        with snapshot():
            tables, rows = part_tables(who, period, at, CHARTED), row_statistics(who, period)
            summary, weeks = month_summary(who, period, at), weeks_until(period)
        return {
            "at": at,
            "rows": rows,
            "summary": summary,
            "late": late_chart(tables[0], period),
            "months": month_chart(summary.begun_months, today()),
            "in_time": share_chart(rows, period),
            "parts": [part_chart(table, period) for table in tables if table.lines],
            "hours": hour_table(weeks, hours_of_the_week(who, weeks)),
            "weeks": WEEKS,
            "most": MOST,
            "recap_url": url_for("rekapitulasi.index", dari=period.first, sampai=period.last),
            "link": figure_links(),
            "waiting_url": waiting_url,
        }


def asked_range() -> AskedPeriod:
    """The range or the month (2026-11) in the address; without one the present month."""
    if asked := MONTH.fullmatch(request.args.get("bulan", "")):
        month = Period.months_from(int(asked[1]), int(asked[2]))
        if not month.objection:
            return AskedPeriod(month.first.isoformat(), month.last.isoformat(), month)
    return AskedPeriod.of_address()


def late_chart(units: PartTable, period: Period) -> PartChart:
    """Cases that were late by the SOP by unit, those with the most first; without bars if none was."""
    late = [(line.name, line.counts[LATE_PLACE]) for line in units.lines if line.counts[LATE_PLACE]]
    bars = tuple(sorted(late, key=lambda bar: -bar[1])[:MOST])
    heading = f"Pengaduan yang lewat standar waktu SOP menurut unit kerja, masuk {period.words}"
    return PartChart(units, Chart(heading, bar_chart(bars, heading) if bars else Markup()))


def share_chart(rows: Sequence[RowStatistics], period: Period) -> Chart | None:
    """Percent of cases in time by row of the SOP, of rows with cases; None without any."""
    bars = tuple((row.heading, 100 * (row.cases - row.late) // row.cases) for row in rows if row.cases)
    heading = f"Tepat waktu tiap baris SOP, persen dari pengaduan yang melaluinya, {period.words}"
    return Chart(heading, bar_chart(bars, heading, " %", most=100)) if bars else None


def part_chart(table: PartTable, period: Period) -> PartChart:
    """A chart of received cases; of cases for other institutions where a part has only those."""
    place = 0 if any(line.counts[0] for line in table.lines) else CHARTED_FIGURES.index("lain")
    bars = tuple((line.name, line.counts[place]) for line in table.lines[:MOST] if line.counts[place])
    counted = OTHERS if place else "Pengaduan masuk"
    heading = f"{counted} menurut {table.part.title.lower()}, {period.words}"
    return PartChart(table, Chart(heading, bar_chart(bars, heading) if bars else Markup()))


def hour_table(period: Period, counts: Mapping[tuple[int, int], int]) -> HourTable:
    most = max(counts.values(), default=0) or 1
    lines = [
        (name, [(hour_key(day, h), n := counts.get((day, h), 0), -(-SHADES * n // most)) for h in HOURS])
        for day, name in enumerate(WEEKDAYS)
    ]
    return HourTable(period, [hour_words(hour) for hour in HOURS], lines)


def views() -> list[PageView]:
    return [PimpinanView(name="Ringkasan pimpinan", endpoint=NOUN, url="/pimpinan", category=REPORTS)]
