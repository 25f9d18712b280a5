"""What papers print otherwise: lost characters and names are shown before the register, a story's words after it."""

from collections.abc import Callable
from html import unescape
from typing import Any

import lxml.html
import pytest

from admin.intake.form import FIELDS
from models.complaint.complaint import Complaint, Person
from models.office.lists import Medium
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
PAUSED, STRANGE, LOST = "Belum didaftarkan.", "Siti 漢", "tidak dapat dicetak dan menjadi ▯: 漢."
TEXTS = ("story", "asks", "event_place", "accused", "title", "pengadu-name", "pengadu-address", "kuasa-name")


def drawn(page: str) -> Any:
    return next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)


def opened_form(visitor: Visitor, **typed: str) -> dict[str, str]:
    """What a browser would send of a form that was just opened."""
    medium = str(Medium.get(code="loket").id)
    defaults = {"medium": medium, "category": "1", "story": "Bantuan berhenti.", "pengadu-name": "Ani", "do": "save"}
    return {**dict(drawn(visitor.get("/pengaduan/new/").text).form_values()), **defaults, **typed}


def sent(visitor: Visitor, form: Any) -> Any:
    return visitor.client.post("/pengaduan/new/", data=form)


def again(page: str, **typed: str) -> dict[str, Any]:
    """The page that came back, sent once more."""
    fields: dict[str, Any] = {}
    for name, value in drawn(page).form_values():
        fields.setdefault(name, []).append(value)
    return {**fields, **typed}


@pytest.mark.parametrize("do", ["save", "raise"])
def test_characters_that_papers_lose_are_shown_before_the_register_and_the_second_time_it_goes_through(
    office: Office, at: At, do: str
) -> None:
    petugas = at("petugas")
    typed = opened_form(petugas, asks="Dibantu.", do=do, **{"pengadu-name": STRANGE, "kuasa-name": "Ani"})
    answer = sent(petugas, typed)
    assert (answer.status_code, Complaint.select().count()) == (422, 0)
    said = words(answer.text)
    assert PAUSED in said
    assert f"Nama pengadu – {LOST}" in said
    assert "Nama kuasa" not in said.partition(PAUSED)[2].partition("Tetap daftarkan")[0]
    back = again(answer.text)
    assert [back[name] for name in ("pengadu-name", "asks", "opened")] == [
        [STRANGE],
        ["\nDibantu."],
        [typed["opened"]],
    ]
    assert f'value="{do}">Tetap daftarkan' in answer.text
    done = sent(petugas, {**back, "do": do})
    assert done.status_code == 303
    assert Person.get(kind="pengadu").name == STRANGE
    assert "▯" not in petugas.text(done.location)  # it was shown before


@pytest.mark.parametrize("name", TEXTS)
def test_every_blank_of_the_entry_is_looked_at_and_named(office: Office, at: At, name: str) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, **{name: "漢"}))
    assert answer.status_code == 422
    banner = words(answer.text).partition(PAUSED)[2]
    assert LOST in banner
    page = drawn(answer.text)
    assert page.xpath(f'//a[@href="#{name}"]')
    [note] = page.xpath(f'//p[@id="{name}-huruf"]')
    assert f"{name}-huruf" in page.inputs[name].get("aria-describedby")
    assert LOST in note.text_content().lower()


def test_other_characters_typed_after_the_warning_are_shown_too(office: Office, at: At) -> None:
    petugas = at("petugas")
    first = sent(petugas, opened_form(petugas, **{"pengadu-name": STRANGE}))
    second = sent(petugas, again(first.text, do="save", **{"pengadu-name": "Siti 字"}))
    assert (second.status_code, "menjadi ▯: 字." in words(second.text)) == (422, True)
    third = sent(petugas, again(second.text, do="save", **{"pengadu-name": "Siti"}))
    assert third.status_code == 303


def test_an_emoji_in_the_story_delays_nothing_and_is_reported_on_the_next_page(office: Office, at: At) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, story="Sedih 😭 السلام"))
    assert answer.status_code == 303
    said = petugas.text(answer.location)
    assert "Uraian kejadian – pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras]." in said
    assert "▯" not in said


