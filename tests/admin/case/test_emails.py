"""Kabar kepada pengadu on the case's page: who sees it, what it says of each e-mail, and one that goes once more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from admin.case.emails import NOTHING_YET, QUEUED, TOO_LATE
from models.complaint.complaint import CaseKey
from models.complaint.event import open_seals
from models.email import queue, smtp, to_pengadu
from models.email.queue import ADDRESS, STATES, QueuedEmail
from models.email.to_pengadu import TELLS
from models.office.settings import MAIL_SENDER, TELL_CITIZENS, store_setting
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office, worked

At = Callable[[str], Visitor]
EMAIL, PHONE = "suparmi@contoh.id", "0812-3456-7890"
PENGADU = {"name": "Suparmi", "email": EMAIL, "phone": PHONE}
TITLE = "Kabar kepada pengadu"


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def work(office: Office) -> None:
        store_setting(MAIL_SENDER, "panel@dinas.example", office.at.date())
        store_setting(TELL_CITIZENS, True, office.at.date())

    return worked(template, tmp_path_factory.mktemp("emails"), work)


@pytest.fixture
def at(at: At) -> Iterator[At]:
    """After the panel was made, which knows no server."""
    smtp.install("smtp://mail.example")
    yield at
    smtp.install("")


def received(office: Office, **more: object) -> int:
    [case] = office.receive(persons={"pengadu": {**PENGADU, **more}})
    return case


def ended(case: int, state: str) -> QueuedEmail:
    """The case's e-mail as one that was sent, and became this."""
    email: QueuedEmail = QueuedEmail.get(QueuedEmail.case == case)
    assert queue.try_lease(email, now())
    sealed = open_seals([case])[case].close_text(ADDRESS, EMAIL)
    QueuedEmail.update(address=sealed).where(QueuedEmail.id == email.id).execute()
    queue.settle(email, state, "Kata server.", now())
    return email


def page(visitor: Visitor, case: int) -> str:
    return str(visitor.get(f"/pengaduan/details/?id={case}").text)


def test_each_email_is_shown_with_its_state_and_its_address_masked(office: Office, at: At) -> None:
    case = received(office)
    assert STATES[queue.WAITING] in words(page(at("petugas"), case))
    ended(case, queue.GIVEN_UP)
    card = page(at("petugas"), case)
    assert f"{TELLS['received']} {STATES[queue.GIVEN_UP]}" in words(card)
    assert "s********@contoh.id" in card
    assert EMAIL not in card
    assert "Kata server." in card
    assert "Kirim lagi" in card


def test_who_may_not_see_contact_data_sees_nothing_of_it(office: Office, at: At) -> None:
    case = received(office)
    office.bring([case], "handle")
    for who, sees in {"petugas2": True, "bidang.rehsos": True, "kadis": True, "pengawas": False}.items():
        assert (TITLE in page(at(who), case)) is sees, who


def test_what_was_given_up_goes_once_more_by_a_click_and_only_once(office: Office, at: At) -> None:
    case = received(office)
    email = ended(case, queue.UNKNOWN)
    way, petugas = f"/pengaduan/kabar/{case}/{email.id}/", at("petugas")
    assert at("pengawas").post(way).status_code == 403
    assert petugas.post(f"/pengaduan/kabar/{received(office)}/{email.id}/").status_code == 404
    assert QueuedEmail.get_by_id(email.id).state == queue.UNKNOWN
    petugas.post(way)
    assert QUEUED in words(page(petugas, case))
    petugas.post(way)
    assert TOO_LATE in words(page(petugas, case))
    row = QueuedEmail.get_by_id(email.id)
    assert (row.state, row.again_by_id) == (queue.WAITING, office["petugas"].id)


def test_a_do_not_call_mark_is_shown_and_stops_sending_by_a_click_too(office: Office, at: At) -> None:
    case, petugas = received(office), at("petugas")
    email = ended(case, queue.GIVEN_UP)
    office.do([case], "correct", new_value={"pengadu.do_not_call": True})
    card = page(petugas, case)
    assert to_pengadu.DO_NOT_CALL in words(card)
    assert "Kirim lagi" not in card
    petugas.post(f"/pengaduan/kabar/{case}/{email.id}/")
    assert QueuedEmail.get_by_id(email.id).state == queue.GIVEN_UP


def test_where_no_email_goes_the_page_says_why_and_where_the_office_sends_none_it_is_silent(
    office: Office, at: At
) -> None:
    [without], petugas = office.receive(), at("petugas")
    assert to_pengadu.NO_ADDRESS in words(page(petugas, without))
    case = received(office)
    QueuedEmail.delete().execute()
    assert NOTHING_YET in words(page(petugas, case))
    CaseKey.delete().where(CaseKey.complaint == case).execute()
    assert TITLE not in page(petugas, case)
    smtp.install("")
    assert TITLE not in page(petugas, without)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("more", "says"),
    [({}, "PGD/"), ({"category": SECRET}, "Ada kabar dari kantor kami"), ({"do_not_call": True}, "")],
)
def test_a_number_that_is_opened_brings_the_same_words_for_a_chat(
    office: Office, at: At, more: dict[str, object], says: str
) -> None:
    data = {"category": more["category"]} if "category" in more else {}
    person = {**PENGADU, **{name: value for name, value in more.items() if name not in data}}
    [case] = office.receive(persons={"pengadu": person}, **data)
    petugas = at("petugas")
    petugas.post(f"/pengaduan/kontak/{case}/pengadu/", reason="progress")
    link = page(petugas, case).split('href="https://wa.me/')[1].split('"')[0]
    [text] = parse_qs(urlsplit(link).query).get("text", [""])
    assert says in text
    assert bool(text) is bool(says)
    assert ("PGD/" in text) is (says == "PGD/")


def test_the_admin_sees_which_emails_wait_or_failed_and_none_of_their_text(office: Office, at: At) -> None:
    taken, failed, _ = received(office), received(office), received(office)
    ended(taken, queue.TAKEN)
    ended(failed, queue.GIVEN_UP)
    text = words(at("admin").get("/surel/").text)
    assert text.count("Pengadu ") >= 2
    for state, is_there in {queue.GIVEN_UP: True, queue.TAKEN: False}.items():
        assert (STATES[state] in text.partition("Keadaan")[2]) is is_there
    for word in (TELLS["received"], "PGD/", "contoh.id", "Suparmi"):
        assert word not in text
    assert at("petugas").get("/surel/").status_code == 403
    queue.forget_addresses(now() + queue.ADDRESS_RETENTION + timedelta(days=1))
    assert STATES[queue.GIVEN_UP] not in words(at("admin").get("/surel/").text).partition("Percobaan")[2]
    assert QueuedEmail.get(QueuedEmail.case == failed).address is None
