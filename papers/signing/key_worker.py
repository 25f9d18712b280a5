"""The child process that signs PDFs with the office's key, with pyHanko; `python -m papers.signing.key_worker`.

The request is a line of JSON and the files one after the other. The key and its password come by it alone: a child's
environment and arguments can be read by others on the computer.
"""

import io
import json
import os
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from models.store import resource_limits

MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS = 60
STAMP_SECONDS, LARGEST_STAMP = 10.0, 1 << 18
LARGEST_TEXT, SMALLEST_TEXT, LEADING, MARGIN = 8.0, 4.0, 1.2, 4.0  # points; line height by font size
LOCKED = "Kunci tanda tangan tidak terbuka."
ENDED = "Sertifikat kunci tanda tangan tidak berlaku hari ini."
UNSTAMPED = "Server stempel waktu tidak menjawab dengan benar."
NO_FIELD = "Dokumen ini tidak mempunyai kolom tanda tangan yang masih kosong untuk penanda tangannya."
UNREADABLE = "Dokumen ini tidak dapat ditandatangani: susunan berkasnya tidak dikenal."


class NotSigned(Exception):
    """One file, or if `stops` all that follow, cannot be signed; the message is a sentence."""

    def __init__(self, sentence: str, *, stops: bool = False) -> None:
        super().__init__(sentence)
        self.stops = stops


def answer(request: bytes) -> bytes:
    """The reply to {"p12": base64, "password", "timestamp": URL, "authorities": file, "papers": [{"size", "role",
    "lines"}]} and the files: a line of JSON, for each paper {"size", "fault", "stops"}, and the signed files."""
    head, _, files = request.partition(b"\n")
    asked = json.loads(head)
    replies: list[dict[str, object]] = []
    signed_files = []
    for signed in _signed_files(asked, files):
        if isinstance(signed, NotSigned):
            replies.append({"size": 0, "fault": str(signed), "stops": signed.stops})
        else:
            replies.append({"size": len(signed), "fault": "", "stops": False})
            signed_files.append(signed)
    return json.dumps(replies).encode() + b"\n" + b"".join(signed_files)


def _signed_files(asked: Mapping[str, Any], files: bytes) -> Iterator[bytes | NotSigned]:
    """Each file signed, until one failure stops the rest."""
    if asked["authorities"]:
        os.environ["SSL_CERT_FILE"] = asked["authorities"]
    start = 0
    try:
        signer = _signer(b64decode(asked["p12"]), asked["password"])
        stamper = _stamper(asked["timestamp"]) if asked["timestamp"] else None
    except NotSigned as why:
        yield why
        return
    for paper in asked["papers"]:
        data, start = files[start : start + paper["size"]], start + paper["size"]
        try:
            yield _signed(data, paper["role"], paper["lines"], signer, stamper)
        except NotSigned as why:
            yield why
            if why.stops:
                return
        except Exception:  # the libraries raise arbitrary exceptions for malformed files
            yield NotSigned(UNREADABLE)


def _signer(packed: bytes, password: str) -> Any:
    from pyhanko.sign import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[], passphrase=password.encode() or None)
    except Exception:  # of a file that is none: ValueError, TypeError and what OpenSSL raises
        raise NotSigned(LOCKED, stops=True) from None
    if signer is None:
        raise NotSigned(LOCKED, stops=True)
    certificate = signer.signing_cert
    if not certificate.not_valid_before <= datetime.now(UTC) < certificate.not_valid_after:
        raise NotSigned(ENDED, stops=True)
    return signer


def _stamper(url: str) -> Any:
    """A client of the RFC 3161 server; its answers are checked by pyHanko."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    from papers.signing.bounded_http import PostFailed, post

    class BoundedTimeStamper(TimeStamper):
        """Asks by the panel's own bounded POST."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            headers = {"Content-Type": "application/timestamp-query"}
            try:
                reply = post(url, req.dump(), headers, seconds=STAMP_SECONDS, most=LARGEST_STAMP)
            except PostFailed:
                raise NotSigned(UNSTAMPED, stops=True) from None
            if reply.status != 200 or reply.media_type != "application/timestamp-reply":
                raise NotSigned(UNSTAMPED, stops=True)
            return tsp.TimeStampResp.load(reply.body)

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except NotSigned:
                raise
            except Exception:  # a reply that is none
                raise NotSigned(UNSTAMPED, stops=True) from None

    return BoundedTimeStamper()  # type: ignore[no-untyped-call]


def _signed(data: bytes, role: str, lines: list[str], signer: Any, stamper: Any) -> bytes:
    """The file with an incremental update that fills the field of the role."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    fields = {name: field for name, value, field in enumerate_sig_fields(writer.prev) if value is None}
    if role not in fields:
        raise NotSigned(NO_FIELD)
    left, foot, right, top = (float(edge) for edge in fields[role].get_object()["/Rect"])
    meta = PdfSignatureMetadata(field_name=role, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out = io.BytesIO()
    PdfSigner(meta, signer, timestamper=stamper, stamp_style=_appearance(lines, right - left, top - foot)).sign_pdf(
        writer, output=out
    )
    return out.getvalue()


def _appearance(lines: list[str], wide: float, high: float) -> Any:
    """The texts in the middle of a field of this size, with an embedded font and without border or background."""
    from pyhanko.pdf_utils import layout
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    page = io.BytesIO(_text_page(tuple(lines), round(wide, 2), round(high, 2)))

    class DrawnText(PdfContent):
        """The page of text as part of the appearance."""

        def render(self) -> bytes:
            writer: Any = self.writer
            text = writer.import_page_as_xobject(PdfFileReader(page))
            self.resources.xobject["/Text"] = text
            return b"/Text Do"

    placed = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MIN,
        y_align=layout.AxisAlignment.ALIGN_MIN,
        margins=layout.Margins(0, 0, 0, 0),
    )
    text = DrawnText(box=layout.BoxConstraints(width=wide, height=high))
    return StaticStampStyle(border_width=0, background=text, background_opacity=1.0, background_layout=placed)


@lru_cache(maxsize=64)  # in one batch mostly of one signer
def _text_page(lines: tuple[str, ...], wide: float, high: float) -> bytes:
    """A PDF page of the texts, one below the other, in the largest letters with which they fit."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from papers.layout.glyphs import ASSETS

    font = "signature"
    pdfmetrics.registerFont(TTFont(font, str(ASSETS / "fonts" / "LiberationSans-Regular.ttf")))
    size = LARGEST_TEXT
    while True:
        wrapped = [part for line in lines for part in simpleSplit(line, font, size, wide - 2 * MARGIN)]
        widest = max(pdfmetrics.stringWidth(part, font, size) for part in wrapped)
        fits = len(wrapped) * LEADING * size <= high - 2 * MARGIN and widest <= wide - 2 * MARGIN
        if fits or size <= SMALLEST_TEXT:
            break
        size -= 0.5
    room = max(1, int((high - 2 * MARGIN) / (LEADING * size)))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(wide, high), invariant=1, initialFontName=font)
    canvas.setFont(font, size)
    foot = (high + min(len(wrapped), room) * LEADING * size) / 2 - size
    for number, part in enumerate(wrapped[:room]):
        canvas.drawCentredString(wide / 2, foot - number * LEADING * size, part)
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
