"""The users: made and changed by the admin, who cannot let himself in, and never over somebody else's change."""

import re

import pytest

from admin.terminal.commands import prepare_office
from models.complaint.event import Event, bodies
from models.email.message import MISSHAPEN, ODD_LETTERS, SEVERAL
from models.office.people import Division, User
from models.store.base import database
from models.workflow.proof import prove_existing_rows, verified
from tests.admin.doors import words
from tests.admin.forms import save

NEW = {
    "username": "petugas.baru",
    "name": "Petugas Baru",
    "nip": "19900101 201501 2 001",
    "role": "petugas",
    "active": "y",
}


def fields_of(user: User, **changed: str) -> dict[str, str]:
    """What the edit page of a user sends when nothing else is touched."""
    stored = {name: str(getattr(user, name)) for name in ("name", "nip", "pangkat", "role", "version")}
    stored |= {"division": str(user.division_id or "")}
    flags = {name: "y" for name in ("active", "secret_registrar") if getattr(user, name)}
    return {name: value for name, value in {**stored, **flags, **changed}.items() if value is not None}


def errors(answer) -> list[str]:
    return [words(found) for found in re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text)]


def test_the_admin_makes_a_user_who_has_no_password_yet(at):
    prove_existing_rows()
    answer = at("admin").post("/pengguna/new/", **NEW)
    assert answer.status_code == 303, errors(answer)
    assert verified()[1] == []
    user = User.get(username="petugas.baru")
    assert user.password_hash == ""
    event = Event.get()
    assert event.subject == f"user:{user.id}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "kadis"}, "Nama pengguna ini sudah dipakai."),
        ({"username": "KADIS"}, "Nama pengguna ini sudah dipakai."),
        ({"username": "a b"}, "tanpa spasi"),
        ({"nip": "123"}, "18 angka"),
        ({"role": "bidang"}, "memerlukan unit kerja"),
        ({"role": "kepala_dinas", "secret_registrar": "y"}, "Hanya untuk peran"),
        ({"role": "raja"}, ""),
        ({"name": " "}, "wajib"),
    ],
)
def test_a_wrong_entry_is_explained_at_its_field_and_no_user_is_created(at, changed, sentence):
    before = User.select().count()
    answer = at("admin").post("/pengguna/new/", **{**NEW, **changed})
    assert answer.status_code == 200
    assert sentence.lower() in " ".join(errors(answer)).lower()
    assert errors(answer)
    assert User.select().count() == before


def test_a_changed_user_has_the_same_name_and_password_and_a_new_version(at, office):
    user = office["staf.rehsos"]
    prove_existing_rows()
    answer = at("admin").post(f"/pengguna/edit/?id={user.id}", **fields_of(user, name="Dewi L.", username="lain"))
    assert answer.status_code == 303, errors(answer)
    stored = User.get_by_id(user.id)
    assert (stored.name, stored.username, stored.version) == ("Dewi L.", "staf.rehsos", 2)
    assert stored.password_hash == user.password_hash
    event = Event.get()
    assert bodies([event], {})[event.id]["touched"] == ["Nama lengkap"]
    assert verified()[1] == []


@pytest.mark.parametrize("role", ["petugas", "kepala_dinas", "bidang", "pengawas"])
def test_the_admin_cannot_give_himself_another_role(at, office, role):
    user, unit = office["admin"], str(Division.get(code="PPA").id)
    answer = at("admin").post(f"/pengguna/edit/?id={user.id}", **fields_of(user, role=role, division=unit))
    assert "hanya dapat diubah oleh pengelola sistem lain" in " ".join(errors(answer))
    assert User.get_by_id(user.id).role == "admin"


def test_the_admin_cannot_switch_himself_off_but_others(at, office):
    visitor, me, other = at("admin"), office["admin"], office["petugas2"]
    answer = visitor.post(f"/pengguna/edit/?id={me.id}", **fields_of(me, active=None))
    assert "menonaktifkan akun Anda sendiri" in " ".join(errors(answer))
    assert visitor.post(f"/pengguna/edit/?id={other.id}", **fields_of(other, active=None)).status_code == 303
    assert User.get_by_id(me.id).active
    assert not User.get_by_id(other.id).active


def test_a_stale_form_undoes_nothing_and_names_who_changed_it(at, office):
    visitor, user = at("admin"), office["petugas2"]
    assert visitor.post(f"/pengguna/edit/?id={user.id}", **fields_of(user, name="Agus S.")).status_code == 303
    answer = visitor.post(f"/pengguna/edit/?id={user.id}", **fields_of(user, name="Agus Lama"))
    assert answer.status_code == 409
    assert "sudah diubah oleh Yusuf Maulana" in words(answer.text)
    assert User.get_by_id(user.id).name == "Agus S."


