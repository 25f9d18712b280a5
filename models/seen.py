"""Noting who opened a complaint: the access log, and what ends the right to recall."""

from models.base import now
from models.case import Case
from models.complaint import Seen


def note(case: Case, what: str = "rincian") -> None:
    """Note that the person opened this version of the complaint, once each for what was shown."""
    c = case.complaint
    same = (Seen.complaint == c.id) & (Seen.user == case.user) & (Seen.version == c.version) & (Seen.what == what)
    if not Seen.select(Seen.id).where(same).exists():
        Seen.create(complaint=c.id, user=case.user, version=c.version, at=now(), what=what)
