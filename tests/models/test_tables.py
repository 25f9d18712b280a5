"""Tables come from their models; what changes a table that exists is numbered SQL, applied once, triggers made anew."""

from pathlib import Path

import peewee as pw
import pytest
from peewee import sqlite3

from models import base, event, masters, tables
from models.base import all_models, database
from models.complaint import Complaint, Reason
from models.people import Division
from models.records import RECORDS
from sop import flow
from tests.office import Office, copied, opened


def schema(path: Path) -> dict[str, set[str]]:
    """Tables with their columns, and under "" the names of triggers and indexes."""
    raw = sqlite3.connect(path)
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: {row[1] for row in raw.execute(f'PRAGMA table_info("{name}")')} for name in names}
    others = raw.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL")
    found[""] = {name for (name,) in others}
    raw.close()
    return found


def numbered(folder: Path, **files: str) -> Path:
    """A folder of migrations: the ones of the panel, and these."""
    folder.mkdir(exist_ok=True)
    for file in tables.FOLDER.glob("*.sql"):
        (folder / file.name).write_text(file.read_text())
    for name, sql in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(sql)
    return folder


@pytest.fixture
def existing(template, tmp_path):
    """An existing database with some work in it: its path, its url and a digest of it."""
    path = copied(template, tmp_path)
    with opened(path):
        office = Office.at_work(path)
        office.bring(office.receive(3), flow.CLOSED)
        digest = office.digest()
    return path, f"sqlite:///{path}", digest


def digest_of(path: Path) -> str:
    with opened(path):
        assert event.verify()[1] == ""
        return Office.at_work(path).digest()


def test_a_fresh_database_has_every_table_and_takes_the_numbered_sql_as_done(tmp_path):
    url, folder = f"sqlite:///{tmp_path}/new.sqlite", numbered(tmp_path / "sql", m0002_broken="NO SQL AT ALL;\n")
    applied = tables.prepare(url, folder)
    assert applied == sorted(file.stem for file in folder.glob("*.sql"))
    assert {m._meta.table_name for m in all_models()} <= schema(tmp_path / "new.sqlite").keys()
    assert tables.prepare(url, folder) == []


def test_preparing_again_changes_nothing(existing):
    path, url, digest = existing
    before = schema(path)
    assert tables.prepare(url) == []
    assert schema(path) == before
    assert digest_of(path) == digest


def test_numbered_sql_is_applied_once_to_an_existing_database(existing, tmp_path):
    path, url, digest = existing
    sql = "-- a comment\nALTER TABLE reason ADD COLUMN note TEXT DEFAULT 'x';\n"
    folder = numbered(tmp_path / "sql", m0002_add=sql)
    assert tables.prepare(url, folder) == ["0002_add"]
    assert "note" in schema(path)["reason"]
    assert tables.prepare(url, folder) == []
    assert digest_of(path) == digest


def test_a_rebuilt_table_gets_its_triggers_again_and_keeps_its_rows(existing, tmp_path):
    path, url, digest = existing
    raw = sqlite3.connect(path)
    [(made,)] = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'approval'")
    raw.close()
    columns = ", ".join(f'"{f.column_name}"' for f in RECORDS["approval"]._meta.sorted_fields)
    filled = f"INSERT INTO approval_new ({columns}) SELECT {columns} FROM approval"
    rebuild = ";\n".join([made.replace('"approval"', '"approval_new"', 1), filled, "DROP TABLE approval",
                          "ALTER TABLE approval_new RENAME TO approval", ""])  # fmt: skip
    before = schema(path)[""]
    assert tables.prepare(url, numbered(tmp_path / "sql", m0002_rebuild=rebuild)) == ["0002_rebuild"]
    assert before - schema(path)[""] == set()
    assert digest_of(path) == digest
    with opened(path), pytest.raises(pw.DatabaseError):
        database.execute_sql("DELETE FROM approval")


