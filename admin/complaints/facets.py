"""Facets of the search page: its hits counted by status, unit, year and medium, each count a link that narrows them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from models.complaint.complaint import Complaint
from models.reading.figures import NO_VALUE, PART_BY_KEY
from sop.words import in_wib

FEWEST = 2  # hits from which on there is something to narrow


@dataclass(frozen=True)
class Facet:
    """One way to divide the hits: by the value of a column, in the words that `names` has for it."""

    key: str  # in the address
    title: str
    column: Any
    names: Callable[[], Mapping[Any, str]]
    unknown: str = ""
    value: Callable[[Any], str] = lambda value: NO_VALUE if value is None else str(value)


@dataclass(frozen=True)
class FacetOption:
    """A value with the number of hits that have it; `url` chooses it, or takes back the choice."""

    words: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class FacetList:
    """The values of one facet among the hits, most frequent first."""

    title: str
    options: list[FacetOption]


def _of_part(key: str, title: str) -> Facet:
    part = PART_BY_KEY[key]
    return Facet(key, title, part.column, part.names, part.unknown)


YEAR = Facet("tahun", "Tahun diterima", Complaint.received_at, dict, value=lambda moment: str(in_wib(moment).year))
FACETS = (_of_part("status", "Status"), _of_part("unit", "Unit kerja"), YEAR, _of_part("media", "Media"))


def chosen_facets() -> dict[str, str]:
    """The values in the address by facet; one that no hit has finds nothing, as with any filter."""
    return {facet.key: request.args[facet.key][:40] for facet in FACETS if request.args.get(facet.key)}


def narrowed(
    ids: Sequence[int], chosen: Mapping[str, str], address: Callable[[Mapping[str, str]], str]
) -> tuple[list[int], list[FacetList]]:
    """Those of the hits that have the chosen values, in their order, and the facets. Each facet counts the hits that
    the other facets leave, so that it says what choosing another of its values would find. One statement."""
    if len(ids) < FEWEST:
        return list(ids), []
    read = Complaint.select(Complaint.id, *(facet.column for facet in FACETS)).where(Complaint.id.in_(list(ids)))
    values = {
        number: {facet.key: facet.value(value) for facet, value in zip(FACETS, columns, strict=True)}
        for number, *columns in read.tuples()
    }
    divides = [facet for facet in FACETS if len({value[facet.key] for value in values.values()}) > 1]
    lists = [_facet_list(one, values, chosen, address) for one in FACETS if one in divides or one.key in chosen]
    return _having(ids, values, chosen), lists


def _having(ids: Sequence[int], values: Mapping[int, Mapping[str, str]], chosen: Mapping[str, str]) -> list[int]:
    return [case for case in ids if case in values and all(values[case][key] == one for key, one in chosen.items())]


def _facet_list(
    facet: Facet,
    values: Mapping[int, Mapping[str, str]],
    chosen: Mapping[str, str],
    address: Callable[[Mapping[str, str]], str],
) -> FacetList:
    others = {key: value for key, value in chosen.items() if key != facet.key}
    counts = Counter(values[case][facet.key] for case in _having(list(values), values, others))
    names = {str(key): name for key, name in facet.names().items()} | {NO_VALUE: facet.unknown}
    options = []
    for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], names.get(pair[0], pair[0]))):
        is_chosen = chosen.get(facet.key) == value
        url = address(others if is_chosen else {**others, facet.key: value})
        options.append(FacetOption(names.get(value, value), count, url, is_chosen))
    return FacetList(facet.title, options)
