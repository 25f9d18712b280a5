"""A file read as a table in a process of its own, its texts repaired."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import ftfy
import orjson

from models.imports.refused import CROWDED, DONE, EMPTY, HEAVY, LARGE, MOST_BYTES, NO_HEAD, UnreadableFile
from models.store import bounded
from models.store.bounded import Work
from models.store.uploads import visible_text

_ONLY_LETTERS = ftfy.TextFixerConfig(unescape_html=False, remove_terminal_escapes=False, explain=False)
_SPELLED = re.compile(r"\\r\\n|\\n|\\r|_x000[dD]_\n?|\r\n?")
_SPELLED_TAB = re.compile(r"\\t|\t")
_BULLET = re.compile(r"[\ue000-\uf8ff]\s*")  # Word's signs, which no font but its own has
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_GAPS = re.compile(r"\n{3,}")
BULLET = "• "


def mended(text: str) -> str:
    """The text as it was meant. First the letters, since what else is mended would make the wrong ones unreadable."""
    if text.isascii() and "\\" not in text and "_x" not in text and text.isprintable():
        return " ".join(text.split())
    return _cleaned(ftfy.fix_encoding(text, _ONLY_LETTERS))


def _cleaned(text: str) -> str:
    text = _SPELLED_TAB.sub(" ", _SPELLED.sub("\n", text))
    text = _BULLET.sub(BULLET, _UNSEEN.sub("", text))
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


SECONDS = 90  # on the clock
_CHILD = "models.imports.filechild"
LONGEST_TRIED = 1_000  # letters of what may be a head
APART = "|"
HEAD_WITHIN = 50  # rows in which the heads of the columns stand, below titles


@dataclass(frozen=True)
class FileTable:
    """Rows of a file below the heads of its columns, each cell as the text that stands there."""

    heads: list[str]
    rows: list[list[str]]
    first: int  # the file's own number of the first row, from 1

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the column of a head is; of equal ones the first."""
        return {head_key(head): place for place, head in reversed(list(enumerate(self.heads)))}

    def has_any(self, heads: Iterable[str]) -> bool:
        """Whether there is a column under one of these."""
        return any(head_key(head) in self.places for head in heads)

    def cell(self, row: list[str], head: str) -> str:
        """What stands there; "" where there is no such column, or the row is shorter."""
        place = self.places.get(head_key(head), len(row))
        return row[place] if place < len(row) else ""


@lru_cache(maxsize=2_000)
def head_key(head: str) -> str:
    """By what two heads are the same, however they are written, and whatever is in them that nobody sees."""
    return readable_head(head).casefold()


def readable_head(text: str) -> str:
    """A head as somebody sees and types it: in one line, without the sign by which several are typed apart."""
    return visible_text(mended(text[:LONGEST_TRIED]).replace(APART, " "))


def rows_of_file(data: bytes) -> list[list[str]]:
    """All rows of a file, xlsx, xls, ods or text. UnreadableFile, with a sentence, where there are none."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(LARGE)
    if not data:
        raise UnreadableFile(EMPTY)
    try:
        reply = bounded.answer(_CHILD, data, seconds=SECONDS, work=Work.TABLE)
    except bounded.Spent as spent:
        raise UnreadableFile(HEAVY) from spent
    except bounded.Crowded as crowded:
        raise UnreadableFile(CROWDED) from crowded
    if not reply.startswith(DONE):
        raise UnreadableFile(reply[1:].decode() or HEAVY)
    rows: list[list[str]] = orjson.loads(reply[1:])
    return rows


def table_under(rows: list[list[str]], head: str) -> FileTable:
    """The table whose heads are the first row that has this one among them; titles may stand above."""
    for place, row in enumerate(rows[:HEAD_WITHIN]):
        if head_key(head) in map(head_key, row):
            return FileTable(row, rows[place + 1 :], place + 2)
    raise UnreadableFile(NO_HEAD.format(f"“{head}”"))
