"""The office's standing wording: openings and closings of the papers, letters, as plain texts that it may change.

A text is no program: {nomor} and the like are looked up in a closed list and filled in once, nothing else happens.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
