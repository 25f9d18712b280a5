"""The code on a photograph of a paper is read, turned, tilted or coarse; what holds none, or two, is said."""

import io

import pytest
import segno
from PIL import Image, ImageFilter
from pypdf import PdfReader, PdfWriter
from pypdfium2 import PdfDocument

from models.store.upload_kinds import Refused, kind_of
from papers.printing.render import pdf
from papers.signing.code_reading import NO_QR, OTHER_QR, SEVERAL, code_on_picture, codes_in
from tests.papers.contents import content

CODE = "7K3M9Q2X0VBT5R8WJZ4CN6HYAD"
OTHER = "0" * 26


def photo(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, kind, **how)
    return out.getvalue()


def page(*codes: str) -> Image.Image:
    """A sheet with these QR codes on it."""
    sheet = Image.new("L", (900, 1_300), 255)
    for place, code in enumerate(codes):
        out = io.BytesIO()
        segno.make(code, error="m", micro=False).save(out, kind="png", scale=5)
        sheet.paste(Image.open(out), (80, 80 + 400 * place))
    return sheet


def read(data: bytes) -> str:
    return code_on_picture(data, kind_of(data))


@pytest.mark.parametrize("address", ["", "https://panel.dinas.example/v/"])
@pytest.mark.parametrize("turned", [0, 3, 90, 180, 275])
def test_it_is_read_whichever_way_the_paper_lies(address: str, turned: int) -> None:
    tilted = page(f"{address}{CODE}").rotate(turned, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert read(photo(tilted, quality=40)) == CODE


def test_it_is_read_off_a_printed_paper_of_150_dpi_out_of_focus() -> None:
    frozen = content("nota_dinas")
    drawn = PdfDocument(pdf(frozen))[0].render(scale=150 / 72).to_pil().filter(ImageFilter.GaussianBlur(0.8))
    assert read(photo(drawn, quality=40)) == frozen["code"]["text"]
    assert read(photo(drawn, "PNG")) == frozen["code"]["text"]


@pytest.mark.parametrize(
    ("codes", "sentence"), [((), NO_QR), (("https://dinas.example/",), OTHER_QR), ((CODE, OTHER), SEVERAL)]
)
def test_none_another_and_several_are_said(codes: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence[:30]):
        read(photo(page(*codes)))


def test_the_same_code_twice_is_one() -> None:
    assert read(photo(page(CODE, CODE))) == CODE


@pytest.mark.parametrize("data", [b"\xff\xd8\xff" + b"0" * 90, photo(page(CODE))[:200]], ids=["no picture", "cut"])
def test_a_broken_picture_is_said(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data)


def test_a_picture_of_900_million_pixels_is_refused_before_it_is_drawn() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    with pytest.raises(Refused, match="megapiksel"):
        read(bomb.getvalue())


def rewritten(*papers: bytes, password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for paper in papers:
        writer.append(PdfReader(io.BytesIO(paper)))
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def test_the_codes_in_the_text_of_a_pdf_are_read_each_once_in_order() -> None:
    nota, other = pdf(content("nota_dinas")), pdf({**content("berita_acara"), "code": {"text": OTHER, "qr": OTHER}})
    assert codes_in(nota).codes == (CODE,)
    assert codes_in(rewritten(other, nota, other)).codes == (OTHER, CODE)
    assert codes_in(pdf({**content("nota_dinas"), "format": 3})).codes == ()


def test_a_pdf_that_cannot_be_read_for_its_codes_is_said() -> None:
    nota = pdf(content("nota_dinas"))
    with pytest.raises(Refused, match="kata sandi"):
        codes_in(rewritten(nota, password="rahasia"))
    for broken in (b"", b"%PDF-1.7", b"0" * 900):
        with pytest.raises(Refused, match="Berkas itu tidak dapat dibaca"):
            codes_in(broken)
