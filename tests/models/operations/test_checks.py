"""Each fault that can be brought about is reported by its name, and by no other."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from models.complaint.event import Event, Verification, record_verification
from models.complaint.paper import Paper, PaperToPrint, Print
from models.email import queue
from models.office.people import today
from models.office.settings import BACKUP_PLACE, store_setting
from models.operations import checks
from models.operations.checks import well
from models.operations.duties import save_findings
from models.store.backups import Backup
from models.store.base import database, now
from tests.office import Office, outside, url_of


@pytest.fixture(autouse=True)
def another_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is free, whatever this machine's own says; and no process has looked at a clock yet."""
    set_free(monkeypatch, 0.5)
    checks._latest.clear()


def set_free(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    statistics = os.statvfs_result((4096, 4096, 1000, 1000, int(1000 * share), 1000, 1000, 1000, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda _: statistics)


def faults(office: Office, **more: object) -> dict[str, str]:
    """What is reported of the office, asked as the server asks: on a connection of its own."""
    database.close_all()
    try:
        return checks.failed_checks(office.path.parent, url_of(office.path), **more)  # type: ignore[arg-type]
    finally:
        database.connect()


def test_an_office_at_work_has_no_fault(office: Office) -> None:
    office.receive(at=now())
    assert faults(office) == {}


def test_a_disk_with_less_than_a_twentieth_free_is_reported(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    set_free(monkeypatch, 0.049)
    reported = faults(office)
    assert reported.keys() == {"disk"}
    assert "4 %" in reported["disk"]
    assert "/" not in reported["disk"]  # readable for everybody who reaches the panel: no path of the server


def test_papers_that_wait_while_none_is_printed_are_reported(office: Office) -> None:
    office.receive(at=now() - timedelta(minutes=9))
    assert PaperToPrint.select().exists()
    assert faults(office) == {}
    assert faults(office, at=now() + timedelta(minutes=2)).keys() == {"press"}


def test_an_old_paper_waits_in_peace_while_others_are_printed(office: Office) -> None:
    office.receive(2, at=now() - timedelta(hours=1))
    last = Paper.select().order_by(Paper.id.desc()).get()
    Print.create(paper=last, sha256="", path="", size=1, pages=1, printed_at=now())
    PaperToPrint.delete().where(PaperToPrint.paper == last).execute()
    assert faults(office) == {}
    assert faults(office, at=now() + timedelta(minutes=11)).keys() == {"press"}


def test_papers_may_be_printed_in_another_order_than_they_were_issued(office: Office) -> None:
    office.receive(3, at=now() - timedelta(hours=1))
    first, *_, last = Paper.select().order_by(Paper.id)
    for paper, printed_at in ((last, now() - timedelta(hours=1)), (first, now())):
        Print.create(paper=paper, sha256="", path="", size=1, pages=1, printed_at=printed_at)
    PaperToPrint.delete().where(PaperToPrint.paper.in_([first, last])).execute()
    assert faults(office) == {}


def test_a_history_that_was_found_broken_is_reported_until_it_is_found_whole(office: Office) -> None:
    record_verification(7, ["Catatan riwayat nomor 8 telah berubah."])
    assert faults(office).keys() == {"chain"}
    record_verification(9, [])
    assert faults(office) == {}
    assert [row.entries for row in Verification.select().order_by(Verification.id)] == [7, 9]


def test_a_migration_that_is_missing_is_reported_by_name(office: Office) -> None:
    with outside(office.path) as owner:
        owner.execute("DELETE FROM migration WHERE name LIKE '0009%'")
    reported = faults(office)
    assert reported.keys() == {"migration"}
    assert "0009_columns_to_come" in reported["migration"]


def test_a_backup_that_is_older_than_a_night_is_reported_where_a_place_is_set(office: Office) -> None:
    office.receive(at=now())
    columns = {"name": "panel-x.cadangan", "place": "/mnt/lain"}
    Backup.create(at=now() - timedelta(hours=26, minutes=1), **columns)
    assert faults(office) == {}  # an office that copies otherwise needs none
    store_setting(BACKUP_PLACE, "/mnt/lain", today())
    assert faults(office).keys() == {"backup"}
    Backup.create(at=now() - timedelta(hours=25), **columns)
    assert faults(office) == {}


def test_backups_that_have_all_failed_are_reported(office: Office) -> None:
    office.receive(at=now())
    store_setting(BACKUP_PLACE, "/mnt/lain", today())
    assert faults(office) == {}  # none was tried yet, the first is under way
    assert checks.backup(checks.CheckContext(office.path.parent, url_of(office.path), now() + timedelta(days=1))) == ""
    assert checks.backup(checks.CheckContext(office.path.parent, url_of(office.path), now() + timedelta(days=2)))
    Backup.create(at=now(), name="panel-x.cadangan", place="/mnt/lain", fault="Folder cadangan tidak ada.")
    assert faults(office).keys() == {"backup"}


def test_e_mails_that_wait_for_hours_are_reported_with_since_when(office: Office) -> None:
    queue.queue([queue.NewEmail("a", "uji"), queue.NewEmail("b", "uji")], office.at)
    assert "mail" not in faults(office, at=office.at + timedelta(minutes=119))
    assert faults(office, at=office.at + timedelta(minutes=121))["mail"].startswith("2 surel menunggu dikirim")


def test_a_clock_that_is_behind_the_last_event_is_reported(office: Office) -> None:
    office.receive(at=now() + timedelta(hours=1))
    PaperToPrint.delete().execute()
    assert Event.select().exists()
    assert faults(office).keys() == {"clock"}
    checks._latest.clear()
    assert faults(office, at=now() + timedelta(hours=1)) == {}


def test_a_clock_that_is_set_back_between_two_checks_is_reported(office: Office) -> None:
    assert faults(office) == {}
    assert faults(office, at=now() - timedelta(minutes=1)) == {}
    assert faults(office, at=now() - timedelta(hours=1)).keys() == {"clock"}


def test_a_clock_that_is_set_back_after_the_check_of_another_process_is_reported(office: Office) -> None:
    """As the timer looks: each time anew, with nothing in its memory."""
    save_findings({"disk": well("Cukup.")}, now() + timedelta(days=3))
    sentence = faults(office)["clock"]
    assert f"sudah tercatat {now() + timedelta(days=3):%d-%m-%Y}" in sentence
    checks._latest.clear()
    assert faults(office, at=now() + timedelta(days=3)) == {}


@pytest.mark.parametrize("closed", ["VAR_DIR", "basis data"])
def test_a_folder_that_cannot_be_written_into_is_reported(tmp_path: Path, closed: str) -> None:
    """Asked as another user: the rights of a folder do not stop root."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o005:
            folder.chmod(0o755)
    folders = {"VAR_DIR": tmp_path / "data", "basis data": tmp_path / "basis"}
    for which, folder in folders.items():
        folder.mkdir()
        folder.chmod(0o555 if which == closed else 0o777)
    place = checks.CheckContext(folders["VAR_DIR"], f"sqlite:///{folders['basis data'] / 'panel.sqlite'}", now())
    os.seteuid(65534)
    try:
        sentence = checks.disk(place)
    finally:
        os.seteuid(0)
    assert sentence == checks.UNWRITABLE.format(which=closed)
    folders[closed].chmod(0o777)
    assert checks.disk(place) == ""


def test_a_database_that_is_away_is_reported_and_the_disk_as_well(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_free(monkeypatch, 0.01)
    database.close_all()
    with monkeypatch.context() as away:
        away.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(checks.DATABASE_ERRORS[0]("away")))
        reported = checks.failed_checks(tmp_path, url_of(office.path))
    database.connect()
    assert reported.keys() == {"database", "disk"}
