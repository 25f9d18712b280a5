"""Where somebody is signed in can be seen and ended: by himself, and by an administrator for anybody."""

from collections.abc import Callable

from flask import Flask

from models.complaint.event import Event, bodies
from models.sign_in.session import BY_ADMIN, BY_ONESELF, Session
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
LAPTOP = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


def signed_in(panel: Flask, username: str, agent: str, address: str = "192.0.2.7") -> Visitor:
    visitor = Visitor(panel, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert visitor.sign_in(username).status_code == 303
    return visitor


def newest() -> Session:
    return Session.select().order_by(Session.id.desc()).get()


def test_a_laptop_is_stolen(office: Office, panel: Flask) -> None:
    """It is open at a case; from the telephone its session is ended; the thief's next request asks to sign in."""
    [case] = office.receive()
    laptop = signed_in(panel, "petugas", LAPTOP)
    stolen, page = newest(), f"/pengaduan/details/?id={case}"
    assert laptop.get(page).status_code == 200
    phone = signed_in(panel, "petugas", PHONE, "198.51.100.4")
    account = phone.text("/akun/")
    assert "Chrome di Android perangkat ini 198.51.100.4, masuk" in account
    assert "Chrome di Windows 192.0.2.7, masuk" in account
    assert phone.post("/akun/sesi/", sesi=stolen.id).status_code == 303
    assert "Sesi telah diakhiri: Chrome di Windows." in phone.text("/akun/")
    before = office.digest()
    assert laptop.get(page).location.startswith("/masuk?next=")
    assert laptop.client.post("/pengaduan/langkah/raise/", data={"cases": f"{case}:1"}).status_code == 400
    assert office.digest() == before
    ended = Session.get_by_id(stolen.id)
    assert (ended.why, ended.ended_by_id, ended.ended is not None) == (BY_ONESELF, office["petugas"].id, True)
    assert "Chrome di Windows" not in phone.text("/akun/")


def test_all_others_end_at_once_and_this_one_goes_on(office: Office, panel: Flask) -> None:
    others = [signed_in(panel, "petugas", LAPTOP) for _ in range(2)]
    here = signed_in(panel, "petugas", PHONE)
    assert here.post("/akun/sesi/", sesi="semua").status_code == 303
    assert here.get("/akun/").status_code == 200
    assert [one.get("/").status_code for one in others] == [302, 302]


def test_a_user_cannot_end_anothers_session_from_his_own_page(office: Office, panel: Flask) -> None:
    victim = signed_in(panel, "kadis", LAPTOP)
    number = newest().id
    attacker = signed_in(panel, "petugas", PHONE)
    for which in (number, "", "semua", "0", "x"):
        attacker.post("/akun/sesi/", sesi=which)
    assert victim.get("/").status_code == 200
    assert "berakhir" in attacker.text("/akun/")


def test_an_administrator_ends_anybodys_and_the_history_says_so(office: Office, panel: Flask, at: At) -> None:
    person = office["bidang.ppa"]
    laptop, phone = signed_in(panel, "bidang.ppa", LAPTOP), signed_in(panel, "bidang.ppa", PHONE)
    number, admin, form = newest().id, at("admin"), f"/pengguna/edit/?id={person.id}"
    assert "Chrome di Windows" in admin.text(form)
    assert admin.post(f"/pengguna/sesi/?id={person.id}", sesi=number).status_code == 303
    assert (laptop.get("/").status_code, phone.get("/").status_code) == (200, 302)
    entry = Event.select().order_by(Event.id.desc()).get()
    assert (entry.subject, entry.user_id) == (f"user:{person.id}", office["admin"].id)
    assert bodies([entry], {})[entry.id]["what"] == "mengakhiri sesi Sri Handayani (Chrome di Android)"
    admin.post(f"/pengguna/sesi/?id={person.id}", sesi="semua")
    assert laptop.get("/").status_code == 302
    assert Session.get_by_id(number).why == BY_ADMIN
    assert "Sedang tidak masuk di mana pun" in admin.text(form)


def test_who_only_reads_the_users_ends_nothing(office: Office, panel: Flask, at: At) -> None:
    victim = signed_in(panel, "kadis", LAPTOP)
    for username in ("pengawas", "petugas", "kadis"):
        answer = at(username).post(f"/pengguna/sesi/?id={office['kadis'].id}", sesi="semua")
        assert answer.status_code in (403, 404)
    assert victim.get("/").status_code == 200
    admin = at("admin")
    for asked in ("", "?id=999999", "?id=x", f"?id={office['kadis'].id}&id=1"):
        assert admin.post(f"/pengguna/sesi/{asked}", sesi="semua").status_code == 404, asked
    assert victim.get("/").status_code == 200
