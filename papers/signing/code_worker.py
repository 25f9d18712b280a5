"""The child process that reads codes off a file; `python -m papers.signing.code_worker`.

Of a picture it reads the QR codes, of a PDF the verification codes in its text. The request is the kind of the file, a
line feed, and the file; it is bounded as what cleans uploads is.
"""

import json
import re
from typing import Any

from models.store import resource_limits
from models.store.upload_kinds import BROKEN, Refused
from models.store.upload_worker import CPU_SECONDS, HEAVY, MEMORY
from papers.signing.file_structure import LARGE, MOST_PAGES
from papers.signing.signature_worker import ENCRYPTED

_IN_GROUPS = re.compile(r"(?<![^\W_])(?:[^\W_]{4}\s*-\s*){6}[^\W_]{2}(?![^\W_])")  # as papers say their code
MOSTLY = 0.8  # of the page's area


def answer(request: bytes) -> bytes:
    """The reply as JSON: `texts` of all codes in the file and, of a PDF, whether it `is_scan`; or the sentence why it
    cannot be read."""
    kind, _, data = request.partition(b"\n")
    try:
        reply: dict[str, object] = _read_pdf(data) if kind == b"PDF" else {"texts": _texts(data, kind.decode())}
    except Refused as refused:
        reply = {"fault": str(refused)}
    except MemoryError:
        reply = {"fault": HEAVY}
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        reply = {"fault": BROKEN}
    return json.dumps(reply).encode()


def _read_pdf(data: bytes) -> dict[str, object]:
    """The codes in the text of pages that are not scanned: the text behind a scan is what a program guessed."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as failed:
        raise Refused(ENCRYPTED if "password" in str(failed).lower() else BROKEN) from failed
    if len(document) > MOST_PAGES:
        raise Refused(LARGE)
    printed = [page for page in document if not _is_scanned(page)]
    texts = [text for page in printed for text in _IN_GROUPS.findall(page.get_textpage().get_text_range())]
    return {"texts": texts, "is_scan": not printed}


def _is_scanned(page: Any) -> bool:
    """Whether one picture covers the page."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    wide, high = page.get_size()
    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        left, foot, right, top = picture.get_bounds()
        if (right - left) * (top - foot) >= MOSTLY * wide * high:
            return True
    return False


def _texts(data: bytes, kind: str) -> list[str]:
    import zxingcpp

    from models.store.pictures import drawn, on_white

    picture = on_white(drawn(data, kind)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(picture) if code.format == zxingcpp.BarcodeFormat.QRCode]


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
