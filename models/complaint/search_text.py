"""The search index of cases: a table of texts, written in the transaction that changes them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import peewee as pw

from models.complaint.complaint import CaseKey
from models.complaint.lookup import NumberMark, add_marks, drop_marks, marks_in
from models.office.contacts import LONGEST_WITH_PHONE, STARS, niks_in, numbers_in
from models.store.base import Columns, Model, insert_rows


class CaseText(Model):
    """Searchable texts of a case: a row for its registration and one for each record.

    All users who may open the case may read them. The table has a trigram index (`index_texts` in models/store). Rows
    reference the case's key: the database deletes them with the key.
    """

    in_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    main = pw.BooleanField(default=False)  # the registration; replaced by a correction
    text = pw.TextField()
    short = pw.TextField()  # its words of one or two letters, too short for a trigram, between spaces: " rt 03 "


APART = " \n "  # separator of texts in a row, so that every word has a space before it
MOST_DIGITS = 12  # digits in a run that is no personal number: a date with its time
TICKET = 9  # digits of the longest ticket; mobile numbers are longer, landline numbers begin with 0
WRITTEN, ADDED = "uraian", "catatan"  # "persons" in the blind index for numbers in texts
_RUN = re.compile(r"\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII)
_SHORT = re.compile(r"\b\w{1,2}\b")


def without_marks(text: str) -> str:
    """The text without accents and NUL; the number of base letters is unchanged."""
    if text.isascii():
        return text.replace("\0", "")
    parts = unicodedata.normalize("NFD", text)
    return "".join(character for character in parts if not unicodedata.combining(character)).replace("\0", "")


def _is_personal_number(run: str) -> bool:
    digits = sum(character.isdigit() for character in run)
    if digits <= TICKET and run[0] not in "+(0":
        return False
    return digits > MOST_DIGITS or len(run) > LONGEST_WITH_PHONE or bool(niks_in(run) or numbers_in(run))


@dataclass(frozen=True)
class SearchedText:
    """A row of the table: text with masked personal numbers, and the blind index entries of these numbers.

    They are looked up as those of the case's persons (`find`), by users who may see such a number in the case.
    """

    case: int
    main: bool
    text: str
    short: str
    marks: tuple[NumberMark, ...]

    @property
    def columns(self) -> Columns:
        return {"case": self.case, "main": self.main, "text": self.text, "short": self.short}

    @property
    def whose(self) -> str:
        """The "person" of its numbers in the blind index."""
        return WRITTEN if self.main else ADDED


def searched_text(case: int, texts: Iterable[str], *, main: bool = False) -> SearchedText:
    words = APART.join(" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip())
    words, runs = without_marks(words), []

    def mask(run: re.Match[str]) -> str:
        if not _is_personal_number(run[0]):
            return run[0]
        runs.append(run[0])
        return STARS

    text = _RUN.sub(mask, words)
    short = " ".join(dict.fromkeys(_SHORT.findall(text.lower())))
    marks = dict.fromkeys(mark for run in runs for mark in marks_in(run))
    return SearchedText(case, main, f" {text} ", f" {short} ", tuple(marks))


def add_texts(rows: Sequence[SearchedText]) -> None:
    """Add texts of cases to the index, except empty ones."""
    insert_rows(CaseText, [row.columns for row in rows if row.text.strip()])
    for row in rows:
        add_marks(row.case, row.whose, row.marks)


def replace_main_text(row: SearchedText) -> None:
    """Replace the text of the registration after a correction."""
    CaseText.delete().where((CaseText.case == row.case) & CaseText.main).execute()
    drop_marks(row.case, row.whose)
    add_texts([row])
