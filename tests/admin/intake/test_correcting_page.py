"""Ralat on its page: the intake's form as it stands, what would follow, then the act; nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import lxml.html
import pytest

from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint, Person
from models.office.lists import Category, Medium
from models.store.base import now
from sop.words import format_date
from tests.admin.doors import Visitor, words
from tests.office import COMMON, SECRET, Office

At = Callable[[str], Visitor]
SITI = {"pengadu": {"name": "Siti", "phone": "081234567890", "sex": "P", "safe_contact": "Lewat adik"}}
NAME, KIND = "pengadu-name", "/pengaduan/langkah/correct/"


def the(case: int) -> Complaint:
    return Complaint.get_by_id(case)


def page_of(visitor: Visitor, case: int) -> Any:
    return visitor.get(f"{KIND}?id={case}")


def form_in(page: str) -> Any:
    """The correction's form as a browser reads it; with what goes along unseen."""
    return next(form for form in lxml.html.fromstring(page).forms if "cases" in form.fields)


def sent(visitor: Visitor, page: str, do: str, **more: str) -> Any:
    fields = {**dict(form_in(page).form_values()), "do": do, **more}
    return visitor.client.post(KIND, data=fields)


def contact_openings(case: int) -> int:
    return int(Seen.select().where(Seen.complaint == case, Seen.what == "kontak: correct").count())


@pytest.fixture
def case(office: Office) -> int:
    return office.receive(persons=SITI, received_at=now() - timedelta(days=2), at=now(), until="raise")[0]


def test_the_form_shows_the_values_of_the_complaint_and_its_opening_is_logged(
    office: Office, at: At, case: int
) -> None:
    fields = form_in(page_of(at("petugas"), case).text).fields
    assert fields["story"].strip() == the(case).story
    assert fields["category"] == str(the(case).category_id)
    assert (fields[NAME], fields["pengadu-phone"], fields["pengadu-sex"]) == ("Siti", "081234567890", "P")
    accesses = {what for (what,) in Seen.select(Seen.what).where(Seen.complaint == case).tuples()}
    assert "kontak: correct" in accesses


def test_secrecy_category_name_and_date_in_one_go(office: Office, at: At, case: int) -> None:
    """What would follow is shown before, the sentence stands in the history, times and sight follow at once."""
    petugas, other, secret = at("petugas"), at("petugas2"), Category.get(code=SECRET)
    assert page_of(other, case).status_code == 200
    old, received = the(case), now() - timedelta(days=5)
    typed = {
        "category": str(secret.id),
        "secrecy": "rahasia",
        NAME: "Siti Aminah",
        "received_at": received.strftime("%Y-%m-%dT%H:%M"),
    }
    before = office.digest()
    review = sent(petugas, page_of(petugas, case).text, "review", reason="Salah ketik", **typed)
    page = words(review.text)
    assert office.digest() == before
    assert "Nama pengadu Siti Siti Aminah" in page
    assert "Tidak lagi dapat membaca pengaduan ini Agus Santoso" in page
    assert f"Unit kerja yang diusulkan {old.category.unit.name} {secret.unit.name}" in page
    assert f"Batas peraturan {format_date(old.legal_due_at)}" in page
    answer = sent(petugas, review.text, "perform")
    new = the(case)
    assert answer.status_code == 303
    assert (new.secrecy, new.category_id, Person.get(complaint=case).name) == ("rahasia", secret.id, "Siti Aminah")
    assert format_date(new.legal_due_at) in page
    assert new.law_class == secret.law_class
    history = words(petugas.get(f"/pengaduan/details/?id={case}").text)
    assert "meralat judul: " in history
    assert re.search(r"meralat judul: [^;]+; [^;]+; dan \d+ isian lain", history), "two changes; the details have all"
    assert "Kerahasiaan “Biasa” menjadi “Rahasia”" in history
    assert "Nama pengadu “Siti” menjadi “Siti Aminah”" in history
    for door in (f"/pengaduan/details/?id={case}", f"{KIND}?id={case}"):
        assert other.get(door).status_code == 404
    assert new.number not in other.get("/pengaduan/").text


