"""The name of a file that came in, cleaned so that it can be shown and offered; it is never used as a path."""

import re
import unicodedata

LONGEST = 100  # letters, without the ending
NAMELESS = "berkas"
_PARTS = re.compile(r"[/\\]")
_AWKWARD = re.compile(r'[<>:"|?*;%]+')
_INNER_ENDING = re.compile(r"\.(?=[^\W\d_])")  # a dot before a letter looks like one more ending
_LONG_NUMBER = re.compile(r"\d{6,}(?=\d{4}(?!\d))")  # a NIK or a telephone number has no place in the open


def clean_name(name: str, ending: str) -> str:
    """The name to keep: no path, no control or direction marks, no NIK, one ending, and that the right one."""
    plain = visible_text(_PARTS.split(name)[-1])
    stem = plain.rpartition(".")[0] if "." in plain else plain
    stem = _INNER_ENDING.sub("-", _AWKWARD.sub("_", stem).strip(" ."))
    stem = " ".join(_LONG_NUMBER.sub("…", stem).split())[:LONGEST].strip(" .")
    return (stem or NAMELESS) + ending


def visible_text(text: str) -> str:
    """What one sees of a text, in one line."""
    seen = filter(_is_shown, unicodedata.normalize("NFC", text))
    return " ".join("".join(seen).split())


def _is_shown(letter: str) -> bool:
    """Letters, digits, marks, signs and blanks; nothing that hides itself or turns the direction."""
    return letter.isspace() or not unicodedata.category(letter).startswith("C")
