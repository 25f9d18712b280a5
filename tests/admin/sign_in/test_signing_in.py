"""Who has a second factor comes in by password and code; nothing shows it before the password is right."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin.sign_in.signin import WRONG
from models.office.people import User
from models.sign_in import session as sessions
from models.sign_in import sign_in_attempts
from models.sign_in.password_links import make_link
from models.sign_in.session import Session, SessionStatus
from models.sign_in.sign_in_attempts import NAME_AT_PLACE
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.admin.sign_in.phone import Phone, is_in, type_code
from tests.office import PASSWORD, Office, give_password

At = Callable[[str], Visitor]


@pytest.fixture
def owner(at: At, phone: Phone) -> Visitor:
    """The Kepala Dinas, who has set it up and signed out."""
    visitor = at("kadis")
    phone.set_up(visitor)
    visitor.post("/keluar")
    return visitor


def test_the_password_alone_opens_nothing_and_the_code_does(owner: Visitor, phone: Phone) -> None:
    assert owner.sign_in("kadis").location == "/masuk/kode?next=/"
    assert not is_in(owner)
    assert owner.get("/").location.startswith("/masuk")
    assert type_code(owner, phone.code()).location == "/"
    assert is_in(owner)


def test_the_address_to_go_on_to_survives_both_pages(owner: Visitor, phone: Phone) -> None:
    asked = owner.sign_in("kadis", next="/pengaduan/?page=2").location
    assert 'name="next" value="/pengaduan/?page=2"' in owner.get(asked).text
    assert type_code(owner, phone.code(), next="/pengaduan/?page=2").location == "/pengaduan/?page=2"
    assert type_code(owner, phone.code(), next="//evil.example").location in ("/", "/masuk")


def test_a_wrong_password_says_the_same_with_a_factor_as_without(owner: Visitor, panel: Flask) -> None:
    answers = {}
    for name in ("kadis", "petugas", "tidak.ada"):
        answer = Visitor(panel).sign_in(name, "salah sekali")
        answers[name] = answer.status_code, words(answer.text).replace(name, "")
    assert WRONG in answers["kadis"][1]
    assert len(set(answers.values())) == 1


def test_a_code_signs_in_once(owner: Visitor, panel: Flask, phone: Phone) -> None:
    other = Visitor(panel)
    owner.sign_in("kadis")
    other.sign_in("kadis")
    assert type_code(owner, phone.code()).status_code == 303
    again = type_code(other, phone.again())
    assert "Kode tidak cocok, sudah dipakai" in words(again.text)
    assert not is_in(other)


def test_a_recovery_code_signs_in_once(owner: Visitor, panel: Flask, phone: Phone) -> None:
    owner.sign_in("kadis")
    assert type_code(owner, phone.recovery[3]).location == "/"
    assert "Kode cadangan tersisa 9 dari 10" in owner.text("/akun/faktor/")
    other = Visitor(panel)
    other.sign_in("kadis")
    assert type_code(other, phone.recovery[3]).status_code == 200
    assert not is_in(other)


def test_the_code_page_is_closed_without_a_right_password(stranger: Visitor, owner: Visitor, phone: Phone) -> None:
    assert stranger.get("/masuk/kode").location == "/masuk"
    assert type_code(stranger, phone.code()).location == "/masuk"


def test_the_half_open_state_ends_after_five_minutes(owner: Visitor, phone: Phone) -> None:
    owner.sign_in("kadis")
    Session.update(begun=now() - sessions.HALF_OPEN - timedelta(seconds=1)).where(Session.ended.is_null()).execute()
    assert type_code(owner, phone.code()).location == "/masuk"
    assert not is_in(owner)


def test_a_new_password_ends_the_half_open_state(owner: Visitor, phone: Phone) -> None:
    owner.sign_in("kadis")
    give_password("kadis", "")
    assert type_code(owner, phone.code()).location == "/masuk"


def test_a_half_open_session_is_no_session_even_under_its_key(owner: Visitor) -> None:
    owner.sign_in("kadis")
    with owner.client.session_transaction() as cookie:
        session_id = cookie["half_open"]
        cookie["_user_id"] = session_id
    assert not is_in(owner)
    assert owner.get("/buka").location == "/masuk"


def test_the_code_begins_a_session_of_its_own(owner: Visitor, phone: Phone) -> None:
    owner.sign_in("kadis")
    with owner.client.session_transaction() as cookie:
        half, cookie["planted"] = cookie["half_open"], "by somebody else"
    type_code(owner, phone.code())
    with owner.client.session_transaction() as cookie:
        assert cookie["_user_id"] != half
        assert not {"half_open", "planted"} & set(cookie)
    assert sessions.find(half).status(now()) is SessionStatus.OVER


def test_guessed_codes_wait_like_guessed_passwords_and_the_owner_reads_of_them(
    owner: Visitor, panel: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right password buys no free codes: typed again between them it forgives nothing."""
    at = now()
    monkeypatch.setattr(sign_in_attempts, "now", lambda: at)  # on a busy machine no wait is over before all have tried
    thief = Visitor(panel, REMOTE_ADDR="198.51.100.9")
    codes = []
    for _ in range(NAME_AT_PLACE.free):
        codes.append(thief.sign_in("kadis").status_code)
        codes.append(type_code(thief, phone.wrong()).status_code)
    assert codes == [303, 200, 303, 200, 303] + [429] * NAME_AT_PLACE.free
    assert type_code(thief, phone.code()).status_code == 429
    assert not is_in(thief)
    owner.sign_in("kadis")
    assert type_code(owner, phone.code()).status_code == 303
    assert "2 kali gagal masuk" in owner.text("/")


