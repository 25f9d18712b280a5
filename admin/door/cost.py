"""What a route may cost beyond the reading of some rows: declared on it or on its view, and read before each request.

A seat is taken either before anything is done for the request, or when the work begins: who only opens a form, or
sends one without a file, takes none. Work that no route has declared does not begin, see `models/store/bounded.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g

from models.store.bounded import Work

Marked = TypeVar("Marked", bound=Callable[..., Any])
WITHOUT_END = 1_000


@dataclass(frozen=True)
class SeatKind:
    """A kind of seat in the room of costly work: how many one person may have at one time, and all together."""

    name: str
    own: int = WITHOUT_END
    together: int = WITHOUT_END
    long: bool = False  # may take many seconds: whoever has waited for it in vain does not go in all the same
    line: int = 0  # waiting for it in a line of its own, of one person as many as may have it; 0 for the common line
    patience: float = 1.0  # seconds in line


SHORT, LONG = SeatKind("short"), SeatKind("long", long=True)
SEATS = {
    Work.PRINT: SHORT,
    Work.HASH: SeatKind("hash", own=1, together=2, line=2, patience=3.0),
    Work.FILE: SeatKind("file", own=1, together=2, long=True, line=3, patience=10.0),
    Work.TABLE: SeatKind("table", own=1, together=2, long=True, line=1, patience=10.0),
}


@dataclass(frozen=True)
class Cost:
    """What may be done for a request, and the seat that it needs from the start."""

    works: frozenset[Work] = frozenset()
    seat: SeatKind | None = None
    asked_by: tuple[str, ...] = ()  # only where the address says one of these


def begins(*works: Work) -> Cost:
    """A seat is taken when such work begins; whoever gets none is told by the page, with all that was typed."""
    return Cost(frozenset(works))


READS = Cost()
SEARCHES = Cost(seat=SHORT, asked_by=("search", "q"))
READS_MUCH = Cost(seat=LONG)
PRINTS = Cost(frozenset({Work.PRINT}), SHORT)
PRINTS_MUCH = Cost(frozenset({Work.PRINT}), LONG)
CHECKS_PASSWORD = begins(Work.HASH)
TAKES_FILES = begins(Work.FILE)
FREE = frozenset({"static", "admin.static", "live", "ready"})  # other libraries' routes, and signs of life


def costs(cost: Cost) -> Callable[[Marked], Marked]:
    """The function or method declares a cost of its own, whatever that of its view is."""

    def mark(route: Marked) -> Marked:
        vars(route)["cost"] = cost
        return route

    return mark


def cost_of(app: Flask, endpoint: str | None) -> Cost | None:
    """What a route declares, itself or by its view; None where nobody has declared anything."""
    if endpoint is None or endpoint in FREE:
        return READS
    route: Any = app.view_functions[endpoint]
    declared: Cost | None = getattr(route, "cost", None) or getattr(getattr(route, "__self__", None), "cost", None)
    return declared


def may_do(*works: Work) -> None:
    """A question that comes before what was asked for, as that for the password, brings its own work along."""
    g.works = g.get("works", frozenset()) | frozenset(works)
