"""Rows in an order of which each is looked at whether it belongs there: for what so many rows hold that it would cost
more to gather them than to meet them."""

from collections.abc import Callable, Sequence
from typing import Any

from models.store.keyset import OrderKey, Place, walk

PORTIONS = (
    60,
    90,
    250,
)  # rows that are looked at together; where these do not fill a page, all that belong are gathered

Among = Callable[[Sequence[int]], set[int]]  # those of some rows that belong there


def walk_looking(
    rows: Any,
    keys: Sequence[OrderKey],
    among: Among,
    limit: int,
    *,
    beyond: Place | None = None,
    back: bool = False,
    offset: int = 0,
) -> list[Place] | None:
    """What `walk` gives of those rows that belong there; None as soon as the nearest rows do not seem to tell."""
    wanted, looked_at, met = offset + limit, 0, list[Place]()
    for size in PORTIONS:
        nearest = walk(rows, keys, size, beyond=beyond, back=back)
        belonging = among([place[-1] for place in nearest])
        met += [place for place in nearest if place[-1] in belonging]
        if len(met) >= wanted or len(nearest) < size:
            return met[offset:wanted]
        beyond, looked_at = nearest[-1], looked_at + size
        if len(met) * sum(PORTIONS) < wanted * looked_at:
            return None
    return None
