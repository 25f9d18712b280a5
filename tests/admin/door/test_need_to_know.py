"""Who needs to know: secret cases, drafts, hints of other cases, and an admin who gives no user access."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import visible
from models.office.lists import Category, StandingTeam
from models.office.people import Division, User, today
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.access import ADMIN, PENGAWAS
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor
from tests.office import EMERGENCY, SECRET, Office, numbers_asked_of

At = Callable[[str], Visitor]


def secret_case(office: Office, *named: str, **data: object) -> int:
    """A secret case that the unit PPA leads, these people named."""
    [case] = office.receive(category=SECRET, **data)
    office.bring([case], "dispose")
    units = {d.code: d.id for d in Division.select()}
    office.do([case], "dispose", unit=units["PPA"], others=[units["REHSOS"]], named=[office[n].id for n in named])
    return case


def test_of_an_addressed_unit_only_those_named_read_a_secret_case(office: Office, at: At) -> None:
    case = secret_case(office, "staf.rehsos")
    assert at("staf.rehsos").get(f"/pengaduan/details/?id={case}").status_code == 200
    assert at("bidang.rehsos").get(f"/pengaduan/details/?id={case}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_that_does_not_send_the_secrecy_leaves_it(office: Office, at: At, count: int) -> None:
    cases = office.receive(count, category=SECRET)
    office.bring(cases, "dispose")
    versions = ",".join(f"{c.id}:{c.version}" for c in Complaint.select())
    unit = str(Division.get(code="PPA").id)
    assert at("kadis").post("/pengaduan/langkah/dispose/", cases=versions, unit=unit).status_code in {200, 303}
    assert {(c.state, c.secrecy) for c in Complaint.select()} == {("handle", "rahasia")}


@pytest.mark.parametrize("role", [ADMIN, PENGAWAS])
def test_who_was_named_and_holds_another_office_now_reads_nothing(office: Office, role: str) -> None:
    case = secret_case(office, "staf.rehsos")
    User.update(role=role).where(User.username == "staf.rehsos").execute()
    person = User.get(username="staf.rehsos")
    assert not visible(person, Complaint).exists()
    assert workflow.load([case], person, office.at) == {}


def test_the_standing_team_reads_the_secret_cases_of_its_category_while_it_is_one(office: Office) -> None:
    [secret] = office.receive(category=SECRET)
    [plain] = office.receive(category=SECRET, secrecy="terbatas")
    StandingTeam.create(category=Category.get(code=SECRET), user=office["staf.rehsos"])
    person = User.get(username="staf.rehsos")
    assert {c.id for c in visible(person, Complaint)} == {secret}
    assert plain not in workflow.load([secret, plain], person, office.at)
    StandingTeam.update(valid_to=today() - timedelta(days=1)).execute()
    assert not visible(User.get(username="staf.rehsos"), Complaint).exists()


def test_the_emergency_unit_reads_and_helps_until_it_has_acted(office: Office, at: At) -> None:
    [case] = office.receive(category=EMERGENCY, emergency=True, title="Darurat sekarang", until="raise")
    staff = at("staf.rehsos")
    assert "Darurat sekarang" in staff.get("/pengaduan/").text
    assert staff.get(f"/pengaduan/langkah/assist/?id={case}").status_code == 200
    office.bring([case], "dispose")
    office.do([case], "dispose", unit=Division.get(code="PPKB").id)
    assert staff.get(f"/pengaduan/details/?id={case}").status_code == 200
    office.do([case], "assist", by="bidang.rehsos")
    assert staff.get(f"/pengaduan/details/?id={case}").status_code == 404
    assert "Darurat sekarang" not in staff.get("/pengaduan/").text


def test_what_the_unit_is_writing_is_its_own_until_it_is_submitted(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    given = {**office.blanks(case, "handle", office["staf.rehsos"]), "facts": "Belum jadi"}
    workflow.save_draft(case, "handle", by=office["staf.rehsos"], at=office.tick(), blanks=given)
    draft = RECORDS["assessment"].get(complaint=case)
    doors = (
        f"/pengaduan/details/?id={case}",
        f"/asesmen/details/?id={draft.id}",
        f"/dokumen/konsep/{case}/berkas_asesmen.pdf",
    )
    for reader in ("petugas", "kadis", "pengawas"):
        visitor = at(reader)
        assert [visitor.get(door).status_code for door in doors] == [200, 404, 404], reader
        assert "Belum jadi" not in visitor.get(doors[0]).text
        assert "Belum ada Asesmen yang dapat Anda buka." in visitor.text("/asesmen/")
    assert [at("bidang.rehsos").get(door).status_code for door in doors[:2]] == [200, 200]
    office.do([case], "handle", by="staf.rehsos")
    assert "Belum jadi" in at("kadis").get(doors[0]).text


def test_nothing_shows_the_number_of_an_original_that_one_may_not_open(office: Office, at: At) -> None:
    [secret] = office.receive(category=SECRET, by="petugas2")
    number = Complaint.get_by_id(secret).number
    [other] = office.receive(by="petugas2")
    office.do([other], "duplicate", by="petugas2", original=number)
    for door in (f"/pengaduan/details/?id={other}", "/riwayat/", f"/pengaduan/langkah/reopen/?id={other}"):
        assert number not in at("petugas").get(door).text, door
        assert number in at("petugas2").get(door).text or "langkah" in door, door


def test_what_is_said_of_two_cases_is_read_and_found_by_users_who_may_open_both(office: Office, at: At) -> None:
    [secret] = office.receive(category=SECRET, by="petugas2")
    [other] = office.receive(by="petugas2")
    number = Complaint.get_by_id(secret).number
    office.do([other], "tie", by="petugas2", number=number, note="KAKAKBERADIK")
    doors = (f"/pengaduan/details/?id={other}", "/riwayat/")
    for door in (*doors, "/cari/?q=kakakberadik", "/temukan/?q=kakakberadik", "/pengaduan/?search=kakakberadik"):
        page = at("petugas").get(door).text
        assert number not in page, door
        assert "KAKAKBERADIK" not in page, door
    for door in doors:
        assert number in at("petugas2").get(door).text, door
    assert "KAKAKBERADIK" in at("petugas2").get(doors[0]).text


@pytest.mark.parametrize("key", [key for key in vocabulary().transitions if numbers_asked_of(key)])
def test_a_page_that_is_too_old_shows_nothing_of_the_case_that_was_named_meanwhile(
    office: Office, at: At, key: str
) -> None:
    [secret] = office.receive(category=SECRET, by="petugas2")
    mine, other = office.receive(2)
    number, version = Complaint.get_by_id(secret).number, Complaint.get_by_id(mine).version
    naming = numbers_asked_of(key)[0]
    office.do([mine], key, by="petugas2", **{naming: number, "note": "KATAKUNCI"})
    typed = {**office.fields(mine, key, office["petugas"]), naming: Complaint.get_by_id(other).number}
    page = at("petugas").post(f"/pengaduan/langkah/{key}/", cases=f"{mine}:{version}", do="perform", **typed)
    assert page.status_code == 409
    assert number not in page.text
    assert "KATAKUNCI" not in page.text


@pytest.mark.parametrize(("username", "role"), [("petugas2", ADMIN), ("admin", "petugas")])
def test_an_account_never_changes_between_admin_and_another_role(
    office: Office, at: At, username: str, role: str
) -> None:
    second = User.create(username="admin2", name="Dua", role=ADMIN, password_hash=office["admin"].password_hash)
    user = User.get(username=username)
    before = office.digest()
    fields = {"name": user.name, "nip": "", "pangkat": "", "role": role, "active": "1", "version": str(user.version)}
    answer = at(second.username).post(f"/pengguna/edit/?id={user.id}", **fields)
    assert "tidak saling berganti" in answer.text
    assert office.digest() == before


def test_one_nip_does_not_stand_under_an_admin_and_a_role_that_reads_cases(office: Office, at: At) -> None:
    User.update(nip="199001012015012001").where(User.role == ADMIN).execute()
    fields = {
        "username": "kedua",
        "name": "Akun Kedua",
        "nip": "199001012015012001",
        "role": "petugas",
        "active": "1",
    }
    assert "tidak sekaligus memegang" in at("admin").post("/pengguna/new/", **fields).text
    assert not User.select().where(User.username == "kedua").exists()
