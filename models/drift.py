"""Schema drift: compares the database's columns with the models' at each start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import peewee as pw

from models.schema import FOLDER, applied_migrations, migration_files
from models.store.base import Model, all_models, engine

LACKING = "kolom {column} pada tabel {table} belum ada"
UNKNOWN = "kolom {column} pada tabel {table} tidak dikenal panel"
OTHER = "kolom {column} pada tabel {table} berjenis {found}, seharusnya {wanted}"
LOOSE = "kolom {column} pada tabel {table} boleh kosong, seharusnya wajib diisi"
STRICT = "kolom {column} pada tabel {table} wajib diisi, seharusnya boleh kosong"
SENTENCE = "Basis data tidak cocok dengan panel: {drifts}. {way}"
MISSING = "Migrasinya belum ada; tambahkan sebagai {number:04}_<nama>.sql di folder migrations."
NEWER = "Basis data ini sudah diubah oleh versi yang lebih baru ({names}); jalankan versi itu."


@dataclass(frozen=True)
class Column:
    """A column for comparison: its type, and whether it is NOT NULL."""

    type: str
    required: bool


Columns = dict[str, dict[str, Column]]  # by table, then by column name


def refuse_drift(url: str, folder: Path = FOLDER) -> None:
    """ValueError with a sentence if a model's table has other columns than its model; reads no rows.

    `folder` is that of the migrations. Not compared: tables without a model, such as those of a full-text index,
    partitions, indexes, and generated columns.
    """
    kind = engine(url)
    owner = kind.owner_database(url)
    with owner.connection_context():
        drifts = list(drifts_of(wanted_columns(owner, kind, all_models()), found_columns(owner, kind)))
        if drifts:
            cure = _cure(owner, migration_files(kind, folder))
            raise ValueError(SENTENCE.format(drifts="; ".join(drifts), way=cure))


def wanted_columns(on: pw.Database, kind: ModuleType, models: Iterable[type[Model]]) -> Columns:
    """The columns according to the models."""
    context = on.get_sql_context()
    return {
        model._meta.table_name: {
            field.column_name: Column(kind.type_word(field.ddl_datatype(context).sql), not field.null)
            for field in model._meta.sorted_fields
        }
        for model in models
    }


def found_columns(on: pw.Database, kind: ModuleType) -> Columns:
    """The columns of all tables in the database."""
    columns: Columns = {}
    for table, name, declared, required in on.execute_sql(kind.COLUMNS):
        columns.setdefault(table, {})[name] = Column(kind.type_word(declared), bool(required))
    return columns


def drifts_of(wanted: Columns, found: Columns) -> Iterator[str]:
    """Each difference as a clause of a sentence."""
    for table, columns in ((name, columns) for name, columns in wanted.items() if name in found):
        there = found[table]
        for name in [*columns, *(name for name in there if name not in columns)]:
            clause = _difference(columns.get(name), there.get(name))
            if clause:
                types = {"found": _type(there.get(name)), "wanted": _type(columns.get(name))}
                yield clause.format(table=table, column=name, **types)


def _difference(wanted: Column | None, there: Column | None) -> str:
    if wanted is None or there is None:
        return UNKNOWN if wanted is None else LACKING
    if wanted.type != there.type:
        return OTHER
    if wanted.required != there.required:
        return LOOSE if wanted.required else STRICT
    return ""


def _type(column: Column | None) -> str:
    return column.type if column else ""


def _cure(on: pw.Database, migrations: Iterable[str]) -> str:
    """The sentence on what to do: add the missing migration, or run the newer version if the database is ahead."""
    if ahead := sorted(applied_migrations(on) - set(migrations)):
        return NEWER.format(names=", ".join(ahead))
    return MISSING.format(number=int(max(migrations, default="0")[:4]) + 1)
