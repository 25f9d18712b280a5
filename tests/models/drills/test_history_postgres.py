"""On PostgreSQL the history cannot be rewritten through the panel; what changes behind its back is found and named."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models.complaint import event
from models.complaint.event import Event
from models.complaint.paper import Paper, content_of
from models.records.registry import RECORDS
from models.store.base import all_models, database
from models.store.seal import BrokenSeal
from sop.vocabulary import CLOSED
from tests import postgres
from tests.models.behind import Marked, cut, insert, missed, remove, renumber, schema
from tests.models.drills.test_history import APPEND_ONLY, TABLES, TAMPERS, with_a_row
from tests.office import Office, copied, opened

pytestmark = pytest.mark.only("postgresql")


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    tables = [m._meta.table_name for m in all_models()]
    return {t: sorted(database.execute_sql(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}


def rights() -> list[tuple[Any, ...]]:
    """Who may do what, which triggers are on, which functions they call."""
    asked = """SELECT relname::text, relacl::text, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
               UNION SELECT tgname::text, tgenabled::text, tgfoid FROM pg_trigger
               UNION SELECT proname::text, prosrc, proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
    return sorted(database.execute_sql(asked).fetchall(), key=repr)


@pytest.fixture(scope="module")
def worked(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which a case is finished and another one on its way, and every append-only table has rows."""
    path = copied(template, tmp_path_factory.mktemp("worked"))
    with opened(path):
        office = Office.at_work(path)
        done, under_way = office.receive(2)
        office.bring([done], CLOSED)
        office.bring([under_way], "approve")
        for model in APPEND_ONLY:
            with_a_row(office, model)
        yield office


def attacks(table: str) -> Iterator[str]:
    """Statements that would rewrite, empty, replace or unguard a table."""
    model = next(m for m in all_models() if m._meta.table_name == table)
    names = [f.column_name for f in model._meta.sorted_fields]
    key, other = model._meta.primary_key.column_name, names[-1]
    yield f'UPDATE "{table}" SET "{other}" = "{other}"'
    yield f'UPDATE "{table}" AS t SET "{other}" = s."{other}" FROM "{table}" AS s WHERE t."{key}" <> s."{key}"'
    yield f'UPDATE "{table}" SET "{key}" = "{key}" + 1000'
    yield f'WITH v AS (UPDATE "{table}" SET "{other}" = "{other}" RETURNING 1) SELECT * FROM v'
    yield f'DELETE FROM "{table}"'
    yield f'DELETE FROM "{table}" AS t USING "{table}" AS s WHERE t."{key}" = s."{key}" RETURNING t.*'
    yield f'WITH v AS (DELETE FROM "{table}" RETURNING 1) SELECT * FROM v'
    upsert = f'ON CONFLICT ("{key}") DO UPDATE SET "{other}" = excluded."{other}"'
    yield f'INSERT INTO "{table}" SELECT * FROM "{table}" {upsert}'
    yield f'MERGE INTO "{table}" t USING "{table}" s ON t."{key}" = s."{key}" WHEN MATCHED THEN DELETE'
    yield f'MERGE INTO "{table}" t USING "{table}" s ON true WHEN MATCHED THEN UPDATE SET "{other}" = s."{other}"'
    yield f'TRUNCATE "{table}"'
    yield f'TRUNCATE "{table}" CASCADE'
    yield f'SELECT * FROM "{table}" FOR UPDATE'
    yield f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE'
    yield f'DROP TRIGGER "guard_{table}_update" ON "{table}"'
    yield f'DROP TRIGGER IF EXISTS "guard_{table}_truncate" ON "{table}" CASCADE'
    yield f'ALTER TABLE "{table}" DISABLE TRIGGER ALL'
    yield f'ALTER TABLE "{table}" DISABLE TRIGGER "guard_{table}_delete"'
    yield f'ALTER TRIGGER "guard_{table}_update" ON "{table}" RENAME TO "gone"'
    yield f'DROP TABLE "{table}" CASCADE'
    yield f'ALTER TABLE "{table}" RENAME TO "gone"'
    yield f'ALTER TABLE "{table}" RENAME COLUMN "{other}" TO "gone"'
    yield f'ALTER TABLE "{table}" DROP COLUMN "{other}"'
    yield f'ALTER TABLE "{table}" ADD COLUMN "more" TEXT'
    yield f'ALTER TABLE "{table}" OWNER TO CURRENT_USER'
    yield f'ALTER TABLE "{table}" SET SCHEMA pg_temp'
    yield f'CREATE TRIGGER "mine" BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    yield f'CREATE RULE "mine" AS ON INSERT TO "{table}" DO INSTEAD NOTHING'
    yield f'CREATE INDEX "mine" ON "{table}" ("{other}")'
    yield f'CREATE VIEW "mine" AS SELECT * FROM "{table}"'
    yield f'CREATE TABLE "copy" AS SELECT * FROM "{table}"'
    yield f'CREATE TEMP TABLE "{table}" AS SELECT * FROM "{table}"'
    yield f'GRANT ALL ON "{table}" TO PUBLIC WITH GRANT OPTION'
    yield f"COMMENT ON TABLE \"{table}\" IS 'x'"


ANYWHERE = [
    f"SET ROLE {postgres.OWNER}",
    f"SET SESSION AUTHORIZATION {postgres.OWNER}",
    "SET ROLE postgres",
    "SET session_replication_role = replica",
    "SET LOCAL session_replication_role = replica",
    f"GRANT {postgres.OWNER} TO {postgres.PANEL}",
    f"ALTER ROLE {postgres.PANEL} SUPERUSER",
    "CREATE ROLE mine",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION refuse_change() RENAME TO gone",
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE TABLE mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE EXTENSION pg_trgm",
    "DROP SCHEMA public CASCADE",
    "SELECT setval('event_id_seq', 1)",
    "ALTER SEQUENCE event_id_seq RESTART",
    "COPY event TO '/dev/null'",
    "COPY event TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_reload_conf()",
    "INSERT INTO migration VALUES ('0099_mine')",
    "DELETE FROM migration",
    "REASSIGN OWNED BY CURRENT_USER TO postgres",
    "DO $$ BEGIN UPDATE event SET who = 'x'; END $$",
    "DO $$ BEGIN EXECUTE 'TRUNCATE paper CASCADE'; END $$",
    "PREPARE mine AS DELETE FROM event",
]


def succeeded(statements: list[str]) -> list[str]:
    """Which of the statements were let through; each in a transaction that would be committed."""
    through = []
    for sql in statements:
        if sql.startswith("PREPARE"):
            sql += "; EXECUTE mine"
        try:
            with database.atomic():
                database.execute_sql(sql)
        except pw.DatabaseError:
            continue
        through.append(sql)
    return through


@pytest.mark.parametrize("table", TABLES)
def test_nothing_rewrites_an_append_only_table(worked, table):
    before, shape, allowed, digest = all_rows(), schema(worked.path), rights(), worked.digest()
    assert before[table]
    assert succeeded(list(attacks(table))) == []
    assert (all_rows(), schema(worked.path), rights(), worked.digest()) == (before, shape, allowed, digest)
    assert event.verify()[1] == ""


def test_the_connection_cannot_be_unguarded(worked):
    before, shape, allowed = all_rows(), schema(worked.path), rights()
    assert succeeded(ANYWHERE) == []
    assert (all_rows(), schema(worked.path), rights()) == (before, shape, allowed)


def test_the_owner_too_is_stopped_by_the_triggers(worked):
    name = worked.path.read_text().splitlines()[2]
    with postgres.server().boss(name, postgres.OWNER) as owner:
        for table in TABLES:
            for act in (
                f'UPDATE "{table}" SET "{column_of(table)}" = "{column_of(table)}"',
                f'DELETE FROM "{table}"',
                f'TRUNCATE "{table}" CASCADE',
            ):
                with pytest.raises(Exception, match=r"tidak dapat diubah|final"):
                    owner.execute(act)


def column_of(table: str) -> str:
    return next(m for m in all_models() if m._meta.table_name == table)._meta.sorted_fields[-1].column_name


@pytest.mark.parametrize(
    "model", [m for m in RECORDS.values() if m.key in ("assessment", "nota_dinas", "disposition")], ids=lambda m: m.key
)
def test_a_final_record_takes_nothing_but_its_recall(worked, model):
    table, [one] = model._meta.table_name, model.select(model.id).where(~model.draft).limit(1)
    names = [f.column_name for f in model._meta.sorted_fields if f.name not in ("recalled", "draft")]
    changes = [
        f'UPDATE "{table}" SET "{name}" = left("{name}", 1) || \'x\' WHERE id = {one.id}' for name in texts(table)
    ]
    changes += [
        f'UPDATE "{table}" SET "recalled" = true, "{name}" = "{name}" + 1 WHERE id = {one.id}'
        for name in names
        if name in ("round", "leg", "revision", "complaint_id", "made_by_id")
    ]
    changes += [
        f'UPDATE "{table}" SET "draft" = true WHERE id = {one.id}',
        f'DELETE FROM "{table}" WHERE id = {one.id}',
        f'UPDATE "{table}" SET "made_at" = "made_at" + interval \'1 s\' WHERE id = {one.id}',
        f'TRUNCATE "{table}"',
        f'UPDATE "{table}" SET "recalled" = NULL WHERE id = {one.id}',
    ]
    before = all_rows()[table]
    assert succeeded(changes) == []
    assert all_rows()[table] == before
    recall = f'UPDATE "{table}" SET "recalled" = {{}} WHERE id = {one.id}'
    assert succeeded([recall.format("true")])
    assert succeeded([recall.format("false")]) == []


def texts(table: str) -> list[str]:
    asked = """SELECT column_name FROM information_schema.columns
               WHERE table_name = %s AND data_type IN ('text', 'character varying')"""
    return [name for (name,) in database.execute_sql(asked, (table,))]


# Behind the panel's back: a connection that no trigger stops.


@pytest.fixture(scope="module")
def history(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with eighteen finished cases; no process has it open."""
    path = copied(template, tmp_path_factory.mktemp("history"))
    with opened(path):
        office = Office.at_work(path)
        for _ in range(6):
            office.bring(office.receive(3), CLOSED)
    return path


@pytest.fixture
def behind(history: Path, tmp_path: Path) -> Iterator[Marked]:
    """That history as the server's superuser has it, without triggers; `event.verify` reads through this connection."""
    name = copied(history, tmp_path).read_text().splitlines()[2]
    plain = pw.PostgresqlDatabase(postgres.server().url(name, "postgres"), prefer_psycopg3=True)
    database.initialize(plain)
    plain.connect()
    raw = Marked(plain.connection())
    raw.execute("SET session_replication_role = replica")
    yield raw
    plain.close()


COLUMNS = {f.column_name: f for f in Event._meta.sorted_fields}


def other(value: Any, field: pw.Field, chance: random.Random) -> Any:
    """A value that is not that one and that the column takes."""
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        flipped = value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]
        kinds: list[Any] = [flipped, value[:-1], value + b"\0", chance.randbytes(len(value)), b""]
    elif isinstance(value, datetime):
        kinds = [value + timedelta(microseconds=1), value - timedelta(days=chance.randint(1, 900))]
    elif isinstance(value, int):
        kinds = [value + chance.randint(1, 9), -value - 1]
    elif isinstance(value, str):
        most = getattr(field, "max_length", None) or 10_000
        kinds = [
            (value + " ")[:most] if len(value) < most else "",
            (value[:-1] or "x"),
            value.swapcase()[: most - 1] + "0",
        ]
    else:
        kinds = [b"x" if isinstance(field, pw.BlobField) else 1]
    nothing = [None] if field.null and value is not None else []
    return chance.choice([kind for kind in kinds + nothing if kind != value])


