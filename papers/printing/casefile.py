"""The case file (berkas) as one PDF: index, papers and evidence, with bookmarks and page stamps."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from models.case import attachments
from models.complaint.paper import Attachment, Content, Paper, Print
from models.reading.casefile import CaseFile, Part
from models.store.seal import BrokenSeal, KeyGone
from papers.layout.glyphs import caption_font, font_of
from papers.layout.pdf_metadata import author_of, set_metadata
from papers.layout.phrases import lowered
from papers.layout.slips import FOOT as SLIP_FOOT
from papers.layout.slips import RIGHT, SIZES
from papers.printing import press
from papers.printing.bundle import sheets_of
from papers.printing.failure import PrintError
from sop.words import format_date

FONT, BOLD = caption_font(), caption_font(bold=True)
SIZE, LINE = 8, 11  # points
FOLIO, CLASSED = "halaman {} dari {}", "RAHASIA – "
LOW, LOWEST = 11.5 * mm, 5 * mm  # from the lower edge: a foot's fourth line; printers leave white up to 4.3 mm
SIDE, BOUND = 20 * mm, 30 * mm  # beside the text, and at the left of papers that stand upright
SLIPS = 200 * mm  # no slip is as high
SHEET_FOOT = 24  # mm: where the foot of a sheet begins
APART = 4 * mm  # from what stands in a line to the page number behind it
UNKNOWN, CUT = "?", "…"
LACKING = {"blank": " ", "none": ""}


def stamp_folios(writer: PdfWriter, captions: list[str], title: str, *, classed: str = "") -> None:
    """Stamp each page with its page number, behind the bold `classed`, and with its caption if it has one."""
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=FONT)
    for page in writer.pages:
        if page.rotation:
            page.transfer_rotation_to_content()
    for number, (page, caption) in enumerate(zip(writer.pages, captions, strict=True), 1):
        short = FOLIO.format(number, len(captions))
        _draw(canvas, page, [((classed, BOLD), (folio, FONT)) for folio in (f"{title} – {short}", short)], caption)
    canvas.save()
    for page, stamp in zip(writer.pages, PdfReader(out).pages, strict=True):
        page.merge_page(stamp)


Folio = tuple[tuple[str, str], tuple[str, str]]  # a page number in words, each with its font


def _width(folio: Folio) -> float:
    return float(sum(pdfmetrics.stringWidth(words, font, SIZE) for words, font in folio))


def _draw(canvas: Canvas, page: PageObject, folios: list[Folio], caption: str) -> None:
    """Draw one stamp in the page's coordinates: the page number at the right of the foot; the caption of a piece of
    evidence in the same line, and what a blank page says in its middle."""
    box = page.cropbox
    left, right, foot = float(box.left), float(box.right), float(box.bottom)
    wide, high = right - left, float(box.top) - foot
    canvas.setPageSize((right, float(box.top)))
    if caption:
        end, level, folio = right - min(SIDE, wide / 7), foot + LOW, folios[0]
    else:
        end, level, folio = _place(page, folios)
    line = canvas.beginText(end - _width(folio), level)
    for words, font in filter(all, folio):
        line.setFont(font, SIZE)
        line.textOut(words)
    canvas.drawText(line)
    if caption == EMPTY:
        canvas.setFont(FONT, EMPTY_SIZE)
        canvas.drawCentredString(left + wide / 2, foot + high / 2, EMPTY)
    elif caption:
        canvas.setFont(FONT, SIZE)
        begin = left + min(BOUND if high > wide else SIDE, wide / 7)
        canvas.drawString(begin, level, fitting(caption, end - _width(folio) - APART - begin, SIZE))
    canvas.showPage()


def _place(page: PageObject, folios: list[Folio]) -> tuple[float, float, Folio]:
    """Where a page number ends, how high, and which of these it is: at the end of the foot's rule, which the QR code
    shortens; on a slip the first for which a line of the foot has room, on a sheet the first of all, under the foot."""
    right, is_slip = float(page.cropbox.right), page.cropbox.height <= SLIPS
    top = (SLIP_FOOT if is_slip else SHEET_FOOT) * mm + 1
    ends, rules = _foot_of(page, top)
    end = max(rules, default=right - min(RIGHT * mm if is_slip else SIDE, right / 7))
    for folio in folios if is_slip else ():
        if roomy := [y for y, last in ends.items() if last < end - _width(folio) - APART]:
            return end, max(roomy), folio
    return end, max(LOWEST, min([LOW, *(y - LINE for y in ends)])), folios[0]


def _foot_of(page: PageObject, top: float) -> tuple[dict[float, float], list[float]]:
    """Of what stands below this height: the end of each line by its height, and the ends of the rules."""
    ends, rules = dict[float, float](), list[float]()

    def hear(text: str, transform: list[float], matrix: list[float], _: object, size: float) -> None:
        y = transform[3] * matrix[5] + transform[5]
        if text.strip() and y < top:
            ends.setdefault(y, transform[4] + matrix[4])
            ends[y] += pdfmetrics.stringWidth(text.strip("\n"), FONT, size)

    def see(operator: bytes, operands: list[float], transform: list[float], _: object) -> None:
        if operator == b"l" and float(operands[1]) * transform[3] + transform[5] < top:
            rules.append(float(operands[0]) * transform[0] + transform[4])

    page.extract_text(visitor_text=hear, visitor_operand_before=see)
    return ends, rules


def fitting(text: str, room: float, size: float) -> str:
    """The text in glyphs of the font, shortened in the middle if it is too wide, because its end is a date."""
    known = "".join(letter if font_of(letter) == "text" else LACKING.get(font_of(letter), UNKNOWN) for letter in text)
    words, count = known, len(known)
    while count > 1 and pdfmetrics.stringWidth(words, FONT, size) > room:
        count -= 1
        half = count // 2
        words = known[: count - half] + CUT + known[len(known) - half :]
    return words


MOST_BYTES, MOST_PAGES = 80_000_000, 1_500
ABOVE, BELOW = 15 * mm, 20 * mm  # of a picture's page: the room for the picture
STRIP = 15 * mm  # under the page of a scan: the room for caption and page number
EMPTY_SIZE = 10  # points
COARSEST = 72 / 100  # points a pixel
PDF = "application/pdf"
MOST_SETTINGS = 4  # attempts to render the index until its page count is stable
INDEX, TITLE, OF = "Sampul dan daftar isi", "Berkas {}", "Berkas"
CAPTION = "Bukti {}: {}, dilampirkan {}"
EMPTY = "Halaman ini sengaja dikosongkan."
TOO_MUCH = (
    "Berkas ini terlalu besar untuk satu PDF ({size} MB, paling besar {most} MB). Ambil dokumen dan buktinya satu per "
    "satu dari halaman pengaduan."
)
TOO_LONG = "Berkas ini terlalu tebal untuk satu PDF: lebih dari {most} halaman. Ambil isinya satu per satu."
UNREADABLE = "filenya hilang atau rusak di penyimpanan"


@dataclass(frozen=True)
class Sheets:
    """The pages of one part of the berkas, and the caption stamped on them."""

    title: str
    read: PdfReader
    caption: str = ""

    def count(self, duplex: bool) -> int:
        """Its pages; with `duplex` an even number, so that the next part begins on a front."""
        return _even(len(self.read.pages), duplex)


def case_file_pdf(file: CaseFile, *, duplex: bool = False) -> bytes:
    """The berkas; with `duplex` each part begins on a front. PrintError with a sentence if it is too large for one PDF,
    or its index cannot be printed."""
    _refuse_too_large(file)
    spans: dict[Part, tuple[int, int] | str] = {}
    sheets: list[Sheets] = []
    count = blank = 0
    for part, read, caption in _parts(file):
        if isinstance(read, str):
            spans[part] = read
            continue
        spans[part] = (count + 1, count + len(read.pages))
        sheets.append(Sheets(str(part), read, caption))
        count += sheets[-1].count(duplex)
        blank += sheets[-1].count(duplex) - len(read.pages)
        if count > MOST_PAGES:
            raise PrintError(TOO_LONG.format(most=MOST_PAGES), of=OF)
    if sheets:  # nothing follows the last part
        spare = sheets[-1].count(duplex) - len(sheets[-1].read.pages)
        count, blank = count - spare, blank - spare
    about, index = _index(file, spans, (count, blank), duplex=duplex and bool(sheets))
    return _merged([Sheets(INDEX, index), *sheets], about, duplex=duplex)


def _even(pages: int, duplex: bool) -> int:
    return pages + (pages % 2 if duplex else 0)


def _index(
    file: CaseFile, spans: dict[Part, tuple[int, int] | str], others: tuple[int, int], *, duplex: bool
) -> tuple[Content, PdfReader]:
    """Cover and index. Their own pages shift the page numbers in it: rendered again if there were not as many as
    expected. `others` are the pages of all other parts, and how many of them are blank."""
    (count, blank), own = others, 2
    for _ in range(MOST_SETTINGS):
        before = _even(own, duplex)
        pages = {
            part: span if isinstance(span, str) else (span[0] + before, span[1] + before)
            for part, span in spans.items()
        }
        content = file.index(pages, count + before, blank + before - own)
        index = PdfReader(io.BytesIO(press.unissued_pdf(content)))
        if len(index.pages) == own:
            break
        own = len(index.pages)
    return content, index


def _refuse_too_large(file: CaseFile) -> None:
    """PrintError if the stored sizes add up to more than MOST_BYTES."""
    printed = Print.select(Print.size).where(Print.paper.in_([paper.id for paper in file.open_papers])).tuples()
    size = sum(size for (size,) in printed) + sum(piece.size for piece in file.pieces)
    if size > MOST_BYTES:
        raise PrintError(TOO_MUCH.format(size=round(size / 1e6), most=round(MOST_BYTES / 1e6)), of=OF)


def _parts(file: CaseFile) -> Iterator[tuple[Part, PdfReader | str, str]]:
    """(part, pages or the sentence why there are none, caption to stamp) of each paper and attachment."""
    notes = press.copy_notes(file.open_papers)
    for paper in file.open_papers:
        yield paper, _paper(paper, notes.get(paper.id, "")), ""
    size = str(file.case.settings["paper.size"])
    for place, piece in enumerate(file.pieces, 1):
        caption = CAPTION.format(place, piece.name, format_date(piece.added_at))
        yield piece, _piece(file, piece, size), caption


def _paper(paper: Paper, note: str) -> PdfReader | str:
    try:
        return sheets_of(press.pdf_of(paper.id), note)
    except PrintError as failed:
        return lowered(str(failed))


def _piece(file: CaseFile, piece: Attachment, size: str) -> PdfReader | str:
    try:
        data = attachments.data_of(piece, file.seal)
        made = scan_pages(data, size) if piece.kind == PDF else picture_page(data, size)
        read = PdfReader(io.BytesIO(made))
        return read if len(read.pages) else UNREADABLE
    except KeyGone as gone:
        return lowered(str(gone))
    except (FileNotFoundError, BrokenSeal, PyPdfError, OSError):
        return UNREADABLE


def picture_page(data: bytes, size: str = "F4") -> bytes:
    """A page of the office's paper with a picture, scaled to fit but no coarser than COARSEST; landscape for wide
    pictures."""
    out, picture = io.BytesIO(), Image.open(io.BytesIO(data))
    wide, high = _sheet(size, lies=picture.width > picture.height)
    canvas = Canvas(out, pagesize=(wide, high), initialFontName=FONT)
    room = (wide - 2 * SIDE, high - ABOVE - BELOW)
    scale = min(room[0] / picture.width, room[1] / picture.height, COARSEST)
    across, up = picture.width * scale, picture.height * scale
    left, foot = (wide - across) / 2, BELOW + (room[1] - up) / 2
    canvas.drawImage(ImageReader(picture), left, foot, across, up, mask="auto")
    canvas.save()
    return out.getvalue()


def scan_pages(data: bytes, size: str = "F4") -> bytes:
    """The pages of a PDF on the office's paper, scaled down to fit, over a strip in which nothing of them stands."""
    writer, out = PdfWriter(), io.BytesIO()
    for page in PdfWriter(clone_from=io.BytesIO(data)).pages:  # a reader's pages cannot be turned
        if page.rotation:
            page.transfer_rotation_to_content()
        box = page.cropbox
        wide, high = _sheet(size, lies=box.width > box.height)
        scale = min(wide / float(box.width), (high - STRIP) / float(box.height), 1)
        across, up = (wide - float(box.width) * scale) / 2, (high + STRIP - float(box.height) * scale) / 2
        moved = Transformation().translate(-float(box.left), -float(box.bottom)).scale(scale).translate(across, up)
        writer.add_blank_page(wide, high).merge_transformed_page(page, moved)
    writer.write(out)
    return out.getvalue()


def _sheet(size: str, *, lies: bool) -> tuple[float, float]:
    """Width and height of the office's paper in points."""
    wide, high = (side * mm for side in SIZES.get(size, SIZES["F4"]))
    return (high, wide) if lies else (wide, high)


def _merged(sheets: list[Sheets], about: Content, *, duplex: bool) -> bytes:
    """Merge the parts into one PDF with continuous page numbers and a bookmark for each part."""
    writer, out = PdfWriter(), io.BytesIO()
    title, captions = TITLE.format(about["register"]), list[str]()
    for part in sheets:
        writer.append(part.read, outline_item=part.title)
        captions += [part.caption] * len(part.read.pages)
        if part is not sheets[-1] and part.count(duplex) > len(part.read.pages):
            writer.add_blank_page()
            captions.append(EMPTY)
    stamp_folios(writer, captions, title, classed=CLASSED if about["secret"] else "")
    set_metadata(writer, title, author_of(about))
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()
