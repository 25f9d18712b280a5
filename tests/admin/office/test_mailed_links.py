"""A fresh link can be sent by e-mail where the office does so: with its true outcome, the token stored nowhere."""

import logging
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from admin.office.password_links import LEFT_BEHIND, MOVED
from models.complaint.event import Event, bodies
from models.email import smtp
from models.email.mail_server import ENOUGH, MOST, MailedAddress
from models.office.people import User, today
from models.office.settings import MAIL_SENDER, store_setting
from models.sign_in.password_links import SUBJECT, PasswordLink
from models.sign_in.session import Session
from models.store.base import all_models, database, now
from tests.admin.doors import Visitor, words
from tests.admin.forms import form_on, save
from tests.models.email.taker import CUT, Taker, shut, silent, taking
from tests.office import PASSWORD

SENDER, TO = "panel@dinas.example", "rina@contoh.go.id"
SENDS = "Kirim lewat surel"
NEW = "kuda biru makan awan"
SENT = "mengirim tautan kata sandi untuk Rina Wulandari lewat surel"


@pytest.fixture
def person(office) -> User:
    User.update(email=TO).where(User.username == "petugas").execute()
    return office["petugas"]


@pytest.fixture
def mailing(panel):
    """The office sends e-mails, by the server at this port."""
    store_setting(MAIL_SENDER, SENDER, today())

    def through(port: int) -> None:
        panel.config["MAIL_URL"] = f"smtp+plain://127.0.0.1:{port}"

    return through


def fresh(admin: Visitor, person: User) -> str:
    """The page with a new link."""
    return save(admin, f"/pengguna/tautan/?id={person.id}").text


def token_on(page: str) -> str:
    return unescape(re.search(r'id="tautan">([^<]+)<', page)[1]).partition("kode=")[2]


def press(admin: Visitor, person: User, page: str):
    """The button as a browser sends it."""
    return admin.client.post(f"/pengguna/tautan/surel/?id={person.id}", data=form_on(page, "ways").sent)


def deeds() -> list[str]:
    events = list(Event.select().order_by(Event.id))
    return [bodies([event], {})[event.id].get("what", "") for event in events]


def test_without_a_server_or_a_sender_there_is_no_button_and_no_door(at, person, panel):
    admin = at("admin")
    for url, sender in (("", ""), ("", SENDER), ("smtp://mail.example", "")):
        panel.config["MAIL_URL"] = url
        store_setting(MAIL_SENDER, sender, today())
        before, page = admin.get(f"/pengguna/tautan/?id={person.id}").text, fresh(admin, person)
        assert "urel" not in words(before.partition("<main")[2])  # the menu has a list of e-mails
        assert "urel" not in words(page.partition("<main")[2])
        answer = admin.post(f"/pengguna/tautan/surel/?id={person.id}", kode=token_on(page))
        assert answer.status_code == 404


def test_the_page_says_that_a_person_has_no_address_and_sends_none(at, office, mailing):
    mailing(1)
    admin = at("admin")
    assert "Surel belum diisi" in admin.text(f"/pengguna/tautan/?id={office['petugas'].id}")
    page = fresh(admin, office["petugas"])
    assert SENDS not in page
    assert "Alamat surel Rina Wulandari belum diisi" in words(page)
    answer = admin.post(f"/pengguna/tautan/surel/?id={office['petugas'].id}", kode=token_on(page))
    assert answer.status_code == 404


def test_the_link_is_sent_and_the_person_sets_the_password_by_it(at, person, office, panel, mailing):
    admin = at("admin")
    page = fresh(admin, person)
    with taking(Taker()) as taker:
        mailing(taker.port)
        page = fresh(admin, person)
        answer = press(admin, person, page)
    assert answer.status_code == 200
    page_text = words(answer.text)
    assert f"Terkirim. {smtp.TAKEN} Alamatnya {TO}." in page_text
    assert SENDS not in answer.text
    assert token_on(answer.text) == token_on(page)
    email = taker.read()
    assert (email["Subject"], email["To"]) == (SUBJECT, TO)
    text = email.get_content()
    until = PasswordLink.get().expires_at
    assert f"{until:%H.%M} WIB" in text
    for name in ("Rina", "Wulandari", "petugas", "Yusuf"):
        assert name not in str(email)
    link = re.search(r"http://localhost(\S+)", text)[1]
    newcomer = Visitor(panel)
    form = form_on(newcomer.get(link, follow_redirects=True).text)
    assert newcomer.client.post("/kata-sandi", data={**form.sent, "password": NEW, "repeat": NEW}).status_code == 303
    assert newcomer.sign_in("petugas", NEW).status_code == 303


