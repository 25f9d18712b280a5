"""Which letters the embedded fonts can print: the rest stands as ▯, and what no eye sees is left out."""

import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from markupsafe import Markup, escape
from reportlab.pdfbase.ttfonts import TTFontFile

ASSETS = Path(__file__).resolve().parents[2] / "static"
MISSING = "▯"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}  # printed letter by letter they would read backwards
_INVISIBLE = {"Cf", "Cs", "Cc", "Cn", "Co"}
_SIGNS = Markup('<span class="sign">{}</span>')  # in DejaVu Sans, see templates/papers/_style.html


@lru_cache(maxsize=8)
def face(name: str) -> TTFontFile:
    """A font of static/fonts with its letters and their widths."""
    return TTFontFile(str(ASSETS / "fonts" / f"{name}.ttf"))


def printable(text: str) -> Markup:
    """Text as it can be printed, escaped: signs in the font that has them, ▯ for what no font has."""
    composed = unicodedata.normalize("NFC", text)
    return Markup("").join(_set(font, "".join(run)) for font, run in groupby(composed, key=font_of))


def width(text: str, font: str = "LiberationSans-Bold") -> float:
    """How wide a line is, in multiples of the font's size."""
    letters = face(font)
    return float(sum(letters.charWidths.get(ord(c), letters.defaultWidth) for c in text) / 1000)


@lru_cache(maxsize=4096)
def font_of(letter: str) -> str:
    """Which font prints a letter: text, sign, blank (a space of any kind), missing (no font has it) or none (nothing to
    see)."""
    code, category = ord(letter), unicodedata.category(letter)
    if letter in "\n\t ":
        return "text"
    if letter.isspace():
        return "blank"
    if _is_invisible(code, category):
        return "missing" if category in {"Cs", "Cn", "Co"} else "none"
    if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT or code > 0xFFFF:  # beyond it PDFs are read back wrong
        return "missing"
    if all(code in face(f"LiberationSans-{style}").charToGlyph for style in ("Regular", "Bold")):
        return "text"
    return "sign" if code in face("DejaVuSans").charToGlyph else "missing"


def _is_invisible(code: int, category: str) -> bool:
    return category in _INVISIBLE or 0xFE00 <= code <= 0xFE0F  # variation selectors follow an emoji


def _set(font: str, run: str) -> Markup:
    if font == "text":
        return escape(run)
    if font == "blank":
        return Markup(" ")
    return {"sign": _SIGNS.format(run), "missing": _SIGNS.format(MISSING * len(run))}.get(font, Markup(""))


def unprintable(text: str) -> list[str]:
    """The letters of a text that no font of ours prints, each once."""
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(letter for letter in composed if font_of(letter) == "missing"))
