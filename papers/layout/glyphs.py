"""Glyphs and fonts: which font has a glyph for each character; emoji as words, Javanese script transliterated; where no
line ends."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from arabic_reshaper.letters import LETTERS_ARABIC
from markupsafe import Markup

from sop.clock import ZONES
from sop.words import MONTHS

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFontFile

RUN = re.compile(r"[\ua980-\ua9df]+(?:[\s\u200b-\u200d]+[\ua980-\ua9df]+)*")
_SYLLABLES = {"PA CEREK": "re", "NGA LELET": "le", "NGA LELET RASWADI": "le"}  # not as in their Unicode names
_SOUNDS = {"tta": "tha", "dda": "dha", "ii": "i"}
_VOWELS = {
    "WULU": "i",
    "WULU MELIK": "i",
    "SUKU": "u",
    "SUKU MENDUT": "u",
    "TALING": "é",
    "DIRGA MURE": "ai",
    "PEPET": "e",
    "TOLONG": "o",
}
_ENDINGS = {"PANYANGGA": "m", "CECAK": "ng", "LAYAR": "r", "WIGNYAN": "h"}
_MIDDLES = {"KERET": "re", "PENGKAL": "ya", "CAKRA": "ra"}
_LONGER = {"é": "o", "ai": "au"}  # vowels before tarung
_FOREIGN = {"ka": "kha", "ga": "gha", "da": "dza", "ja": "za", "pa": "fa"}  # consonants under cecak telu
_PAUSES = {"PADA LINGSA": ",", "PADA LUNGSI": ".", "PADA PANGKAT": ":", "PANGRANGKEP": "2"}
_KIND = re.compile(r"(?:JAVANESE )?(LETTER|VOWEL SIGN|CONSONANT SIGN|SIGN|DIGIT)? ?(.*)")


def javanese_to_latin(script: str) -> str:
    """Transliterate a text in Javanese script to Latin; ornaments are left out."""
    latin = ""
    for sign in script:
        kind, name = _KIND.fullmatch(unicodedata.name(sign, "")).groups("")  # type: ignore[union-attr]  # it matches any
        if sign.isspace():
            latin += " "
        elif kind == "LETTER":
            syllable = name.split(" ")[0].lower()
            latin += _SYLLABLES.get(name) or _SOUNDS.get(syllable, syllable)
        elif kind == "DIGIT":
            latin += str(unicodedata.digit(sign))
        else:
            latin = _modified(latin, name) + _ENDINGS.get(name, "") + _PAUSES.get(name, "")
    return " ".join(latin.split())


def _modified(latin: str, name: str) -> str:
    """Change or remove the vowel of the last syllable, or insert a medial consonant."""
    if name == "TARUNG":
        return next((latin[: -len(end)] + more for end, more in _LONGER.items() if latin.endswith(end)), latin)
    if name == "CECAK TELU":
        return latin[:-2] + _FOREIGN.get(latin[-2:], latin[-2:])
    vowel = "" if name == "PANGKON" else _VOWELS.get(name, _MIDDLES.get(name))
    return latin if vowel is None else latin.removesuffix("a") + vowel


ASSETS = Path(__file__).resolve().parents[2] / "static"
MISSING = "▯"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}  # unshaped they would be printed backwards
_INVISIBLE = {"Cf", "Cs", "Cc", "Cn", "Co"}
_SIGNS = Markup('<span class="sign">{}</span>')  # in DejaVu Sans, see templates/papers/_style.html
ARABIC = '<span class="arab">'  # in Noto Naskh Arabic
_ARABIC = Markup(ARABIC + "{}</span>")  # noqa: S704 - ours
_FRAMES = {"sign": _SIGNS, "missing": _SIGNS, "arab": _ARABIC}
_TYPED, _JOINED = ("\u0600", "\u06ff"), (("\ufb50", "\ufdff"), ("\ufe70", "\ufefc"))  # Arabic: plain, shaped
_RTL = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_AS_ARABIC = "\u200f"  # right-to-left mark: adjacent punctuation belongs to the Arabic line

Runs = list[tuple[str, str]]  # (font, consecutive characters in it)


@lru_cache(maxsize=8)
def face(name: str) -> "TTFontFile":
    """A font of static/fonts with its glyphs and their widths."""
    from reportlab.pdfbase.ttfonts import TTFontFile  # imported here because a start reads no font

    return TTFontFile(str(ASSETS / "fonts" / f"{name}.ttf"))


def printable(text: str) -> Markup:
    """Escaped text with each character in a font that has a glyph for it, ▯ where none has."""
    composed = unicodedata.normalize("NFC", text)
    return Markup("").join(_framed(font, "".join(run)) for font, run in groupby(composed, key=font_of))


def printable_or_arabic(text: str) -> Markup:
    """As `printable`, but with Arabic, which xhtml2pdf shapes and orders."""
    runs = _runs_with_arabic(text)
    edge = _ARABIC.format(_AS_ARABIC) if reads_from_the_right(runs) else Markup("")
    return edge + Markup("").join(_framed(font, run) for font, run in runs) + edge


def printable_in_lines(text: str) -> Markup:
    """As `printable_or_arabic`, with emoji in words, and a no-break space wherever no line is to end."""
    return whole_phrases(printable_or_arabic(emoji_in_words(text)))


# What no line parts: a number from its unit or what announces it, a name from its degree, a party from which it is.
SPACE = "\xa0"  # an entity would be parsed as a piece of text of its own, which takes time
_ANNOUNCING = re.compile(r"\b(pukul|nomor|register|no\.|rp\.?|pasal|ayat) (?=[^\s&<]*\d)", re.IGNORECASE)
_COUNTED = re.compile(rf"(?<=\d) (?=(?:{'|'.join((*MONTHS, *ZONES, 'menit', 'jam', 'hari'))})\b)")
# Of several degrees the first stays with the name, the last with the one before it.
_DEGREE = r"[A-Z][A-Za-z]{0,4}\.[A-Z][A-Za-z.]*"
_BEFORE_DEGREE = re.compile(rf"(?<=\w), (?={_DEGREE})|(?<=\.), (?={_DEGREE}(?![\w.]|, [A-Z]))")
_DIGIT = re.compile(r"\d")
_PARTY = re.compile(r"\bPIHAK (?=PERTAMA\b|KEDUA\b)")


def whole_phrases(escaped: Markup) -> Markup:
    """Escaped text with a no-break space wherever it is not to be parted."""
    text = str(escaped)
    if _DIGIT.search(text):
        text = _COUNTED.sub(SPACE, _ANNOUNCING.sub(rf"\1{SPACE}", text))
    if "PIHAK " in text:
        text = _PARTY.sub(f"PIHAK{SPACE}", text)
    if ", " in text:
        text = _BEFORE_DEGREE.sub(f",{SPACE}", text)
    return Markup(text)  # noqa: S704 - only spaces were replaced


def is_arabic(text: str) -> bool:
    """Whether a line of a paper is Arabic and begins at the right."""
    return bool(_RTL.search(text)) and reads_from_the_right(_runs_with_arabic(emoji_in_words(text)))


def plain_or_arabic(text: str) -> str:
    """As `printable_or_arabic`, but plain text for drawing without HTML."""
    return "".join(_printed(font, run) for font, run in _runs_with_arabic(text))


def _runs_with_arabic(text: str) -> Runs:
    composed = unicodedata.normalize("NFC", text)
    return whole_arabic((font, "".join(run)) for font, run in groupby(composed, key=font_with_arabic))


def whole_arabic(runs: Iterable[tuple[str, str]]) -> Runs:
    """Join Arabic words and the spaces between them into one run: xhtml2pdf would count a separate space twice, and PDF
    readers would treat each word as a line of its own."""
    whole: Runs = []
    for font, run in runs:
        if font == "arab" and whole[-1:] == [("text", " ")] and whole[-2:-1] and whole[-2][0] == "arab":
            whole[-2:] = [(font, f"{whole[-2][1]} {run}")]
        else:
            whole.append((font, run))
    return whole


def reads_from_the_right(runs: Runs) -> bool:
    """Whether a line is Arabic without any left-to-right letters; digits and punctuation do not count."""
    return any(font == "arab" for font, _ in runs) and not any(
        "L" in map(unicodedata.bidirectional, run) for _, run in runs
    )


def width(text: str, font: str = "LiberationSans-Bold") -> float:
    """The width of a line in em."""
    glyphs = face(font)
    return float(sum(glyphs.charWidths.get(ord(c), glyphs.defaultWidth) for c in text) / 1000)


@lru_cache(maxsize=4096)
@lru_cache
def caption_font(*, bold: bool = False) -> str:
    """The name under which reportlab knows the font of what is stamped on pages."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name, file = ("caption-bold", "LiberationSans-Bold") if bold else ("caption", "LiberationSans-Regular")
    pdfmetrics.registerFont(TTFont(name, str(ASSETS / "fonts" / f"{file}.ttf")))
    return name


