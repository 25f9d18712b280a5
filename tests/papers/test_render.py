"""What a paper's PDF says and is: its whole text, its fonts, its pages, the same bytes every time."""

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.records import RECORDS
from papers.render import PrintError, html, pdf
from sop.flow import PAPERS
from tests.papers.contents import STORY, content

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = "\n".join(f"Baris {n}: " + "keterangan tentang kejadian di lapangan " * 3 for n in range(150))
KINDS = pytest.mark.parametrize("kind", PAPERS)


def pages(printed: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]


def flow(page: str) -> str:
    """A page's text without its number, its foot and the mark of a draft, which are drawn first."""
    return page.split(" WIB", 1)[1]


def words(text: str) -> str:
    return "".join(text.split())


def said(printed: bytes) -> str:
    return words(" ".join(pages(printed)))


def sizes(printed: bytes) -> set[float]:
    """Every font size that is drawn, scaling included."""
    found: set[float] = set()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip():
            found.add(round(size * matrix[3] * ctm[3], 1))

    for page in PdfReader(io.BytesIO(printed)).pages:
        page.extract_text(visitor_text=hear)
    return found


def fonts(printed: bytes) -> list[dict]:
    reader = PdfReader(io.BytesIO(printed))
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]


@KINDS
def test_every_kind_prints_with_its_number_and_the_sop_it_ran_under(kind: str) -> None:
    text = said(pdf(content(kind)))
    assert words(PAPERS[kind].title).upper() in text.upper()
    assert words(content(kind)["paper"]["number"]) in text
    assert "SOPNomor01/SKT/2023" in text
    assert "None" not in text


@KINDS
def test_every_font_is_embedded(kind: str) -> None:
    for font in fonts(pdf(content(kind, complaint={"title": "Bantuan ☑ ₂ ≤"}))):
        assert "/FontFile2" in font["/FontDescriptor"].get_object(), font["/BaseFont"]


@KINDS
def test_the_same_content_gives_the_same_bytes_in_this_and_in_a_fresh_process(kind: str) -> None:
    script = (
        "import sys; from papers.render import pdf; from tests.papers.contents import content;"
        f"sys.stdout.buffer.write(pdf(content({kind!r})))"
    )
    here = pdf(content(kind))
    there = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    assert here == pdf(content(kind)) == there


def test_the_papers_date_is_the_one_it_bears() -> None:
    meta = PdfReader(io.BytesIO(pdf(content("nota_dinas")))).metadata
    assert meta
    assert meta.creation_date.isoformat() == "2026-11-24T02:50:00+00:00"


@KINDS
def test_short_papers_are_short(kind: str) -> None:
    most = {"form_pengaduan": 2, "berita_acara": 2}
    assert len(pages(pdf(content(kind)))) <= most.get(kind, 1)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_page_has_the_offices_size(size: str) -> None:
    wide, high = {"F4": (215, 330), "A4": (210, 297)}[size]
    box = PdfReader(io.BytesIO(pdf(content("tanda_terima", office={"size": size})))).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (wide, high)


def test_a_long_text_flows_over_the_pages_whole_and_readable() -> None:
    printed = pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"matter": LONG}}}))
    told = pages(printed)
    assert words(LONG) in words(" ".join(map(flow, told)))
    assert len(told) > 4
    assert "- 2 -" in told[1]
    assert "PEMERINTAH KOTA MALANG" not in "".join(told[1:])
    assert min(sizes(printed) - {1.5, 2.0, 8.0}) >= 9  # but for rules and the foot


def test_a_paragraph_of_four_hundred_lines_flows_too() -> None:
    endless = "kata demi kata yang tidak pernah berhenti " * 900
    printed = pdf(content("form_pengaduan", complaint={"story": endless}))
    assert said(printed).count("katademikatayangtidakpernahberhenti") >= 880  # all but those that a page parts
    assert len(pages(printed)) > 8
    assert 11.0 in sizes(printed)


