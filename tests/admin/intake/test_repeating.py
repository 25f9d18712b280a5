"""An earlier case is shown before it is registered once more: to who may open it, nothing lost, emergencies at once."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import lxml.html
import pytest

from admin.intake import repeating
from admin.papers.evidence import AGAIN
from models.case import blanks
from models.complaint.accesslog import ReadCase, Reading
from models.complaint.complaint import Complaint
from models.complaint.lookup import LOOKED_UP, MOST
from models.office.lists import Medium
from models.records.detours import Duplication, Supplement
from sop.flow import current_procedure
from tests.admin.doors import Visitor, words
from tests.models.complaint.test_blind import NIK, person
from tests.office import SECRET, Office

At = Callable[[str], Visitor]
STORY = "Kartu sembako ibu saya ditolak di agen dekat pasar sejak bulan Juli, saldonya tertulis nol rupiah."
WARNING, PAUSED = "Mungkin sudah pernah masuk.", "Belum didaftarkan; semua yang diketik masih ada."


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    repeating._ASKED.clear()


@pytest.fixture
def first(office: Office) -> Complaint:
    [case] = office.receive(story=STORY, persons=person(phone="081234567890", nik=NIK))
    return Complaint.get_by_id(case)


def opened_form(visitor: Visitor, **typed: str) -> dict[str, str]:
    """What a browser would send of a form that was just opened."""
    form = next(f for f in lxml.html.fromstring(visitor.get("/pengaduan/new/").text).forms if "story" in f.fields)
    medium = str(Medium.get(code="loket").id)
    usual = {"medium": medium, "category": "1", "story": STORY, "pengadu-name": "Ani", "do": "save"}
    return {**dict(form.form_values()), **usual, **typed}


def sent(visitor: Visitor, form: dict[str, str], **more: str) -> Any:
    return visitor.client.post("/pengaduan/new/", data={**form, **more})


def fields_of(page: str) -> dict[str, Any]:
    form = next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)
    return {name: [value for key, value in form.form_values() if key == name] for name, _ in form.form_values()}


@pytest.mark.parametrize("do", ["save", "raise"])
def test_it_is_shown_before_the_register_everything_stays_and_the_second_time_it_goes_through(
    office: Office, at: At, first: Complaint, do: str
) -> None:
    petugas = at("petugas")
    more = {"asks": "Kartu diaktifkan.", "event_place": "Agen Bu Sri", "category": str(first.category_id)}
    typed = opened_form(petugas, do=do, **more)
    answer = sent(petugas, typed)
    assert answer.status_code == 422
    assert Complaint.select().count() == 1
    said = words(answer.text)
    assert WARNING in said
    assert PAUSED in said
    assert f"{first.number} {first.state_label} {first.title}" in said
    back = fields_of(answer.text)
    for name in ("story", "asks", "event_place", "opened"):
        assert [value.removeprefix("\n") for value in back[name]] == [typed[name]]  # as a browser reads a text area
    assert f'value="{do}">Tetap daftarkan' in answer.text
    again = petugas.client.post("/pengaduan/new/", data={**back, "do": do})
    assert again.status_code == 303
    new = Complaint.select().order_by(Complaint.id.desc()).first()
    assert (new.id != first.id, new.state == current_procedure().first) == (True, do == "save")
    assert sent(petugas, typed).location == again.location  # the same form once more is the same complaint


def test_a_new_matter_is_registered_without_a_word(office: Office, at: At, first: Complaint) -> None:
    petugas = at("petugas")
    other = "Lampu jalan padam di depan sekolah sejak tiga malam yang lalu."
    assert sent(petugas, opened_form(petugas, story=other)).status_code == 303


def test_an_emergency_waits_for_nothing_and_the_warning_comes_after(office: Office, at: At, first: Complaint) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, emergency="y"))
    assert answer.status_code == 303
    said = petugas.text(answer.location)
    assert "Mungkin sama dengan pengaduan ini." in said
    assert first.number in said


def test_what_was_typed_joins_the_case_before_and_nothing_of_it_is_lost(
    office: Office, at: At, first: Complaint
) -> None:
    petugas = at("petugas")
    typed = opened_form(petugas, asks="Kartu diaktifkan.", **{"pengadu-phone": "0899-1234-5678"})
    page = sent(petugas, typed, do=f"add:{first.id}").text
    form = next(f for f in lxml.html.fromstring(page).forms if "statement" in f.fields)
    fields = dict(form.form_values())
    assert fields["source"] == "Ani"
    assert STORY in fields["statement"]
    assert "Kartu diaktifkan." in fields["statement"]
    assert "0899-1234-5678" not in fields["statement"]  # a record is no sealed place for it
    assert "0899-1234-5678" in page
    done = petugas.client.post(form.action, data={**fields, "do": "perform"})
    assert done.status_code == 303
    assert STORY in Supplement.get().statement
    assert Complaint.select().count() == 1


def test_nothing_typed_is_lost_where_it_joins_and_chosen_files_are_asked_for_again(
    office: Office, at: At, first: Complaint
) -> None:
    petugas = at("petugas")
    outside = {"outside_what": "Rekaman CCTV", "outside_place": "Lemari 2"}
    typed = opened_form(petugas, book_number="77/X/2026", **outside, **{"pengadu-name": "Ani " * 50})
    chosen = {"evidence_files": (BytesIO(b"foto"), "foto.jpg")}
    page = petugas.client.post("/pengaduan/new/", data={**typed, **chosen, "do": f"add:{first.id}"}).text
    form = next(f for f in lxml.html.fromstring(page).forms if "statement" in f.fields)
    fields = dict(form.form_values())
    assert fields["source"] == typed["pengadu-name"].strip()
    assert {name: fields[name] for name in outside} == outside
    assert "77/X/2026" in page
    assert AGAIN in words(page)


def test_somebody_anonymous_stays_so_where_it_joins(office: Office, at: At, first: Complaint) -> None:
    petugas = at("petugas")
    page = sent(petugas, opened_form(petugas, anonymous="y"), do=f"add:{first.id}").text
    form = next(f for f in lxml.html.fromstring(page).forms if "statement" in f.fields)
    assert form.fields["source"] == ""


@pytest.mark.parametrize("field", ["pengadu-name", "story", "medium_ref"])
@pytest.mark.parametrize("do", ["likely", "add:1"])
def test_a_file_in_place_of_words_breaks_nothing(office: Office, at: At, first: Complaint, field: str, do: str) -> None:
    petugas = at("petugas")
    typed = opened_form(petugas, do=do)
    del typed[field]
    answer = petugas.client.post("/pengaduan/new/", data={**typed, field: (BytesIO(b"x"), "x.txt")})
    assert answer.status_code == 200


def test_enter_does_not_lead_into_an_earlier_case(office: Office, at: At, first: Complaint) -> None:
    petugas = at("petugas")
    page = sent(petugas, opened_form(petugas)).text
    form = next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)
    assert form.xpath('.//button[not(@type) or @type="submit"]')[0].get("value") == "fill"


def test_signs_alone_are_no_text_that_is_alike(office: Office, at: At) -> None:
    lapor = Medium.get(code="lapor").id
    office.receive(story="!!! 🙂", medium=lapor, medium_ref="LP-9")
    petugas = at("petugas")
    said = words(sent(petugas, opened_form(petugas, story="??? 🙁", medium=str(lapor), medium_ref="lp 9")).text)
    assert "rujukan media sama" in said
    assert "uraian" not in said.partition("rujukan media sama")[2].partition("Tambahkan")[0]


def test_nothing_joins_a_case_that_one_may_not_open_or_that_has_ended(office: Office, at: At, first: Complaint) -> None:
    [secret] = office.receive(story=STORY, by="petugas2", category=SECRET)
    petugas = at("petugas")
    typed = opened_form(petugas)
    assert sent(petugas, typed, do=f"add:{secret}").status_code == 404
    assert sent(petugas, typed, do="add:999999").status_code == 404
    office.do([first.id], "withdraw")
    ended = sent(petugas, typed, do=f"add:{first.id}")
    assert ended.status_code == 409
    assert STORY in unescape(ended.text)
    assert f"add:{first.id}" not in sent(petugas, typed).text
    assert not Supplement.select().exists()


def test_of_a_case_that_one_may_not_open_the_intake_knows_nothing(office: Office, at: At) -> None:
    lapor = str(Medium.get(code="lapor").id)
    secret = {"by": "petugas2", "category": SECRET, "persons": person(phone="081234567890", nik=NIK)}
    [case] = office.receive(story=STORY, medium=int(lapor), medium_ref="LP-1", **secret)  # type: ignore[arg-type]
    petugas = at("petugas")
    typed = opened_form(petugas, medium=lapor, medium_ref="LP-1", **{"pengadu-phone": "081234567890"})
    assert words(sent(petugas, typed, do="likely").text) == "Pengaduan serupa"
    assert sent(petugas, typed).status_code == 303
    new = Complaint.select().order_by(Complaint.id.desc()).first()
    number = Complaint.get_by_id(case).number
    assert number not in petugas.text(f"/pengaduan/details/?id={new.id}")
    assert "Mungkin sama dengan" in at("petugas2").text(f"/pengaduan/details/?id={new.id}")
    assert number in at("kadis").text(f"/pengaduan/details/?id={new.id}")
    assert case in {row.complaint_id for row in ReadCase.select()}  # showing a rahasia case is logged


def test_it_is_shown_while_the_user_types_with_numbers_logged_masked_and_requests_limited(
    office: Office, at: At, first: Complaint
) -> None:
    petugas = at("petugas")
    typed = opened_form(petugas, story="Hal lain.", **{"pengadu-phone": "0812 3456 7890"})
    answer = sent(petugas, typed, do="likely")
    assert (answer.status_code, first.number in answer.text) == (200, True)
    assert "nomor telepon sama" in answer.text
    assert [(r.what, r.rows) for r in Reading.select()] == [(LOOKED_UP["phone"], 1)]
    for _ in range(repeating.WHILE_TYPING):
        last = sent(petugas, typed, do="likely")
    assert last.status_code == 204
    repeating._ASKED.clear()
    for _ in range(MOST):
        repeating._ASKED.clear()
        last = sent(petugas, typed, do="likely")
    assert first.number not in last.text
    assert Reading.select().count() == MOST
    assert Complaint.select().count() == 1


@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos", "pengawas", "admin"])
@pytest.mark.parametrize("do", ["likely", "add:1"])
def test_other_roles_may_not_ask(office: Office, at: At, first: Complaint, username: str, do: str) -> None:
    visitor = at(username)
    answer = visitor.post("/pengaduan/new/", story=STORY, do=do)
    assert answer.status_code in (403, 404)
    assert first.number not in answer.text


def test_on_raise_the_mark_opens_the_page_that_marks_it_with_the_number_filled_in(
    office: Office, at: At, first: Complaint
) -> None:
    [case] = office.receive(story=STORY, until="raise")
    petugas = at("petugas")
    page = petugas.get(f"/pengaduan/langkah/raise/?id={case}").text
    assert "Mungkin sama dengan pengaduan ini." in words(page)
    form = next(f for f in lxml.html.fromstring(page).forms if "original" in f.fields)
    asked = petugas.client.post(form.action, data={**dict(form.form_values()), "do": "stay"}).text
    filled = next(f for f in lxml.html.fromstring(asked).forms if "reason" in f.fields)
    assert filled.fields["original"] == first.number
    reason = next(one for one in filled.inputs["reason"].value_options if one)
    done = petugas.client.post(filled.action, data={**dict(filled.form_values()), "reason": reason, "do": "perform"})
    assert done.status_code == 303
    assert Complaint.get_by_id(case).duplicate_of_id == first.id


def test_a_tap_on_a_reason_marks_it_as_a_duplicate(office: Office, at: At, first: Complaint) -> None:
    [case] = office.receive(story=STORY, until="raise")
    petugas = at("petugas")
    page = lxml.html.fromstring(petugas.get(f"/pengaduan/details/?id={case}").text)
    form = next(f for f in page.forms if "original" in f.fields)
    reasons = [b.get("value") for b in form.findall(".//button") if b.get("name") == "reason"]
    assert reasons == blanks.reasons()["duplicate"]
    done = petugas.client.post(form.action, data={**dict(form.form_values()), "reason": reasons[1]})
    assert done.status_code == 303
    assert Complaint.get_by_id(case).duplicate_of_id == first.id
    assert Duplication.get().reason == reasons[1]


@pytest.mark.parametrize("typed", ["{}", "{lower}", " {place} ", "{part}", "{place}/{year}"])
def test_a_duplicate_names_its_head_in_any_case_or_by_a_part(office: Office, first: Complaint, typed: str) -> None:
    [case] = office.receive(story=STORY)
    number = str(first.number)
    place = re.findall(r"[0-9]+", number)[0]
    part = number[number.index(place) :].lower()
    year = Complaint.get_by_id(first.id).recorded_at.year
    original = typed.format(number, lower=number.lower(), place=place, part=part, year=year)
    office.do([case], "duplicate", original=original)
    assert Complaint.get_by_id(case).duplicate_of_id == first.id
    assert Duplication.get().original == number  # written out: a part would not be matched


def test_many_repeats_are_marked_at_once_and_the_first_of_them_is_left(office: Office, first: Complaint) -> None:
    from models.workflow import workflow

    cases = office.receive(3, story=STORY, until="raise")
    reason = "Pengadu dan pokok pengaduan sama"
    outcome = workflow.advance(
        [first.id, *cases],
        "duplicate",
        by=office["petugas"],
        at=office.tick(),
        blanks={"original": first.number, "reason": reason},
    )
    assert outcome.done == cases
    assert list(outcome.refused) == [first.id]