def font_of(letter: str) -> str:
    """The font of a character: text, sign, blank (any other space), missing (no font has it) or none (invisible)."""
    code, category = ord(letter), unicodedata.category(letter)
    if letter in "\n\t ":
        return "text"
    if letter.isspace():
        return "blank"
    if category in _INVISIBLE or 0xFE00 <= code <= 0xFE0F:  # variation selectors follow an emoji
        return "missing" if category in {"Cs", "Cn", "Co"} else "none"
    if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT or code > 0xFFFF:  # extraction fails beyond the BMP
        return "missing"
    if all(code in face(f"LiberationSans-{style}").charToGlyph for style in ("Regular", "Bold")):
        return "text"
    return "sign" if code in face("DejaVuSans").charToGlyph else "missing"


@lru_cache(maxsize=4096)
def font_with_arabic(letter: str) -> str:
    """As `font_of`, with arab for Arabic characters that arabic-reshaper can shape; no other right-to-left script is
    supported."""
    if not any(first <= letter <= last for first, last in (_TYPED, *_JOINED)):
        return font_of(letter)
    joins = unicodedata.category(letter) != "Lo" or letter in LETTERS_ARABIC or letter > _TYPED[1]
    return "arab" if joins and ord(letter) in face("NotoNaskhArabic-Regular").charToGlyph else font_of(letter)


