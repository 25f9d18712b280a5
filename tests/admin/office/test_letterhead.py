"""The letterhead on one page: drawn as it is typed, stored in one transaction, refused with all that was typed."""

from datetime import timedelta

import pytest

from models.complaint.event import Event, bodies
from models.office.people import today
from models.office.settings import EMBLEM, OPTIONS, values
from tests.admin.forms import form_on, save, send
from tests.admin.office.test_settings import emblem, text_of
from tests.office import settings_changed

PAGE = "/pengaturan/kop/"
TYPED = {
    "government": "PEMERINTAH KABUPATEN CONTOH",
    "name": "DINAS SATU\nDAN DUA",
    "address": "Jalan Satu 1",
    "phone": "(0341) 111",
    "postcode": "65111",
    "unit_code": "404",
    "builtin": "y",
}


def changed_settings() -> dict[str, object]:
    return {row.key: row.value for row in settings_changed()}


def test_one_saving_stores_what_changed_with_an_entry_each_and_leaves_the_rest(at, unprinted):
    visitor = at("admin")
    assert save(visitor, PAGE, **TYPED).status_code == 303
    changed = {f"office.{name}": value for name, value in TYPED.items() if name != "builtin"} | {EMBLEM: "bawaan"}
    assert changed_settings() == changed
    entries = list(Event.select().order_by(Event.id))
    touched = [name for entry in entries for name in bodies([entry], {})[entry.id]["touched"]]
    assert sorted(touched) == sorted(OPTIONS[key].label for key in changed)
    assert "Kop telah disimpan: Pemerintah daerah, Nama dinas pada kop" in visitor.get("/pengaturan/").text
    assert "Jalan Satu 1" in visitor.get("/pengaturan/perihal/kop/").text
    assert save(visitor, PAGE, phone="(0341) 222").status_code == 303
    assert (Event.select().count(), values()["office.phone"]) == (len(entries) + 1, "(0341) 222")
    assert save(visitor, PAGE).status_code == 303
    assert "Kop tidak berubah" in visitor.get("/pengaturan/").text
    assert Event.select().count() == len(entries) + 1


def test_it_is_in_force_from_its_day_on(at, unprinted):
    day = today() + timedelta(days=9)
    save(at("admin"), PAGE, **TYPED, valid_from=str(day))
    assert values()["office.address"] == ""
    assert values(day)["office.address"] == "Jalan Satu 1"


WRONG = [
    ("address", "", "wajib diisi"),
    ("address", "\u202e \0", "wajib diisi"),
    ("name", None, "wajib diisi"),
    ("address", "Jalan 漢字 1", "Tidak ada pada huruf cetak dokumen"),
    ("phone", "9" * 401, "400"),
    ("unit_code", ".403", "“.403” bukan kode yang benar. Tulis huruf dan angka"),
    ("builtin", None, "Pilih berkas gambar"),
    ("valid_from", "1026-01-01", "tahun"),
]


@pytest.mark.parametrize(("name", "typed", "sentence"), WRONG)
def test_a_wrong_value_is_refused_at_its_field_and_all_typed_values_stay(at, unprinted, name, typed, sentence):
    answer = save(at("admin"), PAGE, **{**TYPED, name: typed})
    sent = form_on(answer.text).sent
    asked = "emblem" if name == "builtin" else name
    assert answer.status_code == 200
    assert sentence in answer.text.partition(f'id="{asked}-galat"')[2].partition("</p>")[0]
    assert {one: sent[one] for one in TYPED if one != name} == {one: TYPED[one] for one in TYPED if one != name}
    assert (changed_settings(), Event.select().count()) == ({}, 0)


def test_an_emblem_comes_with_the_rest(at, unprinted):
    answer = save(at("admin"), PAGE, **{**TYPED, "builtin": None, "emblem": (emblem(), "kota.png")})
    assert answer.status_code == 303
    assert len(str(values()[EMBLEM])) == 64
    assert f"/lambang/{values()[EMBLEM][:32]}.jpg" in at("admin").get(PAGE).text
    again = save(at("admin"), PAGE, emblem=(emblem(), "kota.png"), address="")
    assert "Pilih berkasnya sekali lagi" in again.text


