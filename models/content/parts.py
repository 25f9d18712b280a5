"""The parts of a paper's content that the panel composes itself: frozen in canonical JSON under these names."""

from typing import TypedDict

from models.case.deadline import Deadline
from models.fields.words import Words
from models.office.people import Officer
from models.tables.attachment import Attachment

PersonPart = dict[str, str | bool]  # of Person's columns those that the paper may tell


class DeadlinePart(TypedDict):
    """The one date that a paper promises, what is done by then, and the name of the clock that it is of."""

    ends: str
    due: str
    clock: str


class ComplaintPart(TypedDict):
    """The complaint as it stood; moments in ISO's form."""

    number: str
    title: str
    story: str
    asks: str
    category: str
    law_class: str
    secrecy: str
    is_secret: bool
    urgency: str
    emergency: bool
    medium: str
    medium_group: str
    medium_ref: str
    medium_ref_label: str
    received_at: str
    recorded_at: str
    backlog: bool
    anonymous: bool
    event_date: str
    event_place: str
    kelurahan: str
    kecamatan: str
    accused: str
    loss: str
    evidence: str
    attachments: list[dict[str, str]]
    answer_due: str
    legal_due: str
    deadline: DeadlinePart
    registrar: Officer
    round: int
    missing: list[str]


class RecordPart(TypedDict):
    """A record in words, each blank by its field; `order` is that of the form."""

    title: str
    at: str
    revision: int
    by: Officer
    blanks: dict[str, Words]
    codes: dict[str, str]
    moments: dict[str, str]
    labels: dict[str, str]
    order: list[str]


SignerPart = TypedDict(
    "SignerPart",
    {"role": str, "as": str, "way": str, "name": str, "nip": str, "pangkat": str, "title": str},
)
"""One of those who sign: the word of the table, what the paper calls him by it, who he is."""


class UnitPart(TypedDict):
    """The unit that leads, and its head if it has one."""

    name: str
    head: Officer | dict[str, str]


class RowPart(TypedDict):
    """What was spent on a row of the SOP, in minutes of working time; a run is its start, its end and its minutes."""

    no: int | str  # a dash where the table has it no more
    title: str
    norm: str
    minutes: int
    late: bool
    waiting: int
    runs: list[list[str | int | None]]


def deadline_part(deadline: Deadline) -> DeadlinePart:
    """The date that binds, as papers promise it."""
    return {"ends": deadline.clock.ends, "due": deadline.due.isoformat(), "clock": deadline.clock.name}


def piece_part(one: Attachment) -> dict[str, str]:
    """A piece of evidence, as papers list it."""
    return {"name": one.name, "place": one.place, "sha256": one.sha256}
