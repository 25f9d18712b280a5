"""Frozen contents as the templates read them: each format by its own reader and its own templates, so what was printed
prints so again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from models.records.in_words import FORMAT
from papers.layout.letters import ASSETS, printable, printable_with_arabic, spelled

TEMPLATES = ASSETS.parent / "templates"

Content = Mapping[str, Any]  # frozen JSON, or a part of it, in the shape that its format and the templates agree on


class UnknownFormat(ValueError):
    """A content that a later panel has frozen."""


def format_of(content: Content) -> int:
    """The format that a content was frozen in; one that bears no number is of the first."""
    number: int = content.get("format", 1)
    if number not in READERS:
        raise UnknownFormat(f"Isi dokumen ini berformat {number}; panel ini membaca sampai format {FORMAT}.")
    return number


def as_templates_read(content: Content) -> Content:
    """The content in the shape that the templates of its format read."""
    return READERS[format_of(content)](content)


def folders(number: int) -> list[Path]:
    """Where the templates of a format lie: those kept when it was left, then whatever has not changed since."""
    kept = [TEMPLATES / "formats" / str(last) for last in LEFT if number <= last]
    return [*kept, TEMPLATES]


def letters_of(number: int) -> Callable[[str], Markup]:
    """How papers of a format say what was typed: since the fourth in words, too, and in Arabic letters."""
    return printable if number < _SPELLED else lambda text: printable_with_arabic(spelled(text))


def _first(content: Content) -> Content:
    """Until November 2026: the blanks of a record stood in no order of their own and were printed by their names."""
    if "records" not in content:
        return content  # of no case
    records = {key: _by_names(record) for key, record in content["records"].items()}
    return _second({**content, "records": records, "attempts": [_by_names(one) for one in content["attempts"]]})


def _by_names(record: Content) -> Content:
    return {**record, "order": sorted(record["blanks"])}


def _second(content: Content) -> Content:
    """Until 26 November 2026 the disposition named the law's limit, every other paper that of the first answer."""
    if "complaint" not in content:
        return content
    told = content["complaint"]
    ends, due = _PROMISED.get(content["paper"]["key"], ("Jawaban paling lambat", "answer_due"))
    return {**content, "complaint": {**told, "deadline": {"ends": ends, "due": told[due], "clock": ""}}}


_PROMISED = {"lembar_disposisi": ("Batas waktu", "legal_due")}


def _third(content: Content) -> Content:
    """Until 27 November 2026, in templates that were kept: templates/formats/3."""
    return content


def _fourth(content: Content) -> Content:
    """The present templates read it as it lies."""
    return content


READERS: dict[int, Callable[[Content], Content]] = {1: _first, 2: _second, 3: _third, 4: _fourth}
_SPELLED = 4
LEFT = (3,)  # formats whose templates were kept as they stood, since later ones lay papers out anew
