"""What columns of a file say what, as somebody typed it: kept under a name, in place of what was kept under it."""

from collections.abc import Mapping

from models.evidence.names import visible_text
from models.import_.columns import FIELDS, FORMS
from models.import_.heads import LONGEST
from models.import_.tables import APART
from models.office.lists import Medium
from models.staging.batches import ImportMapping
from models.store.base import database

UNNAMED = "Beri nama susunan kolom ini."
TAKEN = "Nama ini milik jenis berkas yang sudah dikenal panel; pilih nama lain."
NO_STORY = "Isi judul kolom untuk Uraian: tanpa itu tidak ada yang dapat dibaca."
NO_DAY = "Isi judul kolom untuk Tanggal masuk: tanpa tanggal, semua baris ditolak."
TOO_LONG = f"Satu isian memuat paling banyak {LONGEST} huruf; perpendek judul kolom itu pada berkasnya."
NO_MEDIUM = "Pilih media pengaduan."


class UnfitMapping(ValueError):
    """It is no mapping; the message is a sentence for who typed or chose it."""


def mapped(typed: Mapping[str, str]) -> ImportMapping:
    """The mapping that was typed, several heads of one field apart by APART; nothing is kept."""
    name = " ".join(visible_text(typed.get("nama", "")).split())[: ImportMapping.name.max_length]
    columns = {field: heads for field in FIELDS if (heads := _parted(typed.get(field, ""), APART))}
    medium = Medium.get_or_none((Medium.id == _number(typed.get("media", ""))) & Medium.active)
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
    closed = [word.casefold() for word in _parted(typed.get("selesai", ""), ",")]
    return ImportMapping(name=name, medium=medium, head=columns["story"][0], columns=columns, closed=closed)


def keep_mapping(typed: Mapping[str, str]) -> ImportMapping:
    """Keep what was typed, in place of what was kept under its name. UnfitMapping as `mapped`."""
    mapping = mapped(typed)
    told = {name: getattr(mapping, name) for name in ("medium", "head", "columns", "closed")}
    with database.atomic():
        if not ImportMapping.update(**told).where(ImportMapping.name == mapping.name).execute():
            ImportMapping.create(name=mapping.name, **told)
        kept: ImportMapping = ImportMapping.get(ImportMapping.name == mapping.name)
    return kept


def as_typed(kept: ImportMapping) -> dict[str, str]:
    """What was typed to keep it, by the names of the blanks."""
    columns = {field: APART.join(heads) for field, heads in kept.columns.items()}
    return {**columns, "nama": kept.name, "media": str(kept.medium_id), "selesai": ", ".join(kept.closed)}


def _parted(text: str, by: str) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in visible_text(text).split(by)) if part]


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
