"""The detours in words: who may leave the main line, from where to where, and when."""

from sop import flow
from sop.procedure import BACK, DETOURS, LANES, LAST, OPEN, RUNNING, SAME, TURN, Transition

ACTORS = {**LANES, TURN: "Yang mendapat giliran", LAST: "Pelaksana langkah terakhir"}
SETS = {OPEN: "Semua yang belum selesai", RUNNING: "Semua langkah yang berjalan"}
ENDS = {SAME: "Tetap", BACK: "Status sebelumnya"}


def detours() -> list[dict[str, str]]:
    """The detours in the table's order, in words."""
    return [
        {"label": t.label, "actor": ACTORS[t.actor], "start": ", ".join(_states(t)), "to": _end(t), "help": t.help}
        for t in DETOURS
    ]


def _states(step: Transition) -> list[str]:
    return [SETS.get(name) or flow.state_label(name) for name in step.start]


def _end(step: Transition) -> str:
    return ENDS.get(step.to) or flow.state_label(step.to)
