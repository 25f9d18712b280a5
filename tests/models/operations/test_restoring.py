"""The machine is gone: on an empty one the backup and the sheet from the safe bring back all that there was."""

import gzip
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import digest, schema
from models.complaint import event
from models.complaint.paper import Attachment, Paper, Print
from models.operations import archive as keys
from models.operations import restore, sqlite_copy
from models.operations.archive import BrokenArchive, FrameWriter, Manifest, pack
from models.operations.backup_location import RELATIVE
from models.operations.backup_making import Source
from models.reading import registerbook
from models.sign_in import passkeys
from models.sign_in.passkeys import ChallengedUser, PanelName, PasskeyOutcome, PasskeyQuestion
from models.sign_in.password_links import PasswordLink, make_link
from models.sign_in.session import Session, begin
from models.store.base import now
from models.store.keys import PANEL, key_in
from papers.printing import press
from tests.admin.doors import Visitor, panel_on
from tests.corpus.kept import VERSIONS, VersionRecord, handed
from tests.models.operations.conftest import Machine
from tests.models.operations.made import good
from tests.models.sign_in.device import Device
from tests.office import Office, leave_key, opened


def sheet(source: Source) -> bytes:
    """The key, as typed from the paper."""
    return keys.read_groups(" ".join(keys.key_groups(keys.key_from(source.var))))


def printed_papers() -> dict[str, bytes]:
    """Every paper as its PDF, printed first if it was not yet."""
    return {paper.public_id: press.pdf_of(paper.id) for paper in Paper.select().order_by(Paper.id)}


def test_on_an_empty_machine_every_paper_is_the_same_bytes_and_people_sign_in(
    source: Source, elsewhere: Path, office: Office, machine: Machine
) -> None:
    office.receive()
    make_link(office["petugas"], by=office["admin"])
    begin(office["petugas"], device="Chrome di Windows", address="192.0.2.7", at=now())
    asked, device = ChallengedUser(office["kadis"], "a session", PanelName("localhost", "http://localhost")), Device()
    passkeys.keep_answer(asked, device.make(passkeys.options_to_add(asked)), name="Laptop")
    passkeys.options_to_show(asked)
    archive = good(source, elsewhere)
    before = digest.digest(), event.verify(), printed_papers()  # some of them for the first time
    key = sheet(source)
    (source.var / "secret.key").write_text("of the old machine")
    shutil.rmtree(source.var / "files")
    (source.var / "panel.key").rename(source.var / "gone")
    key_in(machine.target.var / PANEL)  # the command's own start has made a key and tables before it asks anything
    schema.prepare(machine.target.url, owner_url=machine.target.owner_url)
    manifest = restore.restore(machine.target, str(archive), key)
    assert manifest.digest == before[0]
    assert not (machine.target.var / "secret.key").exists()  # users with a cookie of the old machine sign in anew
    path = machine.office_path()
    with opened(path):
        assert Print.select().count() < len(before[2])
        assert (Session.select().count(), PasswordLink.select().count()) == (0, 0)  # what has ended since stays ended
        assert (digest.digest(), event.verify(), printed_papers()) == before
        assert registerbook.verify() == ""
        assert not PasskeyQuestion.select().exists()
        response = passkeys.judge_answer(asked, device.show(passkeys.options_to_show(asked)))
        assert response.outcome is PasskeyOutcome.RIGHT
        piece = Attachment.get(Attachment.path != "").id
    visitor = Visitor(panel_on(path))
    assert visitor.sign_in("petugas").status_code == 303
    assert visitor.get(f"/lampiran/{piece}").data == b"foto"
    assert keys.key_from(machine.target.var) == key
    with pytest.raises(ValueError, match="Tempat tujuan tidak kosong"):
        restore.restore(machine.target, str(archive), key)


