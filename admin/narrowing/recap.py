"""Filters by a figure of the recap and by a part of it: chosen by its links, and taken away by their chips."""

from typing import Any

from flask import request

from admin.kit.filters import FILTER_ARG, Choice
from models.complaint.complaint import Complaint
from models.reading.figures import BY_KEY, PART_BY_KEY, Part, RecapFigure
from models.reading.period import Period
from models.reading.summary import BY_HOUR
from models.store.base import now

BETWEEN = "."  # stands in no key, and in no name of a kecamatan


class Unlisted(Choice):
    """A filter with far too many choices to be offered: it is drawn once something is chosen, with that alone."""

    def choices(self) -> list[tuple[str, str]]:
        typed = (value for name, value in request.args.items() if FILTER_ARG.fullmatch(name))
        return [(value, words) for value in typed if (words := self.value_words(value))][:1]

    def validate(self, value: str) -> bool:
        return bool(self.value_words(value))


class ByFigure(Unlisted):
    """What a figure of a recap counts, in its range of days."""

    def __init__(self) -> None:
        super().__init__(Complaint.closed_at, "Rekapitulasi")

    def value_words(self, value: str) -> str:
        asked = figure_of(value)
        return f"{asked[0].label}, {asked[1].words}" if asked else ""

    def apply(self, query: Any, value: str) -> Any:
        asked = figure_of(value)
        return query.where(asked[0].condition(asked[1], now())) if asked else query


class ByPart(Unlisted):
    """What of a recap has this unit, this category, and so on."""

    def __init__(self) -> None:
        super().__init__(Complaint.closed_at, "Rincian")

    def value_words(self, value: str) -> str:
        asked = part_of(value)
        return f"{asked[0].title} {asked[0].name_of(asked[1])}" if asked else ""

    def apply(self, query: Any, value: str) -> Any:
        asked = part_of(value)
        return query.where(asked[0].condition(asked[1])) if asked else query


def figure_value(key: str, period: Period) -> str:
    """How an address asks for a figure."""
    return f"{key}{BETWEEN}{period}"


def part_value(part: Part, value: str) -> str:
    return f"{part.key}{BETWEEN}{value}"


def figure_of(value: str) -> tuple[RecapFigure, Period] | None:
    """The figure and its range; None for what is none."""
    key, _, days = value.partition(BETWEEN)
    first, _, last = days.partition(BETWEEN)
    try:
        return (figure, Period.read(first, last)) if (figure := BY_KEY.get(key) or BY_HOUR.get(key)) else None
    except ValueError:
        return None


def part_of(value: str) -> tuple[Part, str] | None:
    """The part and the value of it; None for what is none."""
    key, between, name = value.partition(BETWEEN)
    part = PART_BY_KEY.get(key) if between else None
    return (part, name) if part and part.name_of(name) is not None else None
