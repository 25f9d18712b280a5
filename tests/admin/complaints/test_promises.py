"""What is due stands on the start page of who looks after it, on its case and in a list, each with the way on."""

import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from admin.complaints import promises
from admin.complaints.promises import OF_ONE_CASE, TOO_MANY
from admin.desk.cards import DUE
from models.complaint.accesslog import Reading
from models.complaint.complaint import Complaint
from models.office.people import today
from models.records.promises import UNIT, Pledge
from sop.procedure import LANES, PETUGAS
from sop.vocabulary import CLOSED
from sop.words import format_date
from tests.admin.doors import words
from tests.office import Office
from tests.papers.reading import said
from tests.papers.reading import words as without_spaces


@pytest.fixture
def case(office: Office) -> int:
    [case] = office.receive()
    office.bring([case], CLOSED)
    office.do([case], "promise", what="Bantuan cair", day=today() - timedelta(days=3))
    office.do([case], "promise", what="Kunjungan ulang", day=today(), caretaker=UNIT)
    office.do([case], "promise", what="Surat dibalas", day=today() + timedelta(days=9))
    return case


def test_the_start_page_names_what_is_due_for_whom(at, case: int) -> None:
    clerk = at("petugas").text("/")
    assert "Bantuan cair" in clerk
    assert "Lewat 3 hari" in clerk
    assert "Kunjungan ulang" not in clerk
    assert "Surat dibalas" not in clerk
    unit = at("bidang.rehsos").text("/")
    assert "Kunjungan ulang" in unit
    assert "Jatuh tempo hari ini" in unit
    assert "Kunjungan ulang" not in at("bidang.ppa").text("/")


def test_the_menu_counts_what_is_due_for_the_person(at, case: int) -> None:
    badge = r'<a href="/janji/"[^>]*>Janji <span class="count">(\d+)<span class="unseen"> jatuh tempo<'
    assert [re.findall(badge, at(name).get("/sop/").text) for name in ("petugas", "bidang.rehsos")] == [["1"], ["1"]]
    assert "/janji/" in (page := at("bidang.ppa").get("/sop/").text)
    assert not re.findall(badge, page)


def test_the_page_of_the_case_shows_each_and_leads_to_the_acts(at, case: int) -> None:
    visitor = at("petugas")
    page = visitor.get(f"/pengaduan/details/?id={case}").text
    assert all(f"/langkah/{act}/?id={case}" in page for act in ("promise", "settle", "postpone"))
    asked = visitor.get(f"/pengaduan/langkah/settle/?id={case}").text
    assert all(pledge.words in asked for pledge in Pledge.select())
    assert "Surat dibalas" in words(page)
    assert "9 hari lagi" in words(page)


def test_the_list_has_first_what_is_due_first_and_is_exported(at, case: int, office: Office) -> None:
    office.do([case], "settle", which=Pledge.get(Pledge.what == "Surat dibalas").words, end="ditepati")
    visitor = at("petugas")
    text = words(visitor.get("/janji/").text)
    assert text.index("Bantuan cair") < text.index("Kunjungan ulang") < text.index("Surat dibalas")
    mine = words(visitor.get(f"/janji/?flt0_0={DUE[0]}").text)
    assert "Bantuan cair" in mine
    assert "Kunjungan ulang" not in mine
    lines = visitor.get(f"/janji/export/csv/?{urlencode({'search': 'Surat'})}").text.splitlines()
    assert "Ditepati" in lines[-1]
    assert len(lines) == 2


def ids_of(*promised: str) -> list[str]:
    return [str(pledge.id) for pledge in Pledge.select().order_by(Pledge.id) if pledge.what in promised]


