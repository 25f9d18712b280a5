"""A database with cases of every kind, made by intake and workflow, as patterns for bench/rows.py."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperToPrint, Print
from models.store.base import insert_rows
from models.workflow import marks
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, PAUSED
from tests.office import COMMON, EMERGENCY, SECRET, Office, build, leave_key, opened

CATEGORIES = (COMMON, COMMON, EMERGENCY, SECRET)
STAFF = "staf.rehsos"
LED = ("submit", "approve", "deliver", CLOSED)
ENDS = (CLOSED,) * 4 + ("withdrawn", "forwarded", "voided")


def made_once(place: Path, grow: Callable[[Office], object]) -> Path:
    """The database with the cases of `fill`, extended by `grow`; cached in the folder."""
    path = place / "panel.sqlite"
    if (place / "whole").exists():
        return path
    place.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    build(place)
    leave_key(place)
    with opened(path):
        office = Office.at_work(path)
        fill(office)
        grow(office)
    (place / "whole").touch()
    return path


def fill(office: Office) -> None:
    """Make cases in every state and of several categories, with several lead units; some are assigned to staff."""
    for category, end in product(CATEGORIES, ENDS):
        _one(office, category, end)
    for category, state in product(CATEGORIES, (*current_procedure().awaited, PAUSED)):
        _one(office, category, state)
    sign_closed(office)


def _one(office: Office, category: str, state: str) -> None:
    """Make one case and bring it to its state; if a unit handles it and has staff, its head assigns it."""
    by = ("petugas", "petugas2")[len(state) % 2]
    [case] = office.receive(by=by, category=category, emergency=category == EMERGENCY, persons=PERSONS)
    if state in LED:
        office.bring([case], "handle")
        unit = Complaint.get_by_id(case).unit_id
        if unit == office[STAFF].division_id:
            office.do([case], "assign", staff=[office[STAFF].id])
    office.bring([case], state)


PERSONS = {
    "pengadu": {"name": "Siti Maslikah", "nik": "9973014101700001", "phone": "081234567890", "address": "Jalan Ijen 1"},
    "yang_bersangkutan": {"name": "Slamet", "nik": "9973014101700002"},
}


def sign_closed(office: Office) -> None:
    """Mark all papers as printed, and those of closed cases as signed."""
    papers, printed = list(Paper.select().order_by(Paper.id)), {row.paper_id for row in Print.select(Print.paper)}
    made = {"sha256": "0" * 64, "size": 1, "pages": 1}
    fresh = (paper for paper in papers if paper.id not in printed)
    rows = [{**made, "paper": p.id, "path": f"prints/{p.id}", "printed_at": p.issued_at} for p in fresh]
    insert_rows(Print, rows)
    PaperToPrint.delete().execute()
    done = [paper for paper in papers if paper.complaint.closed_at]
    marks.sign(done, by=office["petugas"], on=(office.at + timedelta(days=1)).date(), at=office.at + timedelta(days=1))
