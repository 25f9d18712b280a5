"""Ways round the second factor that an attacker would try: none of them leads in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin.sign_in import own_factor
from models.office.people import Acting, today
from models.office.settings import FACTOR, store_setting
from models.sign_in import factor
from models.sign_in.factor import SecondFactor, has_factor
from models.sign_in.passwords import objection
from models.sign_in.session import Session
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.admin.sign_in.phone import PAGE, Phone, is_in, type_code
from tests.admin.sign_in.test_proof import KEY, grow_stale, step_sent
from tests.admin.sign_in.test_two_people import ask, confirm
from tests.office import PASSWORD, PASSWORD_HASH, Office, give_password, hash_quickly

At = Callable[[str], Visitor]


def lie_unused(minutes: int) -> None:
    """What is open has not been used for so long."""
    Session.update(used=now() - timedelta(minutes=minutes)).where(Session.ended.is_null()).execute()


def age(hours: int) -> None:
    """So long ago began what is open."""
    Session.update(begun=now() - timedelta(hours=hours)).where(Session.ended.is_null()).execute()


def test_the_password_alone_extends_no_session_beyond_the_code(at: At, phone: Phone) -> None:
    """Who has cookie and password unlocks, again and again; after eight hours the code is asked for all the same."""
    visitor = at("kadis")
    phone.set_up(visitor)
    age(5)
    lie_unused(45)
    assert visitor.post("/buka", sandi_kunci=PASSWORD).status_code == 303
    assert is_in(visitor)
    for row in Session.select().where(Session.ended.is_null()):
        Session.update(begun=row.begun - timedelta(hours=4)).where(Session.id == row.id).execute()
    assert not is_in(visitor)
    assert visitor.post("/buka", sandi_kunci=PASSWORD, kode_kunci="").status_code == 422
    assert visitor.post("/buka", sandi_kunci=PASSWORD, kode_kunci=phone.code()).status_code == 303
    assert is_in(visitor)


@pytest.mark.soak
def test_a_new_password_makes_no_session_with_a_factor_younger(at: At, phone: Phone) -> None:
    visitor, new = at("kadis"), "kuda biru makan awan"
    phone.set_up(visitor)
    age(7)
    assert visitor.post("/akun/", old=PASSWORD, password=new, repeat=new).status_code == 303
    began = [row.begun for row in Session.select().where(Session.ended.is_null())]
    assert max(began) < now() - timedelta(hours=6)


def test_who_never_signs_out_is_led_to_set_it_up_after_eight_hours(at: At) -> None:
    """The next session after a whole day is a sign-in, and what is demanded since holds for it."""
    visitor = at("kadis")
    store_setting(f"{FACTOR}kepala_dinas", True, today())
    age(9)
    assert visitor.post("/buka", sandi_kunci=PASSWORD, kode_kunci="").status_code == 303
    assert visitor.get("/pengaduan/").location == PAGE


def test_of_whom_acts_for_the_kepala_dinas_is_demanded_what_is_of_him(office: Office, at: At) -> None:
    store_setting(f"{FACTOR}kepala_dinas", True, today())
    assert at("bidang.ppa").get("/").status_code == 200
    Acting.create(kind="Plh.", user=office["bidang.ppa"], decree="1/2026", decree_date=today())
    assert at("bidang.ppa").get("/").location == PAGE


def test_a_code_confirms_the_key_that_it_is_of(office: Office, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun anew in another tab between the check of the code and its saving: no code of that key was shown."""
    person = office["kadis"]
    phone.key = factor.begin_setup(person)
    other = SecondFactor.get().sealed_key
    matching = factor.matching_step

    def meanwhile(key: bytes, typed: str, at: object) -> int | None:
        factor.begin_setup(person)
        return matching(key, typed, at)  # type: ignore[arg-type]

    monkeypatch.setattr(factor, "matching_step", meanwhile)
    assert factor.confirm_setup(person, phone.code()) == []
    assert not has_factor(person)
    assert SecondFactor.get().sealed_key != other


