"""Taking down a complaint: what must be there, what may be missing, and that nothing typed is lost."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from models.complaint.complaint import Complaint, Person, Run
from models.office.lists import Category, Medium
from sop.access import lanes
from sop.flow import current_procedure
from sop.vocabulary import OUTSIDE, vocabulary
from tests.admin.doors import Visitor, words
from tests.office import UNSORTED, Office

At = Callable[[str], Visitor]


def posted(visitor: Visitor, **more: str):
    """The intake as a browser sends it: the page's own hidden fields, and what was typed."""
    return visitor.client.post("/pengaduan/new/", data=a_form(visitor, **more))


def a_form(visitor: Visitor, **more: str) -> dict[str, str]:
    """What a browser would send of a form that was just opened."""
    import lxml.html

    page = visitor.get("/pengaduan/new/").text
    form = next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)
    return {**dict(form.form_values()), "do": "save", **more}


def entry(**more: str) -> dict[str, str]:
    ids = {"medium": str(Medium.get(code="loket").id), "category": str(Category.get(code=UNSORTED).id)}
    return {**ids, "story": "Bantuan berhenti sejak Juli.", "pengadu-name": "Siti Maslikah", **more}


def test_the_title_that_the_panel_would_give_is_shown_while_the_user_types_and_nothing_is_stored(
    office: Office, at: At
) -> None:
    visitor = at("petugas")
    answer = posted(visitor, **entry(story="Pagi, Pak. Saya mau melapor. Bantuan saya berhenti.", do="title"))
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "Bantuan saya berhenti", "text/plain")
    secret = posted(visitor, **entry(do="title", secrecy="rahasia"))
    assert secret.text == "Pengaduan masyarakat"
    assert not Complaint.select().exists()


def test_medium_story_name_and_a_category_to_be_sorted_later_are_enough(office: Office, at: At) -> None:
    assert posted(at("petugas"), **entry()).status_code == 303
    case = Complaint.get()
    assert (case.state, case.title, case.secrecy) == (
        current_procedure().first,
        "Bantuan berhenti sejak Juli",
        "terbatas",
    )
    assert [r.row_key for r in Run.select().where(Run.complaint == case).order_by(Run.id)] == [
        current_procedure().receive.key,
        current_procedure().row_named(current_procedure().first).key,
    ]


def test_an_anonymous_pengadu_needs_no_name_and_leaves_none(office: Office, at: At) -> None:
    assert posted(at("petugas"), **entry(anonymous="y")).status_code == 303
    assert Person.get(kind="pengadu").name == ""


@pytest.mark.parametrize("lacking", ["medium", "story", "pengadu-name", "category"])
def test_what_is_missing_is_named_and_the_rest_stays(office: Office, at: At, lacking: str) -> None:
    answer = posted(at("petugas"), **entry(**{lacking: "", "asks": "Penjelasan tertulis.", "pengadu-nik": "99"}))
    assert answer.status_code == 422
    assert "isian perlu diperbaiki" in words(answer.text)
    assert "Penjelasan tertulis." in unescape(answer.text)
    assert not Complaint.select().exists()


def test_a_nik_that_is_short_is_stored_with_a_note(office: Office, at: At) -> None:
    assert posted(at("petugas"), **entry(**{"pengadu-nik": "9912"})).status_code == 303
    assert Person.get(kind="pengadu").nik_note == "NIK bukan 16 angka"


@pytest.mark.parametrize(
    "bad",
    [
        {"title": "x" * 201},
        {"received_at": "2099-01-01T08:00"},
        {"received_at": "kemarin"},
        {"category": "999999"},
        {"secrecy": "umum"},
        {"pengadu-name": "N" * 121},
        {"medium": "0"},
        {"pengadu-kelurahan": "x"},
    ],
)
def test_bad_input_gets_a_sentence_and_registers_nothing(office: Office, at: At, bad: dict[str, str]) -> None:
    answer = posted(at("petugas"), **entry(**bad))
    assert answer.status_code == 422, words(answer.text)
    assert "Bantuan berhenti sejak Juli." in answer.text
    assert not Complaint.select().exists()


def test_the_category_decides_title_secrecy_and_class(office: Office, at: At) -> None:
    category = Category.get(code="kdrt")
    assert posted(at("petugas"), **entry(category=str(category.id))).status_code == 303
    case = Complaint.get()
    assert (case.secrecy, case.law_class) == (category.secrecy, category.law_class)


def after_raising_at_once() -> str:
    """Where a case stands then: behind the first step, or before it where that is another lane's."""
    first = vocabulary().transitions[current_procedure().first]
    return (
        current_procedure().target(first, state=current_procedure().first)
        if lanes(first) & lanes(current_procedure().receive)
        else current_procedure().first
    )


def test_the_form_offers_to_raise_at_once_to_who_may_do_that(at: At) -> None:
    assert ("Simpan dan naikkan" in at("petugas").text("/pengaduan/new/")) == (
        after_raising_at_once() != current_procedure().first
    )


