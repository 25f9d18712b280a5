"""Formats of frozen contents: each has its reader and its templates, so that an old paper prints as it did before."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from models.records.in_words import FORMAT
from papers.layout.glyphs import ASSETS, emoji_in_words, printable, printable_in_lines, printable_or_arabic

TEMPLATES = ASSETS.parent / "templates"

Content = Mapping[str, Any]  # frozen JSON, or a part of it, in the shape of its format


class UnknownFormat(ValueError):
    """A content frozen by a newer version of the panel."""


def format_of(content: Content) -> int:
    """The content's format number; 1 if it has none. UnknownFormat if it is newer than this panel."""
    number: int = content.get("format", 1)
    if number not in READERS:
        raise UnknownFormat(f"Isi dokumen ini berformat {number}; panel ini membaca sampai format {FORMAT}.")
    return number


def as_templates_read(content: Content) -> Content:
    """The content converted for the templates of its format."""
    return READERS[format_of(content)](content)


def folders(number: int) -> list[Path]:
    """The template folders of a format: archived templates, then the current ones for what has not changed."""
    archived = [TEMPLATES / "formats" / str(last) for last in LEFT if number <= last]
    return [*archived, TEMPLATES]


def escape_of_format(number: int) -> Callable[[str], Markup]:
    """The function that escapes typed text for papers of a format.

    Since format 4 with emoji in words, and Arabic; since format 5 with no-break spaces."""
    if number < _SPELLED:
        return printable
    return printable_in_lines if number >= UNPARTED else lambda text: printable_or_arabic(emoji_in_words(text))


def is_hyphenated(content: Content) -> bool:
    """Whether a word that is wider than its line is parted with a hyphen (papers/engine/word_breaks.py)."""
    return format_of(content) >= _HYPHENATED


def _first(content: Content) -> Content:
    """Until November 2026: a record's blanks had no stored order and were printed sorted by name."""
    if "records" not in content:
        return content  # a paper without a case
    records = {key: _by_names(record) for key, record in content["records"].items()}
    return _second({**content, "records": records, "attempts": [_by_names(one) for one in content["attempts"]]})


def _by_names(record: Content) -> Content:
    return {**record, "order": sorted(record["blanks"])}


def _second(content: Content) -> Content:
    """Until 26 November 2026: no stored deadline. The disposition shows `legal_due`, other papers `answer_due`."""
    if "complaint" not in content:
        return content
    complaint = content["complaint"]
    ends, due = _PROMISED.get(content["paper"]["key"], ("Jawaban paling lambat", "answer_due"))
    return {**content, "complaint": {**complaint, "deadline": {"ends": ends, "due": complaint[due], "clock": ""}}}


_PROMISED = {"lembar_disposisi": ("Batas waktu", "legal_due")}


def _unconverted(content: Content) -> Content:
    """The third and fourth format, until 27 and 30 November 2026, whose templates are archived; and the present one."""
    return content


READERS: dict[int, Callable[[Content], Content]] = {
    1: _first,
    2: _second,
    3: _unconverted,
    4: _unconverted,
    5: _unconverted,
}
_SPELLED, _HYPHENATED, UNPARTED = 4, 5, 5
LEFT = (3, 4)  # formats with archived templates, because later ones changed the layout
