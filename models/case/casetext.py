"""The search text of a case: all words that users who may open it see on its page, and no others."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.complaint.complaint import Complaint, Person
from models.complaint.search_text import SearchedText, searched_text
from models.records.base import Record, typed_blanks
from models.records.registry import RECORDS

SEARCHED_COLUMNS = (
    "number",
    "medium_ref",
    "title",
    "story",
    "asks",
    "event_place",
    "accused",
    "event_date",
    "loss",
    "evidence",
)  # columns of Complaint; the names of persons come after the first HEAD
HEAD = 3


def main_row(case: int, columns: Mapping[str, Any], names: Iterable[str], place: str) -> SearchedText:
    """The search row of the complaint itself: numbers, title, names, story. `place` is kelurahan and kecamatan."""
    texts = [str(columns[name] or "") for name in SEARCHED_COLUMNS]
    return searched_text(case, [*texts[:HEAD], *names, *texts[HEAD:], place], main=True)


def main_row_of(c: Complaint) -> SearchedText:
    """`main_row` from the stored complaint."""
    people = Person.select(Person.name).where(Person.complaint == c.id).order_by(Person.id)
    return main_row(c.id, c.__data__, (name for (name,) in people.tuples()), place_of(c))


def place_of(c: Complaint) -> str:
    return str(c.kelurahan) if c.kelurahan_id else ""


def words_of(model: type[Record]) -> list[str]:
    """Names of the free-text blanks of a record: not those sealed or picked from a list, and none of a record that
    names another case, whose text may describe a case that not all readers may open."""
    return [] if model.names_other_case() else typed_blanks(model)


def act_row(case: int, record: str, blanks: Mapping[str, Any], number: str = "") -> SearchedText:
    """The search row of an act: the free texts of its record and its number, if any."""
    words = words_of(RECORDS[record]) if record else ()
    return searched_text(case, [number, *(str(blanks[name] or "") for name in words)])
