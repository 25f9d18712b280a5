"""Tables and triggers made from the models; numbered SQL for tables that exist. Works on a connection of its own."""

import re
from pathlib import Path

import peewee as pw

from models import calendar, complaint, event, number, paper, people, settings  # noqa: F401 - defines the tables
from models.base import PRAGMAS, Model, all_models, sqlite_path
from models.records import RECORDS
from models.records.base import Record

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def prepare(url: str, folder: Path = FOLDER) -> list[str]:
    """Bring the database at `url` to the present: numbered SQL first, then new tables and all triggers.

    Returns the names of the migrations applied. Each runs in a transaction of its own; a fresh database gets its
    tables from the models and takes all numbered SQL as done.
    """
    pragmas = {**PRAGMAS, "foreign_keys": 0}  # else a table that others refer to could not be rebuilt
    owner = pw.SqliteDatabase(sqlite_path(url), pragmas=pragmas, timeout=10, lock_type="IMMEDIATE")
    with owner.connection_context():
        fresh = not owner.table_exists("complaint")
        applied = _migrate(owner, folder, fresh)
        with owner.atomic(), owner.bind_ctx(all_models(), bind_refs=False, bind_backrefs=False):
            owner.create_tables(all_models(), safe=True)
            _triggers(owner)
    return applied


def in_use(url: str) -> bool:
    """Whether the database at `url` exists and has its masters: an empty one is nobody's yet."""
    path = Path(sqlite_path(url))
    if not path.exists():
        return False
    looked = pw.SqliteDatabase(path, timeout=10)
    with looked.connection_context():
        return looked.table_exists("division") and bool(looked.execute_sql("SELECT 1 FROM division").fetchone())


def _migrate(owner: pw.Database, folder: Path, fresh: bool) -> list[str]:
    owner.execute_sql('CREATE TABLE IF NOT EXISTS "migration" ("name" TEXT PRIMARY KEY)')
    done = {name for (name,) in owner.execute_sql('SELECT "name" FROM "migration"')}
    applied = []
    for file in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        if file.stem not in done:
            _apply(owner, file, fresh)
            applied.append(file.stem)
    return applied


def _apply(owner: pw.Database, file: Path, fresh: bool) -> None:
    statements = [] if fresh else re.split(r";\s*\n", file.read_text(encoding="utf-8"))
    with owner.atomic():
        for statement in statements:
            if re.sub(r"--.*", "", statement).strip():
                owner.execute_sql(statement)
        if orphans := {row[0] for row in owner.execute_sql("PRAGMA foreign_key_check")}:
            raise ValueError(f"Migrasi {file.stem} dibatalkan: ada baris tanpa induk di {', '.join(sorted(orphans))}.")
        owner.execute_sql('INSERT INTO "migration" ("name") VALUES (?)', (file.stem,))


def _triggers(owner: pw.Database) -> None:
    for model in all_models():
        for name, sql in guards(model):
            owner.execute_sql(f'DROP TRIGGER IF EXISTS "{name}"')
            owner.execute_sql(sql)


def guards(model: type[Model]) -> list[tuple[str, str]]:
    """The triggers of a model: append-only tables refuse every change; a record that is no draft refuses all but its
    recall."""
    table = model._meta.table_name
    if model.append_only:
        return [_trigger(table, act, "", "Catatan ini tidak dapat diubah") for act in ("UPDATE", "DELETE")]
    if model in RECORDS.values():
        return [
            _trigger(table, "UPDATE", f'OLD."draft" = 0 AND NOT ({_only_recalled(model)})', "Catatan ini sudah final"),
            _trigger(table, "DELETE", 'OLD."draft" = 0', "Catatan ini sudah final"),
        ]
    return []


def _trigger(table: str, act: str, when: str, sentence: str) -> tuple[str, str]:
    name, condition = f"guard_{table}_{act.lower()}", f"WHEN {when} " if when else ""
    return (
        name,
        f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" {condition}BEGIN SELECT RAISE(ABORT, \'{sentence}\'); END',
    )


def _only_recalled(model: type[Record]) -> str:
    same = [
        f'OLD."{f.column_name}" IS NEW."{f.column_name}"' for f in model._meta.sorted_fields if f.name != "recalled"
    ]
    return " AND ".join(['OLD."recalled" = 0 AND NEW."recalled" = 1', *same])
