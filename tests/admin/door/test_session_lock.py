"""Whose session a request comes with: nothing opens what has ended, and what lies unused asks for its password."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from admin.door import sessions
from admin.sign_in import locked
from bench.pages import counted
from models.complaint.complaint import Complaint
from models.office.people import User
from models.sign_in.session import LONGEST, WRITTEN_EVERY, Session
from models.store.base import now
from tests.admin.doors import TOKEN, Visitor, words
from tests.office import PASSWORD, Office

At = Callable[[str], Visitor]
NEW = "kata sandi yang baru"
SECRET = re.compile(r"Rina Wulandari|petugas")
IDLE = timedelta(minutes=30) + WRITTEN_EVERY


def later(**much: float) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**much), tick=True)


def thief(visitor: Visitor, panel: Flask) -> Visitor:
    """Somebody else's browser, with a copy of the cookie."""
    copy = Visitor(panel)
    copy.client.set_cookie("panel", visitor.client.get_cookie("panel").value)
    return copy


def asked_to_sign_in(visitor: Visitor) -> bool:
    """Whether no door opens: pages lead to the sign-in, and what is sent does nothing."""
    looks = [visitor.client.get(path) for path in ("/", "/akun/", "/pengaduan/")]
    return all(look.status_code == 302 and look.location.startswith("/masuk?next=") for look in looks)


def sign_out(visitor: Visitor, at: At) -> None:
    visitor.post("/keluar")


def change_password(visitor: Visitor, at: At) -> None:
    assert visitor.post("/akun/", old=PASSWORD, password=NEW, repeat=NEW).status_code == 303


def edited(at: At, **changes: str) -> None:
    """By the administrator's form."""
    person, admin = User.get(username="petugas"), at("admin")
    fields = {"name": person.name, "role": person.role, "active": "y", "anyway": "y", "version": person.version}
    fields = {name: value for name, value in {**fields, **changes}.items() if value}
    assert admin.post(f"/pengguna/edit/?id={person.id}", **fields).status_code == 303


def change_role(visitor: Visitor, at: At) -> None:
    edited(at, role="kepala_dinas")
    edited(at, role="petugas")  # changed back: what has ended stays so


def switch_off(visitor: Visitor, at: At) -> None:
    edited(at, active="")
    edited(at, active="y")


def nothing(visitor: Visitor, at: At) -> None:
    """Time passes."""


REPLAYS = {
    "sign-out": (sign_out, timedelta(0)),
    "another password": (change_password, timedelta(0)),
    "another role": (change_role, timedelta(0)),
    "switched off": (switch_off, timedelta(0)),
    "unused": (nothing, IDLE),
    "too old": (nothing, LONGEST),
}


@pytest.mark.parametrize("kind", REPLAYS)
def test_a_copy_of_the_cookie_opens_nothing_afterwards(at: At, panel: Flask, office: Office, kind: str) -> None:
    happens, wait = REPLAYS[kind]
    visitor = at("petugas")
    copy = thief(visitor, panel)
    assert copy.get("/").status_code == 200
    token = visitor.token()
    happens(visitor, at)
    with time_machine.travel(now() + wait, tick=True):
        before = office.digest()
        assert asked_to_sign_in(copy)
        sent = copy.client.post("/akun/", data={"csrf_token": token, "old": NEW, "password": NEW + "x", "repeat": NEW})
        assert sent.status_code in (303, 400, 401)
        assert office.digest() == before


def test_eight_hours_of_use_without_a_pause_end_it_as_well(at: At) -> None:
    visitor, begun = at("petugas"), now()
    for minutes in range(20, 480, 20):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=True):
            assert visitor.get("/akun/").status_code == 200, minutes
    with time_machine.travel(begun + LONGEST, tick=True):
        assert asked_to_sign_in(visitor)
        assert "delapan jam" in visitor.get("/buka").text


def test_a_changed_password_gives_this_browser_a_new_cookie(at: At, panel: Flask) -> None:
    visitor = at("petugas")
    copy = thief(visitor, panel)
    change_password(visitor, at)
    assert visitor.get("/akun/").status_code == 200
    assert asked_to_sign_in(copy)


def test_signing_in_anew_ends_the_session_of_before(at: At, panel: Flask) -> None:
    visitor = at("petugas")
    copy = thief(visitor, panel)
    visitor.post("/masuk", username="kadis", password=PASSWORD)
    assert asked_to_sign_in(copy)


def test_a_clock_that_is_set_back_an_hour_ends_no_session(at: At) -> None:
    visitor = at("petugas")
    visitor.get("/akun/")
    with later(hours=-1):
        assert visitor.get("/akun/").status_code == 200
        assert visitor.post("/akun/", tampilan="gelap").status_code == 303  # its token is of an hour to come


