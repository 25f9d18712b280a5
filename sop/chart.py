"""The SOP's flow chart as data: a symbol for each act in its actor's lane, connectors between them; and the detours in
words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sop.flow import current_procedure
from sop.procedure import BACK, DETOURS, LANES, LAST, OPEN, ROWS, RUNNING, SAME, TURN, UNTIL, Row, Transition
from sop.words import in_a_list

TERMINATOR, PROCESS, DECISION = "terminator", "process", "decision"
ACROSS, DOWN, BEND, UNDER = "across", "down", "bend", "under"  # see `_connector`
BEGIN, END, YES = "Mulai", "Selesai", "Ya"
_LANES = list(LANES)
ACTORS = {**LANES, TURN: "Yang mendapat giliran", LAST: "Pelaksana langkah terakhir"}
STATES = {
    OPEN: "Semua yang belum selesai",
    RUNNING: "Semua langkah yang berjalan",
    SAME: "Tetap",
    BACK: "Status sebelumnya",
}


@dataclass(frozen=True)
class Symbol:
    """An act's symbol; row, level within the row, and lane are counted from 0."""

    row: int
    level: int
    lane: int
    shape: str
    word: str = ""


@dataclass(frozen=True)
class Connector:
    """The connector from a symbol to the next."""

    route: str
    word: str = ""


def chart(rows: tuple[Row, ...] = ROWS) -> tuple[list[Symbol], list[Connector]]:
    """The symbols in the order of the acts, and the connectors between consecutive ones."""
    acts = [t for row in rows for t in row.transitions]
    places = [place for number, row in enumerate(rows) for place in _places(number, row)]
    symbols = [Symbol(*place, *_shape(acts, at)) for at, place in enumerate(places)]
    return symbols, [_connector(symbols, at) for at in range(len(symbols) - 1)]


def levels(symbols: Iterable[Symbol], row: int) -> int:
    """The number of levels of a row."""
    return 1 + max((s.level for s in symbols if s.row == row), default=0)


def _places(number: int, row: Row) -> Iterator[tuple[int, int, int]]:
    """(row, level, lane) of each act: on the same level while the straight line to the next lane is free, else one
    lower."""
    level, line = 0, list[int]()
    for act in row.transitions:
        lane = _LANES.index(act.actor)
        if line and not _is_free(line, lane):
            level, line = level + 1, []
        yield number, level, lane
        line.append(lane)


def _is_free(line: list[int], lane: int) -> bool:
    """Whether the straight line from the last symbol of a level to a lane crosses no other symbol."""
    return lane > max(line) == line[-1] or lane < min(line) == line[-1]


def _shape(acts: list[Transition], at: int) -> tuple[str, str]:
    """(shape, word): first and last act are terminators; an act that its author may not perform is a decision."""
    if at in (0, len(acts) - 1):
        return TERMINATOR, END if at else BEGIN
    return (DECISION, "") if acts[at].independent else (PROCESS, "")


def _connector(symbols: list[Symbol], at: int) -> Connector:
    """On one level: across. In one lane: down. Else sideways, then down; or down first if a symbol is in the way."""
    start, end = symbols[at], symbols[at + 1]
    word = YES if start.shape == DECISION else ""
    if (start.row, start.level) == (end.row, end.level):
        return Connector(ACROSS, word)
    if start.lane == end.lane:
        return Connector(DOWN, word)
    line = [s.lane for s in symbols[: at + 1] if (s.row, s.level) == (start.row, start.level)]
    return Connector(BEND if _is_free(line, end.lane) else UNDER, word)


def detours() -> list[dict[str, str]]:
    """The detours in the table's order, in words: actor, states before and after, help text."""
    return [
        {
            "label": t.label,
            "actor": ACTORS[t.actor],
            "start": _start_in_words(t),
            "to": _state_in_words(t.to),
            "help": t.help,
        }
        for t in DETOURS
    ]


def _start_in_words(detour: Transition) -> str:
    """The states from which a detour leads; those it leads from besides all that are open are apart from these."""
    first, *others = map(_state_in_words, detour.start)
    if detour.start[0] == OPEN and others:
        return f"{first}, juga {in_a_list(others)}"
    return ", ".join((first, *others))


def _state_in_words(name: str) -> str:
    """A state before or after a detour, or a word for several."""
    label = current_procedure().state_label
    if name.startswith(UNTIL):
        return f"{STATES[OPEN]}, sampai {label(name.removeprefix(UNTIL))}"
    return STATES.get(name) or label(name)
