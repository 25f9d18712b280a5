"""What a step page tells of the records of a case: those in force, and why the case or its text came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.case.access_notes import discreet
from models.case.case import Case, came_back
from models.case.content import Composer
from models.case.in_force import WrittenRecord
from models.records.fields import Words
from sop import flow
from sop.procedure import Transition
from sop.words import format_moment


@dataclass(frozen=True)
class Returned:
    """Why a case came back, in words: what was done, by whom, when, what was said; whether a text is written anew."""

    heading: str
    by: str
    at: str
    words: dict[str, Words]
    asks_anew: bool


@dataclass(frozen=True)
class RecordInWords:
    """A record in force: its blanks in words by their labels, and whether the step stands on it."""

    key: str
    title: str
    values: Mapping[str, Any]
    needed: bool


def pengadu_name(case: Case) -> str:
    return "Anonim" if case.complaint.anonymous else case.pengadu


def records_in_words(transition: Transition, case: Case, composer: Composer) -> list[RecordInWords]:
    """The records in force, the latest first."""
    keys = list(dict.fromkeys(record.key for record in reversed(case.made) if record.key in case.records))
    in_words = discreet((composer.in_words(key, case.records[key].blanks) for key in keys), case.user)
    needed = {need.record for need in transition.needs} or set(keys[:1])
    return [
        RecordInWords(key, composer.title(key), values, key in needed or _opens_leg(case.records[key]))
        for key, values in zip(keys, in_words, strict=True)
        if values
    ]


def undrawn(step: Transition, records: Iterable[RecordInWords]) -> list[RecordInWords]:
    """The records beside the papers that a decision is made on, but for the text whose own paper is drawn."""
    drawn = {need.record for need in step.needs} if step.independent else set()
    return [one for one in records if one.key not in drawn]


def _opens_leg(record: WrittenRecord) -> bool:
    """Whether it is the disposition under which the case is handled."""
    return flow.KNOWN[record.act].effect == "new_leg"


def return_words(case: Case, composer: Composer) -> Returned | None:
    """Why the case or its text came back, by whom and when; None where nothing sent it."""
    back = came_back(case)
    if back is None:
        return None
    record = back.record
    words = composer.in_words(record.key, record.blanks)
    return Returned(
        back.heading, str(composer.users[record.made_by]), format_moment(record.made_at), words, back.asks_anew
    )
