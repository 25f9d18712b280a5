"""Rasterise a PDF: a new one with one picture per page and nothing else."""

import io

import pypdfium2 as pdfium
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.store.pictures import QUALITY
from models.store.upload_kinds import BROKEN, SHEET, Refused

rl_config.useA85 = 0  # binary streams
MOST_PAGES = 30
DOTS = 150 / 72  # pixels a point: 150 dpi
SIDE = 2000  # pixels of the longer side at most, for large pages
LOCKED = "berkasnya terkunci kata sandi; simpan dahulu tanpa kata sandi."
MANY = f"isinya perlu digambar ulang, tetapi lebih dari {MOST_PAGES} halaman; bagi menjadi beberapa berkas."


def rasterised(data: bytes) -> bytes:
    """The picture-only PDF. Refused with a sentence if it does not open or has too many pages."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as failed:
        raise Refused(LOCKED if "password" in str(failed).lower() else BROKEN) from failed
    if not len(document):
        raise Refused(BROKEN)
    if len(document) > MOST_PAGES:
        raise Refused(MANY)
    if document.get_formtype():
        document.init_forms()  # filled-in fields are visible, so they are rendered
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in document:
        _draw(page, canvas)
    canvas.save()
    return out.getvalue()


def _draw(page: pdfium.PdfPage, canvas: Canvas) -> None:
    width, height = (min(max(length, 1.0), SHEET) for length in page.get_size())
    picture = page.render(scale=min(DOTS, SIDE / max(page.get_size()))).to_pil().convert("RGB")
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY)
    jpeg.seek(0)
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.showPage()
