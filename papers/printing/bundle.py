"""Many printed papers in one file: a merged PDF with a bookmark each, or a streamed zip."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from models.complaint.paper import Paper
from papers.layout.pdf_metadata import set_metadata
from sop.words import in_wib

if TYPE_CHECKING:
    from pypdf import PdfReader

COPY = "{} (rangkap ke-{})"
NOTE_SIZE, NOTE_BELOW = 8, 22  # points; from the upper edge, where printers leave white up to 12


@dataclass(frozen=True)
class MergedPaper:
    """A printed paper to be merged with others, and its number of copies."""

    title: str
    pdf: bytes
    copies: int = 1
    note: str = ""  # stamped on each page

    @property
    def titles(self) -> list[str]:
        """The bookmark of each copy."""
        return [self.title, *(COPY.format(self.title, number) for number in range(2, self.copies + 1))]


def page_count(pdf: bytes) -> int:
    from pypdf import PdfReader  # imported here: a start reads no PDF

    return len(PdfReader(io.BytesIO(pdf)).pages)


def merge(papers: Iterable[MergedPaper], *, title: str, author: str, duplex: bool = False) -> bytes:
    """Merge papers into one PDF with a bookmark each; identical fonts are stored once.

    Papers are grouped by sheet size, so that the printer's tray changes once per size. With `duplex` each paper but the
    last gets an even number of pages, so that none begins on another's back.
    """
    from pypdf import PdfWriter  # imported here: a start reads no PDF

    writer, out = PdfWriter(), io.BytesIO()
    by_sheet: dict[tuple[int, ...], list[tuple[MergedPaper, PdfReader]]] = {}
    for paper in papers:
        reader = sheets_of(paper.pdf, paper.note)
        box = reader.pages[0].mediabox
        shorter_first = tuple(sorted((round(box.width), round(box.height))))
        by_sheet.setdefault(shorter_first, []).append((paper, reader))
    for paper, reader in chain.from_iterable(by_sheet.values()):
        for name in paper.titles:
            if duplex and len(writer.pages) % 2:
                writer.add_blank_page()  # of the size of the page before
            writer.append(reader, outline_item=name)
    set_metadata(writer, title, author)
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


def sheets_of(pdf: bytes, note: str = "") -> "PdfReader":
    """The pages of a paper to be put with others, without its signature fields, as nobody signs many papers at once;
    with a note at the upper edge of each page, if there is one."""
    from pypdf import PdfReader  # imported here: a start reads no PDF

    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        page.pop("/Annots", None)
    reader.root_object.pop("/AcroForm", None)
    return _stamped(reader, note) if note else reader


def _stamped(reader: "PdfReader", note: str) -> "PdfReader":
    from pypdf import PdfReader, PdfWriter
    from reportlab.pdfgen.canvas import Canvas

    from papers.layout.glyphs import caption_font

    writer, stamps = PdfWriter(clone_from=reader), io.BytesIO()
    canvas = Canvas(stamps, initialFontName=caption_font(), invariant=1)
    for page in writer.pages:
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        canvas.setPageSize((wide, high))
        canvas.setFont(caption_font(), NOTE_SIZE)
        canvas.drawCentredString(wide / 2, high - NOTE_BELOW, note)
        canvas.showPage()
    canvas.save()
    for page, stamp in zip(writer.pages, PdfReader(stamps).pages, strict=True):
        page.merge_page(stamp)
    out = io.BytesIO()
    writer.write(out)
    return PdfReader(out)


def number_in_names(number: str) -> str:
    """A number as a part of a file's name: 400.9-12-35.73-2026."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", number).strip("-.") or "tanpa-nomor"


def file_names(papers: Iterable[Paper]) -> Iterator[tuple[Paper, str]]:
    """Each paper with a unique file name, as nota-dinas_400.9-12-35.73-2026.pdf."""
    taken: set[str] = set()
    for paper in papers:
        plain = name = f"{paper.kind.replace('_', '-')}_{number_in_names(paper.number)}"
        count = 1
        while name in taken:
            count += 1
            name = f"{plain}_{count}"
        taken.add(name)
        yield paper, f"{name}.pdf"


class _StreamBuffer:
    """A write-only file whose written bytes can be taken once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Required by zipfile."""

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


@dataclass(frozen=True)
class ZippedFile:
    """A file of a zip, and its modification time."""

    name: str
    at: datetime
    data: bytes


def stream_zip(files: Iterable[ZippedFile]) -> Iterator[bytes]:
    """Stream a zip of these files."""
    buffer = _StreamBuffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, in_wib(file.at).timetuple()[:6]), file.data)
            yield buffer.take()
    yield buffer.take()
