"""Handing over: all or chosen cases of somebody go to another in one act, and no account is switched off unseen."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from bench.pages import counted
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.scope import visible
from models.office.people import Division, User
from models.reading.queue import assignees_of
from models.workflow import workflow
from sop.flow import current_procedure
from tests.admin.case.test_steps import sent_by, typed
from tests.admin.doors import Visitor, words
from tests.admin.office.test_users import errors, fields_of
from tests.office import PASSWORD_HASH, SECRET, Office

At = Callable[[str], Visitor]
NAME, ALL, UNIT = "Serah Terima", "Serahkan semua", "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"


@pytest.fixture
def staff(office: Office) -> Office:
    """Two members of staff in one unit, and three cases that the head gave to one of them."""
    rehsos = Division.get(code="REHSOS")
    User.create(username="staf2", name="Laras", role="bidang", division=rehsos, password_hash=PASSWORD_HASH)
    office.people = {u.username: u for u in User.select()}
    return office


def given(office: Office, *, count: int = 3) -> list[int]:
    ids = office.receive(count)
    office.bring(ids, "handle")
    office.do(ids, "assign", staff=[office["staf.rehsos"].id])
    return ids


def handed_over(visitor: Visitor, key: str, **blanks: str) -> str:
    """All of the only person of the page goes to another: the page that shows the result."""
    [address] = [a for a in re.findall(rf'href="([^"]+)">{ALL}<', visitor.get("/serah-terima/").text) if key in a]
    answer = sent_by(visitor, key, visitor.get(unescape(address)).text, **blanks)
    assert answer.status_code == 303, words(answer.text)
    return str(visitor.landed(answer).text)


def test_a_head_gives_all_that_somebody_has_to_another_in_one_act(staff: Office, at: At) -> None:
    ids, head = given(staff), at("bidang.rehsos")
    staff.do(ids[:1], "hold")
    assert f"Dewi Lestari {UNIT} 3" in head.text("/serah-terima/")
    page = handed_over(head, "assign", staff=str(staff["staf2"].id))
    assert "3 pengaduan selesai diproses" in words(page)
    assert assignees_of(Complaint.select()) == {key: ["Laras"] for key in ids}
    assert Event.select().where(Event.act == "assign").count() == 6
    assert "Laras" in head.text("/serah-terima/")


@pytest.mark.parametrize("count", [1, 3])
def test_only_who_leaves_is_replaced_and_others_who_share_a_case_stay(staff: Office, at: At, count: int) -> None:
    rehsos = Division.get(code="REHSOS")
    User.create(username="staf3", name="Anggit", role="bidang", division=rehsos, password_hash=PASSWORD_HASH)
    User.update(name="Dewi Lestari, S.Tr.Sos.").where(User.username == "staf.rehsos").execute()
    staff.people = {u.username: u for u in User.select()}
    ids, head = given(staff, count=count), at("bidang.rehsos")
    shared, leaves, stays, comes = ids[0], *(staff[name].id for name in ("staf.rehsos", "staf3", "staf2"))
    staff.do([shared], "assign", staff=[leaves, stays])
    [address] = [
        unescape(a)
        for a in re.findall(rf'href="([^"]+)">{ALL}<', head.get("/serah-terima/").text)
        if f"/{leaves}/" in a
    ]
    page = head.get(address).text
    if count > 1:
        assert "menggantikan Dewi Lestari, S.Tr.Sos.; pelaksana lain pada tiap pengaduan tetap." in words(page)
        sent = [comes]
    else:
        assert typed(page)["staff"] == [str(stays)]
        sent = [stays, comes]  # as it is ticked when it opens, and one more
    answer = sent_by(head, "assign", page, staff=[str(one) for one in sent])
    assert answer.status_code == 303
    names = assignees_of(Complaint.select())
    assert sorted(names[shared]) == ["Anggit", "Laras"]
    assert {key: names[key] for key in ids[1:]} == {key: ["Laras"] for key in ids[1:]}


def test_chosen_ones_are_found_in_the_list_and_what_is_not_ticked_stays_as_it_is(staff: Office, at: At) -> None:
    ids, head = given(staff), at("bidang.rehsos")
    [address] = re.findall(r'href="([^"]+)">Pilih dari daftar<', head.get("/serah-terima/").text)
    assert "3 pengaduan" in head.text(unescape(address))
    page = head.post("/pengaduan/action/", action="assign", rowid=[str(number) for number in ids[1:]]).text
    assert sent_by(head, "assign", page, staff=str(staff["staf2"].id)).status_code == 303
    assert assignees_of(Complaint.select()) == {ids[0]: ["Dewi Lestari"], **{key: ["Laras"] for key in ids[1:]}}
    page = head.post("/pengaduan/action/", action="assign", rowid=[str(number) for number in ids]).text
    assert sent_by(head, "assign", page, note="Mohon hari ini.").status_code == 303
    assert assignees_of(Complaint.select()) == {ids[0]: ["Dewi Lestari"], **{key: ["Laras"] for key in ids[1:]}}


@pytest.mark.parametrize("by", ["petugas", "kadis"])
def test_all_cases_of_a_petugas_go_to_another_who_reads_the_secret_ones_from_then_on(office, at, by) -> None:
    plain, secret, over = (office.receive(category=c)[0] for c in ("bansos_tidak_terima", SECRET, SECRET))
    office.bring([over], "closed")
    handed_over(at(by), "entrust", keeper=str(office["petugas2"].id))
    assert {c.id: c.keeper_id for c in Complaint.select()} == {
        plain: office["petugas2"].id,
        secret: office["petugas2"].id,
        over: None,
    }
    seen = {name: {c.id for c in visible(office[name], Complaint)} for name in ("petugas", "petugas2")}
    assert seen == {"petugas": {plain, over}, "petugas2": {plain, secret}}
    assert "Diserahkan kepada Anda sejak" in at("petugas2").text("/")
    assert "Petugas pemegang Agus Santoso" in at("petugas2").text(f"/pengaduan/details/?id={secret}")


def test_nothing_is_handed_to_who_could_not_act_on_it(staff: Office) -> None:
    [case] = staff.receive()
    for name in ("kadis", "staf2"):
        outcome = workflow.advance(
            [case], "entrust", by=staff["petugas"], at=staff.at, blanks={"keeper": staff[name].id}
        )
        assert "harus Petugas Penanganan Pengaduan yang aktif" in outcome.refused[case]


def test_only_who_may_hand_over_is_offered_it(staff: Office, at: At) -> None:
    given(staff)
    for username, acts in (("petugas", ["entrust"]), ("kadis", ["entrust"]), ("bidang.ppa", []), ("staf2", [])):
        page = at(username).get("/serah-terima/").text
        assert re.findall(rf'/([a-z_]+)/">{ALL}', page) == acts, username
        assert not re.search(r"</summary><ul>\s*</ul>", page), "a noun of the menu over nothing"
        link = f'href="/serah-terima/">{NAME}'
        assert link in at(username).get("/pengaduan/").text
    assert at("pengawas").get("/serah-terima/").status_code == 403
    for key in ("assign", current_procedure().first):
        assert at("staf2").get(f"/serah-terima/{staff['staf.rehsos'].id}/{key}/").status_code == 404


def test_who_manages_the_accounts_reads_in_numbers_what_is_assigned_to_whom(staff: Office, at: At) -> None:
    ids = given(staff)
    text = at("admin").text("/serah-terima/")
    assert f"Dewi Lestari {UNIT} 3 pengaduan ditugaskan kepadanya" in text
    assert "Rina Wulandari Petugas Penanganan Pengaduan 3 pengaduan yang dipegangnya sebagai petugas" in text
    assert f"Bambang Hartono {UNIT} 1 jabatan" in text
    assert not [c.number for c in Complaint.select().where(Complaint.id.in_(ids)) if c.number in text]


def test_nobody_s_unit_is_asked_for_alone(staff: Office, at: At) -> None:
    given(staff)
    admin = at("admin")
    assert len(re.findall("<tr>", admin.page("/serah-terima/"))) > 3
    with counted() as sent:
        admin.page("/serah-terima/")
    assert not [statement for statement in sent if ' FROM "division" ' in statement]


def test_an_account_with_which_something_stands_is_switched_off_only_when_that_was_seen(staff: Office, at: At) -> None:
    ids, person, admin = given(staff), staff["staf.rehsos"], at("admin")
    door, off = f"/pengguna/edit/?id={person.id}", fields_of(person, active=None)
    assert "Yang ada pada Dewi Lestari 3 pengaduan ditugaskan kepadanya" in admin.text(door)
    assert 'name="anyway"' not in admin.page(door)
    refused = admin.post(door, **off)
    assert refused.text.index('name="active"') < refused.text.index('name="anyway"')
    assert "Serahkan dahulu yang ada padanya" in " ".join(errors(refused))
    assert User.get_by_id(person.id).active
    assert admin.post(door, **off, anyway="y").status_code == 303
    assert not User.get_by_id(person.id).active
    assert "Dewi Lestari (nonaktif)" in at("bidang.rehsos").text("/serah-terima/")
    handed_over(at("bidang.rehsos"), "assign", staff=str(staff["staf2"].id))
    assert assignees_of(Complaint.select()) == {key: ["Laras"] for key in ids}
