"""Runs in the tree whose sixth row is gone, on a database that has worked with it: the history is unchanged."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from tests.admin.doors import Visitor, panel_on, signed_in
from tests.former import WHERE
from tests.office import Office, opened

PATH = Path(os.environ[WHERE])


@pytest.fixture
def kadis() -> Iterator[Visitor]:
    visitor = signed_in(panel_on(PATH), "kadis")
    with opened(PATH):
        yield visitor


@pytest.mark.parametrize("title", ["waiting", "over"])
def test_the_pages_of_its_cases_open(kadis: Visitor, title: str) -> None:
    case = Complaint.get(Complaint.title == title)
    assert kadis.get(f"/pengaduan/details/?id={case.id}").status_code == 200
    assert "Lembar Pemantauan" in kadis.text("/dokumen/")


def test_the_history_keeps_its_words(kadis: Visitor) -> None:
    text = kadis.text("/riwayat/")
    assert "memantau hasil penanganan" in text
    assert "langkah “Pantau hasil” tidak ada lagi dalam SOP" in text


def test_its_paper_still_prints(kadis: Visitor) -> None:
    paper = Paper.get(Paper.kind == "lembar_pemantauan")
    answer = kadis.get(f"/dokumen/{paper.public_id}.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_reopening_and_the_line_work_as_before(kadis: Visitor) -> None:
    office = Office.at_work(PATH)
    case = Complaint.get(Complaint.title == "waiting").id
    office.at = max(row.at for row in event.Event.select())
    office.do([case], "reopen")
    office.bring([case], "closed")
    assert event.verify()[1] == ""
