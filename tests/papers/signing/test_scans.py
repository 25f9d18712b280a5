"""A scanned file becomes upright pages with their verification codes, which are brought together by paper."""

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pillow_heif
import pytest
import segno
from PIL import Image, ImageChops, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.complaint.paper import code_part
from models.store.upload_kinds import BROKEN, Refused
from papers.printing.render import pdf
from papers.signing import scan_worker, scans
from papers.signing.scan_worker import LARGE, LOCKED, MOST_PAGES, UNDRAWN
from papers.signing.scans import (
    EMPTY,
    NO_CODE,
    NOT_SCANNED,
    NOT_TRIED,
    OTHER_QR,
    SEVERAL,
    ScannedPage,
    UnmatchedPage,
    pages_by_paper,
    scanned_pages,
    scanned_pdf,
)
from tests.papers.contents import content

pytestmark = pytest.mark.only("sqlite")  # about files; the database has no part in it

CODES = [code_part("https://panel.dinas.example/v/", number)["text"] for number in (1 << 127, 7 << 120, 99 << 90)]
DPI = 150


def sheet(*texts: str, pen: str = "black") -> Image.Image:
    """A page of A4 at 150 dpi with words above and these QR codes at its foot."""
    page = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(page)
    for line in range(30):
        draw.text((120, 120 + 40 * line), f"{line}. Pengaduan diterima dan ditangani sesuai SOP.", fill=pen)
    for place, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="m", micro=False).save(out, kind="png", scale=3, border=0)
        page.paste(Image.open(out), (100 + 300 * place, 1600))
    return page


def jpeg(page: Image.Image, quality: int = 40) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return out.getvalue()


def scanned(*pages: Image.Image, quality: int = 40, **how: Any) -> bytes:
    """A PDF as a scanner writes it: a JPEG of 150 dpi on each page."""
    out = io.BytesIO()
    canvas = Canvas(out, **how)
    for page in pages:
        width, height = (pixels * 72 / DPI for pixels in page.size)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(io.BytesIO(jpeg(page, quality))), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Any]:
    opened: list[BinaryIO] = []

    def open_file(data: bytes) -> BinaryIO:
        path = tmp_path / str(len(opened))
        path.write_bytes(data)
        opened.append(path.open("rb"))
        return opened[-1]

    yield open_file
    for file in opened:
        file.close()


def read(file: BinaryIO) -> list[ScannedPage]:
    return list(scanned_pages(file))


def picture(page: ScannedPage) -> Image.Image:
    return Image.open(io.BytesIO(page.jpeg))


def difference(left: Image.Image, right: Image.Image) -> float:
    """Mean difference of two pictures, in grey values."""
    small = [image.convert("L").resize((310, 438)) for image in (left, right)]
    histogram = ImageChops.difference(*small).histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize("quarters", range(4))
def test_a_page_is_read_and_turned_upright_whichever_way_it_lies(on_disk: Any, quarters: int) -> None:
    page = sheet(CODES[0])
    [got] = read(on_disk(scanned(page.rotate(90 * quarters, expand=True))))
    assert (got.place, got.of, got.code, got.remark) == (1, 1, CODES[0], "")
    assert got.turned == 90 * quarters  # rotate() turns counterclockwise
    assert picture(got).size == page.size
    assert difference(picture(got), page) < 3


def test_printed_papers_that_were_scanned_askew_with_noise_are_read(on_disk: Any) -> None:
    chance, pages, codes = random.Random(35), [], []
    for kind in ("nota_dinas", "berita_acara", "form_pengaduan"):
        frozen = {**content(kind), "code": code_part("https://panel.dinas.example/v/", chance.getrandbits(128))}
        for page in PdfDocument(pdf(frozen)):
            drawn = page.render(scale=DPI / 72).to_pil().convert("L")
            askew = drawn.rotate(chance.uniform(-3, 3), resample=Image.Resampling.BICUBIC, fillcolor=255)
            pages.append(ImageChops.add(askew, Image.effect_noise(askew.size, 60), 1, -128))
            codes.append(frozen["code"]["text"])
    assert [page.code for page in read(on_disk(scanned(*pages)))] == codes


