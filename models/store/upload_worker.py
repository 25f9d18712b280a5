"""The child process that sanitises one file: kind and bytes on stdin; `python -m models.store.upload_worker`."""

from models.store import resource_limits
from models.store.upload_kinds import BROKEN, JPEG, PDF, Refused

MEMORY = 1 << 30  # bytes of address space; a photo of 48 megapixels needs a third of it
CPU_SECONDS = 20
DONE, FAILED = b"+", b"-"
EVIDENCE, EMBLEM = "evidence", "emblem"  # the use of a file
HEAVY = "berkasnya terlalu rumit untuk diperiksa."


def harmless(kind: str, data: bytes, most: int) -> tuple[bytes, str]:
    """The sanitised bytes and their media type. Refused with a sentence where the file cannot be sanitised."""
    if kind != "PDF":
        from models.store.pictures import redrawn

        return redrawn(data, kind, most)
    from models.store.pdfs import rewritten

    clean = rewritten(data)
    if clean is None:
        from models.store.pdf_raster import rasterised  # takes 0.2 s to import and is rarely needed

        clean = rasterised(data)
    return clean, PDF


def emblem(kind: str, data: bytes) -> tuple[bytes, str]:
    """The picture fitted to the letterhead, and its media type."""
    from models.store.pictures import fit_to_letterhead

    return fit_to_letterhead(data, kind), JPEG


def answer(request: bytes) -> bytes:
    """The reply to "<use> <kind> <most>\\n<the file>": DONE, media type and new bytes, or FAILED and why."""
    head, _, data = request.partition(b"\n")
    use, kind, most = head.decode().split()
    try:
        clean, what = emblem(kind, data) if use == EMBLEM else harmless(kind, data, int(most))
    except Refused as refused:
        return FAILED + str(refused).encode()
    except MemoryError:
        return FAILED + HEAVY.encode()
    except Exception:
        return FAILED + BROKEN.encode()  # the parsers raise arbitrary exceptions for malformed files
    return DONE + what.encode() + b"\n" + clean


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
