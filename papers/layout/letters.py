"""Which letters the embedded fonts can print: the rest stands as ▯, and what no eye sees is left out."""

import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from arabic_reshaper.letters import LETTERS_ARABIC
from markupsafe import Markup, escape
from reportlab.pdfbase.ttfonts import TTFontFile

ASSETS = Path(__file__).resolve().parents[2] / "static"
MISSING = "▯"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}  # printed letter by letter they would read backwards
_INVISIBLE = {"Cf", "Cs", "Cc", "Cn", "Co"}
_SIGNS = Markup('<span class="sign">{}</span>')  # in DejaVu Sans, see templates/papers/_style.html
ARABIC = '<span class="arab">'  # in Noto Naskh Arabic
_ARABIC = Markup(ARABIC + "{}</span>")  # noqa: S704 - ours
_AS_ARABIC = "\u200f"  # the mark that a full stop beside it belongs to a line from right to left


@lru_cache(maxsize=8)
def face(name: str) -> TTFontFile:
    """A font of static/fonts with its letters and their widths."""
    return TTFontFile(str(ASSETS / "fonts" / f"{name}.ttf"))


def printable(text: str) -> Markup:
    """Text as it can be printed, escaped: signs in the font that has them, ▯ for what no font has."""
    composed = unicodedata.normalize("NFC", text)
    return Markup("").join(_set(font, "".join(run)) for font, run in groupby(composed, key=font_of))


def printable_with_arabic(text: str) -> Markup:
    """The same, but that Arabic stands in its own letters: xhtml2pdf joins them and sets each line in its order."""
    composed = unicodedata.normalize("NFC", text)
    runs = _whole([(font, "".join(run)) for font, run in groupby(composed, key=font_with_arabic)])
    edge = _ARABIC.format(_AS_ARABIC) if _reads_from_the_right(composed, runs) else Markup("")
    return edge + Markup("").join(_set(font, run) for font, run in runs) + edge


def _whole(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Arabic words with the spaces between them: xhtml2pdf would count one that stands by itself twice."""
    whole: list[tuple[str, str]] = []
    for font, run in runs:
        if font == "arab" and whole[-1:] == [("text", " ")] and whole[-2:-1] and whole[-2][0] == "arab":
            whole[-2:] = [(font, f"{whole[-2][1]} {run}")]
        else:
            whole.append((font, run))
    return whole


def _reads_from_the_right(text: str, runs: list[tuple[str, str]]) -> bool:
    return any(font == "arab" for font, _ in runs) and "L" not in map(unicodedata.bidirectional, text)


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


@lru_cache(maxsize=4096)
def font_with_arabic(letter: str) -> str:
    """As `font_of`, with arab for what is Arabic and can be joined; of other scripts from right to left nothing can."""
    if not "\u0600" <= letter <= "\u06ff" and not "\ufdf0" <= letter <= "\ufdfd":
        return font_of(letter)
    joins = unicodedata.category(letter) != "Lo" or letter in LETTERS_ARABIC or letter >= "\ufdf0"
    return "arab" if joins and ord(letter) in face("NotoNaskhArabic-Regular").charToGlyph else font_of(letter)


def _is_invisible(code: int, category: str) -> bool:
    return category in _INVISIBLE or 0xFE00 <= code <= 0xFE0F  # variation selectors follow an emoji


def _set(font: str, run: str) -> Markup:
    if font == "text":
        return escape(run)
    if font == "blank":
        return Markup(" ")
    if font == "missing":
        return _SIGNS.format(MISSING * len(run))
    return {"sign": _SIGNS, "arab": _ARABIC}.get(font, Markup("")).format(run)


def unprintable(text: str) -> list[str]:
    """The letters of a text that no font of ours prints, each once."""
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(letter for letter in composed if font_of(letter) == "missing"))
