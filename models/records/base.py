"""What every record shares: the case, round, leg and revision that it counts for, who made it, and its blanks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.people import Division, User
from models.records.fields import CaseNumber, IdList, ManyOf, OneOfCase, ReasonField, SealedText, stored_kind
from models.store.base import Columns, Json, Model, Moment

Blanks = dict[str, Any]  # a record's blanks by field name: each kind of record has its own


@dataclass(frozen=True)
class Readymade:
    """A filling that takes one tap: what it is called, the number to call before (and as it is dialled), the blanks."""

    name: str
    phone: str
    dialled: str
    blanks: Blanks


class Record(Model):
    """Base of all records. Its own fields are a transition's blanks: their verbose_name and help_text make the form.

    Subclasses name `key` and `title`; `per` says for how long a record counts (revision, leg or round of the case);
    `carries` lists blanks that are copied to the complaint's column of the same name.
    """

    abstract = True
    key = ""
    title = ""
    about = ""  # what its list is, in one sentence, if no page of its own says so
    per = "revision"
    carries: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # columns that the panel fills in itself (see `filled`)
    gist: tuple[str, ...] = ()  # blanks that the Kepala Dinas's desk tells of the record
    in_place: tuple[str, ...] = ()  # blanks that the desk asks for in place; the others are on the step page
    verdict = ""  # the blank that is filled in by the button that is pressed
    verdicts: tuple[tuple[str, str], ...] = ()  # its choices, and what each one's button says after the act's own name

    complaint = pw.ForeignKeyField(Complaint, verbose_name="Pengaduan", on_delete="RESTRICT")
    act = pw.CharField(verbose_name="Langkah", max_length=40)
    round = pw.IntegerField(verbose_name="Putaran")
    leg = pw.IntegerField()
    revision = pw.IntegerField(verbose_name="Revisi")
    draft = pw.BooleanField(verbose_name="Konsep", default=False)
    recalled = pw.BooleanField(verbose_name="Ditarik kembali", default=False)
    made_by = pw.ForeignKeyField(User, verbose_name="Dibuat oleh", on_delete="RESTRICT")
    made_at = Moment(verbose_name="Dibuat pada", index=True)

    @classmethod
    def proves(cls) -> str:
        return cls.title

    @classmethod
    def blanks(cls) -> list[pw.Field]:
        """The fields that people fill in, in the order of the form."""
        return list(_blanks_of(cls))

    @classmethod
    def is_of_two(cls) -> bool:
        """Whether it must name another case: then all that it says is of both, for whoever may open both."""
        return _is_of_two(cls)

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        """What the panel fills in beforehand for a case (see models/case/case.py); a blank left empty takes it."""
        return {}

    @classmethod
    def standing(cls, complaints: Collection[int]) -> set[int] | None:
        """Of these cases those in which it is in hand, whatever round or disposition came since; None where `per` says
        how long it counts."""
        return None

    @classmethod
    def offered(cls, blank: str, complaint: int) -> list[str]:
        """What a `OneOfCase` of the record may be, on a case."""
        return []

    @classmethod
    def readymade(cls, case: Any) -> list[Readymade]:
        """Fillings with which the act is done in one tap, where a case calls for it."""
        return []

    @classmethod
    def taken_over(cls, pairs: Mapping[str, str], by: str) -> Blanks:
        """The blanks with what somebody was about to register: its texts by label, and who told them."""
        return {}

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        """What the record changes on the complaint itself, by column."""
        return {name: blanks[name] for name in cls.carries if blanks.get(name) not in (None, "")}

    @classmethod
    def implied(cls, blanks: Blanks) -> Blanks:
        """What the blanks that were filled in say of those that were not asked for."""
        return {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        """A sentence when the blanks contradict each other or the case, else ""."""
        return ""

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        """The hidden columns' values."""
        return {}

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """The moment that starts the clock of a row which counts from reaching the pengadu; None for most records."""
        return None

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        """What came of the case, as the pengadu may be told; "" for a record that says nothing of it."""
        return ""

    @classmethod
    def receiver_of(cls, blanks: Blanks) -> str | None:
        """Who was told of it face to face and can sign for it, "" if nobody but the pengadu is named; else None."""
        return None

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        """What else the record writes (its relations), inside the same transaction."""

    @classmethod
    def noted(cls, blanks: Blanks) -> Columns:
        """What the history's entry says besides the blanks in words; the record as it was written, its seals open."""
        return {}

    @classmethod
    def opened(cls, blanks: Blanks, texts: Mapping[str, str]) -> dict[str, str]:
        """Sealed blanks by label as the case's page shows them; `texts` are the values that are there, by field."""
        return {str(cls._meta.fields[name].verbose_name): text for name, text in texts.items()}

    @classmethod
    def required(cls, field: pw.Field, transition: str, reasons: dict[str, list[str]]) -> bool:
        """Whether a blank must be filled; a reason is asked for only where the office has a list of them.

        A text that was proposed may be emptied; a moment, a date or a number may not: nothing is none of them.
        """
        if isinstance(field, ReasonField):
            return bool(reasons.get(transition))
        may_be_empty = field.default is not None and stored_kind(field).may_be_empty
        return not field.null and not may_be_empty


SHARED = frozenset({"complaint", "act", "round", "leg", "revision", "draft", "recalled", "made_by", "made_at"})


_BLANKS: dict[type[Record], list[pw.Field]] = {}  # asked for once a case and paper, and the same all day


def _blanks_of(record: type[Record]) -> list[pw.Field]:
    if record not in _BLANKS:
        hidden = SHARED.union(record.hidden)
        _BLANKS[record] = [f for f in record._meta.sorted_fields if f.name not in hidden and not f.primary_key]
    return _BLANKS[record]


def typed_blanks(record: type[Record]) -> list[str]:
    """The blanks that hold words of somebody's own: what is sealed, or the number of a case, is none."""
    texts = (field for field in record.blanks() if isinstance(field, pw.CharField | pw.TextField))
    return [f.name for f in texts if not f.choices and not isinstance(f, Json | CaseNumber)]


_OF_TWO: dict[type[Record], bool] = {}


def _is_of_two(record: type[Record]) -> bool:
    if record not in _OF_TWO:
        _OF_TWO[record] = any(isinstance(field, CaseNumber) and field.is_asked_for for field in record.blanks())
    return _OF_TWO[record]


def registry() -> dict[str, type[Record]]:
    """All record models by key."""
    records: dict[str, type[Record]] = {}

    def walk(model: type[Record]) -> None:
        for sub in model.__subclasses__():
            if not sub.__dict__.get("abstract", False):
                records[sub.key] = sub
            walk(sub)

    walk(Record)
    return records


__all__ = [
    "CaseNumber",
    "Complaint",
    "Division",
    "IdList",
    "ManyOf",
    "Moment",
    "OneOfCase",
    "Readymade",
    "ReasonField",
    "Record",
    "SealedText",
    "User",
    "pw",
    "registry",
    "typed_blanks",
]
