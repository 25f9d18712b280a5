"""Papers smaller than a full sheet: frames, and the measured height of texts and signatures."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.records.in_words import FORMAT
from papers.engine.word_parts import HYPHEN, is_hyphenated, parts_of
from papers.layout.formats import Content, escape_of_format
from papers.layout.glyphs import face, width
from papers.layout.phrases import capitals

_LETTERS = escape_of_format(FORMAT)
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"[^\S\xa0]+")  # the engine parts no line at a no-break space
_PLAIN, _SIGNS, _FOREIGN = 1.17, 1.2, 2.0  # line height by the font of its characters, in em
_OTHERS = ("DejaVuSans", "NotoNaskhArabic-Regular")
_SPARE = 1.5  # pt, safety margin: rather one line too many than one more than measured


def line_count(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """The number of lines of one paragraph in a column of `room` (pt); never fewer than the PDF has."""
    return _line_count(text, (room - _SPARE) / size, bold, is_hyphenated())


@lru_cache(maxsize=2048)
def _line_count(text: str, most: float, bold: bool, hyphenated: bool) -> int:
    count, used = 1, 0.0
    for wide in (_hyphenated_pieces if hyphenated else _pieces)(text, most, bold):
        if used and used + wide > most:
            count, used = count + 1, 0.0
        used += wide + _letter_width(" ", bold)
    return count


def label_width(text: str, size: float) -> float:
    """The width (mm) of a line."""
    return round(sum(_letter_width(letter, bold=False) for letter in text) * size / PT, 1)


def text_height(text: str, room: float, size: float, *, bold: bool = False, signs: bool = False) -> float:
    """The height of one paragraph (pt); `signs` if it begins with a box to tick."""
    return line_count(text, room, size, bold=bold) * size * max(_line_height(text), _SIGNS if signs else _PLAIN)


@lru_cache(maxsize=1024)
def _line_height(text: str) -> float:
    codes = {ord(letter) for letter in as_printed(text) if not letter.isspace()}
    others = codes - face("LiberationSans-Regular").charToGlyph.keys()
    return (_FOREIGN if others - face("DejaVuSans").charToGlyph.keys() else _SIGNS) if others else _PLAIN


def begins_with(text: str, lines: int, room: float, size: float) -> str:
    """The longest beginning of a text that fits in so many lines, cut at a word if possible."""
    words = text.split()
    while line_count(" ".join(words), room, size) > lines:
        words = words[:-1] or [words[0][:-8]]
    return " ".join(words)


def _pieces(text: str, most: float, bold: bool) -> Iterator[float]:
    """The widths of the words (em); a word wider than a line is yielded in pieces."""
    for word in as_printed(text).split():
        wide = 0.0
        for letter in word:
            more = _letter_width(letter, bold)
            if wide and wide + more > most:
                yield wide
                wide = 0.0
            wide += more
        yield wide


def _hyphenated_pieces(text: str, most: float, bold: bool) -> Iterator[float]:
    """As `_pieces`, where a word is parted as the engine does it."""
    hyphen = _letter_width(HYPHEN, bold)
    for word in filter(None, _BLANKS.split(as_printed(text))):
        widths, start = [_letter_width(letter, bold) for letter in word], 0
        for end, mark in parts_of(word, widths, most, hyphen):
            yield sum(widths[start:end]) + hyphen * len(mark)
            start = end


@lru_cache(maxsize=256)
def as_printed(text: str) -> str:
    """The characters printed for a text, without their markup; a no-break space stays one."""
    return "\xa0".join(html.unescape(_TAG.sub("", str(_LETTERS(part)))) for part in text.split("\xa0"))


@lru_cache(maxsize=4096)
def _letter_width(letter: str, bold: bool) -> float:
    """The width (em) in the first of our fonts that has the character, 1 if none has."""
    for name in ("LiberationSans-Bold" if bold else "LiberationSans-Regular", *_OTHERS):
        if ord(letter) in face(name).charToGlyph:
            return float(face(name).charWidths[ord(letter)] / 1000)
    return 1.0


SIZES = {"F4": (215, 330), "A4": (210, 297)}  # millimetres
PT = 72 / 25.4
LEFT, RIGHT, FOOT, EDGE, TOP = 20, 15, 17, 4, 8  # millimetres
EXCERPT = 56  # per cent of the width of a Kutipan for what stands beside the signature
UNDER_MARK = 5  # mm: how far a mark moved down what is below it until format 4
UNDER_CLEAR, MARKED = 4.8, 6.2  # mm: the same where the mark stands clear of what printers cut, and where it stands
SIDE, EMBLEM, GOVERNMENT, ADDRESS = 24, (11, 13.2), 10, 9  # of the short letterhead: mm, mm, pt, pt
# Of the letterhead of what the pengadu takes home: mm beside its text, the least and most letters of its names (pt).
HOME_SIDES, HOME_NAMES = (13.8, 23.2), (9.0, 12.0)
# mm: of a paper's QR code; to the lower edge (office printers leave up to 4.3 mm white), to the foot's text
CODE_SIDE, CODE_LOW, CODE_APART = 20, 5, 3
CODE_TOP = 5  # mm: from the QR code of a slip to the upper edge, on each page, right-aligned with the text
KOP, ANNEXED = CODE_SIDE, 15  # mm: letterhead and heading of a Lampiran; the rules below stay clear of the QR code
NUMBER, HEADING, _GAP = 5, 11, 2  # of a Lampiran (mm): page number, heading, gap between frames
_RULES = 11.0  # pt, height of the rules under the letterhead


@dataclass(frozen=True)
class Annex:
    """Positions and heights (mm) of the frames of a Lampiran; each of its pages has the heading and the signature."""

    top: float
    head: float
    body: float
    signature: float
    body_height: float
    signature_height: float
    head_height: float


def is_cut(office: Content) -> bool:
    """Whether the office cuts slips off full sheets; else it has paper of their size."""
    return bool(office.get("disposition") == "full")


def slip_size(office: Content) -> tuple[int, int]:
    """Width and height (mm) of a slip: half a sheet of the office's own size."""
    wide, high = SIZES.get(office["size"], SIZES["F4"])
    return wide, high // 2