@pytest.mark.soak
def test_guessing_at_an_open_set_up_waits_as_at_the_sign_in(at: At, phone: Phone) -> None:
    """A right guess gives the recovery codes of another's key."""
    visitor = at("kadis")
    phone.scan(visitor.post(PAGE, do="begin", password=PASSWORD).text)
    answers = [words(visitor.post(PAGE, do="confirm", kode=phone.wrong()).text) for _ in range(6)]
    assert "Tunggu " in answers[-1]
    assert "sekali lagi" in words(visitor.post(PAGE, do="confirm", kode=phone.code()).text)
    assert not SecondFactor.select().where(SecondFactor.confirmed_at.is_null(False)).exists()


@pytest.mark.soak
def test_a_password_of_twelve_digits_is_none_and_one_of_before_still_signs(
    office: Office, at: At, panel: Flask, phone: Phone
) -> None:
    """It looks like a recovery code, and there is one field for both."""
    digits = "839201847561"
    assert objection(digits, office["kadis"])
    phone.set_up(at("kadis"))
    give_password("kadis", hash_quickly(digits))
    [case] = office.receive()
    office.bring([case], "approve")
    visitor = Visitor(panel)
    visitor.sign_in("kadis", digits)
    type_code(visitor, phone.code())
    address, sent = step_sent(visitor, "approve", case)
    grow_stale()
    assert visitor.client.post(address, data={**sent, KEY: digits}).status_code == 303


@pytest.mark.soak
def test_a_used_recovery_code_is_reported_to_its_owner(at: At, panel: Flask, phone: Phone) -> None:
    owner, thief = at("kadis"), Visitor(panel)
    phone.set_up(owner)
    assert "kode cadangan terakhir dipakai" not in owner.text("/akun/")
    thief.sign_in("kadis")
    type_code(thief, phone.recovery[0])
    assert "kode cadangan terakhir dipakai" in owner.text("/akun/")
    assert "Kode cadangan terakhir dipakai" in owner.text(PAGE)


@pytest.mark.nightly(asker=("boneka",))
@pytest.mark.parametrize("asker", ["admin", "boneka"])
def test_an_account_that_one_has_made_oneself_is_no_second_person(
    office: Office, at: At, panel: Flask, phone: Phone, asker: str
) -> None:
    phone.set_up(at("pengawas"))
    admin, puppet = at("admin"), Visitor(panel)
    made = admin.post("/pengguna/new/", username="boneka", name="Ratna Dewi", role="admin", active="y")
    page = admin.post(made.location, do="make").text
    puppet.get("/kata-sandi?kode=" + page.split("/kata-sandi?kode=")[1].split('"')[0].split("<")[0])
    new = "kuda biru makan awan"
    assert puppet.post("/kata-sandi", password=new, repeat=new).location == "/masuk"
    puppet.sign_in("boneka", new)
    first, second = (admin, puppet) if asker == "admin" else (puppet, admin)
    assert first.post(f"/pengguna/faktor/?id={office['pengawas'].id}", do="ask").status_code == 303
    word = new if second is puppet else PASSWORD
    assert "Permintaan itu sudah tidak ada" in confirm(second, password=word)
    assert has_factor(office["pengawas"])
    assert "telah dihapus" in confirm(at("kadis"))


@pytest.mark.soak
def test_an_account_of_a_month_ago_is_one(
    office: Office, at: At, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two administrators one has made the other, once."""
    phone.set_up(at("pengawas"))
    made = at("admin").post("/pengguna/new/", username="ratna", name="Ratna Dewi", role="admin", active="y")
    assert made.status_code == 303
    give_password("ratna", PASSWORD_HASH)
    ask(at, office)
    assert "Permintaan itu sudah tidak ada" in confirm(at("ratna"))
    monkeypatch.setattr(own_factor, "now", lambda: now() + timedelta(days=31))
    assert "telah dihapus" in confirm(at("ratna"))
