"""The procedure as one looks it up while it runs: states, what comes next, which row, what may begin where."""

from collections.abc import Iterator
from functools import cache

from sop import check, procedure
from sop.procedure import (
    BACK,
    DETOURS,
    FINALS,
    FORMER,
    KEPALA_DINAS,
    OPEN,
    REPEATS,
    ROWS,
    RUNNING,
    SAME,
    UNTIL,
    PaperKind,
    Row,
    Transition,
)
from sop.table import stop_at

stop_at(check.faults())  # before anything is derived: all that follows trusts the words of the table

MAIN_LINE: tuple[Transition, ...] = tuple(t for row in ROWS for t in row.transitions)
TRANSITIONS: dict[str, Transition] = procedure.TRANSITIONS
RECEIVE, FIRST = MAIN_LINE[0], MAIN_LINE[1].key
ROW_OF: dict[str, int] = {t.key: no for no, row in enumerate(ROWS, 1) for t in row.transitions}


def _gone_row(act: Transition) -> Row:
    """What a run is of that was measured in a row which the table has no more."""
    title = f"{act.label} (tidak ada lagi dalam SOP)"
    return Row(kegiatan=title, title=title, kelengkapan=(), waktu="", output=(), transitions=(act,))


_GONE = {f.key: f.act or TRANSITIONS[f.now] for f in FORMER if f.act or f.now in TRANSITIONS}
KNOWN: dict[str, Transition] = {**TRANSITIONS, **_GONE}  # what records and the history may name, and what it is today
_GONE_ROWS = {f.key: _gone_row(f.act) for f in FORMER if f.act}
_PRESENT = {p.key: p for t in TRANSITIONS.values() for p in t.papers}
PAPERS: dict[str, PaperKind] = {**{p.key: p for t in KNOWN.values() for p in t.papers}, **_PRESENT}
CLOSED = next(iter(FINALS))
OUTSIDE = frozenset(state for state, final in FINALS.items() if final.outside)
HELD = next(t.key for t in DETOURS if t.waiting)  # the one state beside the line in which something is awaited
ADDS, MARKS_REPEAT, TIES = (next((t for t in DETOURS if t.repeat == word), None) for word in REPEATS)
TAKES_BACK = next((t for t in DETOURS if t.effect == "recall"), None)
_LINE = [t.key for t in MAIN_LINE]
_NEXT = dict(zip(_LINE, [*_LINE[1:], CLOSED], strict=True))
AWAITED: tuple[str, ...] = tuple(_LINE[1:])  # the states of the main line, in order
CALLED: tuple[Transition, ...] = tuple(t for t in DETOURS if t.called_by)  # wait where a case calls for them
OPEN_STATES: frozenset[str] = frozenset((*AWAITED, HELD))
_SETS = {OPEN: OPEN_STATES, RUNNING: frozenset(AWAITED)}
_SETS |= {UNTIL + key: frozenset((*AWAITED[:place], HELD)) for place, key in enumerate(AWAITED, 1)}


CHANGED = "sop_changed"  # the history's word for a case that follows a change of the table itself
IMPORTED, UNDONE = "imported", "import_undone"  # its words for a case that came with a file, and went with it
IMPORT_CHANGED = "import_changed"  # and for one that a later file, or who brought it in, has changed since
IMPORT_ACTS = (IMPORTED, IMPORT_CHANGED, UNDONE)


def is_main(transition: Transition) -> bool:
    return transition.key in _NEXT


def starts(transition: Transition) -> frozenset[str]:
    """The states in which a transition may begin."""
    if is_main(transition):
        return frozenset({transition.key})
    return frozenset(state for name in transition.start for state in _SETS.get(name, {name}))


def target(transition: Transition, *, state: str, back: str = "") -> str:
    """The state that the transition leads to from `state`; `back` is where it was, for what goes back."""
    if is_main(transition):
        return _NEXT[transition.key]
    return {SAME: state, BACK: back}.get(transition.to, transition.to)


def row_no(state: str) -> int | None:
    """The number of the SOP row whose transition `state` awaits; None for a held or final state."""
    return ROW_OF.get(state)


def row(state: str) -> Row | None:
    number = row_no(state)
    return ROWS[number - 1] if number else None


def row_named(key: str) -> Row:
    """The row that a run names by its first act: where that stands today, under whatever name, or one that is gone."""
    act = KNOWN[key]
    return row(act.key) or _GONE_ROWS[act.key]


def row_number(key: str) -> int:
    """The number in the table of the row that a run names; 0 for one that is gone, since its number is another's by
    now."""
    return ROW_OF.get(KNOWN[key].key, 0) if key in KNOWN else 0


def rows_ever() -> list[Row]:
    """The rows of the table, and behind them what may have been one and is gone."""
    return [*ROWS, *_GONE_ROWS.values()]


def row_keys(row_: Row) -> list[str]:
    """All that runs may call a row: its acts' keys, and those that these had before."""
    acts = {act.key for act in row_.transitions}
    return [key for key, act in KNOWN.items() if act.key in acts]


def state_label(state: str) -> str:
    """The state in the office's words."""
    return FINALS[state].label if state in FINALS else TRANSITIONS[state].waiting


def states() -> Iterator[tuple[str, str]]:
    """Every state a registered complaint may be in, with its label, in the order of the table."""
    for state in (*AWAITED, HELD, *FINALS):
        yield state, state_label(state)


def from_state(state: str) -> list[Transition]:
    """What may begin in a state: its main-line act first, then the detours in the table's order."""
    return [t for t in TRANSITIONS.values() if state in starts(t)]


def ways_besides(step: Transition) -> list[Transition]:
    """How else a case leaves the state that awaits a step: the detours of its lane that begin there by name and lead
    away."""
    return [t for t in DETOURS if step.key in t.start and t.actor == step.actor and t.to != SAME]


def signs(act: Transition) -> bool:
    """Whether the Kepala Dinas, or whoever acts for him, puts his name to something: his acts that issue papers."""
    return act.actor == KEPALA_DINAS and bool(act.papers)


def is_choice(step: Transition) -> bool:
    """Whether a step decides on what another lane has brought: it may be taken, or the case sent another way."""
    if step is RECEIVE or not is_main(step) or step.draft:
        return False
    before = MAIN_LINE[MAIN_LINE.index(step) - 1]
    return before.actor != step.actor and bool(ways_besides(step))


def choice_at(state: str, act: Transition) -> Transition | None:
    """The step that decides in a state, if the act is one of the ways between which it chooses."""
    step = TRANSITIONS.get(state)
    return step if step and is_choice(step) and act in (step, *ways_besides(step)) else None


def keys_of(transition: Transition) -> list[str]:
    """The key of an act, and those that it had before: all that records and the history may call it."""
    return [key for key, act in KNOWN.items() if act.key == transition.key]


def settling(transition: Transition) -> list[Transition]:
    """The acts that end the waiting for a called one: itself first."""
    return [transition, *(TRANSITIONS[key] for key in transition.settled_by)]


@cache
def issuer(paper_key: str) -> Transition:
    """The main-line (or else detour) transition that issues a paper, or did while the table had it."""
    return next(t for t in KNOWN.values() if any(p.key == paper_key for p in t.papers))
