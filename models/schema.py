"""Database schema: tables and triggers from the models, numbered migrations for existing tables."""

import re
import runpy
from collections.abc import Callable
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import ModuleType

import peewee as pw

from models.case import issued_lists  # noqa: F401 - defines a table
from models.complaint import (  # noqa: F401 - define tables
    accesslog,
    accesslog_reserve,
    complaint,
    event,
    number,
    paper,
    repeats,
    returned,
    shelf,
    taken,
)
from models.complaint.search_text import CaseText
from models.email import mail_server, queue  # noqa: F401 - define tables
from models.imports import batches  # noqa: F401 - defines tables
from models.office import calendar, lists, long_work, people, preferences, settings, wording  # noqa: F401 - define tables
from models.reading import category_words, recap_paper  # noqa: F401 - define tables
from models.records.registry import RECORDS
from models.sign_in import factor, factor_rules, password_links, session, sign_in_attempts  # noqa: F401 - define tables
from models.store import backups, installation, keys, master_cache  # noqa: F401 - define tables
from models.store.base import Model, all_models, append_only_tables, engine
from models.store.peewee_patches import statements_that_make
from models.store.seal import ring
from models.workflow.proof import proven_anew

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
First = Callable[[list[str]], object]  # called with the names of pending migrations before they are applied


class SchemaState(Model):
    """Which schema this database was last brought to: one row, by which a start sees that it has nothing to change."""

    in_digest = False

    state = pw.CharField(max_length=64)


def prepare(url: str, folder: Path = FOLDER, *, owner_url: str | None = None, first: First | None = None) -> list[str]:
    """Bring the database's schema up to date: migrations first, then new tables, all triggers, and grants.

    Returns the names of the applied migrations. Each runs in its own transaction; a new database gets its tables from
    the models, and all migrations are marked as applied. `owner_url` is the tables' owner if the panel connects as
    another role. A role that may not change the schema must find it prepared, else ValueError with a sentence. `first`
    is called with the names before any migration changes an existing database. Where all is as it should be, nothing
    is locked and nothing written: panels start while others serve.
    """
    kind = engine(url)
    owner = kind.owner_database(owner_url or url)
    frozen = append_only_tables()
    others = {m._meta.table_name for m in all_models()} - frozen
    with owner.connection_context():
        if not kind.may_build(owner):
            return _refuse_unprepared(owner, kind, folder)
        if _is_prepared(owner, kind, folder) and kind.is_settled(owner, url, frozen, others):
            _refuse_foreign_key(owner)
            return []
        with kind.alone(owner):
            applied = bring_up(owner, kind, folder, first)
            with owner.atomic():
                kind.settle(owner, url, sorted(frozen), sorted(others))
                _write_state(owner, _state(owner, kind, folder))
    return applied


def _is_prepared(owner: pw.Database, kind: ModuleType, folder: Path) -> bool:
    """Whether tables and triggers are there, and this very schema was the last that they were brought to."""
    if not {m._meta.table_name for m in all_models()} <= set(owner.get_tables()) or _lacks_triggers(owner, kind):
        return False
    [stored] = owner.execute_sql('SELECT max("state") FROM "schema_state"').fetchone()
    pending = migration_files(kind, folder).keys() - applied_migrations(owner)
    return not pending and bool(stored == _state(owner, kind, folder))


def _state(owner: pw.Database, kind: ModuleType, folder: Path) -> str:
    """A hash of all that a start would do: the statements for tables, indexes and triggers, the names of migrations,
    and how this kind of database is granted and indexed; and of the triggers as they are, which an older version that
    was started by mistake has made its own."""
    statements = chain.from_iterable(_triggers(kind).values())
    made = [statement for model in all_models() for statement in statements_that_make(owner, model)]
    found = (str(words) for row in owner.execute_sql(kind.TRIGGERS_IN_WORDS) for words in row)
    text = "\n".join([*sorted(migration_files(kind, folder)), *made, *statements, *found])
    return sha256(text.encode() + Path(str(kind.__file__)).read_bytes()).hexdigest()


def _write_state(owner: pw.Database, state: str) -> None:
    owner.execute_sql('DELETE FROM "schema_state"')
    owner.execute_sql(f'INSERT INTO "schema_state" ("id", "state") VALUES (1, {owner.param})', (state,))  # noqa: S608


def _refuse_foreign_key(owner: pw.Database) -> None:
    if not keys.belongs(owner, ring()):
        raise ValueError(keys.FOREIGN)


def bring_up(owner: pw.Database, kind: ModuleType, folder: Path = FOLDER, first: First | None = None) -> list[str]:
    """Migrate, and create missing tables and all triggers, without grants; the names of the applied migrations.

    ValueError with a sentence if the database belongs to another key than this process's.
    """
    applied = _migrate(owner, kind, folder, first)
    with owner.atomic(), owner.bind_ctx(all_models(), bind_refs=False, bind_backrefs=False):
        owner.create_tables(all_models(), safe=True)
        kind.index_texts(owner, CaseText._meta.table_name, ("text", "short"))
        lacking = _lacks_triggers(owner, kind)
        for statement in chain.from_iterable(_triggers(kind).values()):
            owner.execute_sql(statement)
        master_cache.add_token(anew=bool(applied) or lacking)
        keys.claim(owner, ring())
    return applied


def in_use(url: str) -> bool:
    """Whether the database exists and has masters."""
    return _has_row(url, "division")


def has_people(url: str, owner_url: str | None) -> bool:
    """Whether the database has users. Read as the tables' owner, because after a restore the panel's own role gets its
    grants only at the first start."""
    return _has_row(url, "user", owner_url=owner_url)


