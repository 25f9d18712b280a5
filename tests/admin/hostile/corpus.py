"""The whole corpus by the kind of harm that is meant, and what of it each person sends."""

from collections.abc import Sequence

from tests.admin.hostile import addresses, bodies, desk, manners
from tests.admin.hostile.asked import Ask

CORPUS = {
    "foreign": addresses.FOREIGN,
    "ids": addresses.IDS,
    "paging": addresses.PAGING,
    "searches": addresses.SEARCHES,
    "filters": addresses.FILTERS,
    "paths": addresses.PATHS,
    "redirects": addresses.REDIRECTS,
    "headers": manners.HEADERS,
    "cookies": manners.COOKIES,
    "verbs": manners.VERBS,
    "forged": manners.FORGED,
    "bodies": bodies.BODIES,
    "rows": bodies.ROWS_SENT,
    "unoffered": bodies.UNOFFERED,
    "stale": bodies.STALE,
    "passkeys": bodies.PASSKEYS,
    "desk": desk.SHEETS,
}
ALIKE = ("ids", "paging", "filters", "paths", "headers", "cookies", "bodies")  # who asks makes little difference


def share(place: int) -> list[Ask]:
    """What the person at this place sends: everything, and of what is alike for all every other request."""
    return [ask for name, asks in CORPUS.items() for ask in _part(name, asks, place)]


def _part(name: str, asks: Sequence[Ask], place: int) -> Sequence[Ask]:
    return asks[place % 2 :: 2] if name in ALIKE else asks
