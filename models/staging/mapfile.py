"""A mapping as a file: so that another office, or the terminal, reads the same kind of file by it."""

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
    content = {"nama": form.label, "media": form.medium, "kolom": columns, "selesai": list(form.closed)}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def typed_in_file(data: bytes) -> dict[str, str]:
    """What such a file says, by the names of the blanks, as somebody would type it. UnfitMapping where it is none."""
    mapping = _mapping_in(data)
    if strange := [field for field in mapping.columns if field not in FIELDS]:
        raise UnfitMapping(STRANGE.format(", ".join(strange)[:200], ", ".join(FIELDS)))
    medium = Medium.get_or_none((Medium.code == mapping.medium) & Medium.active)
    if medium is None:
        raise UnfitMapping(NO_SUCH_MEDIUM.format(mapping.medium[:40]))
    columns = {field: APART.join(heads) for field, heads in mapping.columns.items() if heads}
    return {**columns, "nama": mapping.label, "media": str(medium.id), "selesai": ", ".join(mapping.closed)}


def _mapping_in(data: bytes) -> FileForm:
    """The kind of file that it describes, as far as its words are of the kinds that they must be."""
    try:
        content = orjson.loads(data) if len(data) <= MOST_BYTES else None
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict) or not isinstance(columns := content.get("kolom"), dict):
        raise UnfitMapping(NO_MAPPING)
    name, medium, closed = content.get("nama", ""), content.get("media", ""), content.get("selesai", [])
    if not all(map(_is_list_of_texts, [*columns.values(), closed, [name, medium]])):
        raise UnfitMapping(NO_MAPPING)
    return FileForm("", name, medium, "", columns, closed)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