def _framed(font: str, run: str) -> Markup:
    return _FRAMES.get(font, Markup("{}")).format(_printed(font, run))


def _printed(font: str, run: str) -> str:
    """The printed characters of a run in one font."""
    return MISSING * len(run) if font == "missing" else {"blank": " ", "none": ""}.get(font, run)


def missing_glyphs(text: str) -> list[str]:
    """The distinct characters of a text without a glyph in any of our fonts."""
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(letter for letter in composed if font_of(letter) == "missing"))


# Characters that may begin an emoji: nearly every text has none, so the emoji library is not imported for it.
_PERHAPS = re.compile("[\u200d\u20e3\u2300-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")
_WORDS = re.compile(r"\[(?:emoji|aksara Jawa): [^][]+\]")
_EXAMPLES = 5  # examples of each kind that a note lists
_NAMED = re.compile(r"(\[emoji: ([^][]+)\])\1*")
_FLAG = re.compile(r"(?<=^bendera ).+")  # the library's names are lower case, also those of countries
_ENGLISH = re.compile(r"\bkeycap\b")  # the one word without an Indonesian translation in Unicode's names


def emoji_in_words(text: str) -> str:
    """The text with emoji and Javanese script replaced by words in square brackets. A sequence (skin tone, family,
    flag, keycap) counts as one emoji; those with a glyph in one of our fonts are left."""
    if _PERHAPS.search(text):
        import emoji  # imported here because it takes a sixth of a second

        emoji.config.load_language("id")
        text = _NAMED.sub(_collapse, emoji.replace_emoji(text, replace=_emoji_name))
    return RUN.sub(lambda run: f"[aksara Jawa: {javanese_to_latin(run[0]) or 'hiasan'}]", text)


def _emoji_name(sign: str, known: Mapping[str, object]) -> str:
    fonts = [font for font in map(font_of, sign) if font != "none"]
    if fonts in (["text"], ["sign"]):
        return sign
    name = _ENGLISH.sub("tombol", str(known["id"]).strip(":").replace("_", " "))
    return f"[emoji: {_FLAG.sub(lambda country: country[0].title(), name)}]"


def _collapse(named: re.Match[str]) -> str:
    """Collapse repeated emoji into one with a count, and separate it by spaces from adjacent words."""
    times = len(named[0]) // len(named[1])
    name = f"[emoji: {named[2]} ×{times}]" if times > 1 else named[1]
    before, after = named.string[: named.start()][-1:], named.string[named.end() :][:1]
    return f"{' ' if before.isalnum() else ''}{name}{' ' if after.isalnum() else ''}"


def print_note(text: str) -> str:
    """A note for the form field on what will be printed as words or as ▯; "" if all of it is printed as typed."""
    latin = emoji_in_words(text)
    in_words = dict.fromkeys(_WORDS.findall(latin)) if latin != text else {}
    as_words, as_box = "Pada dokumen tercetak sebagai kata:", f"Tidak dapat dicetak dan menjadi {MISSING}:"
    sentences = []
    for opening, parts in ((as_words, [*in_words]), (as_box, [*_missing_letters(latin)])):
        if parts:
            more = ", dan lainnya" if len(parts) > _EXAMPLES else ""
            sentences.append(f"{opening} {', '.join(parts[:_EXAMPLES])}{more}.")
    return " ".join(sentences)


def has_missing_glyphs(text: str) -> bool:
    """Whether some character of a text can be printed neither as a glyph nor as words."""
    return bool(_missing_letters(emoji_in_words(text)))


def _missing_letters(latin: str) -> dict[str, None]:
    composed = unicodedata.normalize("NFC", latin)
    return dict.fromkeys(letter for letter in composed if font_with_arabic(letter) == "missing")
