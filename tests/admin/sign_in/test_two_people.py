"""Somebody else's factor is taken away by two: one asks, a second person confirms, and the person reads of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from models.office.people import Acting, User, today
from models.sign_in import factor_rules
from models.sign_in.factor import has_factor
from models.sign_in.factor_rules import FactorRemoval
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.admin.sign_in.phone import Phone, is_in
from tests.admin.sign_in.test_own import deeds
from tests.office import PASSWORD, PASSWORD_HASH, Office

At = Callable[[str], Visitor]


@pytest.fixture
def lost(office: Office, at: At, phone: Phone) -> Visitor:
    """The pengawas, whose phone is gone; he is still signed in somewhere."""
    visitor = at("pengawas")
    phone.set_up(visitor)
    return visitor


@pytest.fixture
def second_admin(office: Office) -> User:
    return User.create(username="admin2", name="Ratna Dewi", role="admin", password_hash=PASSWORD_HASH)


def ask(at: At, office: Office, person: str = "pengawas") -> Visitor:
    admin = at("admin")
    assert admin.post(f"/pengguna/faktor/?id={office[person].id}", do="ask").status_code == 303
    return admin


def confirm(visitor: Visitor, do: str = "confirm", password: str = PASSWORD) -> str:
    row = FactorRemoval.get()
    visitor.post("/akun/faktor/permintaan/", id=row.id, do=do, password=password)
    return visitor.text("/akun/")


@pytest.mark.parametrize("second", ["kadis", "admin2"])
def test_one_asks_another_confirms_and_the_person_reads_of_it(
    office: Office, at: At, panel: Flask, lost: Visitor, second_admin: User, second: str
) -> None:
    ask(at, office)
    assert has_factor(office["pengawas"])
    other = at(second)
    assert "Hadi Purnomo" in other.text("/akun/")
    assert "telah dihapus" in confirm(other)
    assert not has_factor(office["pengawas"])
    assert not is_in(lost)
    assert deeds()[-2:] == [
        "meminta faktor kedua Hadi Purnomo dihapus",
        "menghapus faktor kedua Hadi Purnomo atas permintaan Yusuf Maulana",
    ]
    again = Visitor(panel)
    assert again.sign_in("pengawas").location == "/"
    start_page = again.text("/")
    assert "diminta Yusuf Maulana" in start_page
    assert "Faktor kedua Anda telah dihapus" not in again.text("/")


@pytest.mark.parametrize(("person", "whom"), [("pengawas", "Kepala Dinas"), ("kadis", "pengawas")])
def test_the_notice_names_another_user_to_inform(office: Office, at: At, panel: Flask, person: str, whom: str) -> None:
    factor_rules.ask(office[person], by=office["admin"])
    visitor = Visitor(panel)
    visitor.sign_in(person)
    assert f"Bila bukan kehendak Anda, beri tahu {whom}." in visitor.text("/")


def test_neither_the_requesting_user_nor_the_person_confirms(
    office: Office, at: At, lost: Visitor, phone: Phone
) -> None:
    admin = ask(at, office)
    for visitor in (admin, lost):
        assert "Permintaan itu sudah tidak ada" in confirm(visitor)
    assert has_factor(office["pengawas"])


def test_one_person_with_two_accounts_is_no_second(office: Office, at: At, lost: Visitor, second_admin: User) -> None:
    nip = "198001012005011001"
    User.update(nip=nip).where(User.username.in_(["admin", "admin2"])).execute()
    ask(at, office)
    assert "Permintaan itu sudah tidak ada" in confirm(at("admin2"))
    assert has_factor(office["pengawas"])


@pytest.mark.parametrize("username", ["petugas", "bidang.rehsos", "staf.rehsos"])
def test_no_other_user_is_a_second(office: Office, at: At, lost: Visitor, username: str) -> None:
    ask(at, office)
    visitor = at(username)
    assert "Hadi Purnomo" not in visitor.text("/akun/")
    assert "Permintaan itu sudah tidak ada" in confirm(visitor)
    assert has_factor(office["pengawas"])


def test_a_plh_kepala_dinas_is_one(office: Office, at: At, lost: Visitor) -> None:
    Acting.create(kind="Plh.", user=office["bidang.ppa"], decree="1/2026", decree_date=today())
    ask(at, office)
    assert "telah dihapus" in confirm(at("bidang.ppa"))


def test_the_second_types_the_own_password(office: Office, at: At, lost: Visitor) -> None:
    ask(at, office)
    assert "tidak cocok" in confirm(at("kadis"), password="bukan kata sandinya")
    assert has_factor(office["pengawas"])


def test_a_request_is_refused_withdrawn_and_grows_old(office: Office, at: At, lost: Visitor) -> None:
    admin, kadis = ask(at, office), at("kadis")
    assert "tetap terpasang" in confirm(kadis, do="drop")
    ask(at, office)
    admin.post(f"/pengguna/faktor/?id={office['pengawas'].id}", do="drop")
    assert not FactorRemoval.select().exists()
    ask(at, office)
    FactorRemoval.update(asked_at=now() - factor_rules.LASTS - timedelta(minutes=1)).execute()
    assert "Permintaan itu sudah tidak ada" in confirm(kadis)
    assert has_factor(office["pengawas"])


def test_a_request_of_an_administrator_who_has_left_is_void(
    office: Office, at: At, lost: Visitor, second_admin: User
) -> None:
    ask(at, office)
    User.update(active=False).where(User.username == "admin").execute()
    assert "Permintaan itu sudah tidak ada" in confirm(at("admin2"))
    assert has_factor(office["pengawas"])


def test_an_open_request_is_shown_at_each_sign_in(
    office: Office, at: At, panel: Flask, lost: Visitor, phone: Phone
) -> None:
    ask(at, office)
    visitor = Visitor(panel)
    visitor.sign_in("pengawas")
    visitor.post("/masuk/kode", kode=phone.code())
    assert "Yusuf Maulana meminta faktor kedua Anda dihapus" in words(visitor.get("/").text)


def test_only_an_administrator_asks_and_not_for_himself(office: Office, at: At, lost: Visitor, phone: Phone) -> None:
    path = f"/pengguna/faktor/?id={office['pengawas'].id}"
    for username in ("kadis", "petugas", "pengawas"):
        visitor = lost if username == "pengawas" else at(username)
        assert visitor.post(path, do="ask").status_code in (403, 404), username
    own = at("admin")
    phone.set_up(own)
    assert own.post(f"/pengguna/faktor/?id={office['admin'].id}", do="ask").status_code == 404
    assert own.post(f"/pengguna/faktor/?id={office['petugas'].id}", do="ask").status_code == 404  # has none
    assert not FactorRemoval.select().exists()