@pytest.mark.parametrize("kind", ["form_pengaduan", "nota_dinas", "lembar_disposisi", "tanda_terima"])
def test_a_word_without_end_is_broken_not_shrunk(kind: str) -> None:
    word = "x" * 200
    printed = pdf(content(kind, complaint={"title": word, "story": word * 10, "event_place": word, "accused": word},
                          records={"nota_dinas": {"blanks": {"subject": word}}}))  # fmt: skip
    assert word in said(printed)
    reader = PdfReader(io.BytesIO(printed))
    right = max(_right_edges(reader))
    assert right <= float(reader.pages[0].mediabox.width) - 50
    assert 11.0 in sizes(printed)


def _right_edges(reader: PdfReader) -> list[float]:
    """Where drawn runs of x begin plus how wide they are: 0.5 em each in Liberation Sans."""
    found = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        x = max((len(part) for part in text.split() if set(part) == {"x"}), default=0)
        if x:
            found.append(matrix[4] + ctm[4] + 0.5 * size * x)

    for page in reader.pages:
        page.extract_text(visitor_text=hear)
    return found


MARKUP = (
    "<b>tebal</b> &amp; <img src='/etc/passwd'> {{ 7*7 }} {% raw %} </p><pdf:nextpage> <!-- tutup --> \"kutip\" 'satu'"
)


def test_a_citizens_words_are_never_markup() -> None:
    told = content("form_pengaduan", complaint={"story": MARKUP, "title": MARKUP, "asks": MARKUP})
    text = said(pdf(told))
    assert text.count(words(MARKUP)) == 3
    assert "<img src='/etc" not in html(told)


def test_nothing_is_fetched_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("socket.socket.connect", lambda *_: opened.append("socket"))
    told = content("tanda_terima", complaint={"title": "<img src='http://127.0.0.1:9/x.png'>"})
    assert "http://127.0.0.1" in said(pdf(told))
    assert not opened


def test_a_letter_that_no_font_has_is_a_box_and_a_note_says_so() -> None:
    text = said(
        pdf(content("form_pengaduan", complaint={"asks": "Aksara 漢字 dan سلام, \u202ebalik\u202c, 😀👨‍👩‍👧 ok"}))
    )
    assert "Aksara▯▯dan▯▯▯▯,balik,▯▯▯▯ok" in text
    assert "▯=hurufyangtidakdapatdicetak" in text
    assert "hurufyangtidakdapatdicetak" not in said(pdf(content("form_pengaduan")))


def test_a_warning_of_the_printer_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: object, **__: object) -> None:
        logging.getLogger("xhtml2pdf.tags").warning("lost %s", "a citizen's words")
        raise AssertionError

    monkeypatch.setattr("papers.render.pisa.CreatePDF", warn)
    with pytest.raises(PrintError) as failed:
        pdf(content("tanda_terima"))
    assert "citizen" not in failed.value.detail


def test_a_draft_says_konsep_on_every_page_and_the_demo_says_so_too() -> None:
    told = pages(pdf(content("nota_dinas", demo=True, paper={"draft": True, "number": ""},
                             records={"nota_dinas": {"blanks": {"matter": LONG}}})))  # fmt: skip
    assert all("KONSEP" in page for page in told)
    assert all("DATA CONTOH – bukan dokumen dinas" in page for page in told)
    assert "KONSEP" not in said(pdf(content("nota_dinas")))


@pytest.mark.parametrize("kind", ["tanda_terima", "lembar_disposisi", "nota_dinas", "berkas_asesmen"])
def test_a_rahasia_complaint_names_nobody_to_others(kind: str) -> None:
    text = said(pdf(content(kind, complaint={"is_secret": True, "secrecy": "Rahasia"})))
    assert "SlametRiyadi" not in text
    assert ("dirahasiakan" in text.lower()) == (kind != "tanda_terima")


def test_the_receipt_of_a_rahasia_complaint_says_number_date_and_officer_only() -> None:
    text = said(pdf(content("tanda_terima", complaint={"is_secret": True, "secrecy": "Rahasia"})))
    assert "PGD/12/XI/2026" in text
    assert "RinaWulandari" in text
    for private in ("Bantuan", "Datanglangsung", "Jawabanpertama", "Rahasia"):
        assert private not in text


