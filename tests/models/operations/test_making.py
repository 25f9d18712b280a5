"""A backup counts once it was restored and found to say the same; what does not is reported, without its name."""

import errno
import hashlib
import json
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from models import digest
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import last_verified, record_verification
from models.complaint.paper import Attachment, Print
from models.operations import archive as keys
from models.operations import backup_making, backup_worker, postgres_copy
from models.operations.archive import MAGIC, BrokenArchive, Manifest
from models.operations.backup_location import FAILED, UNPROVEN, ArchiveFolder, RemoteStoreError, archive_name
from models.operations.backup_making import Source, Spans, make_backup, work_folder
from models.store.backups import Backup, last_good
from models.store.base import database, now
from tests import postgres
from tests.models.operations.made import good, names_in, tried
from tests.office import Office, outside
from tests.patience import wait_until

by_night_on_postgresql = pytest.mark.nightly(engine=("postgresql",))


def test_a_backup_says_what_the_panel_says_and_lies_sealed_in_its_place(
    source: Source, elsewhere: Path, office: Office
) -> None:
    (elsewhere / f"{archive_name(now())}{UNPROVEN}").touch()  # what a process that was killed has left
    (source.var / backup_making.WORK).mkdir()
    archive = good(source, elsewhere)
    row = last_good()
    assert row is not None
    assert (row.name, row.size) == (archive.name, archive.stat().st_size)
    assert row.sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert row.digest == digest.digest()
    assert (row.entries, "") == event.verify()
    assert row.files == Print.select().count() + Attachment.select().count()
    assert json.loads((elsewhere / f"{archive.name}.json").read_text())["digest"] == row.digest
    assert names_in(elsewhere) == [archive.name, f"{archive.name}.json"]
    assert not (source.var / backup_making.WORK).exists()
    panel_key, data = (source.var / "panel.key").read_text(), archive.read_bytes()
    secrets = (b"Siti", b"CREATE TABLE", panel_key.encode(), bytes.fromhex(panel_key), keys.key_from(source.var))
    assert [secret for secret in secrets if secret in data] == []


@by_night_on_postgresql
def test_a_copy_that_does_not_say_the_same_is_no_backup(
    source: Source, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = backup_worker.copy_database

    def forged(*arguments: object) -> backup_worker.DatabaseState:
        state = copied(*arguments)  # type: ignore[arg-type]
        return backup_worker.DatabaseState(**{**state.__dict__, "digest": "0" * 64})

    monkeypatch.setattr(backup_worker, "copy_database", forged)
    made = tried(source, elsewhere)
    assert made.fault == backup_worker.SAME
    assert last_good() is None
    assert names_in(elsewhere) == [f"{made.name}{FAILED}"]


@by_night_on_postgresql
def test_a_history_that_was_changed_is_found_in_the_proof(source: Source, elsewhere: Path, office: Office) -> None:
    with outside(office.path) as raw:
        for name in ("update", "delete"):
            raw.execute(f"DROP TRIGGER guard_event_{name}{'' if office.path.suffix == '.sqlite' else ' ON event'}")
        raw.execute("UPDATE event SET who = 'Orang lain' WHERE id = 2")
    assert tried(source, elsewhere).fault == "Catatan riwayat nomor 2 telah berubah."


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/tidak/ada/di/sini", "Folder cadangan /tidak/ada/di/sini tidak ada"),
        ("cadangan", "Tempat cadangan ditulis lengkap"),
        ("ftp://server/folder", "Tempat cadangan ditulis lengkap"),
        ("sftp:///folder", "Tempat cadangan ditulis lengkap"),
        ("sftp://[server/folder", "Tempat cadangan ditulis lengkap"),
        ("sftp://panel:rahasia@server/folder", "Kata sandi tidak ditulis"),
        ("sftp://server.invalid/folder", "memerlukan paket Python paramiko"),
        ("s3://ember/folder", "memerlukan paket Python s3fs"),
        ("{var}/cadangan", "tidak boleh di dalam folder data panel"),
    ],
)
def test_an_unusable_place_is_refused_with_a_sentence(tmp_path: Path, url: str, sentence: str) -> None:
    source = Source("sqlite:////nowhere", None, tmp_path)
    with pytest.raises(ValueError, match=sentence):
        backup_making.checked_location(source, url.format(var=tmp_path))


@pytest.mark.only("sqlite")
def test_a_second_one_does_not_begin_while_one_is_made(source: Source, elsewhere: Path) -> None:
    with work_folder(source.var), pytest.raises(ValueError, match="Pencadangan lain sedang berjalan"):
        tried(source, elsewhere)
    assert Backup.select().count() == 0


@pytest.mark.only("sqlite")
def test_a_manifest_of_a_newer_panel_is_not_guessed_at() -> None:
    fields = {**Manifest("", "", "", "", 0, []).__dict__, "format": 2}
    with pytest.raises(ValueError, match="dibuat panel yang lebih baru"):
        Manifest.of(json.dumps(fields).encode())


@pytest.mark.only("sqlite")
def test_the_archives_of_another_panel_in_the_same_folder_are_not_removed(source: Source, elsewhere: Path) -> None:
    first = good(source, elsewhere)
    other = MAGIC + keys.key_fingerprint(b"of another office".ljust(keys.LENGTH)).encode()
    theirs = [archive_name(now() - timedelta(hours=back)) for back in (1, 2)]
    theirs = [*theirs, f"{theirs[0]}.json", f"{archive_name(now())}{UNPROVEN}", f"{archive_name(now())}{FAILED}"]
    for name in theirs:
        (elsewhere / name).write_bytes(other)
    second = good(source, elsewhere)
    assert not first.exists()  # of two of its own in a day the last stays
    assert names_in(elsewhere) == sorted([*theirs, second.name, f"{second.name}.json"])