def test_no_code_another_qr_and_two_codes_are_told_apart(on_disk: Any) -> None:
    pages = [sheet(), sheet("https://dinas.example/"), sheet(*CODES[:2]), sheet(CODES[0], "https://dinas.example/")]
    got = read(on_disk(scanned(*pages)))
    assert [(page.code, page.remark) for page in got] == [("", NO_CODE), ("", OTHER_QR), ("", SEVERAL), (CODES[0], "")]
    assert all(page.jpeg for page in got)


def test_a_code_beside_a_readable_qr_is_read_at_the_second_attempt(on_disk: Any) -> None:
    noise = Image.effect_noise((400, 154), 110)
    page = sheet(CODES[0], "https://dinas.example/").convert("L")
    page.paste(ImageChops.add(page.crop((0, 1600, 400, 1754)), noise, 1, -128), (0, 1600))
    page.paste(sheet("", "https://dinas.example/").crop((400, 1600, 700, 1754)), (400, 1600))
    data = scanned(page, quality=90)
    first = scan_worker.PdfPages(io.BytesIO(data))
    attempts = scan_worker._attempts(first, 0, first.picture(0)[0])
    assert [code.text for code in next(attempts)] == ["https://dinas.example/"]
    assert read(on_disk(data))[0].code == CODES[0]


