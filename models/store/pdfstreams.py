"""The only module that uses pypdf's private attributes: the streams of a PdfWriter and their encoded bytes.

When a new release renames one, tests/models/store/test_pdfstreams.py fails first, and only this module changes.
"""

from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.generic import StreamObject


def streams_of(writer: PdfWriter) -> list[StreamObject]:
    """Every stream that will be written, including those that no page refers to."""
    return [part for part in writer._objects if isinstance(part, StreamObject)]


def change_stored(stream: StreamObject, change: Callable[[bytes], bytes]) -> None:
    """Replace the encoded bytes and leave the filters as they are: `set_data` would encode again."""
    stream._data = change(stream._data)
