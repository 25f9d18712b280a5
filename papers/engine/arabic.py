"""Arabic as papers set it: its letters joined by arabic-reshaper, each line in the order it is drawn in.

xhtml2pdf does both by itself, but drops the signs of vowels that somebody wrote, and says Allah with one sign of its
own, under which those signs have no place. What a reader copies or searches are the letters as typed, not as joined.
"""

import re
import unicodedata
from typing import Any

from arabic_reshaper import ArabicReshaper
from reportlab.pdfbase import ttfonts
from xhtml2pdf import context
from xhtml2pdf.bidi import get_display

_ARABIC = re.compile("[\u0600-\u06ff]")
_CODE = re.compile(r"(?<=> )<(FE(?:[89A-E][0-9A-F]|F[0-4]))>")  # of a joined letter, in what tells glyphs' letters
_JOINING = ArabicReshaper({"delete_harakat": False, "delete_tatweel": False, "ARABIC LIGATURE ALLAH": False})
_codes = ttfonts.makeToUnicodeCMap


def joined(text: str) -> str:
    """The text with its Arabic letters in the shapes that they have beside one another."""
    return str(_JOINING.reshape(text)) if _ARABIC.search(text) else text


def in_drawn_order(line: str, *, from_the_right: bool) -> str:
    """A line from left to right, as xhtml2pdf turns its own round."""
    return str(get_display(line, "R" if from_the_right else "L"))


def _shaped(text: str, font: str | None = None) -> str | None:
    """The text joined, None if it has no Arabic."""
    return joined(text) if _ARABIC.search(text) else None


def _read_back(name: str, subset: Any) -> str:
    """What the glyphs of a font say: a joined letter the letter itself. Lam and alef in one sign stay one: readers
    that turn a line round would turn the two round as well."""
    return _CODE.sub(
        lambda code: f"<{ord(unicodedata.normalize('NFKC', chr(int(code[1], 16)))):04X}>", _codes(name, subset)
    )


PLACES = (  # whose it is, its name, what we put there
    (context, "shape_frag_text", _shaped),
    (ttfonts, "makeToUnicodeCMap", _read_back),
)
THEIRS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in PLACES)


def install() -> None:
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)
