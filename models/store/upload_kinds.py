"""Accepted file types: magic bytes, file name extensions, and what they are stored as."""

from dataclasses import dataclass
from pathlib import PurePosixPath

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}  # stored media types and their extensions
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


class Refused(ValueError):
    """The file is not accepted; the message is the sentence that says why."""


@dataclass(frozen=True)
class Kind:
    """An accepted type of upload."""

    title: str
    endings: tuple[str, ...]


KINDS = {
    "JPEG": Kind("JPG", (".jpg", ".jpeg")),
    "PNG": Kind("PNG", (".png",)),
    "WEBP": Kind("WebP", (".webp",)),
    "HEIF": Kind("HEIC", (".heic", ".heif")),
    "PDF": Kind("PDF", (".pdf",)),
}
ACCEPTED = tuple(ending for kind in KINDS.values() for ending in kind.endings)
TITLES = "JPG, PNG, HEIC, WebP, atau PDF"
SHEET = 14_400.0  # points: the largest page side in PDF
BROKEN = "berkasnya rusak atau tidak lengkap."


def kind_of(data: bytes) -> str:
    """The key in KINDS by the magic bytes, "" for none."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return "PDF" if data.startswith(b"%PDF-") else ""


def ending(name: str) -> str:
    """The extension of a file name in lower case: ".jpg"; "" if there is none."""
    return PurePosixPath(name.strip().lower()).suffix
