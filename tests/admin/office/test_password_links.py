"""The admin makes a one-time link for somebody: shown once, recorded, and no user types another's password any more."""

import re
from html import unescape

import pytest

from models.complaint.event import Event, bodies
from models.office.people import User
from models.sign_in.password_links import PasswordLink, hash_of, holder_of
from models.workflow.proof import prove_existing_rows, verified
from tests.admin.doors import Visitor, words
from tests.admin.forms import form_on, save
from tests.office import PASSWORD

NEW = "kuda biru makan awan"


def page_of(user: User) -> str:
    return f"/pengguna/tautan/?id={user.id}"


def link_on(page: str) -> str:
    return unescape(re.search(r'id="tautan">([^<]+)<', page)[1])


def set_by(visitor: Visitor, link: str, password: str = NEW):
    """What the person does with the link."""
    path = link.removeprefix("http://localhost")
    form = form_on(visitor.get(path, follow_redirects=True).text)
    return visitor.client.post("/kata-sandi", data={**form.sent, "password": password, "repeat": password})


def test_a_new_user_gets_a_link_and_sets_the_first_password_himself(at, panel):
    admin = at("admin")
    fields = {"username": "petugas.baru", "name": "Petugas Baru", "role": "petugas", "active": "y"}
    answer = admin.post("/pengguna/new/", **fields)
    person = User.get(username="petugas.baru")
    assert (answer.status_code, answer.location) == (303, page_of(person))
    assert person.password_hash == ""
    assert "Kata sandi belum ada" in admin.text(page_of(person))
    assert "tidak cocok" in Visitor(panel).sign_in("petugas.baru", "").text
    page = save(admin, page_of(person)).text
    assert "Sampai tautan ini dipakai, akun ini belum dapat masuk." in words(page)
    newcomer = Visitor(panel)
    assert set_by(newcomer, link_on(page)).location == "/masuk"
    assert newcomer.sign_in("petugas.baru", NEW).status_code == 303


@pytest.mark.parametrize("path", ["/pengguna/new/", "/pengguna/edit/?id={}"])
def test_no_form_of_a_user_asks_for_a_password(at, office, path):
    form = form_on(at("admin").get(path.format(office["kadis"].id)).text)
    assert "username" in form.sent or "name" in form.sent
    assert not {"password", "repeat"} & set(form.kinds)


def test_a_password_that_is_sent_all_the_same_is_not_stored(at, office, panel):
    admin, password_hash = at("admin"), office["petugas"].password_hash
    sent = save(admin, f"/pengguna/edit/?id={office['petugas'].id}", password=NEW, repeat=NEW, password_hash="x")
    assert sent.status_code == 303
    assert User.get(username="petugas").password_hash == password_hash


def test_the_link_is_shown_once_as_text_and_as_qr_and_stands_in_the_history_without_it(at, office):
    admin, person = at("admin"), office["petugas"]
    assert f'href="{page_of(person)}"' in admin.get(f"/pengguna/edit/?id={person.id}").text
    page = save(admin, page_of(person)).text
    token = link_on(page).partition("kode=")[2]
    assert holder_of(hash_of(token)) == person
    [drawn] = re.findall(r"<svg.*?</svg>", page.partition("<main")[2], re.DOTALL)
    assert "style" not in drawn
    assert "script" not in drawn
    again = admin.get(page_of(person)).text
    assert token not in again
    assert "belum dipakai; berlaku sampai" in again
    [event] = Event.select()
    assert event.user_id == office["admin"].id
    assert token not in str(bodies([event], {}))
    assert bodies([event], {})[event.id]["what"] == "membuat tautan kata sandi untuk Rina Wulandari"


