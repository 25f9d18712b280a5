"""A migration that changes proven rows appends new proofs with its number, and repairs no row changed before it."""

from pathlib import Path

import pytest

from models import schema
from models.complaint.event import MIGRATION, Proof
from models.office.people import User
from models.store.base import database, engine
from models.store.rowhash import shape_of, shape_with
from models.workflow.proof import broken_rows, columns_there, proving_models, verified
from tests.models.behind import unguarded
from tests.office import Office, owner_url_of, url_of

LOUDER = "UPDATE complaint SET title = title || '!';\n"
SAID = "-- proves anew: complaint\n"
OWN = ("id", "username", "password_hash", "password_mark")
REST = ", ".join(f'"{f.column_name}"' for f in User._meta.sorted_fields if f.name not in OWN)
COPIED = f"SELECT {{}}, '{{}}', '', {REST} FROM \"user\" WHERE id = 8"
ANOTHER = f'INSERT INTO "user" (id, username, password_hash, {REST}) {COPIED}'


def migrate(office: Office, folder: Path, sql: str) -> list[str]:
    """An invented migration, as of a later version; the test's own connection is used again afterwards."""
    folder.mkdir(exist_ok=True)
    for file in schema.FOLDER.glob("[0-9]*"):
        (folder / file.name).write_text(file.read_text())
    (folder / "9002_louder.sql").write_text(sql)
    database.close_all()
    try:
        return schema.prepare(url_of(office.path), folder, owner_url=owner_url_of(office.path))
    finally:
        database.connect(reuse_if_open=True)


def entries() -> list[Proof]:
    return list(Proof.select().where(Proof.kind == MIGRATION).order_by(Proof.id))


def test_rows_that_a_migration_declares_to_change_get_new_proofs_once(office: Office, tmp_path: Path) -> None:
    cases = office.receive(3)
    office.bring(cases, "dispose")
    assert migrate(office, tmp_path / "sql", SAID + LOUDER) == ["9002_louder"]
    assert verified()[1] == []
    proofs = entries()
    assert '"migration":{"9002":"9002_louder"}' in proofs[0].hashes
    assert [entry.complaint_id for entry in proofs] == [None, *cases]
    assert migrate(office, tmp_path / "sql", SAID + LOUDER) == []
    office.bring(cases, "handle")
    assert verified()[1] == []


def test_rows_that_a_migration_changes_undeclared_are_reported(office: Office, tmp_path: Path) -> None:
    office.receive()
    migrate(office, tmp_path / "sql", LOUDER)
    assert list(broken_rows()) == ["Baris nomor 1 pada tabel Pengaduan (pengaduan nomor 1) telah berubah."]
    assert entries() == []


def test_a_change_behind_the_panel_is_reported_after_the_migration_as_before_it(office: Office, tmp_path: Path) -> None:
    office.receive(3)
    with unguarded(office.path) as raw:
        raw.execute("UPDATE complaint SET title = 'Lain' WHERE id = 2")
        raw.execute("UPDATE complaint SET title = 'Lain' WHERE id = 3")
        raw.execute(ANOTHER.format(99, "x"))
    before = list(broken_rows())
    assert len(before) == 3
    changed = LOUDER.replace(";", " WHERE id < 3;") + "UPDATE \"user\" SET name = name || '!';\n"
    migrate(office, tmp_path / "sql", "-- proves anew: complaint, user\n" + changed)
    after = [sentence.replace("bukan buatan panel", "telah berubah") for sentence in before]
    assert sorted(broken_rows()) == sorted(after)


def test_rows_inserted_and_deleted_by_a_migration_are_recorded(office: Office, tmp_path: Path) -> None:
    office.receive(2)
    gone = "-- proves anew: person, user\nDELETE FROM person WHERE complaint_id = 2;\n"
    migrate(office, tmp_path / "sql", f"{gone}{ANOTHER.format(99, 'baru')};\n")
    assert verified()[1] == []


def test_an_entry_not_written_by_the_panel_is_no_proof(office: Office) -> None:
    office.receive()
    with unguarded(office.path) as raw:
        raw.execute("UPDATE complaint SET title = 'Lain'")
        raw.execute(
            "INSERT INTO proof (id, complaint_id, kind, hashes, mac) SELECT id + 1, NULL, 'migration', "
            '\'{"migration":{"9002":"9002_louder"}}\', mac FROM proof ORDER BY id DESC LIMIT 1'
        )
    assert "bukan buatan panel" in verified()[1][0]


def test_a_migration_that_fails_leaves_no_entry(office: Office, tmp_path: Path) -> None:
    office.receive()
    with pytest.raises(Exception, match="nowhere"):
        migrate(office, tmp_path / "sql", SAID + LOUDER + "UPDATE nowhere SET x = 1;\n")
    assert entries() == []
    assert verified()[1] == []


@pytest.mark.only("sqlite")
def test_a_table_that_is_no_proof_is_refused_before_anything_changes(office: Office, tmp_path: Path) -> None:
    before = office.digest()
    with pytest.raises(ValueError, match=r"9002_louder.sql menyebut tabel yang bukan bukti: seen, nowhere\."):
        migrate(office, tmp_path / "sql", "-- proves anew: complaint, seen, nowhere\n" + LOUDER)
    assert office.digest() == before


def test_a_table_is_hashed_by_its_columns_as_by_its_model(office: Office) -> None:
    kind = engine(url_of(office.path))
    owner = kind.owner_database(owner_url_of(office.path) or url_of(office.path))
    with owner.connection_context():
        models = [*proving_models()]
        assert len(models) > 20
        for model in models:
            columns = columns_there(owner, kind, model._meta.table_name)
            assert shape_with(model, columns) == shape_of(model), model