def change(raw: Marked, chance: random.Random, last: int) -> tuple[str, int]:
    """One column of one entry gets another value."""
    number, name = chance.randint(1, last), chance.choice([c for c in COLUMNS if c != "id"])
    (value,) = raw.execute(f'SELECT "{name}" FROM event WHERE id = ?', (number,)).fetchone()
    new = other(value, COLUMNS[name], chance)
    raw.execute(f'UPDATE event SET "{name}" = ? WHERE id = ?', (new, number))
    return f"{name} of {number}: {value!r} -> {new!r}", number


WAYS = [change] * 8 + [remove, cut, renumber, insert]


def test_verify_finds_five_hundred_of_five_hundred_tampers_and_names_the_entry(behind):
    last, sentence = event.verify()
    assert (last > 100, sentence) == (True, "")
    assert missed(behind, WAYS, last, TAMPERS) == []
    assert event.verify() == (last, "")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM chain",
        "UPDATE chain SET last = last + 1",
        "UPDATE chain SET last = last - 1",
        "UPDATE chain SET mac = '\\x00'",
        "UPDATE chain SET own = '\\x00'",
        "UPDATE chain SET own = ''",
        "INSERT INTO chain (last, mac, own) SELECT last, mac, own FROM chain",
        "DELETE FROM event",
        "UPDATE chain SET last = 0, mac = decode(repeat('00', 32), 'hex'), own = ''",
    ],
)
def test_a_tampered_head_is_found(behind, sql):
    behind.execute(sql)
    assert event.verify()[1]


def test_a_paper_whose_bytes_were_changed_is_not_shown(behind):
    behind.execute("UPDATE paper SET content = content || '\\x00'::bytea WHERE id = 1")
    paper = Paper.get_by_id(1)
    with pytest.raises(BrokenSeal):
        content_of(paper, event.open_seals([paper.complaint_id])[paper.complaint_id])
