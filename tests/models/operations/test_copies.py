"""A panel that was brought back from a backup takes nothing from the one that it is a copy of."""

import shutil
from pathlib import Path

import pytest

from models.complaint.event import last_verified
from models.email import smtp
from models.email.smtp import installed_outbox, sends_email
from models.office.people import today
from models.office.settings import MAIL_SENDER, store_setting, values
from models.operations import archive as keys
from models.operations import backup_location, restore
from models.operations.archive import MAGIC, SALT
from models.operations.backup_location import ArchiveFolder
from models.operations.backup_making import Source
from models.store import installation
from models.store.backups import missing_since
from models.store.base import database, now
from models.store.installation import last_installation
from tests.models.operations.conftest import Machine
from tests.models.operations.made import good, names_in, tried
from tests.office import Office, opened

pytestmark = pytest.mark.only("sqlite")


@pytest.fixture
def older(source: Source, elsewhere: Path, office: Office, machine: Machine, tmp_path: Path) -> Source:
    """A server on which an older backup was restored; the place of the office's own has a newer one."""
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    installation.check_installation(source.var, now())
    archive = Path(shutil.copy(good(source, elsewhere), tmp_path))
    office.receive()
    good(source, elsewhere)
    restore.restore(machine.target, str(archive), keys.key_from(source.var))
    return machine.target


def of(panel: Source) -> opened:
    """The models bound to the database of a panel."""
    return opened(Path(panel.url.removeprefix("sqlite:///")))


def test_until_its_role_is_decided_it_makes_no_backup_and_sends_no_e_mail(
    older: Source, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_installed", ["smtp://localhost:2525"])
    assert installed_outbox() is not None
    before = names_in(elsewhere)
    with of(older):
        with pytest.raises(ValueError, match="Panel ini dipulihkan dari cadangan, dan belum diputuskan"):
            tried(older, elsewhere)
        assert installed_outbox() is None
        assert not sends_email(values())
        installation.make_production(older.var, now())
        assert installed_outbox() is not None
        installation.make_training(older.var, now())
        assert installed_outbox() is None
    assert names_in(elsewhere) == before


def test_for_practice_it_cannot_write_where_the_office_s_backups_lie_but_elsewhere(
    older: Source, elsewhere: Path, tmp_path: Path
) -> None:
    own = tmp_path / "latihan"
    own.mkdir()
    before = names_in(elsewhere)
    with of(older):
        installation.make_training(older.var, now())
        assert "milik panel kantor; panel latihan memakai tempat lain" in tried(older, elsewhere).fault
        next(elsewhere.glob("*.pemasangan")).unlink()  # as an older version has left it
        assert "milik panel kantor" in tried(older, elsewhere).fault
        assert tried(older, own).fault == ""
    assert names_in(elsewhere) == before


def test_where_it_takes_over_nothing_that_it_does_not_know_is_let_go_and_the_old_one_writes_no_more(
    source: Source, older: Source, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    [newest, *_] = names_in(elsewhere)
    (tmp_path / "machine-id").write_text("another server")
    monkeypatch.setattr(installation, "MACHINE", tmp_path / "machine-id")
    database.close_all()
    with of(older):
        installation.make_production(older.var, now())
        assert tried(older, elsewhere).fault == ""  # of the same day: the last of a day stays, by age alone
        assert "lebih pendek daripada pada cadangan" in last_verified().broken
        assert tried(older, elsewhere).fault == ""
        assert newest in names_in(elsewhere)
        assert len([name for name in names_in(elsewhere) if name.endswith(".cadangan")]) == 2
    with of(source):
        monkeypatch.setattr(installation, "this_machine", lambda: "another server than the new one")
        names = names_in(elsewhere)
        refused = tried(source, elsewhere).fault
        assert backup_location.is_taken(refused)
        assert names_in(elsewhere) == names
        holder = backup_location.holder_of(ArchiveFolder(str(elsewhere)), keys.key_from(source.var))
        installation.make_production(source.var, now(), holder.mark)
        assert tried(source, elsewhere).fault == ""


def test_a_place_with_the_backups_of_another_panel_alone_is_refused(source: Source, elsewhere: Path) -> None:
    """A restore takes the last archive that lies there."""
    foreign = elsewhere / "panel-20200101-010000-0000.cadangan"
    foreign.write_bytes(MAGIC + b"0BADC0DE" + bytes(SALT))
    refused = tried(source, elsewhere).fault
    assert "sudah ada cadangan panel lain (tanda kunci 0BADC0DE)" in refused
    assert names_in(elsewhere) == [foreign.name]
    foreign.unlink()
    good(source, elsewhere)


def test_data_copied_to_another_server_by_hand_are_a_copy_too(
    source: Source, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installation.check_installation(source.var, now())
    installation.check_installation(source.var, now())
    assert installation.status(source.var) == ""
    other = tmp_path / "machine-id"
    other.write_text("another server\n")
    monkeypatch.setattr(installation, "MACHINE", other)
    installation.check_installation(source.var, now())
    assert installation.sentence(source.var).startswith("Data panel ini disalin dari server lain, dan belum diputuskan")
    installation.make_production(source.var, now())
    installation.check_installation(source.var, now())
    assert installation.status(source.var) == ""
    monkeypatch.setattr(installation, "MACHINE", tmp_path / "a container has none")
    installation.check_installation(source.var, now())
    assert (installation.status(source.var), last_installation().machine != "") == ("", True)


def test_what_somebody_has_removed_from_the_place_is_marked_with_the_day(source: Source, elsewhere: Path) -> None:
    first = good(source, elsewhere)
    second = good(source, elsewhere)  # of two in a day the last stays
    assert not first.exists()
    assert set(missing_since([first.name, second.name])) == {first.name}
    second.unlink()
    third = good(source, elsewhere)
    assert set(missing_since([first.name, second.name, third.name])) == {first.name, second.name}
