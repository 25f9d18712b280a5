"""Which letters the embedded fonts can print: the rest stands as ▯, and what no eye sees is left out."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from arabic_reshaper.letters import LETTERS_ARABIC
from markupsafe import Markup
from reportlab.pdfbase.ttfonts import TTFontFile

ASSETS = Path(__file__).resolve().parents[2] / "static"
MISSING = "▯"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}  # printed letter by letter they would read backwards
_INVISIBLE = {"Cf", "Cs", "Cc", "Cn", "Co"}
_SIGNS = Markup('<span class="sign">{}</span>')  # in DejaVu Sans, see templates/papers/_style.html
ARABIC = '<span class="arab">'  # in Noto Naskh Arabic
_ARABIC = Markup(ARABIC + "{}</span>")  # noqa: S704 - ours
_FRAMES = {"sign": _SIGNS, "missing": _SIGNS, "arab": _ARABIC}
_TYPED, _JOINED = ("\u0600", "\u06ff"), (("\ufb50", "\ufdff"), ("\ufe70", "\ufefc"))  # where Arabic has its letters
_AS_ARABIC = "\u200f"  # the mark that a full stop beside it belongs to a line from right to left

Runs = list[tuple[str, str]]  # a font, and letters that stand behind one another in it


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
    runs = _runs_with_arabic(text)
    edge = _ARABIC.format(_AS_ARABIC) if reads_from_the_right(runs) else Markup("")
    return edge + Markup("").join(_set(font, run) for font, run in runs) + edge


def plain_with_arabic(text: str) -> str:
    """The letters of the same, for who draws them without any HTML."""
    return "".join(_letters(font, run) for font, run in _runs_with_arabic(text))


def _runs_with_arabic(text: str) -> Runs:
    composed = unicodedata.normalize("NFC", text)
    return whole_arabic((font, "".join(run)) for font, run in groupby(composed, key=font_with_arabic))


def whole_arabic(runs: Iterable[tuple[str, str]]) -> Runs:
    """Arabic words with the spaces between them: xhtml2pdf would count one that stands by itself twice, and readers
    would take each word for a line of its own."""
    whole: Runs = []
    for font, run in runs:
        if font == "arab" and whole[-1:] == [("text", " ")] and whole[-2:-1] and whole[-2][0] == "arab":
            whole[-2:] = [(font, f"{whole[-2][1]} {run}")]
        else:
            whole.append((font, run))
    return whole


def reads_from_the_right(runs: Runs) -> bool:
    """Whether a line is Arabic alone: signs and figures do not make it one from left to right."""
    return any(font == "arab" for font, _ in runs) and not any(
        "L" in map(unicodedata.bidirectional, run) for _, run in runs
    )


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
    """As `font_of`, with arab for what is Arabic and is joined or can be; of other scripts from right to left nothing
    can."""
    if not any(first <= letter <= last for first, last in (_TYPED, *_JOINED)):
        return font_of(letter)
    joins = unicodedata.category(letter) != "Lo" or letter in LETTERS_ARABIC or letter > _TYPED[1]
    return "arab" if joins and ord(letter) in face("NotoNaskhArabic-Regular").charToGlyph else font_of(letter)


def _is_invisible(code: int, category: str) -> bool:
    return category in _INVISIBLE or 0xFE00 <= code <= 0xFE0F  # variation selectors follow an emoji


def _set(font: str, run: str) -> Markup:
    return _FRAMES.get(font, Markup("{}")).format(_letters(font, run))


def _letters(font: str, run: str) -> str:
    """What a paper has for a run of letters of one font."""
    return MISSING * len(run) if font == "missing" else {"blank": " ", "none": ""}.get(font, run)


def unprintable(text: str) -> list[str]:
    """The letters of a text that no font of ours prints, each once."""
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(letter for letter in composed if font_of(letter) == "missing"))
