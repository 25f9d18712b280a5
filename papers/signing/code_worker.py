"""The child process that reads codes off a file; `python -m papers.signing.code_worker`.

Of a picture it reads the QR codes, of a PDF the verification codes in its text. The request is the kind of the file, a
line feed, and the file; it is bounded as what cleans uploads is.
"""

import json
import re

from models.store import resource_limits
from models.store.upload_kinds import BROKEN, Refused
from models.store.upload_worker import CPU_SECONDS, HEAVY, MEMORY
from papers.signing.file_structure import LARGE, MOST_PAGES
from papers.signing.signature_worker import ENCRYPTED

_IN_GROUPS = re.compile(r"(?<![^\W_])(?:[^\W_]{4}\s*-\s*){6}[^\W_]{2}(?![^\W_])")  # as papers say their code


def answer(request: bytes) -> bytes:
    """The reply as JSON: `texts` of all codes in the file, or the sentence why it cannot be read."""
    kind, _, data = request.partition(b"\n")
    try:
        reply: dict[str, object] = {"texts": _texts_in_pdf(data) if kind == b"PDF" else _texts(data, kind.decode())}
    except Refused as refused:
        reply = {"fault": str(refused)}
    except MemoryError:
        reply = {"fault": HEAVY}
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        reply = {"fault": BROKEN}
    return json.dumps(reply).encode()


def _texts_in_pdf(data: bytes) -> list[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as failed:
        raise Refused(ENCRYPTED if "password" in str(failed).lower() else BROKEN) from failed
    if len(document) > MOST_PAGES:
        raise Refused(LARGE)
    return [text for page in document for text in _IN_GROUPS.findall(page.get_textpage().get_text_range())]


def _texts(data: bytes, kind: str) -> list[str]:
    import zxingcpp

    from models.store.pictures import drawn, on_white

    picture = on_white(drawn(data, kind)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(picture) if code.format == zxingcpp.BarcodeFormat.QRCode]


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