def test_the_history_says_that_it_was_sent_to_whom_and_by_whom(at, person, office, mailing):
    with taking(Taker()) as taker:
        mailing(taker.port)
        admin = at("admin")
        press(admin, person, fresh(admin, person))
    assert deeds()[-2:] == ["membuat tautan kata sandi untuk Rina Wulandari", SENT]
    last = Event.select().order_by(Event.id.desc()).get()
    assert (last.user_id, last.subject) == (office["admin"].id, f"user:{person.id}")
    assert SENT in at("kadis").text("/riwayat/")


@pytest.mark.nightly(answers=({"rcpt": CUT}, {"mail": "553 bukan Anda"}))
@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"rcpt": "550 5.1.1 siapa itu"}, smtp.NO_RECIPIENT.format(550)),
        ({"mail": "553 bukan Anda"}, smtp.NO_SENDER.format(553)),
        ({"data": "552 terlalu besar"}, smtp.NO_CONTENT.format(552)),
        ({"rcpt": CUT}, smtp.BROKEN_OFF),
    ],
)
def test_a_refused_email_is_reported_but_not_in_the_history_and_the_link_stays(at, person, mailing, answers, sentence):
    admin = at("admin")
    with taking(Taker(**answers)) as taker:
        mailing(taker.port)
        page = fresh(admin, person)
        for _ in range(MOST + 1):  # what was not sent counts for nothing
            answer = press(admin, person, page)
            assert f"Tidak terkirim. {sentence} Alamatnya {TO}." in words(answer.text)
            page = answer.text
    assert SENDS in page
    assert "<svg" in page
    assert SENT not in deeds()
    assert PasswordLink.get().token_hash
    assert not MailedAddress.select().exists()


def test_an_email_without_a_last_answer_is_reported_as_uncertain(at, person, mailing):
    admin = at("admin")
    with taking(Taker(data=CUT)) as taker:
        mailing(taker.port)
        answer = press(admin, person, fresh(admin, person))
    assert f"Belum pasti. {smtp.MAYBE}" in words(answer.text)
    assert SENDS in answer.text
    assert deeds()[-1] == f"{SENT}, tanpa jawaban terakhir dari server surel"
    assert MailedAddress.select().count() == 1


def test_a_server_that_is_away_or_silent_is_reported_within_the_time(at, person, mailing, monkeypatch):
    admin = at("admin")
    with shut() as port:
        mailing(port)
        page = fresh(admin, person)
        assert smtp.AWAY in words(press(admin, person, page).text)
    monkeypatch.setattr(smtp, "WITHIN", 0)
    with silent() as port:
        mailing(port)
        assert smtp.SLOW in words(press(admin, person, page).text)


def test_an_address_gets_only_a_few_emails_an_hour(at, person, mailing):
    admin = at("admin")
    with taking(Taker()) as taker:
        mailing(taker.port)
        for _ in range(MOST):
            assert smtp.TAKEN in press(admin, person, fresh(admin, person)).text
        assert ENOUGH in words(press(admin, person, fresh(admin, person)).text)
    assert len(taker.emails) == MOST


def test_it_goes_to_the_address_that_the_page_named_and_to_no_other(at, person, mailing):
    """Somebody else may change it while the page lies open."""
    with taking(Taker()) as taker:
        mailing(taker.port)
        admin = at("admin")
        page = fresh(admin, person)
        User.update(email="lain@contoh.go.id").where(User.id == person.id).execute()
        answer = press(admin, person, page).text
        assert f"Tidak terkirim. {MOVED} Alamatnya lain@contoh.go.id." in words(answer)
        assert taker.envelopes == []
        assert smtp.TAKEN in press(admin, person, answer).text
    assert taker.envelopes == [(SENDER, ["lain@contoh.go.id"])]