def test_a_page_sent_as_it_was_opened_changes_nothing(office: Office, at: At, case: int) -> None:
    """Also not the seconds of a moment, nor the ends of a text."""
    Complaint.update(story=" Dua\nbaris. ").where(Complaint.id == case).execute()
    petugas, before = at("petugas"), office.digest()
    answer = sent(petugas, page_of(petugas, case).text, "review", reason="Salah ketik")
    assert answer.status_code == 422
    assert "Belum ada isian yang diubah." in words(answer.text)
    assert office.digest() == before


def test_an_untyped_title_follows_the_story_and_a_typed_one_stays(office: Office, at: At) -> None:
    [plain], [typed] = office.receive(), office.receive(title="Bantuan ibu")
    petugas = at("petugas")
    page = page_of(petugas, plain).text
    assert form_in(page).fields["title"] == ""
    assert form_in(page).inputs["title"].get("placeholder") == the(plain).title == "Bantuan tidak diterima sejak Juli"
    for case in (plain, typed):
        review = sent(petugas, page_of(petugas, case).text, "review", story="Bantuan ayah habis.", reason="Salah ketik")
        sent(petugas, review.text, "perform")
    assert [the(plain).title, the(typed).title] == ["Bantuan ayah habis", "Bantuan ibu"]


def test_what_follows_the_category_goes_along_and_what_was_picked_stays(office: Office, at: At) -> None:
    [case] = office.receive(category=COMMON, urgency="segera")
    petugas, secret = at("petugas"), Category.get(code=SECRET)
    review = sent(petugas, page_of(petugas, case).text, "review", category=str(secret.id), reason="Salah ketik")
    sent(petugas, review.text, "perform")
    assert (the(case).secrecy, the(case).law_class) == (secret.secrecy, secret.law_class)
    assert the(case).urgency == "segera"


def test_nothing_is_stored_of_which_the_consequences_were_not_shown(office: Office, at: At, case: int) -> None:
    petugas, story = at("petugas"), the(case).story
    unseen = sent(petugas, page_of(petugas, case).text, "perform", story="Lain sama sekali.", reason="Salah ketik")
    assert "Periksa ralat" in words(unseen.text)
    assert the(case).story == story
    changed = sent(petugas, unseen.text, "perform", story="Lain lagi.")
    assert "Periksa ralat" in words(changed.text)
    assert the(case).story == story
    assert sent(petugas, changed.text, "perform").status_code == 303
    assert the(case).story == "Lain lagi."


def test_back_from_what_would_follow_everything_typed_is_there(office: Office, at: At, case: int) -> None:
    petugas = at("petugas")
    more = {"story": "Cerita\r\nlain", NAME: "Sri", "emergency": "y", "reason": "Salah ketik", "note": "Menurut KTP"}
    review = sent(petugas, page_of(petugas, case).text, "review", **more)
    fields = form_in(sent(petugas, review.text, "edit").text).fields
    assert {name: fields[name].strip().replace("\r", "") for name in more} == {**more, "story": "Cerita\nlain"}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"reason": ""}, "wajib"),
        ({"title": "x" * 201}, "paling panjang 200 huruf"),
        ({NAME: ""}, "Isi nama pengadu"),
        ({"received_at": "2099-01-01T08:00"}, "tidak boleh sesudah pengaduan dicatat"),
        ({"category": "999999"}, "isian perlu diperbaiki"),
    ],
)
def test_what_does_not_fit_is_explained_at_its_field_and_the_rest_stays(
    office: Office, at: At, case: int, bad: dict[str, str], sentence: str
) -> None:
    petugas, before = at("petugas"), office.digest()
    typed = {"reason": "Salah ketik", "asks": "Penjelasan tertulis.", **bad}
    answer = sent(petugas, page_of(petugas, case).text, "review", **typed)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert "Penjelasan tertulis." in unescape(answer.text)
    assert office.digest() == before


