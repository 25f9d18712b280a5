"""What is due stands on the start page of who looks after it, on its case and in a list, each with the way on."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from admin.desk.cards import DUE
from models.office.people import today
from models.records.promises import UNIT, Pledge
from sop.vocabulary import CLOSED
from tests.admin.doors import words
from tests.office import Office


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
    badge = r'<a href="/janji/"[^>]*>Janji <span class="count">(\d+)<span class="unseen"> menunggu Anda<'
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