def test_an_anonymous_complaint_has_no_second_signature() -> None:
    text = said(pdf(content("form_pengaduan", complaint={"anonymous": True}, persons={"pengadu": {"name": ""}})))
    assert "anonim" in text
    assert "PENGADU,RinaWulandari" not in text


ENDS = {
    "diterima": "PIHAK KEDUA menyatakan menerima hasil",
    "diterima_catatan": "dengan catatan",
    "keberatan": "menyatakan keberatan",
    "tidak_dihubungi": "tidak dapat dihubungi setelah 3 upaya",
    "anonim": "tidak mencantumkan kontak",
}


@pytest.mark.parametrize(("end", "sentence"), ENDS.items())
def test_the_berita_acara_tells_each_end_in_its_words(end: str, sentence: str) -> None:
    told = content(
        "berita_acara", records={"berita_acara": {"codes": {"outcome": end}, "blanks": {"response": "Alasan."}}}
    )
    text = said(pdf(told))
    assert words(sentence) in text
    assert "DuaPuluhEmat" not in text
    assert words("Selasa, tanggal Dua Puluh Empat, bulan November, tahun Dua Ribu Dua Puluh Enam (24-11-2026)") in text
    assert words("Nota Dinas Nomor 400.9/12/35.73.403/2026 tanggal 24 November 2026") in text
    assert words("dalam rangkap 2 (dua)") in text
    assert "Alasan." in text


def test_the_berita_acara_not_told_face_to_face_says_how_and_that_nobody_was_there() -> None:
    told = content(
        "berita_acara", records={"berita_acara": {"codes": {"medium": "whatsapp"}, "blanks": {"medium": "WhatsApp"}}}
    )
    text = said(pdf(told))
    assert words("disampaikan melalui WhatsApp pada 24 Nov 2026 pukul 09.45 WIB") in text
    assert words("(tidak hadir / daring)") in text


def test_the_berita_acara_of_an_anonymous_pengadu_names_the_register() -> None:
    told = content("berita_acara", complaint={"anonymous": True},
                   records={"berita_acara": {"codes": {"outcome": "anonim"}, "blanks": {"receiver": ""}}})  # fmt: skip
    assert words("Pengadu anonim (nomor register PGD/12/XI/2026)") in said(pdf(told))


def test_the_five_clocks_are_told_with_what_was_late_and_what_waited() -> None:
    text = said(pdf(content("berita_acara")))
    assert words("1 jam 31 menit. Lewat standar waktu SOP") in text
    assert words("Menunggu 5 menit") in text


def test_the_approved_nota_dinas_bears_the_approval_and_a_draft_without_one_does_not() -> None:
    text = said(pdf(content("nota_dinas")))
    assert words("Disetujui dengan catatan Tanggal: 24 Nov 2026 pukul 09.40 WIB") in text
    told = content("nota_dinas", paper={"draft": True})
    del told["records"]["approval"]
    assert "PERSETUJUANKEPALADINAS" not in said(pdf(told))


def test_the_disposition_ticks_what_was_chosen() -> None:
    text = said(pdf(content("lembar_disposisi")))
    assert "☑Proseslebihlanjut" in text
    assert "☐Tanggapandansaran" in text
    assert "☑Sekretariat" in text
    assert "☑Segera" in text


def test_gaps_of_the_letterhead_are_shown_plainly() -> None:
    assert "Alamat:………" in said(pdf(content("tanda_terima")))
    assert "Alamat:Jl.Sulfat12" in said(pdf(content("tanda_terima", office={"address": "Jl. Sulfat 12"})))


def test_nobody_in_office_is_a_gap_to_sign_in() -> None:
    told = content("nota_dinas")
    told["kepala_dinas"], told["unit"] = {}, {"name": "UPT PPA", "head": {}}
    del told["records"]["approval"]
    text = said(pdf(told))
    assert "UPTPPA" in text
    assert words(STORY) in text


def test_the_contents_used_here_name_the_blanks_that_the_records_have() -> None:
    told = content("berita_acara")
    for key, record in {**told["records"], "attempt": told["attempts"][0]}.items():
        assert set(record["blanks"]) == {field.name for field in RECORDS[key].blanks()}
