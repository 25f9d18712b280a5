"""A link to another's account and a rahasia case opened up stand on the start pages of supervisors, until seen."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from models.complaint.accesslog import PowerUse, PowerUseSeen
from models.complaint.complaint import Complaint
from models.email import smtp
from models.email.queue import QueuedEmail
from models.office.people import Mandate, User, today
from models.office.settings import MAIL_SENDER, store_setting
from models.reading import staff_emails
from tests.admin.doors import Visitor, words
from tests.admin.forms import save
from tests.admin.office.test_password_links import link_on, page_of, set_by
from tests.office import MONDAY, SECRET, Office

At = Callable[[str], Visitor]
CARD = re.compile(r'<section class="card warn" id="kewenangan".*?</section>', re.DOTALL)


def card_of(visitor: Visitor) -> str:
    """What stands on the person's start page of it, as one reads it; "" for nothing."""
    found = CARD.search(visitor.get("/").text)
    return words(found[0]) if found else ""


def see(visitor: Visitor) -> None:
    uses = re.search(r'name="kejadian" value="([\d,]+)"', visitor.get("/").text)[1]
    answer = visitor.post("/dilihat/", kejadian=uses)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_link_is_shown_to_its_person_and_to_all_who_supervise_until_each_has_seen_it(
    office: Office, at: At, panel: Flask
) -> None:
    kadis, pengawas, person, other = at("kadis"), at("pengawas"), at("bidang.rehsos"), at("petugas")
    admin, name = at("admin"), office["bidang.rehsos"].name
    link = link_on(save(admin, page_of(office["bidang.rehsos"])).text)
    for watcher in (kadis, pengawas):
        assert f"Tautan kata sandi untuk {name}" in card_of(watcher)
        assert f"dibuat {office['admin'].name} pada" in card_of(watcher)
    assert "Tautan kata sandi untuk akun Anda dibuat" in card_of(person)
    assert "segera beri tahu Kepala Dinas" in card_of(person)
    assert card_of(other) == card_of(admin) == ""
    other.post("/dilihat/", kejadian="1")  # what is not shown to him he cannot have seen
    assert not PowerUseSeen.select().exists()
    see(kadis)
    assert card_of(kadis) == ""
    assert card_of(pengawas)
    set_by(Visitor(panel, REMOTE_ADDR="203.0.113.9"), link)
    for watcher in (kadis, pengawas):
        assert f"Kata sandi {name}" in card_of(watcher)
        assert "dari alamat 203.0.113.9; tautannya dibuat" in card_of(watcher)
        assert "Tautan kata sandi untuk" not in card_of(watcher)  # one line for what is one deed
        see(watcher)
        assert card_of(watcher) == ""
    save(admin, page_of(office["kadis"]))
    assert "untuk akun Anda dibuat" in card_of(kadis)
    assert "segera beri tahu pengawas" in card_of(kadis)  # not himself


@pytest.mark.only("sqlite")
def test_a_link_is_reported_by_email_as_well_whatever_its_person_chose(office: Office, at: At, panel: Flask) -> None:
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    User.update(email="rehsos@contoh.go.id").where(User.username == "bidang.rehsos").execute()
    User.update(email="kadis@contoh.go.id").where(User.username == "kadis").execute()
    admin = at("admin")
    smtp.install("smtp+plain://127.0.0.1:9")
    try:
        set_by(Visitor(panel), link_on(save(admin, page_of(office["bidang.rehsos"])).text))
        save(admin, page_of(office["petugas"]))  # who has no address
        save(admin, page_of(office["kadis"]))
    finally:
        smtp.install("")
    texts = [staff_emails.KINDS[one.kind](one, one.queued_at).words.text for one in QueuedEmail.select()]
    assert [text.split("\n\n")[1].partition(" pada ")[0].partition("\n")[0] for text in texts] == [
        f"Tautan untuk membuat kata sandi akun Anda dibuat {office['admin'].name}",
        "Kata sandi akun Anda dibuat lewat tautan",
        f"Tautan untuk membuat kata sandi akun Anda dibuat {office['admin'].name}",
    ]
    assert "dari alamat 127.0.0.1." in texts[1]
    assert ["segera beri tahu pengawas:" in text for text in texts] == [False, False, True]  # he is the Kepala Dinas


def test_a_rahasia_case_that_is_opened_up_is_reported_and_named_only_to_who_may_read_it(office: Office, at: At) -> None:
    office.receive(category=SECRET)  # whose number no user sees
    [case] = office.receive(category=SECRET)
    number = Complaint.get_by_id(case).number
    office.do([case], "correct", new_value={"loss": "Rp1.000.000"})
    assert card_of(at("kadis")) == ""
    office.do([case], "correct", new_value={"secrecy": "terbatas"})
    kadis = card_of(at("kadis"))
    assert f"Kerahasiaan pengaduan {number} diturunkan dari rahasia oleh {office['petugas'].name} pada" in kadis
    assert number in card_of(at("pengawas"))
    Mandate.update(valid_to=MONDAY.date() - timedelta(days=1)).execute()
    blind = card_of(at("pengawas"))
    assert "Kerahasiaan satu pengaduan diturunkan dari rahasia" in blind
    assert number not in blind
    assert card_of(at("petugas")) == card_of(at("petugas2")) == ""
    office.do([case], "correct", new_value={"secrecy": "biasa"})
    assert PowerUse.select().count() == 1  # it was no secret any more
