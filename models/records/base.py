"""Base class of all record models: shared columns (case, round, leg, revision, author) and the hooks of a record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.people import Division, User
from models.records.fields import CaseNumber, IdList, ManyOf, OneOfCase, ReasonField, SealedText, stored_kind
from models.store.base import Columns, Json, Model, Moment
from sop.words import in_a_sentence

Blanks = dict[str, Any]  # values of a record's blanks by field name


@dataclass(frozen=True)
class Preset:
    """A one-tap preset: label, phone number to call first (and in dialable form), and the blanks."""

    name: str
    phone: str
    dialled: str
    blanks: Blanks


@dataclass(frozen=True)
class AskedFor:
    """For which choices of another blank a blank is asked, and its label for each; then it may not be left empty."""

    blank: str
    labels: Mapping[str, str]


class Record(Model):
    """Base of all records. A subclass's fields are a transition's blanks; verbose_name and help_text make the form.

    Subclasses set `key` and `title`. `per` is the scope in which a record is in force (revision, leg or round of the
    case). `carries` lists blanks that are copied to the complaint's column of the same name.
    """

    abstract = True
    key = ""
    title = ""
    about = ""  # one sentence shown above its list, unless the page has its own
    per = "revision"
    carries: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # columns filled in by the panel (see `filled`)
    gist: tuple[str, ...] = ()  # blanks shown on the desk of the Kepala Dinas
    in_brief: tuple[tuple[str, str], ...] = ()  # (blank, short label): shortened above its paper, to decide on it
    in_place: tuple[str, ...] = ()  # blanks editable on the desk; the others only on the step page
    nouns: Mapping[str, str] = {}  # what a blank asks for, within a sentence, where its label is no noun
    asked_for: Mapping[str, AskedFor] = {}  # blanks that only some choices of another ask for
    verdict = ""  # the blank set by the pressed button
    verdicts: tuple[tuple[str, str], ...] = ()  # (choice, button text after the name of the act)

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
        """The fields filled in by users, in the order of the form."""
        if cls not in _BLANKS:
            hidden = SHARED.union(cls.hidden)
            _BLANKS[cls] = [f for f in cls._meta.sorted_fields if f.name not in hidden and not f.primary_key]
        return list(_BLANKS[cls])

    @classmethod
    def noun_of(cls, field: pw.Field) -> str:
        """What the blank asks for, within a sentence: unit kerja tujuan."""
        return cls.nouns.get(field.name) or in_a_sentence(str(field.verbose_name))

    @classmethod
    def names_other_case(cls) -> bool:
        """Whether it must name another case; then its texts concern both and only users who may open both see them."""
        if cls not in _OF_TWO:
            _OF_TWO[cls] = any(isinstance(field, CaseNumber) and field.is_asked_for for field in cls.blanks())
        return _OF_TWO[cls]

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        """Values proposed for a case (a models.case.case.Case); used for blanks left empty."""
        return {}

    @classmethod
    def cases_in_force(cls, complaints: Collection[int]) -> set[int] | None:
        """Those of these cases in which such a record is in force regardless of round and disposition; None if `per`
        decides."""
        return None

    @classmethod
    def offered(cls, blank: str, complaint: int) -> list[str]:
        """The choices of a `OneOfCase` blank for a case."""
        return []

    @classmethod
    def presets(cls, case: Any) -> list[Preset]:
        """Presets with which the act can be done in one tap, where a case requires it."""
        return []

    @classmethod
    def taken_over(cls, pairs: Mapping[str, str], by: str) -> Blanks:
        """The blanks filled from an unsaved registration: `pairs` are texts by label, `by` is the informant."""
        return {}

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        """The changes of the complaint's own columns."""
        return {name: blanks[name] for name in cls.carries if blanks.get(name) not in (None, "")}

    @classmethod
    def implied(cls, blanks: Blanks) -> Blanks:
        """Values of blanks missing from the form that follow from the filled ones."""
        return {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        """The sentence why the blanks contradict each other or the case, "" if they do not."""
        return ""

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        """The hidden columns' values."""
        return {}

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """The moment that starts the clock of a row counted from reaching the pengadu; None for most records."""
        return None

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        """The result of the case in words for the pengadu; "" for a record without a result."""
        return ""

    @classmethod
    def receiver_of(cls, blanks: Blanks) -> str | None:
        """The name of the person informed face to face, who can sign; "" for the pengadu, None if not face to face."""
        return None

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        """Write related rows, inside the same transaction."""

    @classmethod
    def event_fields(cls, blanks: Blanks) -> Columns:
        """Additional fields of the history event's body; `blanks` are those of the record, unsealed."""
        return {}

    @classmethod
    def opened(cls, blanks: Blanks, texts: Mapping[str, str]) -> dict[str, str]:
        """Sealed blanks by label for the case's page; `texts` are the unsealed values by field name."""
        return {str(cls._meta.fields[name].verbose_name): text for name, text in texts.items()}

    @classmethod
    def required(cls, field: pw.Field, transition: str, reasons: dict[str, list[str]]) -> bool:
        """Whether a blank must be filled; a reason only if the office has a list of reasons for the transition.

        A text with a default may be emptied; a moment, a date or a number may not, as they have no empty value.
        """
        if isinstance(field, ReasonField):
            return bool(reasons.get(transition))
        may_be_empty = field.default is not None and stored_kind(field).may_be_empty
        return not field.null and not may_be_empty


SHARED = frozenset({"complaint", "act", "round", "leg", "revision", "draft", "recalled", "made_by", "made_at"})
_BLANKS: dict[type[Record], list[pw.Field]] = {}  # caches: needed for each case and paper
_OF_TWO: dict[type[Record], bool] = {}


def typed_blanks(record: type[Record]) -> list[str]:
    """Names of the free-text blanks: not sealed, not a case number, not a choice."""
    texts = (field for field in record.blanks() if isinstance(field, pw.CharField | pw.TextField))
    return [f.name for f in texts if not f.choices and not isinstance(f, Json | CaseNumber)]


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
    "Preset",
    "ReasonField",
    "Record",
    "SealedText",
    "User",
    "pw",
    "registry",
    "typed_blanks",
]
