"""A whole case in one PDF: index, papers, evidence, with bookmarks and folios."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from models.case import attachments
from models.complaint.paper import Attachment, Content, Paper, Print
from models.reading.casefile import CaseFile, Part
from models.store.seal import BrokenSeal, KeyGone
from papers.layout.letters import ASSETS, font_of
from papers.layout.slips import SIZES
from papers.layout.titled import author_of, entitle
from papers.printing import press
from papers.printing.failure import PrintError
from sop.words import format_date

FONT, SIZE, LINE = "caption", 8, 11  # points
pdfmetrics.registerFont(TTFont(FONT, str(ASSETS / "fonts" / "LiberationSans-Regular.ttf")))
FOLIO = "{} – {} dari {}"
SIDE, FOOT, AIR = 15 * mm, 4 * mm, 1.5  # from the edges; white around the letters, which may stand on a scan
UNKNOWN, CUT = "?", "…"
LACKING = {"blank": " ", "none": ""}


def stamp_folios(writer: PdfWriter, captions: list[str], title: str) -> None:
    """Stamp each page of the file with its folio, and with its caption where it has one."""
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=FONT)
    for page in writer.pages:
        if page.rotation:
            page.transfer_rotation_to_content()
    for number, (page, caption) in enumerate(zip(writer.pages, captions, strict=True), 1):
        _draw(canvas, page, FOLIO.format(title, number, len(captions)), caption)
    canvas.save()
    for page, stamp in zip(writer.pages, PdfReader(out).pages, strict=True):
        page.merge_page(stamp)


def _draw(canvas: Canvas, page: PageObject, folio: str, caption: str) -> None:
    """One stamp, in the page's own coordinates: the folio at the right, the caption in a line above."""
    box = page.cropbox
    left, right, foot = float(box.left), float(box.right), float(box.bottom) + FOOT
    canvas.setPageSize((right, float(box.top)))
    side = min(SIDE, (right - left) / 20)
    wide = pdfmetrics.stringWidth(folio, FONT, SIZE)
    _words(canvas, right - side - wide, foot, folio)
    if caption:
        _words(canvas, left + side, foot + LINE, fitting(caption, right - left - 2 * side, SIZE))
    canvas.showPage()


def _words(canvas: Canvas, across: float, up: float, text: str) -> None:
    canvas.setFillColor(white)
    canvas.rect(
        across - AIR,
        up - SIZE / 4 - AIR,
        pdfmetrics.stringWidth(text, FONT, SIZE) + 2 * AIR,
        SIZE * 1.25 + AIR,
        stroke=0,
        fill=1,
    )
    canvas.setFillColor(black)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(across, up, text)


def fitting(text: str, room: float, size: float) -> str:
    """The text in letters that the font has, cut in its middle where it is too wide: a name ends with its date."""
    known = "".join(letter if font_of(letter) == "text" else LACKING.get(font_of(letter), UNKNOWN) for letter in text)
    words, kept = known, len(known)
    while kept > 1 and pdfmetrics.stringWidth(words, FONT, size) > room:
        kept -= 1
        half = kept // 2
        words = known[: kept - half] + CUT + known[len(known) - half :]
    return words


MOST_BYTES, MOST_PAGES = 80_000_000, 1_500
MARGIN, PDF = 15 * mm, "application/pdf"
MOST_SETTINGS = 4  # of the index, until it has as many pages as it counts
INDEX, TITLE, OF = "Daftar isi berkas", "Berkas {}", "Berkas"
CAPTION = "Bukti {}: {}, dilampirkan {}"
TOO_MUCH = (
    "Berkas ini terlalu besar untuk satu PDF ({size} MB, paling besar {most} MB). Ambil dokumen dan buktinya satu per "
    "satu dari halaman pengaduan."
)
TOO_LONG = "Berkas ini terlalu tebal untuk satu PDF: lebih dari {most} halaman. Ambil isinya satu per satu."
UNREADABLE = "Hilang atau rusak di penyimpanan"


