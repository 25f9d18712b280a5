"""Javanese script (Hanacaraka) in Latin letters, sign by sign: to print it rightly takes an engine that puts taling
before its letter and pasangan under it, and reportlab does neither."""

import re
import unicodedata

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