def test_to_know_who_is_signed_in_takes_one_statement(at: At) -> None:
    visitor = at("petugas")
    visitor.get("/akun/")
    with counted() as sent:
        visitor.get("/tidak-ada", headers={"Accept": "application/json"})
        visitor.get("/pengguna/", headers={"Accept": "application/json"})
    about = [sql for sql in sent if 'FROM "session"' in sql or 'FROM "user"' in sql]
    assert len(about) == 1, about


# What is a use

BY_PAGES = {
    "what has come before": ("/pengaduan/new/", {"do": "likely", "story": "Bantuan"}),
    "a title": ("/pengaduan/new/", {"do": "title", "story": "Bantuan"}),
    "a draft's paper": ("/pengaduan/langkah/raise/naskah/", {}),
    "how long it goes on": ("/buka", None),
}


@pytest.mark.parametrize("kind", BY_PAGES)
def test_what_a_page_requests_by_itself_does_not_extend_a_session(at: At, kind: str) -> None:
    path, fields = BY_PAGES[kind]
    visitor, begun = at("petugas"), now()
    for minutes in (15, 29):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=True):
            if fields is None:
                assert visitor.get(path, headers={"Accept": "application/json"}).json["left"] > 0
            else:
                visitor.client.post(path, data={"csrf_token": token_of_script(visitor), **fields})
    with time_machine.travel(begun + IDLE, tick=True):
        assert asked_to_sign_in(visitor)


def test_pages_that_follow_each_other_say_the_same_of_the_lock(at: At) -> None:
    visitor, begun, said = at("petugas"), now(), set()
    for seconds in (1, 20, 45):
        with time_machine.travel(begun + timedelta(seconds=seconds), tick=True):
            said.add(re.search(r'data-lock="(\d+)"', visitor.get("/akun/").text)[1])  # type: ignore[index]
    assert said == {"1800"}


def token_of_script(visitor: Visitor) -> str:
    """The token without a page being asked for, which would be a use."""
    return str(visitor.get("/buka", headers={"Accept": "application/json"}).json["csrf_token"])


@pytest.mark.parametrize("still_here", [False, True])
def test_what_a_user_requests_extends_it_and_so_does_typing(at: At, still_here: bool) -> None:
    visitor, begun = at("petugas"), now()
    for minutes in (25, 50, 75):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=True):
            if still_here:
                token = token_of_script(visitor)
                asked = visitor.client.post(
                    "/buka", data={"csrf_token": token, "masih": "1"}, headers={"Accept": "application/json"}
                )
                assert asked.json["left"] > 29 * 60
            else:
                assert visitor.get("/akun/").status_code == 200
    with time_machine.travel(begun + timedelta(minutes=76) + IDLE, tick=True):
        token = token_of_script(visitor)
        asked = visitor.client.post(
            "/buka", data={"csrf_token": token, "masih": "1"}, headers={"Accept": "application/json"}
        )
        assert asked.status_code == 401
        assert asked_to_sign_in(visitor)


def test_every_door_that_pages_ask_by_themselves_is_there(panel: Flask) -> None:
    doors = {rule.endpoint.rpartition(".")[2] for rule in panel.url_map.iter_rules()}
    assert doors >= sessions.ASKED_BY_PAGES


# Locked


def test_a_locked_session_shows_whose_it_is_and_leads_on_to_the_page(at: At) -> None:
    visitor = at("petugas")
    with later(minutes=31):
        first, second = map(visitor.client.get, ("/pengaduan/?page=2", "/masuk?next=/pengaduan/?page=2"))
        assert first.location.startswith("/masuk?next=")
        page = visitor.get(second.location)
        assert "Terkunci Rina Wulandari" in words(page.text)
        assert "Menu utama" not in page.text
        refused = visitor.client.post("/buka", data={"csrf_token": TOKEN.findall(page.text)[0], "next": "/sop/"})
        assert (refused.status_code, locked.EMPTY in refused.text) == (422, True)
        opened = visitor.post("/buka", sandi_kunci=PASSWORD, next="/pengaduan/?page=2")
        assert opened.location == "/pengaduan/?page=2"
        assert visitor.get("/akun/").status_code == 200


def test_who_opens_a_lock_has_another_cookie_and_the_old_one_is_over(at: At, panel: Flask) -> None:
    visitor = at("petugas")
    copy = thief(visitor, panel)
    with later(minutes=31):
        visitor.post("/buka", sandi_kunci=PASSWORD)
        assert asked_to_sign_in(copy)
        assert copy.get("/buka").location == "/masuk"
        assert Session.select().where(Session.ended.is_null()).count() == 1


