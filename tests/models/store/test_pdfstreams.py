"""pypdf's private names that the clean copy stands on: here a new release fails first, and says what to mend."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

from models.store.pdfstreams import change_stored, streams_of

MENDED_IN = "pypdf has moved {}: see how it does this now, and mend models/store/pdfstreams.py alone."


def written() -> tuple[PdfWriter, StreamObject]:
    """A file of one empty page, which says b"packed" in a filter that pypdf does not unpack by itself."""
    page, stream = PdfWriter().add_blank_page(100, 100), DecodedStreamObject()
    stream.set_data(b"packed")
    stream[NameObject("/Filter")] = NameObject("/DCTDecode")
    page[NameObject("/Contents")] = stream
    writer = PdfWriter()
    writer.add_page(page)
    return writer, stream


def test_the_streams_of_a_copy_are_found_before_it_is_written() -> None:
    writer, _ = written()
    assert [stream.get("/Filter") for stream in streams_of(writer)] == ["/DCTDecode"], MENDED_IN.format("_objects")


def test_stored_bytes_are_changed_without_encoding_again() -> None:
    writer, _ = written()
    [stream] = streams_of(writer)
    change_stored(stream, lambda data: data[::-1])
    out = io.BytesIO()
    writer.write(out)
    assert b"dekcap" in out.getvalue(), MENDED_IN.format("_data")
    assert len(PdfReader(out).pages) == 1
