"""Each transition exactly once: a hundred Nota Dinas and eight approvers who are let loose on them together."""

from models import event
from models.complaint import Complaint
from models.paper import Paper
from models.people import User
from models.records import RECORDS
from tests.models.race import approve_one_by_one, released_together
from tests.office import opened

PAPERS, APPROVERS = 100, 8


def test_of_eight_approvers_one_wins_each_of_a_hundred_and_seven_are_refused_cleanly(office):
    ids = office.receive(PAPERS)
    office.bring(ids, "approve")
    for place in range(APPROVERS):
        User.create(username=f"kadis{place}", name=f"Kepala {place}", role="kepala_dinas")
    versions = {i: Complaint.get_by_id(i).version for i in ids}
    events = event.Event.select().count()
    office_database = event.Event._meta.database
    office_database.close()
    with released_together(approve_one_by_one, office.path, ids, versions, count=APPROVERS) as answers:
        assert [a for a in answers if isinstance(a, Exception)] == []
    with opened(office.path):
        done = [case for cases, _ in answers for case in cases]
        sentences = [sentence for _, refused in answers for sentence in refused.values()]
        assert sorted(done) == ids
        assert len(sentences) == PAPERS * (APPROVERS - 1)
        assert all("telah diubah oleh Kepala" in sentence for sentence in sentences)
        assert event.verify() == (events + PAPERS, "")
        assert event.Event.select().where(event.Event.act == "approve").count() == PAPERS
        assert Paper.select().where(Paper.kind == "nota_dinas").count() == PAPERS
        assert RECORDS["approval"].select().count() == PAPERS
        assert {row.state for row in Complaint.select()} == {"deliver"}