def test_a_rebuilt_table_that_others_refer_to_keeps_its_rows_and_theirs(existing, tmp_path):
    path, url, digest = existing
    raw = sqlite3.connect(path)
    statements = []
    for table in ("complaint", "paper", "event"):
        [(made,)] = raw.execute(f"SELECT sql FROM sqlite_master WHERE name = '{table}' AND type = 'table'")
        made = made.replace(f'"{table}"', f'"{table}_new"', 1)
        statements += [made, f"INSERT INTO {table}_new SELECT * FROM {table}", f"DROP TABLE {table}",
                       f"ALTER TABLE {table}_new RENAME TO {table}"]  # fmt: skip
    raw.close()
    rebuild, before = ";\n".join([*statements, ""]), schema(path)[""]
    assert tables.prepare(url, numbered(tmp_path / "sql", m0002_rebuild=rebuild)) == ["0002_rebuild"]
    assert digest_of(path) == digest
    assert before == schema(path)[""]


def test_a_migration_that_leaves_rows_without_their_parent_is_not_applied(existing, tmp_path):
    path, url, digest = existing
    orphans = "DELETE FROM medium;\n"
    with pytest.raises(ValueError, match="0002_orphans"):
        tables.prepare(url, numbered(tmp_path / "sql", m0002_orphans=orphans))
    assert digest_of(path) == digest


def test_a_migration_that_fails_leaves_nothing_of_itself_and_is_tried_again(existing, tmp_path):
    path, url, digest = existing
    half = "ALTER TABLE reason ADD COLUMN note TEXT;\nUPDATE nowhere SET x = 1;\n"
    folder = numbered(tmp_path / "sql", m0002_half=half)
    with pytest.raises(pw.OperationalError):
        tables.prepare(url, folder)
    assert "note" not in schema(path)["reason"]
    assert digest_of(path) == digest
    numbered(folder, m0002_half="ALTER TABLE reason ADD COLUMN note TEXT;\n")
    assert tables.prepare(url, folder) == ["0002_half"]


def test_migrations_are_applied_in_the_order_of_their_numbers(existing, tmp_path):
    path, url, _ = existing
    folder = numbered(tmp_path / "sql", m0010_third="ALTER TABLE reason RENAME COLUMN b TO c;\n",
                      m0002_first="ALTER TABLE reason ADD COLUMN a TEXT;\n",
                      m0003_second="ALTER TABLE reason RENAME COLUMN a TO b;\n")  # fmt: skip
    assert tables.prepare(url, folder) == ["0002_first", "0003_second", "0010_third"]
    assert "c" in schema(path)["reason"]


def test_a_lost_trigger_is_made_again_at_the_next_start(existing):
    path, url, _ = existing
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER guard_event_update")
    raw.commit()
    raw.close()
    tables.prepare(url)
    assert "guard_event_update" in schema(path)[""]


def test_every_append_only_table_and_every_record_has_its_triggers(template):
    frozen = [m._meta.table_name for m in (*(m for m in all_models() if m.append_only), *RECORDS.values())]
    assert {f"guard_{table}_{act}" for table in frozen for act in ("update", "delete")} <= schema(template)[""]


def test_the_numbered_files_are_named_by_number_and_word():
    assert all(file.stem[:4].isdigit() and file.stem[4] == "_" for file in tables.FOLDER.glob("*.sql"))


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "mysql://x", "sqlite://", "sqlite:///", "panel.sqlite"])
def test_a_database_that_is_not_known_is_refused_in_a_sentence(url):
    with pytest.raises(ValueError, match="DATABASE_URL belum dikenal"):
        base.open_database(url)


def test_an_old_sqlite_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(base.sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(ValueError, match="SQLite terlalu lama"):
        base.open_database(f"sqlite:///{tmp_path}/x.sqlite")


def test_the_apps_connection_writes_ahead_and_keeps_references_whole(office):
    office.receive()
    assert office.path.with_name("panel.sqlite-wal").exists()
    with pytest.raises(pw.IntegrityError), database.atomic():
        Complaint.update(medium=999).execute()


def test_masters_fill_an_empty_database_once(office):
    units, reasons = Division.select().count(), Reason.select().count()
    digest = office.digest()
    masters.seed()
    assert (Division.select().count(), Reason.select().count(), office.digest()) == (units, reasons, digest)
