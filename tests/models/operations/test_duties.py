"""Each thing that has to be in order is found to be so, or not, by what was brought about for it."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from peewee import OperationalError

from models.case.attachments import record_edit
from models.case.sheets import KEY_SHEET_TITLE
from models.complaint.event import Event, record_verification
from models.complaint.scope import viewer
from models.email import queue, smtp
from models.email.queue import QueuedEmail
from models.office.people import User, today
from models.office.settings import BACKUP, BACKUP_PLACE, MAIL_SENDER, store_setting
from models.operations import archive as keys
from models.operations import backup_location as bound
from models.operations import checks, environment_checks, failure_checks
from models.operations.checks import UNKNOWN, UNSET, WELL, WRONG, EnvironmentContext, Finding
from models.operations.duties import DUTIES, STUMBLED, UNASKED, check_duties
from models.store import installation
from models.store.backups import Backup, KeySheet, record_key_printed
from models.store.base import database, now
from models.store.keys import PANEL
from models.store.outage import DATABASE_ERRORS, OUTAGE_SENTENCES, Outage
from tests.office import Office, outside, url_of

pytestmark = pytest.mark.only("sqlite")
Look = Callable[[], dict[str, Finding]]


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine: neither its disks, its clock's servers, nor the network."""
    checks._latest.clear()
    monkeypatch.setattr("os.statvfs", lambda _: os.statvfs_result((4096, 4096, 9, 9, 5, 9, 9, 9, 0, 255)))
    monkeypatch.setattr(environment_checks, "_timedatectl", lambda: "yes")
    monkeypatch.setattr(environment_checks, "certificate_expiry", lambda name: now() + timedelta(days=90))


@pytest.fixture
def place(office: Office, tmp_path: Path) -> EnvironmentContext:
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "CHANGELOG.md").write_text("# Catatan\n\n## 1.2.0 – 2026-11-29\n")
    return EnvironmentContext(
        office.path.parent,
        url_of(office.path),
        now(),
        "pengaduan.example",
        tmp_path / "gangguan.jsonl",
        tmp_path / "program",
    )


@pytest.fixture
def look(place: EnvironmentContext) -> Look:
    def findings() -> dict[str, Finding]:
        database.close_all()
        try:
            return check_duties(replace(place, at=now()))
        finally:
            database.connect()

    return findings


def states(findings: dict[str, Finding], state: str) -> set[str]:
    return {name for name, finding in findings.items() if finding.state == state}


