"""The register book and the sheet of Uji Kepatuhan bear the signature field of the one who closes them."""

import io
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from papers.printing.render import pdf
from tests.papers.layout.test_ruled import book, checked, numbered
from tests.papers.printing.test_signature_fields import DESCENT, PT, apart, fields, places, signed_in_turn, signer_named

CLOSED = pytest.mark.parametrize(
    ("frozen", "role"),
    [
        pytest.param(made(size=size), role, id=f"{role}-{name}-{size}")
        for size in ("F4", "A4")
        for name, made, role in (
            ("empty", lambda **office: book([], **office), "penutup"),
            ("short", lambda **office: book(numbered(1), **office), "penutup"),
            ("thick", lambda **office: book(numbered(60), **office), "penutup"),
            ("short", lambda **office: checked([5], **office), "pemeriksa"),
            ("thick", lambda **office: checked([5] * 12, **office), "pemeriksa"),
        )
    ],
)


@CLOSED
def test_its_only_field_lies_in_the_empty_room_over_his_name_on_the_last_page(
    frozen: dict[str, Any], role: str
) -> None:
    printed = pdf(frozen)
    sheets = PdfReader(io.BytesIO(printed)).pages
    [(named, (number, (left, foot, right, top)))] = fields(printed).items()
    assert (named, number) == (role, len(sheets) - 1)
    assert 0 < left < right < sheets[-1].mediabox.width
    assert foot + 20 * PT <= top
    texts = places(sheets[-1])
    assert [text for text, x, y in texts if left <= x <= right and foot < y < top - DESCENT] == []
    below = [(foot - y, text) for text, x, y in texts if left <= x <= right and y <= foot]
    assert min(below)[1].strip() == frozen["signers"][0]["name"]


@pytest.mark.parametrize("frozen", [book(numbered(60)), checked([5] * 12)], ids=["book", "sample"])
def test_he_signs_it_validly(frozen: dict[str, Any]) -> None:
    role = frozen["signers"][0]["role"]
    printed, signer = pdf(frozen), signer_named(frozen["signers"][0]["name"])
    signed = apart(lambda: signed_in_turn(printed, {role: signer}))
    assert signed.startswith(printed)
    [one] = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    roots = ValidationContext(trust_roots=[signer.signing_cert])
    assert apart(lambda: validate_pdf_signature(one, roots)).bottom_line
