"""Runs in the tree where `handle` is `process`, on a database of before that has been started once: work goes on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.case import in_force
from models.complaint import event, scope
from models.complaint.complaint import Complaint, Run
from models.complaint.event import Event
from models.office.lists import Reason
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import CHANGED, PAUSED, vocabulary
from tests.admin.doors import panel_on, signed_in
from tests.former import WHERE
from tests.office import Office, opened

PATH = Path(os.environ[WHERE])
TITLES = {"waiting", "held", "passed", "drafted", "closed", "elsewhere"}


@pytest.fixture
def office() -> Iterator[Office]:
    with opened(PATH):
        office = Office.at_work(PATH)
        yield Office(PATH, office.people, Event.select().order_by(Event.id.desc()).first().at)


@pytest.fixture
def case(office: Office) -> dict[str, Complaint]:
    found = {c.title: c for c in Complaint.select()}
    assert set(found) == TITLES
    return found


def last_event(c: Complaint) -> Event:
    return Event.select().where(Event.complaint == c).order_by(Event.id.desc()).first()


def test_nothing_names_the_old_key_but_what_never_changes(case: dict[str, Complaint]) -> None:
    now = {title: (c.state, c.back, c.last_act) for title, c in case.items()}
    assert now == {
        "waiting": ("process", "dispose", "dispose"),
        "drafted": ("process", "dispose", "dispose"),
        "held": (PAUSED, "process", "hold"),
        "passed": ("submit", "process", "process"),
        "closed": ("closed", "deliver", "deliver"),
        "elsewhere": ("dispose", "raise", "raise"),
    }
    assert {row.act for row in RECORDS["assessment"].select()} == {"handle"}


def test_each_case_that_followed_has_one_event_that_says_so(case: dict[str, Complaint]) -> None:
    followed = {title: last_event(c) for title, c in case.items() if last_event(c).act == CHANGED}
    assert set(followed) == {"waiting", "drafted", "held", "passed"}
    for title, entry in followed.items():
        assert (entry.who, entry.user_id, entry.version) == ("Panel Pengaduan", None, case[title].version)
        assert Event.select().where((Event.complaint == case[title]) & (Event.act == CHANGED)).count() == 1
    body = event.bodies([followed["waiting"]], event.open_seals([case["waiting"].id]))[followed["waiting"].id]
    assert body == {"what": "melanjutkan pengaduan pada status “Menunggu tindak lanjut” sesuai perubahan tabel SOP"}
    assert event.verify()[1] == ""


def test_the_clock_goes_on_as_it_ran(case: dict[str, Complaint]) -> None:
    [run] = Run.select().where((Run.complaint == case["waiting"]) & Run.ended_at.is_null())
    assert (current_procedure().row_number(run.row_key), run.due_at) == (3, case["waiting"].row_due_at)
    assert case["held"].row_due_at is None


def test_the_author_of_a_draft_of_it_is_still_known(office: Office, case: dict[str, Complaint]) -> None:
    c = case["drafted"]
    Complaint.update(state="approve").where(Complaint.id == c.id).execute()
    authored = Complaint.select().where(
        (Complaint.id == c.id) & in_force.authored_by(scope.viewer(office["bidang.rehsos"]))
    )
    assert authored.exists()
    Complaint.update(state="process").where(Complaint.id == c.id).execute()


def test_every_page_opens_and_shows_the_old_entries_in_their_words(case: dict[str, Complaint]) -> None:
    kadis = signed_in(panel_on(PATH), "kadis")
    for c in case.values():
        assert kadis.get(f"/pengaduan/details/?id={c.id}").status_code == 200, c.title
    for page in ("/", "/pengaduan/", "/asesmen/", "/nota-dinas/", "/meja/", "/riwayat/", "/dokumen/"):
        assert kadis.get(page, follow_redirects=True).status_code == 200, page
    text = kadis.text("/riwayat/")
    assert "menindaklanjuti disposisi" in text
    assert "melanjutkan pengaduan pada status “Menunggu tindak lanjut” sesuai perubahan tabel SOP" in text


def test_the_work_goes_on(office: Office, case: dict[str, Complaint]) -> None:
    office.do([case["waiting"].id], "process")
    office.do([case["held"].id], "resume")
    assert office.state(case["held"].id) == "process"
    office.do([case["passed"].id], "recall")
    assert office.state(case["passed"].id) == "process"
    office.do([case["passed"].id], "process")
    for title in ("waiting", "held", "drafted", "passed"):
        office.bring([case[title].id], "closed")
    done, why = workflow.check_cases([case["closed"].id], "reopen", by=office["petugas"])
    assert (len(done), why) == (1, {})
    assert event.verify()[1] == ""


def test_reasons_are_those_of_acts_that_there_are(office: Office) -> None:
    assert {row.transition for row in Reason.select()} <= set(vocabulary().transitions)