def test_a_link_sets_no_password_without_the_second_factor(
    owner: Visitor, panel: Flask, office: Office, phone: Phone
) -> None:
    """Who made the link could else come in as another user who has both; nor does it remove the factor."""
    newcomer, new = Visitor(panel), "kuda biru makan awan"
    newcomer.get(f"/kata-sandi?kode={make_link(office['kadis'], by=office['admin'])}")
    password_hash = User.get(username="kadis").password_hash
    assert "Akun ini memakai faktor kedua" in newcomer.text("/kata-sandi")
    for code in ("", phone.wrong()):
        answer = newcomer.post("/kata-sandi", password=new, repeat=new, kode_faktor=code)
        assert answer.status_code == 422, code
        assert new not in answer.text
    assert User.get(username="kadis").password_hash == password_hash
    assert newcomer.post("/kata-sandi", password=new, repeat=new, kode_faktor=phone.code()).location == "/masuk"
    assert newcomer.sign_in("kadis", new).location.startswith("/masuk/kode")
    assert type_code(newcomer, phone.code()).location == "/"


def test_codes_guessed_at_a_link_wait_like_those_at_the_sign_in(
    owner: Visitor, panel: Flask, office: Office, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    monkeypatch.setattr(sign_in_attempts, "now", lambda: at)
    thief, new = Visitor(panel, REMOTE_ADDR="198.51.100.9"), "kuda biru makan awan"
    thief.get(f"/kata-sandi?kode={make_link(office['kadis'], by=office['admin'])}")
    for _ in range(NAME_AT_PLACE.free):
        thief.post("/kata-sandi", password=new, repeat=new, kode_faktor=phone.wrong())
    answer = thief.post("/kata-sandi", password=new, repeat=new, kode_faktor=phone.code())
    assert "Terlalu banyak percobaan yang gagal" in words(answer.text)
    assert owner.sign_in("kadis").location.startswith("/masuk/kode")  # the password is as it was


def test_a_locked_page_opens_by_password_and_after_a_whole_day_by_the_code_as_well(
    owner: Visitor, phone: Phone
) -> None:
    owner.sign_in("kadis")
    type_code(owner, phone.code())
    Session.update(used=now() - timedelta(minutes=45)).where(Session.ended.is_null()).execute()
    assert owner.get("/akun/").status_code == 302
    assert owner.post("/buka", sandi_kunci=PASSWORD).status_code == 303
    assert is_in(owner)
    Session.update(begun=now() - timedelta(hours=9)).where(Session.ended.is_null()).execute()
    assert owner.get("/akun/").status_code == 302
    assert owner.post("/buka", sandi_kunci=PASSWORD, kode_kunci="").status_code == 422
    assert owner.post("/buka", sandi_kunci=PASSWORD, kode_kunci=phone.wrong()).status_code == 422
    assert not is_in(owner)
    assert owner.post("/buka", sandi_kunci=PASSWORD, kode_kunci=phone.code()).status_code == 303
    assert is_in(owner)


def test_after_a_whole_day_the_page_asks_everybody_for_a_code_and_needs_it_of_whom_has_one(at: At) -> None:
    visitor = at("petugas")
    Session.update(begun=now() - timedelta(hours=9)).execute()
    assert 'name="kode_kunci"' in visitor.get("/buka").text
    assert visitor.post("/buka", sandi_kunci=PASSWORD, kode_kunci="").status_code == 303
