"""What must be said of a desk's file, counted over its cells: months, answers, days to answer, by whatever groups it.

Days and months are those that the cells themselves write, which are days in WIB; nothing of the panel is asked but how
a percentile is found.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from models.reading.times import MEDIAN, NINTH, percentile
from tests.made_lapor.complaints_desk import DeskRow

OURS, OTHERS = "ours", "others"


@dataclass(frozen=True)
class DeskFigures:
    """Of some rows: how many came, how many of them were answered, after how many days each, the shortest first."""

    received: int
    days: tuple[int, ...]

    @property
    def answered(self) -> int:
        return len(self.days)

    @property
    def unanswered(self) -> int:
        return self.received - self.answered

    @property
    def median(self) -> int | None:
        return percentile(self.days, MEDIAN) if self.days else None

    @property
    def ninth(self) -> int | None:
        return percentile(self.days, NINTH) if self.days else None


def counted(rows: Iterable[DeskRow]) -> list[DeskRow]:
    """All rows but those that say nothing, which become no case."""
    return [row for row in rows if not row.says_nothing]


def ours(rows: Iterable[DeskRow]) -> list[DeskRow]:
    return [row for row in rows if row.is_ours]


def desk_figures(rows: Iterable[DeskRow]) -> DeskFigures:
    answered = [row.told for row in rows]
    days = sorted((_day(reply) - _day(asked)).days for asked, reply in answered if reply)
    return DeskFigures(len(answered), tuple(days))


def figures_by(rows: Iterable[DeskRow], group: Callable[[DeskRow], str]) -> dict[str, DeskFigures]:
    """By office, topic, kecamatan, month: `figures_by(rows, lambda row: row.topic)`."""
    groups: dict[str, list[DeskRow]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append(row)
    return {name: desk_figures(some) for name, some in groups.items()}


def received_by_month(rows: Iterable[DeskRow]) -> Counter[tuple[str, str]]:
    """By ("2025-03", whose): how many came in."""
    return Counter((month_received(row), _whose(row)) for row in rows)


def answered_by_month(rows: Iterable[DeskRow]) -> Counter[tuple[str, str]]:
    """By ("2025-03", whose): how many were answered then, whenever they came."""
    return Counter((row.told[1][:7], _whose(row)) for row in rows if row.told[1])


def month_received(row: DeskRow) -> str:
    return row.told[0][:7]


def _whose(row: DeskRow) -> str:
    return OURS if row.is_ours else OTHERS


def _day(cell: str) -> date:
    return date.fromisoformat(cell[:10])
