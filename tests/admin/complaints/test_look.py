"""How a list looks to its user: one line a row by choice, columns in his own order, chips, the card beside the list."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from bench import pages
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.office.preferences import NamedView
from sop.vocabulary import vocabulary
from tests.admin.complaints.test_named_views import columns
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office

At = Callable[[str], Visitor]
ALL = ["number", "title", "state", "row_due_at", "received_at"]
LIST = "/pengaduan/"
PHONE = "081298765432"


def arrange(visitor: Visitor, asked: str = "", **fields: Any) -> Any:
    return visitor.post(f"{LIST}action/{asked}", action="susunan", **fields)


def is_dense(page: str) -> bool:
    return bool(re.search(r'<table class="list brief \w+ dense"', page))


@pytest.mark.parametrize("path", [LIST, "/dokumen/", "/riwayat/"])
def test_a_list_is_dense_in_the_browser_that_chose_it_and_comes_back_where_it_was(
    office: Office, at: At, path: str
) -> None:
    office.receive(22, until="raise")
    visitor, other = at("petugas"), at("petugas2")
    asked = "?sort=0&desc=1&page=1"
    [address] = re.findall(r'<form class="look" method="post" action="([^"]+)"', visitor.get(path + asked).text)
    assert not is_dense(visitor.get(path).text)
    answer = visitor.post(unescape(address), action="susunan", kerapatan="rapat")
    assert (answer.status_code, {*answer.location.partition("?")[2].split("&")}) == (303, {*asked[1:].split("&")})
    assert is_dense(visitor.get(path).text)
    assert not is_dense(other.get(path).text)
    visitor.post(f"{path}action/", action="susunan", kerapatan="lega")
    assert not is_dense(visitor.get(path).text)


def test_columns_are_chosen_moved_and_remembered_for_their_user_alone(office: Office, at: At) -> None:
    office.receive()
    visitor, other = at("petugas"), at("petugas2")
    assert columns(visitor.get(LIST).text) == ALL
    arrange(visitor, kolom=["received_at", "state"])
    assert columns(visitor.get(LIST).text) == ["number", "received_at", "state"]
    moved = arrange(visitor, "?flt0_0=raise", kolom=["received_at", "state"], naik="state")
    assert moved.location == f"{LIST}?flt0_0=raise&atur=1#kolom"
    assert '<details class="columns" id="kolom" open>' in visitor.get(moved.location).text
    assert columns(visitor.get(LIST).text) == ["number", "state", "received_at"]
    assert columns(other.get(LIST).text) == ALL
    assert NamedView.select().count() == 1
    assert b"received_at" not in bytes(NamedView.get().asked)
    arrange(visitor, kolom=["state", "received_at"], semula="1")
    assert columns(visitor.get(LIST).text) == ALL
    assert not NamedView.select().exists()


@pytest.mark.parametrize(
    "sent", [{"kolom": "tidak-ada"}, {}, {"kolom": "state", "turun": "tidak-ada"}, {"kerapatan": "x"}]
)
def test_a_form_of_columns_that_names_none_or_unknown_ones_changes_nothing_else(
    office: Office, at: At, sent: dict[str, str]
) -> None:
    office.receive()
    visitor = at("petugas")
    assert arrange(visitor, **sent).status_code == 303
    page = visitor.get(LIST).text
    assert columns(page) == (["number", "state"] if "turun" in sent else ALL)
    assert not is_dense(page)


def test_a_saved_view_keeps_the_columns_it_was_saved_with(office: Office, at: At) -> None:
    office.receive()
    visitor = at("petugas")
    arrange(visitor, kolom=["row_due_at", "state"])
    visitor.post(f"{LIST}action/?flt0_0=raise", action="simpan-tampilan", nama="Batas dahulu")
    arrange(visitor, "?flt0_0=raise", semula="1")
    assert columns(visitor.get(visitor.get(LIST).location).text) == ["number", "row_due_at", "state"]
    assert "Tampilan saya: Batas dahulu" in words(visitor.get(visitor.get(LIST).location).text)


def test_an_export_has_its_own_columns_whatever_is_seen(office: Office, at: At) -> None:
    office.receive()
    visitor = at("petugas")
    before = visitor.get(f"{LIST}export/csv/").text.partition("\n")[0]
    arrange(visitor, kolom="state")
    assert visitor.get(f"{LIST}export/csv/").text.partition("\n")[0] == before


def test_each_filter_is_a_chip_that_leaves_the_others(office: Office, at: At) -> None:
    office.receive(until="raise")
    page = at("petugas").get(f"{LIST}?flt0_0=raise&flt4_4=biasa").text
    chips = [
        (unescape(url), words(text)) for url, text in re.findall(r'<a class="chip" href="([^"]+)">(.+?)</a>', page)
    ]
    assert chips == [
        (f"{LIST}?flt4_4=biasa", "Hapus saringan Status: Menunggu dinaikkan ×"),
        (f"{LIST}?flt0_0=raise", "Hapus saringan Kerahasiaan: Biasa ×"),
    ]
    assert re.search(rf'href="{LIST}">Hapus semua saringan', page)
    searched = at("petugas").get(f"{LIST}?search=Siti").text
    assert "Hapus pencarian “Siti”" in words(searched)
    assert "Hapus pencarian dan saringan</a></ul>" not in searched


# The card beside the list


def test_a_card_says_what_the_case_is_is_noted_and_costs_little(office: Office, at: At) -> None:
    [case] = office.receive(until="raise", story=f"Atap bocor, hubungi {PHONE}.")
    visitor = at("petugas")
    with pages.counted() as sent:
        page = visitor.get(f"{LIST}ringkas/{case}/")
    assert len([one for one in sent if not one.startswith(pages.UNCOUNTED)]) <= pages.MOST_STATEMENTS
    text, complaint = words(page.text), Complaint.get_by_id(case)
    for part in (complaint.number, complaint.title, "Menunggu dinaikkan", "Naikkan ke Kepala Dinas", "Form Pengaduan"):
        assert part in text
    assert PHONE not in text
    assert [(row.complaint_id, row.what) for row in Seen.select()] == [(case, "pratinjau")]
    visitor.get(f"{LIST}ringkas/{case}/")
    assert Seen.select().count() == 1


def test_a_case_in_every_state_has_its_card_with_a_deadline_while_it_is_open(office: Office, at: At) -> None:
    for state, label in vocabulary().states.items():
        [case] = office.receive()
        office.bring([case], state)
        answer = at("kadis").get(f"{LIST}ringkas/{case}/")
        assert (answer.status_code, label in words(answer.text)) == (200, True), state
        assert ("paling lambat" in answer.text) == (state in vocabulary().open_states), state


def test_a_card_of_a_case_that_one_may_not_open_is_not_there_and_notes_nothing(office: Office, at: At) -> None:
    [secret] = office.receive(category=SECRET)
    for who in ("bidang.rehsos", "staf.rehsos", "admin"):
        answer = at(who).get(f"{LIST}ringkas/{secret}/")
        assert answer.status_code in (403, 404)
        assert Complaint.get_by_id(secret).title not in answer.text
    assert at("bidang.rehsos").get(f"{LIST}ringkas/{secret + 999}/").status_code == 404
    assert not Seen.select().exists()
