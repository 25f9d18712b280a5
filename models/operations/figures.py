"""Metrics of the panel, from the database: queue lengths, late cases, age of the last backup; no data of any case."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.complaint.complaint import RUNNING, Complaint
from models.complaint.event import last_verified
from models.complaint.paper import Paper, PaperToPrint, PaperToReprint
from models.store.backups import last_good
from models.store.base import database, engine
from models.store.outage import DATABASE_ERRORS
from sop.vocabulary import vocabulary

MOST = 10_000  # counts are capped, so that their cost stays bounded


@dataclass(frozen=True)
class Figure:
    """One metric: its name, description, value, and labels."""

    name: str
    says: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def figures_of(url: str, at: datetime) -> list[Figure]:
    """All metrics of the database; only `database_up 0` if it does not answer."""
    reached = {"kind": engine(url).NAME}
    says = "Apakah basis data menjawab."
    try:
        with database.connection_context():
            return [Figure("database_up", says, 1, reached), *_of_press(at), *_of_proofs(at), *_of_cases(at)]
    except DATABASE_ERRORS:
        return [Figure("database_up", says, 0, reached)]


def _of_press(at: datetime) -> Iterator[Figure]:
    yield Figure("papers_waiting", "Dokumen yang menunggu dicetak.", _count(PaperToPrint.select()))
    oldest = PaperToPrint.select(Paper.issued_at).join(Paper).order_by(PaperToPrint.paper).limit(1).scalar()
    yield Figure("papers_failed", "Dokumen yang gagal dicetak dan dicoba lagi.", _count(PaperToReprint.select()))
    if oldest:
        yield Figure("papers_oldest_seconds", "Umur dokumen yang paling lama menunggu.", _age(oldest, at))


def _of_proofs(at: datetime) -> Iterator[Figure]:
    """Ages of the last good backup and of the last history verification; absent before the first."""
    if good := last_good():
        yield Figure("backup_age_seconds", "Umur cadangan terakhir yang teruji.", _age(good.at, at))
    if walk := last_verified():
        yield Figure("chain_checked_age_seconds", "Umur pemeriksaan riwayat yang terakhir.", _age(walk.at, at))
        yield Figure("chain_whole", "Apakah riwayat utuh pada pemeriksaan itu.", int(not walk.broken))


def _of_cases(at: datetime) -> Iterator[Figure]:
    """Open cases by state, and those past the SOP's time; each count uses an index of open cases only."""
    for state in sorted(vocabulary().open_states):
        count = _count(Complaint.select().where(Complaint.state == state))
        yield Figure("cases_open", "Pengaduan terbuka menurut langkah yang ditunggu.", count, {"state": state})
    late = RUNNING & Complaint.emergency.in_((False, True)) & (Complaint.row_due_at < at)
    yield Figure("cases_late", "Pengaduan terbuka yang lewat batas waktu SOP.", _count(Complaint.select().where(late)))


def _count(query: Any) -> int:
    return int(query.limit(MOST).count())


def _age(since: datetime, at: datetime) -> float:
    return (at - since).total_seconds()
