"""Which e-mails a user gets is the user's own choice, off at first, and offered only where an e-mail can arrive."""

import pytest

from admin.office.account import CHOICE_SAVED, LABELS, NO_ADDRESS, NOT_SENT, NOTHING_WAITS
from models.email import smtp
from models.office.people import User, today
from models.office.preferences import EmailChoice, choice_of
from models.office.settings import MAIL_SENDER, store_setting

PATH = "/akun/surel/"


@pytest.fixture
def mailing(panel, office):
    """The office sends e-mails, and everybody but one has an address."""
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    User.update(email="rina@contoh.go.id").where(User.username != "petugas2").execute()
    smtp.install("smtp+plain://127.0.0.1:9")
    yield
    smtp.install("")


def chosen(user: User) -> tuple[bool, bool]:
    choice = choice_of(user)
    return bool(choice.daily), bool(choice.at_once)


def test_one_chooses_for_oneself_and_takes_it_back(at, office, mailing):
    visitor = at("petugas")
    page = visitor.get("/akun/").text
    assert all(f'id="surel-{name}" value="1">' in page for name in LABELS)
    assert chosen(office["petugas"]) == (False, False)
    assert visitor.post(PATH, ringkasan="1").status_code == 303
    page = visitor.get("/akun/").text
    assert CHOICE_SAVED in page
    assert page.count('value="1" checked') == 1
    assert (chosen(office["petugas"]), chosen(office["kadis"])) == ((True, False), (False, False))
    visitor.post(PATH, kabar="1")
    assert chosen(office["petugas"]) == (False, True)
    visitor.post(PATH)
    assert not EmailChoice.select().exists()


def test_where_no_email_can_arrive_a_sentence_says_why_and_nothing_is_stored(at, office, mailing):
    pages = {name: at(name).text("/akun/") for name in ("petugas2", "admin", "pengawas")}
    assert NO_ADDRESS in pages["petugas2"]
    assert NOTHING_WAITS in pages["admin"]
    assert LABELS["ringkasan"] in pages["pengawas"]
    assert LABELS["kabar"] not in pages["pengawas"]
    assert [at(name).post(PATH, ringkasan="1").status_code for name in ("petugas2", "admin")] == [404, 404]
    at("pengawas").post(PATH, ringkasan="1", kabar="1")
    assert chosen(office["pengawas"]) == (True, False)
    smtp.install("")
    assert NOT_SENT in at("kadis").text("/akun/")
    assert EmailChoice.select().count() == 1
