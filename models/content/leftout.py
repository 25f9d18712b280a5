"""The sheet before merged papers that says what is not among them, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.content.unkept import frame
from models.tables.paper import Content

KEY, TITLE = "tidak_digabungkan", "Tidak Ikut Digabungkan"


@dataclass(frozen=True)
class LeftOut:
    """A paper, or a case without one, that was chosen and is not in the file."""

    title: str
    why: str


def left_out_sheet(left_out: Sequence[LeftOut], merged: int, *, at: datetime, demo: bool) -> Content:
    """The content of the sheet; `merged` papers follow it."""
    rows = [{"title": one.title, "why": one.why} for one in left_out]
    return {**frame(KEY, TITLE, at=at, demo=demo), "rows": rows, "merged": merged}
