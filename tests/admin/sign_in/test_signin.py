"""The door: who is let in, what a refusal says, when a session ends, and where one is sent."""

import re

import pytest
from argon2.exceptions import VerifyMismatchError

from admin.sign_in import signin
from admin.sign_in.signin import WRONG
from models.demo import demo
from models.office.people import Acting, User
from tests.admin.doors import Visitor, words
from tests.office import PASSWORD, hash_quickly


def test_a_user_is_let_in_and_out_again(stranger):
    assert stranger.sign_in("petugas").location == "/"
    assert "Rina Wulandari" in stranger.get("/").text
    assert stranger.post("/keluar").location == "/masuk"
    assert stranger.get("/").location.startswith("/masuk")


def test_the_name_may_be_typed_in_capitals(stranger):
    assert stranger.sign_in("PETUGAS").status_code == 303


@pytest.mark.parametrize("username", ["petugas", "tidak.ada", "", "x" * 5000, "\0", "' OR 1=1 --"])
def test_every_refusal_is_the_same_sentence(stranger, username):
    answer = stranger.sign_in(username, "salah sekali")
    assert answer.status_code == 200
    assert WRONG in answer.text
    assert stranger.get("/").status_code == 302


def test_an_unknown_name_costs_one_hash_like_a_known_one(stranger, monkeypatch):
    counted = []
    verify = signin._hasher.verify
    monkeypatch.setattr(
        signin, "_hasher", type("Hasher", (), {"verify": lambda self, *pair: counted.append(1) or verify(*pair)})()
    )
    for username in ("petugas", "tidak.ada"):
        stranger.sign_in(username, "salah")
    assert len(counted) == 2


def test_the_hash_for_unknown_names_costs_the_same_work_as_a_real_one():
    assert not signin._hasher.check_needs_rehash(signin._dummy_hash)
    with pytest.raises(VerifyMismatchError):  # raised only once it is hashed: a hash it cannot read is Invalid
        signin._hasher.verify(signin._dummy_hash, "sandi baru sekali")


def test_who_was_switched_off_is_refused_with_the_same_sentence(stranger):
    User.update(active=False).where(User.username == "petugas").execute()
    assert WRONG in stranger.sign_in("petugas").text


def test_a_user_without_a_password_is_never_let_in(stranger):
    User.update(password_hash="").where(User.username == "petugas").execute()
    for password in ("", PASSWORD):
        assert WRONG in stranger.sign_in("petugas", password).text


@pytest.mark.parametrize(
    "change", [{"password_hash": hash_quickly("sandi baru sekali")}, {"role": "pengawas"}, {"active": False}]
)
def test_a_new_password_or_role_or_being_switched_off_ends_the_session(at, change):
    visitor = at("petugas")
    assert visitor.get("/").status_code == 200
    User.update(**change).where(User.username == "petugas").execute()
    assert visitor.client.get("/").location.startswith("/masuk")


@pytest.mark.parametrize("session_id", ["1", "1.", "x", "", "999999.abc", "-1.x", "²."])
def test_a_session_that_does_not_hold_the_stamp_opens_nothing(stranger, session_id):
    with stranger.client.session_transaction() as session:
        session["_user_id"] = session_id
    assert stranger.get("/").location.startswith("/masuk")


def test_signing_in_begins_an_empty_session(stranger):
    stranger.get("/masuk")
    with stranger.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    stranger.sign_in("petugas")
    with stranger.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_a_remember_cookie_is_not_even_read(stranger):
    stranger.client.set_cookie("remember_token", "1|é")
    assert stranger.get("/").status_code == 302
    stranger.sign_in("petugas")
    assert stranger.client.get_cookie("remember_token") is None or stranger.get("/").status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil", "https://evil.example", "/\t/evil", "javascript:1", "//[", "/a//b"]
)
def test_sign_in_leads_to_our_own_pages_only(stranger, target):
    assert stranger.sign_in("petugas", next=target).location == "/"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(stranger):
    asked = stranger.get("/").location
    assert asked == "/masuk?next=/"
    assert stranger.sign_in("petugas", next="/pengaduan/?page=2").location == "/pengaduan/?page=2"
    assert stranger.get("/masuk?next=/pengaduan/").location == "/pengaduan/"


def test_without_a_token_no_user_is_signed_in(stranger):
    answer = stranger.client.post("/masuk", data={"username": "petugas", "password": PASSWORD})
    assert answer.status_code == 400
    assert stranger.get("/").status_code == 302


def test_the_demo_names_its_people_on_this_computer_only(panel, monkeypatch):
    monkeypatch.setattr(demo, "is_demo", lambda: True)
    panel.config["DEMO_PASSWORD"] = "sandi-contoh-1"
    here = Visitor(panel).get("/masuk").text
    assert here.count("Masuk sebagai ") > len(demo.sign_ins())
    assert "sandi-contoh-1" in here
    panel.config["TRUSTED_HOSTS"] = [*panel.config["TRUSTED_HOSTS"], "panel.example"]
    away = [
        Visitor(panel, REMOTE_ADDR="192.0.2.7").get("/masuk"),
        Visitor(panel).get("/masuk", headers={"X-Forwarded-For": "192.0.2.7"}),
        Visitor(panel).get("/masuk", base_url="http://panel.example"),
    ]
    assert {page.status_code for page in away} == {200}
    assert not [page for page in away if "sandi-contoh-1" in page.text or "Masuk sebagai" in page.text]


def test_an_office_shows_no_user_and_no_password(panel):
    panel.config["DEMO_PASSWORD"] = "sandi-contoh-1"
    page = Visitor(panel).page("/masuk")
    assert "sandi-contoh-1" not in page
    assert "Masuk sebagai" not in page


def test_an_empty_office_says_how_the_first_admin_is_made(stranger, monkeypatch):
    assert "Belum ada pengguna" not in stranger.get("/masuk").text
    monkeypatch.setattr(signin, "User", type("Nobody", (), {"select": User.select().where(User.id < 0).clone}))
    assert "tautan sekali pakai" in stranger.get("/masuk").text


def test_the_frame_names_the_role_and_whom_one_acts_for(at, office):
    Acting.create(kind="Plh.", user=office["bidang.rehsos"], decree="1/2026", decree_date=office.at.date())
    page = words(at("bidang.rehsos").get("/").text)
    assert re.search(r"Rehabilitasi, Perlindungan dan Jaminan Sosial, Plh\. Kepala Dinas", page)
    assert "Petugas Penanganan Pengaduan" in words(at("petugas").get("/").text)
