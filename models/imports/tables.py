"""Files parsed as tables in a child process, with repair of broken encodings."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import orjson

from models.imports.refused import CROWDED, DONE, EMPTY, HEAVY, LARGE, MOST_BYTES, NO_HEAD, UnreadableFile
from models.store import resource_limits
from models.store.resource_limits import Work
from models.store.uploads import visible_text

_SPELLED = re.compile(r"\\r\\n|\\n|\\r|_x000[dD]_\n?|\r\n?")
_SPELLED_TAB = re.compile(r"\\t|\t")
_BULLET = re.compile(r"[\ue000-\uf8ff]\s*")  # private-use characters, as in Word's bullets
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_GAPS = re.compile(r"\n{3,}")
BULLET = "• "


def mended(text: str) -> str:
    """Repair a text: first its encoding, which later cleaning would destroy, then escapes, controls and white space."""
    if text.isascii() and "\\" not in text and "_x" not in text and text.isprintable():
        return " ".join(text.split())
    text = _SPELLED_TAB.sub(" ", _SPELLED.sub("\n", _with_mended_encoding(text)))
    text = _BULLET.sub(BULLET, _UNSEEN.sub("", text))
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _with_mended_encoding(text: str) -> str:
    import ftfy  # imported here because only an import of a file needs its large tables

    only_letters = ftfy.TextFixerConfig(unescape_html=False, remove_terminal_escapes=False, explain=False)
    return ftfy.fix_encoding(text, only_letters)


SECONDS = 90  # wall-clock limit of the child process
_CHILD = "models.imports.filechild"
LONGEST_TRIED = 1_000  # characters of a possible heading
APART = "|"
HEAD_WITHIN = 50  # first rows in which the header row is searched


@dataclass(frozen=True)
class FileTable:
    """The rows of a file below its header row, each cell as text."""

    heads: list[str]
    rows: list[list[str]]
    first: int  # row number of the first row in the file, from 1

    @cached_property
    def places(self) -> dict[str, int]:
        """Column index by heading key; of equal headings the first."""
        return {head_key(head): place for place, head in reversed(list(enumerate(self.heads)))}

    def has_any(self, heads: Iterable[str]) -> bool:
        """Whether the table has one of these headings."""
        return any(head_key(head) in self.places for head in heads)

    def cell(self, row: list[str], head: str) -> str:
        """The cell under a heading; "" if there is no such column, or the row is shorter."""
        place = self.places.get(head_key(head), len(row))
        return row[place] if place < len(row) else ""


@lru_cache(maxsize=2_000)
def head_key(head: str) -> str:
    """Key for comparing headings: ignores case, white space and invisible characters."""
    return readable_head(head).casefold()


def readable_head(text: str) -> str:
    """A heading as shown and typed: in one line, without the separator APART."""
    return visible_text(mended(text[:LONGEST_TRIED]).replace(APART, " "))


def rows_of_file(data: bytes) -> list[list[str]]:
    """All rows of a file (xlsx, xls, ods or text). UnreadableFile with a sentence if there are none."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(LARGE)
    if not data:
        raise UnreadableFile(EMPTY)
    try:
        reply = resource_limits.answer(_CHILD, data, seconds=SECONDS, work=Work.TABLE)
    except resource_limits.ChildFailed as spent:
        raise UnreadableFile(HEAVY) from spent
    except resource_limits.AllSlotsTaken as crowded:
        raise UnreadableFile(CROWDED) from crowded
    if not reply.startswith(DONE):
        raise UnreadableFile(reply[1:].decode() or HEAVY)
    rows: list[list[str]] = orjson.loads(reply[1:])
    return rows


def table_under(rows: list[list[str]], head: str) -> FileTable:
    """The table below the first row that contains this heading; title rows above are skipped."""
    for place, row in enumerate(rows[:HEAD_WITHIN]):
        if head_key(head) in map(head_key, row):
            return FileTable(row, rows[place + 1 :], place + 2)
    raise UnreadableFile(NO_HEAD.format(f"“{head}”"))