@pytest.mark.parametrize(
    ("host", "opens_elsewhere"), [("localhost", False), ("127.0.0.1:8000", False), ("panel.lan", True)]
)
def test_the_page_says_if_the_link_opens_only_on_this_computer(at, person, panel, monkeypatch, host, opens_elsewhere):
    """Who sits at the server itself has opened the panel by a name that means another computer elsewhere."""
    admin, serve = at("admin"), panel.wsgi_app
    panel.config["TRUSTED_HOSTS"] = [host.partition(":")[0]]
    monkeypatch.setattr(panel, "wsgi_app", lambda environ, start: serve({**environ, "HTTP_HOST": host}, start))
    page = fresh(admin, person)
    assert f"http://{host}/" in page
    assert ("hanya terbuka pada komputer tempat panel berjalan" not in words(page)) == opens_elsewhere


def test_a_link_that_a_lock_has_left_behind_is_not_said_to_be_outdated(at, person, mailing):
    """The lock carries on what was typed, but no secret; the link itself goes on."""
    mailing(1)
    admin = at("admin")
    page = fresh(admin, person)
    Session.update(used=now() - timedelta(minutes=45)).execute()
    locked = press(admin, person, page)
    assert locked.status_code == 401
    sent = {**form_on(locked.text).sent, "sandi_kunci": PASSWORD}
    opened = admin.client.post(f"/pengguna/tautan/surel/?id={person.id}", data=sent, follow_redirects=True)
    assert LEFT_BEHIND in words(opened.text)
    assert "tidak berlaku lagi" not in words(opened.text)


def test_a_link_that_was_replaced_or_is_somebody_else_s_is_not_sent(at, person, office, mailing):
    User.update(email="agus@contoh.go.id").where(User.username == "petugas2").execute()
    admin = at("admin")
    with taking(Taker()) as taker:
        mailing(taker.port)
        old = fresh(admin, person)
        fresh(admin, person)
        other = fresh(admin, office["petugas2"])
        for page in (old, other):
            answer = press(admin, person, page)
            assert (answer.status_code, answer.location) == (303, f"/pengguna/tautan/?id={person.id}")
        for odd in ("", "x", "é" * 900):
            assert admin.post(f"/pengguna/tautan/surel/?id={person.id}", kode=odd).status_code == 303
        assert "tidak berlaku lagi" in admin.text(f"/pengguna/tautan/?id={person.id}")
    assert taker.emails == []


@pytest.mark.parametrize(("username", "code"), [("petugas2", 403), ("kadis", 403), ("pengawas", 404)])
def test_only_the_admin_sends(at, person, mailing, username, code):
    with taking(Taker()) as taker:
        mailing(taker.port)
        page = fresh(at("admin"), person)
        answer = at(username).post(f"/pengguna/tautan/surel/?id={person.id}", kode=token_on(page))
        assert answer.status_code == code
    assert taker.emails == []


def test_an_address_that_came_another_way_is_refused_in_a_sentence(at, person, mailing):
    User.update(email="rina@contoh.go.id\r\nBcc: mata@lain.example").execute()
    with taking(Taker()) as taker:
        mailing(taker.port)
        admin = at("admin")
        answer = press(admin, person, fresh(admin, person))
    assert "Tidak terkirim. Tulis satu alamat surel saja." in words(answer.text)
    assert taker.emails == []


ROWS = 'SELECT * FROM "{}"'


@pytest.mark.nightly(answers=({"rcpt": "550 no"}, {"data": CUT}))
@pytest.mark.parametrize("answers", [{}, {"rcpt": "550 no"}, {"data": CUT}, None], ids=str)
def test_the_token_is_in_no_table_no_file_and_no_log(
    at, person, panel, office, mailing, answers, caplog, monkeypatch, capfd
):
    """Whatever becomes of the e-mail, a fault of ours included; the server's own log is the test's."""
    caplog.set_level(logging.DEBUG)
    if answers is None:
        monkeypatch.setattr("threading.excepthook", lambda error: None)
        monkeypatch.setattr(smtp, "_connected", None)
    admin = at("admin")
    with taking(Taker(**(answers or {}))) as taker:
        mailing(taker.port)
        page = fresh(admin, person)
        assert "Alamatnya" in words(press(admin, person, page).text)
    token = token_on(page)
    tables = [str(model._meta.table_name) for model in all_models()]
    said = [repr(database.execute_sql(ROWS.format(table)).fetchall()) for table in tables]
    said += [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    said += [*capfd.readouterr()]
    assert any("password_link" in sentence for sentence in said)  # it is looked at as it lies
    assert not [sentence for sentence in said if token in sentence]
    folder = Path(office.path).parent
    assert not [file for file in folder.rglob("*") if file.is_file() and token.encode() in file.read_bytes()]
