"""The Form Pengaduan lists the evidence that was handed over, and what is stored elsewhere with its place."""

import io

import pytest
from pypdf import PdfReader

from papers.printing.render import pdf
from tests.papers.contents import content

PIECES = [
    {"name": "rumah <b>.jpg", "place": "", "sha256": "0" * 64},
    {"name": "Rekaman CCTV", "place": "Lemari arsip, rak 2", "sha256": ""},
]


def printed(pieces: list[dict[str, str]] | None, kind: str = "form_pengaduan", **of_case: object) -> str:
    frozen = content(kind, complaint=of_case)
    if pieces is not None:
        frozen["complaint"]["attachments"] = pieces
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(frozen))).pages).split())


def test_evidence_stands_on_the_form_in_its_order() -> None:
    elsewhere = "2. Rekaman CCTV (di luar panel, disimpan di Lemari arsip, rak 2)."
    assert f"Bukti yang diserahkan. 1. rumah <b>.jpg; {elsewhere}" in printed(PIECES, evidence="")


def test_it_stands_on_the_receipt_too_but_for_that_of_a_rahasia_case() -> None:
    assert "2. Rekaman CCTV" in printed(PIECES, "tanda_terima")
    assert "Rekaman CCTV" not in printed(PIECES, "tanda_terima", is_secret=True)


@pytest.mark.parametrize("kind", ["form_pengaduan", "tanda_terima"])
def test_what_was_written_down_as_handed_over_stands_before_the_files(kind: str) -> None:
    label = {"form_pengaduan": "Bukti yang diserahkan.", "tanda_terima": "Bukti yang diserahkan :"}[kind]
    both = f"{label} Fotokopi KTP; kartu keluarga. Berkas: 1. rumah <b>.jpg;"
    assert both in printed(PIECES, kind, evidence="Fotokopi KTP\nkartu keluarga.")
    assert f"{label} Fotokopi KTP" in printed([], kind, evidence="Fotokopi KTP")
    assert "Fotokopi" not in printed([], "tanda_terima", evidence="Fotokopi KTP", is_secret=True)


def test_a_single_file_has_no_number() -> None:
    assert "Bukti yang diserahkan. rumah <b>.jpg." in printed(PIECES[:1], evidence="")
    assert "Bukti yang diserahkan : rumah <b>.jpg" in printed(PIECES[:1], "tanda_terima", evidence="")


def test_without_evidence_nothing_is_said_of_it() -> None:
    assert "Bukti yang diserahkan" not in printed([], evidence="")
    assert "Bukti yang diserahkan" not in printed(None, evidence="")  # a form that was issued before there was any
