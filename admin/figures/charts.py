"""Charts as SVG by leather: without inline style or script, and with their figures as text."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import leather
from leather import theme
from markupsafe import Markup

from models.reading.period import Period
from models.reading.summary import MonthLine
from sop.words import MONTHS

MONTHLY = "Masuk dan selesai tiap bulan"
WIDTH, HEIGHT, BAR, AROUND = 420, 230, 30, 50  # pixels of the drawing, which scales with its column
FONT = "Liberation Sans, Arial, sans-serif"
RECEIVED, ENDED = "#0f5c5c", "#8a5000"  # static/css/leadership.css selects these colours, for the dark scheme too
INK = "currentColor"  # as the page's text: readable in the dark scheme and on paper
SPREAD = 0.97  # of the drawing's width, so that there is room for the last month's name
OF_UNITS = "Bidang "  # nearly all begin with it
LETTERS = 18  # characters of a bar's name; the table next to it has the full name

PLACES = {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "d"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?")

theme.background_color = "none"
theme.title_font_family = theme.legend_font_family = theme.axis_title_font_family = theme.tick_font_family = FONT
theme.title_color = theme.legend_color = theme.axis_title_color = theme.label_color = INK
theme.margin = 0.03

Named = tuple[tuple[str, float], ...]
DRAWINGS = 500  # cached, each by its figures: drawing one takes longer than counting them


class DayScale(leather.Temporal):
    """From the first day to the last: leather would round both, to points outside of the drawing."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(first, last)
        self.first, self.length = first, (last - first).days

    def project(self, value: date, range_min: float, range_max: float) -> float:
        return range_min + SPREAD * (range_max - range_min) * (value - self.first).days / self.length


def month_chart(lines: Sequence[MonthLine], title: str) -> Markup:
    """A line each for received and for ended cases by month."""
    return _lines_chart(tuple((line.month, line.received, line.ended) for line in lines), title)


@lru_cache(maxsize=DRAWINGS)
def _lines_chart(lines: tuple[tuple[Period, int, int], ...], title: str) -> Markup:
    chart, days = leather.Chart(), [month.first for month, *_ in lines]
    for name, counts, stroke in (
        ("Masuk", [received for _, received, _ in lines], {"stroke_color": RECEIVED}),
        ("Selesai", [ended for *_, ended in lines], {"stroke_color": ENDED, "stroke_dasharray": "6 4"}),
    ):
        chart.add_line(list(zip(days, counts, strict=True)), name=name, **stroke)
    most = max((max(counts) for _, *counts in lines), default=0)
    chart.set_x_scale(DayScale(days[0], days[-1]))
    chart.add_x_axis(ticks=days[::-2][::-1], tick_formatter=lambda day, *_: MONTHS[day.month - 1][:3])
    chart.set_y_scale(_scale_to(max(most, 4)))
    text = "; ".join(f"{month.words}: {received} masuk, {ended} selesai" for month, received, ended in lines)
    return _svg(chart, HEIGHT, title, text)


@lru_cache(maxsize=DRAWINGS)
def bar_chart(bars: Named, title: str, unit: str = "", most: float = 0) -> Markup:
    """A bar for each name, in their order from the top."""
    chart = leather.Chart()
    labels = _labels([name for name, _ in bars])
    chart.add_bars([(value, label) for label, (_, value) in zip(labels, bars, strict=True)], fill_color=RECEIVED)
    chart.set_x_scale(_scale_to(most or max((value for _, value in bars), default=0) or 1))
    text = "; ".join(f"{name}: {value:g}{unit}" for name, value in bars)
    return _svg(chart, AROUND + BAR * len(bars), title, text)


@lru_cache(maxsize=1_000)
def _scale_to(longest: float) -> leather.Linear:
    """A scale from 0. Cached, since choosing its ticks costs leather as much as the rest of a drawing."""
    return leather.Linear(0, longest)


def _labels(names: Sequence[str]) -> list[str]:
    """The names cut to LETTERS characters, each unique: leather draws bars of one label as one bar."""
    labels: list[str] = []
    for name in names:
        short = name.removeprefix(OF_UNITS)
        short = short if len(short) <= LETTERS else f"{short[: LETTERS - 1].rstrip()}…"
        labels.append(f"{short[: LETTERS - 4]} ({len(labels) + 1})" if short in labels else short)
    return labels


def _svg(chart: leather.Chart, height: int, title: str, text: str) -> Markup:
    """The drawing as markup that scales with the page, with the title, and its figures as description."""
    drawing = ET.Element("svg", {"class": "chart", "role": "img", "viewBox": f"0 0 {WIDTH} {height}"})
    for tag, words in (("title", title), ("desc", text)):
        ET.SubElement(drawing, tag).text = words
    drawing.append(chart.to_svg_group(width=WIDTH, height=height))
    for part in drawing.iter():
        for name in PLACES & part.attrib.keys():
            rounded = NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), part.get(name, ""))
            part.set(name, rounded)
    return Markup(ET.tostring(drawing, encoding="unicode"))  # noqa: S704 - ElementTree escapes all text
