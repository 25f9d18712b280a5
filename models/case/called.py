"""A number that was opened on the page of its case: by whom, whose and why, and for how long it stays open."""

from datetime import datetime, timedelta

from models.case.case import Case
from models.store.base import now
from models.tables.accesslog import Seen
from models.tables.scope import viewer
from sop.access import CALLERS

OPEN_FOR = timedelta(minutes=2)
REASONS = {
    "complete": "Melengkapi pengaduan",
    "progress": "Memberi tahu perkembangan",
    "visit": "Mengatur kunjungan",
    "result": "Menyampaikan hasil",
    "emergency": "Keadaan darurat",
}
_WHAT = "nomor"


def may_call(case: Case) -> bool:
    """Whether the person may open a number of this case outside the steps that call."""
    return bool(case.standings & CALLERS)


def note_opening(case: Case, kind: str, reason: str) -> None:
    """Note that the person opened the number of somebody in the case, and why: every time anew."""
    c, mandate = case.complaint, viewer(case.user).mandate
    what = f"{_WHAT} {kind}: {REASONS[reason]}"
    Seen.create(complaint=c.id, user=case.user, version=c.version, at=now(), what=what, mandate=mandate)


def open_until(case: Case) -> dict[str, datetime]:
    """Whose numbers the person has open, by kind of person, and until when: read from the access log alone."""
    mine = (Seen.complaint == case.complaint.id) & (Seen.user == case.user)
    fresh = Seen.select().where(mine & (Seen.at > now() - OPEN_FOR) & Seen.what.startswith(f"{_WHAT} "))
    opened = fresh.order_by(Seen.id) if may_call(case) else ()
    return {one.what.split()[1].rstrip(":"): one.at + OPEN_FOR for one in opened}
