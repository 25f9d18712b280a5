"""The access log: who opened a complaint, and which lists and files told of many. What cannot be noted is not shown."""

from collections.abc import Iterable

from models.case.case import Case
from models.office.people import User
from models.store.base import among, insert_rows, now
from models.tables.accesslog import Seen, note_reading
from models.tables.complaint import Complaint
from models.tables.paper import Paper
from models.tables.scope import viewer
from sop.access import LOGGED


def note(case: Case, what: str = "rincian") -> None:
    """Note that the person opened this version of the complaint, once each for what was shown."""
    c = case.complaint
    same = (Seen.complaint == c.id) & (Seen.user == case.user) & (Seen.version == c.version) & (Seen.what == what)
    if not Seen.select(Seen.id).where(same).exists():
        mandate = viewer(case.user).mandate
        Seen.create(complaint=c.id, user=case.user, version=c.version, at=now(), what=what, mandate=mandate)


def note_cases(cases: Iterable[Case], what: str) -> None:
    """Note of many cases at once what `note` notes of one."""
    opened = {c.complaint.id: c for c in cases}
    if not opened:
        return
    user = next(iter(opened.values())).user
    rows = Seen.select(Seen.complaint, Seen.version).where(
        among(Seen.complaint, opened) & (Seen.user == user) & (Seen.what == what)
    )
    noted, mandate, at = set(rows.tuples()), viewer(user).mandate, now()
    fresh = {"user": user.id, "at": at, "what": what, "mandate": mandate}
    versions = ((number, case.complaint.version) for number, case in opened.items())
    insert_rows(Seen, [{**fresh, "complaint": n, "version": v} for n, v in versions if (n, v) not in noted])


def note_papers(papers: Iterable[Paper], user: User) -> None:
    """Note that the person took the prints of these papers, one entry a case and kind of paper."""
    kinds = dict.fromkeys((p.complaint_id, p.kind) for p in papers)
    versions = dict(
        Complaint.select(Complaint.id, Complaint.version).where(Complaint.id.in_([case for case, _ in kinds])).tuples()
    )
    insert_rows(
        Seen,
        [
            {
                "complaint": case,
                "user": user.id,
                "version": versions[case],
                "at": now(),
                "what": f"dokumen {kind}"[:60],
                "mandate": viewer(user).mandate,
            }
            for case, kind in kinds
        ],
    )


def note_list(user: User, what: str, listed: Iterable[Complaint], *, asked: str = "", every: bool = False) -> None:
    """Note the secret complaints among those that a list shows; all of them for a pengawas, or if it tells a lot.

    A list is no opening: it ends nobody's right to recall.
    """
    complaints = {c.id: c for c in listed}
    every = bool(complaints) and (every or viewer(user).mandated)
    cases = [number for number, c in complaints.items() if every or c.secrecy in LOGGED]
    if cases:
        note_reading(user, what, cases, rows=len(complaints), asked=asked)
