"""The desk without script, for an acting official, and for those who have no business there."""

from typing import Any

import pytest

from models.complaint.complaint import Complaint
from models.office.people import Division
from tests.admin.desk.desktop import (
    laid,
    lying,
    on_desk,
    reason,
    send,
    ticked,
)
from tests.admin.doors import words
from tests.models.workflow.acting import at_once
from tests.office import Office


def test_without_script_buttons_lay_blanks_open_and_take_them_away(at: Any, office: Office) -> None:
    case, other = on_desk(office, "dispose", 2)
    kadis, before = at("kadis"), office.digest()
    page = kadis.get("/meja/dispose/").text
    version, why = lying(page)[case], reason("return_file")
    opened = send(kadis, "dispose", page, case, other, do=f"open:return_file:{case}:{version}").text
    assert ticked(opened) == {other}
    assert f'id="return_file-{case}-reason"' in opened
    assert "yang dipilih · kembalikan 1" in words(opened)
    blanks = laid("return_file", case, version, reason=why, note="Uraiannya kurang.")
    again = send(kadis, "dispose", opened, other, do=f"open:dispose:{other}:{lying(opened)[other]}", **blanks).text
    assert "Uraiannya kurang.</textarea>" in again
    assert f'<option selected value="{why}">' in again
    assert f'<option selected value="{Division.get(code="REHSOS").id}">' in again
    closed = send(kadis, "dispose", again, do=f"close:return_file:{case}:{version}", **blanks).text
    assert f'id="return_file-{case}-reason"' not in closed
    assert office.digest() == before


@pytest.mark.parametrize("button", [{}, {"do": "stay"}, {"do": "lain"}])
def test_no_button_decides_but_those_that_say_so(at: Any, office: Office, button: dict[str, str]) -> None:
    cases = on_desk(office, "dispose", 2)
    kadis, before = at("kadis"), office.digest()
    shown = [f"{case}:{version}" for case, version in lying(kadis.get("/meja/dispose/").text).items()]
    answer = kadis.post("/meja/dispose/", case=shown, shown=",".join(shown), **button)
    assert answer.status_code == 200
    assert ticked(answer.text) == set(cases)
    assert office.digest() == before


def test_an_acting_official_meets_the_desk_by_his_title_without_what_is_his_own(at: Any, office: Office) -> None:
    at_once(office, valid_to=None)
    own, other = on_desk(office, "approve", 2, category="kekerasan_perempuan"), on_desk(office, "approve", 2)
    acting = at("bidang.ppa")
    page = acting.get("/").text
    assert "Sri Handayani, Plh. Kepala Dinas" in words(page)
    assert "Menunggu tindak lanjut" in words(page)
    assert set(lying(page)) == set(other)
    token = {"case": [f"{case}:{Complaint.get_by_id(case).version}" for case in own]}
    answer = send(acting, "approve", page, **token)
    assert answer.status_code == 409
    assert {office.state(case) for case in own} == {"approve"}
    assert send(acting, "approve", page, *other).status_code == 200


@pytest.mark.parametrize("username", ["petugas", "bidang.rehsos", "staf.rehsos", "pengawas", "admin"])
def test_no_other_user_comes_to_the_desk(at: Any, office: Office, username: str) -> None:
    [case] = on_desk(office, "approve", 1)
    visitor, before = at(username), office.digest()
    for path in ("/meja/approve/", "/meja/dispose/", "/meja/approve/daftar/"):
        assert visitor.get(path).status_code == 403
    version = Complaint.get_by_id(case).version
    assert visitor.post("/meja/approve/", case=f"{case}:{version}", do="perform").status_code == 403
    assert office.digest() == before


def test_what_no_page_of_ours_sends_is_refused(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    kadis, before = at("kadis"), office.digest()
    for sent in (
        {"case": "x"},
        {"case": "1:1;"},
        {"shown": "0:0"},
        {"open": "approve"},
        {"open": f"withdraw:{case}:1"},
        {"do": "open:hold:1:1"},
        {"do": "only:x"},
        {"case": "1" * 11 + ":1"},
    ):
        assert kadis.post("/meja/approve/", **{"do": "perform", **sent}).status_code == 400, sent
    assert kadis.post("/meja/approve/", case="99999:1", do="perform").status_code == 409
    assert kadis.post("/meja/approve/", do="perform").status_code == 409
    for path in ("/meja/raise/", "/meja/hold/", "/meja/dispose/daftar/"):
        assert kadis.get(path).status_code == 404
    for page in ("0", "-1", "x", "9" * 20, "99"):
        assert kadis.get(f"/meja/approve/?hal={page}").status_code == 200
    assert office.digest() == before