@dataclass(frozen=True)
class Sheets:
    """The pages of one part of the berkas, and what stands at their foot beside the folio."""

    title: str
    read: PdfReader
    caption: str = ""


def case_file_pdf(file: CaseFile) -> bytes:
    """The berkas. PrintError in a sentence if it is too much for one PDF, or its index cannot be printed."""
    _bounded(file)
    spans: dict[Part, tuple[int, int] | str] = {}
    sheets: list[Sheets] = []
    count = 0
    for part, read, caption in _parts(file):
        if isinstance(read, str):
            spans[part] = read
            continue
        spans[part] = (count + 1, count + len(read.pages))
        sheets.append(Sheets(str(part), read, caption))
        count += len(read.pages)
        if count > MOST_PAGES:
            raise PrintError(TOO_LONG.format(most=MOST_PAGES), of=OF)
    about, index = _index(file, spans)
    return _written([Sheets(INDEX, index), *sheets], TITLE.format(file.case.complaint.number), author_of(about))


def _index(file: CaseFile, spans: dict[Part, tuple[int, int] | str]) -> tuple[Content, PdfReader]:
    """The index, which is counted as well: set once more where it takes more pages than was thought."""
    expected = 1
    for _ in range(MOST_SETTINGS):
        content = file.index({part: _behind(expected, span) for part, span in spans.items()})
        index = PdfReader(io.BytesIO(press.loose_pdf(content)))
        if len(index.pages) == expected:
            break
        expected = len(index.pages)
    return content, index


def _behind(pages: int, span: tuple[int, int] | str) -> tuple[int, int] | str:
    return span if isinstance(span, str) else (span[0] + pages, span[1] + pages)


def _bounded(file: CaseFile) -> None:
    """Refuse beforehand what would not fit into memory: by the sizes that the rows tell."""
    printed = Print.select(Print.size).where(Print.paper.in_([paper.id for paper in file.open_papers])).tuples()
    size = sum(size for (size,) in printed) + sum(piece.size for piece in file.pieces)
    if size > MOST_BYTES:
        raise PrintError(TOO_MUCH.format(size=round(size / 1e6), most=round(MOST_BYTES / 1e6)), of=OF)


def _parts(file: CaseFile) -> Iterator[tuple[Part, PdfReader | str, str]]:
    """Each part with its pages, or with the words why it has none; of evidence that is no picture also its caption."""
    for paper in file.open_papers:
        yield paper, _paper(paper), ""
    for place, piece in enumerate(file.pieces, 1):
        caption = CAPTION.format(place, piece.name, format_date(piece.added_at))
        yield piece, _piece(file, piece, caption), caption if piece.kind == PDF else ""


def _paper(paper: Paper) -> PdfReader | str:
    try:
        return PdfReader(io.BytesIO(press.pdf_of(paper.id)))
    except PrintError as failed:
        return str(failed)


def _piece(file: CaseFile, piece: Attachment, caption: str) -> PdfReader | str:
    try:
        data = attachments.data_of(piece, file.seal)
        read = PdfReader(io.BytesIO(data if piece.kind == PDF else pictured(data, caption)))
        return read if len(read.pages) else UNREADABLE
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
    canvas.drawCentredString(wide / 2, MARGIN, fitting(caption, wide - 2 * MARGIN, 9))
    canvas.save()
    return out.getvalue()


def _written(sheets: list[Sheets], title: str, author: str) -> bytes:
    """All pages counted in one series, which stands at the foot of each; a bookmark for each part above its own."""
    writer, out = PdfWriter(), io.BytesIO()
    captions: list[str] = []
    for part in sheets:
        writer.append(part.read, outline_item=part.title)
        captions += [part.caption] * len(part.read.pages)
    stamp_folios(writer, captions, title)
    entitle(writer, title, author)
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()