def printed(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    return said(answer.data)


def test_the_agenda_lists_the_chosen_promises_by_day_with_case_and_caretaker(at, case: int) -> None:
    chosen = ids_of("Surat dibalas", "Bantuan cair")
    text = printed(at("petugas").post("/janji/action/", action="agenda", rowid=chosen))
    assert without_spaces(": 2 (dua) janji") in text
    assert text.index("Bantuancair") < text.index("Suratdibalas")
    assert "Kunjunganulang" not in text
    assert Complaint.get_by_id(case).number in text
    assert "Lewattanggal" in text
    assert Reading.select().where(Reading.what == "agenda janji").count() == 0, "nothing rahasia was listed"


def test_the_agenda_names_the_unit_that_sees_to_a_promise(at, case: int) -> None:
    chosen = [str(pledge.id) for pledge in Pledge.select().where(Pledge.caretaker == UNIT)]
    assert chosen
    text = printed(at("petugas").post("/janji/action/", action="agenda", rowid=chosen))
    assert without_spaces(Complaint.get_by_id(case).unit.name) in text
    Complaint.update(secrecy="rahasia").execute()
    text = printed(at("petugas").post("/janji/action/", action="agenda", rowid=chosen))
    assert without_spaces(Complaint.get_by_id(case).unit.name) not in text.partition("AGENDA")[2]


def test_the_agenda_of_a_rahasia_case_names_number_and_day_only_and_is_logged(at, case: int) -> None:
    Complaint.update(secrecy="rahasia").execute()
    text = printed(at("petugas").post("/janji/action/", action="agenda", rowid=ids_of("Bantuan cair")))
    assert "Bantuancair" not in text
    assert LANES[PETUGAS].replace(" ", "") not in text.partition("AGENDA")[2].partition("Paraf")[2]
    assert Complaint.get_by_id(case).number in text
    assert Reading.select().where(Reading.what == "agenda janji").count() == 1


def test_the_slip_says_what_was_promised_by_when_and_whom_to_ask(at, case: int) -> None:
    first, last = ids_of("Kunjungan ulang", "Surat dibalas")
    answer = at("petugas").post("/janji/action/", action="slip", rowid=[last, first])
    text = printed(answer)
    [page] = PdfReader(io.BytesIO(answer.data)).pages
    assert round(float(page.mediabox.height) / 72 * 25.4) == 165
    assert without_spaces(f"{format_date(today())}: Kunjungan ulang") in text
    assert text.index("Kunjunganulang") < text.index("Suratdibalas")
    assert Complaint.get_by_id(case).number in text
    assert without_spaces("dapat ditanyakan dengan menyebut nomor register di atas kepada Petugas") in text


def test_the_slip_names_the_unit_that_sees_to_it_and_what_is_still_needed_of_the_pengadu(at, case: int) -> None:
    Complaint.update(event_place="", asks="").execute()
    unit = Complaint.get_by_id(case).unit.name
    text = printed(
        at("petugas").post("/janji/action/", action="slip", rowid=ids_of("Kunjungan ulang", "Surat dibalas"))
    )
    assert without_spaces(f"Yang menangani 1 : {unit} Yang menangani 2 : {LANES[PETUGAS]}") in text
    assert without_spaces("tempat kejadian; yang diminta pengadu") in text.partition("Yangperludilengkapi:")[2]


def test_the_slip_of_a_rahasia_case_says_number_and_days_only(at, case: int) -> None:
    Complaint.update(secrecy="rahasia", event_place="").execute()
    text = printed(at("petugas").post("/janji/action/", action="slip", rowid=ids_of("Kunjungan ulang")))
    assert not [part for part in ("Yangmemeriksa", "dilengkapi", "Tempatkejadian") if part in text]
    assert without_spaces(Complaint.get_by_id(case).unit.name) not in text
    assert "Kunjunganulang" not in text
    assert "RAHASIA" not in text
    assert without_spaces(format_date(today())) in text
    assert without_spaces("Petugas hanya menjawab pengadu sendiri") in text


def test_a_slip_is_of_one_case_and_of_promises_that_wait(at, case: int, office: Office) -> None:
    [other] = office.receive()
    office.do([other], "promise", what="Janji kasus lain", day=today())
    visitor = at("petugas")
    of_two = visitor.post("/janji/action/", action="slip", rowid=ids_of("Bantuan cair", "Janji kasus lain"))
    office.do([case], "settle", which=Pledge.get(Pledge.what == "Surat dibalas").words, end="ditepati")
    settled = visitor.post("/janji/action/", action="slip", rowid=ids_of("Surat dibalas"))
    assert (of_two.status_code, settled.status_code) == (303, 303)
    assert visitor.get("/janji/").text.count(OF_ONE_CASE) == 2


@pytest.mark.parametrize(("username", "expected"), [("petugas", 200), ("bidang.rehsos", 200), ("pengawas", 404)])
def test_the_slip_is_given_by_those_who_look_after_the_promise(at, case: int, username: str, expected: int) -> None:
    answer = at(username).post("/janji/action/", action="slip", rowid=ids_of("Kunjungan ulang"))
    assert answer.status_code == expected


def test_no_one_prints_a_promise_of_a_case_that_he_may_not_open(at, case: int) -> None:
    for act in ("agenda", "slip"):
        answer = at("bidang.ppa").post("/janji/action/", action=act, rowid=ids_of("Kunjungan ulang"))
        assert answer.status_code == 404


def test_an_agenda_has_at_most_so_many_promises_as_one_table_takes(at, case: int, monkeypatch) -> None:
    monkeypatch.setattr(promises, "MOST", 2)
    visitor, every = at("petugas"), ids_of("Bantuan cair", "Kunjungan ulang", "Surat dibalas")
    assert visitor.post("/janji/action/", action="agenda", rowid=every).status_code == 303
    assert TOO_MANY in visitor.get("/janji/").text
