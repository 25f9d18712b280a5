"""Details of the page: lines that stay as they were typed, names that stand level, numbers that stay whole."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from bench.variants import POST
from papers.layout.phrases import typed_line
from papers.printing.render import pdf
from tests.papers.contents import OFFICER, content
from tests.papers.reading import pages

ARABIC = "السلام عليكم ورحمة الله"
LIST = f"Langkah:\n1.\t{'Menemui pengadu di rumahnya. ' * 5}\n\ta.\tBertemu lurah.\n{ARABIC}\nBaris biasa."
OFFICE = {
    "phone": "(0341) 751 941",
    "address": "Jalan Sulfat Nomor 12, Kelurahan Purwantoro, Kecamatan Blimbing",
    "web": "Laman dinsos.malangkota.go.id/pengaduan-masyarakat, Surel pengaduan.dinsos@malangkota.go.id",
}
VACANT = {"name": "", "title": "", "nip": "", "pangkat": ""}


def placed(printed: bytes) -> dict[str, tuple[float, float]]:
    """Where each drawn text begins (pt): from the left, and above the foot of its page; the last one of a wording."""
    heard: dict[str, tuple[float, float]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        heard[text.strip()] = (matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5])

    for page in PdfReader(io.BytesIO(printed)).pages:
        page.extract_text(visitor_text=hear)
    return heard


def nota_dinas(**parts: Any) -> bytes:
    return pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"matter": LIST}}}, **parts))


def test_tabs_of_a_typed_list_indent_its_lines_and_let_them_hang() -> None:
    heard = placed(nota_dinas())
    [first] = [at for text, at in heard.items() if text.startswith("1. Menemui")]
    [deeper] = [at for text, at in heard.items() if text.startswith("a. Bertemu")]
    [hanging] = [
        at for text, at in heard.items() if text.startswith(("rumahnya.", "pengadu di", "Menemui", "di rumah"))
    ]
    [plain] = [at for text, at in heard.items() if text.startswith("Baris biasa")]
    assert plain[0] == pytest.approx(first[0], abs=1)
    assert deeper[0] - first[0] == pytest.approx(16, abs=1)
    assert hanging[0] - first[0] == pytest.approx(14, abs=1)


def test_a_line_in_arabic_begins_at_the_right() -> None:
    from_left = [
        at[0] for text, at in placed(nota_dinas()).items() if any("\u0600" <= letter <= "\u06ff" for letter in text)
    ]
    assert min(from_left) > 300
    assert typed_line(f"Suparmi {ARABIC}").styles == ""


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_names_stand_level_under_titles_of_unequal_length(size: str) -> None:
    both = [
        (
            nota_dinas(signer={"title": POST}, office={"size": size}),
            "Wicaksono Pradipta, M.Si.",
            "Drs. Bambang Hariyanto",
        ),
        (
            pdf(content("form_pengaduan", complaint={"registrar": {**OFFICER, "title": POST}}, office={"size": size})),
            "Slamet Riyadi",
            "Rina Wulandari",
        ),
    ]
    for printed, left, right in both:
        heard: dict[str, list[float]] = {left: [], right: []}

        def hear(
            text: str, ctm: list[float], matrix: list[float], font: object, size: float, heard: Any = heard
        ) -> None:
            if text.strip() in heard:
                heard[text.strip()].append(round(matrix[5] * ctm[3] + ctm[5], 1))

        pages_read = PdfReader(io.BytesIO(printed)).pages
        for page in pages_read:
            page.extract_text(visitor_text=hear)
        assert set(heard[left]) & set(heard[right]), (left, heard)


@pytest.mark.parametrize("kind", ["berita_acara", "nota_dinas", "lembar_disposisi"])
def test_dots_never_stand_for_a_title(kind: str) -> None:
    text = "".join(pages(pdf(content(kind, kepala_dinas=VACANT, signer=VACANT))))
    assert [line for line in text.splitlines() if line.strip().endswith("…,")] == []
    assert "KEPALA DINAS," in text or kind == "lembar_disposisi"


def test_no_number_of_the_letterhead_parts_from_its_area_code_and_no_address_from_its_name() -> None:
    for street in range(0, 40, 3):
        office = {**OFFICE, "address": OFFICE["address"] + "x" * street}
        lines = [line.strip() for line in pages(nota_dinas(office=office))[0].replace("\xa0", " ").splitlines()]
        assert [line for line in lines if "Telepon (0341) 751 941" in line], lines[:12]
        assert [line for line in lines if "Surel pengaduan.dinsos@malangkota.go.id" in line], lines[:12]


def test_a_paper_names_the_program_that_made_it_and_its_window_shows_the_title() -> None:
    read = PdfReader(io.BytesIO(nota_dinas()))
    assert read.metadata.creator == "Panel Pengaduan"
    assert b"<xmp:CreatorTool>Panel Pengaduan</xmp:CreatorTool>" in read.root_object["/Metadata"].get_data()
    assert read.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert PdfReader(io.BytesIO(nota_dinas(format=4))).metadata.creator != "Panel Pengaduan"
