"""What a saved view stores of an address: filters and order by name, since their places in the list change."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from admin.lists.filters import FILTER_ARG

BY_NAME, ORDER = "flt_", "sort"
AS_IN_ADDRESSES = "!$'()*,/:;?@"  # what an address of the panel writes as it is

OF_CASE = ("kelurahan", "kecamatan", "age", "assignee", "reaction", "papers", "anonymous", "reopened")
OF_RECORD = ("draft_equals", "made_at_since", "made_at_until", *OF_CASE)
FORMER_PLACES: dict[str, tuple[str, ...]] = {
    "pengaduan": (
        *("state_equals", "late", "category_equals", "unit_equals", "secrecy_equals", "medium_equals"),
        *("received_at_since", "received_at_until", "for_me", "assignee", "keeper", "kelurahan", "kecamatan", "age"),
        *("reaction", "papers", "anonymous", "reopened", "figure", "part", "urgent"),
    ),
    "disposisi": ("complaint_state_equals", "unit_equals", "urgency_equals", "secrecy_equals", *OF_RECORD),
    "asesmen": ("complaint_state_equals", "conclusion_equals", *OF_RECORD),
    "nota-dinas": ("complaint_state_equals", *OF_RECORD),
    "berita-acara": ("complaint_state_equals", "medium_equals", "capacity_equals", "outcome_equals", *OF_RECORD),
    "usulan-disposisi": ("complaint_state_equals", "unit_equals", "urgency_equals", *OF_RECORD),
    "persetujuan-nota-dinas": ("complaint_state_equals", "outcome_equals", *OF_RECORD),
    "janji": ("standing", "day_since", "day_until", "caretaker_equals", "complaint_state_equals", *OF_CASE),
    "dokumen": (
        "kind_equals",
        "issued_at_since",
        "issued_at_until",
        "complaint_state_equals",
        "hand",
        *OF_CASE,
        "print",
    ),
    "riwayat": ("at_since", "at_until", "act_equals", "who_contains", *OF_CASE),
}
"""Views of 0.1.0 name a filter by its place, as addresses do (flt0_3): which stood where then. Never changed."""


@dataclass(frozen=True)
class NamesOfList:
    """The filters and the columns of a list by name, in their places of today."""

    page: str
    filters: Sequence[str]
    columns: Sequence[str]

    def to_saved(self, query: str) -> str:
        """The query of one of the list's own addresses, as a view stores it."""
        parts = []
        for name, value in parse_qsl(query):
            if place := FILTER_ARG.fullmatch(name):
                parts.append((f"{BY_NAME}{self.filters[int(place[1])]}", value))
            else:
                parts.append((name, self.columns[int(value)] if name == ORDER else value))
        return urlencode(parts)

    def to_address(self, saved: str) -> tuple[str, bool]:
        """The query that asks today for what a view stores, and whether all of it is still there."""
        parts = [self._part_today(name, value) for name, value in parse_qsl(saved)]
        return urlencode([part for part in parts if part], safe=AS_IN_ADDRESSES), None not in parts

    def _part_today(self, name: str, value: str) -> tuple[str, str] | None:
        """A part of the query, None where its filter or column is gone."""
        if name == ORDER:
            place = self._column_place(value)
            return (name, str(place)) if place is not None else None
        if not name.startswith("flt"):
            return name, value
        key = self._filter_key(name)
        if key not in self.filters:
            return None
        index = self.filters.index(key)
        return f"flt{index}_{index}", value

    def _column_place(self, value: str) -> int | None:
        if value in self.columns:
            return self.columns.index(value)
        return int(value) if value.isdecimal() and int(value) < len(self.columns) else None  # as 0.1.0 stored it

    def _filter_key(self, name: str) -> str:
        """Which filter a stored name means: by its key, or by the place where it once stood."""
        former = FILTER_ARG.fullmatch(name)
        if not former:
            return name.removeprefix(BY_NAME)
        stood = FORMER_PLACES.get(self.page, self.filters)
        return stood[int(former[1])] if int(former[1]) < len(stood) else ""
