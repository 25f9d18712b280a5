"""The office's standard texts, and the emblem of its letterhead.

A text is not a template language: placeholders such as {nomor} are looked up in a closed list and substituted once.
"""

import base64
import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import peewee as pw

from models.store.base import Model, Moment, now
from models.store.upload_kinds import JPEG
from models.store.uploads import MEGABYTE, Offer, emblem_of

DATA = Path(__file__).parents[1] / "data" / "wording.json"
PREFIX = "wording."  # of their keys in the settings
EMAIL = "surel"  # in place of a kind of paper: e-mail to the pengadu
LONGEST = 600  # characters of one text
BLANK = re.compile(r"\{([a-z_]+)\}")
_PROGRAM = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{")
_QUOTED = 40  # characters of the input that a sentence quotes


@dataclass(frozen=True)
class Wording:
    """A standard text: the papers that have it, its placeholders and their meaning."""

    key: str
    label: str
    text: str
    papers: tuple[str, ...] = ()  # kinds of paper; empty: every paper
    blanks: Mapping[str, str] = field(default_factory=dict)
    most: int = LONGEST  # characters, of each line where there are several
    lines: int = 1
    sample: Mapping[str, Any] = field(default_factory=dict)  # what the sample case needs for the text to appear

    @property
    def paper(self) -> str:
        """The part of the key before the dot: a kind of paper, or EMAIL."""
        return self.key.partition(".")[0]

    @property
    def is_email(self) -> bool:
        return self.paper == EMAIL


WORDING: dict[str, Wording] = {
    row["key"]: Wording(**{**row, "papers": tuple(row["papers"])})
    for row in json.loads(DATA.read_text(encoding="utf-8"))
}


def texts_of(kind: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a paper of this kind, to be frozen with it."""
    printed = (text for text in WORDING.values() if kind in text.papers or not (text.papers or text.is_email))
    return {text.key: settings[PREFIX + text.key] for text in printed}


def tidy(key: str, text: str) -> str:
    """The normalised text: one line, or one for each entry of a list."""
    if WORDING[key].lines == 1:
        return " ".join(text.split())
    return "\n".join(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


def fault(key: str, text: str) -> str:
    """The sentence why a text is invalid, "" if it is valid."""
    wording = WORDING[key]
    lines = text.split("\n")
    if len(lines) > wording.lines:
        return f"Paling banyak {wording.lines} baris."
    if long := next((line for line in lines if len(line) > wording.most), ""):
        return (
            f"Paling panjang {wording.most} huruf{' tiap baris' if wording.lines > 1 else ''}; ini {len(long)} huruf."
        )
    if match := _PROGRAM.search(text):
        quoted = text[match.start() :][:_QUOTED]
        return (
            f"Bagian “{quoted}” adalah perintah, bukan kalimat. "
            "Kalimat baku hanya teks biasa; perintah tidak dijalankan."
        )
    if name := next((name for name in BLANK.findall(text) if name not in wording.blanks), ""):
        near = difflib.get_close_matches(name, wording.blanks, 1)
        meant = f"; mungkin maksudnya {{{near[0]}}}" if near else ""
        return f"{{{name}}} tidak dikenal{meant}. {offered_blanks(wording)}"
    if brace := re.search("[{}].*", BLANK.sub("", text), re.DOTALL):
        quoted = brace[0][:_QUOTED]
        return f"Kurung kurawal pada “{quoted}” tidak berpasangan atau isinya tidak dikenal. {offered_blanks(wording)}"
    return ""


def offered_blanks(wording: Wording) -> str:
    """A sentence with the available placeholders."""
    if not wording.blanks:
        return "Kalimat ini tidak memakai isian dalam kurung kurawal."
    return f"Yang dapat disisipkan: {', '.join(f'{{{name}}}' for name in wording.blanks)}."


BUILT_IN = "bawaan"  # the value of the setting for the built-in emblem
MOST = 2 * MEGABYTE
SHORT = 32  # characters of the hash in a URL


class Emblem(Model):
    """The bytes of an emblem. In the database, so that they are backed up with the papers that need them."""

    append_only = True
    proof = ""  # the setting contains its hash

    sha256 = pw.CharField(max_length=64, unique=True)
    data = pw.BlobField()
    added_at = Moment(default=now)


def drawn_emblem(name: str, data: bytes) -> bytes:
    """An uploaded picture re-encoded for the letterhead. Refused with a sentence if it is not suitable."""
    return emblem_of(Offer(name, data), most=MOST)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store_emblem(data: bytes) -> None:
    """Store the bytes unless they are stored already. Call inside the transaction of the setting."""
    if not Emblem.select().where(Emblem.sha256 == digest(data)).exists():
        Emblem.create(sha256=digest(data), data=data)


def is_own(value: str) -> bool:
    """Whether the value of the setting is the office's own emblem."""
    return value not in ("", BUILT_IN)


def data_of(sha256: str) -> bytes | None:
    """The bytes of an emblem, None if it is missing or its hash differs."""
    row = Emblem.get_or_none(Emblem.sha256 == sha256)
    data = bytes(row.data) if row else b""
    return data if digest(data) == sha256 else None


def short(sha256: str) -> str:
    """The part of the hash that is used in URLs."""
    return sha256[:SHORT]


def data_of_short(name: str) -> bytes | None:
    """The bytes of the emblem with this short hash."""
    row = Emblem.select(Emblem.sha256).where(pw.fn.SUBSTR(Emblem.sha256, 1, SHORT) == name).first()
    return data_of(row.sha256) if row else None


def inline(data: bytes) -> str:
    """The picture as a data: URL, so that printing needs no request."""
    return f"data:{JPEG};base64,{base64.b64encode(data).decode()}"
