"""The access log records an opened case once for each user, version and part: later changes were not seen."""

from typing import Any

import pytest

from models.case import access_notes
from models.case.case import load
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from tests.office import Office


def one_by_one(cases: Any, what: str) -> None:
    for case in cases:
        access_notes.note(case, what)


def version(case: int) -> int:
    return int(Complaint.get_by_id(case).version)


@pytest.mark.parametrize("note", [one_by_one, access_notes.log_cases_opened])
def test_opening_a_case_is_logged_once_per_version_alone_and_among_many(office: Office, note: Any) -> None:
    one, other = office.receive(2)
    expected = [(one, version(one)), (other, version(other))]
    for _ in range(2):
        note(load([one, other], office["petugas"], office.at).values(), "langkah")
        assert sorted(Seen.select(Seen.complaint, Seen.version).tuples()) == expected
    office.do([other], "supplement")
    note(load([one, other], office["petugas"], office.at).values(), "langkah")
    assert sorted(Seen.select(Seen.complaint, Seen.version).tuples()) == [*expected, (other, version(other))]


def test_downloading_many_papers_logs_each_kind_of_each_case(office: Office) -> None:
    cases = office.receive(2)
    papers = list(Paper.select().where(Paper.complaint.in_(cases)))
    access_notes.log_papers_opened([*papers, *papers], office["petugas"])
    expected = sorted((paper.complaint_id, f"dokumen {paper.kind}") for paper in papers)
    assert len(set(expected)) > len(cases)
    assert sorted(Seen.select(Seen.complaint, Seen.what).tuples()) == expected
