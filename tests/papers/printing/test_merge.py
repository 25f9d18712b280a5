"""Merged papers: sheets of one size together, each on its own, in its copies; what is lacking is said first."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from models.case.content_parts import copies_of
from models.case.sheets import LeftOut, left_out_sheet
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from papers.printing import press
from papers.printing.bundle import MergedPaper, merge
from papers.printing.failure import PrintError
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.office import COMMON, SECRET, Office
from tests.papers.reading import pages, words

FULL, HALF, LYING = (595, 842), (595, 421), (842, 595)
ABOUT = {"title": "Dokumen", "author": "Dinas Sosial"}


def made(*pages: tuple[int, int], mark: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for wide, high in pages:
        writer.add_blank_page(wide, high)
    if mark:
        writer.add_outline_item(title=mark, page_number=0)
    writer.write(out)
    return out.getvalue()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def sizes(reader: PdfReader) -> list[tuple[int, int]]:
    return [(int(page.mediabox.width), int(page.mediabox.height)) for page in reader.pages]


def test_sheets_of_one_size_come_together_lying_or_not_and_else_in_their_order() -> None:
    papers = [
        MergedPaper("A", made(FULL)),
        MergedPaper("B", made(HALF)),
        MergedPaper("C", made(LYING)),
        MergedPaper("D", made(HALF)),
    ]
    reader = read(merge(papers, **ABOUT))
    assert [mark["/Title"] for mark in reader.outline] == ["A", "C", "B", "D"]
    assert sizes(reader) == [FULL, LYING, HALF, HALF]


def test_for_both_sides_each_paper_but_the_last_has_even_pages_of_its_own_size() -> None:
    papers = [MergedPaper("A", made(FULL, FULL)), MergedPaper("B", made(FULL)), MergedPaper("C", made(HALF))]
    assert sizes(read(merge(papers, duplex=True, **ABOUT))) == [FULL] * 4 + [HALF]
    assert sizes(read(merge(papers, **ABOUT))) == [FULL] * 3 + [HALF]


def test_a_paper_of_two_copies_stands_twice_each_on_a_sheet_of_its_own() -> None:
    reader = read(merge([MergedPaper("BA", made(FULL), 2), MergedPaper("B", made(FULL))], duplex=True, **ABOUT))
    assert [mark["/Title"] for mark in reader.outline] == ["BA", "BA (rangkap ke-2)", "B"]
    assert len(reader.pages) == 5


def test_the_merged_file_has_title_office_language_and_a_bookmark_for_each_paper() -> None:
    reader = read(merge([MergedPaper("A", made(FULL, mark="Bab 1")), MergedPaper("B", made(FULL))], **ABOUT))
    assert (reader.metadata.title, reader.metadata.author) == ("Dokumen", "Dinas Sosial")
    assert reader.metadata.creator == "Panel Pengaduan"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.trailer["/Root"]["/Lang"] == "id"
    [first, [inside], second] = reader.outline
    assert [mark["/Title"] for mark in (first, inside, second)] == ["A", "Bab 1", "B"]


@pytest.mark.only("sqlite")
def test_a_berita_acara_of_a_rahasia_case_stands_once_also_where_it_became_rahasia_later(office, monkeypatch) -> None:
    monkeypatch.setattr(press, "pdf_of", lambda number: made(FULL))
    plain, secret, later = (office.receive(category=one)[0] for one in (COMMON, SECRET, COMMON))
    for case in (plain, secret, later):
        office.bring([case], "closed")
    Complaint.update(secrecy="rahasia").where(Complaint.id == later).execute()
    copies = {}
    for paper in Paper.select().where(Paper.kind == "berita_acara"):
        copies[paper.complaint_id] = len(read(press.merged_pdf([paper], by=office["petugas"], demo=False)).pages)
    assert copies == {plain: 2, secret: 1, later: 1}


@pytest.fixture
def without_assessment(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """The papers of a case that went all the way, one of which cannot be printed."""
    office.bring(office.receive(), "closed")
    printed = press.pdf_of

    def failing(number: int) -> bytes:
        if Paper.get_by_id(number).kind == "berkas_asesmen":
            raise PrintError("Pencetakan melewati batas waktu.")
        return printed(number)

    monkeypatch.setattr(press, "pdf_of", failing)
    return list(Paper.select().order_by(Paper.id))


def test_what_is_left_out_stands_on_a_sheet_before_the_others(office: Office, without_assessment: list[Paper]) -> None:
    left_out = [LeftOut.of(without_assessment[0], "Batal: salah ketik")]
    chosen = len(without_assessment) + len(left_out)
    reader = read(press.merged_pdf(without_assessment, left_out, by=office["petugas"], demo=False))
    text = words(reader.pages[0].extract_text())
    assert words(f"2 dari {chosen} dokumen yang dipilih") in text
    assert words("Batal: salah ketik") in text
    assert words("Gagal dicetak: melewati batas waktu.") in text
    assert words("Kumpulan ini memuat") in text
    assert words(f"disusun oleh {office['petugas'].name} pada") in text
    titles = [mark["/Title"] for mark in reader.outline]
    assert titles[0] == "Dokumen yang Tidak Disertakan"
    assert not [title for title in titles if "Asesmen" in title]
    assert reader.metadata.title == f"{chosen - 2} dokumen pengaduan"
    assert reader.metadata.author == read(press.pdf_of(without_assessment[0].id)).metadata.author


def test_what_is_left_out_stands_by_register_number_and_papers_are_counted_without_cases(office: Office) -> None:
    office.bring(office.receive(2), "closed")
    [bare] = office.receive()
    first, second = (list(Paper.select().where(Paper.complaint == case).order_by(Paper.id)) for case in (1, 2))
    left_out = [LeftOut.of(second[0], "Batal"), LeftOut.case(Complaint.get_by_id(bare), "Belum ada dokumen.")]
    left_out += [LeftOut.of(paper, "Gagal dicetak.") for paper in reversed(first)]
    sheet = left_out_sheet(left_out, 4, by=office["petugas"], at=office.at, demo=False)
    numbers = {one.id: one.number for one in Complaint.select()}
    cases = [row["register"] for row in sheet["rows"]]
    assert cases == [numbers[1]] * len(first) + [numbers[2], numbers[bare]]
    titles = [vocabulary().papers[paper.kind].title for paper in first]
    assert [row["title"] for row in sheet["rows"][:-2]] == titles
    said = f"{len(first) + 1} dari {len(first) + 5} dokumen yang dipilih; 1 pengaduan yang dipilih belum"
    assert sheet["counted"].startswith(said)
    assert sheet["rows"][-1]["title"] == "(belum ada)"
    text = words(pages(pdf(sheet))[0])
    [own] = {paper.number for paper in first if paper.kind == "berita_acara"}
    assert words(f"Penanganan Pengaduan {own}") in text


def test_a_berita_acara_comes_as_often_as_it_says(office: Office, without_assessment: list[Paper]) -> None:
    [paper] = [one for one in without_assessment if one.kind == "berita_acara"]
    says = copies_of(content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id]))
    reader = read(press.merged_pdf([paper], by=office["petugas"], demo=False))
    assert len(reader.outline) == says == 2


def test_if_no_paper_can_be_printed_the_reason_replaces_an_empty_file(
    office: Office,
    without_assessment: list[Paper],
) -> None:
    [paper] = [one for one in without_assessment if one.kind == "berkas_asesmen"]
    with pytest.raises(PrintError, match="melewati batas waktu"):
        press.merged_pdf([paper], by=office["petugas"], demo=False)