def test_an_office_that_has_seen_to_everything_has_nothing_to_do(
    office: Office, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNING_URL", "https://tte.example")
    store_setting(BACKUP_PLACE, "sftp://cadangan.example/panel", today())
    Backup.create(at=now() - timedelta(hours=25), name="panel-x.cadangan", place="sftp://cadangan.example/panel")
    record_key_printed(keys.key_fingerprint(keys.key_from(office.path.parent)), now())
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    smtp.install("smtp+plain://127.0.0.1:9")
    record_verification(7, [])
    findings = look()
    smtp.install("")
    assert states(findings, WELL) == {duty.name for duty in DUTIES}
    assert [name for name, finding in findings.items() if not finding.sentence.endswith(".")] == []


def test_an_office_without_backups_is_in_danger_until_it_says_how_it_copies(look: Look) -> None:
    findings = look()
    assert states(findings, WRONG) == {"backup"}
    assert findings["backup"].sentence == failure_checks.NOWHERE
    store_setting(BACKUP, "Disalin Diskominfo tiap malam.", today())
    findings = look()
    assert states(findings, WRONG) == set()
    assert findings["backup"].sentence == "Diatur sendiri oleh kantor: Disalin Diskominfo tiap malam."
    assert findings["sheet"].sentence == findings["place"].sentence == failure_checks.OTHERS


def test_a_copy_is_in_danger_until_somebody_has_decided_and_one_for_practice_is_not(office: Office, look: Look) -> None:
    var = office.path.parent
    installation.mark_as(var, installation.RESTORED)
    assert look()["backup"] == Finding(WRONG, installation.sentence(var))
    installation.mark_as(var, installation.TRIAL)
    assert look()["backup"] == Finding(UNKNOWN, installation.PRACTICE)


def test_a_backup_that_is_late_or_was_never_verified_is_reported(look: Look) -> None:
    store_setting(BACKUP_PLACE, "sftp://cadangan.example/panel", today())
    assert look()["backup"] == Finding(UNKNOWN, failure_checks.FIRST)
    Backup.create(at=now() - timedelta(hours=27), name="panel-x.cadangan", place="/x")
    assert look()["backup"] == Finding(WRONG, "Cadangan terakhir yang teruji sudah 27 jam yang lalu.")


def test_backups_on_the_disk_of_the_data_or_on_a_missing_one_are_reported(look: Look, tmp_path: Path) -> None:
    for place, finding in (
        (tmp_path, Finding(WRONG, failure_checks.SAME)),
        (tmp_path / "tidak-ada", Finding(WRONG, failure_checks.ABSENT)),
        ("sftp://cadangan.example/panel", Finding(UNKNOWN, failure_checks.UNREACHED)),
    ):
        store_setting(BACKUP_PLACE, str(place), today())
        assert look()["place"] == finding


def test_a_place_far_away_is_well_once_a_good_backup_lies_in_it(look: Look) -> None:
    far = "sftp://cadangan.example/panel"
    store_setting(BACKUP_PLACE, far, today())
    for place, fault in ((far, "Cadangan tidak dapat ditulis."), ("/x", "")):
        Backup.create(at=now(), name=f"panel-{place[-1]}.cadangan", place=place, fault=fault)
        assert look()["place"] == Finding(UNKNOWN, failure_checks.UNREACHED)
    Backup.create(at=now(), name="panel-y.cadangan", place=far)
    assert look()["place"] == Finding(WELL, failure_checks.FAR)


def test_a_place_taken_by_another_server_is_reported_at_once_until_the_role_is_decided(
    office: Office, look: Look
) -> None:
    store_setting(BACKUP_PLACE, "/x", today())
    fault = bound.OTHERS.format(place="/x", since="01-11-2026 01.00")
    Backup.create(at=now() - timedelta(hours=2), name="panel-x.cadangan", place="/x")
    Backup.create(at=now() - timedelta(hours=1), name="panel-y.cadangan", place="/x", fault=fault)
    assert look()["backup"] == Finding(WRONG, fault)
    installation.make_production(office.path.parent, now(), "another")
    assert look()["backup"].state == WELL


def test_two_partitions_of_a_disk_are_one_disk_and_what_lies_over_two_is_both(tmp_path: Path) -> None:
    device = os.stat(tmp_path).st_dev
    blocks, hardware = tmp_path / "block", tmp_path / "hardware"
    for node in ("sda/sda1", "sda/sda2", "sdb/sdb1"):
        (hardware / node).mkdir(parents=True)
        (hardware / node / "partition").touch()
    (hardware / "dm-0" / "slaves").mkdir(parents=True)
    for lower in ("sda/sda2", "sdb/sdb1"):
        (hardware / "dm-0" / "slaves" / lower[4:]).symlink_to(hardware / lower)
    blocks.mkdir()
    node = blocks / f"{os.major(device)}:{os.minor(device)}"
    for lies_on, disks in (("sda/sda1", {"sda"}), ("sdb/sdb1", {"sdb"}), ("dm-0", {"sda", "sdb"})):
        node.unlink(missing_ok=True)
        node.symlink_to(hardware / lies_on)
        assert failure_checks.disks_of(tmp_path, blocks) == disks
    node.unlink()
    assert failure_checks.disks_of(tmp_path, blocks) == {node.name}


def test_a_key_that_was_never_on_paper_is_reported_until_its_sheet_is_printed(office: Office, look: Look) -> None:
    store_setting(BACKUP_PLACE, "sftp://cadangan.example/panel", today())
    assert look()["sheet"] == Finding(UNKNOWN, failure_checks.KEYLESS)
    mark = keys.key_fingerprint(keys.key_from(office.path.parent))
    assert look()["sheet"] == Finding(UNKNOWN, failure_checks.UNREAD)
    failure_checks.backfill_key_sheets(now())
    record_key_printed("ANOTHER1", now())
    assert look()["sheet"] == Finding(WRONG, failure_checks.UNPRINTED)
    record_key_printed(mark, now() - timedelta(days=1))
    record_key_printed(mark, now())
    assert look()["sheet"].state == WELL
    assert KeySheet.get_by_id(mark).at > now() - timedelta(minutes=1)


def test_sheets_of_before_are_found_in_the_history_and_looked_for_once(office: Office) -> None:
    admin, at = office["admin"], now() - timedelta(days=40)
    record_edit(admin, [KEY_SHEET_TITLE], by=viewer(admin), what=f"mencetak {KEY_SHEET_TITLE} bertanda 1A2B3C4D", at=at)
    record_edit(
        office["petugas"], ["Surel"], by=viewer(admin), what=f"mencetak {KEY_SHEET_TITLE} bertanda FALSCH", at=at
    )
    failure_checks.backfill_key_sheets(now())
    assert {row.mark: row.at for row in KeySheet.select()}["1A2B3C4D"] == at
    assert KeySheet.select().count() == 2
    record_edit(admin, [KEY_SHEET_TITLE], by=viewer(admin), what=f"mencetak {KEY_SHEET_TITLE} bertanda 99999999")
    failure_checks.backfill_key_sheets(now())
    assert KeySheet.select().count() == 2
    assert Event.select().count() == 3


def test_a_key_that_is_gone_or_open_to_others_is_reported_while_the_panel_still_serves(
    office: Office, look: Look
) -> None:
    """The next start would refuse: before it, somebody can still bring the key back."""
    key = office.path.parent / PANEL
    assert look()["key"] == Finding(WELL, environment_checks.PRIVATE)
    key.chmod(0o644)
    assert look()["key"] == Finding(WRONG, environment_checks.READABLE.format(path=key))
    key.unlink()
    assert look()["key"] == Finding(WRONG, environment_checks.LOST.format(path=key))
    assert not key.exists()


def test_a_key_is_missed_only_where_something_waits_for_it(place: EnvironmentContext, tmp_path: Path) -> None:
    fresh = tmp_path / "baru"
    fresh.mkdir(mode=0o700)
    nothing = replace(place, var=fresh, url=f"sqlite:///{fresh / 'panel.sqlite'}")
    assert check_duties(nothing)["key"] == Finding(UNKNOWN, environment_checks.UNMADE_KEY)
    assert not list(fresh.iterdir())
    away = replace(nothing, url="postgresql://panel@127.0.0.1:1/panel")
    assert check_duties(away)["key"] == Finding(UNKNOWN, UNASKED)


def test_failures_of_the_last_day_are_counted_whatever_else_is_in_their_log(
    place: EnvironmentContext, look: Look
) -> None:
    assert place.failures
    day, log = timedelta(days=1), place.failures
    assert look()["answers"] == Finding(WELL, failure_checks.NONE)
    moments = [now() - day - timedelta(minutes=1), now() - timedelta(hours=3), now() - timedelta(hours=1)]
    lines = [json.dumps({"at": at.isoformat(timespec="milliseconds"), "id": "4711-0815"}) for at in moments]
    log.write_text("\n".join([*lines, "{", '{"at": 7}', '{"at": "2026-99-99T00:00:00+07:00"}', "[]"]) + "\n")
    finding = look()["answers"]
    assert finding.state == WRONG
    assert finding.sentence.startswith("2 halaman gagal dijawab")
    assert f"{moments[-1]:%H.%M}" in finding.sentence
    log.rename(log.with_name("gangguan.jsonl.1"))  # as it is turned over when it is full
    log.write_text(lines[-1] + "\n")
    assert look()["answers"].sentence.startswith("3 halaman")


def test_a_flood_of_failures_is_reported_as_more_than_a_thousand(place: EnvironmentContext, look: Look) -> None:
    assert place.failures
    place.failures.write_text(f'{{"at": "{now().isoformat()}"}}\n' * 1_500)
    assert look()["answers"].sentence.startswith("Lebih dari 1.000 halaman gagal")


def test_without_a_log_nothing_is_said_of_failures(place: EnvironmentContext) -> None:
    assert failure_checks.answers(replace(place, failures=None)) == Finding(UNKNOWN, failure_checks.UNLOGGED)


def test_e_mails_given_up_are_reported_for_a_day_except_alerts(office: Office, look: Look) -> None:
    queue.queue([queue.NewEmail(name, "uji") for name in "ab"], now())
    queue.queue([queue.NewEmail("c", failure_checks.KIND)], now())
    assert look()["letters"] == Finding(UNSET, failure_checks.NO_MAIL)
    for row in QueuedEmail.select().where(QueuedEmail.key != "b"):
        queue.withhold(row, "Gagal.", now(), queue.GIVEN_UP)
    assert look()["letters"] == Finding(WRONG, "1 surel gagal dikirim dalam 24 jam terakhir.")
    QueuedEmail.update(next_at=now() + queue.ADDRESS_RETENTION - timedelta(hours=25)).execute()
    assert look()["letters"].state != WRONG


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [(31, WELL, "berlaku sampai"), (29, WRONG, "29 hari lagi"), (-1, WRONG, "sudah berakhir")],
)
def test_a_certificate_is_reported_a_month_before_its_end(
    place: EnvironmentContext, monkeypatch: pytest.MonkeyPatch, days: int, state: str, words: str
) -> None:
    end = place.at + timedelta(days=days, hours=1)
    monkeypatch.setattr(
        environment_checks, "certificate_expiry", lambda name: end if name == "pengaduan.example" else None
    )
    finding = environment_checks.certificate(place)
    assert (finding.state, words in finding.sentence) == (state, True)
    assert environment_checks.certificate(replace(place, own_name="lain.example")).state == UNKNOWN
    assert environment_checks.certificate(replace(place, own_name="")) == Finding(UNKNOWN, environment_checks.NO_HTTPS)


