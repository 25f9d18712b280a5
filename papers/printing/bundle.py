"""Many printed papers in one file: merged with a bookmark each, or as a zip that streams."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pypdf import PdfReader, PdfWriter

from models.complaint.paper import Paper
from papers.layout.titled import entitle
from sop.words import in_wib

COPY = "{} (rangkap ke-{})"


@dataclass(frozen=True)
class Bound:
    """A printed paper that goes into one file with others, and how many copies of it are handed out."""

    title: str
    pdf: bytes
    copies: int = 1

    @property
    def titles(self) -> list[str]:
        """The bookmark of each copy."""
        return [self.title, *(COPY.format(self.title, number) for number in range(2, self.copies + 1))]


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def merge(papers: Iterable[Bound], *, title: str, author: str, duplex: bool = False) -> bytes:
    """One PDF of all, a bookmark per paper above its own, fonts that are the same kept once.

    Sheets of one size follow one another, so that the tray is changed once. For `duplex` each paper has even pages, so
    that none begins on another's back.
    """
    writer, out = PdfWriter(), io.BytesIO()
    read = [(paper, PdfReader(io.BytesIO(paper.pdf))) for paper in papers]
    for paper, reader in _by_sheet(read):
        for name in paper.titles:
            writer.append(reader, outline_item=name)
            if duplex and len(reader.pages) % 2:
                writer.add_blank_page()
    entitle(writer, title, author)
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


def _by_sheet(read: list[tuple[Bound, PdfReader]]) -> list[tuple[Bound, PdfReader]]:
    """By the size of the first sheet, upright or lying, in the order in which the sizes came; of one size as before."""
    order: dict[tuple[int, ...], int] = {}
    sizes = [order.setdefault(_sheet(reader), len(order)) for _, reader in read]
    return [one for _, one in sorted(zip(sizes, read, strict=True), key=lambda pair: pair[0])]


def _sheet(reader: PdfReader) -> tuple[int, ...]:
    box = reader.pages[0].mediabox
    return tuple(sorted((round(box.width), round(box.height))))


def file_names(papers: Iterable[Paper]) -> Iterator[tuple[Paper, str]]:
    """Each paper with its file name, unique among them: nota-dinas_400.9-12-35.73-2026.pdf"""
    taken: set[str] = set()
    for paper in papers:
        number = re.sub(r"[^A-Za-z0-9.]+", "-", paper.number).strip("-.") or "tanpa-nomor"
        plain = name = f"{paper.kind.replace('_', '-')}_{number}"
        count = 1
        while name in taken:
            count += 1
            name = f"{plain}_{count}"
        taken.add(name)
        yield paper, f"{name}.pdf"


class _Spout:
    """A file without a past: what is written can be taken once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


@dataclass(frozen=True)
class Packed:
    """A file of a zip, and the moment that it bears."""

    name: str
    at: datetime
    data: bytes


def pour(files: Iterable[Packed]) -> Iterator[bytes]:
    """A zip of these files, given out as they come."""
    spout = _Spout()
    with zipfile.ZipFile(spout, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, in_wib(file.at).timetuple()[:6]), file.data)
            yield spout.take()
    yield spout.take()
