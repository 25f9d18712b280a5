"""Many printed papers in one file: merged with a bookmark each, or as a zip that streams."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from pypdf import PdfReader, PdfWriter

from models.tables.paper import Paper
from sop.words import in_wib


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def merge(papers: Iterable[tuple[str, bytes]]) -> bytes:
    """One PDF of all, a bookmark per paper, fonts that are the same kept once."""
    writer, out = PdfWriter(), io.BytesIO()
    for title, pdf in papers:
        writer.append(io.BytesIO(pdf), outline_item=title, import_outline=False)
    writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


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


def pour(files: Iterable[tuple[Paper, str, bytes]]) -> Iterator[bytes]:
    """A zip of these files, given out as they come; each bears its paper's date."""
    spout = _Spout()
    with zipfile.ZipFile(spout, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for paper, name, data in files:
            archive.writestr(zipfile.ZipInfo(name, in_wib(paper.issued_at).timetuple()[:6]), data)
            yield spout.take()
    yield spout.take()