@pytest.mark.parametrize("name", ["Siti 🌸", "ꦱꦸꦥꦂꦩꦶ"])
def test_a_name_that_would_print_as_another_is_shown_first(office: Office, at: At, name: str) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, **{"pengadu-name": name}))
    assert answer.status_code == 422
    assert "Nama pengadu – pada dokumen tercetak sebagai kata: [" in words(answer.text)


def test_a_name_in_arabic_script_is_registered_without_a_warning(office: Office, at: At) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, **{"pengadu-name": "أحمد – José"}))
    assert answer.status_code == 303
    assert "tercetak sebagai" not in petugas.text(answer.location)


def test_an_emergency_waits_for_nothing_and_the_warning_comes_after(office: Office, at: At) -> None:
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, emergency="y", **{"pengadu-name": STRANGE}))
    assert answer.status_code == 303
    assert f"Nama pengadu – {LOST}" in petugas.text(answer.location)


def test_earlier_cases_and_lost_characters_are_shown_at_once(office: Office, at: At) -> None:
    story = "Kartu sembako ibu saya ditolak di agen dekat pasar sejak bulan Juli, saldonya tertulis nol rupiah."
    office.receive(story=story)
    petugas = at("petugas")
    answer = sent(petugas, opened_form(petugas, story=story, **{"pengadu-name": STRANGE}))
    said = words(answer.text)
    assert "Mungkin sudah pernah masuk." in said
    assert LOST in said
    assert answer.text.count(">Tetap daftarkan<") == 1
    assert sent(petugas, again(answer.text, do="save")).status_code == 303


def test_a_page_that_was_only_filled_in_has_shown_no_warning_yet(office: Office, at: At) -> None:
    petugas = at("petugas")
    page = sent(petugas, opened_form(petugas, do="fill", **{"pengadu-name": STRANGE})).text
    assert PAUSED not in words(page)
    assert "menjadi ▯: 漢." in words(page)
    assert sent(petugas, again(page, do="save")).status_code == 422


def test_each_blank_has_its_note_while_the_user_types(office: Office, at: At) -> None:
    petugas = at("petugas")
    typed = {
        "story": "Sedih 😭",
        "pengadu-name": STRANGE,
        "asks": "Dibantu – segera.",
        "note": "漢",
        "outside_what": "漢",
    }
    notes = petugas.post("/pengaduan/new/", do="letters", **typed).json
    assert notes == {
        "story": "Pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras].",
        "pengadu-name": f"T{LOST[1:]}",
        "outside_what": f"T{LOST[1:]}",
    }
    every = petugas.post("/pengaduan/new/", do="letters", **dict.fromkeys(FIELDS, "漢")).json
    assert set(every) == set(FIELDS)


def test_a_ralat_says_with_its_effects_how_it_will_be_printed(office: Office, at: At) -> None:
    [case] = office.receive(story="Sedih 漢.")
    petugas = at("petugas")
    kind = "/pengaduan/langkah/correct/"
    page = petugas.get(f"{kind}?id={case}").text
    form = next(f for f in lxml.html.fromstring(page).forms if "cases" in f.fields)
    typed = {**dict(form.form_values()), "pengadu-name": STRANGE, "reason": "Salah ketik", "do": "review"}
    review = petugas.client.post(kind, data=typed).text
    assert f"Nama pengadu – {LOST}" in words(review)
    assert "Uraian kejadian –" not in words(review)  # it is not corrected
    back = next(f for f in lxml.html.fromstring(review).forms if "cases" in f.fields)
    edited = petugas.client.post(kind, data={**dict(back.form_values()), "do": "edit"}).text
    assert 'id="pengadu-name-huruf"' in edited
    done = petugas.client.post(kind, data={**dict(back.form_values()), "do": "perform"})
    assert (done.status_code, Person.get(complaint=case).name) == (303, STRANGE)
    assert STRANGE in unescape(petugas.get(f"/pengaduan/details/?id={case}").text)