def test_from_an_old_page_nothing_is_corrected_and_both_texts_are_shown(office: Office, at: At, case: int) -> None:
    petugas = at("petugas")
    old = page_of(petugas, case).text
    office.do([case], "correct", by="petugas2", new_value={"pengadu.name": "Sri"})
    before = office.digest()
    answer = sent(petugas, old, "perform", reason="Salah ketik", **{NAME: "Siti Aminah"})
    assert answer.status_code == 409
    assert "telah diubah oleh" in words(answer.text)
    assert "Nama Sri Siti Aminah" in words(answer.text)
    assert form_in(answer.text).fields[NAME] == "Siti Aminah"
    assert office.digest() == before


@pytest.mark.parametrize("do", ["review", "edit", "perform"])
def test_what_was_sent_is_shown_and_nothing_else_of_the_case_when_it_has_ended_meanwhile(
    office: Office, at: At, do: str
) -> None:
    planted = {"phone": "081234567890", "nik": "9973015203850001", "address": "Jl. Mawar 5"}
    [case] = office.receive(persons={"pengadu": {"name": "Siti", **planted}})
    petugas, secret = at("petugas"), Category.get(code=SECRET)
    page = page_of(petugas, case).text
    token, cases = (form_in(page).fields[name] for name in ("csrf_token", "cases"))
    office.do([case], "withdraw")
    before, opened = office.digest(), contact_openings(case)
    typed = {"story": "Cerita <b>lain</b>.", NAME: "Sri", "category": str(secret.id), "note": "Menurut KTP"}
    answer = petugas.client.post(KIND, data={"csrf_token": token, "cases": cases, "do": do, **typed})
    answer_words = words(answer.text)
    assert (answer.status_code, office.digest()) == (409, before)
    assert "berstatus Dicabut" in answer_words
    for sentence in ("Cerita <b>lain</b>.", "Nama pengadu Sri", secret.name, "Keterangan Menurut KTP"):
        assert sentence in answer_words
    assert not [words for words in planted.values() if words in unescape(answer.text)]
    assert contact_openings(case) == opened


def test_what_the_office_has_switched_off_stays_a_choice_where_it_stands(office: Office, at: At, case: int) -> None:
    Medium.update(active=False).where(Medium.id == the(case).medium_id).execute()
    Category.update(active=False).where(Category.id == the(case).category_id).execute()
    petugas, version = at("petugas"), the(case).version
    page = page_of(petugas, case).text
    assert form_in(page).fields["medium"] == str(the(case).medium_id)
    review = sent(petugas, page, "review", asks="Penjelasan.", reason="Salah ketik")
    assert review.status_code == 200
    sent(petugas, review.text, "perform")
    assert (the(case).asks, the(case).version) == ("Penjelasan.", version + 1)


def test_a_user_who_loses_sight_himself_is_warned_and_led_to_the_list(office: Office, at: At, case: int) -> None:
    other = at("petugas2")
    review = sent(other, page_of(other, case).text, "review", secrecy="rahasia", reason="Salah ketik")
    assert "Anda sendiri tidak lagi dapat membaca pengaduan ini" in words(review.text)
    answer = sent(other, review.text, "perform")
    assert answer.location.rstrip("/").endswith("/pengaduan")
    assert other.get(answer.location).status_code == 200


@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos", "pengawas", "admin"])
def test_other_roles_may_not_open_the_form(office: Office, at: At, case: int, username: str) -> None:
    before, visitor = office.digest(), at(username)
    assert "081234567890" not in page_of(visitor, case).text
    answer = visitor.post(KIND, cases=f"{case}:1", do="perform", story="Lain", reason="Salah ketik")
    assert answer.status_code in (403, 404, 409)
    assert office.digest() == before
