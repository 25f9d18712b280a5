"""The page on which a unit writes: the complaint and the head's words, the papers drawn next to them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from admin.case.step_view import previews_papers
from models.complaint.complaint import Complaint
from models.records.registry import RECORDS
from models.store.base import now
from papers.layout import page as printed
from papers.layout import screen
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.case.test_steps import address, typed
from tests.admin.doors import Visitor, words
from tests.office import Office, sample

At = Callable[[str], Visitor]
WRITTEN = [t for t in vocabulary().transitions.values() if t.draft]
OTHERS = [t for t in current_procedure().main_line if not previews_papers(t) and not current_procedure().is_receive(t)]
STORY, NOTE = "Bantuan tidak diterima sejak Juli.", "Kunjungi rumahnya lebih dahulu."
written = pytest.mark.parametrize("step", WRITTEN, ids=lambda t: t.key)


def waiting(office: Office, key: str) -> int:
    [case] = office.receive(story=STORY)
    office.bring([case], "dispose")
    office.do([case], "dispose", note=NOTE)
    office.bring([case], key)
    return case


def draw(visitor: Visitor, key: str, page: str, **more: str) -> Any:
    return visitor.client.post(f"/pengaduan/langkah/{key}/naskah/", data=typed(page, **more))


def text_blank(key: str) -> str:
    return next(
        f.name for f in RECORDS[vocabulary().transitions[key].record].blanks() if type(f).__name__ == "TextField"
    )


@written
def test_it_shows_the_complaint_the_heads_note_and_the_due_time_next_to_the_blanks(
    office: Office, at: At, step
) -> None:
    case = waiting(office, step.key)
    page = words(at("bidang.rehsos").get(address(step.key, case)).text)
    for text in (STORY, NOTE, "(jam kerja)", "sudah lewat. Selesaikan segera.", "Simpan konsep", step.label):
        assert text in page
    Complaint.update(row_due_at=now() + timedelta(days=1)).execute()
    assert "Selesaikan paling lambat" in words(at("bidang.rehsos").get(address(step.key, case)).text)


@written
def test_the_papers_follow_the_typing_escaped_and_nothing_is_stored(office: Office, at: At, step) -> None:
    case = waiting(office, step.key)
    visitor, before = at("bidang.rehsos"), office.digest()
    page = visitor.get(address(step.key, case)).text
    answer = draw(visitor, step.key, page, **{text_blank(step.key): "Rumah <b onclick=x>kosong</b> & gelap."})
    assert answer.status_code == 200
    sheets = {p.key for p in vocabulary().papers.values() if f'data-sheet="{p.key}"' in answer.text}
    assert sheets == {p.key for p in vocabulary().papers.values() if f'data-sheet="{p.key}"' in page} != set()
    assert "Rumah &lt;b onclick=x&gt;kosong&lt;/b&gt; &amp; gelap." in answer.text
    assert "<b onclick" not in answer.text
    assert not re.search(r"<style|\bstyle=|<script", answer.text)  # the policy would refuse them
    assert office.digest() == before


@written
def test_what_is_drawn_reads_as_what_would_be_printed(office: Office, at: At, step, monkeypatch) -> None:
    case = waiting(office, step.key)
    drawn: list[tuple[str, str]] = []

    def both(content: dict[str, Any], *, emblem: str) -> Any:
        drawn.append((words(sheet(content, emblem=emblem)), words(printed.html(content))))
        return sheet(content, emblem=emblem)

    sheet = screen.sheet
    monkeypatch.setattr("admin.papers.drafts.sheet", both)
    assert at("bidang.rehsos").get(address(step.key, case)).status_code == 200
    assert drawn
    assert all(here and here in there for here, there in drawn)


@written
def test_no_papers_are_drawn_for_users_who_may_not_write(office: Office, at: At, step) -> None:
    case = waiting(office, step.key)
    page = at("bidang.rehsos").get(address(step.key, case)).text
    codes = {who: draw(at(who), step.key, page).status_code for who in ("kadis", "petugas", "bidang.ppa", "admin")}
    tokens = (400,)  # the token of somebody else's session
    assert all(code in (403, 404, 409, *tokens) for code in codes.values()), codes
    for who, code in {"kadis": 409, "petugas": 409, "bidang.ppa": 404, "admin": 403}.items():
        version = Complaint.get_by_id(case).version
        assert at(who).post(f"/pengaduan/langkah/{step.key}/naskah/", cases=f"{case}:{version}").status_code == code


@pytest.mark.parametrize("step", OTHERS, ids=lambda t: t.key)
def test_a_step_whose_blanks_lead_to_no_paper_yet_draws_nothing(office: Office, at: At, step) -> None:
    before = current_procedure().awaited[: 1 + current_procedure().awaited.index("dispose")]
    case = office.receive()[0] if step.key in before else waiting(office, step.key)
    office.bring([case], step.key)
    visitor = at(office.actor(step, case).username)
    page = visitor.get(address(step.key, case)).text
    assert "data-sheet" not in page
    assert draw(visitor, step.key, page).status_code == 404


@written
def test_a_returned_text_stands_next_to_the_note_that_returned_it(office: Office, at: At, step) -> None:
    case = waiting(office, "handle")
    office.do([case], "handle", facts="Rumah rusak pada kunjungan pertama.")
    office.bring([case], "approve")
    office.do([case], "send_back", note="Lengkapi dengan data DTSEN.")
    office.bring([case], step.key)
    page = unescape(at("bidang.rehsos").get(address(step.key, case)).text)
    text = words(page[page.index("returned") :])
    assert "Dikembalikan Kepala Dinas" in text
    assert "Lengkapi dengan data DTSEN." in text
    assert office["kadis"].name in text
    assert "Rumah rusak pada kunjungan pertama." in page


@pytest.mark.parametrize("step", [t for t in WRITTEN if t.evidence], ids=lambda t: t.key)
def test_a_phone_can_take_a_picture(office: Office, at: At, step) -> None:
    page = at("bidang.rehsos").get(address(step.key, waiting(office, step.key))).text
    assert 'name="evidence_files"' in page
    assert 'capture="environment"' in page


def test_to_go_on_without_a_tick_is_answered_in_a_sentence(office: Office, at: At) -> None:
    answer = at("kadis").get("/pengaduan/langkah/dispose/?")
    assert answer.status_code == 400
    assert "centang sedikitnya satu" in words(answer.text)


def test_a_paper_with_an_odd_blank_is_drawn_all_the_same(office: Office, at: At) -> None:
    case = waiting(office, "handle")
    visitor = at("bidang.rehsos")
    page = visitor.get(address("handle", case)).text
    long = sample(RECORDS["assessment"].facts, at=office.at) * 500
    assert draw(visitor, "handle", page, conclusion="mungkin", facts=long, visited="x" * 999).status_code == 200
