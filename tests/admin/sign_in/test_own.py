"""Akun saya: the factor is set up by the password and a right code, looked at, given new codes, taken away."""

from collections.abc import Callable

import pytest
from flask import Flask

from models.complaint.event import Event, bodies
from models.demo import demo
from models.sign_in import factor
from models.sign_in.factor import SecondFactor
from models.sign_in.passwords import shortest_for
from tests.admin.doors import Visitor, words
from tests.admin.sign_in.phone import PAGE, RECOVERY, Phone, is_in
from tests.office import PASSWORD, Office

At = Callable[[str], Visitor]
LONGER, SHORT = "kuda biru makan awan", "awan-k4m"


def deeds() -> list[str]:
    edits = list(Event.select().where(Event.act == "edit").order_by(Event.id))
    return [bodies(edits, {})[event.id].get("what", "") for event in edits]


def test_it_is_set_up_by_the_password_the_key_and_a_right_code(office: Office, at: At, phone: Phone) -> None:
    visitor = at("kadis")
    assert "Belum dipasang" in visitor.text(PAGE)
    asked = visitor.post(PAGE, do="begin", password="bukan kata sandinya")
    assert (asked.status_code, SecondFactor.select().count()) == (422, 0)
    page = visitor.post(PAGE, do="begin", password=PASSWORD).text
    assert "<svg" in page
    phone.scan(page)
    wrong = visitor.post(PAGE, do="confirm", kode=phone.wrong())
    assert wrong.status_code == 422
    assert 'id="kunci"' not in wrong.text  # shown once
    assert not factor.has_factor(office["kadis"])
    done = visitor.post(PAGE, do="confirm", kode=phone.code())
    assert len(RECOVERY.findall(done.text)) == 10
    assert not RECOVERY.findall(visitor.get(PAGE).text)
    text = visitor.text(PAGE)
    assert "Kode cadangan tersisa 10 dari 10" in text
    assert "Aplikasi dipasang " in text
    assert deeds() == ["memasang faktor kedua"]


def test_setting_it_up_ends_the_other_sessions_and_not_this_one(at: At, panel: Flask, phone: Phone) -> None:
    here, there = at("kadis"), Visitor(panel)
    there.sign_in("kadis")
    phone.set_up(here)
    assert is_in(here)
    assert not is_in(there)


def test_an_unfinished_set_up_asks_for_no_code(at: At, panel: Flask) -> None:
    at("kadis").post(PAGE, do="begin", password=PASSWORD)
    assert SecondFactor.select().exists()
    assert Visitor(panel).sign_in("kadis").location == "/"


def test_new_recovery_codes_take_password_and_code(at: At, phone: Phone) -> None:
    visitor = at("kadis")
    phone.set_up(visitor)
    assert visitor.post(PAGE, do="codes", password=PASSWORD, kode=phone.wrong()).status_code == 422
    assert visitor.post(PAGE, do="codes", password="bukan kata sandinya", kode=phone.code()).status_code == 422
    fresh = RECOVERY.findall(visitor.post(PAGE, do="codes", password=PASSWORD, kode=phone.code()).text)
    assert len(fresh) == 10
    assert not set(fresh) & set(phone.recovery)
    assert deeds()[-1] == "membuat kode cadangan baru"


def test_it_is_removed_by_password_and_code(at: At, panel: Flask, phone: Phone) -> None:
    visitor = at("kadis")
    phone.set_up(visitor)
    assert visitor.post(PAGE, do="remove", password=PASSWORD, kode=phone.wrong()).status_code == 422
    assert visitor.post(PAGE, do="remove", password=PASSWORD, kode="").status_code == 422
    assert visitor.post(PAGE, do="remove", password=PASSWORD, kode=phone.code()).status_code == 303
    assert is_in(visitor)
    assert Visitor(panel).sign_in("kadis").location == "/"
    assert deeds()[-1] == "menghapus faktor keduanya"


def test_with_it_a_password_of_eight_is_long_enough_and_a_longer_one_comes_before_its_removal(
    office: Office, at: At, phone: Phone
) -> None:
    visitor = at("kadis")
    assert "12 sampai 128" in words(visitor.post("/akun/", old=PASSWORD, password=SHORT, repeat=SHORT).text)
    phone.set_up(visitor)
    assert shortest_for(office["kadis"]) == 8
    assert visitor.post("/akun/", old=PASSWORD, password=SHORT, repeat=SHORT).status_code == 303
    refused = visitor.post(PAGE, do="remove", password=SHORT, kode=phone.code())
    assert "sedikitnya 12 karakter" in words(refused.text)
    assert factor.has_factor(office["kadis"])
    assert visitor.post("/akun/", old=SHORT, password=LONGER, repeat=LONGER).status_code == 303
    assert visitor.post(PAGE, do="remove", password=LONGER, kode=phone.code()).status_code == 303
    assert not factor.has_factor(office["kadis"])


def test_the_page_of_an_account_says_how_it_stands(at: At, phone: Phone) -> None:
    visitor = at("pengawas")
    assert "Faktor kedua belum dipasang" in visitor.text("/akun/")
    phone.set_up(visitor)
    assert "kode cadangan tersisa 10 dari 10" in visitor.text("/akun/")


def test_the_demo_has_none(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = at("kadis")
    monkeypatch.setattr(demo, "is_demo", lambda: True)
    assert "Pada data contoh faktor kedua tidak dipakai" in visitor.text(PAGE)
    assert "Faktor kedua tidak dipakai pada data contoh" in visitor.text("/akun/")
    assert f'href="{PAGE}"' not in visitor.get("/akun/").text
    visitor.post(PAGE, do="begin", password=PASSWORD)
    assert not SecondFactor.select().exists()
