"""Very many cases on one step page: counted in all, read in portions, and what is ticked and typed is never lost."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from admin.case.many import PORTION
from admin.door.rows import MOST_IDS
from models.case.blanks import reasons
from models.complaint.accesslog import Seen
from models.complaint.complaint import CaseKey, Complaint
from models.records.base import ReasonField
from models.records.registry import RECORDS
from models.store import seal
from models.store.base import insert_rows
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import PAUSED, vocabulary
from tests.admin.case.test_steps import address, typed
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]


def copies_of(case: int, count: int) -> list[int]:
    """A case so many times more, as rows alone: enough for a page that only counts them."""
    row, last = Complaint.select().where(Complaint.id == case).dicts().get(), Complaint.select().count()
    made = [
        {**row, "id": last + n, "public_id": f"salinan-{n}", "number": f"PGD/S{n}/X/2026", "form_digest": None}
        for n in range(1, count + 1)
    ]
    insert_rows(Complaint, made)
    wrapped = ((copy["id"], seal.ring().new_case_key(copy["public_id"])[0]) for copy in made)
    insert_rows(CaseKey, [{"complaint": number, "wrapped": key} for number, key in wrapped])
    return [copy["id"] for copy in made]


def posted(visitor: Visitor, key: str, page: str, **more: object) -> str:
    fields = {name: value for name, value in typed(page).items() if name != "do"}
    return str(visitor.landed(visitor.client.post(f"/pengaduan/langkah/{key}/", data={**fields, **more})).text)


@pytest.mark.only("sqlite")
def test_the_page_of_five_hundred_is_light_and_shows_all_of_them(office: Office, at: At) -> None:
    [first], [waits] = office.receive(until="raise"), office.receive()
    office.bring([waits], "dispose")
    ids = [first, *copies_of(first, MOST_IDS - 2), waits]
    page = at("petugas").post("/pengaduan/action/", action="raise", rowid=[str(i) for i in ids])
    assert page.status_code == 200
    assert len(page.data) <= 200_000
    assert f"Naikkan ke Kepala Dinas ({MOST_IDS - 1})" in words(page.text)
    assert re.search(rf"Menunggu dinaikkan\D* {MOST_IDS - 1} ", words(page.text))
    assert page.text.count('name="lewati"') == PORTION
    assert f"1–{PORTION} dari {MOST_IDS - 1}" in words(page.text)
    stuck = words(page.text).partition("1 pengaduan tidak dapat diproses")[2]
    assert Complaint.get_by_id(waits).number in stuck


def test_another_portion_keeps_what_was_ticked_and_typed(office: Office, at: At) -> None:
    ids = office.receive(PORTION + 2, until="raise")
    visitor = at("petugas")
    page = visitor.post("/pengaduan/action/", action="raise", rowid=[str(i) for i in ids]).text
    assert Seen.select().where(Seen.what == "langkah").count() == PORTION
    later = posted(visitor, "raise", page, mulai=str(PORTION), lewati=[str(ids[0])], note="Mohon segera.")
    assert "Mohon segera." in unescape(later)
    assert f"{PORTION + 1}–{PORTION + 2} dari {PORTION + 2}" in words(later)
    assert f"Naikkan ke Kepala Dinas ({PORTION + 1})" in words(later)
    first = posted(visitor, "raise", later, mulai="0")
    assert re.search(rf'value="{ids[0]}" id="lewati-{ids[0]}" checked', first)
    result = posted(visitor, "raise", later, do="perform", lewati=[str(ids[0]), str(ids[-1])])
    assert f"{PORTION} pengaduan selesai diproses" in words(result)
    assert "2 dilewati atas permintaan Anda" in words(result)
    assert {office.state(ids[0]), office.state(ids[-1])} == {"raise"}
    assert {office.state(case) for case in ids[1:-1]} == {"dispose"}


def test_who_leaves_out_all_of_them_does_nothing(office: Office, at: At) -> None:
    ids = office.receive(2, until="raise")
    visitor = at("petugas")
    page, before = visitor.get(address("raise", *ids)).text, office.digest()
    answer = posted(visitor, "raise", page, do="perform", lewati=[str(i) for i in ids])
    assert "Belum ada pengaduan yang dipilih" in words(answer)
    assert office.digest() == before


def test_cases_that_cannot_move_for_one_reason_stand_together(office: Office, at: At) -> None:
    ids = office.receive(4, until="raise")
    office.do(ids[:3], "raise")
    page = words(at("petugas").get(address("raise", *ids)).text)
    assert "3 pengaduan tidak dapat diproses" in page
    assert page.count("tidak dapat dilakukan sekarang") == 1
    assert "3 pengaduan: “Naikkan ke Kepala Dinas” tidak dapat dilakukan sekarang: pengaduan ini berstatus" in page
    assert all(Complaint.get_by_id(case).number in page for case in ids)


def has_reason(step: Transition) -> bool:
    return step.record in RECORDS and any(isinstance(f, ReasonField) for f in RECORDS[step.record].blanks())


@pytest.mark.parametrize(
    "step", [t for t in vocabulary().transitions.values() if t.bulk and has_reason(t)], ids=lambda t: t.key
)
def test_a_reason_is_asked_once_for_many_and_its_lack_is_one_error_at_its_field(office: Office, at: At, step) -> None:
    ids = office.receive(3)
    office.bring(ids, next(s for s in (*current_procedure().awaited, PAUSED) if s in vocabulary().starts(step)))
    visitor, is_asked = at(office.actor(step, ids[0]).username), step.key in reasons()
    page = visitor.get(address(step.key, *ids)).text
    offered = page.partition('name="reason"')[2].partition("</select>")[0]
    assert ("mengikuti masing-masing" not in offered) or not is_asked
    sent = typed(page, **({"original": "1"} if 'name="original"' in page else {}))
    answer = visitor.client.post(f"/pengaduan/langkah/{step.key}/", data=sent)
    assert answer.status_code == (422 if is_asked else 303)
    assert answer.text.count('aria-invalid="true"') == answer.text.count("banner danger") == int(is_asked)
