"""The folio of a berkas: at the foot of each page which it is of how many, and of evidence what it is."""

import io

from pypdf import PageObject, PdfReader, PdfWriter
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from papers.layout.letters import ASSETS, font_of

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
