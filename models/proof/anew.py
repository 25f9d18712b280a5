"""A migration that changes rows of proof proves them anew, in its own transaction; what was false before stays false.

Its file says of which tables: a line `-- proves anew: person, paper`, in Python `# proves anew: …`. Each row is hashed
as it lies before and after, in the columns that there are by then, and what differs is told as an act tells it,
"before>after". `verify` holds the former hash against what the chain said last, so that whatever somebody has done
behind the panel's back is named after the migration as it was before.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import peewee as pw

from models.proof.spans import proving_models
from models.store.base import Model, database
from models.store.rows import rows_in_shape, shape_with
from models.tables.event import append_proof, head_of_history
from models.tables.proof import MIGRATION, TURNED, Hashes

SAID = re.compile(r"^(?:--|#) proves anew: (.+)$", re.MULTILINE)
STRANGE = "Migrasi {name} menyebut tabel yang bukan bukti: {tables}."
ITSELF = "migration"  # under this table, by its number, an entry says which migration it was
TEXTS = ("TEXT", "CHAR", "VARCHAR")  # how the names of types of text begin

RowHashes = dict[int, tuple[int | None, str]]  # by key: the case and the hash


def tables_proven_anew(file: Path) -> list[type[Model]]:
    """The tables that a migration says it changes the rows of. ValueError in a sentence for one that proves nothing."""
    said = SAID.search(file.read_text(encoding="utf-8"))
    names = [name.strip() for name in said[1].split(",")] if said else []
    known = {model._meta.table_name: model for model in proving_models()}
    if strange := [name for name in names if name not in known]:
        raise ValueError(STRANGE.format(name=file.name, tables=", ".join(strange)))
    return [known[name] for name in names]


@contextmanager
def proven_anew(owner: pw.Database, kind: ModuleType, file: Path) -> Iterator[None]:
    """Around the migration's own work, inside its transaction."""
    models = tables_proven_anew(file)
    if not models or not _has_proofs(owner):
        yield
        return
    with _at_work_on(owner):
        before = {model: _hashes(owner, kind, model) for model in models}
        yield
        number, _, _ = file.name.partition("_")
        hashes: dict[int | None, Hashes] = {None: {ITSELF: {str(int(number)): file.name.split(".")[0]}}}
        for model in models:
            _tell(hashes, model._meta.table_name, before[model], _hashes(owner, kind, model))
        append_proof(head_of_history(), MIGRATION, hashes)


def _has_proofs(owner: pw.Database) -> bool:
    """Whether anything has been proven yet: else all is, once, at the start that follows."""
    if "proven" not in {column.name for column in owner.get_columns("chain")}:
        return False
    return bool((owner.execute_sql('SELECT max("proven") FROM "chain"').fetchone() or [0])[0])


@contextmanager
def _at_work_on(owner: pw.Database) -> Iterator[None]:
    """The models bound to the owner's connection, on which the migration runs."""
    usual = database.obj
    database.initialize(owner)
    try:
        yield
    finally:
        database.initialize(usual)


def _hashes(owner: pw.Database, kind: ModuleType, model: type[Model]) -> RowHashes:
    shape = shape_with(model, columns_there(owner, kind, model._meta.table_name))
    return {key: (case, hashed) for case, key, hashed in rows_in_shape(shape, "TRUE")}


def columns_there(owner: pw.Database, kind: ModuleType, table: str) -> dict[str, Any]:
    """The columns that there are by now, each with what says nothing in it."""
    rows = [row for row in owner.execute_sql(kind.COLUMNS) if row[0] == table]
    return {name: _silent(kind.type_word(declared), required=bool(required)) for _, name, declared, required in rows}


def _silent(type_word: str, *, required: bool) -> Any:
    if not required:
        return None
    return "" if type_word.upper().startswith(TEXTS) else 0


def _tell(hashes: dict[int | None, Hashes], table: str, before: RowHashes, after: RowHashes) -> None:
    for key in sorted({*before, *after}):
        (old_case, was), (case, now) = before.get(key, (None, "")), after.get(key, (None, ""))
        if was and now and old_case != case:  # the row went to another case
            hashes.setdefault(old_case, {}).setdefault(table, {})[str(key)] = was + TURNED
            was = ""
        if was != now:
            of_case = case if now else old_case
            hashes.setdefault(of_case, {}).setdefault(table, {})[str(key)] = f"{was}{TURNED}{now}" if was else now
