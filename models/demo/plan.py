"""One complaint of the demo as it is planned: what is received, and every act on it with its moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PlannedAct:
    """One transition: when, which, by whom (user name), with which blanks; a Plan among them stands for its number."""

    at: datetime
    key: str
    by: str
    blanks: dict[str, Any]
    evidence: tuple[str, ...] = ()  # words of models/demo/evidence.py


@dataclass(eq=False)
class Plan:
    """A complaint with its text (of the data file), its columns and persons, and the acts on it in order."""

    text: dict[str, Any]
    data: dict[str, Any]
    persons: dict[str, dict[str, Any]]
    acts: list[PlannedAct] = field(default_factory=list)
    opened_at: datetime | None = None
    id: int = 0

    @property
    def secret(self) -> bool:
        return bool(self.text["secret"])

    @property
    def unit(self) -> str:
        return str(self.text["unit"])

    def add(self, at: datetime, key: str, by: str, *, evidence: tuple[str, ...] = (), **blanks: Any) -> "Plan":
        """Plan the next act; ValueError if it would not come after the one before."""
        if self.acts and at <= self.acts[-1].at:
            raise ValueError(f"“{key}” pada {at} tidak sesudah “{self.acts[-1].key}” pada {self.acts[-1].at}")
        self.acts.append(PlannedAct(at, key, by, blanks, evidence))
        return self
