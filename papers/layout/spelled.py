"""What no font of ours prints but a word can say: emoji by their Indonesian names, Javanese script in Latin letters."""

import re
import unicodedata
from collections.abc import Mapping

from papers.layout.javanese import RUN, in_latin
from papers.layout.letters import MISSING, font_of, font_with_arabic

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
