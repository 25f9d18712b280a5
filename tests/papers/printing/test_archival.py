"""Papers are PDF/A-2b since the fourth format: what they are in XMP, what their colours mean, nothing left outside."""

import io
import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from bench.variants import every_variant
from papers.layout.sopsheet import sop_sheet
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import AT, content
from tests.papers.layout.test_ruled import ROW, book
from tests.papers.printing.preflight import as_first_part, refused
from tests.papers.reading import fonts

NAMES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
STORY = "Bu Suparmi 😭 berkata السلام عليكم & <pulang>\nꦱꦸꦥꦂꦩꦶ 漢字 ☎."
LOOSE = {
    "lembar_sop": lambda: sop_sheet(size="F4", demo=False),
    "buku_register": lambda: book([ROW]),
}
UNDER = re.compile(rb"(?<!\n)endstream")  # without an end of line before it


def packet(printed: bytes) -> ET.Element:
    begin, end = printed.index(b"<x:xmpmeta"), printed.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    return ET.fromstring(printed[begin:end])


def text(xmp: ET.Element, name: str) -> str:
    return "".join(xmp.find(f".//{name}", NAMES).itertext()).strip()


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_a_paper_says_of_itself_what_an_archive_asks(kind: str) -> None:
    printed = pdf(content(kind, complaint={"title": STORY, "story": STORY}))
    reader, xmp = PdfReader(io.BytesIO(printed)), packet(printed)
    metadata, root = reader.metadata, reader.trailer["/Root"]
    assert (text(xmp, "pdfaid:part"), text(xmp, "pdfaid:conformance")) == ("2", "B")
    assert (text(xmp, "dc:title"), text(xmp, "dc:creator")) == (metadata.title, metadata.author)
    dates = [datetime.fromisoformat(text(xmp, f"xmp:{name}Date")) for name in ("Create", "Modify")]
    assert dates == [metadata.creation_date, metadata.modification_date] == [datetime.fromisoformat(AT)] * 2
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("id", True)
    (intent,) = root["/OutputIntents"]
    profile = intent.get_object()["/DestOutputProfile"]
    assert (profile["/N"], profile.get_data()[36:40]) == (3, b"acsp")
    assert "/Filter" not in root["/Metadata"]
    assert len(reader.trailer["/ID"]) == 2


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_nothing_of_a_paper_lies_outside_it(kind: str) -> None:
    printed = pdf(content(kind, complaint={"title": STORY, "story": STORY}))
    assert UNDER.search(printed) is None
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts(printed))
    assert not re.search(rb"/DeviceCMYK|/Encrypt|/JavaScript|/EmbeddedFiles|/URI\b", printed)


def test_no_paper_claims_tags_that_it_has_not() -> None:
    assert not re.search(rb"/MarkInfo|/StructTreeRoot", pdf(content("nota_dinas")))


@pytest.mark.parametrize("kind", LOOSE)
def test_papers_without_a_case_are_archival_too(kind: str) -> None:
    assert text(packet(pdf(LOOSE[kind]())), "pdfaid:part") == "2"


def test_a_paper_of_a_format_before_stays_as_it_is() -> None:
    printed = pdf({**content("nota_dinas"), "format": 3})
    assert b"xmpmeta" not in printed
    assert b"OutputIntent" not in printed


@pytest.mark.soak
def test_a_checker_of_pdf_a_finds_nothing(tmp_path: Path) -> None:
    """Every kind in every variant, and one with all scripts; and it does find a paper that is none."""
    papers = {
        f"{kind}-{name}": frozen
        for kind in vocabulary().papers
        for name, frozen in every_variant(kind, content(kind, complaint={"story": STORY}))
    } | {kind: make() for kind, make in LOOSE.items()}
    for name, frozen in papers.items():
        (tmp_path / f"{name}.pdf").write_bytes(as_first_part(pdf(frozen)))
    assert refused(tmp_path) == {}
    (tmp_path / "lama.pdf").write_bytes(pdf({**content("nota_dinas"), "format": 3}))
    assert list(refused(tmp_path)) == ["lama.pdf"]
