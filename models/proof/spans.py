"""Cases a portion at a time, so that an office of many years is walked in bounded memory; none is between portions."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.store.base import Model, all_models, database
from models.store.rows import shape_of

PORTION = 200


@dataclass(frozen=True)
class Span:
    """Cases with ids above `low` up to `high`; None: however far there are any."""

    low: int | None
    high: int | None

    def condition(self, case: str) -> str:
        """In SQL, that a row of this case is meant."""
        above = f"{case} > {self.low}" if self.low is not None else ""
        below = f"{case} <= {self.high}" if self.high is not None else ""
        return " AND ".join(filter(None, (above, below))) or f"{case} IS NOT NULL"


def spans(after: int | None = None) -> Iterator[Span]:
    """All cases behind this one, also where the complaint itself is not there."""
    low = after
    while (high := _end_of_portion(low)) is not None:
        yield Span(low, high)
        low = high
    yield Span(low, None)


def _end_of_portion(low: int | None) -> int | None:
    behind = f'WHERE "id" > {low}' if low is not None else ""
    asked = f'SELECT "id" FROM "complaint" {behind} ORDER BY "id" LIMIT 1 OFFSET {PORTION - 1}'  # noqa: S608 - numbers
    row = database.execute_sql(asked).fetchone()
    return int(row[0]) if row else None


def models_of_cases() -> list[type[Model]]:
    """Tables that count as proof and whose rows are of a case, each by the case's index."""
    return [model for model in all_models() if model.proves() and shape_of(model).case != "NULL"]


def proving_models() -> list[type[Model]]:
    return [model for model in all_models() if model.proves()]