def test_the_paper_follows_the_typing_and_nothing_is_stored(at, office):
    visitor, before = at("admin"), office.digest()
    sent = {**form_on(visitor.get(PAGE).text).sent, **TYPED}
    drawn = visitor.client.post(f"{PAGE}contoh/", data=sent)
    assert (drawn.status_code, "Jalan Satu 1" in drawn.text, "35.73.404/" in drawn.text) == (200, True, True)
    del sent["builtin"]  # a picture that is only picked is not sent along
    assert visitor.client.post(f"{PAGE}contoh/", data=sent).status_code == 200
    wrong = visitor.client.post(f"{PAGE}contoh/", data={**sent, "unit_code": ".404"})
    assert (wrong.status_code, "bukan kode yang benar" in wrong.text) == (422, True)
    looked = visitor.client.post(PAGE, data={**sent, **TYPED, "do": "look"})
    assert form_on(looked.text).sent["address"] == "Jalan Satu 1"
    assert "Jalan Satu 1, Telepon&nbsp;" in looked.text.partition("data-sheet=")[2]
    printed = visitor.client.post(f"{PAGE}contoh.pdf", data={**sent, **TYPED})
    assert "Jalan Satu 1" in text_of(printed.data)
    assert office.digest() == before


def test_who_opened_it_earlier_sees_what_was_saved_meanwhile(at, unprinted):
    visitor = at("admin")
    early = form_on(visitor.get(PAGE).text).sent
    save(visitor, PAGE, **TYPED)
    answer = send(visitor, PAGE, early, **{**TYPED, "address": "Jalan Dua 2"})
    assert (answer.status_code, "Kop sudah diubah oleh Yusuf Maulana" in answer.text) == (409, True)
    assert values()["office.address"] == "Jalan Satu 1"
    assert send(visitor, PAGE, form_on(answer.text).sent).status_code == 303
    assert values()["office.address"] == "Jalan Dua 2"


def test_a_letterhead_dated_later_is_not_taken_back_unseen(at, unprinted):
    """The form shows today's lines: sent for a day with others, it shows both before it stores any."""
    visitor, soon, later = at("admin"), today() + timedelta(days=9), today() + timedelta(days=12)
    save(visitor, PAGE, **TYPED)
    save(visitor, PAGE, address="Jalan Baru 9", valid_from=str(soon))
    answer = save(visitor, PAGE, phone="(0341) 999", valid_from=str(later))
    assert (answer.status_code, "berlaku kop lain daripada hari ini" in answer.text) == (409, True)
    assert "Jalan Baru 9" in answer.text.partition('role="alert"')[2].partition("</table>")[0]
    assert (values(later)["office.address"], values(later)["office.phone"]) == ("Jalan Baru 9", "(0341) 111")
    again = {**form_on(answer.text).sent, "address": "Jalan Baru 9"}
    assert again["phone"] == "(0341) 999"
    assert send(visitor, PAGE, again).status_code == 303
    assert (values(later)["office.address"], values(later)["office.phone"]) == ("Jalan Baru 9", "(0341) 999")


def test_an_emblem_dated_later_stays_unless_another_is_picked(at, unprinted):
    visitor, later = at("admin"), today() + timedelta(days=9)
    save(visitor, PAGE, **{**TYPED, "builtin": None, "emblem": (emblem(), "kota.png")})
    save(visitor, PAGE, emblem=(emblem(colour=(20, 20, 180, 255)), "baru.png"), valid_from=str(later))
    before = values(later)[EMBLEM]
    answer = save(visitor, PAGE, phone="(0341) 999", valid_from=str(later))
    assert send(visitor, PAGE, form_on(answer.text).sent).status_code == 303
    assert values()[EMBLEM] != before
    assert (values(later)[EMBLEM], values(later)["office.phone"]) == (before, "(0341) 999")


def test_a_form_without_its_version_is_taken_for_an_early_one(at, unprinted):
    answer = save(at("admin"), PAGE, **{**TYPED, "version": None})
    assert (answer.status_code, "Version" in answer.text, changed_settings()) == (409, False, {})


def test_only_the_admin_opens_it(at):
    for username, code in (("pengawas", 404), ("petugas", 403)):
        assert at(username).get(PAGE).status_code == code
        assert at(username).post(f"{PAGE}contoh/").status_code == code
    assert PAGE not in at("pengawas").get("/pengaturan/").text
