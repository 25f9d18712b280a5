"""Verification codes read off a photograph of a paper's QR code, or in the text of a PDF."""

import json
from dataclasses import dataclass

from models.complaint.codes import typed_code
from models.store import resource_limits
from models.store.resource_limits import ChildFailed, Work
from models.store.upload_kinds import Refused
from models.store.upload_worker import HEAVY
from papers.signing import code_worker

SECONDS = 30.0  # wall clock for one picture
NO_QR = "Tidak ada kode QR yang terbaca. Foto lebih dekat dan lurus, dengan seluruh kode QR di dalam gambar."
OTHER_QR = "Kode QR-nya bukan kode verifikasi dokumen."
SEVERAL = "Ada lebih dari satu kode verifikasi pada gambar. Foto satu kode QR saja."


def code_on_picture(data: bytes, kind: str) -> str:
    """The one verification code on the picture. Refused with a sentence if there is none or more than one, or if it
    cannot be read; AllSlotsTaken if no slot is free. `kind`: as `kind_of` names it."""
    codes = {typed_code(text) for text in texts_on_picture(data, kind)} - {""}
    if len(codes) != 1:
        raise Refused(SEVERAL if codes else OTHER_QR)
    return codes.pop()


def texts_on_picture(data: bytes, kind: str) -> list[str]:
    """What all QR codes on the picture say, at least one. Refused and AllSlotsTaken as above."""
    texts, _ = _read(data, kind, "Gambar")
    if not texts:
        raise Refused(NO_QR)
    return texts


@dataclass(frozen=True)
class CodesInPdf:
    """The verification codes in the text of a PDF, each once, in order; none in a scan, whose pages are pictures."""

    codes: tuple[str, ...]
    is_scan: bool


def codes_in(data: bytes) -> CodesInPdf:
    """The codes in a PDF. Refused with a sentence if it cannot be read; AllSlotsTaken if no slot is free."""
    texts, is_scan = _read(data, "PDF", "Berkas")
    return CodesInPdf(tuple(dict.fromkeys(filter(None, map(typed_code, texts)))), is_scan)


def _read(data: bytes, kind: str, named: str) -> tuple[list[str], bool]:
    """The texts that may be codes, and whether it is a PDF of pictures."""
    try:
        reply = resource_limits.answer(
            code_worker.__name__, f"{kind}\n".encode() + data, seconds=SECONDS, work=Work.FILE
        )
    except ChildFailed as failed:
        raise Refused(f"{named} itu tidak dapat dibaca: {HEAVY}") from failed
    read = json.loads(reply)
    if "fault" in read:
        raise Refused(f"{named} itu tidak dapat dibaca: {read['fault']}")
    return read["texts"], bool(read.get("is_scan"))
