"""Rows in an order of which each is looked at whether it belongs there: for what so many rows hold that it would cost
more to gather them than to meet them."""

from collections.abc import Callable, Sequence
from typing import Any

from models.store.keyset import OrderKey, Place, walk

LOOKED_AT = 400  # rows; where they do not fill a page, all that belong there are gathered
PORTION = 50  # rows that are looked at together

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
    """What `walk` gives of those rows that belong there; None if that cannot be told from the nearest rows."""
    nearest, wanted = walk(rows, keys, LOOKED_AT, beyond=beyond, back=back), offset + limit
    met: list[Place] = []
    for start in range(0, len(nearest), PORTION):
        portion = nearest[start : start + PORTION]
        belonging = among([place[-1] for place in portion])
        met += [place for place in portion if place[-1] in belonging]
        if len(met) >= wanted:
            break
    is_told = len(met) >= wanted or len(nearest) < LOOKED_AT
    return met[offset:wanted] if is_told else None