def test_saved_and_raised_at_once_it_waits_for_the_disposition(office: Office, at: At) -> None:
    category = Category.get(code="bansos_tidak_terima").id
    assert posted(at("petugas"), **entry(category=str(category), do="raise")).status_code == 303
    assert Complaint.get().state == after_raising_at_once()


@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos", "pengawas", "admin"])
def test_only_a_petugas_takes_down_complaints(office: Office, at: At, username: str) -> None:
    assert at(username).get("/pengaduan/new/").status_code in (403, 404)
    assert at(username).post("/pengaduan/new/", **entry()).status_code in (403, 404)
    assert not Complaint.select().exists()


def test_a_forged_moment_of_opening_counts_as_now(office: Office, at: At) -> None:
    assert posted(at("petugas"), **entry(opened="form.AAAA.BBBB")).status_code == 303
    case = Complaint.get()
    assert case.opened_at is not None
    assert (case.recorded_at - case.opened_at).total_seconds() < 5


@pytest.mark.parametrize("more", [{}, {"book_number": "470/9"}, {"received_at": "2026-10-01T08:00"}])
def test_the_same_form_sent_twice_registers_one_complaint_and_leads_to_it(office: Office, at: At, more) -> None:
    petugas = at("petugas")
    sent = a_form(petugas, **entry(**more))
    first, second = (petugas.client.post("/pengaduan/new/", data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert Complaint.select().count() == 1
    page = words(petugas.get(second.location).text)
    assert "sudah tersimpan" in page
    assert Complaint.get().number in page


def test_sent_again_to_be_raised_it_is_still_the_same_complaint(office: Office, at: At) -> None:
    petugas = at("petugas")
    sent = a_form(petugas, **entry())
    petugas.client.post("/pengaduan/new/", data=sent)
    assert petugas.client.post("/pengaduan/new/", data={**sent, "do": "raise"}).status_code == 303
    assert [c.state for c in Complaint.select()] == [current_procedure().first]


def test_a_form_that_was_refused_is_sent_again_and_registered(office: Office, at: At) -> None:
    petugas = at("petugas")
    sent = a_form(petugas, **entry(medium=""))
    assert petugas.client.post("/pengaduan/new/", data=sent).status_code == 422
    assert petugas.client.post("/pengaduan/new/", data={**sent, **entry()}).status_code == 303
    assert Complaint.select().count() == 1


@pytest.mark.parametrize("changed", [{"story": "Tetangganya juga."}, {"pengadu-name": "Sri"}, {"opened": ""}])
def test_what_says_something_else_is_another_complaint_though_the_form_is_the_same(
    office: Office, at: At, changed: dict[str, str]
) -> None:
    petugas = at("petugas")
    sent = a_form(petugas, **entry())
    for data in (sent, {**sent, **changed, "warned": "1"}):  # the earlier case was shown
        assert petugas.client.post("/pengaduan/new/", data=data).status_code == 303
    assert Complaint.select().count() == 2


def test_the_same_words_on_two_forms_are_two_complaints_once_the_first_was_shown(office: Office, at: At) -> None:
    petugas = at("petugas")
    assert petugas.client.post("/pengaduan/new/", data=a_form(petugas, **entry())).status_code == 303
    again = a_form(petugas, **entry())
    assert petugas.client.post("/pengaduan/new/", data=again).status_code == 422
    assert Complaint.select().count() == 1
    warned = {**again, "warned": str(Complaint.get().id)}
    assert petugas.client.post("/pengaduan/new/", data=warned).status_code == 303
    assert Complaint.select().count() == 2


def test_a_form_sent_several_times_at_once_registers_one_complaint(office: Office, at: At) -> None:
    visitors = [at("petugas") for _ in range(4)]
    sent = a_form(visitors[0], **entry())
    sheets = [{**sent, "csrf_token": visitor.token()} for visitor in visitors]
    with ThreadPoolExecutor(len(visitors)) as pool:
        sends = [
            pool.submit(visitor.client.post, "/pengaduan/new/", data=sheet)
            for visitor, sheet in zip(visitors, sheets, strict=True)
        ]
        answers = [one.result() for one in sends]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert Complaint.select().count() == 1


def test_what_came_with_a_file_was_not_received_here_and_has_no_such_page(office: Office, at: At) -> None:
    settled, imported, received = office.receive(3)
    office.bring([settled], OUTSIDE)
    Complaint.update(imported=True).where(Complaint.id == imported).execute()
    pages = {
        case: at("petugas").get(f"/pengaduan/tercatat/{case}/").status_code for case in (settled, imported, received)
    }
    assert pages == {settled: 404, imported: 404, received: 200}


def test_after_an_entry_the_receipt_is_printed_first_and_nothing_weighs_as_much(at, office):
    [case] = office.receive()
    page = at("petugas").get(f"/pengaduan/tercatat/{case}/").text
    assert re.findall(r'class="btn primary"[^>]*>([^<]+)<', page.partition('class="banner')[2]) == [
        "Cetak Tanda Terima Pengaduan"
    ]
    office.do([case], "raise")
    page = at("petugas").get(f"/pengaduan/tercatat/{case}/").text
    assert re.search(r'<a class="act" href="[^"]+">Tarik kembali</a>', page)
