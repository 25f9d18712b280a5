"""Which letters the fonts print; emoji as words, Javanese script in Latin letters."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from arabic_reshaper.letters import LETTERS_ARABIC
from markupsafe import Markup
from reportlab.pdfbase.ttfonts import TTFontFile

RUN = re.compile(r"[\ua980-\ua9df]+(?:[\s\u200b-\u200d]+[\ua980-\ua9df]+)*")
_SYLLABLES = {"PA CEREK": "re", "NGA LELET": "le", "NGA LELET RASWADI": "le"}  # what their names do not say
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
_LONGER = {"é": "o", "ai": "au"}  # with tarung behind them
_FOREIGN = {"ka": "kha", "ga": "gha", "da": "dza", "ja": "za", "pa": "fa"}  # with cecak telu above them
_PAUSES = {"PADA LINGSA": ",", "PADA LUNGSI": ".", "PADA PANGKAT": ":", "PANGRANGKEP": "2"}
_KIND = re.compile(r"(?:JAVANESE )?(LETTER|VOWEL SIGN|CONSONANT SIGN|SIGN|DIGIT)? ?(.*)")


def in_latin(script: str) -> str:
    """What a text in Javanese script says, in Latin letters; ornaments are left out."""
    latin = ""
    for sign in script:
        latin = _with(latin, sign)
    return " ".join(latin.split())


def _with(latin: str, sign: str) -> str:
    if sign.isspace():
        return latin + " "
    kind, name = _KIND.fullmatch(unicodedata.name(sign, "")).groups("")  # type: ignore[union-attr]  # it matches any
    if kind == "LETTER":
        syllable = name.split(" ")[0].lower()
        return latin + (_SYLLABLES.get(name) or _SOUNDS.get(syllable, syllable))
    if kind == "DIGIT":
        return latin + str(unicodedata.digit(sign))
    return _changed(latin, name) + _ENDINGS.get(name, "") + _PAUSES.get(name, "")


def _changed(latin: str, name: str) -> str:
    """The syllable before with its vowel changed, taken away, or something set between."""
    if name == "TARUNG":
        return next((latin[: -len(end)] + more for end, more in _LONGER.items() if latin.endswith(end)), latin)
    if name == "CECAK TELU":
        return latin[:-2] + _FOREIGN.get(latin[-2:], latin[-2:])
    vowel = "" if name == "PANGKON" else _VOWELS.get(name, _MIDDLES.get(name))
    return latin if vowel is None else latin.removesuffix("a") + vowel


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


# Where an emoji may be: nearly every text has none of these, and the library that names them is never brought in.
_PERHAPS = re.compile("[\u200d\u20e3\u2300-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")
_WORDS = re.compile(r"\[(?:emoji|aksara Jawa): [^][]+\]")
_TOLD = 5  # of a kind: who reads the sentence has seen what it is about
_NAMED = re.compile(r"(\[emoji: ([^][]+)\])\1*")
_FLAG = re.compile(r"(?<=^bendera ).+")  # the library writes every name small, a country's too
_ENGLISH = re.compile(r"\bkeycap\b")  # the one word that Unicode's Indonesian left as it was


def spelled(text: str) -> str:
    """The text with words in square brackets for emoji and Javanese script."""
    if _PERHAPS.search(text):
        text = _NAMED.sub(_set_apart, _with_names(text))
    return RUN.sub(lambda run: f"[aksara Jawa: {in_latin(run[0]) or 'hiasan'}]", text)


def _with_names(text: str) -> str:
    """A sequence (a tone of skin, a family, a flag, a key) is one emoji; one that a font of ours prints stays."""
    import emoji  # a sixth of a second: only who needs it waits for it

    emoji.config.load_language("id")
    return emoji.replace_emoji(text, replace=_name)


def _name(sign: str, known: Mapping[str, object]) -> str:
    fonts = [font for font in map(font_of, sign) if font != "none"]
    if fonts in (["text"], ["sign"]):
        return sign
    name = _ENGLISH.sub("tombol", str(known["id"]).strip(":").replace("_", " "))
    return f"[emoji: {_FLAG.sub(lambda country: country[0].title(), name)}]"


def _set_apart(named: re.Match[str]) -> str:
    """The same again and again is said once, and a word beside it keeps its distance."""
    times = len(named[0]) // len(named[1])
    told = f"[emoji: {named[2]} ×{times}]" if times > 1 else named[1]
    before, after = named.string[: named.start()][-1:], named.string[named.end() :][:1]
    return f"{' ' if before.isalnum() else ''}{told}{' ' if after.isalnum() else ''}"


def print_note(text: str) -> str:
    """What papers will not say as it is typed, for whoever types it; "" where all of it is printed."""
    latin = spelled(text)
    named = dict.fromkeys(_WORDS.findall(latin)) if latin != text else {}
    missing = _missing_letters(latin)
    sentences = {"Pada dokumen tercetak sebagai kata:": named, f"Tidak dapat dicetak dan menjadi {MISSING}:": missing}
    return " ".join(f"{opening} {_first(list(of))}." for opening, of in sentences.items() if of)


def loses_letters(text: str) -> bool:
    """Whether papers say something of a text neither in its letters nor in words."""
    return bool(_missing_letters(spelled(text)))


def _missing_letters(latin: str) -> dict[str, None]:
    composed = unicodedata.normalize("NFC", latin)
    return dict.fromkeys(letter for letter in composed if font_with_arabic(letter) == "missing")


def _first(words: list[str]) -> str:
    return ", ".join(words[:_TOLD]) + (", dan lainnya" if len(words) > _TOLD else "")
