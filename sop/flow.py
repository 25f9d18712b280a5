"""A procedure (one version of the SOP's table) as an immutable value, with everything derived from it.

Code about a case uses `case.procedure`; code without a case, such as a menu or a new complaint, `current_procedure()`.
Conditions in SQL and the history need the keys of all procedures: `sop/vocabulary.py`.
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
    """One revision of the SOP: order, rows, norms and words. Compared by identity."""

    rows: tuple[Row, ...]
    detours: tuple[Transition, ...]
    finals: Mapping[str, Final]
    former: tuple[Former, ...] = ()

    # The table by key

    @cached_property
    def main_line(self) -> tuple[Transition, ...]:
        return tuple(act for row in self.rows for act in row.transitions)

    @cached_property
    def transitions(self) -> dict[str, Transition]:
        """Acts by key: the main line, then the detours in the table's order."""
        return {act.key: act for act in (*self.main_line, *self.detours)}

    @cached_property
    def known(self) -> dict[str, Transition]:
        """Acts by every key that records and the history may contain, including former keys."""
        gone = {f.key: f.act or self.transitions[f.now] for f in self.former if f.act or f.now in self.transitions}
        return {**self.transitions, **gone}

    @cached_property
    def papers(self) -> dict[str, PaperKind]:
        """Papers by key, including those of acts that were removed; the present kind where both exist."""
        present = {paper.key: paper for act in self.transitions.values() for paper in act.papers}
        return {**{paper.key: paper for act in self.known.values() for paper in act.papers}, **present}

    @property
    def receive(self) -> Transition:
        """The act that registers a complaint: the first of the main line."""
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
    def paused(self) -> str:
        """The paused state: the one detour that is a state, too."""
        return next(act.key for act in self.detours if act.waiting)

    @cached_property
    def awaited(self) -> tuple[str, ...]:
        """The states of the main line, in order."""
        return tuple(act.key for act in self.main_line[1:])

    @cached_property
    def open_states(self) -> frozenset[str]:
        return frozenset((*self.awaited, self.paused))

    @cached_property
    def called(self) -> tuple[Transition, ...]:
        """Detours that a mark of the case calls for."""
        return tuple(act for act in self.detours if act.called_by)

    @cached_property
    def recall_act(self) -> Transition | None:
        """The act that recalls the last step; None if the table has none."""
        return next((act for act in self.detours if act.effect == "recall"), None)

    def repeat(self, word: str) -> Transition | None:
        """The act for this relation to an earlier case (a word of REPEATS); None if the table has none."""
        return next((act for act in self.detours if act.repeat == word), None)

    # States before and after an act

    @cached_property
    def _next(self) -> dict[str, str]:
        line = [act.key for act in self.main_line]
        return dict(zip(line, [*line[1:], self.closed], strict=True))

    @cached_property
    def _sets(self) -> dict[str, frozenset[str]]:
        until = {UNTIL + key: frozenset((*self.awaited[:n], self.paused)) for n, key in enumerate(self.awaited, 1)}
        return {OPEN: self.open_states, RUNNING: frozenset(self.awaited), **until}

    def is_main(self, act: Transition) -> bool:
        return act.key in self._next

    def is_receive(self, act: Transition) -> bool:
        return act.key == self.receive.key

    def starts(self, act: Transition) -> frozenset[str]:
        """The states in which an act may begin in this procedure."""
        if self.is_main(act):
            return frozenset({act.key})
        start = self.transitions[act.key].start if act.key in self.transitions else ()
        return frozenset(state for name in start for state in self._sets.get(name, {name}))

    def from_state(self, state: str) -> list[Transition]:
        """The acts that may begin in a state: its main-line act first, then the detours in the table's order."""
        return [act for act in self.transitions.values() if state in self.starts(act)]

    def target(self, act: Transition, *, state: str, back: str = "") -> str:
        """The state after an act from `state`; `back` is the state before it, for acts that lead BACK."""
        if self.is_main(act):
            return self._next[act.key]
        return {SAME: state, BACK: back}.get(act.to, act.to)

    def other_ways(self, step: Transition) -> list[Transition]:
        """Alternatives to a step: the detours of its lane that name its state as start and lead to another state."""
        return [act for act in self.detours if step.key in act.start and act.actor == step.actor and act.to != SAME]

    def is_choice(self, step: Transition) -> bool:
        """Whether a step decides on another lane's work: it has alternatives and follows that lane's act."""
        if not self.is_main(step) or self.is_receive(step) or step.draft:
            return False
        before = self.main_line[[act.key for act in self.main_line].index(step.key) - 1]
        return before.actor != step.actor and bool(self.other_ways(step))

    def choice_at(self, state: str, act: Transition) -> Transition | None:
        """The deciding step of a state if the act is that step or one of its alternatives, else None."""
        step = self.transitions.get(state)
        if step is None or not self.is_choice(step):
            return None
        return step if act.key in {way.key for way in (step, *self.other_ways(step))} else None

    def settling_acts(self, act: Transition) -> list[Transition]:
        """The acts that settle a called act: itself first."""
        return [act, *(self.transitions[key] for key in act.settled_by)]

    # Rows

    @cached_property
    def _row_numbers(self) -> dict[str, int]:
        return {act.key: number for number, row in enumerate(self.rows, 1) for act in row.transitions}

    @cached_property
    def _gone_rows(self) -> dict[str, Row]:
        """Substitute rows, by former key, for runs that were measured in rows since removed."""
        titles = {f.key: (f.act, f"{f.act.label} (tidak ada lagi dalam SOP)") for f in self.former if f.act}
        return {
            key: Row(kegiatan=title, title=title, kelengkapan=(), waktu="", output=(), transitions=(act,))
            for key, (act, title) in titles.items()
        }

    @property
    def present_and_former_rows(self) -> list[Row]:
        """The rows of the table, then substitutes for removed ones."""
        return [*self.rows, *self._gone_rows.values()]

    def row_no(self, state: str) -> int | None:
        """The number of the row whose act `state` awaits; None for a paused or final state."""
        return self._row_numbers.get(state)

    def row(self, state: str) -> Row | None:
        """The row whose act `state` awaits; None for a paused or final state."""
        number = self.row_no(state)
        return self.rows[number - 1] if number else None

    def row_named(self, key: str) -> Row:
        """The row of a run, by the key of its first act, present or former; a substitute if the row was removed."""
        act = self.known[key]
        return self.row(act.key) or self._gone_rows[act.key]

    def row_number(self, key: str) -> int:
        """The number of a run's row; 0 if the row was removed, since its number may be another row's now."""
        return self._row_numbers.get(self.known[key].key, 0) if key in self.known else 0

    def row_keys(self, row: Row) -> list[str]:
        """Every key by which runs may name a row: its acts' present and former keys."""
        acts = {act.key for act in row.transitions}
        return [key for key, act in self.known.items() if act.key in acts]

    # Words and papers

    def state_label(self, state: str) -> str:
        """The state's Indonesian name."""
        return self.finals[state].label if state in self.finals else self.transitions[state].waiting

    def states(self) -> Iterator[tuple[str, str]]:
        """(state, label) of every state of a registered complaint, in the table's order."""
        for state in (*self.awaited, self.paused, *self.finals):
            yield state, self.state_label(state)

    @cached_property
    def issuers(self) -> dict[str, Transition]:
        """The act that issues a paper, by the paper's key: of the main line, else a detour, else a removed act."""
        return {paper.key: act for act in reversed(self.known.values()) for paper in act.papers}


def papers_issued(act: Transition, *, secret: bool) -> tuple[PaperKind, ...]:
    """The papers that an act issues for a case that is rahasia, or is not."""
    return tuple(paper for paper in act.papers if secret or not paper.secret_only)


def signs(act: Transition) -> bool:
    """Whether the act is a signature of the Kepala Dinas or a deputy: his acts that issue papers."""
    return act.actor == KEPALA_DINAS and bool(act.papers)


stop_at(check.faults())  # before anything is derived from the table


SHIPPED = Procedure(ROWS, DETOURS, FINALS, FORMER)  # the table of sop/procedure.py
PROCEDURES: tuple[Procedure, ...] = (SHIPPED,)  # the procedures that cases follow, the present one first


def current_procedure() -> Procedure:
    """The procedure of a complaint received now."""
    return PROCEDURES[0]
