"""Before a key is typed from paper it is seen whether the archive can be brought back here; nothing is changed."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import release, schema
from models.operations import archive as keys
from models.operations import restore
from models.operations.archive import CHANGED, MAGIC, SALT, BrokenArchive, FrameWriter, Manifest, pack
from models.store import installation
from models.workflow import masters
from sop.words import format_size
from tests.admin.running.process import AS_IT_IS
from tests.models.operations.conftest import Machine
from tests.models.test_drift import start
from tests.office import leave_key, opened

pytestmark = pytest.mark.only("sqlite")
KEY = bytes(range(keys.LENGTH))
NOBODY_ID = 65534
AHEAD = ["0001_begin", "9999_of_a_later_version"]


@pytest.fixture
def archive(elsewhere: Path) -> Path:
    """What looks like one as long as it is not opened."""
    file = elsewhere / "panel-20261209-010000-cafe.cadangan"
    file.write_bytes(MAGIC + keys.key_fingerprint(KEY).encode() + bytes(SALT))
    return file


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """As a user without rights, like that of the panel."""
    assert os.geteuid() == 0, "the rights of another user can only be tried by root"
    os.seteuid(NOBODY_ID)
    try:
        yield
    finally:
        os.seteuid(0)


def write_result_file(archive: Path, **fields: object) -> None:
    archive.with_name(f"{archive.name}.json").write_text(json.dumps(fields))


def test_the_key_that_opens_it_is_named_by_its_mark(archive: Path, machine: Machine) -> None:
    assert restore.look_at(machine.target, str(archive)) == keys.key_fingerprint(KEY)
    write_result_file(archive, size="of another time", migrations=7)
    assert restore.look_at(machine.target, str(archive)) == keys.key_fingerprint(KEY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"engine": "postgresql"}, "dari basis data postgresql, sedangkan DATABASE_URL menunjuk sqlite"),
        (
            {"migrations": AHEAD, "version": "9.1.0"},
            f"panel versi 9.1.0, lebih baru daripada panel di sini (versi {release.version()})",
        ),
        ({}, "perlu sekitar 8000000.0 MB, sisa"),
    ],
)
def test_what_cannot_be_restored_here_is_refused_before_the_key_is_asked_for(
    archive: Path, machine: Machine, fields: dict[str, object], sentence: str
) -> None:
    write_result_file(archive, size=4 * 10**12, **fields)
    with pytest.raises(ValueError, match=r"dari basis|lebih baru|perlu sekitar") as refusal:
        restore.look_at(machine.target, str(archive))
    assert sentence.replace("8000000.0 MB", format_size(16 * 10**12)) in str(refusal.value)


def test_an_archive_of_a_later_version_changes_nothing(archive: Path, machine: Machine) -> None:
    """There is no result file that says so: its own manifest does, once it is open."""
    (archive.parent / "kunci").write_text("00" * 32)
    with archive.open("wb") as file:
        pack(
            [("panel.key", archive.parent / "kunci")], Manifest("", "sqlite", "", "", 0, AHEAD), FrameWriter(file, KEY)
        )
    before = sorted(machine.target.var.iterdir())
    with pytest.raises(ValueError, match="lebih baru daripada panel di sini"):
        restore.restore(machine.target, str(archive), KEY)
    assert sorted(path for path in machine.target.var.iterdir() if path.name != "cadangan.kunci") == before


def test_the_archive_or_folder_of_another_user_is_refused_with_the_command_that_helps(
    archive: Path, machine: Machine, as_nobody: None
) -> None:
    os.seteuid(0)
    for folder in (archive.parent, machine.target.var, *machine.target.var.parents, *archive.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o005:
            folder.chmod(0o755)
    os.seteuid(NOBODY_ID)
    with pytest.raises(ValueError, match=r"ditulisi pengguna nobody; pemiliknya root\. .*: chown -R nobody: "):
        restore.look_at(machine.target, str(archive))
    os.seteuid(0)
    os.chown(machine.target.var, NOBODY_ID, -1)
    archive.chmod(0o600)
    os.seteuid(NOBODY_ID)
    with pytest.raises(ValueError, match=rf"dibaca pengguna nobody; .*: chown nobody: {archive} – "):
        restore.look_at(machine.target, str(archive))
    os.seteuid(0)
    archive.parent.chmod(0o700)
    os.seteuid(NOBODY_ID)
    with pytest.raises(ValueError, match=f"chown -R nobody: {archive.parent} – lalu ulangi"):
        restore.look_at(machine.target, str(archive))
    os.seteuid(0)
    link = archive.parent.parent / "tautan.cadangan"
    link.symlink_to(archive)
    os.seteuid(NOBODY_ID)
    with pytest.raises(ValueError, match=r"Cadangan tidak dapat dibaca: tidak diizinkan\."):
        restore.look_at(machine.target, str(link))
    os.seteuid(0)
    inside = archive.parent / "di dalam" / "a.cadangan"
    os.seteuid(NOBODY_ID)
    with pytest.raises(ValueError, match=f"install -m 600 -o nobody '{inside}' /var/tmp/ – lalu sebutkan salinannya"):
        restore.look_at(machine.target, str(inside))


def test_a_place_with_masters_and_no_person_is_still_empty(archive: Path, machine: Machine) -> None:
    schema.prepare(machine.target.url)
    with opened(machine.path):
        masters.seed()
    assert restore.look_at(machine.target, str(archive)) == keys.key_fingerprint(KEY)


def test_what_is_in_the_way_is_named_with_the_command_that_empties_the_place(archive: Path, machine: Machine) -> None:
    folder = machine.target.var / "files" / "ab"
    folder.mkdir(parents=True)
    (machine.target.var / keys.FILE).write_text("of a restore that was killed")
    with pytest.raises(ValueError, match="Tempat tujuan tidak kosong") as refusal:
        restore.look_at(machine.target, str(archive))
    command = f"sebagai root: rm -r {machine.target.var / keys.FILE} {machine.target.var / 'files'}"
    assert str(refusal.value).endswith(command)


def test_one_of_which_only_the_first_bytes_came_is_broken_and_of_no_other_key(archive: Path, machine: Machine) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[:20])
    with pytest.raises(BrokenArchive, match=CHANGED):
        restore.look_at(machine.target, str(archive))
    archive.write_bytes(whole)
    write_result_file(archive, size=len(whole) + 1)
    with pytest.raises(BrokenArchive, match=CHANGED):
        restore.look_at(machine.target, str(archive))


def test_no_moment_of_a_restore_has_the_key_and_no_word_that_it_is_a_copy(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed there, the panel would be the office's own, with nothing in it, and make backups in the office's place."""
    seen: list[str] = []

    def checked_write(path: Path, key: bytes) -> None:
        seen.append(installation.status(path.parent))
        raise FileExistsError

    monkeypatch.setattr(restore, "write_key", checked_write)
    with pytest.raises(FileExistsError):
        restore.install_or_undo(machine.target, machine.target.var, KEY)
    assert seen == [installation.RESTORED]


def test_one_that_cannot_be_laid_leaves_the_place_as_empty_as_before(
    archive: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, url: str, owner_url: str | None) -> None:
        raise OSError(28, "No space left on device")

    work = machine.target.var.parent / "unpacked"
    (work / "files").mkdir(parents=True)
    (work / "files" / "ab").mkdir()
    (work / "panel.key").write_text("00" * 32)
    monkeypatch.setattr(restore.backup_worker.copier_of(machine.target.url), "bring", full)
    with pytest.raises(OSError, match="No space"):
        restore.install_or_undo(machine.target, work, KEY)
    assert restore.look_at(machine.target, str(archive)) == keys.key_fingerprint(KEY)
    assert installation.status(machine.target.var) == ""


@pytest.mark.slow("starts the panel in a process of its own")
def test_a_start_before_there_is_a_person_makes_no_tables(machine: Machine) -> None:
    leave_key(machine.target.var)
    ended, output = start(machine.path, *AS_IT_IS)
    assert (ended, output.count("\n")) == (1, 1)
    assert "Cetak tautan untuk yang pertama dengan panel first-link" in output
    assert "panel restore" in output
    assert [path.name for path in machine.target.var.iterdir()] == ["panel.key"]
