"""What the pages of one case ask of the database: few statements, whatever the case has and whoever has seen it."""

from datetime import timedelta

import pytest
from flask import Flask

from bench.pages import MOST_OF_ONE, UNCOUNTED, counted
from models.complaint.complaint import Complaint
from models.office.people import today
from models.records.detours import APART
from sop.flow import current_procedure
from tests.admin.doors import Visitor, signed_in
from tests.models.case.evidence import ELSEWHERE
from tests.models.complaint.test_blind import NIK
from tests.office import EMERGENCY, Office

PAGES = ("/pengaduan/details/?id={}", "/akses/pengaduan/{}/", "/pengaduan/tercatat/{}/")
PERSON = {"name": "Siti Maslikah", "birth": "Malang, 1 Mei 1985", "phone": "081234567890", "nik": NIK}
STATES = ("raise", "dispose", "handle", "submit", "approve", "deliver", "closed")


def sent_for(visitor: Visitor, path: str) -> list[str]:
    """The statements of a page that was opened before; none where it is not shown to the user."""
    if visitor.get(path).status_code != 200:
        return []
    with counted() as sent:
        visitor.get(path)
    return [statement for statement in sent if not statement.startswith(UNCOUNTED)]


def full_case(office: Office, state: str) -> int:
    """An emergency with everything that adds to its pages: alike ones by text and persons, ties, a promise, evidence, a
    pause, a correction."""
    *others, case = office.receive(
        4, category=EMERGENCY, emergency=True, persons={"pengadu": {**PERSON, "address": "Jalan Melati No. 7"}}
    )
    for other in others[:2]:
        office.do([case], "tie", number=Complaint.get_by_id(other).number)
    office.do([case], "tie", number=Complaint.get_by_id(others[0]).number, word=APART)
    office.do([case], "promise", what="Bantuan cair", day=today() + timedelta(days=3))
    office.do([case], "supplement", pieces=[ELSEWHERE])
    office.do([case], "hold")
    office.do([case], "resume")
    office.bring([case], state)
    return case


@pytest.mark.slow("opens the pages of a case in each state as everyone")
@pytest.mark.parametrize("state", STATES)
def test_no_page_of_a_case_sends_more_than_twenty_statements_whatever_it_has(
    panel: Flask, office: Office, state: str
) -> None:
    case = full_case(office, state)
    acts = [f"/pengaduan/langkah/{key}/?id={case}" for key in current_procedure().transitions]
    paths = [*(page.format(case) for page in PAGES), *acts]
    visitors = {username: signed_in(panel, username) for username in office.people}
    for visitor in visitors.values():
        visitor.get(paths[0])
    sent = {(user, path): len(sent_for(visitor, path)) for user, visitor in visitors.items() for path in paths}
    assert {user for (user, path), count in sent.items() if count} == set(office.people) - {"admin", "bidang.ppa"}
    assert not {page: count for page, count in sent.items() if count > MOST_OF_ONE}


def test_the_page_of_a_case_sends_the_same_however_many_have_seen_it(panel: Flask, office: Office) -> None:
    [case] = office.receive(category=EMERGENCY, emergency=True)
    office.bring([case], "handle")
    page, kadis = PAGES[0].format(case), signed_in(panel, "kadis")
    alone = sent_for(kadis, page)
    for username in office.people:
        signed_in(panel, username).get(page)
    assert len(sent_for(kadis, page)) == len(alone)
