"""An office in WITA: its numbers, due times, days and papers are by its own clock, and what was issued stays so."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models.case.case import load
from models.complaint.complaint import Complaint, Run
from models.complaint.event import open_seals
from models.complaint.number import Number
from models.complaint.paper import Content, Paper, content_of
from models.office.people import today
from models.office.settings import ZONE, follow_zone, store_setting
from models.reading import registerbook
from models.workflow.proof import verified
from papers.layout.page import html
from papers.printing import press
from sop.clock import WIB
from sop.procedure import FINALS
from tests.office import COMMON, EMERGENCY, SECRET, Office, first_norm

NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Makassar


@pytest.fixture(autouse=True)
def _in_makassar(office: Office) -> Iterator[None]:
    store_setting(ZONE, "WITA", today())
    follow_zone()
    yield
    WIB.follow("WIB")


def contents_of(case: int) -> dict[str, Content]:
    seals = open_seals([case])
    return {paper.kind: content_of(paper, seals[case]) for paper in Paper.select().where(Paper.complaint == case)}


def test_a_number_is_of_the_year_that_has_begun_there(office: Office) -> None:
    office.receive(at=NEW_YEAR)
    assert Number.get().year == 2027
    assert "/I/2027" in Complaint.get().number


def test_due_times_are_within_its_hours_and_its_papers_say_so(office: Office) -> None:
    begun, opens = datetime(2026, 10, 5, 7, 30, tzinfo=UTC), datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    [case] = office.receive(at=begun)  # Monday 15.30 there, half an hour before its end
    due, rest = Complaint.get_by_id(case).row_due_at, first_norm() - timedelta(minutes=30)
    assert due == (opens + rest if rest > timedelta() else begun + first_norm())
    assert (due.isoformat()[-6:], due.tzname()) == ("+08:00", "WITA")
    assert load([case], office["petugas"], office.at)[case].run.due_at == due
    form = contents_of(case)["form_pengaduan"]
    assert form["paper"]["issued_at"] == "2026-10-05T15:30:00+08:00"
    WIB.follow("WIB")  # as in another process, or when it is printed in ten years
    assert "15.30 WITA" in " ".join(html(form).split())
    assert "WIB" not in html(form)


@pytest.mark.soak
@pytest.mark.parametrize("category", [COMMON, EMERGENCY, SECRET])
def test_the_whole_sop_runs_by_its_clock(office: Office, category: str) -> None:
    for end in (key for key, final in FINALS.items() if not final.outside):
        office.receive(category=category)  # another one, of which one of them is a duplicate
        office.bring(office.receive(category=category), end)
    for run in Run.select():
        assert run.started_at.utcoffset().total_seconds() == 8 * 3600
        assert run.due_at.astimezone(WIB.zone).hour in range(7, 17)
    for paper in Paper.select():
        content = content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])
        assert content["paper"]["issued_at"].endswith("+08:00")
        assert "WIB" not in html(content)
        assert "+07:00" not in json.dumps(content)
        assert press.pdf_of(paper.id).startswith(b"%PDF")
    assert verified()[1] == []
    assert registerbook.verify() == ""
