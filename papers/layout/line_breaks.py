"""What no line of a paper parts: a number from its unit or what announces it, a name from its degree."""

import re

from markupsafe import Markup

from sop.clock import ZONES
from sop.words import MONTHS

SPACE = "\xa0"  # an entity would be parsed as a piece of text of its own, which takes time
_ANNOUNCING = re.compile(r"\b(pukul|nomor|register|no\.|rp\.?|pasal|ayat) (?=[^\s&<]*\d)", re.IGNORECASE)
_COUNTED = re.compile(rf"(?<=\d) (?=(?:{'|'.join((*MONTHS, *ZONES, 'menit', 'jam', 'hari'))})\b)")
# Of several degrees the first stays with the name, the last with the one before it.
_DEGREE = r"[A-Z][A-Za-z]{0,4}\.[A-Z][A-Za-z.]*"
_BEFORE_DEGREE = re.compile(rf"(?<=\w), (?={_DEGREE})|(?<=\.), (?={_DEGREE}(?![\w.]|, [A-Z]))")
_DIGIT = re.compile(r"\d")


def whole_phrases(escaped: Markup) -> Markup:
    """Escaped text with a no-break space wherever it is not to be parted."""
    text = str(escaped)
    if _DIGIT.search(text):
        text = _COUNTED.sub(SPACE, _ANNOUNCING.sub(rf"\1{SPACE}", text))
    if ", " in text:
        text = _BEFORE_DEGREE.sub(f",{SPACE}", text)
    return Markup(text)  # noqa: S704 - only spaces were replaced
