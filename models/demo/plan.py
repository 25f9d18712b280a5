"""One complaint of the demo as it is planned: what is received, and every act on it with its moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from models.records.base import Blanks
from models.store.base import Columns


class Pengadu(TypedDict):
    """Who complains, as far as the text needs it."""

    sex: str
    age: list[int]  # from, to
    job: str | None


class Concerned(TypedDict, total=False):
    """Whom a text is about."""

    relation: str
    known: bool
    sex: str
    age: int
    group: str | None


class DemoText(TypedDict, total=False):
    """A text of the data file, with what its category says of it."""

    no: int
    category: str
    title: str
    voice: str
    story: str
    asks: str
    accused: str | None
    loss: str | None
    place: str
    evidence: str | None
    media: list[str]
    anonymous_fits: bool
    safe_contact: str | None
    emergency_action: str | None
    pengadu: Pengadu
    persons: dict[str, Concerned | None]
    findings: dict[str, str]
    delivery: dict[str, str]
    unit: str
    secret: bool
    group: str
    advice: str
    emergency_unit: str | None
    original: Any  # the Plan that it repeats or is tied to


@dataclass(frozen=True)
class PlannedAct:
    """One transition: when, which, by whom (user name), with which blanks; a Plan among them stands for its number."""

    at: datetime
    key: str
    by: str
    blanks: Blanks
    evidence: tuple[str, ...] = ()  # words of models/demo/evidence.py


@dataclass(eq=False)
class Plan:
    """A complaint with its text (of the data file), its columns and persons, and the acts on it in order."""

    text: DemoText
    data: Columns
    persons: dict[str, Columns]
    acts: list[PlannedAct] = field(default_factory=list)
    opened_at: datetime | None = None
    id: int = 0

    @property
    def secret(self) -> bool:
        return bool(self.text["secret"])

    @property
    def unit(self) -> str:
        return str(self.text["unit"])

    def add(
        self, at: datetime, key: str, by: str, blanks: Blanks | None = None, *, evidence: tuple[str, ...] = ()
    ) -> "Plan":
        """Plan the next act; ValueError if it would not come after the one before."""
        if self.acts and at <= self.acts[-1].at:
            raise ValueError(f"“{key}” pada {at} tidak sesudah “{self.acts[-1].key}” pada {self.acts[-1].at}")
        self.acts.append(PlannedAct(at, key, by, blanks or {}, evidence))
        return self
