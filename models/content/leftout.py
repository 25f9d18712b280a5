"""What was chosen and is not among the papers that are handed out together, and why: a sheet of its own, or a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.content.unkept import frame
from models.tables.paper import Content
from sop.words import format_moment

KEY, TITLE = "tidak_disertakan", "Dokumen yang Tidak Disertakan"
COUNTED = "{} dari {} yang dipilih, {}"
AMONG = "Berkas ini memuat {} dokumen. Yang berikut dipilih juga, tetapi tidak ada di antaranya."


@dataclass(frozen=True)
class LeftOut:
    """A paper, or a case without one, that was chosen and is not in the file."""

    title: str
    why: str


def left_out_sheet(left_out: Sequence[LeftOut], taken: int, *, at: datetime, demo: bool) -> Content:
    """The content of the sheet; `taken` papers follow it."""
    counted, among = _sentences(left_out, taken, at)
    rows = [{"title": one.title, "why": one.why} for one in left_out]
    return {**frame(KEY, TITLE, at=at, demo=demo), "counted": counted, "among": among, "rows": rows}


def left_out_text(left_out: Sequence[LeftOut], taken: int, *, at: datetime) -> str:
    """The same as plain text, where nothing is printed."""
    lines = [f"{place}. {one.title}\n   {one.why}" for place, one in enumerate(left_out, 1)]
    return "\n\n".join([TITLE.upper(), *_sentences(left_out, taken, at), *lines, ""])


def _sentences(left_out: Sequence[LeftOut], taken: int, at: datetime) -> tuple[str, str]:
    return COUNTED.format(len(left_out), len(left_out) + taken, format_moment(at)), AMONG.format(taken)
