"""Whatever is done behind the panel's back to a row that counts as proof is found, and the row is named."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models import schema
from models.complaint.event import stored_heads
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.store.base import Model, database
from models.store.rowhash import shape_of
from models.workflow.proof import broken_rows, proving_models
from papers.printing import press
from tests import postgres
from tests.corpus.kept import pour
from tests.corpus.table import worked as every_act
from tests.models.behind import Marked, another, unguarded
from tests.office import copied, dropped, empty, opened, owner_url_of, url_of

FAR = 1_000_000  # a key that no row has


@pytest.fixture(scope="module")
def history(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An office that has been through every act, a paper of it printed; on PostgreSQL the same rows."""
    path = every_act(tmp_path_factory.mktemp("acts"))
    with opened(path):
        press.print_paper(Paper.select().first().id)
    if engine == "sqlite":
        yield path
        return
    poured = empty(tmp_path_factory.mktemp("poured"), engine)
    schema.prepare(url_of(poured), owner_url=owner_url_of(poured))
    with unguarded(poured) as raw:
        for filled in ("migration", "master_token", "panel_key", "schema_state"):
            raw.execute(f"DELETE FROM {filled}")
    pour(path, poured)
    yield poured
    dropped(poured)


@pytest.fixture
def behind(history: Path, engine: str, tmp_path: Path) -> Iterator[Any]:
    """That office opened by hand, without triggers, references and unique indexes; `broken_rows` reads through it."""
    path = copied(history, tmp_path)
    plain: pw.Database = pw.SqliteDatabase(str(path))
    if engine != "sqlite":
        name = path.read_text().splitlines()[2]
        plain = pw.PostgresqlDatabase(postgres.server().url(name, "postgres"), prefer_psycopg3=True)
    database.initialize(plain)
    plain.connect()
    raw = plain.connection()
    asked = "SELECT indexname FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%' AND indexname NOT LIKE '%_pkey'"
    if engine == "sqlite":
        for (trigger,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        asked = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'"
    else:
        raw = Marked(raw)
        raw.execute("SET session_replication_role = replica")
        asked += " AND schemaname = 'public'"
    for (index,) in raw.execute(asked).fetchall():
        raw.execute(f'DROP INDEX "{index}"')
    yield raw
    plain.close()
    dropped(path)


def tables() -> list[type[Model]]:
    """Those with final rows; the first rows of the office have no event before they are edited."""
    return [model for model in proving_models() if model.all_proven and keys(model)]


def keys(model: type[Model]) -> list[int]:
    shape = shape_of(model)
    return sorted(row[-1] for row in database.execute_sql(shape.select).fetchall())


def change(raw: Any, chance: random.Random, model: type[Model], key: int) -> tuple[str, int]:
    """One column of a row says something else."""
    name = model._meta.primary_key.column_name
    fields = [f for f in model._meta.sorted_fields if f.name not in model.unproven and not f.primary_key]
    field = chance.choice(fields)
    table, column = model._meta.table_name, field.column_name
    (value,) = raw.execute(f'SELECT "{column}" FROM "{table}" WHERE "{name}" = ?', (key,)).fetchone()
    raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{name}" = ?', (another(value, field), key))
    return f"{column} of {key}", key


def remove(raw: Any, chance: random.Random, model: type[Model], key: int) -> tuple[str, int]:
    raw.execute(f'DELETE FROM "{model._meta.table_name}" WHERE "{model._meta.primary_key.column_name}" = ?', (key,))
    return f"removed {key}", key


def insert(raw: Any, chance: random.Random, model: type[Model], key: int) -> tuple[str, int]:
    """A row like another one but for its key."""
    name, table = model._meta.primary_key.column_name, model._meta.table_name
    columns = [f.column_name for f in model._meta.sorted_fields if f.column_name != name]
    listed = ", ".join(f'"{column}"' for column in columns)
    raw.execute(
        f'INSERT INTO "{table}" ("{name}", {listed}) SELECT {FAR}, {listed} FROM "{table}" WHERE "{name}" = ?', (key,)
    )
    return f"inserted {FAR} like {key}", FAR


WAYS = [change] * 4 + [remove, insert]


def test_the_rows_of_every_act_are_whole_and_none_is_left_out(behind: Any) -> None:
    assert stored_heads()[0][5] > 0
    assert list(broken_rows()) == []
    assert {model.proves() for model in tables()} >= {record.title for record in RECORDS.values()}


@pytest.mark.parametrize("tampers", [120, 1_500])
@pytest.mark.nightly(tampers=[1_500])
def test_every_tamper_with_a_row_is_found_and_named(behind: Any, tampers: int) -> None:
    chance, missed, there = random.Random(12), [], tables()
    for number in range(tampers):
        model = there[number % len(there)]
        with database.atomic() as transaction:
            edit, key = chance.choice(WAYS)(behind, chance, model, chance.choice(keys(model)))
            sentences = list(broken_rows())
            transaction.rollback()
        if not any(f"Baris nomor {key} pada tabel {model.proves()}" in sentence for sentence in sentences):
            missed.append((model.__name__, edit, sentences[:3]))
    assert missed == []
    assert list(broken_rows()) == []


def test_the_content_of_a_paper_is_compared_with_its_hash(behind: Any) -> None:
    [paper] = Paper.select().limit(1)
    behind.execute("UPDATE paper SET content = ? WHERE id = ?", (b"x" + bytes(paper.content), paper.id))
    assert f"Baris nomor {paper.id} pada tabel Dokumen" in " ".join(broken_rows())
