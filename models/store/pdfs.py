"""Sanitise a PDF by copying its pages only; one with active content is not copied, but rasterised by the caller."""

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
MOST_UNPACKED = 200_000_000  # bytes of streams after decompression, plus pixels of images
LINKS = {"/Link", "/Popup"}  # annotations without visible content
_JPEG, _JPEG_2000 = "/DCTDecode", "/JPXDecode"


def rewritten(data: bytes) -> bytes | None:
    """A copy without active or hidden content; None where a copy would lose visible or retain active content."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        if reader.is_encrypted or _is_active(reader):
            return None
        copy = _copy_of_pages(reader)
        return None if _is_active(PdfReader(io.BytesIO(copy))) else copy
    except Exception:
        return None  # what pypdf cannot parse is rasterised, or refused, by pdfium


def _copy_of_pages(reader: PdfReader) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for page in reader.pages:
        if max(page.mediabox.width, page.mediabox.height) > SHEET:
            raise ValueError("no sheet is so large")
        for key in set(page) - PAGE:
            del page[key]
        for item in _objects(dict(page), but={"/Parent"}):
            for key in UNSEEN & set(item):
                del item[key]
        writer.add_page(page)
    streams = streams_of(writer)
    _limit_unpacked_size(streams)
    for stored in streams:
        if _JPEG in _filters(stored):
            change_stored(stored, without_exif)
    writer.metadata = None
    writer.write(out)
    return out.getvalue()


def _limit_unpacked_size(streams: Iterable[StreamObject]) -> None:
    """ValueError if the streams decompress to more than MOST_UNPACKED (pypdf has limits of its own)."""
    room = MOST_UNPACKED
    for stored in streams:
        sides: Any = [stored.get("/Width"), stored.get("/Height")]
        room -= sides[0] * sides[1] if stored.get("/Subtype") == "/Image" else len(stored.get_data())
        if room < 0:
            raise ValueError("too much to unpack")


def _is_active(reader: PdfReader) -> bool:
    """Whether the file has scripts, actions, attachments, forms, or content that a copy would not show the same."""
    if any(_is_active_object(item) for item in _objects(reader.trailer)):
        return True
    annotations = (note.get_object() for page in reader.pages for note in (page.get("/Annots") or ArrayObject()))
    return any(note.get("/Subtype") not in LINKS for note in annotations)


def _is_active_object(item: DictionaryObject) -> bool:
    first, filters = item.get("/OpenAction"), _filters(item)
    if first is not None and not isinstance(first, ArrayObject):  # an array is only the page to open at
        return True
    layered = _JPEG_2000 in filters or (_JPEG in filters and len(filters) > 1)
    return bool(ACTIVE & set(item)) or item.get("/S") in ACTS or layered


def _filters(stream: DictionaryObject) -> list[Any]:
    named = stream.get("/Filter")
    return list(named) if isinstance(named, ArrayObject) else [named] if named else []


def _objects(root: Any, but: frozenset[str] | set[str] = frozenset()) -> Iterator[DictionaryObject]:
    """Every reachable dictionary (streams are dictionaries), each once."""
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
