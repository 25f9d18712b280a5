"""Charts as SVG, lines by leather: without inline style or script, and with their figures as text."""

import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import leather
from leather import theme
from markupsafe import Markup

from models.reading.period import Period
from models.reading.summary import MonthLine
from sop.words import MONTHS, format_date

WIDTH, HEIGHT = 420, 230  # pixels of a drawing, which scales with its column
LINE, BAR = 19, 14  # of a bar: a line of its name, and its height
BAR_LENGTH = 365  # of the longest bar, which leaves room for its value
LETTERS = 52  # characters of a bar's name on a line
FONT = "Liberation Sans, Arial, sans-serif"
RECEIVED, ENDED = "#0f5c5c", "#8a5000"  # static/css/leadership.css selects these colours, for the dark scheme too
INK = "currentColor"  # as the page's text: readable in the dark scheme and on paper
MONTHS_NAMED = 8  # of more, every other one
SPREAD = 0.97  # of the drawing's width, so that there is room for the last month's name

PLACES = {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "d"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?")

theme.background_color = "none"
theme.title_font_family = theme.legend_font_family = theme.axis_title_font_family = theme.tick_font_family = FONT
theme.title_color = theme.legend_color = theme.axis_title_color = theme.label_color = INK
theme.margin = 0.03

Named = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with its heading, which names what is counted and the range."""

    heading: str
    drawing: Markup


DRAWINGS = 500  # cached, each by its figures: drawing one takes longer than counting them


class DayScale(leather.Temporal):
    """From the first day to the last: leather would round both, to points outside of the drawing."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(first, last)
        self.first, self.length = first, (last - first).days

    def project(self, value: date, range_min: float, range_max: float) -> float:
        return range_min + SPREAD * (range_max - range_min) * (value - self.first).days / max(self.length, 1)


class _Unfinished(leather.Line):
    """The last stretch of a line that has its name in the legend already."""

    def legend_to_svg(self, series: Any, palette: Any) -> list[Any]:
        return []


def month_chart(lines: Sequence[MonthLine], today: date) -> Chart:
    """A line each for received and for ended cases by month; dotted to a month that still runs."""
    first, last = lines[0].month, lines[-1].month
    begins = first.words if first.first.year < last.first.year else MONTHS[first.first.month - 1]
    until = today if last.first <= today < last.last else None
    ends = f" sampai {format_date(until)}" if until else f"–{last.words}"
    heading = f"Pengaduan masuk dan selesai tiap bulan, {begins}{ends}"
    counts = tuple((line.month, line.received, line.ended) for line in lines)
    return Chart(heading, _lines_chart(counts, heading, until))


@lru_cache(maxsize=DRAWINGS)
def _lines_chart(lines: tuple[tuple[Period, int, int], ...], title: str, until: date | None) -> Markup:
    """`until`: the day up to which the last month is counted, if it still runs."""
    chart, days = leather.Chart(), [month.first for month, *_ in lines]
    whole = len(days) - 1 if until else len(days)
    for name, counts, stroke in (
        ("Masuk", [received for _, received, _ in lines], {"stroke_color": RECEIVED}),
        ("Selesai", [ended for *_, ended in lines], {"stroke_color": ENDED, "stroke_dasharray": "6 4"}),
    ):
        points = list(zip(days, counts, strict=True))
        chart.add_series(leather.Series(points[:whole], name=name), leather.Line(**stroke))
        if until:
            chart.add_series(leather.Series(points[whole - 1 :]), _Unfinished(**stroke | {"stroke_dasharray": "1 5"}))
    most = max((max(counts) for _, *counts in lines), default=0)
    chart.set_x_scale(DayScale(days[0], days[-1]))
    named = days if len(days) <= MONTHS_NAMED else days[::-2][::-1]
    chart.add_x_axis(ticks=named, tick_formatter=lambda day, *_: _name_of(day, until if day == days[-1] else None))
    chart.set_y_scale(_scale_to(max(most, 4)))
    text = "; ".join(f"{month.words}: {received} masuk, {ended} selesai" for month, received, ended in lines)
    return _svg(chart.to_svg_group(width=WIDTH, height=HEIGHT), HEIGHT, title, text)


def _name_of(month: date, until: date | None) -> str:
    """Des, of a month that still runs 1–3 Des."""
    name = MONTHS[month.month - 1][:3]
    return f"1–{until.day} {name}" if until and until.day > 1 else f"1 {name}" if until else name


@lru_cache(maxsize=DRAWINGS)
def bar_chart(bars: Named, title: str, unit: str = "", most: float = 0) -> Markup:
    """A bar for each name, in their order from the top: the whole name above it, the value at its end. Drawn here:
    leather cuts names to the width of its axis and writes no values."""
    drawing, longest, y = ET.Element("g"), most or max((value for _, value in bars), default=0) or 1, 0
    for name, value in bars:
        for line in textwrap.wrap(name, LETTERS) or [""]:
            y += LINE
            _text(drawing, line, 0, y)
        length = round(BAR_LENGTH * value / longest, 1)
        ET.SubElement(drawing, "rect", _places(0, y + 5) | _sizes(length, BAR) | {"fill": RECEIVED})
        _text(drawing, f"{value:g}{unit}", length + 6, y + 5 + BAR - 2, weight="600")
        y += BAR + 9
    text = "; ".join(f"{name}: {value:g}{unit}" for name, value in bars)
    return _svg(drawing, y, title, text)


def _text(drawing: ET.Element, words: str, x: float, y: float, weight: str = "400") -> None:
    style = {"fill": INK, "font-size": "14", "font-family": FONT, "font-weight": weight}
    ET.SubElement(drawing, "text", _places(x, y) | style).text = words


def _places(x: float, y: float) -> dict[str, str]:
    return {"x": f"{x:g}", "y": f"{y:g}"}


def _sizes(width: float, height: float) -> dict[str, str]:
    return {"width": f"{width:g}", "height": f"{height:g}"}


@lru_cache(maxsize=1_000)
def _scale_to(longest: float) -> leather.Linear:
    """A scale from 0. Cached, since choosing its ticks costs leather as much as the rest of a drawing."""
    return leather.Linear(0, longest)


def _svg(parts: ET.Element, height: int, title: str, text: str) -> Markup:
    """The drawing as markup that scales with the page, with the title, and its figures as description."""
    drawing = ET.Element("svg", {"class": "chart", "role": "img", "viewBox": f"0 0 {WIDTH} {height}"})
    for tag, words in (("title", title), ("desc", text)):
        ET.SubElement(drawing, tag).text = words
    drawing.append(parts)
    for part in drawing.iter():
        for name in PLACES & part.attrib.keys():
            rounded = NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), part.get(name, ""))
            part.set(name, rounded)
    return Markup(ET.tostring(drawing, encoding="unicode"))  # noqa: S704 - ElementTree escapes all text
