"""PDFs are written anew from their pages; one that could do more than be read is drawn, page by page, as pictures."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from models.store.pdfstreams import change_stored, streams_of
from models.store.pictures import without_exif
from models.store.upload_kinds import SHEET

PAGE = {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/UserUnit"}
UNSEEN = {
    "/Metadata",
    "/PieceInfo",
    "/AF",
    "/LastModified",
    "/Thumb",
    "/OPI",
    "/Alternates",
    "/Ref",
    "/StructParent",
    "/StructParents",
}
ACTIVE = {
    "/JS",
    "/JavaScript",
    "/AA",
    "/Launch",
    "/EmbeddedFiles",
    "/EF",
    "/RichMedia",
    "/RichMediaContent",
    "/XFA",
    "/AcroForm",
    "/SubmitForm",
    "/Encrypt",
    "/Collection",
    "/OCProperties",
    "/Rendition",
}
ACTS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/ResetForm",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/GoToR",
    "/GoToE",
    "/RichMediaExecute",
    "/Trans",
    "/Hide",
    "/SetOCGState",
}
MOST_UNPACKED = 200_000_000  # bytes of text and fonts, pixels of pictures
LINKS = {"/Link", "/Popup"}  # annotations that show nothing of their own
_JPEG, _JPEG_2000 = "/DCTDecode", "/JPXDecode"


def rewritten(data: bytes) -> bytes | None:
    """A clean copy of a PDF that can only be read; None where a copy would lose what one sees, or keep more."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        if reader.is_encrypted or _is_active(reader):
            return None
        copy = _copy_of_pages(reader)
        return None if _is_active(PdfReader(io.BytesIO(copy))) else copy
    except Exception:
        return None  # whatever pypdf stumbles over is drawn, or refused, by the other reader


def _copy_of_pages(reader: PdfReader) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for page in reader.pages:
        if max(page.mediabox.width, page.mediabox.height) > SHEET:
            raise ValueError("no sheet is so large")
        for key in set(page) - PAGE:
            del page[key]
        for one in _objects(dict(page), but={"/Parent"}):
            for key in UNSEEN & set(one):
                del one[key]
        writer.add_page(page)
    streams = streams_of(writer)
    _unpack(streams)
    for stored in streams:
        if _JPEG in _filters(stored):
            change_stored(stored, without_exif)
    writer.metadata = None
    writer.write(out)
    return out.getvalue()


def _unpack(streams: Iterable[StreamObject]) -> None:
    """ValueError where a reader of the copy would have to unpack more than it has room for (pypdf has bounds, too)."""
    room = MOST_UNPACKED
    for stored in streams:
        sides: Any = [stored.get("/Width"), stored.get("/Height")]
        room -= sides[0] * sides[1] if stored.get("/Subtype") == "/Image" else len(stored.get_data())
        if room < 0:
            raise ValueError("too much to unpack")


def _is_active(reader: PdfReader) -> bool:
    """Whether anything in the file acts, hides or is filled in, or could not be copied as one sees it."""
    if any(_speaks(one) for one in _objects(reader.trailer)):
        return True
    noted = (note.get_object() for page in reader.pages for note in (page.get("/Annots") or ArrayObject()))
    return any(note.get("/Subtype") not in LINKS for note in noted)


def _speaks(item: DictionaryObject) -> bool:
    first, filters = item.get("/OpenAction"), _filters(item)
    if first is not None and not isinstance(first, ArrayObject):  # an array only says which page is shown first
        return True
    layered = _JPEG_2000 in filters or (_JPEG in filters and len(filters) > 1)
    return bool(ACTIVE & set(item)) or item.get("/S") in ACTS or layered


def _filters(one: DictionaryObject) -> list[Any]:
    named = one.get("/Filter")
    return list(named) if isinstance(named, ArrayObject) else [named] if named else []


def _objects(root: Any, but: frozenset[str] | set[str] = frozenset()) -> Iterator[DictionaryObject]:
    """Every dictionary (streams are dictionaries) that can be reached, each once."""
    waiting: list[Any] = [value for key, value in root.items() if key not in but]
    known: set[tuple[int, int]] = set()
    if isinstance(root, DictionaryObject):
        yield root
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in known:
                continue
            known.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            yield item
            waiting += [value for key, value in item.items() if key not in but]
        elif isinstance(item, ArrayObject):
            waiting += item
