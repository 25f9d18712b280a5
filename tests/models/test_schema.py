"""Tables come from their models; what changes a table that exists is numbered SQL, applied once, triggers made anew."""

import logging
from pathlib import Path

import peewee as pw
import pytest
from peewee import sqlite3

from models import schema as tables
from models.complaint import event
from models.complaint.complaint import Complaint, Person
from models.office.lists import Reason
from models.office.people import Division
from models.records.registry import RECORDS
from models.store import base, sqlite
from models.store.base import all_models, database
from models.store.master_cache import TOKEN
from models.workflow import masters
from sop.vocabulary import CLOSED
from tests.models.behind import schema, without_trigger
from tests.office import Office, copied, empty, opened, outside, owner_url_of, url_of


def numbered(folder: Path, **files: str) -> Path:
    """A folder of migrations: the ones of the panel, and these."""
    folder.mkdir(exist_ok=True)
    for file in tables.FOLDER.glob("[0-9]*"):
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
        office.bring(office.receive(3), CLOSED)
        digest = office.digest()
    return path, Prepared(path), digest


class Prepared:
    """`tables.prepare` on one database, as its owner."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *folder: Path) -> list[str]:
        return tables.prepare(url_of(self.path), *folder, owner_url=owner_url_of(self.path))


def digest_of(path: Path) -> str:
    with opened(path):
        assert event.verify()[1] == ""
        return Office.at_work(path).digest()


def test_a_fresh_database_has_every_table_and_takes_the_numbered_sql_as_done(engine, tmp_path):
    path, folder = empty(tmp_path, engine), numbered(tmp_path / "sql", m9002_broken="NO SQL AT ALL;\n")
    prepare = Prepared(path)
    applied = prepare(folder)
    assert applied == sorted({file.name.split(".")[0] for file in folder.iterdir()})
    assert {m._meta.table_name for m in all_models()} <= schema(path).keys()
    assert prepare(folder) == []


def test_preparing_again_changes_nothing(existing):
    path, prepare, digest = existing
    before = schema(path)
    assert prepare() == []
    assert schema(path) == before
    assert digest_of(path) == digest


def test_a_start_that_has_nothing_to_change_only_reads_and_waits_for_no_writer(office, caplog):
    caplog.set_level(logging.DEBUG, "peewee")
    with base.database.atomic():  # a writer is at work
        caplog.clear()
        assert tables.prepare(url_of(office.path), owner_url=owner_url_of(office.path)) == []
    statements = [record.msg[0].split()[0] for record in caplog.records if isinstance(record.msg, tuple)]
    assert len(statements) > 3
    assert set(statements) <= {"SELECT", "PRAGMA"}


@pytest.mark.parametrize("what", ["migrations", "statements", "a kind of database"])
def test_a_start_that_has_something_to_change_changes_it_once(existing, tmp_path, monkeypatch, what):
    path, _, _ = existing
    url, owner_url = url_of(path), owner_url_of(path)
    kind = base.engine(url)
    if what == "statements":
        monkeypatch.setattr(tables, "guards", lambda model: [])
    elif what == "a kind of database":
        changed = tmp_path / "kind.py"
        changed.write_text("another")
        monkeypatch.setattr(kind, "__file__", str(changed))
    else:
        numbered(tmp_path / "sql", m9999_new="SELECT 1;")
    seen, bring_up = [], tables.bring_up
    monkeypatch.setattr(tables, "bring_up", lambda *args: seen.append(args) or bring_up(*args))
    folder = tmp_path / "sql" if what == "migrations" else tables.FOLDER
    for _ in range(2):
        tables.prepare(url, folder, owner_url=owner_url)
    assert len(seen) == 1


def test_a_trigger_that_another_version_has_made_anew_is_ours_again_after_the_next_start(existing, monkeypatch):
    path, prepare, _ = existing
    weaker = [("DELETE", "", "Catatan ini tidak dapat diubah"), ("UPDATE", "1 = 0", "Catatan ini tidak dapat diubah")]
    with monkeypatch.context() as older:
        older.setattr(tables, "guards", lambda model: weaker if model.append_only else [])
        older.setattr(tables, "_write_state", lambda *_: None)  # versions of before the state do not write it
        assert prepare() == []
    assert prepare() == []
    with pytest.raises(Exception, match="tidak dapat diubah"), outside(path) as connection:
        connection.execute("UPDATE event SET act = 'x'")


def test_numbered_sql_is_applied_once_to_an_existing_database(existing, tmp_path):
    path, prepare, digest = existing
    sql = "-- a comment\nALTER TABLE reason ADD COLUMN note TEXT DEFAULT 'x';\n"
    folder = numbered(tmp_path / "sql", m9002_add=sql)
    assert prepare(folder) == ["9002_add"]
    assert "note" in schema(path)["reason"]
    assert prepare(folder) == []
    assert digest_of(path) == digest


def test_a_safe_way_that_was_written_in_the_open_is_sealed_by_the_migration(template, tmp_path):
    path = copied(template, tmp_path)
    with opened(path):
        office = Office.at_work(path)
        pengadu = {"name": "Siti Maslikah", "safe_contact": "Lewat adik, sore hari"}
        [case] = office.receive(persons={"pengadu": pengadu, "kuasa": {"name": "Tini"}})
        digest = office.digest()
    owner = base.engine(url_of(path)).owner_database(owner_url_of(path) or url_of(path))
    with owner.connection_context():
        owner.execute_sql("ALTER TABLE person DROP COLUMN safe_contact")
        owner.execute_sql("ALTER TABLE person ADD COLUMN safe_contact VARCHAR(200) NOT NULL DEFAULT ''")
        owner.execute_sql("UPDATE person SET safe_contact = 'Lewat adik, sore hari' WHERE kind = 'pengadu'")
        owner.execute_sql("DELETE FROM migration WHERE name = '0005_seal_safe_ways'")
    assert Prepared(path)() == ["0005_seal_safe_ways"]
    assert digest_of(path) == digest
    with opened(path):
        person = Person.get((Person.complaint == case) & (Person.kind == "pengadu"))
        assert b"adik" not in bytes(person.safe_contact)
        seal = event.open_seals([case])[case]
        assert seal.open_text("pengadu.safe_contact", person.safe_contact) == pengadu["safe_contact"]


@pytest.mark.only("sqlite")
def test_a_rebuilt_table_gets_its_triggers_again_and_keeps_its_rows(existing, tmp_path):
    path, prepare, digest = existing
    raw = sqlite3.connect(path)
    [(made,)] = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'approval'")
    raw.close()
    columns = ", ".join(f'"{f.column_name}"' for f in RECORDS["approval"]._meta.sorted_fields)
    filled = f"INSERT INTO approval_new ({columns}) SELECT {columns} FROM approval"
    rebuild = ";\n".join(
        [
            made.replace('"approval"', '"approval_new"', 1),
            filled,
            "DROP TABLE approval",
            "ALTER TABLE approval_new RENAME TO approval",
            "",
        ]
    )
    before = schema(path)[""]
    assert prepare(numbered(tmp_path / "sql", m9002_rebuild=rebuild)) == ["9002_rebuild"]
    assert before - schema(path)[""] == set()
    assert digest_of(path) == digest
    with opened(path), pytest.raises(pw.DatabaseError):
        database.execute_sql("DELETE FROM approval")


@pytest.mark.only("sqlite")
def test_a_rebuilt_table_that_others_refer_to_keeps_its_rows_and_theirs(existing, tmp_path):
    path, prepare, digest = existing
    raw = sqlite3.connect(path)
    statements = []
    for table in ("complaint", "paper", "event"):
        [(made,)] = raw.execute(f"SELECT sql FROM sqlite_master WHERE name = '{table}' AND type = 'table'")
        made = made.replace(f'"{table}"', f'"{table}_new"', 1)
        statements += [
            made,
            f"INSERT INTO {table}_new SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table}_new RENAME TO {table}",
        ]
    raw.close()
    rebuild, before = ";\n".join([*statements, ""]), schema(path)[""]
    assert prepare(numbered(tmp_path / "sql", m9002_rebuild=rebuild)) == ["9002_rebuild"]
    assert digest_of(path) == digest
    assert before == schema(path)[""]


@pytest.mark.only("sqlite")
def test_a_migration_that_leaves_rows_without_their_parent_is_not_applied(existing, tmp_path):
    path, prepare, digest = existing
    orphans = "DELETE FROM medium;\n"
    with pytest.raises(ValueError, match="9002_orphans"):
        prepare(numbered(tmp_path / "sql", m9002_orphans=orphans))
    assert digest_of(path) == digest


def test_a_migration_that_fails_leaves_nothing_of_itself_and_is_tried_again(existing, tmp_path):
    path, prepare, digest = existing
    half = "ALTER TABLE reason ADD COLUMN note TEXT;\nUPDATE nowhere SET x = 1;\n"
    folder = numbered(tmp_path / "sql", m9002_half=half)
    with pytest.raises(pw.DatabaseError):
        prepare(folder)
    assert "note" not in schema(path)["reason"]
    assert digest_of(path) == digest
    numbered(folder, m9002_half="ALTER TABLE reason ADD COLUMN note TEXT;\n")
    assert prepare(folder) == ["9002_half"]


def test_migrations_are_applied_in_the_order_of_their_numbers(existing, tmp_path):
    path, prepare, _ = existing
    folder = numbered(
        tmp_path / "sql",
        m9010_third="ALTER TABLE reason RENAME COLUMN b TO c;\n",
        m9002_first="ALTER TABLE reason ADD COLUMN a TEXT;\n",
        m9003_second="ALTER TABLE reason RENAME COLUMN a TO b;\n",
    )
    assert prepare(folder) == ["9002_first", "9003_second", "9010_third"]
    assert "c" in schema(path)["reason"]


def test_a_lost_trigger_is_made_again_at_the_next_start(existing):
    path, prepare, _ = existing
    with outside(path) as raw:
        raw.execute("DROP TRIGGER guard_event_update" + ("" if path.suffix == ".sqlite" else " ON event"))
    assert "guard_event_update" not in schema(path)[""]
    prepare()
    assert "guard_event_update" in schema(path)[""]


def test_a_start_that_makes_a_lost_trigger_again_renews_the_token_of_the_masters(existing):
    """Without the trigger other processes may have cached what is outdated by now."""
    path, prepare, _ = existing
    before = token_of(path)
    prepare()
    assert token_of(path) == before
    with outside(path) as raw:
        for sql in without_trigger(path, "setting"):
            raw.execute(sql)
        raw.execute("""UPDATE setting SET value = '"Dinas Lain"' WHERE key = 'panel.office'""")
    assert token_of(path) == before
    prepare()
    assert token_of(path) != before


def token_of(path: Path) -> str:
    with opened(path):
        return str(TOKEN.clone().scalar())


def test_every_append_only_table_and_every_record_has_its_triggers(template):
    frozen = [m._meta.table_name for m in (*(m for m in all_models() if m.append_only), *RECORDS.values())]
    assert {f"guard_{table}_{act}" for table in frozen for act in ("update", "delete")} <= schema(template)[""]


def test_the_numbered_files_are_named_by_number_and_word():
    names = [file.stem for file in tables.FOLDER.glob("*.sql")]
    assert names
    assert [name for name in names if not (name[:4].isdigit() and name[4] == "_")] == []


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://", "sqlite:///", "panel.sqlite"])
def test_a_database_that_is_not_known_is_refused_in_a_sentence(url):
    with pytest.raises(ValueError, match="DATABASE_URL belum dikenal"):
        base.open_database(url)


def test_an_old_sqlite_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 52, 9))
    with pytest.raises(ValueError, match="SQLite terlalu lama"):
        base.open_database(f"sqlite:///{tmp_path}/x.sqlite")


@pytest.mark.only("sqlite")
def test_the_apps_connection_writes_ahead(office):
    office.receive()
    assert office.path.with_name("panel.sqlite-wal").exists()


def test_the_apps_connection_keeps_references_whole(office):
    office.receive()
    with pytest.raises(pw.IntegrityError), database.atomic():
        Complaint.update(medium=999).execute()


def test_masters_fill_an_empty_database_once(office):
    units, reasons = Division.select().count(), Reason.select().count()
    digest = office.digest()
    masters.seed()
    assert (Division.select().count(), Reason.select().count(), office.digest()) == (units, reasons, digest)