@pytest.mark.parametrize("username", ["petugas", "kadis", "bidang.rehsos"])
def test_users_are_no_business_of_those_who_handle_cases(at, username):
    visitor = at(username)
    assert visitor.get("/pengguna/").status_code == 403
    assert visitor.post("/pengguna/new/", **NEW).status_code == 403


def test_the_pengawas_reads_the_users_and_writes_none(at, office):
    visitor = at("pengawas")
    assert visitor.get("/pengguna/").status_code == 200
    assert visitor.post("/pengguna/new/", **NEW).status_code == 404
    assert visitor.post(f"/pengguna/edit/?id={office['petugas'].id}", **NEW).status_code == 404
    assert not Event.select().exists()


def test_no_page_shows_a_password_or_its_hash(at, office):
    visitor = at("admin")
    for path in ("/pengguna/", "/pengguna/new/", f"/pengguna/edit/?id={office['kadis'].id}"):
        assert "$argon2" not in visitor.page(path)


NIP = "199001012015012001"  # as in NEW, typed without spaces
SECOND = "satu orang memegang satu akun"


def test_a_second_account_of_one_person_that_opens_cases_is_refused_however_the_nip_is_typed(at, office):
    User.update(nip=NIP).where(User.username == "staf.rehsos").execute()
    sentences = " ".join(errors(at("admin").post("/pengguna/new/", **NEW)))
    assert SECOND in sentences
    assert "staf.rehsos (Dewi Lestari)" in sentences
    assert not User.select().where(User.username == NEW["username"]).exists()


def test_a_deactivated_account_is_replaced_by_another_and_cannot_be_reactivated_with_it(at, office):
    User.update(nip=NIP, active=False).where(User.username == "staf.rehsos").execute()
    admin, old = at("admin"), User.get(username="staf.rehsos")
    assert admin.post("/pengguna/new/", **NEW).status_code == 303
    answer = admin.post(f"/pengguna/edit/?id={old.id}", **fields_of(old, active="y"))
    assert SECOND in " ".join(errors(answer))
    assert not User.get_by_id(old.id).active
    assert admin.post(f"/pengguna/edit/?id={old.id}", **fields_of(old, name="Dewi L.")).status_code == 303


def test_one_of_two_accounts_of_one_person_can_be_switched_off(at, office):
    User.update(nip=NIP).where(User.username << ["petugas2", "staf.rehsos"]).execute()
    user = User.get(username="petugas2")
    answer = at("admin").post(f"/pengguna/edit/?id={user.id}", **fields_of(user, active=None))
    assert answer.status_code == 303, errors(answer)


def test_two_accounts_of_one_person_are_named_on_the_admin_s_start_page_and_at_the_start_of_the_panel(
    at, office, panel, caplog
):
    warning = "Satu NIP dipakai akun petugas2 dan staf.rehsos; nonaktifkan yang tidak dipakai"
    assert warning not in words(at("admin").get("/").text)
    User.update(nip=NIP).where(User.username == "staf.rehsos").execute()
    User.update(nip=NEW["nip"]).where(User.username == "petugas2").execute()
    assert warning in words(at("admin").get("/").text)
    assert prepare_office(panel) == ""
    assert warning in caplog.text


@pytest.mark.parametrize(("nip", "sentence"), [(NEW["nip"], SECOND), ("123", "18 angka"), ("", "dibuat")])
def test_the_terminal_makes_no_second_account_of_one_person_either(office, panel, nip, sentence):
    User.update(nip=NIP).where(User.username == "staf.rehsos").execute()
    asked = [
        "create-user",
        "dua",
        "--name",
        "Dua",
        "--role",
        "petugas",
        "--nip",
        nip,
        "--password",
        "kuda biru makan awan",
    ]
    database.close_all()
    said = panel.test_cli_runner().invoke(args=asked)
    database.connect()
    assert sentence in said.output
    assert User.select().where(User.username == "dua").exists() is (nip == "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("rina@contoh.go.id, agus@contoh.go.id", SEVERAL),
        ("rina@contoh.go.id\r\nBcc: mata@lain.example", SEVERAL),
        ("rina@bücher.example", ODD_LETTERS),
        ("rina", MISSHAPEN),
        ("a" * 290 + "@contoh.id", "254"),
    ],
)
def test_an_address_that_is_none_is_refused_in_one_sentence(at, office, typed, sentence):
    answer = save(at("admin"), f"/pengguna/edit/?id={office['petugas'].id}", email=typed)
    assert [sentence in error for error in errors(answer)] == [True]
    assert User.get(username="petugas").email is None


def test_an_address_is_stored_and_shown_to_its_owner_and_an_empty_one_is_none(at, office):
    path = f"/pengguna/edit/?id={office['petugas'].id}"
    for typed, stored in ((" rina@contoh.go.id ", "rina@contoh.go.id"), ("", None)):
        assert save(at("admin"), path, email=typed).status_code == 303
        assert User.get(username="petugas").email == stored
        assert ("Surel rina@contoh.go.id" in at("petugas").text("/akun/")) is bool(stored)