@pytest.mark.only("sqlite")
def test_the_one_just_made_stays_whatever_lies_ahead_of_it(source: Source, elsewhere: Path) -> None:
    ahead = elsewhere / archive_name(now() + timedelta(days=3_000))
    ahead.write_bytes(MAGIC + keys.key_fingerprint(keys.key_from(source.var)).encode())
    made = make_backup(source, str(elsewhere), Spans(1, 1, 1))
    assert (made.fault, (elsewhere / made.name).exists(), ahead.exists()) == ("", True, True)


@pytest.mark.only("sqlite")
def test_an_older_database_in_place_of_the_office_s_is_reported_by_the_next_backup(
    source: Source, elsewhere: Path, office: Office, tmp_path: Path
) -> None:
    database.close_all()
    older = shutil.copy(office.path, tmp_path / "older.sqlite")
    database.connect()
    office.receive()
    archive = good(source, elsewhere)
    assert last_verified() is None
    database.close_all()
    shutil.copy(older, office.path)
    database.connect()
    good(source, elsewhere)
    verification = last_verified()
    assert verification is not None
    assert f"lebih pendek daripada pada cadangan {archive.name}" in verification.broken
    record_verification(verification.entries, [])
    good(source, elsewhere)
    assert last_verified().broken == ""  # reported once


@pytest.mark.only("sqlite")
def test_a_backup_that_filled_the_disk_is_recorded_once_its_space_is_free_again(
    source: Source, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(url: str, key: bytes, folder: Path) -> backup_worker.DatabaseState:
        (folder / "copy.sqlite").write_bytes(b"as far as it went")
        raise OSError(errno.ENOSPC, "No space left on device")

    create = Backup.create

    def created(**row: object) -> Backup:
        assert not (source.var / backup_making.WORK).exists()
        return create(**row)

    monkeypatch.setattr(backup_worker, "copy_database", full)
    monkeypatch.setattr(Backup, "create", created)
    assert "tempat penyimpanan penuh" in tried(source, elsewhere).fault


@by_night_on_postgresql
@pytest.mark.parametrize("count", [pytest.param(2), pytest.param(40, marks=pytest.mark.soak)])
def test_backups_made_while_staff_work_are_each_of_one_moment(
    source: Source, elsewhere: Path, office: Office, count: int
) -> None:
    stop, received, made = threading.Event(), list[int](), list[Backup]()

    def work() -> None:
        with database.connection_context():
            while not stop.wait(0.2):  # as ten busy counters would, and no busier
                received.extend(office.receive(2))

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        for _ in range(count):
            before = len(received)
            made.append(tried(source, elsewhere))
            wait_until(lambda before=before: len(received) > before)
    finally:
        stop.set()
        clerk.join()
    assert [one.fault for one in made if one.fault] == []
    assert len({one.digest for one in made}) == count
    assert [one.entries for one in made] == sorted(one.entries for one in made)
    assert Complaint.select().count() == 2 + len(received)


def test_a_place_that_is_no_folder_stores_and_lists_whole_files_too(tmp_path: Path) -> None:
    """As SFTP and S3 do, which test_remote.py asks at night: fsspec's own store in memory stands for them by day."""
    far = ArchiveFolder(f"memory://{tmp_path}")
    name = archive_name(now())
    with far.writing(name + UNPROVEN) as file:
        file.write(b"sealed")
    assert far.archives() == []
    far.rename(name + UNPROVEN, name)
    with far.reading(name) as file:
        assert (far.archives(), file.read()) == ([name], b"sealed")
    backup_making.refuse_changed_archive(far, name, hashlib.sha256(b"sealed").hexdigest())
    with pytest.raises(BrokenArchive, match="rusak atau berubah"):
        backup_making.refuse_changed_archive(far, name, hashlib.sha256(b"what was proven").hexdigest())
    assert far.names() == []
    far.remove(name)


def test_a_store_that_does_not_answer_is_not_taken_for_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fallen(*_: object, **__: object) -> None:
        raise RuntimeError("an error of the store's own kind")

    for act in ("info", "ls", "rm_file"):
        monkeypatch.setattr(MemoryFileSystem, act, fallen)
    far = ArchiveFolder("memory://cadangan")
    for asked in (far.archives, lambda: far.remove("a")):
        with pytest.raises(OSError, match="tidak dapat dihubungi, atau terputus"):
            asked()


@pytest.mark.only("sqlite")
def test_a_store_that_falls_away_after_the_proof_takes_nothing_from_a_good_backup(
    source: Source, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fallen(*_: object) -> None:
        raise RemoteStoreError(errno.EIO, "terputus")

    good(source, elsewhere)
    monkeypatch.setattr(ArchiveFolder, "archives", fallen)
    good(source, elsewhere)
    assert "could not be let go: terputus" in caplog.text


@pytest.mark.soak
@pytest.mark.only("postgresql")
def test_where_no_place_can_be_made_to_prove_it_the_sentence_says_what_is_lacking(
    source: Source, elsewhere: Path
) -> None:
    with postgres.server().boss() as boss:
        boss.execute(f"ALTER ROLE {postgres.OWNER} NOCREATEDB")
    made = tried(source, elsewhere)
    assert made.fault == postgres_copy.NO_SCRATCH
    assert names_in(elsewhere) == [f"{made.name}{FAILED}"]
