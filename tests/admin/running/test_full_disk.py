"""The disk fills: what is not secret can still be read, its notes wait in the reserve, and all heals by itself."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from admin.door.sessions import READ_ONLY
from admin.sign_in import passwords, signin
from models.complaint import accesslog_reserve
from models.complaint.accesslog import Reading, Seen, cases_of
from models.complaint.accesslog_reserve import Reserve
from models.complaint.complaint import Complaint
from models.office.people import User
from models.operations import checks
from models.sign_in import attempts_on_full_disk, sign_in_attempts
from models.sign_in.factor import SecondFactor
from models.sign_in.session import SIGNED_OUT, WRITTEN_EVERY, Session, forget_unwritten
from models.sign_in.sign_in_attempts import NAME_AT_PLACE, FailedTries, KnownPlace, UntoldFailures
from models.store.base import database, now
from models.store.sqlite import GuardedSqlite
from tests.admin.case.test_steps import address, typed
from tests.admin.doors import Visitor, signed_in, words
from tests.admin.sign_in.phone import Phone
from tests.office import PASSWORD, SECRET, Office, outside, url_of

At = Callable[[str], Visitor]
HEADING = "Tempat penyimpanan penuh"
THROTTLE = (FailedTries, KnownPlace, UntoldFailures)
NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"""


