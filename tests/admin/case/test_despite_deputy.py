"""Whoever decides while his own Plh. is in force picks a reason, on every page that decides; the papers name him."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office import decree
from models.office.people import Division, today
from papers.printing import press
from sop.flow import current_procedure
from tests.admin.case.test_steps import address, typed
from tests.admin.desk.desktop import on_desk, send
from tests.admin.doors import Visitor, words
from tests.admin.forms import form_on
from tests.models.workflow.acting import registered
from tests.office import Office
from tests.papers.reading import said
from tests.papers.reading import words as squeezed

At = Callable[[str], Visitor]
ASKED, WHY = "deputy_reason", "absent"
UNASKED = "Pilih alasan Anda memutus sendiri"


def away(office: Office, username: str = "bidang.ppa", **given: Any) -> None:
    registered(office, username, valid_from=today(), decree_date=today(), valid_to=today(), **given)


def sent(visitor: Visitor, key: str, *cases: int, **more: str) -> Any:
    """The page of a step for these cases, sent as it was drawn but for what is typed besides."""
    fields = typed(visitor.get(address(key, *cases)).text)
    return visitor.client.post(f"/pengaduan/langkah/{key}/", data={**fields, "do": "perform", **more})


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("key", "username", "count"), [("approve", "kadis", 1), ("dispose", "kadis", 2), ("submit", "bidang.rehsos", 1)]
)
def test_a_step_page_asks_its_holder_why_and_does_nothing_without_an_answer(
    at: At, office: Office, key: str, username: str, count: int
) -> None:
    cases = on_desk(office, key, count)
    visitor = at(username)
    assert ASKED not in form_on(visitor.get(address(key, *cases)).text).choices
    if username == "kadis":
        away(office)
    else:
        away(office, "staf.rehsos", division=Division.get(code="REHSOS"))
    before = office.digest()
    choices = form_on(visitor.get(address(key, *cases)).text).choices[ASKED]
    assert choices == ["", *decree.REASONS_DESPITE_DEPUTY]
    for reason in ({}, {ASKED: ""}, {ASKED: "lain"}):
        answer = sent(visitor, key, *cases, **reason)
        assert answer.status_code == 409
        assert UNASKED in words(answer.text)
    assert office.digest() == before
    assert sent(visitor, key, *cases, **{ASKED: WHY}).status_code == 303
    assert key not in {office.state(case) for case in cases}
    acted = "Sri Handayani" if username == "kadis" else "Dewi Lestari"
    page = visitor.text(f"/pengaduan/details/?id={cases[0]}")
    post = "Plh. Kepala Dinas" if username == "kadis" else f"Plh. Kepala {Division.get(code='REHSOS')}"
    assert f"sementara {post} {acted} bertugas (alasan: {decree.REASONS_DESPITE_DEPUTY[WHY].lower()})" in page


@pytest.mark.only("sqlite")
def test_the_desk_asks_once_for_the_whole_sheet_and_keeps_what_was_picked(at: At, office: Office) -> None:
    first, second, third = on_desk(office, "approve")
    away(office)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    answer = send(kadis, "approve", page, first, second)
    assert (answer.status_code, words(answer.text).count(UNASKED)) == (409, 1)  # and both stay ticked
    assert {office.state(case) for case in (first, second, third)} == {"approve"}
    one = f"decide:approve:{third}:{Complaint.get_by_id(third).version}"
    kadis.get(f"/meja/approve/{third}/")  # what is decided on alone has been opened
    assert UNASKED in words(send(kadis, "approve", page, do=one).text)
    answer = send(kadis, "approve", page, do=one, **{ASKED: WHY})
    assert f'selected value="{WHY}"' in answer.text
    assert send(kadis, "approve", page, first, second, **{ASKED: WHY}).status_code == 200
    assert {office.state(case) for case in (first, second, third)} == {"deliver"}
    assert ASKED not in at("bidang.ppa").get("/meja/approve/").text, "the acting official decides by right"


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("by", ["kadis", "bidang.ppa"])
def test_addressee_and_signer_are_one_on_every_paper_of_a_decision(office: Office, by: str) -> None:
    office.at = office.at.replace(year=today().year, month=today().month, day=today().day)
    away(office)
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", by=by)
    office.bring([case], "approve")
    office.do([case], "approve", by=by)
    decided = [step.key for step in current_procedure().main_line if step.actor == "kepala_dinas"]
    papers = [
        p for p in Paper.select().where(Paper.complaint == case) if current_procedure().issuers[p.kind].key in decided
    ]
    assert {paper.kind for paper in papers} == {"lembar_disposisi", "nota_dinas"}
    for paper in papers:
        text, why = said(press.pdf_of(paper.id)), r"Diputussendirisementara.*?bertugas\."
        assert bool(re.search(why, text)) is (by == "kadis" and paper.kind == "nota_dinas")
        text = re.sub(why, "", text).replace(squeezed("Plh. KEPALA DINAS"), "<plh>").replace("Plh.", "<plh>")
        assert ("<plh>" in text) is (by != "kadis"), paper.kind
        assert squeezed(office[by].name) in text
        assert (squeezed(office["kadis"].name) in text) is (by == "kadis")
