"""A mapping as a file: so that another office, or the terminal, reads the same kind of file by it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from models.import_.columns import FIELDS, FileForm
from models.import_.tables import APART
from models.office.lists import Medium
from models.staging.mapping import UnfitMapping

MOST_BYTES = 64 * 1024
NO_MAPPING = (
    "Berkas ini bukan berkas susunan. Pilih berkas .json yang diunduh dari Susunan kolom, atau ditulis import --map."
)
STRANGE = "Berkas susunan ini menyebut kolom yang tidak dikenal panel: {}. Yang dikenal: {}."
NO_SUCH_MEDIUM = "Media “{}” pada berkas susunan ini tidak ada di panel, atau tidak aktif lagi."


def as_file(form: FileForm) -> bytes:
    """The mapping as it is written, each field that a column may say in its order."""
    columns = {field: list(form.columns.get(field, ())) for field in FIELDS}
    told = {"nama": form.label, "media": form.medium, "kolom": columns, "selesai": list(form.closed)}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def typed_in_file(data: bytes) -> dict[str, str]:
    """What such a file says, by the names of the blanks, as somebody would type it. UnfitMapping where it is none."""
    told = _told(data)
    columns = told.get("kolom", {})
    if strange := [str(field) for field in columns if field not in FIELDS]:
        raise UnfitMapping(STRANGE.format(", ".join(strange)[:200], ", ".join(FIELDS)))
    medium = Medium.get_or_none((Medium.code == told.get("media", "")) & Medium.active)
    if medium is None:
        raise UnfitMapping(NO_SUCH_MEDIUM.format(str(told.get("media", ""))[:40]))
    typed = {field: APART.join(heads) for field, heads in columns.items() if heads}
    return {
        **typed,
        "nama": told.get("nama", ""),
        "media": str(medium.id),
        "selesai": ", ".join(told.get("selesai", ())),
    }


def _told(data: bytes) -> dict[str, Any]:
    """The file's own words, of the kinds that they must be."""
    try:
        told = orjson.loads(data) if len(data) <= MOST_BYTES else None
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, Mapping) or not isinstance(columns := told.get("kolom"), Mapping):
        raise UnfitMapping(NO_MAPPING)
    lists = [*columns.values(), told.get("selesai", [])]
    texts = [told.get("nama", ""), told.get("media", "")]
    if not all(map(_is_list_of_texts, lists)) or not all(isinstance(text, str) for text in texts):
        raise UnfitMapping(NO_MAPPING)
    return dict(told)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(text, str) for text in value)
