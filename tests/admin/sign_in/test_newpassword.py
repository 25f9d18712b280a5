"""The page behind a one-time link: it sets one person's password, once, and shows nothing else of the panel."""

import logging
import re

import pytest

from admin.sign_in.password_link_page import ADDRESS, DONE, GONE, LINK
from admin.sign_in.signin import check_password
from models.complaint.event import Event, bodies
from models.office.people import User
from models.sign_in.password_links import PasswordLink, make_link
from models.sign_in.passwords import OWN
from models.sign_in.session import Session
from tests.admin.doors import Visitor, words
from tests.office import PASSWORD

NEW = "kuda biru makan awan"


@pytest.fixture
def token(office) -> str:
    return make_link(office["petugas"], by=office["admin"])


def opened_by(visitor: Visitor, token: str):
    """The page as the browser shows it after the address was opened."""
    return visitor.get(f"{ADDRESS}?kode={token}", follow_redirects=True)


def sent(visitor: Visitor, password: str = NEW, repeat: str | None = None):
    key = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(ADDRESS).text)
    fields = {"csrf_token": key[1] if key else "", "password": password, "repeat": repeat or password}
    return visitor.client.post(ADDRESS, data=fields)


def test_the_person_sets_the_password_and_signs_in_with_it(office, panel, stranger, token):
    page = opened_by(stranger, token)
    assert page.status_code == 200
    assert "Untuk Rina Wulandari – hanya Anda" in words(page.text)
    answer = sent(stranger)
    assert (answer.status_code, answer.location) == (303, "/masuk")
    assert DONE in stranger.text("/masuk")
    assert User.get(username="petugas").password_hash.startswith("$argon2id$")
    assert stranger.sign_in("petugas", NEW).status_code == 303
    assert "tidak cocok" in Visitor(panel).sign_in("petugas", PASSWORD).text
    [event] = Event.select()
    body = bodies([event], {})[event.id]
    assert (event.user_id, event.subject) == (office["petugas"].id, f"user:{office['petugas'].id}")
    assert (body["touched"], body["what"]) == (["Kata sandi"], "membuat kata sandinya lewat tautan")


def test_the_old_password_and_its_sessions_hold_until_the_new_one_is_set(at, panel, stranger, token):
    inside = at("petugas")
    opened_by(stranger, token)
    assert inside.get("/").status_code == 200
    assert Visitor(panel).sign_in("petugas").status_code == 303
    sent(stranger)
    assert inside.client.get("/").location.startswith("/masuk")


def test_the_token_leaves_the_address_at_once_and_is_stored_as_a_hash(stranger, token):
    answer = stranger.get(f"{ADDRESS}?kode={token}")
    assert (answer.status_code, answer.location) == (302, ADDRESS)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert token not in str(answer.headers)
    with stranger.client.session_transaction() as session:
        assert token not in str(dict(session))
        assert session[LINK]


@pytest.mark.parametrize("how", ["used", "unknown", "replaced", "off", "none"])
def test_a_link_that_does_not_serve_says_one_sentence_whatever_the_reason(office, panel, stranger, token, how):
    if how == "used":
        first = Visitor(panel)
        opened_by(first, token)
        sent(first)
    elif how == "replaced":
        make_link(office["petugas"], by=office["admin"])
    elif how == "off":
        User.update(active=False).where(User.username == "petugas").execute()
    password_hash = User.get(username="petugas").password_hash
    address = {"none": ADDRESS, "unknown": f"{ADDRESS}?kode=x{token}"}.get(how, f"{ADDRESS}?kode={token}")
    page = stranger.get(address, follow_redirects=True)
    assert page.status_code == 404
    assert GONE in words(page.text)
    assert "Rina" not in page.text
    assert sent(stranger, "padang rumput di bulan").status_code in (400, 404)
    assert User.get(username="petugas").password_hash == password_hash


def test_of_two_who_hold_the_same_link_one_sets_the_password(panel, token):
    both = [Visitor(panel), Visitor(panel)]
    for one in both:
        opened_by(one, token)
    assert sent(both[0]).status_code == 303
    assert sent(both[1], "padang rumput di bulan").status_code in (400, 404)
    assert check_password(User.get(username="petugas"), NEW)


@pytest.mark.parametrize(
    ("password", "repeat", "sentence"),
    [
        ("pendek", None, "Kata sandi 12 sampai 128 karakter"),
        ("x" * 129, None, "Kata sandi 12 sampai 128 karakter"),
        ("rinawulandari", None, OWN),
        (NEW, "kuda biru makan angin", "Kedua isian kata sandi tidak sama."),
        ("", None, "wajib diisi"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_the_link_still_serves(stranger, token, password, repeat, sentence):
    opened_by(stranger, token)
    answer = sent(stranger, password, repeat)
    assert answer.status_code == 422
    assert sentence.lower() in words(answer.text).lower()
    assert password not in answer.text or not password
    assert PasswordLink.select().exists()
    assert sent(stranger).status_code == 303


def test_opening_a_link_changes_nothing_so_a_preview_does_not_use_it_up(office, stranger, token):
    before = office.digest(), User.get(username="petugas").password_hash
    for _ in range(3):
        assert opened_by(stranger, token).status_code == 200
    stranger.client.head(f"{ADDRESS}?kode={token}")
    assert (office.digest(), User.get(username="petugas").password_hash) == before
    assert PasswordLink.select().count() == 1


def test_the_link_is_in_no_log_even_if_its_page_fails(stranger, token, caplog, monkeypatch):
    def broken(*_):
        raise RuntimeError("broken on purpose")

    with caplog.at_level(logging.DEBUG):
        opened_by(stranger, token)
        monkeypatch.setattr("admin.sign_in.password_link_page.hash_of", broken)
        assert stranger.get(f"{ADDRESS}?kode={token}").status_code == 500
    assert "broken on purpose" in caplog.text
    assert token not in caplog.text


def test_the_page_shows_nothing_of_the_panel_without_a_sign_in(stranger, token):
    page = opened_by(stranger, token).text
    assert "Menu utama" not in page
    assert [way for way in re.findall(r'(?:href|action)="(/[^"]*)"', page) if not way.startswith("/static/")] == [
        ADDRESS
    ]


def test_using_the_link_signs_out_the_user_of_that_browser(office, at, token):
    """On a desk that two share, the newcomer does not go on as the one before; and that session is over, not lost."""
    visitor = at("kadis")
    opened_by(visitor, token)
    assert sent(visitor).location == "/masuk"
    assert visitor.client.get("/").location.startswith("/masuk")
    assert [row.why for row in Session.select().where(Session.user == office["kadis"])] == ["keluar"]