class Disk:
    """The disk of the panel's database, as the panel meets it: each of its connections, from the next request on."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office, self.patched = office, monkeypatch
        self.tables = [model._meta.table_name for model in (Seen, Reading, Complaint, Session, SecondFactor, *THROTTLE)]

    def fill(self) -> None:
        database.close_all()  # the test's own connection, which it opens by asking
        if self.office.path.suffix == ".sqlite":
            connect = GuardedSqlite._connect
            self.patched.setattr(GuardedSqlite, "_connect", lambda of: _only_reading(connect(of)))
            return
        with outside(self.office.path) as owner:
            owner.execute(NO_ROOM)
            for table in self.tables:
                act = "BEFORE INSERT" if table in ("seen", "reading") else "BEFORE INSERT OR UPDATE"
                owner.execute(f"CREATE TRIGGER full_{table} {act} ON {table} EXECUTE FUNCTION no_room()")

    def heal(self) -> None:
        database.close_all()
        if self.office.path.suffix == ".sqlite":
            self.patched.undo()
            database.close_idle()
            return
        with outside(self.office.path) as owner:
            owner.execute("DROP FUNCTION no_room CASCADE")


def _only_reading(connection: Any) -> Any:
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only = 1")
    return connection


@pytest.fixture
def disk(office: Office, panel: Flask) -> Iterator[Disk]:
    made = Disk(office, pytest.MonkeyPatch())
    yield made
    made.patched.undo()
    forget_unwritten()


def page(case: int) -> str:
    return f"/pengaduan/details/?id={case}"


def openings(office: Office) -> list[tuple[str, int, str]]:
    """Who opened which case as what, in the order of the log."""
    people = {user.id: name for name, user in office.people.items()}
    return [(people[row.user_id], row.complaint_id, row.what) for row in Seen.select().order_by(Seen.id)]


def test_what_is_not_secret_is_read_on_a_full_disk_and_its_notes_come_into_the_log_in_order_once(
    office: Office, at: At, disk: Disk
) -> None:
    first, second = office.receive(2, title="Bantuan terlambat")
    petugas, kadis = at("petugas"), at("kadis")
    disk.fill()
    order = [("petugas", second), ("kadis", first), ("petugas", first)]
    for visitor, case in ((petugas, second), (kadis, first), (petugas, second), (petugas, first)):
        answer = visitor.get(page(case))
        assert (answer.status_code, "Bantuan terlambat" in answer.text) == (200, True)
    assert (openings(office), accesslog_reserve.waiting_entries()) == ([], 3)
    reserve = (office.path.parent / accesslog_reserve.NAME).read_bytes()
    assert b"rincian" not in reserve
    disk.heal()
    accesslog_reserve._installed[0].again = 0.0
    assert petugas.get("/").status_code == 200
    assert openings(office) == [(who, case, "rincian") for who, case in order]
    assert [row.version for row in Seen.select()] == [1, 1, 1]
    assert (accesslog_reserve.waiting_entries(), accesslog_reserve.move_reserve_to_log()) == (0, None)
    assert len(openings(office)) == 3


def test_what_is_secret_is_not_shown_without_its_note_in_the_log(office: Office, at: At, disk: Disk) -> None:
    [case] = office.receive(category=SECRET, title="Hanya yang tercatat")
    office.receive(title="Bantuan terlambat")
    petugas = at("petugas")
    disk.fill()
    for path, code in ((page(case), 503), ("/pengaduan/", 200), ("/", 200), ("/pengaduan/?search=tercatat", 200)):
        answer = petugas.get(path)
        assert (answer.status_code, HEADING in answer.text) == (code, True), path
        assert "Hanya yang tercatat" not in answer.text
    assert "Bantuan terlambat" in petugas.get("/pengaduan/").text
    assert accesslog_reserve.waiting_entries() == 0
    disk.heal()
    assert petugas.get(page(case)).status_code == 200
    assert "Hanya yang tercatat" in petugas.get("/pengaduan/").text


def test_a_list_that_is_logged_whole_waits_with_its_cases_and_its_surat_tugas(
    office: Office, at: At, disk: Disk
) -> None:
    cases = office.receive(3, title="Bantuan terlambat")
    pengawas = at("pengawas")
    disk.fill()
    assert pengawas.get("/pengaduan/?search=terlambat").status_code == 200
    assert not Reading.select().exists()
    disk.heal()
    accesslog_reserve._installed[0].move()
    [reading] = Reading.select()
    assert (reading.what, cases_of(reading), reading.rows) == ("daftar pengaduan", set(cases), 3)
    assert reading.mandate is not None
    assert b"terlambat" not in bytes(reading.asked)


def test_a_full_reserve_closes_reading(office: Office, at: At, disk: Disk) -> None:
    [case] = office.receive()
    petugas = at("petugas")
    small = Reserve(office.path.parent / "small", size=64)
    accesslog_reserve._installed[:] = [accesslog_reserve.ReserveState(small)]
    disk.fill()
    assert petugas.get(page(case)).status_code == 503
    disk.heal()
    assert petugas.get(page(case)).status_code == 200


def test_an_end_between_the_log_and_the_emptying_moves_nothing_twice(
    office: Office, at: At, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office.receive(2)
    petugas = at("petugas")
    disk.fill()
    petugas.get(page(first))
    disk.heal()
    with monkeypatch.context() as killed:
        killed.setattr(Reserve, "empty", lambda _: (_ for _ in ()).throw(KeyboardInterrupt()))
        with suppress(KeyboardInterrupt):
            accesslog_reserve._installed[0].move()
    accesslog_reserve.install(office.path.parent)
    disk.fill()
    petugas.get(page(second))
    disk.heal()
    assert accesslog_reserve._installed[0].move() == 1
    assert [case for _, case, _ in openings(office)] == [first, second]


def test_what_is_written_on_a_full_disk_is_refused_whole_and_can_be_sent_again(
    office: Office, at: At, disk: Disk
) -> None:
    [case] = office.receive(until="raise")
    petugas = at("petugas")
    form, before = typed(petugas.get(address("raise", case)).text), office.digest()
    disk.fill()
    refused = petugas.client.post("/pengaduan/langkah/raise/", data=form)
    assert (refused.status_code, HEADING in refused.text) == (503, True)
    assert office.digest() == before
    disk.heal()
    assert petugas.client.post("/pengaduan/langkah/raise/", data=form).status_code == 303
    assert office.state(case) == "dispose"


def test_monitoring_reports_waiting_log_lines_and_imports_them_without_a_visitor(
    office: Office, at: At, disk: Disk
) -> None:
    [case] = office.receive()
    petugas = at("petugas")
    disk.fill()
    petugas.get(page(case))

    def faults() -> dict[str, str]:
        accesslog_reserve._installed[0].again = 0.0
        return checks.failed_checks(office.path.parent, url_of(office.path))

    assert "1 catatan akses" in faults()["notes"]
    disk.heal()
    assert "notes" not in faults()
    assert openings(office) == [("petugas", case, "rincian")]


def test_on_a_full_disk_one_comes_in_reads_and_goes_and_the_session_gets_its_row_once_there_is_room(
    office: Office, panel: Flask, disk: Disk
) -> None:
    [case] = office.receive(title="Bantuan terlambat")
    disk.fill()
    visitor, other = Visitor(panel), Visitor(panel)
    assert [one.sign_in(name).status_code for one, name in ((visitor, "petugas"), (other, "kadis"))] == [303, 303]
    assert READ_ONLY in visitor.text("/")
    assert "Bantuan terlambat" in visitor.text(page(case))
    copy = Visitor(panel)
    copy.client.set_cookie("panel", other.client.get_cookie("panel").value)
    assert other.post("/keluar").location == "/masuk"
    assert copy.get("/").location.startswith("/masuk")
    assert not Session.select().exists()
    disk.heal()
    with time_machine.travel(now() + 2 * WRITTEN_EVERY, tick=True):
        assert visitor.get("/").status_code == 200
        reasons = {row.user.username: row.why for row in Session.select()}
        assert reasons == {"petugas": "", "kadis": SIGNED_OUT}
        assert "Kepala" not in copy.get("/").text
        forget_unwritten()  # as after a restart
        assert visitor.get("/").status_code == 200
        assert copy.get("/").location.startswith("/masuk")


def test_a_session_of_a_full_disk_ends_with_its_user_s_role(office: Office, panel: Flask, disk: Disk) -> None:
    disk.fill()
    visitor = signed_in(panel, "petugas")
    disk.heal()
    User.update(active=False).where(User.username == "petugas").execute()
    assert visitor.client.get("/").location.startswith("/masuk")


def test_a_locked_session_is_opened_on_a_full_disk(office: Office, at: At, disk: Disk) -> None:
    petugas = at("petugas")
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        assert petugas.client.get("/").location.startswith("/masuk")
        disk.fill()
        assert "tidak cocok" in petugas.post("/buka", sandi_kunci="tebakan").text
        assert petugas.post("/buka", sandi_kunci=PASSWORD).status_code == 303
        assert READ_ONLY in petugas.text("/")


def test_who_has_a_second_factor_reads_on_and_unlocks_and_comes_in_again_once_there_is_room(
    office: Office, at: At, panel: Flask, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that could not be recorded as used would open twice."""
    phone, kadis = Phone(monkeypatch), at("kadis")
    phone.set_up(kadis)
    disk.fill()
    assert kadis.get("/pengaduan/").status_code == 200
    late = Visitor(panel)
    assert late.sign_in("kadis").location.startswith("/masuk/kode")
    refused = late.post("/masuk/kode", kode=phone.code())
    assert (refused.status_code, signin.NO_ROOM in words(refused.text)) == (503, True)
    assert late.get("/pengaduan/").location.startswith("/masuk")
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        assert kadis.post("/buka", sandi_kunci=PASSWORD).status_code == 303
        assert READ_ONLY in kadis.text("/")
    disk.heal()
    assert late.post("/masuk/kode", kode=phone.again()).status_code == 303
    assert late.get("/pengaduan/").status_code == 200


