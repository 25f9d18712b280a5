"""The one step page, over the whole table: what it shows, takes, refuses, and never loses."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import peewee as pw
import pytest

from admin.case.forms import BOOK
from models.case.blanks import reasons
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.store.base import now
from models.workflow import workflow
from sop.clock import WIB
from sop.flow import current_procedure, papers_issued
from sop.procedure import DETOURS, Transition
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.office import COMMON, EMERGENCY, SECRET, Office

At = Callable[[str], Visitor]
STEPS = [t for t in current_procedure().main_line if not current_procedure().is_receive(t)]
LOGGED = "Pembukaan kontak ini tercatat bersama langkah ini."
BULK = [t for t in STEPS if t.bulk]
DATED = [
    (key, f.name)
    for key, step in vocabulary().transitions.items()
    if step.record in RECORDS
    for f in RECORDS[step.record].blanks()
    if isinstance(f, pw.DateTimeField | pw.DateField)
]


def address(key: str, *ids: int) -> str:
    return f"/pengaduan/langkah/{key}/?" + "&".join(f"id={i}" for i in ids)


def typed(page: str, **more: str) -> dict[str, object]:
    """What a browser would send of a step page's form, with these fields filled in."""
    import lxml.html

    form = next(f for f in lxml.html.fromstring(page).forms if "cases" in f.fields)
    fields: dict[str, object] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    return {**fields, "do": "perform", **more}


def sent_by(visitor: Visitor, key: str, page: str, **more: str) -> Any:
    return visitor.client.post(f"/pengaduan/langkah/{key}/", data=typed(page, **more))


def samples(office: Office, ids: list[int], key: str) -> dict[str, str]:
    person = office.actor(vocabulary().transitions[key], ids[0])
    return {n: str(v) for n, v in office.blanks(ids[0], key, person).items()}


@pytest.mark.parametrize("step", BULK, ids=lambda t: t.key)
def test_a_step_on_many_shows_the_result_of_each(office: Office, at: At, step) -> None:
    cases = office.receive(3)
    office.bring(cases, step.key)
    visitor = at(office.actor(step, cases[0]).username)
    page = visitor.get(address(step.key, *cases))
    sent = visitor.client.post(
        f"/pengaduan/langkah/{step.key}/", data=typed(page.text, **samples(office, cases, step.key))
    )
    assert sent.status_code == 303
    assert "3 pengaduan selesai diproses" in words(visitor.landed(sent).text)
    assert {office.state(c) for c in cases} == {current_procedure().target(step, state=step.key)}
    issued = Paper.select().where(Paper.complaint.in_(cases) & Paper.kind.in_([p.key for p in step.papers])).count()
    assert issued == 3 * len(papers_issued(step, secret=False))


@pytest.mark.parametrize("step", [step for step in BULK if step.record], ids=lambda t: t.key)
def test_of_many_chosen_the_one_that_is_left_follows_its_own_proposal_too(office: Office, at: At, step) -> None:
    gone, left = office.receive(2)
    office.bring([gone, left], step.key)
    asked = samples(office, [left], step.key)
    office.do([gone], step.key)
    visitor, model = at(office.actor(step, left).username), RECORDS[step.record]
    page = visitor.get(address(step.key, gone, left)).text
    shown = typed(page)
    sent = visitor.client.post(f"/pengaduan/langkah/{step.key}/", data={**shown, **asked})
    assert (sent.status_code, office.state(left)) == (303, current_procedure().target(step, state=step.key))
    assert "1 pengaduan selesai diproses" in words(visitor.landed(sent).text)
    chosen = [f.name for f in model.blanks() if f.choices and f.default]
    row = model.select().where(model.complaint == left).order_by(model.id.desc()).first()
    assert [name for name in chosen if getattr(row, name) == ""] == []


@pytest.mark.parametrize("act", [t for t in DETOURS if t.reason_label], ids=lambda t: t.key)
def test_a_reason_below_another_one_is_named_and_says_whether_it_may_stay_empty(
    office: Office, at: At, act: Transition
) -> None:
    [case] = office.receive(1)
    begins = [state for state in vocabulary().starts(act) if state not in current_procedure().awaited]
    office.bring([case], begins[0] if begins else STEPS[1].key)
    page = words(at(office.actor(act, case).username).get(address(act.key, case)).text)
    assert f"{act.reason_label} {'*' if reasons().get(act.key) else '(boleh kosong)'}" in page


@pytest.mark.parametrize("step", [t for t in STEPS if t.series], ids=lambda t: t.key)
def test_the_number_from_the_office_book_is_asked_last(office: Office, at: At, step) -> None:
    [case] = office.receive()
    office.bring([case], step.key)
    page = at(office.actor(step, case).username).get(address(step.key, case)).text
    asked = re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page)
    assert asked[-1] == BOOK


def test_where_nothing_can_be_done_the_page_answers_409_with_the_sentence(office: Office, at: At) -> None:
    [case] = office.receive()
    answer = at("petugas").get(address("deliver", case))
    assert answer.status_code == 409
    assert "belum ada" in words(answer.text)


