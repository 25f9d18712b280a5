"""A paper bears a signature field for each of its signers, at his place, which a signing program finds and fills."""

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PageObject, PdfReader

from bench.variants import variants
from papers.layout.check import FOLDER
from papers.printing.bundle import MergedPaper, merge
from papers.printing.render import pdf
from sop.signers import SIGNERS, is_sent_to_signer
from sop.vocabulary import vocabulary
from tests.papers.contents import content, merged, recap
from tests.papers.layout.test_list_endings import approved, brought
from tests.papers.layout.test_ruled import book, checked, numbered
from tests.papers.signers import apart, signed_in_turn, signer_named

PT, DESCENT = 72 / 25.4, 3  # points in a millimetre; of a letter below its line
OF_NO_CASE: dict[str, Callable[[], dict[str, Any]]] = {
    "rekapitulasi": recap,
    "daftar_pengantar": partial(brought, 2, "F4", long=False),
    "daftar_disetujui": partial(approved, 2, "F4", long=False),
    "buku_register": partial(book, numbered(3)),
    "uji_kepatuhan": partial(checked, [5, 3]),
}
SIGNED = sorted(path.stem for path in FOLDER.glob("[a-z]*.html") if "| signing(" in path.read_text(encoding="utf-8"))


def made(kind: str) -> dict[str, Any]:
    return OF_NO_CASE[kind]() if kind in OF_NO_CASE else content(kind)


def test_every_paper_that_is_signed_has_fields() -> None:
    assert {*vocabulary().papers, *OF_NO_CASE} <= set(SIGNED)


def fields(printed: bytes) -> dict[str, tuple[int, list[float]]]:
    """Page and rectangle (pt) of each signature field by name, as the pages hold them."""
    known = {}
    for number, page in enumerate(PdfReader(io.BytesIO(printed)).pages):
        for annotation in (one.get_object() for one in page.get("/Annots", ())):
            assert (annotation["/FT"], annotation["/F"]) == ("/Sig", 4)
            assert "/V" not in annotation
            assert annotation["/AP"]["/N"].get_data() == b""
            known[annotation["/T"]] = (number, [float(edge) for edge in annotation["/Rect"]])
    return known


@pytest.mark.parametrize("kind", SIGNED)
def test_each_signer_of_a_paper_has_one_field_that_a_program_finds(kind: str) -> None:
    frozen = made(kind)
    printed = pdf(frozen)
    roles = [signer["role"] for signer in frozen["signers"]]
    listed = [name for name, _, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(printed)))]
    assert roles
    assert sorted(listed) == sorted(fields(printed)) == sorted(roles)


def every_variant() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in SIGNED:
        sizes = ((size, merged(made(kind), {"office": {"size": size}})) for size in ("F4", "A4"))
        for name, frozen in sizes if kind in OF_NO_CASE else variants(kind, content(kind)):
            yield f"{kind}-{name}", frozen


@pytest.mark.parametrize("frozen", [pytest.param(frozen, id=name) for name, frozen in every_variant()])
def test_a_field_lies_in_the_empty_room_over_its_signer(frozen: dict[str, Any]) -> None:
    """No text is under it, it is at least 20 mm high, and it stays on the sheet; a draft and a void paper have none."""
    printed = pdf(frozen)
    known = fields(printed)
    if frozen["paper"]["draft"] or frozen["paper"].get("void"):
        assert known == {}
        assert b"/AcroForm" not in printed
        return
    roles = {signer["role"] for signer in frozen["signers"]}
    assert {role for role in roles if role not in SIGNERS or is_sent_to_signer(role)} <= set(known) <= roles
    for number, (left, foot, right, top) in known.values():
        page = PdfReader(io.BytesIO(printed)).pages[number]
        assert 0 < left < right < page.mediabox.width
        assert 0 < foot < foot + 20 * PT <= top < page.mediabox.height
        inside = [word for word, x, y in places(page) if left <= x <= right and foot < y < top - DESCENT]
        assert inside == []


def places(page: PageObject) -> list[tuple[str, float, float]]:
    """The texts of a page with where each begins (pt)."""
    heard: list[tuple[str, float, float]] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip():
            heard.append((text, matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5]))

    page.extract_text(visitor_text=hear)
    return heard


@pytest.mark.parametrize("kind", SIGNED)
def test_the_fields_do_not_change_that_the_same_content_gives_the_same_bytes(kind: str) -> None:
    assert pdf(made(kind)) == pdf(made(kind))


def test_merged_papers_have_no_fields() -> None:
    whole = merge([MergedPaper("A", pdf(content("nota_dinas")), 2)], title="Dokumen", author="Dinas Sosial")
    assert len(PdfReader(io.BytesIO(whole)).pages) == 2
    assert fields(whole) == {}
    assert not re.search(rb"/AcroForm|/Sig\b", whole)


@pytest.mark.parametrize("kind", SIGNED)
def test_all_signers_sign_one_after_the_other_and_every_signature_stays_valid(kind: str) -> None:
    frozen = made(kind)
    printed = pdf(frozen)
    signers = {one["role"]: signer_named(one["name"] or one["role"]) for one in frozen["signers"]}
    signed = apart(lambda: signed_in_turn(printed, signers))
    assert signed.startswith(printed)
    reader = PdfFileReader(io.BytesIO(signed))
    roots = ValidationContext(trust_roots=[signer.signing_cert for signer in signers.values()])
    judged = {one.field_name: apart(partial(validate_pdf_signature, one, roots)) for one in reader.embedded_signatures}
    assert set(judged) == set(signers)
    assert all(status.bottom_line for status in judged.values())
    for role, status in judged.items():
        assert status.signing_cert.dump() == signers[role].signing_cert.dump()


def test_a_changed_paper_is_no_longer_validly_signed() -> None:
    signer = signer_named("Kepala Dinas")
    signed = apart(lambda: signed_in_turn(pdf(content("lembar_disposisi")), {"kepala_dinas": signer}))
    (one,) = PdfFileReader(io.BytesIO(signed.replace(b"/Lang (id)", b"/Lang (en)", 1))).embedded_signatures
    roots = ValidationContext(trust_roots=[signer.signing_cert])
    assert not apart(lambda: validate_pdf_signature(one, roots)).bottom_line
