"""Uploaded files: the name is cleaned and the bytes are sanitised in a child process, or refused with a sentence."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.store import resource_limits, upload_worker
from models.store.resource_limits import Work
from models.store.upload_kinds import BROKEN, EXTENSIONS, KINDS, TITLES, Refused, ending, kind_of

LONGEST = 100  # characters, without the extension
NAMELESS = "berkas"
_PARTS = re.compile(r"[/\\]")
_AWKWARD = re.compile(r'[<>:"|?*;%]+')
_INNER_ENDING = re.compile(r"\.(?=[^\W\d_])")  # a dot before a letter looks like another extension
_LONG_NUMBER = re.compile(r"\d{6,}(?=\d{4}(?!\d))")  # a NIK or telephone number must not be visible in a file name


def clean_name(name: str, ending: str) -> str:
    """The name to store: without path, control or direction characters and NIK, and with only the right extension."""
    plain = visible_text(_PARTS.split(name)[-1])
    stem = plain.rpartition(".")[0] if "." in plain else plain
    stem = _INNER_ENDING.sub("-", _AWKWARD.sub("_", stem).strip(" ."))
    stem = " ".join(_LONG_NUMBER.sub("…", stem).split())[:LONGEST].strip(" .")
    return (stem or NAMELESS) + ending


def visible_text(text: str) -> str:
    """The visible characters of a text, on one line."""
    normal = unicodedata.normalize("NFC", text)
    visible = (c for c in normal if c.isspace() or not unicodedata.category(c).startswith("C"))  # C: control, format
    return " ".join("".join(visible).split())


MEGABYTE = 1024 * 1024
WALL_SECONDS = 30.0
PICTURES = ("PNG", "JPEG")  # accepted for an emblem
OUTSIDE = "di luar panel"  # the kind of evidence stored elsewhere
CROWDED = "berkas lain masih diperiksa; kirim lagi sebentar lagi."
OTHERWISE = "Bila tetap perlu, catat sebagai bukti di luar panel."


class NotChecked(Refused):
    """The file was not checked, as all slots were taken."""


@dataclass(frozen=True)
class Offer:
    """A file as uploaded."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Piece:
    """A piece of evidence to store: sanitised bytes, or what is stored elsewhere and where (`place`)."""

    name: str
    kind: str
    data: bytes = b""
    place: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest() if self.data else ""


def examine(offers: Iterable[Offer], *, most: int) -> tuple[list[Piece], list[str]]:
    """The accepted pieces, and a sentence for each refused file; `most` is the limit of one file in bytes."""
    pieces, sentences = [], []
    for offer in offers:
        try:
            pieces.append(piece_of(offer, most=most))
        except NotChecked as crowded:
            return [], [str(crowded).capitalize()]  # the others would be refused as well
        except Refused as refused:
            sentences.append(f"“{clean_name(offer.name, ending(offer.name))}”: {refused} {OTHERWISE}")
    return pieces, sentences


def piece_of(offer: Offer, *, most: int) -> Piece:
    """One file sanitised. Refused with a sentence if it is too large, not of its extension's type, or malformed."""
    _check_size(len(offer.data), most)
    kind = _agreed_kind(offer)
    clean, what = _clean_bytes(kind, offer.data, most, upload_worker.EVIDENCE)
    _check_size(len(clean), most)
    return Piece(clean_name(offer.name, EXTENSIONS[what]), what, clean)


def emblem_of(offer: Offer, *, most: int) -> bytes:
    """A picture re-encoded as an emblem. Refused with a sentence if it is too large, no picture, or malformed."""
    _check_size(len(offer.data), most)
    kind = _agreed_kind(offer, PICTURES)
    return _clean_bytes(kind, offer.data, most, upload_worker.EMBLEM)[0]


def outside(what: str, place: str) -> Piece:
    """Evidence outside the panel: what it is and where it is stored."""
    return Piece(visible_text(what), OUTSIDE, place=visible_text(place))


def most_bytes(settings: Mapping[str, Any]) -> int:
    """The limit of one file in bytes, by the office's setting."""
    return int(settings["evidence.size"]) * MEGABYTE


def _check_size(size: int, most: int) -> None:
    if not size:
        raise Refused("berkasnya kosong.")
    if size > most:
        raise Refused(f"lebih dari {most // MEGABYTE} MB.")


def _agreed_kind(offer: Offer, among: tuple[str, ...] = tuple(KINDS)) -> str:
    """The kind of the magic bytes; Refused if it is not `among` these or the extension differs."""
    kind, last = kind_of(offer.data), ending(offer.name)
    if kind not in among:
        raise Refused(f"isinya bukan {TITLES if among == tuple(KINDS) else 'JPG atau PNG'}.")
    if last not in KINDS[kind].endings:
        raise Refused(f"isinya {KINDS[kind].title}, tetapi namanya tidak berakhir {KINDS[kind].endings[0]}.")
    return kind


def _clean_bytes(kind: str, data: bytes, most: int, use: str) -> tuple[bytes, str]:
    request = f"{use} {kind} {most}\n".encode() + data
    try:
        reply = resource_limits.answer(upload_worker.__name__, request, seconds=WALL_SECONDS, work=Work.FILE)
    except resource_limits.ChildFailed as spent:
        raise Refused(upload_worker.HEAVY) from spent
    except resource_limits.AllSlotsTaken as crowded:
        raise NotChecked(CROWDED) from crowded
    if reply[:1] != upload_worker.DONE:
        raise Refused(reply[1:].decode() or BROKEN)
    what, _, clean = reply[1:].partition(b"\n")
    return clean, what.decode()
