"""The room that a signature takes: place and date, title, the hand's own room, name, pangkat and NIP."""

from papers.layout.formats import Content
from papers.layout.phrases import capitals
from papers.layout.slips.measure import text_height

SIGNING = 25 * 72 / 25.4  # 25 mm for the hand, in pt


def signature_height(who: Content, room: float, size: float, hand: float = SIGNING) -> float:
    """The whole block in a column of `room` (pt): lines of this size, and what the hand has."""
    title = capitals(who.get("title") or "…")
    plain = ["…", *title, who.get("pangkat") or "", f"NIP. {who['nip']}" if who.get("nip") else ""]
    name = text_height(who.get("name") or "…", room, size, bold=True)
    return name + sum(text_height(text, room, size) for text in plain if text) + hand
