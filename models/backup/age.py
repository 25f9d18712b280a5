"""Which backups are kept: the last of each of the last days, weeks and months that have one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from models.backup.place import moment_of


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