def is_sealed(url: str, owner_url: str | None) -> bool:
    """Whether the database contains cases or passwords, which depend on the panel's key."""
    return _has_row(url, "case_key", owner_url=owner_url) or _has_row(url, "user", "password_mark", owner_url=owner_url)


def _has_row(url: str, table: str, column: str = "", *, owner_url: str | None = None) -> bool:
    """Whether the table has a row; with `column`, one whose column is not empty. False if either does not exist."""
    kind = engine(url)
    if not kind.exists(url):
        return False
    owner = kind.owner_database(owner_url or url)
    with owner.connection_context():
        if not owner.table_exists(table) or (column and column not in {c.name for c in owner.get_columns(table)}):
            return False
        where = f"""WHERE "{column}" <> ''""" if column else ""
        return bool(owner.execute_sql(f'SELECT 1 FROM "{table}" {where} LIMIT 1').fetchone())  # noqa: S608 - own names


def _refuse_unprepared(owner: pw.Database, kind: ModuleType, folder: Path) -> list[str]:
    present = {m._meta.table_name for m in all_models()} <= set(owner.get_tables())
    is_ready = present and not migration_files(kind, folder).keys() - applied_migrations(owner)
    if not is_ready or _lacks_triggers(owner, kind):
        raise ValueError(
            "Tabel belum siap. Jalankan sekali `flask --app app init` dengan DATABASE_OWNER_URL pemiliknya."
        )
    _refuse_foreign_key(owner)
    return []


def migration_files(kind: ModuleType, folder: Path) -> dict[str, Path]:
    """The migrations by name, in order: 0002_what.sql for both engines, 0002_what.postgresql.sql for one, 0002_what.py
    with `apply(owner)`, or with `apply_with_key(owner, derived)` if it needs a key."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*"))
    return {f.name.split(".")[0]: f for f in files if f.name.split(".")[1] in ("sql", "py", kind.NAME)}


def applied_migrations(owner: pw.Database) -> set[str]:
    """The names of the migrations that have been applied."""
    return {name for (name,) in owner.execute_sql('SELECT "name" FROM "migration"')}


def _migrate(owner: pw.Database, kind: ModuleType, folder: Path, first: First | None) -> list[str]:
    fresh = not owner.table_exists("complaint")
    owner.execute_sql('CREATE TABLE IF NOT EXISTS "migration" ("name" TEXT PRIMARY KEY)')
    done = applied_migrations(owner)
    pending = {name: file for name, file in migration_files(kind, folder).items() if name not in done}
    if first and pending and not fresh:
        first(list(pending))
    return [name for name, file in pending.items() if _apply(owner, kind, name, None if fresh else file)]


def _apply(owner: pw.Database, kind: ModuleType, name: str, file: Path | None) -> bool:
    """Apply one migration and mark it as applied, in one transaction; False if another process did so meanwhile."""
    with owner.atomic():
        if name in applied_migrations(owner):
            return False
        if file is not None:
            with proven_anew(owner, kind, file):
                _run(owner, file)
        if orphans := kind.orphans(owner):
            raise ValueError(f"Migrasi {name} dibatalkan: ada baris tanpa induk di {', '.join(sorted(orphans))}.")
        owner.execute_sql(f'INSERT INTO "migration" ("name") VALUES ({owner.param})', (name,))  # noqa: S608 - its mark
    return True


def _run(owner: pw.Database, file: Path) -> None:
    if file.suffix == ".py":
        migration = runpy.run_path(str(file))
        if "apply_with_key" in migration:
            migration["apply_with_key"](owner, ring().derived)
        else:
            migration["apply"](owner)
        return
    for statement in re.split(r";\s*\n", file.read_text(encoding="utf-8")):
        if re.sub(r"--.*", "", statement).strip():
            owner.execute_sql(statement)


def _lacks_triggers(on: pw.Database, kind: ModuleType) -> bool:
    """Whether a table lost a trigger, as one that was restored by hand."""
    return bool(_triggers(kind).keys() - set(on.execute_sql(kind.TRIGGERS)))


def _triggers(kind: ModuleType) -> dict[tuple[str, str], list[str]]:
    """The statements that make each trigger, by its table and name."""
    made: dict[tuple[str, str], list[str]] = {}
    for model in all_models():
        table = model._meta.table_name
        for act, when, sentence in guards(model):
            name = f"guard_{table}_{act.lower()}"
            made[table, name] = kind.trigger(name, table, act, when, sentence)
        if model.cached:
            made |= {(table, name): statements for name, statements in kind.renewal(table).items()}
    return {key: statements for key, statements in made.items() if statements}


def guards(model: type[Model]) -> list[tuple[str, str, str]]:
    """(operation, condition, sentence) that a model's triggers refuse: every change of append-only tables; every change
    of a final record except its recall."""
    if model.append_only:
        return [(act, "", "Catatan ini tidak dapat diubah") for act in ("UPDATE", "DELETE", "TRUNCATE")]
    if model in RECORDS.values():
        final, sentence = 'OLD."draft" = FALSE', "Catatan ini sudah final"
        names = [f.column_name for f in model._meta.sorted_fields if f.name != "recalled"]
        same = [f'OLD."{name}" IS NOT DISTINCT FROM NEW."{name}"' for name in names]
        only_recalled = " AND ".join(['OLD."recalled" = FALSE AND NEW."recalled" = TRUE', *same])
        return [
            ("UPDATE", f"{final} AND NOT ({only_recalled})", sentence),
            ("DELETE", final, sentence),
            ("TRUNCATE", "", sentence),
        ]
    return []