def test_the_old_password_is_valid_until_then_unless_the_admin_ends_it(at, office, panel):
    admin, inside, person = at("admin"), at("petugas"), office["petugas"]
    page = save(admin, page_of(person)).text
    assert "Kata sandi lama tetap berlaku sampai yang baru dibuat." in words(page)
    assert inside.get("/").status_code == 200
    page = save(admin, page_of(person), akhiri="y").text
    assert "Kata sandi lama telah diakhiri." in words(page)
    assert inside.client.get("/").location.startswith("/masuk")
    assert "tidak cocok" in Visitor(panel).sign_in("petugas", PASSWORD).text
    assert set_by(Visitor(panel), link_on(page)).status_code == 303
    assert Visitor(panel).sign_in("petugas", NEW).status_code == 303


def test_his_own_password_the_admin_changes_with_the_old_one(at, office):
    """An admin's desk that stands open does not give away his account."""
    admin, me = at("admin"), office["admin"]
    assert "Buat tautan kata sandi" not in admin.get(f"/pengguna/edit/?id={me.id}").text
    assert admin.get(page_of(me)).status_code == 404
    assert admin.post(page_of(me)).status_code == 404
    assert not PasswordLink.select().exists()


@pytest.mark.parametrize(("username", "code"), [("petugas", 403), ("kadis", 403), ("pengawas", 404)])
def test_only_the_admin_makes_links(at, office, username, code):
    visitor = at(username)
    assert visitor.get(page_of(office["petugas2"])).status_code == code
    assert visitor.post(page_of(office["petugas2"])).status_code == code
    assert not PasswordLink.select().exists()
    assert not Event.select().exists()


def test_who_is_switched_off_gets_no_link(at, office):
    User.update(active=False).where(User.username == "petugas2").execute()
    assert at("admin").post(page_of(office["petugas2"])).status_code == 404


def test_a_password_of_one_s_own_makes_an_open_link_worthless(at, office, panel):
    link = link_on(save(at("admin"), page_of(office["petugas"])).text)
    at("petugas").post("/akun/", old=PASSWORD, password=NEW, repeat=NEW)
    assert Visitor(panel).get(link.removeprefix("http://localhost"), follow_redirects=True).status_code == 404


@pytest.mark.parametrize("way", ["by a link", "by a link that ends the old one", "by oneself"])
def test_a_new_password_is_no_tampering(office, panel, at, stranger, way):
    prove_existing_rows()
    if way == "by oneself":
        assert at("petugas").post("/akun/", old=PASSWORD, password=NEW, repeat=NEW).status_code == 303
    else:
        ended = {"akhiri": "y"} if way != "by a link" else {}
        page = at("admin").post(page_of(office["petugas"]), **ended).text
        assert set_by(stranger, link_on(page)).status_code == 303
    assert User.get(username="petugas").version > 1
    assert verified()[1] == []


def test_an_administrator_leaves(at, office, panel):
    """A successor switches him off: he is out at once, and the links that he has saved for himself open nothing."""
    admin = at("admin")
    save(admin, "/pengguna/new/", username="admin.baru", name="Pengganti", role="admin")
    successor = User.get(username="admin.baru")
    assert set_by(Visitor(panel), link_on(save(admin, page_of(successor)).text)).location == "/masuk"
    own_link = link_on(save(admin, page_of(office["kadis"])).text)
    second = Visitor(panel)
    assert second.sign_in("admin.baru", NEW).status_code == 303
    answer = save(second, f"/pengguna/edit/?id={office['admin'].id}", active=None)
    assert answer.status_code == 303, words(answer.text)
    assert not User.get_by_id(office["admin"].id).active
    assert admin.client.get("/pengguna/").location.startswith("/masuk")
    assert "tidak cocok" in Visitor(panel).sign_in("admin").text
    before = User.get(username="kadis").password_hash
    assert "tidak berlaku" in words(
        Visitor(panel).get(own_link.removeprefix("http://localhost"), follow_redirects=True).text
    )
    assert holder_of(hash_of(own_link.rpartition("/")[2])) is None
    assert User.get(username="kadis").password_hash == before
    assert set_by(Visitor(panel), link_on(save(second, page_of(office["kadis"])).text)).location == "/masuk"
