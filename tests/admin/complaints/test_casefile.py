"""Berkas: a whole case in one PDF, the stored bytes of its papers, its evidence, an index of what is not in it."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from admin.papers import bundles
from models.case.case import load
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment, Paper, PaperVoid
from models.reading import casefile as casefiles
from models.reading.casefile import CaseFile
from models.store.uploads import Piece, outside
from models.workflow import marks
from papers.printing import casefile, press
from sop.vocabulary import CLOSED, vocabulary
from sop.words import day_of, format_date, format_span
from tests.admin.doors import words
from tests.models.case import evidence as evidence_files
from tests.office import COMMON, SECRET
from tests.papers.reading import codes, last_box, pages, said
from tests.papers.reading import words as squeezed


def picture(size=(80, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return out.getvalue()


def scan(pages=2):
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 300)
    writer.write(out)
    return out.getvalue()


PIECES = (
    Piece("foto rumah.jpg", "image/jpeg", picture()),
    Piece("surat.pdf", "application/pdf", scan()),
    Piece("rusak.jpg", "image/jpeg", b"no picture"),
    outside("Rekaman CCTV", "Lemari arsip, rak 2"),
)


@pytest.fixture
def closed(panel, office):
    case = evidence_files.received(office, *PIECES)
    office.bring([case], CLOSED)
    return case


def taken(visitor, case):
    answer = visitor.get(f"/berkas/{case}.pdf")
    assert answer.status_code == 200, words(answer.text)
    number = Complaint.get_by_id(case).number.replace("/", "-")
    assert f'filename="berkas_{number}.pdf"' in answer.headers["Content-Disposition"]
    return answer.data


@pytest.mark.only("sqlite")
def test_the_berkas_holds_every_paper_as_stored_and_all_evidence_with_bookmarks_and_a_folio_on_each_page(
    at, office, closed
):
    nota, form = Paper.get(kind="nota_dinas"), Paper.get(kind="form_pengaduan")
    PaperVoid.create(paper=Paper.get(kind="berkas_asesmen"), reason="Salah ketik", by=office["kadis"], at=office.at)
    marks.sign([nota], by=office["petugas"], on=office.at.date(), signer="Bambang Hartono", at=office.at)
    marks.file([form], by=office["petugas"], place="Map 7", at=office.at)
    berkas = taken(at("petugas"), closed)
    reader = PdfReader(io.BytesIO(berkas))
    papers = list(Paper.select().order_by(Paper.id))
    coded = [read for paper in papers for read in codes(press.pdf_of(paper.id))]
    assert all(map(len, coded))
    assert [read for read in codes(berkas) if read] == coded
    printed_pages = [page for paper in papers for page in PdfReader(io.BytesIO(press.pdf_of(paper.id))).pages]
    index = len(reader.pages) - len(printed_pages) - 3  # a picture, and a scan of two pages
    assert [item.title for item in reader.outline] == [
        "Sampul dan daftar isi",
        *map(str, papers),
        "foto rumah.jpg",
        "surat.pdf",
    ]
    number = Complaint.get_by_id(closed).number
    for count, page in enumerate(reader.pages, 1):
        assert squeezed(f"Berkas {number} – halaman {count} dari {len(reader.pages)}") in squeezed(page.extract_text())
    for page, before in zip(reader.pages[index:], printed_pages, strict=False):
        assert squeezed(page.extract_text()).startswith(squeezed(before.extract_text()))
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == (f"Berkas {number}", "id")
    assert reader.metadata.author == PdfReader(io.BytesIO(press.pdf_of(nota.id))).metadata.author
    index_text = squeezed("".join(page.extract_text() for page in reader.pages[:index]))
    for paper in papers:
        assert squeezed(f"{vocabulary().papers[paper.kind].title}{paper.number}") in index_text
    for sentence in (
        "Batal: Salah ketik.",
        "Ditandatangani Bambang Hartono",
        "Kertasnya di Map 7",
        "SOP Nomor 01/SKT/2023",
        "sama dengan dokumen yang diterbitkan; yang ditambahkan hanya nomor halaman berkas; "
        "pada bukti ditambahkan juga nama dan tanggalnya.",
        "Rekaman CCTV – disimpan di Lemari arsip, rak 2",
        casefile.UNREADABLE,
    ):
        assert squeezed(sentence) in index_text, sentence
    assert squeezed(f"foto rumah.jpg{format_date(office.at)}") in index_text
    assert squeezed(f"{len(papers)} dokumen, 2 bukti, {len(reader.pages)} halaman; 1 bukti tidak") in index_text
    assert squeezed(f"sejak {format_date(office.at)}") not in index_text, "it has ended"
    first = index + 1  # the index counts itself
    pages = len(PdfReader(io.BytesIO(press.pdf_of(papers[0].id))).pages)
    assert squeezed(f"{first}–{first + pages - 1}" if pages > 1 else f"{first}") in index_text
    photo, *scanned = (squeezed(page.extract_text()) for page in reader.pages[-3:])
    day = format_date(office.at)
    assert squeezed(f"Bukti 1: foto rumah.jpg, dilampirkan {day}") in photo
    assert all(squeezed(f"Bukti 2: surat.pdf, dilampirkan {day}") in page for page in scanned)
    sizes = [tuple(round(side / mm) for side in page.mediabox[2:]) for page in reader.pages[-3:]]
    assert sizes == [(330, 215), (215, 330), (215, 330)], "the picture lies, the scans stand"


@pytest.mark.only("sqlite")
def test_the_caption_of_every_piece_of_evidence_stands_in_one_form_at_the_left_of_the_foot_line(at, office, closed):
    day = format_date(office.at)
    reader = PdfReader(io.BytesIO(taken(at("petugas"), closed)))
    for page, name in zip(reader.pages[-3:], ("1: foto rumah.jpg", "2: surat.pdf", "2: surat.pdf"), strict=True):
        places = {}

        def hear(text, transform, matrix, font, size, places=places):
            if text.strip():
                places[text.strip()] = (*matrix[4:], size)

        page.extract_text(visitor_text=hear)
        left, level, size = places.pop(f"Bukti {name}, dilampirkan {day}")
        [(_, beside, as_large)] = places.values()  # of the page number
        side = casefile.BOUND if page.mediabox.height > page.mediabox.width else casefile.SIDE
        assert (round(left), level, size) == (round(side), beside, as_large)


@pytest.mark.only("sqlite")
def test_who_may_not_open_identity_papers_gets_the_rest_and_reads_so(at, office, closed):
    reader = PdfReader(io.BytesIO(taken(at("kadis"), closed)))
    titles = [item.title for item in reader.outline]
    hidden = [str(p) for p in Paper.select() if vocabulary().papers[p.kind].identity]
    assert hidden
    assert not set(hidden) & set(titles)
    assert squeezed(casefiles.CLOSED) in said(taken(at("kadis"), closed))


def test_the_index_knows_whether_its_case_is_rahasia(office):
    for category, secret in ((SECRET, True), (COMMON, False)):
        [case] = office.receive(category=category)
        file = CaseFile.of(load([case], office["kadis"], office.at)[case])
        assert file.index(dict.fromkeys(file.papers, "–"), 12)["secret"] is secret


def test_the_cover_of_a_rahasia_case_names_nothing_of_its_matter(office):
    for category, is_named in ((SECRET, False), (COMMON, True)):
        [case] = office.receive(category=category, title="Anak tetangga dipukul")
        file = CaseFile.of(load([case], office["petugas"], office.at)[case])
        content = file.index(dict.fromkeys(file.papers, "–"), 12)
        first, second, *_ = pages(press.unissued_pdf(content))
        named = ("Anak tetangga dipukul", file.case.category.name)
        assert [squeezed(text) in squeezed(first) for text in named] == [is_named, is_named]
        assert ("Anak tetangga dipukul" in second, "RAHASIA" in first) == (True, not is_named)


@pytest.mark.parametrize("high", [100, 297])
def test_the_folio_of_a_rahasia_berkas_warns_in_bold_letters_at_its_usual_place(high):
    writer = PdfWriter()
    writer.add_blank_page(200 * mm, high * mm)
    casefile.stamp_folios(writer, [""], "Berkas 7", classed=casefile.CLASSED)
    out = io.BytesIO()
    writer.write(out)
    printed, [page], is_bold = out.getvalue(), PdfReader(out).pages, dict[str, bool]()
    page.extract_text(visitor_text=lambda text, _, __, font, *___: is_bold.update({text.strip(): "Bold" in str(font)}))
    assert (is_bold["RAHASIA –"], is_bold["Berkas 7 – halaman 1 dari 1"]) == (True, False)
    _, _, end, _ = last_box(printed, "RAHASIA – Berkas 7 – halaman 1 dari 1")
    assert end == pytest.approx(200 * mm - (casefile.RIGHT * mm if high == 100 else casefile.SIDE), abs=0.5)


@pytest.mark.only("sqlite")
def test_for_both_sides_of_the_paper_each_part_begins_on_a_front(at, office, closed):
    petugas = at("petugas")
    petugas.client.set_cookie(bundles.DUPLEX_COOKIE, "1")
    reader = PdfReader(io.BytesIO(taken(petugas, closed)))
    begins = [reader.get_destination_page_number(item) for item in reader.outline]
    assert begins
    assert not [number for number in begins if number % 2]
    texts = [squeezed(page.extract_text()) for page in reader.pages]
    assert squeezed(casefile.EMPTY) not in texts[-1], "nothing follows it"
    assert sum(squeezed(casefile.EMPTY) in text for text in texts) >= 3
    index = "".join(texts[: begins[1]])
    receipt = Paper.get(kind="tanda_terima")
    place = begins[[item.title for item in reader.outline].index(str(receipt))] + 1
    assert squeezed(f"{receipt.number}{format_date(receipt.issued_at)}{place}–") in index
    blank = sum(squeezed(casefile.EMPTY) in text for text in texts)
    assert squeezed(f"{len(texts) - blank} halaman berisi, {blank} halaman kosong") in index
    assert squeezed("termasuk halaman yang dikosongkan untuk cetak bolak-balik") in index


def test_only_who_reads_the_case_takes_its_berkas_and_it_is_logged(at, office, panel, unprinted):
    [case] = office.receive(category=SECRET)
    for username, code in (("petugas", 200), ("petugas2", 404), ("kadis", 200), ("bidang.rehsos", 404), ("admin", 403)):
        assert at(username).get(f"/berkas/{case}.pdf").status_code == code, username
    entries = Seen.select().where(Seen.what == "berkas lengkap")
    assert {seen.user_id for seen in entries} == {office["petugas"].id, office["kadis"].id}
    forms = Seen.select().where(Seen.what == "dokumen form_pengaduan")
    assert {seen.user_id for seen in forms} == {office["petugas"].id}


def test_the_page_of_the_complaint_leads_to_it_and_taking_it_changes_nothing(at, office, panel, unprinted):
    [case] = office.receive()
    petugas, before = at("petugas"), office.digest()
    assert f'href="/berkas/{case}.pdf"' in petugas.get(f"/pengaduan/details/?id={case}").text
    assert petugas.get(f"/berkas/{case}.pdf").status_code == 200
    assert office.digest() == before


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("name", "most"), [("MOST_BYTES", 100), ("MOST_PAGES", 1)])
def test_what_is_too_much_for_one_pdf_is_refused_in_a_sentence(at, office, closed, monkeypatch, name, most):
    monkeypatch.setattr(casefile, name, most)
    monkeypatch.setattr(press, "pdf_of", lambda number: scan())
    answer = at("petugas").get(f"/berkas/{closed}.pdf")
    assert answer.status_code == 409
    assert "untuk satu PDF" in words(answer.text)


@pytest.mark.only("sqlite")
def test_a_lost_file_or_a_paper_that_cannot_be_printed_is_named_and_the_rest_comes(at, office, closed, monkeypatch):
    (office.path.parent / "files" / Attachment.get(name="surat.pdf").path).unlink()
    nota, printed = Paper.get(kind="nota_dinas"), press.pdf_of

    def failing(number):
        if number == nota.id:
            raise casefile.PrintError("Pencetakan melewati batas waktu.")
        return printed(number)

    monkeypatch.setattr(press, "pdf_of", failing)
    text = said(taken(at("petugas"), closed))
    assert text.count(squeezed(casefile.UNREADABLE)) == 2
    assert squeezed("Tidak disertakan: pencetakan melewati batas waktu.") in text


@pytest.mark.parametrize("size", [(4000, 10), (10, 4000), (1, 1), (640, 480)])
def test_a_picture_of_any_shape_has_a_page_of_its_own(size):
    [page] = PdfReader(io.BytesIO(casefile.picture_page(picture(size)))).pages
    feet = []

    def hear(operator, operands, transform, matrix):
        if operator == b"Do":
            feet.append(transform[5])

    page.extract_text(visitor_operand_before=hear)
    assert (page.mediabox.width > page.mediabox.height) == (size[0] > size[1])
    assert min(feet) >= casefile.STRIP


def test_a_small_picture_is_not_blown_up():
    [page] = PdfReader(io.BytesIO(casefile.picture_page(picture((300, 200))))).pages
    sizes = []

    def hear(operator, operands, transform, matrix):
        if operator == b"Do":
            sizes.append((transform[0], transform[3]))

    page.extract_text(visitor_operand_before=hear)
    assert [(round(wide), round(high)) for wide, high in sizes] == [(216, 144)]


def test_a_picture_stands_on_the_paper_of_the_office():
    [page] = PdfReader(io.BytesIO(casefile.picture_page(picture((10, 40)), "A4"))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(210, 297), (297, 210), (420, 594), (80, 50)])
def test_a_scan_keeps_clear_of_the_strip_for_its_page_number(size, turn):
    out, turned = io.BytesIO(), io.BytesIO()
    canvas = Canvas(out, [side * mm for side in size], initialFontName=casefile.FONT)
    for x, y in ((1, 1), (size[0] - 6, size[1] - 4)):
        canvas.drawString(x * mm, y * mm, "ooo")
    canvas.save()
    writer = PdfWriter(out)
    writer.pages[0].rotate(turn)
    writer.write(turned)
    [page] = PdfReader(io.BytesIO(casefile.scan_pages(turned.getvalue(), "A4"))).pages
    places = []

    def hear(text, transform, matrix, *rest):
        if text.strip():
            x, y = matrix[4:]
            places.append(
                (x * transform[0] + y * transform[2] + transform[4], x * transform[1] + y * transform[3] + transform[5])
            )

    page.extract_text(visitor_text=hear)
    wide, high = map(float, page.mediabox[2:])
    assert sorted((round(wide / mm), round(high / mm))) == [210, 297]
    assert len(places) == 2
    assert all(0 < x < wide and casefile.STRIP < y < high for x, y in places), places


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_folio_is_read_upright_at_the_foot_of_a_page_that_lies_however(turn):
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(300, 500).rotate(turn)
    casefile.stamp_folios(writer, ["Bukti 1: surat.pdf"], "Berkas 7")
    writer.write(out)
    [page] = PdfReader(out).pages
    places = {}

    def hear(text, transform, matrix, *rest):
        if text.strip():
            places[text.strip()] = (matrix[:4], matrix[5], rest[-1])

    page.extract_text(visitor_text=hear)
    assert page.rotation == 0
    assert (int(page.mediabox.width), int(page.mediabox.height)) == ((500, 300) if turn % 180 else (300, 500))
    [(upright, height, size)] = [place for text, place in places.items() if "1 dari 1" in text]
    assert (list(upright), size >= 8) == ([1, 0, 0, 1], True)
    assert 10 * mm <= height < 13 * mm


@pytest.mark.parametrize("caption", ["", "Bukti 1: surat.pdf", casefile.EMPTY], ids=["paper", "evidence", "blank"])
@pytest.mark.parametrize("high", [165 * mm, 330 * mm], ids=["slip", "sheet"])
def test_a_folio_stands_at_the_right_of_each_page_and_covers_nothing_of_it(high, caption):
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(215 * mm, high)
    casefile.stamp_folios(writer, [caption], "Berkas 7")
    writer.write(out)
    [page] = PdfReader(out).pages
    places, filled = [], []

    def hear(text, transform, matrix, *rest):
        if "1 dari 1" in text:
            places.append((transform[0] * matrix[4] + transform[4], matrix[5]))

    page.extract_text(visitor_text=hear, visitor_operand_before=lambda operator, *_: filled.append(operator))
    [(across, up)] = places
    assert across > 215 * mm / 2
    assert 10 * mm <= up < 13 * mm
    assert not {b"f", b"f*"} & set(filled)


def folio_place(canvas: Canvas, out: io.BytesIO) -> tuple[float, float]:
    """Where the folio on the page of this canvas ends, and how high it stands (pt)."""
    canvas.showPage()
    canvas.save()
    writer, stamped, places = PdfWriter(out), io.BytesIO(), []
    casefile.stamp_folios(writer, [""], "Berkas 7")
    writer.write(stamped)

    def hear(text, transform, matrix, *rest):
        if "1 dari 1" in text:
            width = pdfmetrics.stringWidth(text.strip(), casefile.FONT, casefile.SIZE)
            places.append((matrix[4] + width, matrix[5]))

    PdfReader(stamped).pages[0].extract_text(visitor_text=hear)
    [place] = places
    return place


@pytest.mark.parametrize(("foot", "level"), [("SOP – langkah 1", 40), ("SOP Nomor 01 " * 9, 30.6), ("", 32.6)])
def test_a_folio_ends_with_the_text_of_a_slip_in_the_first_line_of_its_foot_with_room(foot, level):
    out = io.BytesIO()
    canvas = Canvas(out, (215 * mm, 165 * mm), initialFontName=casefile.FONT)
    canvas.setFont(casefile.FONT, 8)
    for y, text in ((40, foot), (30.6, "Nomor register" if foot else "")):
        canvas.drawString(20 * mm, y, text)
    end, high = folio_place(canvas, out)
    assert (round(end), round(high, 1)) == (round(200 * mm), level)


def test_a_folio_without_room_in_the_foot_of_a_slip_leaves_out_whose_it_is():
    """The slip names its case in its foot; below the foot is no room."""
    out = io.BytesIO()
    canvas = Canvas(out, (210 * mm, 148 * mm), initialFontName=casefile.FONT)
    canvas.setFont(casefile.FONT, 8)
    for y in (40, 30.6, 21.3):
        canvas.drawString(20 * mm, y, "SOP Nomor 01/SKT/2023 PELAYANAN PENANGANAN PENGADUAN – langkah 2")
    canvas.showPage()
    canvas.save()
    writer, stamped = PdfWriter(out), io.BytesIO()
    casefile.stamp_folios(writer, [""], "Berkas PGD/1234/XII/2026", classed=casefile.CLASSED)
    writer.write(stamped)
    last = last_box(stamped.getvalue(), "RAHASIA – halaman 1 dari 1")
    assert last[0] - last_box(stamped.getvalue(), "langkah 2")[2] > 3 * mm
    assert "Berkas" not in said(stamped.getvalue())


@pytest.mark.parametrize(("lines", "level"), [(3, 11.5), (4, 8.6)])
def test_a_folio_of_a_sheet_stands_under_its_foot_and_ends_left_of_the_qr(lines, level):
    out = io.BytesIO()
    canvas = Canvas(out, (215 * mm, 330 * mm), initialFontName=casefile.FONT)
    canvas.setFont(casefile.FONT, 8)
    canvas.line(30 * mm, 24 * mm, 172 * mm, 24 * mm)
    canvas.line(30 * mm, 40 * mm, 195 * mm, 40 * mm)  # of a table
    for line in range(lines):
        canvas.drawString(30 * mm, (22.2 - 3.24 * line) * mm, "SOP Nomor 01")
    end, high = folio_place(canvas, out)
    assert (round(end / mm), round(high / mm, 1)) == (172, level)


def test_the_time_that_a_berkas_spans_ends_with_its_last_evidence(panel, office, closed):
    file, later = CaseFile.of(load([closed], office["kadis"], office.at)[closed]), office.at + timedelta(days=40)
    file.pieces[-1].added_at = later
    content = file.index(dict.fromkeys((*file.papers, *file.pieces), "–"), 12)
    assert content["period"] == format_span(day_of(file.case.complaint.received_at), day_of(later))
    assert [casefiles.LATE in row["note"] for row in content["evidence"]] == [False, False, True]
    file.outside[0].added_at = later
    [kept] = file.index(dict.fromkeys((*file.papers, *file.pieces), "–"), 12)["outside"]
    assert kept["note"] == casefiles.LATE


def cover_of(office, case, by="petugas"):
    file = CaseFile.of(load([case], office[by], office.at)[case])
    return file.index(dict.fromkeys((*file.papers, *file.pieces), (1, 1)), 12)


def test_the_cover_says_what_an_end_is(office):
    ends = {"diterima": "Selesai", "keberatan": "Selesai, dengan keberatan pengadu"}
    for outcome, label in ends.items():
        [case] = office.receive()
        office.bring([case], "deliver")
        office.do([case], "deliver", outcome=outcome, response="Belum." if outcome == "keberatan" else "")
        content = cover_of(office, case)
        assert (content["state"], bool(content["ended_at"])) == (label, True)
    [first], [second] = office.receive(), office.receive()
    number = Complaint.get_by_id(first).number
    assert cover_of(office, first)["ended_at"] == ""
    office.do([second], "duplicate", original=number)
    assert cover_of(office, second)["state"] == f"Duplikat dari nomor register {number}"


def test_the_cover_names_whom_a_case_was_given_to_unless_it_is_rahasia(office):
    for category, label in ((COMMON, "Diteruskan kepada Dinas Pendidikan"), (SECRET, "Diteruskan")):
        [case] = office.receive(category=category)
        office.bring([case], "dispose")
        office.do([case], "forward", institution="Dinas Pendidikan")
        assert cover_of(office, case)["state"] == label


def test_a_paper_that_was_issued_again_names_the_one_in_its_place(office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back", note="Lengkapi.")
    office.bring([case], "approve")
    rows = cover_of(office, case)["papers"]
    replaced = {row["note"]: place for place, row in enumerate(rows, 1) if row["note"]}
    kinds = [paper.kind for paper in Paper.select().where(Paper.complaint == case).order_by(Paper.id)]
    last = len(kinds) - kinds[::-1].index("berkas_asesmen")
    assert replaced == {f"Diganti dengan nomor\u00a0urut\u00a0{last}.": kinds.index("berkas_asesmen") + 1}
    assert last > kinds.index("berkas_asesmen") + 1


def test_a_void_paper_says_why_without_the_act_that_voided_it(office):
    [case] = office.receive()
    office.do([case], "void", reason="Pesan percobaan")
    assert {row["note"] for row in cover_of(office, case)["papers"]} == {"Batal: Pesan percobaan."}


def test_evidence_that_the_receipt_names_is_listed_as_stored_nowhere_known(office):
    ways = {COMMON: "Diserahkan menurut Tanda Terima Pengaduan", SECRET: "Dicatat saat diterima"}
    for category, how in ways.items():
        [case], [bare] = office.receive(category=category, evidence="Fotokopi KTP."), office.receive(category=category)
        content = cover_of(office, case)
        assert content["handed"] == f"{how}: Fotokopi KTP – tempat penyimpanan tidak dicatat."
        assert cover_of(office, bare)["handed"] == ""
        assert squeezed(content["handed"]) in squeezed(pages(press.unissued_pdf(content))[1])


def test_the_index_names_an_excerpt_as_it_is_titled(office):
    [case] = office.receive(category=SECRET)
    office.bring([case], CLOSED)
    [excerpt] = [paper for paper in Paper.select() if vocabulary().papers[paper.kind].secret_only]
    [title] = {row["title"] for row in cover_of(office, case)["papers"] if row["title"].startswith("Kutipan")}
    assert title == "Kutipan Berita Acara Penyelesaian Penanganan Pengaduan"
    assert squeezed(title.upper()) in said(press.pdf_of(excerpt.id))


@pytest.mark.parametrize("category", [SECRET, COMMON])
def test_an_excerpt_is_from_a_berita_acara_which_names_the_pengadu(office, category):
    [case] = office.receive(category=category)
    office.bring([case], CLOSED)
    rows = {row["title"]: row for row in cover_of(office, case)["papers"]}
    whole = rows["Berita Acara Penyelesaian Penanganan Pengaduan"]
    assert {row["note"] for row in rows.values() if row is not whole} == {""}
    assert whole["note"] == ("Memuat nama pengadu." if category == SECRET else "")
    excerpts = [row["number"] for title, row in rows.items() if title.startswith("Kutipan")]
    assert excerpts == [f"dari {whole['number']}"] * (category == SECRET)


def test_a_berita_acara_that_names_nobody_is_not_said_to(office):
    [case] = office.receive(category=SECRET, anonymous=True, persons={"pengadu": {}})
    office.bring([case], CLOSED)
    rows = cover_of(office, case)["papers"]
    assert [row["note"] for row in rows if row["title"].startswith("Berita Acara")] == [""]


def test_what_is_not_in_the_berkas_is_not_counted_as_if_it_were(office):
    [case] = office.receive()
    file = CaseFile.of(load([case], office["kadis"], office.at)[case])
    content = file.index(dict.fromkeys(file.open_papers, (3, 3)), 3)
    assert content["cover"]["holds"] == "1\u00a0dokumen, 3\u00a0halaman; 1\u00a0dokumen tidak disertakan"
    assert content["papers"][0]["note"] == f"{casefiles.CLOSED}."


def test_a_long_name_is_cut_in_its_middle_and_keeps_its_end():
    shown = casefile.fitting(f"Bukti 1: {'panjang ' * 40}, dilampirkan 3 Mei 2026", 300, 9)
    assert pdfmetrics.stringWidth(shown, casefile.FONT, 9) <= 300
    assert shown.startswith("Bukti 1: panjang")
    assert shown.endswith("dilampirkan 3 Mei 2026")
