"""Reads a printed paper back: its text page by page, where its lines stand, the sizes of its letters, its fonts."""

import io
import re
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from pypdf import PageObject, PdfReader

CODE_IN_FOOT = re.compile(r"\A\s*(DATA CONTOH – bukan dokumen dinas)?[.\s]*(Kode verifikasi [0-9A-Z-]+)?")
FOOT = 9.5  # points: what is smaller stands in the foot, or is the number of the page


@dataclass(frozen=True)
class Line:
    """A line of text: how high above the lower edge of its page, and in which size."""

    mm: float
    size: float
    text: str


def pages(printed: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]


def flow(page: str) -> str:
    """A page's text without its number, its foot and the mark of a draft, which are drawn first."""
    return CODE_IN_FOOT.sub("", page.split(" WIB", 1)[1], count=1)


def words(text: str) -> str:
    """A text without blanks and hyphens: a word that is wider than its line is parted with one."""
    return "".join(text.replace("-", "").split())


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


def strokes(printed: bytes, page: int = 0) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight lines that are drawn on a page: from where to where, from its lower left corner (pt)."""
    drawn: list[tuple[tuple[float, float], tuple[float, float]]] = []
    start = (0.0, 0.0)

    def hear(operator: bytes, operands: list[float], ctm: list[float], matrix: list[float]) -> None:
        nonlocal start
        if operator in (b"m", b"l"):
            x, y = map(float, operands)
            here = (x * ctm[0] + ctm[4], y * ctm[3] + ctm[5])
            if operator == b"l":
                drawn.append((start, here))
            start = here

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_operand_before=hear)
    return drawn


def fonts(printed: bytes) -> list[dict]:
    reader = PdfReader(io.BytesIO(printed))
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]


def lines(printed: bytes) -> list[list[Line]]:
    """The lines of each page from above, without foot and number."""
    return [_lines(page) for page in PdfReader(io.BytesIO(printed)).pages]


def _lines(page: PageObject) -> list[Line]:
    heard: dict[float, list[tuple[str, float]]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip() and size > FOOT:
            heard.setdefault(round(matrix[5] * ctm[3] + ctm[5], 1), []).append((text, size))

    page.extract_text(visitor_text=hear)
    made = [Line(y * 25.4 / 72, max(s for _, s in of), "".join(t for t, _ in of)) for y, of in heard.items()]
    return [line for line in sorted(made, key=lambda one: -one.mm) if not re.fullmatch(r"\s*- \d+ -\s*", line.text)]


def last_box(printed: bytes, text: str, page: int = 0) -> tuple[float, float, float, float]:
    """Where a text of one line stands last on a page: left, lower, right and upper edge of its letters (pt)."""
    document = pypdfium2.PdfDocument(printed)
    try:
        read = document[page].get_textpage()
        at = -1
        searcher = read.search(text)
        while place := searcher.get_next():
            at = place[0]
        letters = [read.get_charbox(at + number) for number, letter in enumerate(text) if letter != " "]
    finally:
        document.close()
    lefts, lowers, rights, uppers = zip(*letters, strict=True)
    return min(lefts), min(lowers), max(rights), max(uppers)


def codes(printed: bytes, dpi: int = 100) -> list[list[str]]:
    """What the QR codes of each page say, read from a picture of it."""
    document = pypdfium2.PdfDocument(printed)
    try:
        pictures = [page.render(scale=dpi / 72).to_pil() for page in document]
    finally:
        document.close()
    return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]


def lowest(printed: bytes) -> list[float]:
    """How high (mm) the last line of each page stands above its lower edge, but for its foot."""
    return [_lowest(page) * 25.4 / 72 for page in PdfReader(io.BytesIO(printed)).pages]


def _lowest(page: PageObject) -> float:
    heights: list[float] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        height = matrix[5] * ctm[3] + ctm[5]
        if text.strip() and height > 25 * 72 / 25.4:
            heights.append(height)

    page.extract_text(visitor_text=hear)
    return min(heights)
