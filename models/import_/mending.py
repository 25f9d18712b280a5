"""Texts of other systems as they were meant: letters read wrongly, line ends spelled out, bullets of one font only."""

import re
import unicodedata

import ftfy

_ONLY_LETTERS = ftfy.TextFixerConfig(unescape_html=False, remove_terminal_escapes=False, explain=False)
_SPELLED = re.compile(r"\\r\\n|\\n|\\r|_x000[dD]_\n?|\r\n?")
_SPELLED_TAB = re.compile(r"\\t|\t")
_BULLET = re.compile(r"[\ue000-\uf8ff]\s*")  # Word's signs, which no font but its own has
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_GAPS = re.compile(r"\n{3,}")
BULLET = "• "


def mended(text: str) -> str:
    """The text as it was meant. First the letters, since what else is mended would make the wrong ones unreadable."""
    if text.isascii() and "\\" not in text and "_x" not in text and text.isprintable():
        return " ".join(text.split())
    return _cleaned(ftfy.fix_encoding(text, _ONLY_LETTERS))


def _cleaned(text: str) -> str:
    text = _SPELLED_TAB.sub(" ", _SPELLED.sub("\n", text))
    text = _BULLET.sub(BULLET, _UNSEEN.sub("", text))
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()
