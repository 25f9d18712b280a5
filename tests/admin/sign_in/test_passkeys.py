"""A passkey as people meet it: added on Akun saya, shown in place of a code wherever one is asked for, taken away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin.office.checklist import checklist_items
from models.office.people import User
from models.sign_in import factor
from models.sign_in.factor_rules import FactorRemoval
from models.sign_in.passkeys import MOST, Passkey, PasskeyQuestion
from models.sign_in.password_links import make_link
from models.sign_in.passwords import shortest_for
from models.sign_in.session import Session
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.admin.forms import form_on
from tests.admin.sign_in.laptop import ANSWER, ASK, Laptop
from tests.admin.sign_in.phone import PAGE, RECOVERY, Phone, is_in, type_code
from tests.admin.sign_in.test_demand import demand_of
from tests.admin.sign_in.test_own import deeds
from tests.admin.sign_in.test_proof import KEY, grow_stale, step_sent
from tests.models.sign_in.device import PRESENT, VERIFIED
from tests.office import PASSWORD, Office

At = Callable[[str], Visitor]
SHORT = "awan-k4m"
CODE = "/masuk/kode"


@pytest.fixture
def laptop() -> Laptop:
    return Laptop()


@pytest.fixture
def owner(at: At, laptop: Laptop) -> Visitor:
    """The Kepala Dinas with a passkey and no app, signed out."""
    visitor = at("kadis")
    laptop.set_up(visitor)
    visitor.post("/keluar")
    return visitor


def come_in(visitor: Visitor, laptop: Laptop) -> object:
    visitor.sign_in("kadis")
    return answered(visitor, laptop)


def answered(visitor: Visitor, laptop: Laptop) -> object:
    """On the second page of the sign-in."""
    return visitor.post(CODE, kode="", **{ANSWER: laptop.answer(visitor)})


def test_it_is_added_by_the_password_and_brings_recovery_codes(
    office: Office, at: At, panel: Flask, laptop: Laptop
) -> None:
    visitor, elsewhere = at("kadis"), Visitor(panel)
    elsewhere.sign_in("kadis")
    assert visitor.post(PAGE, do="key", password="bukan kata sandinya", nama="x").status_code == 422
    assert visitor.post(PAGE, do="keep", nama="x", jawaban=laptop.make('{"challenge": "YQ"}')).status_code == 422
    assert not PasskeyQuestion.select().exists()
    assert len(laptop.set_up(visitor)) == 10
    assert not is_in(elsewhere)
    text = visitor.text(PAGE)
    assert "Laptop kantor Ditambahkan" in text
    assert "belum pernah dipakai" in text
    assert "Kode cadangan tersisa 10 dari 10" in text
    assert "kunci sandi Laptop kantor" in visitor.text("/akun/")
    assert deeds() == ["menambah kunci sandi Laptop kantor"]


def test_it_signs_in_after_the_password_and_so_does_a_recovery_code(
    at: At, panel: Flask, owner: Visitor, laptop: Laptop
) -> None:
    assert owner.sign_in("kadis").location.startswith(CODE)
    assert "Pakai kunci sandi Anda, atau ketik satu kode cadangan" in owner.text(CODE)
    assert 'src="/static/js/passkey.js' in owner.get(CODE).text
    assert owner.post(CODE, kode="", **{ANSWER: laptop.answer(owner)}).location == "/"
    assert "terakhir dipakai" in owner.text(PAGE)
    other, code = Visitor(panel), factor.new_recovery_codes(User.get(username="kadis"))[0]
    other.sign_in("kadis")
    assert type_code(other, code).location == "/"


def test_two_tabs_of_one_sign_in_are_each_answered_and_one_answer_opens_once(
    panel: Flask, owner: Visitor, laptop: Laptop
) -> None:
    owner.sign_in("kadis")
    first, second = laptop.answer(owner), laptop.answer(owner)
    stranger = Visitor(panel)
    stranger.sign_in("kadis")
    assert "Kunci sandi tidak cocok" in words(stranger.post(CODE, kode="", **{ANSWER: first}).text)
    assert owner.post(CODE, kode="", **{ANSWER: second}).location == "/"
    assert owner.post(CODE, kode="", **{ANSWER: first}).location == "/masuk"
    assert is_in(owner)
    assert not is_in(stranger)


def test_a_wrong_answer_counts_as_a_try_and_a_counter_gone_back_is_recorded(owner: Visitor, laptop: Laptop) -> None:
    come_in(owner, laptop)
    owner.post("/keluar")
    laptop.count -= 1
    assert "hitungannya mundur" in words(come_in(owner, laptop).text)
    assert deeds()[-1] == "ditolak dengan kunci sandi Laptop kantor, yang hitungannya mundur"
    laptop.flags = PRESENT
    assert "Kunci sandi tidak cocok" in words(answered(owner, laptop).text)
    laptop.flags |= VERIFIED
    assert answered(owner, laptop).location == "/"
    assert "2 kali gagal masuk" in owner.text("/")


def test_passkeys_are_asked_for_only_after_the_right_password(
    at: At, stranger: Visitor, owner: Visitor, laptop: Laptop
) -> None:
    assert stranger.post(ASK).status_code == 403
    assert at("petugas").post(ASK).status_code == 403  # has none
    assert owner.post(ASK).status_code == 403
    come_in(owner, laptop)
    Session.update(used=now() - timedelta(minutes=45)).where(Session.ended.is_null()).execute()
    assert owner.post(ASK).status_code == 403  # locked: the password comes first


def reach(panel: Flask, monkeypatch: pytest.MonkeyPatch, scheme: str, name: str) -> Visitor:
    """Somebody whose browser has come by this address."""
    panel.config["TRUSTED_HOSTS"], serve = [name.partition(":")[0]], panel.wsgi_app
    reached_by = {"wsgi.url_scheme": scheme, "HTTP_HOST": name}
    monkeypatch.setattr(panel, "wsgi_app", lambda environ, start: serve({**environ, **reached_by}, start))
    return Visitor(panel)


def test_under_https_and_a_name_it_is_of_that_name_and_port(
    office: Office, panel: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = reach(panel, monkeypatch, "https", "panel.example:8443")
    there.sign_in("kadis")
    laptop = Laptop(origin="https://panel.example:8443", host="panel.example")
    assert len(laptop.set_up(there)) == 10
    assert Passkey.get().host == "panel.example"
    there.post("/keluar")
    there.sign_in("kadis")
    laptop.origin = "https://panel.example"
    assert "Kunci sandi tidak cocok" in words(answered(there, laptop).text)
    laptop.origin = "https://panel.example:8443"
    assert answered(there, laptop).location == "/"


@pytest.mark.parametrize(
    ("scheme", "name", "because"),
    [("http", "panel.example", "tidak lewat https"), ("https", "127.0.0.1", "angka, bukan nama")],
)
def test_without_https_or_a_name_there_are_none_and_the_page_says_why(
    owner: Visitor, panel: Flask, monkeypatch: pytest.MonkeyPatch, scheme: str, name: str, because: str
) -> None:
    there = reach(panel, monkeypatch, scheme, name)
    there.sign_in("kadis")
    assert "Kunci sandi Anda hanya berlaku pada localhost" in there.text(CODE)
    assert "passkey.js" not in there.get(CODE).text
    assert there.post(ASK).status_code == 403
    assert type_code(there, factor.new_recovery_codes(User.get(username="kadis"))[0]).status_code == 303
    page = there.text(PAGE)
    assert because in page
    assert "Hanya berlaku pada localhost" in page
    assert because in words(there.post(PAGE, do="key", password=PASSWORD, nama="x").text)


def test_it_is_one_page_with_an_app_and_either_stays_without_the_other(
    office: Office, at: At, laptop: Laptop, phone: Phone
) -> None:
    visitor = at("kadis")
    phone.set_up(visitor)
    refused = visitor.post(PAGE, do="key", password=PASSWORD, nama="x", kode="")
    assert "Ketik juga kode" in words(refused.text)
    assert laptop.added(visitor, kode=phone.code()).location == PAGE  # no new codes: there are some
    assert factor.recovery_codes_left(office["kadis"]) == 10
    gone = visitor.post(PAGE, do="remove", password=PASSWORD, **{ANSWER: laptop.answer(visitor)})
    assert gone.location == PAGE
    assert "kunci sandi tetap ditanyakan" in visitor.text(PAGE)
    assert factor.factor_of(office["kadis"]) is None
    begun = visitor.post(PAGE, do="begin", password=PASSWORD, **{ANSWER: laptop.answer(visitor)})
    phone.scan(begun.text)
    assert len(RECOVERY.findall(visitor.post(PAGE, do="confirm", kode=phone.code()).text)) == 10
    row = Passkey.get()
    assert visitor.post(PAGE, do="drop", id=row.id, password=PASSWORD, kode=phone.code()).location == PAGE
    assert factor.factor_of(office["kadis"]) is not None
    assert factor.recovery_codes_left(office["kadis"]) == 10


def test_the_last_factor_goes_by_a_long_password_and_with_its_codes(
    office: Office, at: At, laptop: Laptop, panel: Flask
) -> None:
    visitor = at("kadis")
    laptop.set_up(visitor)
    assert shortest_for(office["kadis"]) == 8
    drop = {"do": "drop", "id": Passkey.get().id}
    refused = visitor.post(PAGE, **drop, password=SHORT, **{ANSWER: laptop.answer(visitor)})
    assert "sedikitnya 12 karakter" in words(refused.text)
    assert visitor.post(PAGE, **drop, password=PASSWORD, kode="").status_code == 422
    assert visitor.post(PAGE, **drop, password=PASSWORD, **{ANSWER: laptop.answer(visitor)}).location == PAGE
    assert not factor.has_factor(office["kadis"])
    assert factor.recovery_codes_left(office["kadis"]) == 0
    assert deeds()[-1] == "menghapus kunci sandi Laptop kantor"
    assert Visitor(panel).sign_in("kadis").location == "/"


def test_where_a_factor_is_demanded_it_is_enough_and_the_checklist_counts_it(
    at: At, panel: Flask, laptop: Laptop
) -> None:
    demand_of("kepala_dinas")
    visitor = at("kadis")
    assert visitor.get("/pengaduan/").location == PAGE
    laptop.set_up(visitor)
    assert visitor.get("/pengaduan/").status_code == 200
    with panel.test_request_context():
        [item] = [item for item in checklist_items() if item.title == "Faktor kedua"]
    assert sum("belum memasang" in words for words, _ in item.lacking) == 2


def test_before_the_desk_signs_it_stands_for_the_password(office: Office, at: At, laptop: Laptop) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    visitor = at("kadis")
    laptop.set_up(visitor)
    address, sent = step_sent(visitor, "approve", case)
    grow_stale()
    asked = visitor.client.post(address, data={**sent, "note": "Segera.", "outcome": "catatan"})
    assert asked.status_code == 401
    assert "Pakai kunci sandi" in asked.text
    page = form_on(asked.text).sent
    wrong = visitor.client.post(address, data={**page, KEY: "", ANSWER: "{}"})
    assert "Kunci sandi tidak cocok" in words(wrong.text)
    page = form_on(wrong.text).sent
    assert not page[ANSWER]
    done = visitor.client.post(address, data={**page, KEY: "", ANSWER: laptop.answer(visitor)})
    assert done.status_code == 303
    assert office.state(case) == "deliver"


def test_after_a_whole_day_it_is_asked_for_once_the_password_was_right(owner: Visitor, laptop: Laptop) -> None:
    come_in(owner, laptop)
    Session.update(begun=now() - timedelta(hours=9)).where(Session.ended.is_null()).execute()
    assert owner.get("/akun/").status_code == 302
    assert "Pakai kunci sandi" not in owner.get("/buka").text
    assert owner.post(ASK).status_code == 403
    wanted = owner.post("/buka", sandi_kunci=PASSWORD, kode_kunci="")
    assert "Pakai kunci sandi" in wanted.text
    assert owner.post("/buka", sandi_kunci="bukan", kode_kunci="", **{ANSWER: laptop.answer(owner)}).status_code == 422
    opened = owner.post("/buka", sandi_kunci=PASSWORD, kode_kunci="", **{ANSWER: laptop.answer(owner)})
    assert opened.status_code == 303
    assert is_in(owner)


def test_two_people_take_passkeys_away_as_well(office: Office, at: At, owner: Visitor, laptop: Laptop) -> None:
    come_in(owner, laptop)
    at("admin").post(f"/pengguna/faktor/?id={office['kadis'].id}", do="ask")
    second = User.create(username="admin2", name="Ratna Dewi", role="admin", password_hash=User.get().password_hash)
    at(second.username).post("/akun/faktor/permintaan/", id=FactorRemoval.get().id, do="confirm", password=PASSWORD)
    assert not Passkey.select().exists()
    assert not is_in(owner)


def test_two_of_the_same_name_are_distinguished(office: Office, at: At, laptop: Laptop) -> None:
    visitor, name = at("kadis"), "x" * 60
    laptop.added(visitor, name=name)
    for number in (2, 3):
        other = Laptop(credential=bytes([number]))
        other.added(visitor, name=name, **{ANSWER: laptop.answer(visitor)})
    assert [row.name for row in Passkey.select().order_by(Passkey.id)] == [name, "x" * 56 + " (2)", "x" * 56 + " (3)"]


def test_a_name_is_stored_as_it_can_be_seen_and_ten_are_enough(office: Office, at: At, laptop: Laptop) -> None:
    visitor = at("kadis")
    laptop.added(visitor, name="\x00 Ponsel\u202e  <b>ibu</b> " + "x" * 80)
    row = Passkey.get()
    assert row.name == ("Ponsel <b>ibu</b> " + "x" * 80)[:60]
    assert "<b>ibu" not in visitor.get(PAGE).text
    columns = {"user": row.user, "host": row.host, "sealed_key": b"", "sign_count": 0, "name": "x"}
    for number in range(MOST - 1):
        Passkey.create(credential=bytes([number]), **columns)
    full = visitor.post(PAGE, do="key", password=PASSWORD, nama="x", **{ANSWER: laptop.answer(visitor)})
    assert "Paling banyak 10" in words(full.text)


def test_a_passkey_is_asked_of_who_holds_a_link_under_the_link_alone(
    owner: Visitor, panel: Flask, office: Office, laptop: Laptop
) -> None:
    newcomer, new = Visitor(panel), "kuda biru makan awan"
    assert newcomer.post("/kata-sandi/kunci").status_code == 403
    newcomer.get(f"/kata-sandi?kode={make_link(office['kadis'], by=office['admin'])}")
    page = newcomer.get("/kata-sandi").text
    assert 'data-passkey="/kata-sandi/kunci"' in page
    assert 'src="/static/js/passkey.js' in page
    owner.sign_in("kadis")
    elsewhere = laptop.answer(owner)  # asked in another session
    fields = {"password": new, "repeat": new, "kode_faktor": ""}
    assert newcomer.post("/kata-sandi", **fields, **{ANSWER: elsewhere}).status_code == 422
    shown = laptop.show(newcomer.post("/kata-sandi/kunci").text)
    assert newcomer.post("/kata-sandi", **fields, **{ANSWER: shown}).location == "/masuk"
