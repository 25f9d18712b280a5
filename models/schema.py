"""Tables and triggers made from the models; numbered migrations for tables that exist, on a connection of its own."""

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import peewee as pw

from models.complaint import accesslog, complaint, event, number, paper, repeats, reserve  # noqa: F401 - define tables
from models.complaint.search_text import CaseText
from models.imports import batches  # noqa: F401 - defines tables
from models.letters import mail_server, queue  # noqa: F401 - define tables
from models.office import calendar, lists, people, preferences, settings, wording  # noqa: F401 - define tables
from models.reading import recap_paper  # noqa: F401 - defines a table
from models.records.base import Record
from models.records.registry import RECORDS
from models.sign_in import factor, factor_rules, password_links, session, tries  # noqa: F401 - define tables
from models.store import backups, installation  # noqa: F401 - define tables
from models.store.base import Model, all_models, append_only_tables, engine
from models.store.seal import ring
from models.workflow.proof import proven_anew

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
First = Callable[[list[str]], object]  # what is done before these migrations change anything


def prepare(url: str, folder: Path = FOLDER, *, owner_url: str | None = None, first: First | None = None) -> list[str]:
    """Bring the database at `url` to the present: numbered migrations first, then new tables, all triggers, and rights.

    Returns the names of the migrations applied. Each runs in a transaction of its own; a fresh database gets its
    tables from the models and takes all migrations as done. `owner_url` names the tables' owner where that is not
    who the panel signs in as; a role that owns nothing finds everything prepared. ValueError in a sentence if not.
    `first` is called with the names before any of them changes a database that exists.
    """
    kind = engine(url)
    owner = kind.owner_database(owner_url or url)
    with owner.connection_context(), kind.alone(owner):
        if not kind.may_build(owner):
            return _found_ready(owner, kind, folder)
        applied = bring_up(owner, kind, folder, first)
        with owner.atomic():
            frozen = append_only_tables()
            kind.settle(owner, url, sorted(frozen), sorted({m._meta.table_name for m in all_models()} - frozen))
    return applied


def bring_up(owner: pw.Database, kind: ModuleType, folder: Path = FOLDER, first: First | None = None) -> list[str]:
    """Tables and triggers as of today, whoever may work on them; the names of the migrations applied."""
    applied = _migrate(owner, kind, folder, first)
    with owner.atomic(), owner.bind_ctx(all_models(), bind_refs=False, bind_backrefs=False):
        owner.create_tables(all_models(), safe=True)
        kind.index_texts(owner, CaseText._meta.table_name, ("text", "short"))
        for statement in _triggers(kind):
            owner.execute_sql(statement)
    return applied


def in_use(url: str) -> bool:
    """Whether the database at `url` exists and has its masters: an empty one is nobody's yet."""
    return _has_row(url, "division")


def has_people(url: str, owner_url: str | None) -> bool:
    """Whether anybody may sign in at the database at `url`: from then on it is somebody's. Its tables' owner is asked,
    where there is one: what was just brought back gives the panel's own role its rights at the first start only."""
    return _has_row(url, "user", owner_url=owner_url)


def is_sealed(url: str, owner_url: str | None) -> bool:
    """Whether the database at `url` holds cases or passwords: one key alone opens them, that of seals and marks."""
    return _has_row(url, "case_key", owner_url=owner_url) or _has_row(url, "user", "password_mark", owner_url=owner_url)


def _has_row(url: str, table: str, column: str = "", *, owner_url: str | None = None) -> bool:
    """Whether the table has a row, of which this column says something."""
    kind = engine(url)
    if not kind.exists(url):
        return False
    looked = kind.owner_database(owner_url or url)
    with looked.connection_context():
        if not looked.table_exists(table) or (column and column not in {c.name for c in looked.get_columns(table)}):
            return False
        said = f"""WHERE "{column}" <> ''""" if column else ""
        return bool(looked.execute_sql(f'SELECT 1 FROM "{table}" {said} LIMIT 1').fetchone())  # noqa: S608 - own names


def _found_ready(owner: pw.Database, kind: ModuleType, folder: Path) -> list[str]:
    present = {m._meta.table_name for m in all_models()} <= set(owner.get_tables())
    if not present or migration_files(kind, folder).keys() - applied_migrations(owner):
        raise ValueError(
            "Tabel belum siap. Jalankan sekali `flask --app app init` dengan DATABASE_OWNER_URL pemiliknya."
        )
    return []


def migration_files(kind: ModuleType, folder: Path) -> dict[str, Path]:
    """The migrations by name, in order: 0002_what.sql is for both, 0002_what.postgresql.sql for one kind alone, and
    0002_what.py does in its `apply(owner)` what SQL cannot, or in `apply_with_key(owner, derived)` what takes a key."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*"))
    return {f.name.split(".")[0]: f for f in files if f.name.split(".")[1] in ("sql", "py", kind.NAME)}


def applied_migrations(owner: pw.Database) -> set[str]:
    """The names of the migrations that have been applied."""
    return {name for (name,) in owner.execute_sql('SELECT "name" FROM "migration"')}


def _migrate(owner: pw.Database, kind: ModuleType, folder: Path, first: First | None) -> list[str]:
    fresh = not owner.table_exists("complaint")
    owner.execute_sql('CREATE TABLE IF NOT EXISTS "migration" ("name" TEXT PRIMARY KEY)')
    done = applied_migrations(owner)
    waiting = {name: file for name, file in migration_files(kind, folder).items() if name not in done}
    if first and waiting and not fresh:
        first(list(waiting))
    return [name for name, file in waiting.items() if _is_applied(owner, kind, name, None if fresh else file)]


def _is_applied(owner: pw.Database, kind: ModuleType, name: str, file: Path | None) -> bool:
    """Apply one and set its mark, both or neither; False if somebody else has done so meanwhile."""
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


def _triggers(kind: ModuleType) -> Iterator[str]:
    for model in all_models():
        for act, when, sentence in guards(model):
            table = model._meta.table_name
            yield from kind.trigger(f"guard_{table}_{act.lower()}", table, act, when, sentence)


def guards(model: type[Model]) -> list[tuple[str, str, str]]:
    """What a model's triggers refuse, when, with which sentence: append-only tables refuse every change; a record that
    is no draft refuses all but its recall."""
    if model.append_only:
        return [(act, "", "Catatan ini tidak dapat diubah") for act in ("UPDATE", "DELETE", "TRUNCATE")]
    if model in RECORDS.values():
        final, sentence = 'OLD."draft" = FALSE', "Catatan ini sudah final"
        return [
            ("UPDATE", f"{final} AND NOT ({_only_recalled(model)})", sentence),
            ("DELETE", final, sentence),
            ("TRUNCATE", "", sentence),
        ]
    return []


def _only_recalled(model: type[Record]) -> str:
    names = [f.column_name for f in model._meta.sorted_fields if f.name != "recalled"]
    same = [f'OLD."{name}" IS NOT DISTINCT FROM NEW."{name}"' for name in names]
    return " AND ".join(['OLD."recalled" = FALSE AND NEW."recalled" = TRUE', *same])