def test_what_was_written_in_colour_stays_so_and_grey_stays_grey(on_disk: Any) -> None:
    got = read(on_disk(scanned(sheet(CODES[0], pen="navy"), sheet(CODES[0]), sheet(CODES[0]).convert("L"))))
    assert [picture(page).mode for page in got] == ["RGB", "L", "L"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_a_page(on_disk: Any, kind: str) -> None:
    out = io.BytesIO()
    sheet(CODES[0]).rotate(180).save(out, kind)
    [got] = read(on_disk(out.getvalue()))
    assert (got.code, got.turned, picture(got).format) == (CODES[0], 180, "JPEG")


def test_a_photograph_of_a_phone_is_a_page(on_disk: Any) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(sheet(CODES[0]).rotate(90, expand=True)).save(out, quality=50)
    [got] = read(on_disk(out.getvalue()))
    assert (got.code, got.turned) == (CODES[0], 90)


def test_a_tiff_of_a_black_and_white_scanner_has_as_many_pages_as_pictures(on_disk: Any) -> None:
    out, pages = io.BytesIO(), [sheet(code).convert("1") for code in CODES]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    assert [(page.place, page.of, page.code) for page in read(on_disk(out.getvalue()))] == [
        (place, 3, code) for place, code in enumerate(CODES, 1)
    ]


def test_more_pages_than_one_child_process_draws_come_in_their_order(
    on_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "PORTION", 2)
    order = [0, 1, 2, 1, 0]
    got = read(on_disk(scanned(*[sheet(CODES[which]) for which in order])))
    assert [(page.place, page.of, page.code) for page in got] == [
        (place, 5, CODES[which]) for place, which in enumerate(order, 1)
    ]


def locked(data: bytes) -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    writer.encrypt("rahasia", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def blank_pages(count: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", EMPTY),
        (b"PK\x03\x04 lampiran", NOT_SCANNED),
        (scanned(sheet(CODES[0]))[:3_000], BROKEN),
        (b"%PDF-1.7\n" + b"\0" * 4_000, BROKEN),
        (b"II*\0" + b"\xff" * 90, BROKEN),
        (locked(scanned(sheet(CODES[0]))), LOCKED),
        (blank_pages(400), scan_worker.MANY),
    ],
    ids=["0 bytes", "no scan", "cut", "zeros", "no TIFF", "locked", "400 pages"],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_sentence(on_disk: Any, data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read(on_disk(data))
    assert str(refused.value) == sentence


def test_a_picture_that_was_cut_is_named(on_disk: Any) -> None:
    [page] = read(on_disk(jpeg(sheet(CODES[0]))[:200]))
    assert (page.jpeg, page.remark) == (b"", UNDRAWN)


def test_a_file_of_101_megabytes_is_refused_unread(on_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = on_disk(b"%PDF-1.7\n")
    Path(file.name).write_bytes(b"%PDF-1.7\n")
    with open(file.name, "r+b") as sparse:
        sparse.truncate(101 * 1024 * 1024)
    monkeypatch.setattr(scans.resource_limits, "answer", lambda *_, **__: pytest.fail("a child process was started"))
    with pytest.raises(Refused, match="100 MB"):
        read(file)


def test_as_many_pages_as_the_limit_are_accepted(on_disk: Any) -> None:
    file = on_disk(blank_pages(MOST_PAGES))
    assert next(scanned_pages(file)).of == MOST_PAGES


ENDLESS = b"q 0 0 600 600 re f 0 0 m 600 600 300 0 9 600 c S Q\n" * 2_000_000
HUGE = {"Width": 30_000, "Height": 30_000, "BitsPerComponent": 8}


def with_pages(*pages: tuple[bytes, dict[str, int], int]) -> bytes:
    """A scanned page between others, each with these operators, an image that claims to be so large, and its sides."""
    scan = PdfReader(io.BytesIO(scanned(sheet(CODES[0])))).pages[0]
    writer, out = PdfWriter(), io.BytesIO()
    for drawing, image, side in pages:
        page = writer.add_blank_page(side, side)
        page[NameObject("/Contents")] = writer._add_object(stream_of(drawing))
        if image:
            entries = {NameObject(f"/{name}"): NumberObject(value) for name, value in image.items()}
            pixels = stream_of(b"\0" * 1_000_000)
            pixels.update({NameObject("/Subtype"): NameObject("/Image"), **entries})
            pixels[NameObject("/ColorSpace")] = NameObject("/DeviceRGB")
            names = DictionaryObject({NameObject("/P"): writer._add_object(pixels)})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): names})
        writer.add_page(scan)
    writer.write(out)
    return out.getvalue()


def stream_of(content: bytes) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream.flate_encode(9)


def test_a_page_with_an_image_of_900_million_pixels_is_named_and_the_others_go_on(on_disk: Any) -> None:
    got = read(on_disk(with_pages((b"600 0 0 600 0 0 cm /P Do", HUGE, 600))))
    assert [(page.code, page.remark, bool(page.jpeg)) for page in got] == [("", LARGE, False), (CODES[0], "", True)]


def test_a_page_of_30_000_points_a_side_is_drawn_within_the_limit_of_pixels(on_disk: Any) -> None:
    got = read(on_disk(with_pages((b"0 0 20000 20000 re f", {}, 30_000))))
    assert max(picture(got[0]).size) <= scan_worker.LONGEST
    assert got[1].code == CODES[0]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_picture_of_900_million_pixels_is_named(on_disk: Any, kind: str) -> None:
    out = io.BytesIO()
    how: dict[str, Any] = {"compression": "group4"} if kind == "TIFF" else {"compress_level": 1}
    Image.new("1", (30_000, 30_000)).save(out, kind, **how)
    [page] = read(on_disk(out.getvalue()))
    assert (page.remark, page.jpeg) == (LARGE, b"")


@pytest.mark.slow("waits for child processes that do not end by themselves")
def test_a_page_that_ends_the_child_process_is_named_alone(on_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its operators take longer than the child process may compute."""
    monkeypatch.setattr(scans, "SECONDS", 5.0)
    monkeypatch.setattr(scans, "SECONDS_A_PAGE", 0.0)
    got = read(on_disk(with_pages((ENDLESS, {}, 600), (b"", {}, 600))))
    assert [(page.code, page.remark) for page in got] == [
        ("", UNDRAWN),
        (CODES[0], ""),
        ("", NO_CODE),
        (CODES[0], ""),
    ]


@pytest.mark.slow("waits for child processes that do not end by themselves")
@pytest.mark.soak
def test_a_file_that_ends_every_child_process_is_given_up_after_some_pages(
    on_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "SECONDS", 5.0)
    monkeypatch.setattr(scans, "SECONDS_A_PAGE", 0.0)
    monkeypatch.setattr(scans, "PORTION", 2)
    monkeypatch.setattr(scans, "MOST_FAILURES", 1)
    got = read(on_disk(with_pages((ENDLESS, {}, 600), (b"", {}, 600))))
    assert [page.remark for page in got] == [UNDRAWN, "", NOT_TRIED, NOT_TRIED]


def test_a_file_of_which_no_child_process_answers_is_refused(on_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "SECONDS", 0.0)
    monkeypatch.setattr(scans, "SECONDS_A_PAGE", 0.0)
    with pytest.raises(Refused, match="terlalu rumit"):
        read(on_disk(scanned(sheet(CODES[0]))))


def test_a_pdf_with_a_script_and_an_attachment_leaves_pictures_only(on_disk: Any) -> None:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(scanned(sheet(CODES[0]))))), io.BytesIO()
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('halo')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("lampiran.exe", b"MZ lampiran")
    writer.write(out)
    [page] = read(on_disk(out.getvalue()))
    kept = scanned_pdf([page.jpeg])
    assert page.code == CODES[0]
    assert not [word for word in (b"/JS", b"lampiran", b"/EmbeddedFiles") if word in kept]


def test_a_picture_full_of_noise_fits_into_its_limit(on_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2480, 1754), 200) for _ in range(3)])
    [page] = read(on_disk(scanned(noise, quality=95)))
    assert len(page.jpeg) <= scan_worker.MOST_BYTES
    assert [round(side, 1) for side in inches(scanned_pdf([page.jpeg]))] == [16.5, 11.7]


def inches(data: bytes) -> tuple[float, float]:
    box = PdfReader(io.BytesIO(data), strict=True).pages[0].mediabox
    return float(box.width) / 72, float(box.height) / 72


def test_the_pdf_of_chosen_pages_has_their_pictures_untouched_and_is_the_same_each_time(on_disk: Any) -> None:
    got = read(on_disk(scanned(sheet(CODES[0], pen="navy"), sheet(CODES[1]).rotate(90, expand=True), sheet(CODES[2]))))
    chosen = [got[1].jpeg, got[0].jpeg]
    kept = scanned_pdf(chosen)
    assert kept == scanned_pdf(iter(chosen))
    assert len(PdfReader(io.BytesIO(kept), strict=True).pages) == 2
    assert 0 < kept.index(chosen[0]) < kept.index(chosen[1])
    drawn = PdfDocument(kept)
    for place, expected in enumerate((sheet(CODES[1]), sheet(CODES[0], pen="navy"))):
        assert [round(side / 72, 2) for side in drawn[place].get_size()] == [8.27, 11.69]
        assert difference(drawn[place].render(scale=DPI / 72).to_pil(), expected) < 3


@pytest.mark.parametrize("wrong", [b"", b"\xff\xd8\xff\xe0" + b"\0" * 90, b"%PDF-1.7", jpeg(sheet())[:30]])
def test_a_pdf_is_made_of_whole_jpegs_only(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="JPEG"):
        scanned_pdf([wrong])


A, B, OTHER = CODES


def test_pages_of_one_paper_are_brought_together_in_the_order_of_scanning() -> None:
    grouped = pages_by_paper({1: B, 2: A, 3: B, 5: A, 9: B}, printed={A: 2, B: 4})
    assert [(paper.code, paper.places, paper.is_complete) for paper in grouped.papers] == [
        (B, (1, 3, 9), False),
        (A, (2, 5), True),
    ]
    assert grouped.unmatched == ()


def test_a_page_of_another_office_is_left_over_without_candidates() -> None:
    grouped = pages_by_paper({1: A, 2: OTHER, 3: A}, printed={A: 3, B: 1})
    assert [paper.places for paper in grouped.papers] == [(1, 3)]
    assert grouped.unmatched == (UnmatchedPage(place=2, candidates=()),)


def test_a_page_without_code_is_never_matched_and_names_the_nearest_papers_that_lack_pages() -> None:
    codes = {1: A, 2: "", 3: B, 4: "", 5: B, 6: ""}
    lacking = pages_by_paper(codes, printed={A: 2, B: 3})
    assert [paper.places for paper in lacking.papers] == [(1,), (3, 5)]
    assert lacking.unmatched == (
        UnmatchedPage(place=2, candidates=(A, B)),
        UnmatchedPage(place=4, candidates=(B, A)),
        UnmatchedPage(place=6, candidates=(B, A)),
    )
    assert {page.candidates for page in pages_by_paper(codes, printed={A: 1, B: 3}).unmatched} == {(B,)}
    assert {page.candidates for page in pages_by_paper(codes, printed={A: 1, B: 2}).unmatched} == {()}
    assert {page.candidates for page in pages_by_paper(codes, printed={A: 1, B: 0}).unmatched} == {(B,)}