def test_tries_on_a_full_disk_are_counted_imported_and_reported(
    office: Office, panel: Flask, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.fill()
    thief, owner = Visitor(panel, REMOTE_ADDR="198.51.100.9"), Visitor(panel, REMOTE_ADDR="192.0.2.7")
    codes = [thief.sign_in("petugas", f"tebakan {n}").status_code for n in range(12)]
    assert codes == [200] * NAME_AT_PLACE.free + [429] * (12 - NAME_AT_PLACE.free)
    assert owner.sign_in("petugas").status_code == 303
    assert "kali gagal masuk" not in owner.text("/")
    disk.heal()
    assert thief.sign_in("petugas", PASSWORD).status_code == 429
    assert owner.sign_in("petugas").status_code == 303
    assert f"{NAME_AT_PLACE.free} kali gagal masuk" in owner.text("/")
    assert attempts_on_full_disk.rows() == {}
    assert thief.sign_in("petugas", PASSWORD).status_code == 429
    later = now() + NAME_AT_PLACE.longest
    monkeypatch.setattr(sign_in_attempts, "now", lambda: later)
    assert thief.sign_in("petugas", PASSWORD).status_code == 303


def test_a_right_password_on_a_full_disk_takes_back_what_it_cost(office: Office, panel: Flask, disk: Disk) -> None:
    disk.fill()
    codes = [Visitor(panel).sign_in("petugas").status_code for _ in range(12)]
    assert codes == [303] * 12


def test_where_tries_cannot_be_counted_no_password_is_looked_at_and_the_page_says_why(
    office: Office, at: At, panel: Flask, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked_out = at("petugas")
    (office.path.parent / attempts_on_full_disk.NAME).unlink()
    monkeypatch.setattr(signin, "check_password", lambda *_: pytest.fail("a password was looked at"))
    monkeypatch.setattr(passwords, "check_password", lambda *_: pytest.fail("a password was looked at"))
    disk.fill()
    answer = Visitor(panel).sign_in("petugas")
    assert (answer.status_code, signin.NO_ROOM in words(answer.text)) == (503, True)
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        opened = locked_out.post("/buka", sandi_kunci=PASSWORD)
        assert (opened.status_code, signin.NO_ROOM in words(opened.text)) == (422, True)
