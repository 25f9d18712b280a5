"""The start page: each role sees what waits for it, as many as there are, the urgent first, and where it leads."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from admin.desk import queues
from admin.desk.queues import queue_url
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.calendar import Holiday
from models.office.people import Acting, Division, User
from models.reading import queue
from models.store.base import now
from sop import access
from sop.vocabulary import vocabulary
from tests.office import EMERGENCY, SECRET


def test_a_case_given_to_one_member_of_staff_waits_for_him_and_the_head_only(panel, office):
    [case] = office.receive()
    office.bring([case], "handle")
    assert queue.own_queues(viewer(office["staf.rehsos"]), now()).waiting[0].count == 1
    office.do([case], "assign", by="bidang.rehsos", staff=[office["bidang.rehsos"].id])
    for username, count in (("staf.rehsos", 0), ("bidang.rehsos", 1)):
        office[username].__dict__.pop("_viewer", None)
        assert queue.own_queues(viewer(office[username]), now()).waiting[0].count == count


def test_the_list_behind_a_figure_is_filtered_by_the_state(panel):
    with panel.test_request_context():
        assert all(queue_url(state).endswith(f"={state}") for state, _ in vocabulary().states.items())


def test_only_what_is_decided_one_by_one_is_said_to_be(panel, office, monkeypatch):
    office.bring(office.receive(3), "approve")
    office.bring(office.receive(category=SECRET), "approve")
    monkeypatch.setattr(queues, "MOST_IN_ADDRESS", 2)  # the third is beyond the most that an address takes
    with panel.test_request_context():
        [card] = [one for one in queues.queue_cards(viewer(office["kadis"]), now()) if one.big and one.count]
    assert card.act == "Setujui (2)"
    assert card.singly == 1


def test_emergencies_come_first_then_what_is_late(panel, office):
    late, fresh = office.receive(until="raise"), office.receive(until="raise")
    urgent = office.receive(category=EMERGENCY, emergency=True, until="raise")
    Complaint.update(row_due_at=now() - timedelta(days=3)).where(Complaint.id == late[0]).execute()
    Complaint.update(row_due_at=now() + timedelta(days=3)).where(Complaint.id.in_([*urgent, *fresh])).execute()
    Complaint.update(legal_due_at=now() + timedelta(days=9)).execute()
    first = queue.first(viewer(office["petugas"]), now(), 5)
    assert [c.id for c in first] == [*urgent, *late, *fresh]


def test_what_is_urgent_or_late_is_said_in_words(at, office):
    [case] = office.receive(category=EMERGENCY, emergency=True, until="raise")
    text = at("petugas").text("/")
    assert "1 darurat" in text
    assert "Lewat SOP" in text
    assert Complaint.get_by_id(case).number in text


def test_what_is_open_and_late_opens_as_a_list_of_as_many(at, office):
    late, over, fresh = office.receive(), office.receive(), office.receive(2)
    Complaint.update(row_due_at=now() + timedelta(days=1), legal_due_at=now() + timedelta(days=9)).execute()
    Complaint.update(legal_due_at=now() - timedelta(days=1)).where(Complaint.id.in_(late)).execute()
    Complaint.update(row_due_at=now() - timedelta(days=1)).where(Complaint.id.in_(over)).execute()
    page = at("pengawas").get("/").text
    [(address, count)] = re.findall(r'<a href="([^"]+)">Masih terbuka dan lewat waktu <strong>(\d+)', page)
    listed = at("pengawas").get(unescape(address)).text
    shown = {c.id for c in Complaint.select() if f">{c.number}<" in listed}
    assert (shown, count) == ({*late, *over}, "2")
    assert not shown & set(fresh)


def test_an_empty_desk_says_so(at):
    assert "Tidak ada pengaduan yang menunggu Anda sekarang." in at("petugas").text("/")


def test_only_the_petugas_begins_a_complaint_from_here(at):
    assert 'href="/pengaduan/new/"' in at("petugas").get("/").text
    for username in ("kadis", "bidang.rehsos", "pengawas", "admin"):
        assert 'href="/pengaduan/new/"' not in at(username).get("/").text


def test_acting_officials_stand_on_the_pages_of_kadis_and_pengawas(at, office):
    assert "Tidak ada Plt. atau Plh." in at("kadis").text("/")
    Acting.create(
        kind="Plh.",
        user=office["bidang.rehsos"],
        decree="SP/7/2026",
        decree_date=date(2026, 1, 2),
        valid_to=date(2099, 12, 31),
    )
    Acting.create(
        kind="Plt.",
        user=office["staf.rehsos"],
        decree="SP/8/2026",
        decree_date=date(2026, 1, 2),
        division=Division.get(code="PPA"),
    )
    Acting.create(
        kind="Plh.",
        user=office["petugas"],
        decree="SP/9/2020",
        decree_date=date(2020, 1, 2),
        valid_to=date(2020, 12, 31),
    )
    for username in ("kadis", "pengawas", "bidang.rehsos"):
        text = at(username).text("/")
        assert "Selama 1 Januari 2020–31 Desember 2099 Plh. Kepala Dinas: Bambang Hartono (SP/7/2026)" in text
        assert "Sejak 1 Januari 2020 Plt. Kepala UPT" in text
        assert "(SP/8/2026)" in text
        assert "SP/9/2020" not in text
    assert "SP/7/2026" not in at("petugas").text("/")


def test_outside_working_hours_the_page_says_that_the_clock_stands(at):
    Holiday.insert(day=now().date(), name="Libur uji", kind="libur").on_conflict_ignore().execute()
    assert "Di luar jam kerja, jam SOP berhenti" in at("petugas").text("/")


@pytest.mark.only("sqlite")
def test_the_start_page_of_a_role_without_a_lane_says_that_no_step_waits_for_it(at, office, monkeypatch):
    monkeypatch.setitem(access.ROLES, "arsiparis", "Arsiparis")
    for noun in ("beranda", "nomor"):
        readers, writers = access.PAGES[noun]
        monkeypatch.setitem(access.PAGES, noun, (readers | {"arsiparis"}, writers))
    User.update(role="arsiparis").where(User.username == "petugas2").execute()
    page = at("petugas2").text("/")
    assert "Tidak ada langkah SOP yang menunggu peran Anda." in page
    assert "Penomoran" in page


def test_what_changed_stands_on_the_start_page_the_list_and_the_case_and_goes_once_dealt_with(at, office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back", note="Lengkapi fakta.")
    visitor, step = at("bidang.rehsos"), vocabulary().transitions["send_back"]
    doors = ("/", "/pengaduan/", f"/pengaduan/details/?id={case}")
    for door in doors:
        text = visitor.text(door)
        assert re.search(rf"{step.news} sejak 5 Okt 2026 09\.\d\d oleh Wicaksono Pradipta \(Kepala Dinas\)", text), door
    assert step.news not in at("petugas").text("/pengaduan/")
    office.do([case], "handle", by="bidang.rehsos")
    for door in doors:
        assert step.news not in visitor.text(door), door


def test_the_desk_shows_what_changed_since_the_last_decision(at, office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "refuse", note="Bukan tugas kami.")
    assert f"{vocabulary().transitions['refuse'].news} sejak" in at("kadis").text("/")


def test_all_that_changed_opens_as_a_list_of_as_many(at, office):
    ids = office.receive(7)
    office.bring(ids, "approve")
    office.do(ids[1:], "send_back", note="Lengkapi fakta.")
    visitor = at("staf.rehsos")
    [(address, count)] = re.findall(r'href="([^"]+)">Lihat semua (\d+)<', visitor.get("/").text)
    listed = visitor.get(unescape(address)).text
    shown = {c.id for c in Complaint.select() if f">{c.number}<" in listed}
    assert (shown, count) == (set(ids[1:]), "6")


def test_staff_have_a_queue_of_what_they_were_given_and_heads_see_and_filter_by_whom(at, office):
    mine, other = office.receive(2)
    office.bring([mine, other], "handle")
    office.do([mine], "assign", staff=[office["staf.rehsos"].id])
    given, numbers = vocabulary().transitions["assign"].news, {c.id: c.number for c in Complaint.select()}
    page = at("staf.rehsos").get("/").text
    [(address, count)] = re.findall(rf'<a href="([^"]+)">{given} <span class="figure">(\d+)', page)
    listed = at("staf.rehsos").get(unescape(address)).text
    assert count == "1"
    assert f">{numbers[mine]}<" in listed
    assert f">{numbers[other]}<" not in listed
    head = at("bidang.rehsos")
    assert given not in head.text("/")
    page = head.get("/pengaduan/").text
    assert "Pelaksana: Dewi Lestari" in page
    [(name, value)] = re.findall(r'name=(flt\d+_\d+)>(?:(?!</select>).)*value="(\d+)">Dewi Lestari', page, re.S)
    assert value == str(office["staf.rehsos"].id)
    listed = head.get(f"/pengaduan/?{name}={value}").text
    assert f">{numbers[mine]}<" in listed
    assert f">{numbers[other]}<" not in listed
    assert "Pelaksana:" not in at("kadis").text("/pengaduan/")
