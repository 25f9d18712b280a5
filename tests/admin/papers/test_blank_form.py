"""The blank Form Pengaduan: for the counter, on the office's paper, and for no other role."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from models.office.people import today
from models.office.settings import Setting
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
FORM = "/dokumen/formulir-kosong.pdf"


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_counter_prints_the_blank_form_on_one_page_with_its_back_and_the_receipt_apart(
    office: Office, at: At, size: str
) -> None:
    Setting.create(key="paper.size", value=size, valid_from=today())
    answer = at("petugas").get(FORM)
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) == 3
    assert "FORM PENGADUAN" in pages[0]
    assert "TANDA TERIMA PENGADUAN" in pages[2]


@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos", "pengawas", "admin"])
def test_other_roles_may_not_download_it(office: Office, at: At, username: str) -> None:
    assert at(username).get(FORM).status_code == 403


@pytest.mark.parametrize(("username", "offered"), [("petugas", True), ("kadis", False)])
def test_the_list_of_papers_offers_it_to_the_counter(office: Office, at: At, username: str, offered: bool) -> None:
    assert ("Formulir kosong" in at(username).text("/dokumen/")) == offered
