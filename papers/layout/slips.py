"""Papers of less than a sheet: frames, the room that a text and a signature take."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.records.in_words import FORMAT
from papers.layout.formats import Content, letters_of
from papers.layout.letters import face, width
from papers.layout.phrases import capitals

_LETTERS = letters_of(FORMAT)
_TAG = re.compile(r"<[^>]*>")
_PLAIN, _SIGNS, _FOREIGN = 1.17, 1.2, 2.0  # height of a line of which letters, in multiples of the size
_OTHERS = ("DejaVuSans", "NotoNaskhArabic-Regular")
_SPARE = 1.5  # pt: where printer and we might round apart, we count the line that is one more


@lru_cache(maxsize=2048)
def line_count(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Lines of one paragraph in a column of `room` (pt): never fewer than the printer sets."""
    most = (room - _SPARE) / size
    count, used = 1, 0.0
    for wide in _pieces(text, most, bold):
        if used and used + wide > most:
            count, used = count + 1, 0.0
        used += wide + _letter_width(" ", bold)
    return count


def text_height(text: str, room: float, size: float, *, bold: bool = False, signs: bool = False) -> float:
    """The height of one paragraph (pt); `signs` where a box to tick stands before it."""
    return line_count(text, room, size, bold=bold) * size * max(_line_height(text), _SIGNS if signs else _PLAIN)


@lru_cache(maxsize=1024)
def _line_height(text: str) -> float:
    letters = {ord(letter) for letter in as_printed(text) if not letter.isspace()}
    strange = letters - face("LiberationSans-Regular").charToGlyph.keys()
    return (_FOREIGN if strange - face("DejaVuSans").charToGlyph.keys() else _SIGNS) if strange else _PLAIN


def begins_with(text: str, lines: int, room: float, size: float) -> str:
    """As many words from the beginning as stand in so many lines; of a single word that is longer its letters."""
    words = text.split()
    while line_count(" ".join(words), room, size) > lines:
        words = words[:-1] or [words[0][:-8]]
    return " ".join(words)


def _pieces(text: str, most: float, bold: bool) -> Iterator[float]:
    """The widths of the words, in multiples of the size; one that no line holds comes in pieces."""
    for word in as_printed(text).split():
        wide = 0.0
        for letter in word:
            more = _letter_width(letter, bold)
            if wide and wide + more > most:
                yield wide
                wide = 0.0
            wide += more
        yield wide


@lru_cache(maxsize=256)
def as_printed(text: str) -> str:
    """The letters that a paper has for a text, in whichever font."""
    return html.unescape(_TAG.sub("", str(_LETTERS(text))))


@lru_cache(maxsize=4096)
def _letter_width(letter: str, bold: bool) -> float:
    """Of a letter in the first of our fonts that has it; one of another font is taken for a wide one."""
    for name in ("LiberationSans-Bold" if bold else "LiberationSans-Regular", *_OTHERS):
        if ord(letter) in face(name).charToGlyph:
            return float(face(name).charWidths[ord(letter)] / 1000)
    return 1.0


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


SIGNING = 25 * 72 / 25.4  # 25 mm for the hand, in pt


def signature_height(who: Content, room: float, size: float, hand: float = SIGNING) -> float:
    """The whole block in a column of `room` (pt): lines of this size, and what the hand has."""
    title = capitals(who.get("title") or "…")
    plain = ["…", *title, who.get("pangkat") or "", f"NIP. {who['nip']}" if who.get("nip") else ""]
    name = text_height(who.get("name") or "…", room, size, bold=True)
    return name + sum(text_height(text, room, size) for text in plain if text) + hand