@pytest.mark.only("sqlite")
def test_nothing_goes_where_something_is_nor_what_is_not_whole(
    source: Source, elsewhere: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, key = good(source, elsewhere), sheet(source)
    with pytest.raises(ValueError, match="Tempat tujuan tidak kosong"):
        restore.restore(source, str(archive), key)
    (machine.target.var / ".ssh").mkdir()
    (machine.target.var / ".ssh" / "known_hosts").write_text("how a backup far away is reached")
    (machine.target.var / "demo.sqlite").write_bytes(b"somebody's")
    with pytest.raises(ValueError, match=r"tidak kosong: demo\.sqlite"):
        restore.restore(machine.target, str(archive), key)
    (machine.target.var / "demo.sqlite").unlink()
    with pytest.raises(BrokenArchive, match="Kunci cadangan ini bukan kunci berkas tersebut"):
        restore.restore(machine.target, str(archive), bytes(32))
    whole = archive.read_bytes()
    for part in (0.0, 0.3, 0.6, 0.9999):  # one flipped byte
        data = bytearray(whole)
        data[int(part * len(data))] ^= 1
        archive.write_bytes(data)
        with pytest.raises(BrokenArchive):
            restore.restore(machine.target, str(archive), key)
    assert {path.name for path in machine.target.var.iterdir()} <= restore.MADE_AT_START | restore.TO_REACH_IT
    archive.write_bytes(whole)
    lay = restore._move_into_place

    def killed(target: Source, folder: Path) -> None:
        lay(target, folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(restore, "_move_into_place", killed)
    with pytest.raises(KeyboardInterrupt):
        restore.restore(machine.target, str(archive), key)
    assert keys.key_from(machine.target.var) == key  # or the next backup would make one that no sheet holds


@pytest.mark.only("sqlite")
def test_a_disk_of_its_own_is_empty_although_it_has_a_folder_that_root_alone_may_read(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.target.var / "lost+found").mkdir()
    listed = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path.name == "lost+found":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    restore.refuse_not_empty(machine.target)


@pytest.mark.only("sqlite")
def test_a_backup_of_the_oldest_version_is_restored_and_migrated(
    elsewhere: Path, machine: Machine, tmp_path: Path
) -> None:
    version = VERSIONS[0]
    old = handed(version, "sqlite", tmp_path)
    leave_key(tmp_path)
    with old.open("rb") as plain, gzip.open(tmp_path / sqlite_copy.PART, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    record, key = VersionRecord.of(version), bytes(range(32))
    files = [(f"files/{path.parent.name}/{path.name}", path) for path in (tmp_path / "files").glob("*/*")]
    parts = [(sqlite_copy.PART, tmp_path / sqlite_copy.PART), ("panel.key", tmp_path / "panel.key"), *files]
    archive = elsewhere / "panel-lama.cadangan"
    with archive.open("wb") as file:
        manifest = Manifest("", "sqlite", record.digest, "of another shape", record.entries, [])
        pack(parts, manifest, FrameWriter(file, key))
    restore.restore(machine.target, str(archive), key)
    with opened(machine.path):
        assert event.verify() == (record.entries, "")
        printed = {paper.public_id: press.pdf_of(paper.id) for paper in Paper.select().join(Print)}
    hashes = {hashlib.sha256(pdf).hexdigest() for pdf in printed.values()}
    assert hashes == {one.sha256 for one in record.printed.values()}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("archive", "sentence"),
    [
        ("{folder}", "berkas cadangannya, misalnya {folder}/panel-20261209-010000-cafe.cadangan."),
        ("{folder}/", "{folder}/ adalah folder."),
        ("", "Cadangan tidak dapat dibaca: itu folder, bukan berkas."),
        ("{folder}/tidak-ada", "Berkas cadangan tidak-ada tidak ditemukan."),
        ("{folder}/empty/x/y", "Berkas cadangan y tidak ditemukan."),
        ("http://server/a.cadangan", RELATIVE),
        ("{folder}/loop", "Cadangan tidak dapat dibaca: tautannya menunjuk dirinya sendiri."),
    ],
)
def test_a_typed_address_that_is_no_archive_is_refused_with_a_sentence(
    tmp_path: Path, elsewhere: Path, archive: str, sentence: str
) -> None:
    for name in ("panel-20261208-010000-beef.cadangan", "panel-20261209-010000-cafe.cadangan"):
        (elsewhere / name).write_bytes(b"sealed")
    (elsewhere / "loop").symlink_to("loop")
    target = Source(f"sqlite:///{tmp_path}/panel.sqlite", None, tmp_path)
    with pytest.raises(ValueError, match=re.escape(sentence.format(folder=elsewhere))):
        restore.restore(target, archive.format(folder=elsewhere), bytes(keys.LENGTH))
    assert not any(tmp_path.glob("panel.sqlite*"))
