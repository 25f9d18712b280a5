"""Scanned papers: the pages of a scanned file with their verification codes, which pages belong to which paper, and
one PDF of those that are kept."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from models.complaint.codes import typed_code
from models.complaint.paper import CODE
from models.store import resource_limits
from models.store.resource_limits import ChildFailed, Work
from models.store.seal import SYMBOLS
from models.store.upload_kinds import Refused, kind_of
from papers.signing import scan_worker
from papers.signing.scan_worker import UNDRAWN

MOST_MEGABYTES = 100  # of a scanned file
PORTION = 10  # pages that a child process draws: its start takes 0.3 s, and the parent holds their pictures
SECONDS, SECONDS_A_PAGE = 15.0, 5.0  # wall clock of a child process
MOST_FAILURES = 5  # pages of a file that may each end a child process
EMPTY = "berkasnya kosong."
TOO_LARGE = f"lebih dari {MOST_MEGABYTES} MB; bagi menjadi beberapa berkas."
NOT_SCANNED = "isinya bukan PDF, JPG, PNG, HEIC, WebP, atau TIFF."
HEAVY = "berkasnya terlalu rumit untuk diperiksa."
NO_CODE = "Tidak ada kode verifikasi yang terbaca pada halaman ini."
OTHER_QR = "Kode QR pada halaman ini bukan kode verifikasi dokumen."
SEVERAL = "Ada lebih dari satu kode verifikasi pada halaman ini."
NOT_TRIED = "Halaman ini tidak diperiksa karena terlalu banyak halaman rusak sebelumnya; pindai sekali lagi."
_WANTED = f"[{SYMBOLS}]{{{CODE}}}$"  # how the QR code of a paper ends
_TIFF = (b"II*\0", b"MM\0*")


@dataclass(frozen=True, kw_only=True)
class ScannedPage:
    """A page of a scanned file: `place` of `of` in it, from 1. `code` is the one verification code on it; if there is
    none or more than one, it is "" and `remark` says why. `jpeg` is the page upright, turned by so many degrees
    clockwise, at 150 dpi; b"" if it could not be drawn."""

    place: int
    of: int
    code: str
    remark: str
    turned: int = 0
    jpeg: bytes = b""


def scanned_pages(file: BinaryIO) -> Iterator[ScannedPage]:
    """The pages of a PDF or a picture on disk, one after the other: at most `PORTION` are held in memory.

    Refused with a sentence, at the first page, if the file cannot be read at all; a page that cannot be drawn says so
    in its remark. AllSlotsTaken if no slot is free. The file needs a descriptor, as a temporary file has, and must
    not be used while its pages are read.
    """
    kind, first, of, failures = _kind_of(file), 0, 1, 0
    while first < of and failures < MOST_FAILURES:
        try:
            of, pages = _read(file, kind, range(first, first + PORTION))
            yield from pages
        except ChildFailed:
            of = _page_count(file, kind)
            for place in range(first, min(first + PORTION, of)):
                try:
                    yield from _read(file, kind, range(place, place + 1))[1]
                except ChildFailed:
                    failures += 1
                    yield ScannedPage(place=place + 1, of=of, code="", remark=UNDRAWN)
        first += PORTION
    for place in range(first, of):
        yield ScannedPage(place=place + 1, of=of, code="", remark=NOT_TRIED)


def scan_kind(begins: bytes) -> str:
    """The kind of a scanned file by its first bytes, "" if it is none that is read."""
    return "TIFF" if begins.startswith(_TIFF) else kind_of(begins)


def _kind_of(file: BinaryIO) -> str:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    begins = file.read(16)
    if not size:
        raise Refused(EMPTY)
    if size > MOST_MEGABYTES * 1024 * 1024:
        raise Refused(TOO_LARGE)
    kind = scan_kind(begins)
    if not kind:
        raise Refused(NOT_SCANNED)
    return kind


def _page_count(file: BinaryIO, kind: str) -> int:
    try:
        return _read(file, kind, range(0))[0]
    except ChildFailed as failed:
        raise Refused(HEAVY) from failed


def _read(file: BinaryIO, kind: str, places: range) -> tuple[int, list[ScannedPage]]:
    """How many pages the file has, and those of these numbers from 0; ChildFailed as of `answer`."""
    asked = {"file": file.fileno(), "kind": kind, "pages": list(places), "wanted": _WANTED}
    reply = resource_limits.answer(
        scan_worker.__name__,
        json.dumps(asked).encode(),
        seconds=SECONDS + SECONDS_A_PAGE * len(places),
        work=Work.FILE,
        files=[file.fileno()],
    )
    head, _, jpegs = reply.partition(b"\n")
    read = json.loads(head)
    if "fault" in read:
        raise Refused(read["fault"])
    pages, start = [], 0
    for place, page in zip(places, read["pages"], strict=False):
        jpeg = jpegs[start : start + page["size"]]
        start += page["size"]
        pages.append(_page(place + 1, read["of"], page, jpeg))
    return read["of"], pages


def _page(place: int, of: int, read: Mapping[str, Any], jpeg: bytes) -> ScannedPage:
    if "fault" in read:
        return ScannedPage(place=place, of=of, code="", remark=read["fault"])
    codes = {typed_code(text) for text in read["texts"]} - {""}
    remark = "" if len(codes) == 1 else SEVERAL if codes else OTHER_QR if read["texts"] else NO_CODE
    code = "" if remark else codes.pop()
    return ScannedPage(place=place, of=of, code=code, remark=remark, turned=read["turned"], jpeg=jpeg)


@dataclass(frozen=True, kw_only=True)
class ScannedPaper:
    """The pages that bear the code of one paper, in the order in which they were scanned; and how many pages its print
    has, 0 if that is not known."""

    code: str
    places: tuple[int, ...]
    printed: int

    @property
    def is_complete(self) -> bool:
        return len(self.places) == self.printed


@dataclass(frozen=True, kw_only=True)
class UnmatchedPage:
    """A page without a code of the office; and the codes of the papers that it may belong to, the likeliest first."""

    place: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PagesByPaper:
    papers: tuple[ScannedPaper, ...]
    unmatched: tuple[UnmatchedPage, ...]


def pages_by_paper(codes: Mapping[int, str], *, printed: Mapping[str, int]) -> PagesByPaper:
    """Which pages belong to which paper: only those that bear its code. Papers stand in the order of their first pages.

    `codes`: of each place in the order of scanning, "" for none. `printed`: how many pages the print of each paper has,
    by code, 0 if not known; a code that is not in it is of another office, and its pages stay unmatched. Candidates for
    an unmatched page without a code are the papers before and after it, then others that lack pages; none that has all.
    """
    places_of: dict[str, list[int]] = {}
    for place in sorted(codes):
        if codes[place] in printed:
            places_of.setdefault(codes[place], []).append(place)
    papers = [ScannedPaper(code=c, places=tuple(places), printed=printed[c]) for c, places in places_of.items()]
    lacking = [paper for paper in papers if not paper.printed or len(paper.places) < paper.printed]
    unmatched = [
        UnmatchedPage(place=place, candidates=() if codes[place] else _candidates(place, lacking))
        for place in sorted(codes)
        if codes[place] not in printed
    ]
    return PagesByPaper(papers=tuple(papers), unmatched=tuple(unmatched))


def _candidates(place: int, lacking: Iterable[ScannedPaper]) -> tuple[str, ...]:
    """The papers by the distance of their nearest page; at the same distance the one before, whose next page it is."""

    def distance(paper: ScannedPaper) -> tuple[int, bool]:
        return min((abs(place - each), each > place) for each in paper.places)

    return tuple(paper.code for paper in sorted(lacking, key=distance))


def scanned_pdf(jpegs: Iterable[bytes]) -> bytes:
    """One PDF with these pictures, as `ScannedPage` has them, as its pages and nothing else; the same pictures make the
    same bytes. The JPEGs are embedded as they are. ValueError if one is no such JPEG."""
    objects: list[bytes] = [b"", b""]  # the catalog and the tree of pages, which are known last
    for jpeg in jpegs:
        page = len(objects) + 1
        width, height, channels, dpi = _measures(jpeg)
        wide, high = (f"{pixels * 72 / dpi:.2f}" for pixels in (width, height))
        drawing = f"{wide} 0 0 {high} 0 0 cm /P Do".encode()
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Contents {page + 1} 0 R"
            f"/Resources<</XObject<</P {page + 2} 0 R>>>>>>".encode(),
            _stream("", drawing),
            _stream(
                f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/Filter/DCTDecode"
                f"/ColorSpace/{'DeviceGray' if channels == 1 else 'DeviceRGB'}",
                jpeg,
            ),
        ]
    pages = range(3, len(objects) + 1, 3)
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{page} 0 R' for page in pages)}]>>".encode()
    return _pdf_file(objects)


def _stream(entries: str, content: bytes) -> bytes:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _pdf_file(objects: Iterable[bytes]) -> bytes:
    out, places = io.BytesIO(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start, count = out.tell(), len(places) + 1
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out.write(f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode())
    out.write(f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _measures(jpeg: bytes) -> tuple[int, int, int, int]:
    """Width, height, channels and dots per inch of a JPEG of the child process."""
    if jpeg[:4] != b"\xff\xd8\xff\xe0" or jpeg[6:11] != b"JFIF\0":
        raise ValueError("no JPEG with a JFIF header")
    dpi, at = int.from_bytes(jpeg[14:16], "big"), 2
    while jpeg[at : at + 1] == b"\xff" and jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    height, width = (int.from_bytes(jpeg[start : start + 2], "big") for start in (at + 5, at + 7))
    if jpeg[at : at + 1] != b"\xff" or not (dpi and width and height) or jpeg[at + 9] not in (1, 3):
        raise ValueError("no JPEG of the child process")
    return width, height, jpeg[at + 9], dpi
