"""A slip, a paper of less than a sheet: its margins, its short letterhead, and the signed Lampiran that it may have."""

from dataclasses import dataclass

from papers.layout.formats import Content
from papers.layout.letters import width
from papers.layout.slips.measure import text_height

SIZES = {"F4": (215, 330), "A4": (210, 297)}  # millimetres
PT = 72 / 25.4
LEFT, RIGHT, FOOT, EDGE, TOP, UNDER_MARK = 20, 15, 17, 4, 8, 5  # millimetres
SIDE, EMBLEM, GOVERNMENT, ADDRESS = 24, (11, 13.2), 10, 9  # of the short letterhead: mm, mm, pt, pt
NUMBER, _HEAD, _GAP = 5, 11, 2  # of a Lampiran: its page number, what it belongs to, what keeps frames apart (mm)
_RULES = 11.0  # pt under the letterhead


@dataclass(frozen=True)
class Annex:
    """Where the frames of a Lampiran stand (mm): each of its pages bears its head and the signature."""

    top: float
    head: float
    body: float
    signature: float
    body_height: float
    signature_height: float
    head_height: float


def is_cut(office: Content) -> bool:
    """Whether the office cuts its slips off a full sheet; else it has paper of that size."""
    return bool(office.get("disposition") == "full")


def slip_width(office: Content) -> float:
    """What stands between the margins (pt)."""
    wide, _ = SIZES.get(office["size"], SIZES["F4"]) if is_cut(office) else SIZES["F4"]
    return (wide - LEFT - RIGHT) * PT


def slip_height(high: float, *, marked: bool) -> float:
    """What stands on a slip of that height (mm) between its upper edge and its foot (pt)."""
    return (high - FOOT - 1 - TOP - UNDER_MARK * marked) * PT


def office_size(office: Content) -> float:
    """The size in which each line of the office's name fits beside the emblem, if one of 9 pt or more does."""
    widest = max((width(line) for line in office["name"]), default=1) or 1
    return min(10, max(9, int(2 * _kop_room(office) / widest) / 2))


def kop_height(office: Content, address: list[str]) -> float:
    """The short letterhead with its rules (pt)."""
    room, size = _kop_room(office), office_size(office)
    names = ((office["government"], GOVERNMENT), *((line, size) for line in office["name"]))
    text = sum(text_height(line, room, of, bold=True) for line, of in names)
    text += sum(text_height(line, room, ADDRESS) for line in address)
    return max(EMBLEM[1] * PT, text) + _RULES


def _kop_room(office: Content) -> float:
    return slip_width(office) - 2 * SIDE * PT


def annex_frames(office: Content, high: float, subject: str, text: float, signature: float, *, marked: bool) -> Annex:
    """A Lampiran with this line in its head, so much text and a signature of that height (pt): on a slip, or on a full
    sheet of its own where slips are cut off. The signature follows a text that leaves it room; else it stands at the
    foot of each page."""
    sheet = SIZES.get(office["size"], SIZES["F4"])[1] if is_cut(office) else high
    top = TOP + UNDER_MARK * marked
    head = _HEAD + text_height(subject, _kop_room(office), 10) / PT
    body = top + NUMBER + head + _GAP
    lowest = sheet - FOOT - _GAP - signature / PT
    signed = min(lowest, body + text / PT + _GAP)
    return Annex(top, top + NUMBER, body, signed, signed - body - 1, signature / PT + 1, head)
