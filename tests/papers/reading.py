"""Reads a printed paper back: its text page by page, the sizes of its letters, its fonts."""

import io

from pypdf import PdfReader


def pages(printed: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]


def flow(page: str) -> str:
    """A page's text without its number, its foot and the mark of a draft, which are drawn first."""
    return page.split(" WIB", 1)[1]


def words(text: str) -> str:
    return "".join(text.split())


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


def fonts(printed: bytes) -> list[dict]:
    reader = PdfReader(io.BytesIO(printed))
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
