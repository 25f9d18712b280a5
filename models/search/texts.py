"""The searched words of cases, written in the transaction that changes what they say."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from models.store.base import Columns, insert_rows
from models.tables.casetext import CaseText
from models.tables.mask import STARS
from models.tables.nik import niks_in
from models.tables.phone import LONGEST, numbers_in

APART = " \n "  # between two texts of a row: a word that begins a line has a blank before it too
MOST_DIGITS = 12  # that stand together without being somebody's: a day with its time
TICKET = 9  # digits of the longest ticket; no mobile number is as short, a landline begins with 0
_RUN = re.compile(r"\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII)
_SHORT = re.compile(r"\b\w{1,2}\b")


def without_marks(text: str) -> str:
    """Letters without accents, each of them one letter as before; no NUL."""
    if text.isascii():
        return text.replace("\0", "")
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("\0", "")


def without_numbers(text: str) -> str:
    """Without what may be a telephone number or a NIK: those are found by `find`, by whoever could read them."""
    return _RUN.sub(lambda run: STARS if _is_somebodys(run[0]) else run[0], text)


def _is_somebodys(run: str) -> bool:
    digits = sum(one.isdigit() for one in run)
    if digits <= TICKET and run[0] not in "+(0":
        return False
    return digits > MOST_DIGITS or len(run) > LONGEST or bool(niks_in(run) or numbers_in(run))


def text_row(case: int, texts: Iterable[str], *, main: bool = False) -> Columns:
    """A row of the table for these texts."""
    words = APART.join(" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip())
    text = without_numbers(without_marks(words))
    short = " ".join(dict.fromkeys(_SHORT.findall(text.lower())))
    return {"case": case, "main": main, "text": f" {text} ", "short": f" {short} "}


def add_texts(rows: Sequence[Columns]) -> None:
    """Further words of cases; those that say nothing are left out."""
    insert_rows(CaseText, [row for row in rows if row["text"].strip()])


def replace_main_text(row: Columns) -> None:
    """What was taken down says something else now."""
    CaseText.delete().where((CaseText.case == row["case"]) & CaseText.main).execute()
    add_texts([row])
