"""A whole case in one PDF: the index, the papers' kept bytes, the evidence; with bookmarks and page labels."""

import io
from collections.abc import Iterator

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.errors import PyPdfError
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from models.case import attachments
from models.reading.casefile import CaseFile, Part
from models.store.seal import BrokenSeal, KeyGone
from models.tables.attachment import Attachment
from models.tables.paper import Paper, Print
from papers.layout.letters import ASSETS
from papers.layout.page import SIZES
from papers.printing import press
from papers.printing.failure import PrintError

MOST_BYTES, MOST_PAGES = 80_000_000, 1_500
MARGIN, FONT = 15 * mm, "caption"
pdfmetrics.registerFont(TTFont(FONT, str(ASSETS / "fonts" / "LiberationSans-Regular.ttf")))
TOO_MUCH = (
    "Berkas ini terlalu besar untuk satu PDF ({size} MB, paling besar {most} MB). Ambil dokumen dan buktinya satu per "
    "satu dari halaman pengaduan."
)
TOO_LONG = "Berkas ini terlalu tebal untuk satu PDF: lebih dari {most} halaman. Ambil isinya satu per satu."
UNREADABLE = "Hilang atau rusak di penyimpanan"


def case_file_pdf(file: CaseFile) -> bytes:
    """The berkas. PrintError in a sentence if it is too much for one PDF, or its index cannot be printed."""
    _bounded(file)
    spans: dict[Part, tuple[int, int] | str] = {}
    pages: list[PageObject] = []
    for part, sheets in _parts(file):
        if isinstance(sheets, str):
            spans[part] = sheets
            continue
        spans[part] = (len(pages) + 1, len(pages) + len(sheets))
        pages += sheets
        if len(pages) > MOST_PAGES:
            raise PrintError(TOO_LONG.format(most=MOST_PAGES))
    index = PdfReader(io.BytesIO(press.loose_pdf(file.index(spans)))).pages
    marks = [(str(part), span[0]) for part, span in spans.items() if isinstance(span, tuple)]
    return _written(list(index), pages, marks)


def _bounded(file: CaseFile) -> None:
    """Refuse beforehand what would not fit into memory: by the sizes that the rows tell."""
    printed = Print.select(Print.size).where(Print.paper.in_([paper.id for paper in file.open_papers])).tuples()
    size = sum(size for (size,) in printed) + sum(piece.size for piece in file.pieces)
    if size > MOST_BYTES:
        raise PrintError(TOO_MUCH.format(size=round(size / 1e6), most=round(MOST_BYTES / 1e6)))


def _parts(file: CaseFile) -> Iterator[tuple[Part, list[PageObject] | str]]:
    """Each part with its pages, or with the words why it has none."""
    for paper in file.open_papers:
        yield paper, _paper(paper)
    for place, piece in enumerate(file.pieces, 1):
        yield piece, _piece(file, piece, f"Bukti {place} pada pengaduan {file.case.complaint.number}")


def _paper(paper: Paper) -> list[PageObject] | str:
    try:
        return list(PdfReader(io.BytesIO(press.pdf_of(paper.id))).pages)
    except PrintError as failed:
        return str(failed)


def _piece(file: CaseFile, piece: Attachment, caption: str) -> list[PageObject] | str:
    try:
        data = attachments.data_of(piece, file.seal)
        pdf = data if piece.kind == "application/pdf" else pictured(data, caption)
        return list(PdfReader(io.BytesIO(pdf)).pages)
    except KeyGone as gone:
        return str(gone)
    except (FileNotFoundError, BrokenSeal, PyPdfError, OSError):
        return UNREADABLE


def pictured(data: bytes, caption: str) -> bytes:
    """A picture on a page of its own, as large as fits, with a caption under it; lying pages for broad pictures."""
    out, picture = io.BytesIO(), Image.open(io.BytesIO(data))
    wide, high = (side * mm for side in SIZES["F4"])
    if picture.width > picture.height:
        wide, high = high, wide
    canvas = Canvas(out, pagesize=(wide, high), initialFontName=FONT)
    room = (wide - 2 * MARGIN, high - 3 * MARGIN)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    across, up = picture.width * scale, picture.height * scale
    left, foot = (wide - across) / 2, 2 * MARGIN + (room[1] - up) / 2
    canvas.drawImage(ImageReader(picture), left, foot, across, up, mask="auto")
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(wide / 2, MARGIN, caption)
    canvas.save()
    return out.getvalue()


def _written(index: list[PageObject], pages: list[PageObject], marks: list[tuple[str, int]]) -> bytes:
    """The index in Roman, everything else counted from 1, a bookmark for each part."""
    writer, out = PdfWriter(), io.BytesIO()
    for page in (*index, *pages):
        writer.add_page(page)
    writer.add_outline_item(title="Daftar isi berkas", page_number=0)
    for title, first in marks:
        writer.add_outline_item(title=title, page_number=len(index) + first - 1)
    writer.set_page_label(0, len(index) - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    if pages:
        writer.set_page_label(len(index), len(index) + len(pages) - 1, style=PageLabelStyle.DECIMAL, start=1)
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()
