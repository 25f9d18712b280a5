"""The table as one looks at it before it runs: where each word stands, and the sentence for one that does not exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sop.procedure import DETOURS, FINALS, FORMER, ROWS, Final, Former, Row, Transition


def initials(series: str) -> str:
    """How a number names its series: the first letter of each of its words."""
    return "".join(word[0] for word in series.split("_") if word).upper()


class UnfitTable(SystemExit):
    """The start ends here. Python, Flask and pytest print this sentence and exit with 1, without a traceback, even if
    a module that was being imported found the fault."""


@dataclass(frozen=True)
class Place:
    """A transition and where it stands: its row, None beside the main line."""

    step: Transition
    row: int | None = None
    beside: str = "alur pengecualian"

    def __str__(self) -> str:
        return f"{f'baris {self.row}' if self.row else self.beside}, langkah “{self.step.key}”"


@dataclass(frozen=True)
class Table:
    """Rows, detours, final states and former keys as they are typed: the signed ones, or changed ones in a test."""

    rows: Sequence[Row] = field(default_factory=lambda: ROWS)
    detours: Sequence[Transition] = field(default_factory=lambda: DETOURS)
    finals: Mapping[str, Final] = field(default_factory=lambda: FINALS)
    former: Sequence[Former] = field(default_factory=lambda: FORMER)

    @property
    def line(self) -> list[Place]:
        return [Place(step, no) for no, row in enumerate(self.rows, 1) for step in row.transitions]

    @property
    def aside(self) -> list[Place]:
        return [Place(step) for step in self.detours]

    @property
    def gone(self) -> list[Place]:
        """Acts that the table no longer has, kept because their papers and the history remain."""
        return [Place(former.act, beside="FORMER") for former in self.former if former.act]

    @property
    def places(self) -> list[Place]:
        return [*self.line, *self.aside]

    @property
    def states(self) -> list[str]:
        """What a complaint may wait for or end in by an act of the table."""
        waiting = [at.step.key for at in self.aside if at.step.waiting]
        return [
            *(at.step.key for at in self.line[1:]),
            *waiting,
            *(key for key, final in self.finals.items() if not final.outside),
        ]


def unknown(where: object, column: str, word: str, words: Iterable[str]) -> str:
    """The sentence for a word that is none of `words`."""
    there = ", ".join(f"“{one}”" for one in words if one)
    return f"Tabel SOP, {where}, kolom {column}: “{word}” tidak dikenal. Yang ada: {there}."


def wrong(where: object, column: str, sentence: str) -> str:
    """The sentence for a column that says what cannot be."""
    return f"Tabel SOP, {where}, kolom {column}: {sentence}"


def alike(where: object, series: str, other: str) -> str:
    """The sentence for a series whose numbers would be another's."""
    return wrong(
        where, "series", f"“{series}” bersingkatan {initials(series)} seperti “{other}”; nomornya akan kembar."
    )


def stop_at(faults: Iterable[str]) -> None:
    """UnfitTable with the first of the sentences, if there is one."""
    if sentence := next(iter(faults), ""):
        raise UnfitTable(sentence)
