"""The child process that draws some pages of a scanned file and reads their QR codes; `python -m
papers.signing.scan_worker`.

The file is inherited as a descriptor and read where it is needed, so that 100 MB are not copied from process to
process. What it holds is taken for hostile: limits of memory and time, no network, no secrets in the environment.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Protocol

from models.store import resource_limits
from models.store.upload_kinds import BROKEN, Refused

MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS = 60  # of a portion of pages
NICENESS = 10  # a hundred pages take many seconds, while others work
MOST_PAGES = 200  # of a file
DPI = 150  # of the pictures that are kept
LONGEST = 2560  # pixels of the longer side at most: A3 at 150 dpi
FINER = 1.5  # times as many pixels where no code was read at first
BLUR = 1.0  # pixels: evens out noise and JPEG blocks
A4 = 297 / 25.4  # inches of the longer side, for pictures that do not say how large the page is
QUALITIES = (65, 50, 35)  # of the JPEG: the first whose bytes fit
MOST_BYTES = 1_000_000  # of a page's picture
COLOURFUL, DOTS = 40, 12  # difference between channels and count of pixels from which a page has colour

LOCKED = "berkasnya terkunci kata sandi; simpan dahulu tanpa kata sandi."
MANY = f"isinya lebih dari {MOST_PAGES} halaman; bagi menjadi beberapa berkas."
UNDRAWN = "Halaman ini rusak dan tidak dapat digambar; pindai sekali lagi."
LARGE = "Gambar pada halaman ini terlalu besar; pindai dengan 150 sampai 300 dpi."


class PageSource(Protocol):
    """The pages of a file."""

    def __len__(self) -> int: ...

    def picture(self, place: int, finer: float = 1.0) -> tuple[Any, float]:
        """The page as a Pillow image in L or RGB, and its dots per inch. `finer`: with how many times the pixels along
        a side, where the file has more."""


class PdfPages:
    """The pages of a PDF, drawn by PDFium, which runs no script."""

    def __init__(self, file: BinaryIO) -> None:
        import pypdfium2 as pdfium

        try:
            self._document = pdfium.PdfDocument(file)
        except pdfium.PdfiumError as failed:
            raise Refused(LOCKED if "password" in str(failed).lower() else BROKEN) from failed
        if self._document.get_formtype():
            self._document.init_forms()  # filled-in fields are visible, so they are drawn

    def __len__(self) -> int:
        return len(self._document)

    def picture(self, place: int, finer: float = 1.0) -> tuple[Any, float]:
        from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

        from models.store.pictures import MOST_PIXELS

        page = self._document[place]
        try:
            for item in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
                width, height = item.get_px_size()
                if width * height > MOST_PIXELS:  # PDFium leaves out what it has no memory for, without an error
                    raise Refused(LARGE)
            scale = min(DPI / 72, LONGEST / max(page.get_size())) * finer
            rounded = scale * 0.9999  # sides are rounded up: 1240.0001 pixels must not become 1241
            return page.render(scale=rounded, rev_byteorder=True).to_pil().convert("RGB"), 72 * scale
        finally:
            page.close()


class PicturePages:
    """A picture as one page; a TIFF has as many as pictures."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        from PIL import Image

        from models.store.pictures import PARSERS

        self._data, self._kind, self._count = file.read(), kind, 1
        if kind == "TIFF":
            Image.MAX_IMAGE_PIXELS = None  # `drawn` has a stricter limit
            self._count = Image.open(file, formats=PARSERS[kind]).n_frames  # type: ignore[attr-defined]

    def __len__(self) -> int:
        return self._count

    def picture(self, place: int, finer: float = 1.0) -> tuple[Any, float]:
        from models.store import pictures

        try:
            image = pictures.on_white(pictures.drawn(self._data, self._kind, place))
        except Refused as large:
            raise Refused(LARGE) from large
        if finer == 1.0:
            image.thumbnail((DPI * A4, DPI * A4))
        return image, max(image.size) / A4


