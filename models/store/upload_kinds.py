"""The kinds of file that may come in: how the bytes of each begin, how its names end, who reads it."""

from dataclasses import dataclass
from pathlib import PurePosixPath

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
KEPT = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}  # what is kept, whatever came in
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


class Refused(ValueError):
    """The file cannot be kept; the message is the sentence that says why."""


@dataclass(frozen=True)
class Kind:
    """A kind of file as it comes in."""

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
SHEET = 14_400.0  # points: the largest sheet that PDF knows
BROKEN = "berkasnya rusak atau tidak lengkap."


def kind_of(data: bytes) -> str:
    """The key of the kind that the first bytes are of, "" if of none."""
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
    """How a name ends, in small letters: ".jpg"; "" if it has no ending."""
    return PurePosixPath(name.strip().lower()).suffix