@pytest.mark.parametrize(("in_step", "state"), [(True, WELL), (False, WRONG), (None, UNKNOWN)])
def test_a_clock_that_is_not_synchronised_is_reported(
    place: EnvironmentContext, monkeypatch: pytest.MonkeyPatch, in_step: bool | None, state: str
) -> None:
    monkeypatch.setattr(environment_checks, "is_synchronised", lambda at: in_step)
    assert environment_checks.clock(place).state == state


def test_a_clock_that_was_set_back_is_reported_first(office: Office, look: Look) -> None:
    office.receive(at=now() + timedelta(hours=1))
    assert "Jam server mundur" in look()["clock"].sentence


def releases(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / "releases" / name).mkdir(parents=True)
        (folder / "releases" / name / "CHANGELOG.md").write_text(f"# Catatan\n\n## {name} – 2026-11-29\n\n- Baru.\n")
    return folder / "releases" / names[0]


def test_a_later_version_that_is_installed_but_unused_is_reported(place: EnvironmentContext, tmp_path: Path) -> None:
    house = releases(tmp_path, "1.9.0", "1.10.0", "1.2.0")
    (house.parent / "setengah-jadi").mkdir()
    finding = environment_checks.version(replace(place, house=house))
    assert finding == Finding(WRONG, environment_checks.NEWER.format(newer="1.10.0", ours="1.9.0"))
    assert environment_checks.version(replace(place, house=house.parent / "1.10.0")).state == WELL
    assert environment_checks.version(replace(place, house=house.parent / "setengah-jadi")).state == UNKNOWN