def answer(request: bytes) -> bytes:
    """The reply to {"file": descriptor, "kind", "pages": numbers from 0, "wanted": pattern of a code's text}: a line of
    JSON, either the `fault` of the file or the count of its pages as `of` and what was read of each, and the JPEGs."""
    asked = json.loads(request)
    try:
        with os.fdopen(asked["file"], "rb") as file:
            file.seek(0)
            source = PdfPages(file) if asked["kind"] == "PDF" else PicturePages(file, asked["kind"])
            reply, jpegs = _read(source, asked["pages"], re.compile(asked["wanted"]))
    except Refused as refused:
        reply, jpegs = {"fault": str(refused)}, []
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        reply, jpegs = {"fault": BROKEN}, []
    return b"".join([json.dumps(reply).encode(), b"\n", *jpegs])


def _read(source: PageSource, places: Sequence[int], wanted: re.Pattern[str]) -> tuple[dict[str, object], list[bytes]]:
    if not len(source):
        raise Refused(BROKEN)
    if len(source) > MOST_PAGES:
        raise Refused(MANY)
    pages, jpegs = [], []
    for place in [place for place in places if place < len(source)]:
        try:
            page, jpeg = _read_page(source, place, wanted)
        except Refused as refused:
            page, jpeg = {"fault": str(refused)}, b""
        except Exception:  # one page must not cost the others; MemoryError is among them
            page, jpeg = {"fault": UNDRAWN}, b""
        pages.append({**page, "size": len(jpeg)})
        jpegs.append(jpeg)
    return {"of": len(source), "pages": pages}, jpegs


def _read_page(source: PageSource, place: int, wanted: re.Pattern[str]) -> tuple[dict[str, object], bytes]:
    """Texts of its QR codes and by how many degrees clockwise it was turned; and its picture, upright."""
    from PIL import Image

    image, dpi = source.picture(place)
    texts: dict[str, int] = {}  # with the quarter turns counterclockwise that make it upright
    for codes in _attempts(source, place, image):
        texts |= {code.text: round(code.orientation / 90) % 4 for code in codes}
        if any(wanted.search(text) for text in texts):
            break
    lies = [turns for text, turns in texts.items() if wanted.search(text)] or list(texts.values()) or [0]
    ways = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    way = ways[lies[0]]
    upright = image if way is None else image.transpose(way)
    return {"texts": list(texts), "turned": -90 * lies[0] % 360}, _jpeg(upright, dpi)


def _attempts(source: PageSource, place: int, image: Any) -> Iterator[list[Any]]:
    """What is read of QR codes: quickly; then from a finer picture without its noise, by contrast with what is near and
    by a fixed threshold."""
    import zxingcpp
    from PIL import ImageFilter

    kind = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    yield zxingcpp.read_barcodes(image.convert("L"), formats=kind)
    even = source.picture(place, FINER)[0].convert("L").filter(ImageFilter.GaussianBlur(BLUR))
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold):
        yield zxingcpp.read_barcodes(even, formats=kind, binarizer=binarizer)


def _jpeg(image: Any, dpi: float) -> bytes:
    """The picture as a JPEG that says how large the page is; in grey if it has no colour, smaller if it must be."""
    from models.store.pictures import picture_bytes

    plain = image if _has_colour(image) else image.convert("L")
    for quality in QUALITIES:
        jpeg = picture_bytes(plain, "JPEG", quality=quality, dpi=(round(dpi), round(dpi)))
        if len(jpeg) <= MOST_BYTES:
            return jpeg
    return _jpeg(plain.reduce(2), dpi / 2)


def _has_colour(image: Any) -> bool:
    from PIL import ImageChops

    if image.mode == "L":
        return False
    red, green, blue = image.reduce(3).split()
    spread = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return sum(spread.histogram()[COLOURFUL:]) >= DOTS


if __name__ == "__main__":
    os.nice(NICENESS)
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
