"""A procedure as a value: one table of rows and detours, frozen, and what follows from it while cases run through it.

A case is asked for its own (`case.procedure`); what no case is in hand for, a new complaint or a menu, takes
`current_procedure()`. What conditions in SQL and the history need of all procedures is `sop/vocabulary.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sop import check
from sop.procedure import (
    BACK,
    DETOURS,
    FINALS,
    FORMER,
    KEPALA_DINAS,
    OPEN,
    ROWS,
    RUNNING,
    SAME,
    UNTIL,
    Final,
    Former,
    PaperKind,
    Row,
    Transition,
)
from sop.table import stop_at


@dataclass(frozen=True, eq=False)
class Procedure:
    """One revision of the SOP as it runs: order, rows, norms and words. Two are the same if they are one object."""

    rows: tuple[Row, ...]
    detours: tuple[Transition, ...]
    finals: Mapping[str, Final]
    former: tuple[Former, ...] = ()

    # What the table says, by key

    @cached_property
    def main_line(self) -> tuple[Transition, ...]:
        return tuple(act for row in self.rows for act in row.transitions)

    @cached_property
    def transitions(self) -> dict[str, Transition]:
        """Every act by its key: the main line, then the detours in the table's order."""
        return {act.key: act for act in (*self.main_line, *self.detours)}

    @cached_property
    def known(self) -> dict[str, Transition]:
        """What records and the history may name, and what it is in this procedure: also acts under former keys."""
        gone = {f.key: f.act or self.transitions[f.now] for f in self.former if f.act or f.now in self.transitions}
        return {**self.transitions, **gone}

    @cached_property
    def papers(self) -> dict[str, PaperKind]:
        """Every paper by its key, also those of acts that the table has no more; as it is today where it has both."""
        present = {paper.key: paper for act in self.transitions.values() for paper in act.papers}
        return {**{paper.key: paper for act in self.known.values() for paper in act.papers}, **present}

    @property
    def receive(self) -> Transition:
        """The act that takes a complaint in: the first of the main line."""
        return self.main_line[0]

    @property
    def first(self) -> str:
        """The state of a complaint that has just been received."""
        return self.main_line[1].key

    @property
    def closed(self) -> str:
        """The final state in which the main line ends."""
        return next(iter(self.finals))

    @cached_property
    def held(self) -> str:
        """The one state beside the main line in which something is awaited."""
        return next(act.key for act in self.detours if act.waiting)

    @cached_property
    def awaited(self) -> tuple[str, ...]:
        """The states of the main line, in order."""
        return tuple(act.key for act in self.main_line[1:])

    @cached_property
    def open_states(self) -> frozenset[str]:
        return frozenset((*self.awaited, self.held))

    @cached_property
    def called(self) -> tuple[Transition, ...]:
        """Acts that wait where a mark of the case calls for them."""
        return tuple(act for act in self.detours if act.called_by)

    @cached_property
    def takes_back(self) -> Transition | None:
        """The act that undoes the last step, if the table has one."""
        return next((act for act in self.detours if act.effect == "recall"), None)

    def repeat(self, word: str) -> Transition | None:
        """The act that does this (a word of REPEATS) with a case that came before; None where the table has none."""
        return next((act for act in self.detours if act.repeat == word), None)

    # Where an act begins and leads to

    @cached_property
    def _next(self) -> dict[str, str]:
        line = [act.key for act in self.main_line]
        return dict(zip(line, [*line[1:], self.closed], strict=True))

    @cached_property
    def _sets(self) -> dict[str, frozenset[str]]:
        until = {UNTIL + key: frozenset((*self.awaited[:n], self.held)) for n, key in enumerate(self.awaited, 1)}
        return {OPEN: self.open_states, RUNNING: frozenset(self.awaited), **until}

    def is_main(self, act: Transition) -> bool:
        return act.key in self._next

    def is_receive(self, act: Transition) -> bool:
        return act.key == self.receive.key

    def starts(self, act: Transition) -> frozenset[str]:
        """The states in which an act may begin by this table, whatever another one says of it."""
        if self.is_main(act):
            return frozenset({act.key})
        start = self.transitions[act.key].start if act.key in self.transitions else ()
        return frozenset(state for name in start for state in self._sets.get(name, {name}))

    def from_state(self, state: str) -> list[Transition]:
        """What may begin in a state: its main-line act first, then the detours in the table's order."""
        return [act for act in self.transitions.values() if state in self.starts(act)]

    def target(self, act: Transition, *, state: str, back: str = "") -> str:
        """The state that an act leads to from `state`; `back` is where it was, for what goes back."""
        if self.is_main(act):
            return self._next[act.key]
        return {SAME: state, BACK: back}.get(act.to, act.to)

    def other_ways(self, step: Transition) -> list[Transition]:
        """How else a case leaves the state that awaits a step: the detours of its lane that begin there by name and
        lead away."""
        return [act for act in self.detours if step.key in act.start and act.actor == step.actor and act.to != SAME]

    def is_choice(self, step: Transition) -> bool:
        """Whether a step decides on what another lane has brought: it may be taken, or the case sent another way."""
        if not self.is_main(step) or self.is_receive(step) or step.draft:
            return False
        before = self.main_line[[act.key for act in self.main_line].index(step.key) - 1]
        return before.actor != step.actor and bool(self.other_ways(step))

    def choice_at(self, state: str, act: Transition) -> Transition | None:
        """The step that decides in a state, if the act is one of the ways between which it chooses."""
        step = self.transitions.get(state)
        if step is None or not self.is_choice(step):
            return None
        return step if act.key in {way.key for way in (step, *self.other_ways(step))} else None

    def settling(self, act: Transition) -> list[Transition]:
        """The acts that end the waiting for a called one: itself first."""
        return [act, *(self.transitions[key] for key in act.settled_by)]

    # Rows

    @cached_property
    def _row_numbers(self) -> dict[str, int]:
        return {act.key: number for number, row in enumerate(self.rows, 1) for act in row.transitions}

    @cached_property
    def _gone_rows(self) -> dict[str, Row]:
        """What runs are of that were measured in a row which the table has no more."""
        titles = {f.key: (f.act, f"{f.act.label} (tidak ada lagi dalam SOP)") for f in self.former if f.act}
        return {
            key: Row(kegiatan=title, title=title, kelengkapan=(), waktu="", output=(), transitions=(act,))
            for key, (act, title) in titles.items()
        }

    @property
    def rows_ever(self) -> list[Row]:
        """The rows of the table, and behind them what may have been one and is gone."""
        return [*self.rows, *self._gone_rows.values()]

    def row_no(self, state: str) -> int | None:
        """The number of the row whose act `state` awaits; None for a held or final state."""
        return self._row_numbers.get(state)

    def row(self, state: str) -> Row | None:
        """The row whose act `state` awaits; None for a held or final state."""
        number = self.row_no(state)
        return self.rows[number - 1] if number else None

    def row_named(self, key: str) -> Row:
        """The row that a run names by its first act: where that stands in the table, under whatever name, or one that
        is gone."""
        act = self.known[key]
        return self.row(act.key) or self._gone_rows[act.key]

    def row_number(self, key: str) -> int:
        """The number in the table of the row that a run names; 0 for one that is gone, since its number is another's
        by now."""
        return self._row_numbers.get(self.known[key].key, 0) if key in self.known else 0

    def row_keys(self, row: Row) -> list[str]:
        """All that runs may call a row: its acts' keys, and those that these had before."""
        acts = {act.key for act in row.transitions}
        return [key for key, act in self.known.items() if act.key in acts]

    # Words and papers

    def state_label(self, state: str) -> str:
        """The state in the office's words."""
        return self.finals[state].label if state in self.finals else self.transitions[state].waiting

    def states(self) -> Iterator[tuple[str, str]]:
        """Every state a registered complaint may be in, with its label, in the order of the table."""
        for state in (*self.awaited, self.held, *self.finals):
            yield state, self.state_label(state)

    @cached_property
    def issuers(self) -> dict[str, Transition]:
        """By the key of a paper the act that issues it: of the main line, else a detour, else one that did formerly."""
        return {paper.key: act for act in reversed(self.known.values()) for paper in act.papers}


def signs(act: Transition) -> bool:
    """Whether the Kepala Dinas, or whoever acts for him, puts his name to something: his acts that issue papers."""
    return act.actor == KEPALA_DINAS and bool(act.papers)


stop_at(check.faults())  # before anything is derived: all that follows trusts the words of the table


SHIPPED = Procedure(ROWS, DETOURS, FINALS, FORMER)  # the table of sop/procedure.py
PROCEDURES: tuple[Procedure, ...] = (SHIPPED,)  # that cases follow, the present one first


def current_procedure() -> Procedure:
    """The procedure that a complaint received now will follow: the table as shipped."""
    return PROCEDURES[0]
