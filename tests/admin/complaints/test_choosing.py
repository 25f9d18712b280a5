"""All that a list's filters leave, chosen at once: frozen then, at most so many, and only what the person may see."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from admin.door.rows import MOST_IDS
from admin.lists import bulk_actions
from models.complaint.complaint import Complaint
from tests.admin.case.test_steps import typed
from tests.admin.doors import Visitor, words
from tests.office import EMERGENCY, Office

At = Callable[[str], Visitor]
CHOSEN = re.compile(r'name="pilihan" value="([^"]+)"')


def choose(visitor: Visitor, listed: str) -> str:
    """The page after the button "Pilih semua … hasil" of a list."""
    page = visitor.get(listed).text
    [address] = re.findall(r'formaction="([^"]+)"[^>]*>Pilih semua', page)
    return str(visitor.post(unescape(address), action="semua").text)


def test_all_that_a_filter_leaves_is_raised_and_what_came_later_is_not(office: Office, at: At) -> None:
    ids = office.receive(22, until="raise")
    others = office.receive(2, category=EMERGENCY, until="raise")
    visitor = at("petugas")
    category = Complaint.get_by_id(ids[0]).category_id
    page = choose(visitor, f"/pengaduan/?flt2_2={category}")
    assert "22 pengaduan dipilih" in words(page)
    assert "Naikkan ke Kepala Dinas (22)" in words(page)
    later = office.receive(until="raise")
    step = visitor.post("/pengaduan/action/", action="raise", pilihan=CHOSEN.findall(page)[0])
    assert "Naikkan ke Kepala Dinas (22)" in words(step.text)
    done = visitor.landed(visitor.client.post("/pengaduan/langkah/raise/", data=typed(step.text)))
    assert "22 pengaduan selesai diproses" in words(done.text)
    assert {office.state(case) for case in [*others, *later]} == {"raise"}


def test_of_more_than_one_act_takes_the_first_are_chosen_and_the_rest_is_said(
    office: Office, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "MOST_IDS", 20)
    ids = office.receive(22)
    page = choose(at("petugas"), "/pengaduan/?sort=0")
    assert "20 dari 22 pengaduan dipilih, menurut urutan daftarnya; sisanya setelah ini." in words(page)
    assert CHOSEN.findall(page) == [f"{ids[0]}-{ids[19]}"]


def test_what_is_no_longer_to_be_seen_is_left_out_and_named(office: Office, at: At) -> None:
    [mine] = office.receive()
    [secret] = office.receive(category="kdrt")
    step = at("petugas2").post("/pengaduan/action/", action="raise", pilihan=f"{mine} {secret}")
    assert "1 yang dipilih tidak lagi dapat Anda buka" in words(step.text)
    assert Complaint.get_by_id(secret).number not in step.text


def test_what_a_choice_names_twice_is_one_row(office: Office, at: At) -> None:
    first, *_, last = office.receive(3, until="raise")
    step = at("petugas").post("/pengaduan/action/", action="raise", pilihan=f"{first}-{last} {first}-{last}")
    assert "Naikkan ke Kepala Dinas (3)" in words(step.text)
    assert "tidak lagi dapat Anda buka" not in words(step.text)


@pytest.mark.parametrize("text", ["", "x", "0", "1-", "5-1", f"1-{MOST_IDS + 1}", "1 1-9999999999", "1,2", "9" * 30])
def test_a_choice_that_no_page_has_made_is_refused(office: Office, at: At, text: str) -> None:
    office.receive()
    answer = at("petugas").post("/pengaduan/action/", action="raise", pilihan=text)
    assert answer.status_code == 400
    assert "Pilihan pada halaman ini tidak terbaca" in words(answer.text)


@pytest.mark.parametrize("listed", ["/disposisi/", "/nota-dinas/", "/dokumen/"])
def test_every_list_with_acts_chooses_all_of_its_rows(office: Office, at: At, unprinted: None, listed: str) -> None:
    office.bring(office.receive(22), "deliver")
    visitor = at("kadis")
    page = choose(visitor, listed)
    answer = visitor.post(f"{listed}action/", action="merge", pilihan=CHOSEN.findall(page)[0], **{"url": listed})
    if listed == "/dokumen/":
        assert "Gabungkan" in answer.text
    else:
        assert answer.mimetype == "application/pdf" or listed == "/disposisi/"
    assert "Menunggu" in words(page) or listed == "/dokumen/"


def test_a_page_that_shows_all_offers_no_choice_of_more(office: Office, at: At) -> None:
    office.receive(3)
    page = at("petugas").page("/pengaduan/")
    assert page.count('name="rowid"') == 3
    assert "Pilih semua 3" not in page
