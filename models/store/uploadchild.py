"""The process that makes one file harmless: kind and bytes come on stdin; `python -m models.store.uploadchild`."""

from models.store import bounded
from models.store.upload_kinds import BROKEN, JPEG, PDF, Refused

MEMORY = 1 << 30  # bytes of address space; a photo of 48 megapixels needs a third of it
CPU_SECONDS = 20
DONE, FAILED = b"+", b"-"
EVIDENCE, EMBLEM = "evidence", "emblem"  # what a file is to become
HEAVY = "berkasnya terlalu rumit untuk diperiksa."


def harmless(kind: str, data: bytes, most: int) -> tuple[bytes, str]:
    """New bytes in place of those that came in, and what they are. Refused with a sentence where there are none."""
    if kind != "PDF":
        from models.store.pictures import redrawn

        return redrawn(data, kind, most)
    from models.store.pdfs import rewritten

    clean = rewritten(data)
    if clean is None:
        from models.store.pdf_drawn import drawn  # a fifth of a second that only few files need

        clean = drawn(data)
    return clean, PDF


def emblem(kind: str, data: bytes) -> tuple[bytes, str]:
    """The picture as the letterhead needs it."""
    from models.store.pictures import fit_to_letterhead

    return fit_to_letterhead(data, kind), JPEG


def answer(request: bytes) -> bytes:
    """The reply to "<use> <kind> <most>\\n<the file>": done with what it is and the new bytes, or failed and why."""
    head, _, data = request.partition(b"\n")
    use, kind, most = head.decode().split()
    try:
        clean, what = emblem(kind, data) if use == EMBLEM else harmless(kind, data, int(most))
    except Refused as refused:
        return FAILED + str(refused).encode()
    except MemoryError:
        return FAILED + HEAVY.encode()
    except Exception:
        return FAILED + BROKEN.encode()  # the readers raise whatever they like at what they cannot read
    return DONE + what.encode() + b"\n" + clean


if __name__ == "__main__":
    bounded.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
