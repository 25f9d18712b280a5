"""The searched words of cases as a table, written in the transaction that changes what they say."""

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
    """Words of a case, in as many rows as acts have added some: one when it was received, one for each record.

    Whoever may open the case reads all of them there. The database keeps an index of trigrams beside the table
    (`index_texts` of the two stores). Rows hang on the case's key: the database drops them with the key.
    """

    kept_by_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    main = pw.BooleanField(default=False)  # what was taken down; a correction writes it anew
    text = pw.TextField()
    short = pw.TextField()  # its words of one or two letters, which make no trigram, between blanks: " rt 03 "


APART = " \n "  # between two texts of a row: a word that begins a line has a blank before it too
MOST_DIGITS = 12  # that stand together without being somebody's: a day with its time
TICKET = 9  # digits of the longest ticket; no mobile number is as short, a landline begins with 0
WRITTEN, ADDED = "uraian", "catatan"  # whose numbers they are in the blind index: nobody's that we know
_RUN = re.compile(r"\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII)
_SHORT = re.compile(r"\b\w{1,2}\b")


def without_marks(text: str) -> str:
    """Letters without accents, each of them one letter as before; no NUL."""
    if text.isascii():
        return text.replace("\0", "")
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("\0", "")


def _is_somebodys(run: str) -> bool:
    digits = sum(one.isdigit() for one in run)
    if digits <= TICKET and run[0] not in "+(0":
        return False
    return digits > MOST_DIGITS or len(run) > LONGEST_WITH_PHONE or bool(niks_in(run) or numbers_in(run))


@dataclass(frozen=True)
class SearchedText:
    """A row of the table: words with the numbers of persons masked, and what these are found by.

    They are found as those of the case's people are (`find`), by whoever could read such a number there.
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
        """Under which name its numbers stand in the blind index."""
        return WRITTEN if self.main else ADDED


def searched_text(case: int, texts: Iterable[str], *, main: bool = False) -> SearchedText:
    """The row for these texts."""
    words = APART.join(" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip())
    words, runs = without_marks(words), []

    def mask(run: re.Match[str]) -> str:
        if not _is_somebodys(run[0]):
            return run[0]
        runs.append(run[0])
        return STARS

    text = _RUN.sub(mask, words)
    short = " ".join(dict.fromkeys(_SHORT.findall(text.lower())))
    marks = dict.fromkeys(mark for run in runs for mark in marks_in(run))
    return SearchedText(case, main, f" {text} ", f" {short} ", tuple(marks))


def add_texts(rows: Sequence[SearchedText]) -> None:
    """Further words of cases; those that say nothing are left out."""
    insert_rows(CaseText, [row.columns for row in rows if row.text.strip()])
    for row in rows:
        add_marks(row.case, row.whose, row.marks)


def replace_main_text(row: SearchedText) -> None:
    """What was taken down says something else now."""
    CaseText.delete().where((CaseText.case == row.case) & CaseText.main).execute()
    drop_marks(row.case, row.whose)
    add_texts([row])
