"""The blind index of a case's people: every telephone number and NIK of theirs, hashed in its one form."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from models.fields.nik import niks_in
from models.fields.phone import numbers_in
from models.store.base import Columns, insert_rows
from models.store.seal import ring
from models.tables.complaint import BlindIndex


class NumberKind(NamedTuple):
    """A kind of number: how it is found in a text, in its one form, and which columns of a person may hold some."""

    numbers_in: Callable[[str], list[str]]
    columns: tuple[str, ...]


KINDS = {"phone": NumberKind(numbers_in, ("phone", "safe_contact")), "nik": NumberKind(niks_in, ("nik",))}


class NumberMark(NamedTuple):
    """What a number is found by."""

    kind: str
    mark: bytes


def marks_of(person: Mapping[str, str]) -> list[NumberMark]:
    """All that a person is found by; `person` by column, in the clear."""
    numbers = dict.fromkeys(
        (kind, number) for kind, one in KINDS.items() for name in one.columns for number in one.numbers_in(person[name])
    )
    return [NumberMark(kind, ring().mark(kind, number)) for kind, number in numbers]


def marks_in(text: str) -> list[NumberMark]:
    """What the numbers of a text are found by, whoever has them."""
    return [
        NumberMark(kind, ring().mark(kind, number)) for kind, one in KINDS.items() for number in one.numbers_in(text)
    ]


def add_marks(complaint: int, whose: str, marks: Sequence[NumberMark]) -> None:
    """Further numbers that are found; those that are known already stay as they are."""
    for mark in marks:
        BlindIndex.insert(case=complaint, person=whose, **mark._asdict()).on_conflict_ignore().execute()


def write_marks(complaint: int, person: str, columns: Columns) -> None:
    """Somebody of the case is found by his numbers from now on; of this kind of person nobody was."""
    rows = [{"case": complaint, "person": person, **mark._asdict()} for mark in marks_of(columns)]
    insert_rows(BlindIndex, rows)


def drop_marks(complaint: int, person: str) -> None:
    """Nobody is found by his numbers any more. With the case's key the database drops those of everybody in it."""
    BlindIndex.delete().where((BlindIndex.case == complaint) & (BlindIndex.person == person)).execute()
