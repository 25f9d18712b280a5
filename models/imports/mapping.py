"""Column mappings: from the page's form, and as a JSON file for another office or the command line."""

from collections.abc import Mapping

import orjson

from models.imports.batches import ImportMapping
from models.imports.columns import FIELDS, FORMS, LONGEST, FileForm
from models.imports.tables import APART
from models.office.lists import Medium
from models.store.base import database
from models.store.uploads import visible_text

UNNAMED = "Beri nama susunan kolom ini."
TAKEN = "Nama ini milik jenis berkas yang sudah dikenal panel; pilih nama lain."
NO_STORY = "Isi judul kolom untuk Uraian: tanpa itu tidak ada yang dapat dibaca."
NO_DAY = "Isi judul kolom untuk Tanggal masuk: tanpa tanggal, semua baris ditolak."
TOO_LONG = f"Satu isian memuat paling banyak {LONGEST} huruf; perpendek judul kolom itu pada berkasnya."
NO_MEDIUM = "Pilih media pengaduan."


class UnfitMapping(ValueError):
    """The mapping is not valid; the message is a sentence for the user."""


def mapped(typed: Mapping[str, str]) -> ImportMapping:
    """The typed mapping, not stored; several headings of a field are separated by APART."""
    name = " ".join(visible_text(typed.get("nama", "")).split())[: ImportMapping.name.max_length]
    columns = {field: heads for field in FIELDS if (heads := _split(typed.get(field, ""), APART))}
    media = typed.get("media", "")
    medium_id = int(media) if media.isdecimal() and len(media) < 10 else 0
    medium = Medium.get_or_none((Medium.id == medium_id) & Medium.active)
    sentences = (
        (not name, UNNAMED),
        (name in FORMS, TAKEN),
        (any(len(typed.get(field, "")) > LONGEST for field in (*FIELDS, "selesai")), TOO_LONG),
        ("story" not in columns, NO_STORY),
        ("day" not in columns, NO_DAY),
        (medium is None, NO_MEDIUM),
    )
    if why := next((sentence for wrong, sentence in sentences if wrong), ""):
        raise UnfitMapping(why)
    closed = [word.casefold() for word in _split(typed.get("selesai", ""), ",")]
    return ImportMapping(name=name, medium=medium, head=columns["story"][0], columns=columns, closed=closed)


def store_mapping(typed: Mapping[str, str]) -> ImportMapping:
    """Store the typed mapping, replacing one with the same name. UnfitMapping as `mapped`."""
    mapping = mapped(typed)
    columns = {name: getattr(mapping, name) for name in ("medium", "head", "columns", "closed")}
    with database.atomic():
        if not ImportMapping.update(**columns).where(ImportMapping.name == mapping.name).execute():
            ImportMapping.create(name=mapping.name, **columns)
        stored: ImportMapping = ImportMapping.get(ImportMapping.name == mapping.name)
    return stored


def as_typed(mapping: ImportMapping) -> dict[str, str]:
    """The form values of a stored mapping, by input name."""
    columns = {field: APART.join(heads) for field, heads in mapping.columns.items()}
    return {**columns, "nama": mapping.name, "media": str(mapping.medium_id), "selesai": ", ".join(mapping.closed)}


def _split(text: str, by: str) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in visible_text(text).split(by)) if part]


MOST_BYTES = 64 * 1024
NO_MAPPING = (
    "Berkas ini bukan berkas susunan. Pilih berkas .json yang diunduh dari Susunan kolom, atau ditulis import --map."
)
UNKNOWN_FIELDS = "Berkas susunan ini menyebut kolom yang tidak dikenal panel: {}. Yang dikenal: {}."
NO_SUCH_MEDIUM = "Media “{}” pada berkas susunan ini tidak ada di panel, atau tidak aktif lagi."


def as_file(form: FileForm) -> bytes:
    """The mapping as JSON, with all fields in order."""
    columns = {field: list(form.columns.get(field, ())) for field in FIELDS}
    content = {"nama": form.label, "media": form.medium, "kolom": columns, "selesai": list(form.closed)}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def typed_in_file(data: bytes) -> dict[str, str]:
    """The form values in such a file, by input name. UnfitMapping if it is not valid."""
    mapping = _mapping_in(data)
    if unknown := [field for field in mapping.columns if field not in FIELDS]:
        raise UnfitMapping(UNKNOWN_FIELDS.format(", ".join(unknown)[:200], ", ".join(FIELDS)))
    medium = Medium.get_or_none((Medium.code == mapping.medium) & Medium.active)
    if medium is None:
        raise UnfitMapping(NO_SUCH_MEDIUM.format(mapping.medium[:40]))
    columns = {field: APART.join(heads) for field, heads in mapping.columns.items() if heads}
    return {**columns, "nama": mapping.label, "media": str(medium.id), "selesai": ", ".join(mapping.closed)}


def _mapping_in(data: bytes) -> FileForm:
    """Parse the file and check the types of its values."""
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
