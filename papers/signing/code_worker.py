"""The child process that reads QR codes off one picture; `python -m papers.signing.code_worker`.

The request is the kind of the picture, a line feed, and the picture; it is bounded as what cleans uploads is.
"""

import json

from models.store import resource_limits
from models.store.upload_kinds import BROKEN, Refused
from models.store.upload_worker import CPU_SECONDS, HEAVY, MEMORY


def answer(request: bytes) -> bytes:
    """The reply as JSON: `texts` of all codes on the picture, or the sentence why it cannot be read."""
    kind, _, data = request.partition(b"\n")
    try:
        reply: dict[str, object] = {"texts": _texts(data, kind.decode())}
    except Refused as refused:
        reply = {"fault": str(refused)}
    except MemoryError:
        reply = {"fault": HEAVY}
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        reply = {"fault": BROKEN}
    return json.dumps(reply).encode()


def _texts(data: bytes, kind: str) -> list[str]:
    import zxingcpp

    from models.store.pictures import drawn, on_white

    picture = on_white(drawn(data, kind)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(picture) if code.format == zxingcpp.BarcodeFormat.QRCode]


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
