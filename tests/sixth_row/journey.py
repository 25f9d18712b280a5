"""Runs in the copy with the sixth row: from click to PDF, nothing said here about it but its own words."""

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from admin.door.flaskadmin import views_of
from app import create_app
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office.lists import Category, Medium
from models.records.registry import RECORDS
from models.store.base import database
from sop.chart import chart
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, PETUGAS, ROWS
from sop.vocabulary import CLOSED
from tests.office import COMMON, PASSWORD, build

WHO = {PETUGAS: "petugas", KEPALA_DINAS: "kadis", BIDANG: "bidang.rehsos"}
FOUND = "Keluarga sudah menerima bantuan tiga bulan berturut-turut."
SIXTH = ROWS[-1].transitions[-1]


class Hands:
    """A person at the panel: opens pages, fills in what they ask for, sends them."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client = client
        self.send("/masuk", having="username", username=name, password=PASSWORD)

    def page(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code, answer.text[:2000])
        return answer.text

    def send(self, url: str, *, having: str, **blanks: str) -> str:
        """Send the form that has a field, as it came, with these blanks and samples for what else is required."""
        form = next(f for f in lxml.html.fromstring(self.page(url)).forms if having in f.fields)
        for name, value in {**_samples(form), **blanks}.items():
            form.fields[name] = value
        answer = self.client.post(form.action or url, data=dict(form.form_values()))
        assert answer.status_code == 303, (url, answer.status_code, answer.text[:4000])
        return answer.location


def _samples(form: lxml.html.FormElement) -> dict[str, str]:
    asked = [i for i in form.inputs if i.name and "required" in i.attrib and not (i.value or "").strip()]
    return {i.name: next(filter(None, i.value_options)) if i.tag == "select" else f"Contoh {i.name}" for i in asked}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    var = tmp_path_factory.mktemp("var")
    path = build(var)
    yield create_app({"VAR_DIR": var, "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "x" * 32, "TESTING": True})
    database.close()


@pytest.fixture(scope="module")
def people(app: Flask) -> dict[str, Hands]:
    return {lane: Hands(app.test_client(), name) for lane, name in WHO.items()}


@pytest.fixture(scope="module")
def settled(app: Flask, people: dict[str, Hands]) -> int:
    """A complaint that went by the pages of the panel through every row of the table."""
    with database.connection_context():
        medium, category = Medium.get(code="loket").id, Category.get(code=COMMON).id
    people[PETUGAS].send(
        "/pengaduan/new/",
        having="story",
        medium=str(medium),
        category=str(category),
        **{"story": "Bantuan tidak diterima.", "pengadu-name": "Siti Maslikah"},
    )
    [complaint] = _column(Complaint.id)
    for step in current_procedure().main_line[1:]:
        blanks = {"found": FOUND, "lasting": "ya"} if step is SIXTH else {}
        people[step.actor].send(f"/pengaduan/langkah/{step.key}/?id={complaint}", having="cases", **blanks)
    return complaint


def _column(column: object) -> list[object]:
    with database.connection_context():
        return [value for (value,) in column.model.select(column).tuples()]


def test_the_complaint_is_closed_after_the_sixth_row(settled: int) -> None:
    assert len(ROWS) == 6
    assert _column(Complaint.state) == [CLOSED]


def test_the_pdf_says_the_two_blanks_and_bears_a_number_of_its_own_series(
    settled: int, people: dict[str, Hands]
) -> None:
    with database.connection_context():
        paper = Paper.get(Paper.kind == SIXTH.papers[0].key)
    answer = people[BIDANG].client.get(f"/dokumen/{paper.public_id}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.data)).pages).split())
    assert "LEMBAR PEMANTAUAN" in text
    assert f"Keadaan yang ditemui : {FOUND}" in text
    assert "Hasil bertahan : Ya" in text
    assert f"Nomor: {paper.number}" in text
    assert "/1/LP/" in paper.number


def test_the_sop_screen_shows_the_row_and_says_that_the_sheet_is_a_draft(app: Flask, people: dict[str, Hands]) -> None:
    page = people[KEPALA_DINAS].page("/sop/")
    assert ROWS[-1].kegiatan in page
    assert "KONSEP REVISI" in page


def test_the_sheet_on_paper_holds_the_row_in_its_lane_and_is_a_draft(app: Flask, people: dict[str, Hands]) -> None:
    answer = people[KEPALA_DINAS].client.get("/sop/lembar.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) == 4
    assert all("KONSEPREVISI–belumdisahkan" in page for page in pages)
    sixth = ("6.", ROWS[-1].kegiatan, *ROWS[-1].kelengkapan, *ROWS[-1].output)
    assert all("".join(words.split()) in pages[1] for words in sixth)
    *_, before, last = chart()[0]
    assert (last.row, list(LANES)[last.lane], last.word) == (5, SIXTH.actor, "Selesai")
    assert not before.word


def test_the_complaint_s_page_shows_the_step_and_lists_its_paper(settled: int, people: dict[str, Hands]) -> None:
    page = people[PETUGAS].page(f"/pengaduan/details/?id={settled}")
    assert SIXTH.did in page
    assert SIXTH.papers[0].title in page


def test_the_new_record_has_a_list_and_a_page(settled: int, app: Flask, people: dict[str, Hands]) -> None:
    model = RECORDS[SIXTH.record]
    [view] = [v for v in views_of(app) if getattr(v, "model", None) is model]
    listed = people[BIDANG].page(f"{view.url}/")
    assert _column(Complaint.number)[0] in listed
    assert str(model.lasting.verbose_name) in listed
    assert FOUND in people[BIDANG].page(f"{view.url}/details/?id={_column(model.id)[0]}")


def test_triggers_protect_the_new_record(settled: int, app: Flask) -> None:
    path = Path(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
    table = RECORDS[SIXTH.record]._meta.table_name
    for statement in (f"UPDATE {table} SET found = 'lain'", f"DELETE FROM {table}"):
        with sqlite3.connect(path) as other, pytest.raises(sqlite3.IntegrityError, match="Catatan ini sudah final"):
            other.execute(statement)
        other.close()
