"""What of a case can be searched: all words that its readers see on its page, and no others."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.complaint.complaint import Complaint, Person
from models.complaint.search_text import SearchedText, searched_text
from models.records.base import Record, typed_blanks
from models.records.registry import RECORDS

TAKEN_DOWN = (
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
)  # columns of Complaint, the first three and the names before all others
HEAD = 3


def main_row(case: int, columns: Mapping[str, Any], names: Iterable[str], place: str) -> SearchedText:
    """The row of what was taken down: numbers, title, names, story. `place` is kelurahan and kecamatan."""
    told = [str(columns[name] or "") for name in TAKEN_DOWN]
    return searched_text(case, [*told[:HEAD], *names, *told[HEAD:], place], main=True)


def main_row_of(c: Complaint) -> SearchedText:
    """The same of a case as it is kept."""
    people = Person.select(Person.name).where(Person.complaint == c.id).order_by(Person.id)
    return main_row(c.id, c.__data__, (name for (name,) in people.tuples()), place_of(c))


def place_of(c: Complaint) -> str:
    return str(c.kelurahan) if c.kelurahan_id else ""


def words_of(model: type[Record]) -> list[str]:
    """The blanks of a record that hold words of somebody's own. What is sealed or picked from a list is none, and a
    record that names another case, which not everybody may open, has none: its words may tell of both."""
    return [] if model.is_of_two() else typed_blanks(model)


def act_row(case: int, record: str, blanks: Mapping[str, Any], number: str = "") -> SearchedText:
    """The row of an act: the words of its record, if it writes one, and the number that it took, if any."""
    words = words_of(RECORDS[record]) if record else ()
    return searched_text(case, [number, *(str(blanks[name] or "") for name in words)])
