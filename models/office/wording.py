"""The office's standing wording, and the emblem of its letterhead.

A text is no program: {nomor} and the like are looked up in a closed list and filled in once, nothing else happens.
"""

import base64
import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import peewee as pw

from models.store.base import Model, Moment, now
from models.store.upload_kinds import JPEG
from models.store.uploads import MEGABYTE, Offer, emblem_of

DATA = Path(__file__).parents[1] / "data" / "wording.json"
PREFIX = "wording."  # of the settings that hold them
LETTER = "surel"  # in place of a paper: what letters to the pengadu say
LONGEST = 600  # letters of one text
BLANK = re.compile(r"\{([a-z_]+)\}")
_PROGRAM = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{")
_SHOWN = 40  # letters of what was typed that a sentence quotes


@dataclass(frozen=True)
class Wording:
    """One standing text: on which papers it stands, what may be filled in and what becomes of it."""

    key: str
    label: str
    text: str
    papers: tuple[str, ...] = ()  # kinds; none: every paper
    blanks: Mapping[str, str] = field(default_factory=dict)
    most: int = LONGEST  # letters, of each line where there are several
    lines: int = 1
    sample: Mapping[str, Any] = field(default_factory=dict)  # what the invented case must be like for it to be said

    @property
    def paper(self) -> str:
        """The kind of paper under which the office finds it, "" for a text of all."""
        return self.key.partition(".")[0]

    @property
    def is_letter(self) -> bool:
        return self.paper == LETTER


def _read_wording() -> Iterator[Wording]:
    for row in json.loads(DATA.read_text(encoding="utf-8")):
        yield Wording(**{**row, "papers": tuple(row["papers"])})


WORDING: dict[str, Wording] = {one.key: one for one in _read_wording()}


def texts_of(kind: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The texts that a paper of this kind carries, to be frozen with it."""
    carried = (one for one in WORDING.values() if kind in one.papers or not (one.papers or one.is_letter))
    return {one.key: settings[PREFIX + one.key] for one in carried}


def tidy(key: str, text: str) -> str:
    """A text as it is kept: one line, or one for each entry of a list."""
    if WORDING[key].lines == 1:
        return " ".join(text.split())
    return "\n".join(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


def fault(key: str, text: str) -> str:
    """The sentence why a text cannot be used, "" if it can. Nothing in it is ever run to find out."""
    wording = WORDING[key]
    lines = text.split("\n")
    if len(lines) > wording.lines:
        return f"Paling banyak {wording.lines} baris."
    if long := next((line for line in lines if len(line) > wording.most), ""):
        return (
            f"Paling panjang {wording.most} huruf{' tiap baris' if wording.lines > 1 else ''}; ini {len(long)} huruf."
        )
    return _program(text) or _unknown(wording, text) or _loose(wording, text)


def _program(text: str) -> str:
    found = _PROGRAM.search(text)
    if not found:
        return ""
    quoted = text[found.start() :][:_SHOWN]
    return (
        f"Bagian “{quoted}” adalah perintah, bukan kalimat. Kalimat baku hanya teks biasa; perintah tidak dijalankan."
    )


def _unknown(wording: Wording, text: str) -> str:
    """A blank that this text does not know, with the one that was probably meant."""
    name = next((name for name in BLANK.findall(text) if name not in wording.blanks), "")
    if not name:
        return ""
    near = difflib.get_close_matches(name, wording.blanks, 1)
    return f"{{{name}}} tidak dikenal{f'; mungkin maksudnya {{{near[0]}}}' if near else ''}. {offered_blanks(wording)}"


def _loose(wording: Wording, text: str) -> str:
    rest = BLANK.sub("", text)
    at = next((place for place, letter in enumerate(rest) if letter in "{}"), None)
    if at is None:
        return ""
    place = rest[at:][:_SHOWN]
    return f"Kurung kurawal pada “{place}” tidak berpasangan atau isinya tidak dikenal. {offered_blanks(wording)}"


def offered_blanks(wording: Wording) -> str:
    """What may be filled in, in a sentence."""
    if not wording.blanks:
        return "Kalimat ini tidak memakai isian dalam kurung kurawal."
    return f"Yang dapat disisipkan: {', '.join(f'{{{name}}}' for name in wording.blanks)}."


BUILT_IN = "bawaan"  # the value of the setting where the office wants the panel's own
MOST = 2 * MEGABYTE
SHORT = 32  # letters of the name that stand in an address


class Emblem(Model):
    """The bytes of an emblem. They lie in the database, with which every paper that needs them is backed up."""

    append_only = True
    proof = ""  # the setting that names it is its hash

    sha256 = pw.CharField(max_length=64, unique=True)
    data = pw.BlobField()
    added_at = Moment(default=now)


def drawn_emblem(name: str, data: bytes) -> bytes:
    """What came in, drawn anew as the letterhead needs it. Refused with a sentence if it will not do."""
    return emblem_of(Offer(name, data), most=MOST)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(data: bytes) -> None:
    """Keep the bytes; those already there stay. Call inside the transaction of the setting."""
    if not Emblem.select().where(Emblem.sha256 == digest(data)).exists():
        Emblem.create(sha256=digest(data), data=data)


def is_own(value: str) -> bool:
    """Whether a value of the setting names an emblem of the office."""
    return value not in ("", BUILT_IN)


def data_of(sha256: str) -> bytes | None:
    """The bytes of an emblem, None where there is none of that name or they are not what they were."""
    row = Emblem.get_or_none(Emblem.sha256 == sha256)
    data = bytes(row.data) if row else b""
    return data if digest(data) == sha256 else None


def short(sha256: str) -> str:
    """Its name in an address."""
    return sha256[:SHORT]


def data_of_short(name: str) -> bytes | None:
    """The bytes of the emblem of this short name."""
    row = Emblem.select(Emblem.sha256).where(pw.fn.SUBSTR(Emblem.sha256, 1, SHORT) == name).first()
    return data_of(row.sha256) if row else None


def inline(data: bytes) -> str:
    """The picture as a part of a page: who prints fetches nothing."""
    return f"data:{JPEG};base64,{base64.b64encode(data).decode()}"
