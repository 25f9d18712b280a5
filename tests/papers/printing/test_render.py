"""What a paper's PDF is: its whole text, its fonts, its pages, the same bytes every time."""

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from bench.papers import coded, naive, not_archival
from papers.printing.failure import PrintError
from papers.printing.render import html, pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content
from tests.papers.reading import codes, flow, fonts, pages, said, sizes, words

ROOT = Path(__file__).resolve().parents[3]
LONG = "\n".join(f"Baris {n}: " + "keterangan tentang kejadian di lapangan " * 3 for n in range(150))
KINDS = pytest.mark.parametrize("kind", vocabulary().papers)


@KINDS
def test_every_kind_prints_with_its_number_and_the_sop_it_ran_under(kind: str) -> None:
    text = said(pdf(content(kind)))
    assert words(vocabulary().papers[kind].title).upper() in text.upper()
    assert words(content(kind)["paper"]["number"]) in text
    assert "SOPNomor01/SKT/2023" in text
    assert "None" not in text


@KINDS
def test_every_font_is_embedded(kind: str) -> None:
    embedded = list(fonts(pdf(content(kind, complaint={"title": "Bantuan ☑ ₂ ≤"}))))
    assert embedded
    for font in embedded:
        assert "/FontFile2" in font["/FontDescriptor"].get_object(), font["/BaseFont"]


@KINDS
def test_the_same_content_gives_the_same_bytes_in_this_and_in_a_fresh_process(kind: str) -> None:
    script = (
        "import sys; from papers.printing.render import pdf; from tests.papers.contents import content;"
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
    most = {"berita_acara": 2}
    assert len(pages(pdf(content(kind)))) <= most.get(kind, 1)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_page_has_the_offices_size(size: str) -> None:
    wide, high = {"F4": (215, 330), "A4": (210, 297)}[size]
    box = PdfReader(io.BytesIO(pdf(content("form_pengaduan", office={"size": size})))).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (wide, high)


def test_a_long_text_flows_over_the_pages_whole_and_readable() -> None:
    printed = pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"matter": LONG}}}))
    texts = pages(printed)
    assert words(LONG) in words(" ".join(map(flow, texts)))
    assert len(texts) > 4
    assert "- 2 -" in texts[1]
    assert "PEMERINTAH KOTA MALANG" not in "".join(texts[1:])
    assert min(sizes(printed) - {1.5, 2.0, 8.0}) >= 9  # but for rules and the foot


def test_a_paragraph_of_four_hundred_lines_flows_too() -> None:
    endless = "kata demi kata yang tidak pernah berhenti " * 900
    printed = pdf(content("form_pengaduan", complaint={"story": endless}))
    assert said(printed).count("katademikatayangtidakpernahberhenti") >= 880  # all but those that a page parts
    assert len(pages(printed)) > 5
    assert 10.0 in sizes(printed)


@pytest.mark.parametrize("kind", ["form_pengaduan", "nota_dinas", "lembar_disposisi", "tanda_terima"])
def test_a_word_without_end_is_broken_not_shrunk(kind: str) -> None:
    word = "x" * 200
    printed = pdf(
        content(
            kind,
            complaint={"title": word, "story": word * 10, "event_place": word, "accused": word},
            records={"nota_dinas": {"blanks": {"subject": word}}},
        )
    )
    assert word in said(printed)
    reader = PdfReader(io.BytesIO(printed))
    right = max(_right_edges(reader))
    assert right <= float(reader.pages[0].mediabox.width) - {"tanda_terima": 42}.get(kind, 50)  # a slip's margin
    assert {"form_pengaduan": 10.0, "tanda_terima": 10.0}.get(kind, 11.0) in sizes(printed)


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
    frozen = content("form_pengaduan", complaint={"story": MARKUP, "title": MARKUP, "asks": MARKUP})
    text = said(pdf(frozen))
    assert text.count(words(MARKUP)) == 3
    assert "<img src='/etc" not in html(frozen)


def test_nothing_is_fetched_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("socket.socket.connect", lambda *_: opened.append("socket"))
    frozen = content("tanda_terima", complaint={"title": "<img src='http://127.0.0.1:9/x.png'>"})
    assert "http://127.0.0.1" in said(pdf(frozen))
    assert not opened


def test_a_character_that_no_font_has_is_a_box_and_a_note_says_so() -> None:
    text = said(
        pdf(content("form_pengaduan", complaint={"asks": "Aksara 漢字 dan שלום, \u202ebalik\u202c, 😀👨‍👩‍👧 ok"}))
    )
    named = "[emoji:wajahgembira][emoji:keluargapriawanitaanakperempuan]"
    assert f"Aksara▯▯dan▯▯▯▯,balik,{named}ok" in text
    assert "▯=hurufyangtidakdapatdicetak" in text
    assert "hurufyangtidakdapatdicetak" not in said(pdf(content("form_pengaduan")))


def test_a_warning_of_the_printer_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: object, **__: object) -> None:
        logging.getLogger("xhtml2pdf.tags").warning("lost %s", "a citizen's words")
        raise AssertionError

    monkeypatch.setattr("papers.printing.render.pisa.CreatePDF", warn)
    with pytest.raises(PrintError) as failed:
        pdf(content("tanda_terima"))
    assert "citizen" not in failed.value.detail


def test_a_draft_says_konsep_on_every_page_and_the_demo_says_so_too() -> None:
    texts = pages(
        pdf(
            content(
                "nota_dinas",
                demo=True,
                paper={"draft": True, "number": ""},
                records={"nota_dinas": {"blanks": {"matter": LONG}}},
            )
        )
    )
    assert all("KONSEP" in page for page in texts)
    assert all("DATA CONTOH – bukan dokumen dinas" in page for page in texts)
    assert "KONSEP" not in said(pdf(content("nota_dinas")))


def fields(printed: bytes) -> list[list[str]]:
    return [
        sorted(field.get_object()["/T"] for field in page.get("/Annots", ()))
        for page in PdfReader(io.BytesIO(printed)).pages
    ]


def test_what_the_bench_measures_our_papers_against_has_the_same_text_code_and_signature_fields() -> None:
    first, second = (frozen for frozen, _ in zip(coded(content("nota_dinas")), range(2), strict=False))
    assert first["code"] != second["code"]
    ours = pdf(first)
    assert codes(ours) == [[first["code"]["qr"]]]
    assert all(fields(ours))
    for way in (naive, not_archival):
        theirs = way(first)
        assert (codes(theirs), fields(theirs), said(theirs)) == (codes(ours), fields(ours), said(ours)), way
