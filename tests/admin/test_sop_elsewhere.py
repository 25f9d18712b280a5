"""The SOP's sheet in an office that has not signed it: its own head, nobody's signature, and nothing of the city's."""

import json
from pathlib import Path

import pytest

from admin.sop import head_of_sheet
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.office.identity import GOVERNMENT, NAME, sop_head
from models.office.people import Post
from models.office.settings import store_setting, values
from models.workflow import masters
from papers.layout.page import html
from papers.layout.sopsheet import sop_sheet
from sop.procedure import HEAD, is_draft
from tests.models.office.test_identity import say

OF_MALANG = ("Malang", "MALANG", HEAD.approved_name, HEAD.approved_nip, HEAD.number, HEAD.made)


pytestmark = pytest.mark.only("sqlite")


@pytest.fixture(scope="module")
def begun(unnamed: Path) -> Path:
    return unnamed


def test_its_head_follows_the_settings_and_leaves_the_signature_to_its_own_head_of_office(at, office):
    say(office)
    page = at("petugas").text("/sop/")
    assert [words for words in OF_MALANG if words in page] == []
    for words in ("PEMERINTAH KABUPATEN CONTOH", "DINAS SOSIAL", "Kepala Dinas", office["kadis"].name, HEAD.name):
        assert words in page
    assert is_draft(head_of_sheet()) == is_draft(HEAD)  # by the rows alone, whoever signed them


def test_so_does_the_printed_sheet(office):
    say(office)
    page = html(sop_sheet(size="F4", demo=False, head=head_of_sheet()))
    assert [words for words in OF_MALANG if words in page] == []
    assert (office["kadis"].name in page) != is_draft(HEAD)


def test_without_anybody_in_post_the_line_stays_empty(at, office):
    say(office)
    Post.delete().execute()
    head = head_of_sheet()
    assert (head.approved_title, head.approved_name, head.approved_nip) == ("Kepala Dinas", "", "")
    assert "…………" in at("petugas").text("/sop/")


def test_before_it_has_said_who_it_is_the_head_is_a_gap(at):
    assert [words for words in OF_MALANG if words in at("admin").text("/sop/")] == []


def test_its_papers_name_the_sop_without_the_number_of_another_office(office):
    say(office)
    [case] = office.receive()
    content = content_of(Paper.get(kind="form_pengaduan"), open_seals([case])[case])
    assert content["sop"] == {"number": "", "revision": "", "name": HEAD.name, "row": 1}
    assert f"SOP {HEAD.name} – langkah 1" in " ".join(html(content).split())
    assert "Malang" not in json.dumps(content)


def test_where_it_was_signed_it_stands_as_signed(office):
    store_setting(GOVERNMENT, "Pemerintah  Kota Malang", masters.SINCE)
    store_setting(NAME, "DINAS SOSIAL", masters.SINCE)
    assert sop_head(values()) is HEAD
