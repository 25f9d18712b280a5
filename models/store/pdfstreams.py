"""The one place that knows pypdf's private names: the streams of a copy that is being written, and their stored bytes.

When a new release moves one, tests/models/store/test_pdfstreams.py fails first: mend it here alone.
"""

from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.generic import StreamObject


def streams_of(writer: PdfWriter) -> list[StreamObject]:
    """Every stream that the file will hold, also what no page leads to."""
    return [part for part in writer._objects if isinstance(part, StreamObject)]


def change_stored(stream: StreamObject, change: Callable[[bytes], bytes]) -> None:
    """Put other bytes in the place of those stored, still packed as before: `set_data` would pack them anew."""
    stream._data = change(stream._data)
