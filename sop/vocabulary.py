"""The union of all procedures' keys, for SQL conditions and for reading the history.

Shared by all cases, since the rows of one table may follow different procedures; keys are never removed. The constants
are the keys of final states, of the paused state, and of the history's own acts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

from sop import flow
from sop.access import EMERGENCY, performers
from sop.flow import SHIPPED, Procedure
from sop.procedure import DETOURS, FINALS, PaperKind, Row, Transition

CHANGED = "sop_changed"  # event: the case was moved because the table changed
IMPORTED, IMPORT_UNDONE = "imported", "import_undone"  # events: the case was imported; the import was undone
IMPORT_CHANGED = "import_changed"  # event: an imported case was changed by a later file or by the importing user
IMPORT_ACTS = (IMPORTED, IMPORT_CHANGED, IMPORT_UNDONE)
RECEIVE, PAUSED, CLOSED = (
    SHIPPED.receive.key,
    SHIPPED.paused,
    SHIPPED.closed,
)  # registration; paused; end of the main line
OUTSIDE = next(state for state, final in FINALS.items() if final.outside)  # imported as settled, without clocks
VOIDED = next(act.to for act in DETOURS if act.effect == "void")  # entered by mistake
DUPLICATED = next(act.to for act in DETOURS if act.repeat == "marks")  # of an earlier case
FORWARDED = next(act.to for act in DETOURS if act.record == "forwarding")  # to another institution
WITHDRAWN = next(act.to for act in DETOURS if act.tells == "withdrawn")  # by the pengadu
ADDS = next(act.key for act in DETOURS if act.repeat == "adds")  # adds a repeated complaint to the earlier case
REGISTER = SHIPPED.receive.series  # the series of complaints' numbers

T = TypeVar("T")


def _united(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """The union of the mappings; the first one wins."""
    united: dict[str, T] = {}
    for table in tables:
        united |= {key: value for key, value in table.items() if key not in united}
    return united


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The union of several procedures, the present one first: it wins where both have a key."""

    procedures: tuple[Procedure, ...]

    @cached_property
    def transitions(self) -> dict[str, Transition]:
        """The acts that may be done on some case, by key."""
        return _united(each.transitions for each in self.procedures)

    @cached_property
    def steps(self) -> list[Transition]:
        """The acts of all main lines except registration, which no case awaits."""
        lines = ({act.key: act for act in each.main_line if not each.is_receive(act)} for each in self.procedures)
        return list(_united(lines).values())

    @cached_property
    def main_line(self) -> frozenset[str]:
        """The keys of the acts that are on some main line."""
        return frozenset(act.key for each in self.procedures for act in each.main_line)

    @cached_property
    def acts(self) -> dict[str, Transition]:
        """The acts by every key that records and the history may contain, including former keys."""
        return _united(each.known for each in self.procedures)

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of each of these acts."""
        return {key: place for place, key in enumerate(self.acts)}

    @cached_property
    def papers(self) -> dict[str, PaperKind]:
        """Every kind of paper that can have been issued, by key."""
        return _united(each.papers for each in self.procedures)

    @cached_property
    def open_states(self) -> frozenset[str]:
        """The states that are not final."""
        return frozenset().union(*(each.open_states for each in self.procedures))

    @cached_property
    def states(self) -> dict[str, str]:
        """The label of every state of a registered complaint, in the table's order."""
        return _united(dict(each.states()) for each in self.procedures)

    @cached_property
    def emergency_acts(self) -> list[Transition]:
        """The called acts that an emergency unit performs."""
        return [act for act in self.transitions.values() if act.called_by and EMERGENCY in performers(act)]

    @cached_property
    def rows(self) -> list[Row]:
        """Every row that runs may belong to: of the present procedure first, then of others."""
        return list(
            _united({row.key: row for row in each.present_and_former_rows} for each in self.procedures).values()
        )

    def row_named(self, key: str) -> Row:
        """The row of a run, by the key of its first act."""
        return next(each.row_named(key) for each in self.procedures if key in each.known)

    def row_keys(self, row: Row) -> list[str]:
        """Every key by which runs may name a row."""
        return list(dict.fromkeys(key for each in self.procedures for key in each.row_keys(row)))

    def starts(self, act: Transition) -> frozenset[str]:
        """The states in which an act may begin in any procedure."""
        return frozenset().union(*(each.starts(act) for each in self.procedures))

    def keys_of(self, act: Transition) -> list[str]:
        """Every key of an act, present and former, that records and the history may contain."""
        return [key for key, known in self.acts.items() if known.key == act.key]


def vocabulary() -> Vocabulary:
    """The union of the office's procedures; today there is one."""
    return _together(flow.PROCEDURES)


@cache
def _together(procedures: tuple[Procedure, ...]) -> Vocabulary:
    return Vocabulary(procedures)
