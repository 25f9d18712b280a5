"""A role of which a second factor is demanded: a user without one is led to set it up, and may do nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin.office.checklist import checklist_items
from models.demo import demo
from models.office.people import today
from models.office.settings import FACTOR, OPTIONS, Setting, store_setting
from models.sign_in import factor_rules
from models.sign_in.session import Session
from models.store.base import now
from sop.access import ROLES
from sop.words import format_date
from tests.admin.doors import Visitor
from tests.admin.sign_in.phone import PAGE, Phone
from tests.office import PASSWORD, Office, give_password, hash_quickly

At = Callable[[str], Visitor]
LONGER = "kuda biru makan awan"


def demand_of(role: str) -> None:
    store_setting(f"{FACTOR}{role}", True, today())


def test_every_role_has_its_setting_and_none_is_demanded_at_first() -> None:
    assert {key: OPTIONS[f"{FACTOR}{key}"].default for key in ROLES} == dict.fromkeys(ROLES, False)


def test_who_lacks_it_is_led_there_and_may_do_nothing_else_until_it_is_set_up(
    office: Office, at: At, panel: Flask, phone: Phone
) -> None:
    demand_of("kepala_dinas")
    visitor = at("kadis")
    for path in ("/", "/pengaduan/", "/akun/", "/meja/approve/"):
        assert visitor.get(path).location == PAGE, path
    assert visitor.post("/akun/sesi/", sesi="semua").location == PAGE
    assert "Wajib bagi peran Anda" in visitor.text(PAGE)
    phone.set_up(visitor)
    assert visitor.get("/").status_code == 200
    assert at("petugas").get("/").status_code == 200  # of others nothing is demanded


def test_a_locked_page_opens_as_narrow_as_it_was(at: At, phone: Phone) -> None:
    demand_of("kepala_dinas")
    visitor = at("kadis")
    Session.update(used=now() - timedelta(minutes=45)).execute()
    assert visitor.post("/buka", sandi_kunci=PASSWORD).status_code == 303
    assert visitor.get("/pengaduan/").location == PAGE


def test_taking_it_away_leads_back_at_once(at: At, phone: Phone) -> None:
    visitor = at("kadis")
    phone.set_up(visitor)
    demand_of("kepala_dinas")
    visitor.post(PAGE, do="remove", password=PASSWORD, kode=phone.code())
    assert visitor.get("/").location == PAGE


def test_who_has_it_is_only_asked_for_the_code(at: At, panel: Flask, phone: Phone) -> None:
    phone.set_up(at("kadis"))
    demand_of("kepala_dinas")
    visitor = Visitor(panel)
    visitor.sign_in("kadis")
    visitor.post("/masuk/kode", kode=phone.code())
    assert visitor.get("/").status_code == 200


def test_the_demo_demands_nothing(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    demand_of("kepala_dinas")
    monkeypatch.setattr(demo, "is_demo", lambda: True)
    assert at("kadis").get("/").status_code == 200


def test_a_password_that_is_too_short_without_a_factor_is_changed_first(panel: Flask) -> None:
    """As of somebody whose factor others took away, and who had chosen a short password with it."""
    short = "awan-k4m"
    give_password("kadis", hash_quickly(short))
    visitor = Visitor(panel)
    visitor.sign_in("kadis", short)
    assert visitor.get("/pengaduan/").location == "/akun/"
    assert visitor.post("/akun/", old=short, password=LONGER, repeat=LONGER).status_code == 303
    assert visitor.get("/pengaduan/").status_code == 200


def test_the_checklist_asks_kadis_pengawas_and_admin_for_it_by_a_day(
    office: Office, at: At, panel: Flask, phone: Phone
) -> None:
    def lacking() -> list[str]:
        with panel.test_request_context():
            [item] = [item for item in checklist_items() if item.title == "Faktor kedua"]
            return [words for words, _ in item.lacking]

    assert "Belum wajib: 3 peran" in lacking()
    factor_rules.begin_demand(today())
    day = format_date(today() + factor_rules.GRACE)
    assert [words.rpartition(", ")[2] for words in lacking()] == [f"wajib mulai {day}"] * 3
    assert f"Mulai {day} faktor kedua wajib bagi peran Anda." in at("pengawas").text("/")
    assert "faktor kedua wajib" not in at("petugas").text("/")
    kadis = at("kadis")
    assert kadis.get("/pengaduan/").status_code == 200  # not yet
    phone.set_up(kadis)
    assert not [words for words in lacking() if words.startswith("Wicaksono")]
    Setting.update(valid_from=today()).execute()
    assert [words.rpartition(", ")[2] for words in lacking()] == [f"wajib sejak {format_date(today())}"] * 2
    assert at("admin").get("/").location == PAGE  # from that day on he is led there first
