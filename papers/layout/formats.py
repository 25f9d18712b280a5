"""Frozen contents as the templates read them: each format by its own reader, so what was printed prints so again."""

from collections.abc import Callable, Mapping
from typing import Any

from models.fields.frozen import FORMAT

Content = Mapping[str, Any]  # frozen JSON, or a part of it, in the shape that its format and the templates agree on


class UnknownFormat(ValueError):
    """A content that a later panel has frozen."""


def as_templates_read(content: Content) -> Content:
    """The content in the present format; one that bears no number is of the first."""
    number = content.get("format", 1)
    if number not in READERS:
        raise UnknownFormat(f"Isi dokumen ini berformat {number}; panel ini membaca sampai format {FORMAT}.")
    return READERS[number](content)


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
    """The one date that binds the case stands there with its clock: so the templates read it."""
    return content


READERS: dict[int, Callable[[Content], Content]] = {1: _first, 2: _second, 3: _third}
