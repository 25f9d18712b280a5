"""An office with cases of every kind that the writer made, as patterns for many more."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperToPrint, Print
from models.store.base import insert_rows
from models.workflow import marks
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, HELD
from tests.office import COMMON, EMERGENCY, SECRET, Office, build, leave_key, opened

CATEGORIES = (COMMON, COMMON, EMERGENCY, SECRET)
STAFF = "staf.rehsos"
LED = ("submit", "approve", "deliver", CLOSED)
ENDS = (CLOSED,) * 4 + ("withdrawn", "forwarded", "voided")


def made_once(place: Path, grow: Callable[[Office], object]) -> Path:
    """The database of an office with these cases, grown further; made only where none is kept in that folder."""
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
    """Cases in every state of the table, of several categories, led by several units, some given by name."""
    for category, end in product(CATEGORIES, ENDS):
        _one(office, category, end)
    for category, state in product(CATEGORIES, (*current_procedure().awaited, HELD)):
        _one(office, category, state)
    sign_closed(office)


def _one(office: Office, category: str, state: str) -> None:
    """One case, brought to its state; where a unit had it, a head who has staff gave it to one of them."""
    by = ("petugas", "petugas2")[len(state) % 2]
    [case] = office.receive(by=by, category=category, emergency=category == EMERGENCY, persons=PERSONS)
    if state in LED:
        office.bring([case], "handle")
        unit = Complaint.get_by_id(case).unit_id
        if unit == office[STAFF].division_id:
            office.do([case], "assign", staff=[office[STAFF].id])
    office.bring([case], state)


PERSONS = {
    "pengadu": {"name": "Siti Maslikah", "nik": "3573014101700001", "phone": "081234567890", "address": "Jalan Ijen 1"},
    "yang_bersangkutan": {"name": "Slamet", "nik": "3573014101700002"},
}


def sign_closed(office: Office) -> None:
    """All papers are printed, those of closed cases signed by hand."""
    papers, printed = list(Paper.select().order_by(Paper.id)), {one.paper_id for one in Print.select(Print.paper)}
    made = {"sha256": "0" * 64, "size": 1, "pages": 1}
    fresh = (paper for paper in papers if paper.id not in printed)
    rows = [{**made, "paper": one.id, "path": f"prints/{one.id}", "printed_at": one.issued_at} for one in fresh]
    insert_rows(Print, rows)
    PaperToPrint.delete().execute()
    done = [paper for paper in papers if paper.complaint.closed_at]
    marks.sign(done, by=office["petugas"], on=(office.at + timedelta(days=1)).date(), at=office.at + timedelta(days=1))