@pytest.mark.parametrize(("at", "state"), [("2027-11-30T12:00", WELL), ("2027-12-01T12:00", WRONG)])
def test_a_version_that_is_older_than_a_year_is_reported(place: EnvironmentContext, at: str, state: str) -> None:
    moment = datetime.fromisoformat(f"{at}+07:00")
    assert environment_checks.version(replace(place, at=moment)).state == state


def test_a_database_that_is_away_is_reported_and_the_other_duties_as_well(
    look: Look, place: EnvironmentContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(DATABASE_ERRORS[0]("away")))
        database.close_all()
        findings = check_duties(place)
    database.connect()
    assert findings["database"] == Finding(WRONG, checks.AWAY)
    assert {findings[duty.name].sentence for duty in DUTIES if duty.asks_database} == {checks.AWAY, UNASKED}
    assert findings["certificate"].state == findings["disk"].state == WELL


def damaged(path: Path, begin: int) -> None:
    database.close_all()
    whole = path.read_bytes()
    path.write_bytes(whole[:begin] + b"\xa5" * (len(whole) - begin))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@pytest.mark.parametrize("begin", [0, 65536], ids=["its head, too", "all but its schema"])
def test_a_damaged_file_is_reported_as_that_wherever_it_is_noticed(
    office: Office, place: EnvironmentContext, begin: int
) -> None:
    damaged(office.path, begin)
    findings = check_duties(place)
    database.close_all()
    assert findings["database"] == Finding(WRONG, OUTAGE_SENTENCES[Outage.DAMAGED])
    assert {findings[duty.name].sentence for duty in DUTIES if duty.asks_database} == {
        OUTAGE_SENTENCES[Outage.DAMAGED],
        UNASKED,
    }
    assert findings["disk"].state == WELL


def test_a_database_locked_by_another_process_is_not_reported_as_away(
    place: EnvironmentContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fault = OperationalError("database is locked")
        patch.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(fault))
        database.close_all()
        findings = check_duties(place)
    database.connect()
    assert findings["database"] == Finding(WRONG, OUTAGE_SENTENCES[Outage.BUSY])


def test_a_look_makes_no_database_where_there_is_none(place: EnvironmentContext, tmp_path: Path) -> None:
    absent = tmp_path / "lain.sqlite"
    assert check_duties(replace(place, url=f"sqlite:///{absent}"))["database"].state == WRONG
    assert not absent.exists()


def test_a_look_that_stumbles_takes_no_other_along(office: Office, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment_checks, "certificate_expiry", lambda name: name.end)
    with outside(office.path) as owner:
        owner.execute("ALTER TABLE verification RENAME TO other")
        owner.execute("DELETE FROM migration WHERE name LIKE '0009%'")
    findings = look()
    assert findings["chain"] == findings["certificate"] == Finding(UNKNOWN, STUMBLED)
    assert findings["migration"].state == WRONG


def test_no_sentence_names_a_case(office: Office, look: Look) -> None:
    [case] = office.receive(at=now() - timedelta(hours=2), persons={"pengadu": {"name": "Suparmi"}})
    record_verification(9, [f"Pengaduan {case} telah berubah."])
    findings = look()
    assert {"press", "chain"} <= states(findings, WRONG)
    sentences = " ".join(finding.sentence for finding in findings.values())
    assert [
        word for word in ("Suparmi", User.get(username="petugas").name, f"Pengaduan {case}") if word in sentences
    ] == []
