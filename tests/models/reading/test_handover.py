"""What stands with a person is what he has under the disposition in force, up to the last day that it holds."""

from datetime import timedelta

import pytest

from models.complaint.scope import viewer
from models.office.people import Division, Post, today
from models.reading import handover
from models.workflow import workflow
from sop.vocabulary import vocabulary
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database

ASSIGN = vocabulary().transitions["assign"]


def holdings_of(office: Office, username: str) -> set[str]:
    return {str(one) for one in handover.holdings([office[username].id]).get(office[username].id, ())}


def test_what_somebody_had_under_a_disposition_that_was_given_back_stands_with_him_no_more(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "assign", staff=[office["staf.rehsos"].id])
    workflow.save_draft(case, "handle", by=office["staf.rehsos"], at=office.tick(), blanks={"facts": "Dikunjungi."})
    assert len(holdings_of(office, "staf.rehsos")) == 2
    assert [one.count for one in handover.shares(viewer(office["bidang.rehsos"]), ASSIGN)] == [1]
    office.do([case], "refuse")
    office.do([case], "dispose")
    assert holdings_of(office, "staf.rehsos") == set()
    assert handover.shares(viewer(office["bidang.rehsos"]), ASSIGN) == []


def test_a_post_stands_with_its_holder_to_the_end_of_its_last_day(office: Office) -> None:
    unit = Division.get(code="PPKB")
    for days, expected in ((0, {"1 jabatan"}), (-1, set())):
        Post.delete().where(Post.division == unit).execute()
        Post.create(title="KEPALA", holder=office["petugas2"], division=unit, valid_to=today() + timedelta(days=days))
        assert holdings_of(office, "petugas2") == expected
