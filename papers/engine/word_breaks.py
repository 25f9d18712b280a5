"""Line breaks inside a word that is wider than its line; xhtml2pdf's own come between any two letters."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from xhtml2pdf import reportlab_paragraph
from xhtml2pdf.util import stringWidth

from papers.engine.word_parts import HYPHEN, WHOLE, is_hyphenated, parts_of

_chunk_word = reportlab_paragraph._chunkWord


def _parted(pieces: Sequence[tuple[Any, Any]], room: float) -> list[list[Any]]:
    """xhtml2pdf's `_chunkWord`: the pieces (frag, text) of a word as words that fit: [width, (frag, text), …] each."""
    if not is_hyphenated():
        return list(_chunk_word(pieces, room))
    atoms = [atom for frag, text in pieces for atom in _atoms(frag, text)]
    hyphen = max(stringWidth(HYPHEN, frag.fontName, frag.fontSize) for frag, _, _ in atoms)
    word = "".join(WHOLE if _is_whole(frag) else text for frag, text, _ in atoms)
    chunks, start = list[list[Any]](), 0
    for end, mark in parts_of(word, [width for _, _, width in atoms], room, hyphen):
        chunk = list[Any]([sum(width for _, _, width in atoms[start:end]) + hyphen * len(mark)])
        for frag, letters in groupby(atoms[start:end], key=lambda atom: atom[0]):
            chunk.append((frag, "".join(text for _, text, _ in letters)))
        chunk[-1] = (chunk[-1][0], chunk[-1][1] + mark)
        chunks.append(chunk)
        start = end
    return chunks


def _atoms(frag: Any, text: str | bytes) -> list[tuple[Any, str, float]]:
    """The letters of a piece with their widths; the piece itself if it may not be parted, or is a marker."""
    words = text.decode() if isinstance(text, bytes) else text
    if hasattr(frag, "cbDefn"):
        return [(frag, words, getattr(frag.cbDefn, "advance", 0) + getattr(frag.cbDefn, "reserve", 0))]
    letters = [words] if _is_whole(frag) else list(words)
    return [(frag, piece, stringWidth(piece, frag.fontName, frag.fontSize)) for piece in letters]


def _is_whole(frag: Any) -> bool:
    return not reportlab_paragraph._breakable(frag)


PLACES = ((reportlab_paragraph, "_chunkWord", _parted),)  # owner, name, replacement
THEIRS = ((reportlab_paragraph, "_chunkWord", _chunk_word),)


def install() -> None:
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)
