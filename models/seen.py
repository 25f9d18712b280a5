"""Noting who opened a complaint: the access log, and what ends the right to recall."""

from collections.abc import Iterable

from models.base import insert_rows, now
from models.case import Case
from models.complaint import Complaint, Seen
from models.paper import Paper
from models.people import User


def note(case: Case, what: str = "rincian") -> None:
    """Note that the person opened this version of the complaint, once each for what was shown."""
    c = case.complaint
    same = (Seen.complaint == c.id) & (Seen.user == case.user) & (Seen.version == c.version) & (Seen.what == what)
    if not Seen.select(Seen.id).where(same).exists():
        Seen.create(complaint=c.id, user=case.user, version=c.version, at=now(), what=what)


def note_papers(papers: Iterable[Paper], user: User) -> None:
    """Note that the person took the prints of these papers, one entry a case and kind of paper."""
    kinds = dict.fromkeys((p.complaint_id, p.kind) for p in papers)
    versions = dict(Complaint.select(Complaint.id, Complaint.version).where(
        Complaint.id.in_([case for case, _ in kinds])).tuples())  # fmt: skip
    insert_rows(Seen, [{"complaint": case, "user": user.id, "version": versions[case], "at": now(),
                        "what": f"dokumen {kind}"[:60]} for case, kind in kinds])  # fmt: skip
