"""The walk of a trial: of each role the user who signed in last opens what the pages offer, and what fails is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin.server import rehearsal
from admin.server.rehearsal import PageAnswer, PageRefused
from models.complaint.complaint import Complaint
from models.office.people import User
from models.sign_in.session import begin
from models.store.base import now
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")


def asked_of(panel: Flask, **spoiled: int) -> Callable[[str, str], PageAnswer]:
    """The panel's own answers; paths that hold one of these words answer another code."""

    def ask(path: str, cookie: str) -> PageAnswer:
        reply = panel.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})
        return PageAnswer(next((code for word, code in spoiled.items() if word in path), reply.status_code), reply.data)

    return ask


@pytest.fixture
def approved(office: Office) -> Office:
    """A case waits on the desk, and somebody of its unit has signed in a while ago."""
    office.bring(office.receive(), "approve")
    begin(office["bidang.rehsos"], device="", address="", at=now() - timedelta(days=3))
    return office


@pytest.mark.usefixtures("unprinted")
def test_each_role_opens_start_menu_case_desk_and_papers(approved: Office, panel: Flask) -> None:
    [case] = [row.id for row in Complaint.select()]
    opened = rehearsal.walk(panel, asked_of(panel))
    of_unit = opened[opened.index("/", opened.index(f"/meja/approve/{case}/")) :]
    assert opened.count("/") == len({person.role for person in User.select()})
    assert opened.count("/pengaduan/") == opened.count("/") - 1  # an administrator reads no case
    assert f"/pengaduan/details/?id={case}" in of_unit[: of_unit.index("/", 1)]
    assert "/dokumen/formulir-kosong.pdf" in opened
    assert len([path for path in set(opened) if path.startswith("/dokumen/") and path.endswith(".pdf")]) > 1
    assert "/cadangan/" in opened


@pytest.mark.parametrize(("word", "code"), [("/", 500), ("/pengaduan/", 302), ("/pengaduan/", 403)])
def test_whatever_answers_otherwise_is_named_with_its_role_and_code(
    approved: Office, panel: Flask, word: str, code: int
) -> None:
    with pytest.raises(PageRefused, match=f"Halaman {word} bagi .+ menjawab {code}"):
        rehearsal.walk(panel, asked_of(panel, **{word: code}))


def test_a_paper_that_is_none_is_refused() -> None:
    pages = {"/": b'<a href="/dokumen/x1.pdf">', "/dokumen/x1.pdf": b"<!doctype html>"}
    with pytest.raises(PageRefused, match=r"Dokumen /dokumen/x1\.pdf bagi Petugas bukan PDF"):
        list(rehearsal._walk_pages("Petugas", "", lambda path, cookie: PageAnswer(200, pages[path])))


def test_a_server_that_has_gone_is_named_with_the_page() -> None:
    with pytest.raises(PageRefused, match="Halaman / tidak dijawab"):
        rehearsal.ask_over_http("http://127.0.0.1:1")("/", "")
