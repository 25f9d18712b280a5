"""What came home is in the backup: each copy, place, loan and list is restored as it was. What only waited is not."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from models import digest
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper
from models.complaint.returned import (
    SCANNED,
    SIGNED,
    PaperCopy,
    ReturnedFile,
    ReturnedPage,
    copy_bytes,
    signatures_in,
)
from models.complaint.shelf import CaseFiled, CaseLent, CaseReturned, CaseShelf
from models.complaint.taken import PaperOut, PaperTaken
from models.office.settings import OPTIONS
from models.office.shelves import CLASS, Retention, ShelfPlace
from models.operations import restore
from models.operations.backup_making import Source
from models.operations.stored_files import file_faults
from models.reading.shelf import case_labels, place_labels
from models.store.base import now
from models.workflow import shelf
from models.workflow.proof import verified
from papers.printing import press
from sop.vocabulary import CLOSED
from tests.admin.doors import shared_panel_on, signed_in, words
from tests.models.drills.coming_home import bringing, confirming_scan, keeping_signed, reading_scan, taking_in
from tests.models.drills.stops import lying
from tests.models.operations.conftest import Machine
from tests.models.operations.made import good
from tests.models.operations.test_restoring import sheet
from tests.office import Office, opened

TABLES = (PaperCopy, PaperTaken, PaperOut, CaseFiled, CaseLent, CaseReturned, CaseShelf, ShelfPlace, Retention)
LISTS = (
    "/arsip/belum-kembali/",
    "/arsip/tersimpan/",
    "/arsip/belum-diarsipkan/",
    "/arsip/retensi/",
    "/arsip/?q=M-1",
    "/dokumen/perjalanan/?di-luar=1",
)


def work_with_papers(office: Office) -> None:
    """Signed and scanned papers, papers out for a signature, berkas filed, lent and back, retention that is over; and
    what waits: a file to be judged, pages to be confirmed."""
    for come_home in (keeping_signed, confirming_scan, bringing, reading_scan, taking_in):
        come_home(office)()
    cases, by = office.receive(4), office["petugas"]
    office.bring(cases, CLOSED)
    rack = ShelfPlace.create(code="R-1", kind="rak")
    folder = ShelfPlace.create(code="M-1", kind="map", name="Bansos 2026", parent=rack)
    shelf.file_cases(cases[:3], by=by, place=folder, at=office.tick())
    due = (now() + timedelta(days=7)).date()
    shelf.lend_cases(cases[1:3], by=by, borrower="Bidang Rehsos", due_on=due, at=office.tick())
    shelf.return_cases(cases[2:3], by=by, at=office.tick())
    Retention.create(code=OPTIONS[CLASS].default, active_years=0, inactive_years=2, fate="musnah")


def stored_state(path: Path) -> dict[str, Any]:
    """All that is stored of papers that went out and came home, and what the commands say of it."""
    copies = {copy.id: copy for copy in PaperCopy.select(PaperCopy, Paper).join(Paper)}
    seals = open_seals({copy.paper.complaint_id for copy in copies.values()})
    files = {
        number: (copy_bytes(copy, seal), signatures_in(copy, seal))
        for number, copy in copies.items()
        for seal in (seals[copy.paper.complaint_id],)
    }
    rows = lying()
    numbers = [number for (number,) in Complaint.select(Complaint.number).order_by(Complaint.id).tuples()]
    return {
        "rows": [rows[model._meta.table_name] for model in TABLES],
        "files": files,
        "prints": [press.pdf_of(paper.id) for paper in Paper.select().order_by(Paper.id)],
        "labels": [place_labels(ShelfPlace.select().order_by(ShelfPlace.id)), case_labels(numbers)],
        "verify": verified(),
        "check-files": file_faults(path.parent / "files"),
        "digest": digest.digest(),
    }


def lists_on(path: Path) -> dict[str, str]:
    """The lists as the petugas reads them."""
    visitor = signed_in(shared_panel_on(path), "petugas")
    mains = {address: lxml.html.fromstring(visitor.page(address)).xpath("//main")[0] for address in LISTS}
    return {address: words(lxml.html.tostring(main, encoding="unicode")) for address, main in mains.items()}


@pytest.mark.nightly(engine=["postgresql"])
def test_on_an_empty_machine_what_came_home_is_as_it_was_and_what_waited_is_not_there(
    source: Source, office: Office, elsewhere: Path, machine: Machine
) -> None:
    work_with_papers(office)
    before, pages = stored_state(office.path), lists_on(office.path)
    assert {copy.kind for copy in PaperCopy.select()} == {SIGNED, SCANNED}
    assert all(before["rows"]), "nothing of a kind is there"
    waiting = [row.path for model in (ReturnedFile, ReturnedPage) for row in model.select().where(model.path != "")]
    assert len(waiting) > 2
    archive, key = good(source, elsewhere), sheet(source)
    shutil.rmtree(source.var / "files")
    restore.restore(machine.target, str(archive), key)
    path = machine.office_path()
    with opened(path):
        assert stored_state(path) == before
        assert (ReturnedFile.select().count(), ReturnedPage.select().count()) == (0, 0)
    assert not [name for name in waiting if (path.parent / "files" / name).exists()]
    assert lists_on(path) == pages
