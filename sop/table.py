"""The SOP's table as its validation sees it: places of transitions, and the sentences for faults."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sop.procedure import DETOURS, FINALS, FORMER, ROWS, Final, Former, Row, Transition


def initials(series: str) -> str:
    """The abbreviation of a series in numbers: the first letter of each of its words."""
    return "".join(word[0] for word in series.split("_") if word).upper()


class UnfitTable(SystemExit):
    """The table is invalid. As a SystemExit with a message it ends Python, Flask and pytest with that sentence and exit
    code 1, without a traceback, also during an import."""


@dataclass(frozen=True)
class Place:
    """A transition and its place in the table: the row's number, or for a transition of no row the part's name."""

    step: Transition
    row: int | None = None
    part: str = "alur pengecualian"

    def __str__(self) -> str:
        return f"{f'baris {self.row}' if self.row else self.part}, langkah “{self.step.key}”"


@dataclass(frozen=True)
class Table:
    """Rows, detours, final states and former keys before validation: those of sop/procedure.py, or others in tests."""

    rows: Sequence[Row] = field(default_factory=lambda: ROWS)
    detours: Sequence[Transition] = field(default_factory=lambda: DETOURS)
    finals: Mapping[str, Final] = field(default_factory=lambda: FINALS)
    former: Sequence[Former] = field(default_factory=lambda: FORMER)

    @property
    def line(self) -> list[Place]:
        return [Place(step, no) for no, row in enumerate(self.rows, 1) for step in row.transitions]

    @property
    def detour_places(self) -> list[Place]:
        return [Place(step) for step in self.detours]

    @property
    def gone(self) -> list[Place]:
        """Removed acts, which are still needed for their papers and the history."""
        return [Place(former.act, part="FORMER") for former in self.former if former.act]

    @property
    def places(self) -> list[Place]:
        return [*self.line, *self.detour_places]

    @property
    def states(self) -> list[str]:
        """The states that an act of the table can lead to."""
        waiting = [at.step.key for at in self.detour_places if at.step.waiting]
        return [
            *(at.step.key for at in self.line[1:]),
            *waiting,
            *(key for key, final in self.finals.items() if not final.outside),
        ]


def unknown(where: object, column: str, word: str, words: Iterable[str]) -> str:
    """The sentence for a word that is none of `words`."""
    known = ", ".join(f"“{each}”" for each in words if each)
    return f"Tabel SOP, {where}, kolom {column}: “{word}” tidak dikenal. Yang ada: {known}."


def wrong(where: object, column: str, sentence: str) -> str:
    """The sentence for an invalid value of a column."""
    return f"Tabel SOP, {where}, kolom {column}: {sentence}"


def alike(where: object, series: str, other: str) -> str:
    """The sentence for a series whose abbreviation is also another's."""
    return wrong(
        where, "series", f"“{series}” bersingkatan {initials(series)} seperti “{other}”; nomornya akan kembar."
    )


def stop_at(faults: Iterable[str]) -> None:
    """Raise UnfitTable with the first sentence, if there is one."""
    if sentence := next(iter(faults), ""):
        raise UnfitTable(sentence)
