"""Arabic text: shaping by arabic-reshaper and bidirectional order, in place of xhtml2pdf's own.

xhtml2pdf drops vowel marks (harakat) and uses the ligature for Allah, which cannot carry them. The ToUnicode map of
the PDF names the letters as typed, not the shaped ones, so that copying and searching work.
"""

import re
import unicodedata
from typing import Any

from arabic_reshaper import ArabicReshaper
from reportlab.pdfbase import ttfonts
from xhtml2pdf import context
from xhtml2pdf.bidi import get_display

_ARABIC = re.compile("[\u0600-\u06ff]")
_CODE = re.compile(r"(?<=> )<(FE(?:[89A-E][0-9A-F]|F[0-4]))>")  # a shaped letter in a ToUnicode map
_JOINING = ArabicReshaper({"delete_harakat": False, "delete_tatweel": False, "ARABIC LIGATURE ALLAH": False})
_reportlab_map = ttfonts.makeToUnicodeCMap


def shape_arabic(text: str) -> str:
    """The text with its Arabic letters in their contextual forms."""
    return str(_JOINING.reshape(text)) if _ARABIC.search(text) else text


def in_visual_order(line: str, *, from_the_right: bool) -> str:
    """A line in visual order (left to right), by the same function as xhtml2pdf."""
    return str(get_display(line, "R" if from_the_right else "L"))


def _shaped(text: str, font: str | None = None) -> str | None:
    """The shaped text, None if it has no Arabic: xhtml2pdf's signature."""
    return shape_arabic(text) if _ARABIC.search(text) else None


def _to_unicode_map(name: str, subset: Any) -> str:
    """The ToUnicode map of a font subset, with the plain letter for each shaped one. The ligature lam-alef stays one
    code: readers that reverse a line would reverse the two letters as well."""
    return _CODE.sub(
        lambda code: f"<{ord(unicodedata.normalize('NFKC', chr(int(code[1], 16)))):04X}>", _reportlab_map(name, subset)
    )


PLACES = (  # owner, name, replacement
    (context, "shape_frag_text", _shaped),
    (ttfonts, "makeToUnicodeCMap", _to_unicode_map),
)
THEIRS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in PLACES)


def install() -> None:
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)
