"""What papers will print otherwise is shown on the page of an act before it is done, for one case and for many."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from models.complaint.complaint import Complaint
from models.office.people import Division
from models.records.detours import Remark
from models.records.main_line import Disposition
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
PAUSED, LOST = "Belum diproses.", "tidak dapat dicetak dan menjadi ▯: 漢."


def form_of(page: str, name: str) -> Any:
    return next(f for f in lxml.html.fromstring(page).forms if name in f.fields)


def fields_of(form: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields


@pytest.fixture
def raised(office: Office) -> list[int]:
    cases = office.receive(2)
    office.bring(cases, "dispose")
    return cases


def disposed(page: str) -> dict[str, Any]:
    return {**fields_of(form_of(page, "cases")), "unit": str(Division.get(code="REHSOS").id), "do": "perform"}


@pytest.mark.parametrize("many", [False, True])
def test_what_a_paper_loses_is_shown_first_and_the_second_time_it_goes_through(
    office: Office, at: At, raised: list[int], many: bool
) -> None:
    kadis, kind = at("kadis"), "/pengaduan/langkah/dispose/"
    cases = raised if many else raised[:1]
    page = kadis.get(kind + "?" + "&".join(f"id={case}" for case in cases)).text
    answer = kadis.client.post(kind, data={**disposed(page), "note": "Segera 漢 😭"})
    assert (answer.status_code, Disposition.select().count()) == (422, 0)
    said = words(answer.text)
    assert PAUSED in said
    assert f"Catatan – pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras]. T{LOST[1:]}" in said
    assert form_of(answer.text, "cases").fields["note"].strip() == "Segera 漢 😭"
    done = kadis.client.post(kind, data=disposed(answer.text), follow_redirects=True)
    assert done.status_code == 200
    assert {row.note for row in Disposition.select()} == {"Segera 漢 😭"}
    assert Disposition.select().count() == len(cases)
    assert "▯" not in words(done.text)  # it was shown


def test_an_emoji_in_a_note_stops_no_act_and_is_reported_after_it(office: Office, at: At, raised: list[int]) -> None:
    kadis, kind = at("kadis"), "/pengaduan/langkah/dispose/"
    page = kadis.get(f"{kind}?id={raised[0]}").text
    done = kadis.client.post(kind, data={**disposed(page), "note": "Segera 😭"}, follow_redirects=True)
    assert "Catatan – pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras]." in words(done.text)
    assert Disposition.select().count() == 1


def test_what_no_paper_says_is_written_as_one_likes(office: Office, at: At, raised: list[int]) -> None:
    kadis, kind = at("kadis"), "/pengaduan/langkah/return_file/"
    page = kadis.get(f"{kind}?id={raised[0]}").text
    form = form_of(page, "cases")
    reason = next(one for one in form.inputs["reason"].value_options if one)
    typed = {**fields_of(form), "reason": reason, "note": "Lengkapi 漢", "do": "perform"}
    assert kadis.client.post(kind, data=typed).status_code == 303
    assert Remark.get(Remark.act == "return_file").note == "Lengkapi 漢"
    assert Complaint.get_by_id(raised[0]).state == "raise"


def test_a_draft_is_saved_and_the_act_is_stopped(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    bidang, kind = at("bidang.rehsos"), "/pengaduan/langkah/handle/"
    typed = {**fields_of(form_of(bidang.get(f"{kind}?id={case}").text, "facts")), "facts": "Fakta 漢"}
    must = {"action": "Dikunjungi.", "conclusion": "terbukti", "conclusion_text": "Benar.", "answer": "Dibantu."}
    assert bidang.client.post(kind, data={**typed, "do": "draft"}).status_code == 303
    typed = fields_of(form_of(bidang.get(f"{kind}?id={case}").text, "facts"))
    answer = bidang.client.post(kind, data={**typed, **must, "do": "perform"})
    assert (answer.status_code, PAUSED in words(answer.text)) == (422, True)
    again = fields_of(form_of(answer.text, "facts"))
    assert bidang.client.post(kind, data={**again, "do": "perform"}).status_code == 303
    assert Complaint.get_by_id(case).state == "submit"


def test_while_one_types_the_print_notes_name_blanks_of_papers(office: Office, at: At) -> None:
    kadis = at("kadis")
    typed = {"note": "漢", "dispose-7-note": "漢", "return_file-note": "漢", "unit": "1", "x": "漢"}
    notes = kadis.post("/pengaduan/langkah/dispose/huruf/", **typed).json
    assert notes == dict.fromkeys(("note", "dispose-7-note"), f"T{LOST[1:]}")
    assert kadis.post("/pengaduan/langkah/hold/huruf/", note="漢").json == {}
    assert kadis.post("/pengaduan/langkah/tidak_ada/huruf/", note="漢").status_code == 404