def test_what_was_sent_while_it_was_locked_goes_on_with_the_password_and_survives_a_wrong_one(
    at: At, office: Office
) -> None:
    visitor = at("admin")
    token = visitor.token()
    fields = {"day": "2026-12-29", "kind": "cuti", "name": 'Cuti "bersama"\n<Natal>', "csrf_token": token}
    with later(minutes=31):
        before = office.digest()
        asked = visitor.client.post("/hari-libur/new/?url=/hari-libur/", data=fields)
        assert (asked.status_code, office.digest()) == (401, before)
        assert 'value="Cuti &#34;bersama&#34;' in asked.text
        assert 'action="/hari-libur/new/?url=/hari-libur/"' in asked.text
        again = visitor.client.post("/hari-libur/new/", data={**fields, "sandi_kunci": "bukan ini"})
        assert (again.status_code, office.digest()) == (401, before)
        assert "Kata sandi Anda tidak cocok" in again.text
        assert "bukan ini" not in again.text
        assert "&lt;Natal&gt;" in again.text
        done = visitor.client.post("/hari-libur/new/", data={**fields, "sandi_kunci": PASSWORD})
        assert done.status_code == 303, words(done.text)
        assert office.digest() != before


def test_what_waits_for_one_users_password_is_not_sent_as_another(at: At, office: Office) -> None:
    visitor = at("petugas")
    fields = {"medium": "1", "category": "1", "story": "Bantuan berhenti.", "pengadu-name": "Siti", "do": "save"}
    with later(minutes=31):
        asked = visitor.client.post("/pengaduan/new/", data={**fields, "csrf_token": visitor.token()})
        assert "Bantuan berhenti." in asked.text
        lying = {**fields, "csrf_token": TOKEN.findall(asked.text)[0], "sandi_kunci": PASSWORD}
        visitor.post("/keluar")
        visitor.sign_in("petugas2")
        before = office.digest()
        sent = visitor.client.post("/pengaduan/new/", data=lying)
        assert (sent.status_code, office.digest()) == (400, before)


def test_several_values_of_one_field_are_carried_and_files_are_named_to_be_chosen_again(at: At) -> None:
    visitor = at("petugas")
    token = visitor.token()
    with later(minutes=31):
        files = [(io.BytesIO(b"x"), "foto rumah.jpg"), (io.BytesIO(b"y"), "surat.pdf")]
        sent = {"csrf_token": token, "story": "Panjang", "cases": ["1:1", "2:1"], "evidence_files": files}
        page = visitor.client.post("/pengaduan/new/", data=sent, content_type="multipart/form-data").text
        assert page.count('name="cases"') == 2
        assert "Pilih lagi: foto rumah.jpg, surat.pdf" in page
        assert 'enctype="multipart/form-data"' in page
        assert 'type="file" name="evidence_files"' in page


def test_passwords_that_were_sent_while_it_was_locked_do_not_lie_in_the_page_that_asks_for_one(at: At) -> None:
    visitor = at("petugas")
    token = visitor.token()
    with later(minutes=31):
        typed = {"csrf_token": token, "old": PASSWORD, "password": NEW, "repeat": NEW}
        page = visitor.client.post("/akun/", data=typed)
        assert (page.status_code, PASSWORD in page.text, NEW in page.text) == (401, False, False)
        assert visitor.client.post("/akun/", data={"csrf_token": token, "sandi_kunci": PASSWORD}).status_code == 422


def test_the_password_that_opens_is_not_seen_by_the_page_it_was_sent_to(at: At, office: Office) -> None:
    visitor = at("petugas")
    token = visitor.token()
    with later(minutes=31):
        page = visitor.client.post(
            "/pengaduan/new/", data={"csrf_token": token, "do": "fill", "story": "Sejak Juli", "sandi_kunci": PASSWORD}
        )
        assert page.status_code == 200
        assert "Sejak Juli" in page.text
        assert PASSWORD not in page.text
    assert Complaint.select().count() == 0


def test_a_script_gets_the_same_without_a_page(at: At) -> None:
    visitor, script = at("petugas"), {"Accept": "application/json"}
    who = str(User.get(username="petugas").id)
    assert visitor.get("/buka", headers=script).json["who"] == who
    with later(minutes=31):
        shut = visitor.get("/buka", headers=script).json
        assert shut["left"] == 0
        wrong = visitor.client.post(
            "/buka", headers=script, data={"csrf_token": shut["csrf_token"], "sandi_kunci": "x"}
        )
        assert (wrong.status_code, wrong.json) == (422, {"sentence": "Kata sandi Anda tidak cocok."})
        right = {"csrf_token": shut["csrf_token"], "sandi_kunci": PASSWORD}
        assert visitor.client.post("/buka", headers=script, data=right).json["left"] > 29 * 60
        visitor.post("/keluar")
        assert visitor.get("/buka", headers=script).status_code == 403


def test_another_person_signs_out_of_the_lock(at: At) -> None:
    visitor = at("petugas")
    with later(minutes=31):
        assert visitor.post("/keluar").location == "/masuk"
        assert visitor.sign_in("kadis").location == "/"
        assert "Wicaksono Pradipta" in visitor.get("/akun/").text


def test_without_a_session_there_is_no_lock(stranger: Visitor) -> None:
    assert stranger.get("/buka").location == "/masuk"
    answer: Any = stranger.post("/buka", sandi_kunci=PASSWORD)
    assert answer.location == "/masuk"
