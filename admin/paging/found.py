"""The rows of one page of a list, and how many there are before and behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from models.store.keyset import OrderKey, Place, walk


@dataclass(frozen=True)
class AskedPage:
    """Where the page begins: behind a place or before it, at the end, or so many rows from the first."""

    beyond: Place | None = None
    back: bool = False
    offset: int = 0

    @property
    def is_plain(self) -> bool:
        return self.beyond is None and not self.back


@dataclass(frozen=True)
class Found:
    """What stands on the page, whether rows come before and behind, and the first one's place if all were counted."""

    keys: tuple[OrderKey, ...]
    places: tuple[Place, ...]
    before: bool
    behind: bool
    start: int | None = None

    @property
    def ids(self) -> list[int]:
        """The rows, by the table's own key: the last of every order."""
        return [place[-1] for place in self.places]


def page_of_few(query: Any, keys: Sequence[OrderKey], asked: AskedPage, size: int, count: int) -> Found:
    """A page out of rows that were counted to the last: with how many come before it."""
    rest = walk(query, keys, count, beyond=asked.beyond, back=asked.back)
    if asked.back:
        places, start = rest[:size][::-1], max(len(rest) - size, 0)
    else:
        places, start = rest[asked.offset : asked.offset + size], count - len(rest) + asked.offset
    return Found(tuple(keys), tuple(places), start > 0, start + len(places) < count, start)


class Walk(Protocol):
    """The rows of a list from a place on, as `models.store.keyset.walk` gives them."""

    def __call__(
        self, limit: int, *, beyond: Place | None = None, back: bool = False, offset: int = 0
    ) -> list[Place]: ...


def page_of_many(walk: Walk, keys: Sequence[OrderKey], asked: AskedPage, size: int) -> Found:
    """A page out of more rows than are counted."""
    rest = walk(size + 1, beyond=asked.beyond, back=asked.back, offset=asked.offset)
    places, more = rest[:size], len(rest) > size
    places = places[::-1] if asked.back else places
    start = asked.offset if asked.is_plain else 0 if asked.back and not more else None
    if asked.back:
        return Found(tuple(keys), tuple(places), more, asked.beyond is not None, start)
    return Found(tuple(keys), tuple(places), _comes_before(walk, asked, places), more, start)


def _comes_before(walk: Walk, asked: AskedPage, places: Sequence[Place]) -> bool:
    if asked.beyond is None or not places:
        return asked.offset > 0 or asked.beyond is not None
    return bool(walk(1, beyond=places[0], back=True))