def slip_width(office: Content) -> float:
    """The width (pt) between the margins until format 4, when each office's half sheets were those of F4."""
    wide, _ = SIZES.get(office["size"], SIZES["F4"]) if is_cut(office) else SIZES["F4"]
    return width_between_margins(wide)


def width_between_margins(wide: float) -> float:
    """The width (pt) between the margins of a slip of that width (mm)."""
    return (wide - LEFT - RIGHT) * PT


def slip_height(high: float, down: float) -> float:
    """The usable height (pt) of a slip of that height (mm), where a mark moves its text down so far (mm)."""
    return (high - FOOT - 1 - TOP - down) * PT


def office_size(office: Content, wide: float = 0) -> float:
    """The font size (9 to 10 pt) at which each line of the office's name fits next to the emblem, if any does; `wide`
    (pt) is that between the margins, without which it is that of format 4."""
    widest = max((width(line) for line in office["name"]), default=1) or 1
    return min(10, max(9, int(2 * _kop_room(wide or slip_width(office)) / widest) / 2))


def address_lines(office: Content, code: str = " – Kode\xa0Pos\xa0") -> list[str]:
    """The lines of the short letterhead; dots for what the office has not entered yet. `code`: what stands before the
    postcode."""
    street, phone = office["address"] or "Alamat: " + "…" * 16, office["phone"] or "…" * 8
    line = f"{street}, Telepon {phone}, {office['city'].upper()}{code}{office['postcode'] or '…' * 5}"
    return [line, *([office["web"]] if office["web"] else [])]


def kop_height(
    office: Content, wide: float, address: list[str], least: float = EMBLEM[1], address_size: float = ADDRESS
) -> float:
    """The height (pt) of the short letterhead with its rules, which is `wide` (pt), and `least` (mm) high without
    them."""
    room, size = _kop_room(wide), office_size(office, wide)
    names = ((office["government"], GOVERNMENT), *((line, size) for line in office["name"]))
    text = sum(text_height(line, room, of, bold=True) for line, of in names)
    text += sum(text_height(line, room, address_size) for line in address)
    return max(least * PT, text) + _RULES


def home_names(office: Content, wide: float) -> float:
    """The size (pt) at which each name in that letterhead, `wide` (pt), takes one line: larger than the address."""
    least, most = HOME_NAMES
    widest = max(map(width, (office.get("government") or "", *office["name"]))) or 1
    return min(most, max(least, int(2 * (wide - sum(HOME_SIDES) * PT) / widest) / 2))


def home_kop_height(office: Content, wide: float, address_size: float) -> float:
    """The height (pt) of that letterhead with its rules."""
    room, size = wide - sum(HOME_SIDES) * PT, home_names(office, wide)
    text = sum(text_height(line, room, size, bold=True) for line in (office["government"], *office["name"]))
    return max(KOP * PT, text + sum(text_height(line, room, address_size) for line in address_lines(office))) + _RULES


def subject_height(subject: str, wide: float) -> float:
    """The height (pt) of the line that says what a Lampiran belongs to."""
    return text_height(subject, _kop_room(wide), 10)


def _kop_room(wide: float) -> float:
    return wide - 2 * SIDE * PT


def annex_frames(
    office: Content,
    high: float,
    subject: float,
    text: float,
    signature: float,
    *,
    down: float,
    heading: float = HEADING,
    over_foot: float = _GAP,
) -> Annex:
    """The frames of a Lampiran with these heights (pt) of its subject, text and signature: on a slip, or on a full
    sheet if slips are cut off. The signature follows the text if there is room, else it is at the foot of each page. A
    mark moves all down so far (mm)."""
    sheet = SIZES.get(office["size"], SIZES["F4"])[1] if is_cut(office) else high
    top = TOP + down
    head = heading + subject / PT
    body = top + NUMBER + head + _GAP
    lowest = sheet - FOOT - over_foot - signature / PT
    signed = min(lowest, body + text / PT + _GAP)
    return Annex(top, top + NUMBER, body, signed, signed - body - 1, signature / PT + 1, head)


SIGNING = 25 * 72 / 25.4  # pt: 25 mm of space for a handwritten signature


def signature_height(who: Content, room: float, size: float, space: float = SIGNING) -> float:
    """The height (pt) of the signature block in a column of `room` (pt), with `space` (pt) for the signature itself."""
    title = capitals(who.get("title") or "…")
    plain = ["…", *title, who.get("pangkat") or "", f"NIP. {who['nip']}" if who.get("nip") else ""]
    name = text_height(who.get("name") or "…", room, size, bold=True)
    return name + sum(text_height(text, room, size) for text in plain if text) + space
