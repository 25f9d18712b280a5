"""The access log: who opened a complaint, and which lists and files told of many. What cannot be noted is not shown.

On a full disk what is not secret is shown all the same, its note kept in the reserve (models/reserve/notes.py).
"""

from collections.abc import Iterable

from models.case.case import Case
from models.office.people import User
from models.reserve.notes import Note, enter
from models.store.base import Columns, among, now
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from models.tables.accesslog import Seen, row_of_reading
from models.tables.complaint import Complaint
from models.tables.paper import Paper
from models.tables.scope import viewer
from sop.access import LOGGED


class SecretUnnoted(Exception):
    """A list tells of a secret case, and on a full disk that cannot be noted: the list is to be made without it."""


def note(case: Case, what: str = "rincian") -> None:
    """Note that the person opened this version of the complaint, once each for what was shown."""
    c = case.complaint
    if not was_shown(case.user, c.id, c.version, what):
        _enter([_opening(c.id, c.version, case.user, what)], [c.secrecy])


def was_shown(user: User, complaint: int, version: int, what: str) -> bool:
    """Whether the person was shown so, at this very version."""
    same = (Seen.complaint == complaint) & (Seen.user == user) & (Seen.version == version) & (Seen.what == what)
    return bool(Seen.select(Seen.id).where(same).exists())


def note_cases(cases: Iterable[Case], what: str) -> None:
    """Note of many cases at once what `note` notes of one."""
    opened = {case.complaint.id: case for case in cases}
    if not opened:
        return
    user = next(iter(opened.values())).user
    rows = Seen.select(Seen.complaint, Seen.version).where(
        among(Seen.complaint, opened) & (Seen.user == user) & (Seen.what == what)
    )
    noted = set(rows.tuples())
    complaints = [case.complaint for case in opened.values()]
    fresh = [c for c in complaints if (c.id, c.version) not in noted]
    _enter([_opening(c.id, c.version, user, what) for c in fresh], [c.secrecy for c in fresh])


def note_papers(papers: Iterable[Paper], user: User) -> None:
    """Note that the person took the prints of these papers, one entry a case and kind of paper."""
    kinds = dict.fromkeys((p.complaint_id, p.kind) for p in papers)
    asked = Complaint.select(Complaint.id, Complaint.version, Complaint.secrecy)
    cases = {c.id: c for c in asked.where(Complaint.id.in_([case for case, _ in kinds]))}
    rows = [_opening(case, cases[case].version, user, f"dokumen {kind}"[:60]) for case, kind in kinds]
    _enter(rows, [c.secrecy for c in cases.values()])


def note_list(user: User, what: str, listed: Iterable[Complaint], *, asked: str = "", every: bool = False) -> None:
    """Note the secret complaints among those that a list shows; all of them for a pengawas, or if it tells a lot.

    A list is no opening: it ends nobody's right to recall.
    """
    complaints = {c.id: c for c in listed}
    every = bool(complaints) and (every or viewer(user).mandated)
    cases = [number for number, c in complaints.items() if every or c.secrecy in LOGGED]
    if cases:
        row = row_of_reading(user, what, rows=len(complaints), asked=asked)
        secret = _is_secret(c.secrecy for c in complaints.values())
        try:
            enter(Note(listed=row, cases=cases), secret=secret)
        except DATABASE_ERRORS as fault:
            if not secret or outage_of(fault) is not Outage.FULL:
                raise
            raise SecretUnnoted from fault


def _opening(complaint: int, version: int, user: User, what: str) -> Columns:
    mandate = viewer(user).mandate
    return {"complaint": complaint, "user": user.id, "version": version, "at": now(), "what": what, "mandate": mandate}


def _enter(rows: list[Columns], secrecy: Iterable[str]) -> None:
    if rows:
        enter(Note(opened=rows), secret=_is_secret(secrecy))


def _is_secret(secrecy: Iterable[str]) -> bool:
    """Whether the table of access has one of these noted wherever it is told of: noted first, or not shown."""
    return not LOGGED.isdisjoint(secrecy)
