"""Before the desk signs, the user has proved the identity within half an hour; what was sent goes on after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from models.complaint.complaint import Complaint
from models.office.lists import Reason
from models.office.people import Acting, today
from models.office.settings import PROOF, store_setting
from models.reading.recap_paper import RecapPaper
from models.records.main_line import Approval
from models.sign_in.session import Session
from models.store.base import now
from sop.flow import current_procedure, signs
from sop.procedure import KEPALA_DINAS
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.admin.forms import form_on
from tests.admin.sign_in.phone import Phone
from tests.office import PASSWORD, Office

At = Callable[[str], Visitor]
SIGNING = [step for step in current_procedure().main_line if signs(step)]
KEY = "sandi_kunci"


def grow_stale(minutes: int = 31) -> None:
    """So long ago those who are in last showed who they are; they have been at work ever since."""
    Session.update(proven=now() - timedelta(minutes=minutes)).execute()


def step_sent(visitor: Visitor, key: str, number: int) -> tuple[str, dict[str, str]]:
    address = f"/pengaduan/langkah/{key}/"
    return address, form_on(visitor.get(f"{address}?id={number}").text).sent


def test_the_acts_that_ask_are_those_of_the_kepala_dinas_that_issue_papers() -> None:
    assert {step.key for step in SIGNING} >= {"dispose", "approve"}
    for step in vocabulary().transitions.values():
        assert signs(step) == (step.actor == KEPALA_DINAS and bool(step.papers)), step.key


def test_right_after_sign_in_nothing_is_asked(office: Office, at: At) -> None:
    for step in SIGNING:
        [case] = office.receive()
        office.bring([case], step.key)
        visitor = at("kadis")
        address, sent = step_sent(visitor, step.key, case)
        assert visitor.client.post(address, data=sent).status_code == 303, step.key
        assert office.state(case) != step.key


def test_after_half_an_hour_it_is_asked_once_and_the_form_goes_on(office: Office, at: At) -> None:
    cases = office.receive(2)
    office.bring(cases, "approve")
    visitor = at("kadis")
    address, sent = step_sent(visitor, "approve", cases[0])
    grow_stale()
    asked = visitor.client.post(address, data={**sent, "note": "Segera disampaikan.", "outcome": "catatan"})
    assert asked.status_code == 401
    assert office.state(cases[0]) == "approve"
    page = form_on(asked.text).sent
    assert page["note"] == "Segera disampaikan."
    wrong = visitor.client.post(address, data={**page, KEY: "bukan kata sandinya"})
    assert "tidak cocok" in words(wrong.text)
    assert form_on(wrong.text).sent["note"] == "Segera disampaikan."
    assert visitor.client.post(address, data={**form_on(wrong.text).sent, KEY: PASSWORD}).status_code == 303
    assert office.state(cases[0]) == "deliver"
    assert Approval.select().order_by(Approval.id.desc()).get().note == "Segera disampaikan."
    address, sent = step_sent(visitor, "approve", cases[1])
    assert visitor.client.post(address, data=sent).status_code == 303


def test_the_recap_for_signature_asks_as_every_other_signing_does(office: Office, at: At) -> None:
    visitor = at("kadis")
    month = {"csrf_token": visitor.token(), "dari": today().replace(day=1).isoformat(), "sampai": today().isoformat()}
    grow_stale()
    asked = visitor.client.post("/rekapitulasi/terbit/", data=month)
    assert asked.status_code == 401
    assert not RecapPaper.select().exists()
    done = visitor.client.post("/rekapitulasi/terbit/", data={**form_on(asked.text).sent, KEY: PASSWORD})
    assert done.location.startswith("/rekapitulasi/")
    assert RecapPaper.select().count() == 1


def test_the_desk_asks_in_bulk_and_for_one_and_nothing_is_signed_before(office: Office, at: At) -> None:
    cases = office.receive(3)
    office.bring(cases, "approve")
    visitor = at("kadis")
    token = visitor.token()
    ticked = [f"{case}:{version}" for case, version in versions(cases).items()]
    grow_stale()
    desk = {"csrf_token": token, "do": "perform", "case": ticked, "shown": ",".join(map(str, cases))}
    asked = visitor.client.post("/meja/approve/", data=desk)
    assert asked.status_code == 401
    assert {office.state(case) for case in cases} == {"approve"}
    assert asked.text.count('name="case"') == 3
    done = visitor.client.post("/meja/approve/", data={**desk, KEY: PASSWORD})
    assert done.status_code == 303
    assert {office.state(case) for case in cases} == {"deliver"}
    [other] = office.receive()
    office.bring([other], "approve")
    visitor.get(f"/meja/approve/{other}/")
    grow_stale()
    one = {"csrf_token": visitor.token(), "do": f"decide:approve:{other}:{versions([other])[other]}"}
    assert visitor.client.post("/meja/approve/", data=one).status_code == 401
    assert office.state(other) == "approve"


def versions(cases: list[int]) -> dict[int, int]:
    return {c.id: c.version for c in Complaint.select().where(Complaint.id.in_(cases))}


def test_the_code_serves_as_well_as_the_password_in_the_one_field(office: Office, at: At, phone: Phone) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    visitor = at("kadis")
    phone.set_up(visitor)
    address, sent = step_sent(visitor, "approve", case)
    grow_stale()
    asked = visitor.client.post(address, data=sent)
    assert "Kode aplikasi autentikator atau kata sandi" in words(asked.text)
    assert visitor.client.post(address, data={**sent, KEY: phone.wrong()}).status_code == 401
    assert visitor.client.post(address, data={**sent, KEY: phone.code()}).status_code == 303
    grow_stale()
    [again] = office.receive()
    office.bring([again], "approve")
    address, sent = step_sent(visitor, "approve", again)
    assert visitor.client.post(address, data={**sent, KEY: phone.again()}).status_code == 401
    assert office.state(again) == "approve"


def test_a_user_who_acts_for_the_kepala_dinas_is_asked_too(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "dispose")
    Acting.create(kind="Plh.", user=office["bidang.ppa"], decree="1/2026", decree_date=today())
    visitor = at("bidang.ppa")
    address, sent = step_sent(visitor, "dispose", case)
    grow_stale()
    assert visitor.client.post(address, data=sent).status_code == 401


@pytest.mark.parametrize("key", ["send_back", "submit"])
def test_what_signs_nothing_asks_nothing(office: Office, at: At, key: str) -> None:
    [case] = office.receive()
    office.bring([case], "approve" if key == "send_back" else "submit")
    visitor = at("kadis" if key == "send_back" else "bidang.rehsos")
    address, sent = step_sent(visitor, key, case)
    sent |= {"reason": Reason.get(transition=key).text} if key == "send_back" else {}
    grow_stale()
    assert visitor.client.post(address, data=sent).status_code == 303
    assert office.state(case) == ("handle" if key == "send_back" else "approve")


def test_how_long_it_holds_is_a_setting_and_none_is_asked_at_nought(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    visitor = at("kadis")
    address, sent = step_sent(visitor, "approve", case)
    store_setting(PROOF, 10, today())
    grow_stale(11)
    assert visitor.client.post(address, data=sent).status_code == 401
    store_setting(PROOF, 0, today())
    assert visitor.client.post(address, data=sent).status_code == 303


def test_it_is_of_the_session_and_ends_with_it(office: Office, at: At, panel: Flask, phone: Phone) -> None:
    """Another browser of the same person has proven nothing; a locked page that its password opens has."""
    [case] = office.receive()
    office.bring([case], "approve")
    here, there = at("kadis"), Visitor(panel)
    address, sent = step_sent(here, "approve", case)
    grow_stale()
    there.sign_in("kadis")
    assert here.client.post(address, data=sent).status_code == 401
    Session.update(used=now() - timedelta(minutes=45)).execute()
    assert here.client.post(address, data={**sent, KEY: PASSWORD}).status_code == 303
    assert office.state(case) == "deliver"


def test_guessing_there_waits_as_at_the_sign_in(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    visitor = at("kadis")
    address, sent = step_sent(visitor, "approve", case)
    grow_stale()
    answers = [words(visitor.client.post(address, data={**sent, KEY: f"tebakan {n}"}).text) for n in range(6)]
    assert "Tunggu " in answers[-1]
