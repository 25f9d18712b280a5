"""Every key that some procedure of the office has or had: what conditions in SQL and the history ask by.

It belongs to the process, not to one case, since the rows of a table may follow different procedures; it only grows.
Fixed are the keys of final states, of the waiting beside the main line, and of what the history calls its own acts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

from sop import flow
from sop.access import EMERGENCY, performers
from sop.flow import SHIPPED, Procedure
from sop.procedure import DETOURS, FINALS, PaperKind, Row, Transition

CHANGED = "sop_changed"  # the history's word for a case that follows a change of the table itself
IMPORTED, IMPORT_UNDONE = "imported", "import_undone"  # its words for a case that came with a file, and went with it
IMPORT_CHANGED = "import_changed"  # and for one that a later file, or who brought it in, has changed since
IMPORT_ACTS = (IMPORTED, IMPORT_CHANGED, IMPORT_UNDONE)
RECEIVE, HELD, CLOSED = SHIPPED.receive.key, SHIPPED.held, SHIPPED.closed  # taken in; waits beside the line; ended
OUTSIDE = next(state for state, final in FINALS.items() if final.outside)  # came settled with a file, runs no row
VOIDED = next(act.to for act in DETOURS if act.effect == "void")  # entered by mistake
DUPLICATED = next(act.to for act in DETOURS if act.repeat == "marks")  # of a case that stands before
FORWARDED = next(act.to for act in DETOURS if act.record == "forwarding")  # another institution answers
ADDS = next(act.key for act in DETOURS if act.repeat == "adds")  # the act that writes to a case what was said again
REGISTER = SHIPPED.receive.series  # the series whose number a complaint bears

T = TypeVar("T")


def _united(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """All entries, each in the words of the first table that has it."""
    united: dict[str, T] = {}
    for table in tables:
        united |= {key: value for key, value in table.items() if key not in united}
    return united


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What several procedures know together, the present one first: where it has a key, its words stand."""

    procedures: tuple[Procedure, ...]

    @cached_property
    def transitions(self) -> dict[str, Transition]:
        """The acts that may be done on some case, by key."""
        return _united(each.transitions for each in self.procedures)

    @cached_property
    def steps(self) -> list[Transition]:
        """The acts of some main line but receiving, which no case waits for."""
        lines = ({act.key: act for act in each.main_line if not each.is_receive(act)} for each in self.procedures)
        return list(_united(lines).values())

    @cached_property
    def main_line(self) -> frozenset[str]:
        """The keys of the acts that are on some main line."""
        return frozenset(act.key for each in self.procedures for act in each.main_line)

    @cached_property
    def acts(self) -> dict[str, Transition]:
        """What records and the history may name: those acts, and what former keys mean today."""
        return _united(each.known for each in self.procedures)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each of these acts stands in their order."""
        return {key: place for place, key in enumerate(self.acts)}

    @cached_property
    def papers(self) -> dict[str, PaperKind]:
        """Every kind of paper that was ever issued, by key."""
        return _united(each.papers for each in self.procedures)

    @cached_property
    def open_states(self) -> frozenset[str]:
        """The states that are not final."""
        return frozenset().union(*(each.open_states for each in self.procedures))

    @cached_property
    def states(self) -> dict[str, str]:
        """The label of every state that a registered complaint may be in, in the order of the table."""
        return _united(dict(each.states()) for each in self.procedures)

    @cached_property
    def emergency_acts(self) -> list[Transition]:
        """What an emergency unit does where a case calls for it."""
        return [act for act in self.transitions.values() if act.called_by and EMERGENCY in performers(act)]

    @cached_property
    def rows(self) -> list[Row]:
        """Every row that runs may be of: those of the present procedure, then what others have or had."""
        return list(_united({row.key: row for row in each.rows_ever} for each in self.procedures).values())

    def row_named(self, key: str) -> Row:
        """The row that a run names by its first act."""
        return next(each.row_named(key) for each in self.procedures if key in each.known)

    def row_keys(self, row: Row) -> list[str]:
        """All that runs may call a row."""
        return list(dict.fromkeys(key for each in self.procedures for key in each.row_keys(row)))

    def starts(self, act: Transition) -> frozenset[str]:
        """The states in which an act may begin on some case."""
        return frozenset().union(*(each.starts(act) for each in self.procedures))

    def keys_of(self, act: Transition) -> list[str]:
        """The key of an act, and those that it had before: all that records and the history may call it."""
        return [key for key, known in self.acts.items() if known.key == act.key]


def vocabulary() -> Vocabulary:
    """What the office's procedures know together: today there is one."""
    return _together(flow.PROCEDURES)


@cache
def _together(procedures: tuple[Procedure, ...]) -> Vocabulary:
    return Vocabulary(procedures)
