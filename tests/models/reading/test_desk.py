"""A decision that comes twice is the same one only if its person took it, at the version that his page showed."""

import pytest

from models.case.case import load
from models.complaint.complaint import Complaint
from models.reading.desk import taken_before
from sop.vocabulary import vocabulary
from tests.models.workflow.acting import at_once
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database

DISPOSE = vocabulary().transitions["dispose"]


def test_a_decision_is_known_again_by_its_person_and_the_version_alone(office: Office) -> None:
    at_once(office, "bidang.ppa")
    [case] = office.receive()
    office.bring([case], "dispose")
    before = Complaint.get_by_id(case).version
    office.do([case], "dispose", by="bidang.ppa")
    known = {
        (who, version)
        for who in ("kadis", "bidang.ppa")
        for version in (before - 1, before, before + 1)
        if taken_before(load([case], office[who], office.at)[case], DISPOSE, version, None)
    }
    assert known == {("bidang.ppa", before)}