def test_an_old_page_never_decides_on_a_new_text_and_keeps_what_was_typed(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    kadis = at("kadis")
    old = kadis.get(address("approve", case)).text
    office.do([case], "send_back")
    office.bring([case], "approve")
    before = office.digest()
    sent = kadis.client.post(
        "/pengaduan/langkah/approve/", data=typed(old, outcome="catatan", note="Segera salurkan kepada keluarga.")
    )
    assert sent.status_code == 409
    assert "telah diubah oleh" in words(sent.text)
    assert "Segera salurkan kepada keluarga." in unescape(sent.text)
    assert office.digest() == before


def test_a_draft_is_saved_and_comes_back(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    head = at("bidang.rehsos")
    page = head.get(address("handle", case)).text
    sent = head.client.post(
        "/pengaduan/langkah/handle/", data=typed(page, do="draft", facts="Rumah kosong saat dikunjungi.")
    )
    assert sent.status_code == 303
    assert office.state(case) == "handle"
    assert "Rumah kosong saat dikunjungi." in unescape(head.get(address("handle", case)).text)
    assert Event.select().where((Event.complaint == case) & (Event.act == "draft")).count() == 1


@pytest.mark.parametrize(("key", "count"), [("handle", 2), ("raise", 1), ("raise", 2)])
def test_a_draft_that_cannot_be_saved_is_refused_and_nothing_is_performed(
    office: Office, at: At, key: str, count: int
) -> None:
    cases = office.receive(count)
    office.bring(cases, key)
    visitor = at("petugas" if key == "raise" else "bidang.rehsos")
    page = visitor.get(address(key, *cases)).text
    before = office.digest()
    sent = visitor.client.post(
        f"/pengaduan/langkah/{key}/", data=typed(page, do="draft", **samples(office, cases, key))
    )
    assert sent.status_code == 400
    assert "Konsep" in words(sent.text)
    assert office.digest() == before


def test_what_was_returned_opens_with_its_note_and_the_text_of_the_revision_before(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "handle", facts="Kunjungan pertama menemukan rumah rusak.")
    office.bring([case], "approve")
    office.do([case], "send_back", note="Lengkapi dengan data DTSEN.")
    page = unescape(at("bidang.rehsos").get(address("handle", case)).text)
    assert "Lengkapi dengan data DTSEN." in page
    assert "Kunjungan pertama menemukan rumah rusak." in page


def required_areas(step: Any) -> list[Any]:
    model = RECORDS.get(step.record)
    must = [f for f in model.blanks() if model.required(f, step.key, {})] if model else []
    return [f for f in must if type(f).__name__ == "TextField"]


@pytest.mark.parametrize("step", [*filter(required_areas, STEPS)], ids=lambda t: t.key)
def test_a_missing_blank_is_shown_at_its_field_and_nothing_typed_is_lost(office: Office, at: At, step) -> None:
    areas = required_areas(step)
    [case] = office.receive()
    office.bring([case], step.key)
    visitor = at(office.actor(step, case).username)
    page = visitor.get(address(step.key, case)).text
    emptied = {f.name: "" for f in areas[1:]} or {areas[0].name: ""}
    values = {} if len(areas) == 1 else {areas[0].name: "Kalimat yang tidak boleh hilang."}
    sent = visitor.client.post(f"/pengaduan/langkah/{step.key}/", data=typed(page, **values, **emptied))
    assert sent.status_code == 422
    assert "wajib diisi" in words(sent.text)
    assert all(text in unescape(sent.text) for text in values.values())
    assert office.state(case) == step.key


@pytest.mark.parametrize(
    "cases", ["", "x", "1", "1:1,", "0:1", "1:1;2:1", "99999999999:1", "1:1," * 600, "1:-1", "9999999:1"]
)
def test_a_list_of_cases_that_cannot_be_is_refused_in_a_sentence(office: Office, at: At, cases: str) -> None:
    office.receive()
    answer = at("petugas").post("/pengaduan/langkah/raise/", cases=cases)
    assert answer.status_code in (400, 404)
    assert not re.search(r"Traceback|SELECT ", answer.text)


@pytest.mark.parametrize("query", ["", "id=0", "id=x", "id=1&id=y", "&".join(f"id={n}" for n in range(1, 202))])
def test_ids_that_cannot_be_open_no_page(office: Office, at: At, query: str) -> None:
    office.receive()
    assert at("petugas").get(f"/pengaduan/langkah/raise/?{query}").status_code in (400, 404)


def test_a_secret_case_of_a_colleague_is_not_there(office: Office, at: At) -> None:
    [case] = office.receive(category="kdrt", until="raise")
    assert at("petugas2").get(address("raise", case)).status_code == 404
    assert at("petugas").get(address("raise", case)).status_code == 200


def test_contact_is_shown_on_the_steps_that_need_it_to_those_who_may_act(office: Office, at: At) -> None:
    [case] = office.receive(persons={"pengadu": {"name": "Siti", "phone": "081200001234"}})
    office.bring([case], "handle")
    page = at("bidang.rehsos").get(address("handle", case)).text
    assert "081200001234" in page
    assert LOGGED in page
    assert "081200001234" not in at("kadis").get(address("send_back", case)).text
    office.bring([case], "submit")
    assert "081200001234" not in at("bidang.rehsos").get(address("submit", case)).text
    [bare] = office.receive()
    office.bring([bare], "handle")
    assert LOGGED not in at("bidang.rehsos").get(address("handle", bare)).text


def test_many_stand_in_the_order_of_their_urgency_with_what_is_late_and_secret(office: Office, at: At) -> None:
    [calm] = office.receive(until="raise")
    Complaint.update(row_due_at=now() + timedelta(days=1), legal_due_at=now() + timedelta(days=9)).execute()
    [late] = office.receive(category=SECRET, until="raise")
    [urgent] = office.receive(category=EMERGENCY, emergency=True, until="raise")
    page = at("petugas").get(address("raise", calm, late, urgent)).text
    shown = [words(row) for row in re.findall(r"<tr>.*?</tr>", page, re.S)[1:]]
    numbers = [Complaint.get_by_id(case).number for case in (urgent, late, calm)]
    assert [number for row in shown for number in numbers if row.startswith(number)] == numbers
    assert all(mark in shown[1] for mark in ("Rahasia", "Lewat SOP"))
    assert "Naikkan ke Kepala Dinas (3)" in words(page)
    assert "Kosongkan" not in words(page)


def test_bulk_actions_of_the_list_open_the_step_page(office: Office, at: At) -> None:
    cases = office.receive(2, until="raise")
    answer = at("petugas").post("/pengaduan/action/", action="raise", rowid=[str(c) for c in cases])
    assert answer.status_code == 200
    assert all(Complaint.get_by_id(c).number in answer.text for c in cases)


def test_an_action_of_another_lane_is_not_there(office: Office, at: At) -> None:
    [case] = office.receive()
    assert at("petugas").post("/pengaduan/action/", action="approve", rowid=str(case)).status_code == 404


def test_a_draft_holds_what_there_is_and_refuses_what_no_column_can_hold(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    head = office["bidang.rehsos"]
    assert workflow.save_draft(case, "handle", by=head, at=office.tick(), blanks={"facts": "Satu kalimat."}).done == [
        case
    ]
    said = workflow.save_draft(case, "handle", by=head, at=office.tick(), blanks={"conclusion": "mungkin"}).refused[
        case
    ]
    assert said == "Hasil: pilihan tidak dikenal."


@pytest.mark.parametrize(("key", "blank"), DATED)
@pytest.mark.parametrize("year", ["0001", "0026", "9999"])
def test_a_mistyped_year_is_refused_in_a_sentence_and_closes_no_case(office: Office, at: At, key, blank, year) -> None:
    step = vocabulary().transitions[key]
    [case] = office.receive(category=EMERGENCY, emergency=True)
    awaited = [state for state in current_procedure().awaited if state in vocabulary().starts(step)]
    office.bring([case], key if step in current_procedure().main_line else awaited[-1])
    office.ready([case], key)
    visitor = at(office.actor(step, case).username)
    timed = isinstance(RECORDS[step.record]._meta.fields[blank], pw.DateTimeField)
    page, wrong = visitor.get(address(key, case)).text, f"{year}-11-25{'T10:00' if timed else ''}"
    sent = sent_by(visitor, key, page, **{**samples(office, [case], key), blank: wrong})
    assert sent.status_code == 422
    assert f"Tulis tahunnya dengan empat angka, misalnya {now().year}." in words(sent.text)
    assert f'value="{wrong}"' in sent.text
    person, moment = office.actor(step, case), datetime(int(year), 11, 25, 10, tzinfo=WIB)
    mistyped = moment if timed else moment.date()
    before = office.digest()
    outcome = workflow.advance(
        [case], key, by=person, at=office.tick(), blanks={**office.blanks(case, key, person), blank: mistyped}
    )
    assert "Tulis tahunnya" in outcome.refused[case]
    assert office.digest() == before
    assert visitor.get(f"/pengaduan/details/?id={case}").status_code == 200


@pytest.mark.only("sqlite")
def test_of_a_rahasia_case_it_is_said_what_a_copy_would_tell_and_none_is_offered(at: At, office: Office) -> None:
    """Where the result is shown, on the case's page and on that of the record; of any other case nothing of it."""
    for category, said in ((SECRET, True), (COMMON, False)):
        [case] = office.receive(category=category, by="petugas2", title="Dipukul suaminya")
        office.bring([case], "deliver")
        petugas, sentence = at("petugas2"), "siapa pun yang serumah dengan pengadu"
        page = petugas.text(address("deliver", case))
        assert (sentence in page) is said
        assert ("apa yang diadukan (“Dipukul suaminya”)" in page) is said
        office.do([case], "deliver")
        record = RECORDS["berita_acara"].get(RECORDS["berita_acara"].complaint == case)
        for path in (f"/pengaduan/details/?id={case}", f"/berita-acara/details/?id={record.id}"):
            assert (sentence in petugas.text(path)) is said, path
        assert "rangkap 2" not in petugas.text(f"/pengaduan/details/?id={case}")
