"""The inspector draws a sample, reads it, takes it along; its cases are logged as opened, the file as taken."""

import io

import pytest
from pypdf import PdfReader

from models.complaint.accesslog import Reading, Seen, cases_of
from sop.procedure import ROWS
from sop.vocabulary import CLOSED
from tests.admin.doors import words
from tests.office import MONDAY, Office

DAY = MONDAY.date().isoformat()
ASKED = f"dari={DAY}&sampai={DAY}&n=2&benih=412"


@pytest.fixture
def cases(office: Office) -> list[int]:
    ids = office.receive(4)
    office.bring(ids, CLOSED)
    return ids


def opened(office: Office, who: str) -> set[int]:
    logged = (Seen.user == office[who]) & (Seen.what == "uji kepatuhan")
    return {row.complaint_id for row in Seen.select().where(logged)}


def test_a_sample_is_read_and_each_of_its_cases_logged(at, office: Office, cases: list[int]) -> None:
    visitor = at("pengawas")
    assert "Nomor pengambilan sampel menentukan" in visitor.text("/uji-kepatuhan/")
    assert opened(office, "pengawas") == set()
    text = words(visitor.get(f"/uji-kepatuhan/?{ASKED}").text)
    assert "2 dari 4 pengaduan menurut SOP yang masuk" in text
    assert all(row.title in text for row in ROWS)
    assert len(opened(office, "pengawas")) == 2
    assert visitor.get(f"/uji-kepatuhan/?{ASKED}&n=2").status_code == 200
    assert len(opened(office, "pengawas")) == 2


def test_it_is_taken_as_a_workbook_and_as_a_sheet_with_its_seed(at, office: Office, cases: list[int]) -> None:
    visitor = at("kadis")
    sheet = visitor.get(f"/uji-kepatuhan/lembar.pdf?{ASKED}")
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet.data)).pages).split())
    assert "LEMBAR UJI KEPATUHAN SOP" in text
    assert "Dengan nomor, rentang, dan jumlah yang sama akan terambil pengaduan yang sama" in text
    assert "2 dari 4 pengaduan" in text
    assert "belum ditandatangani" in text
    assert visitor.get(f"/uji-kepatuhan/lembar.xlsx?{ASKED}").data[:2] == b"PK"
    files = list(Reading.select().where(Reading.what == "uji kepatuhan"))
    assert len(files) == 2
    assert cases_of(files[0]) == opened(office, "kadis")


@pytest.mark.parametrize(
    "asked", ["n=0&benih=1", "n=5&benih=%00", "dari=x&benih=1", f"dari={DAY}&sampai=2001-01-01&benih=1"]
)
def test_what_is_no_sample_is_refused_in_a_sentence_and_nothing_read(at, office: Office, asked: str) -> None:
    answer = at("kadis").get(f"/uji-kepatuhan/?{asked}")
    assert answer.status_code == 422
    assert "Belum dapat diambil." in words(answer.text)
    assert at("kadis").get(f"/uji-kepatuhan/lembar.pdf?{asked}").status_code == 422
    assert opened(office, "kadis") == set()
