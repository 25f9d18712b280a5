"""Which backups are kept: the last of each of the last days, weeks and months that have one, and those that are held.

An archive is held by a file beside it, which says until when and why. It lies in the place of the backups, so that
whatever thins them knows it, a panel of another version as well.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.backup.place import ArchiveFolder, moment_of

HELD = ".tahan"  # beside an archive
HELD_FOR = timedelta(days=30)
LONGEST = 4096  # bytes of such a file


@dataclass(frozen=True)
class Spans:
    """How many days, weeks and months back there is one."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def kept_names(names: Iterable[str], spans: Spans) -> set[str]:
    """The names that stay; the latest always does."""
    latest_first = sorted(names, key=lambda name: (moment_of(name), name), reverse=True)
    kept = set(latest_first[:1])
    for count, period in ((spans.days, _day), (spans.weeks, _week), (spans.months, _month)):
        kept |= _last_of_each(latest_first, count, period)
    return kept


def _last_of_each(latest_first: list[str], count: int, period: Callable[[datetime], object]) -> set[str]:
    """Periods without a backup do not count: after a long pause the old ones stay until there are new ones."""
    last: dict[object, str] = {}
    for name in latest_first:
        last.setdefault(period(moment_of(name)), name)
    return set(list(last.values())[:count])


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month


def hold(place: ArchiveFolder, name: str, why: str, until: date) -> None:
    """From now on this archive stays until a day has passed."""
    with place.writing(name + HELD) as file:
        file.write(json.dumps({"until": until.isoformat(), "why": why}, ensure_ascii=False).encode())


def held_names(place: ArchiveFolder, names: Iterable[str], today: date) -> set[str]:
    """Those of the archives whose day has not passed."""
    marked = set(place.names())
    return {name for name in names if name + HELD in marked and _held_until(place, name) >= today}


def _held_until(place: ArchiveFolder, name: str) -> date:
    """What cannot be read holds for ever: somebody meant to keep that archive."""
    try:
        return date.fromisoformat(json.loads(place.beginning(name + HELD, LONGEST))["until"])
    except (ValueError, KeyError, TypeError):
        return date.max
