"""A correction (ralat): which entry, the old and the new value, and why. Both values are sealed."""

from typing import Any

from models.records.base import Blanks, ReasonField, Record, SealedText, pw
from models.store import seal
from models.tables.complaint import Complaint, Person, nik_note
from models.tables.event import open_seals
from sop.access import SECRECY

_COLUMNS = ("title", "story", "asks", "event_date", "event_place", "accused", "loss", "evidence", "medium_ref")
_PERSON = ("name", "nik", "phone", "email", "address", "domicile", "birth", "job", "relation", "safe_contact")
FIELDS = {
    **{name: Complaint._meta.fields[name].verbose_name for name in _COLUMNS},
    "secrecy": "Kerahasiaan (biasa, terbatas, rahasia)",
    **{f"pengadu.{name}": f"Pengadu: {Person._meta.fields[name].verbose_name}" for name in _PERSON},
    **{f"yang_bersangkutan.{name}": f"Yang bersangkutan: {Person._meta.fields[name].verbose_name}" for name in _PERSON},
}


class Correction(Record):
    key, title = "correction", "Ralat"
    hidden = ("old_value",)

    field = pw.CharField(verbose_name="Isian yang diralat", max_length=60, choices=tuple(FIELDS.items()))
    old_value = SealedText(verbose_name="Isi lama", null=True)
    new_value = SealedText(verbose_name="Isi baru")
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        name, value = blanks["field"], str(blanks["new_value"]).strip()
        if name == "secrecy" and value not in SECRECY:
            return "Isi dengan biasa, terbatas, atau rahasia."
        limit = getattr(_column(name), "max_length", None)
        return f"Isi baru paling panjang {limit} huruf." if limit and len(value) > limit else ""

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        kind, _, name = blanks["field"].rpartition(".")
        if not kind:
            return {"old_value": str(getattr(case.complaint, name) or "")}
        person = _person(case, kind)
        if person is None:
            return {"old_value": ""}
        value = getattr(person, name)
        sealed = name in Person.SEALED
        return {"old_value": _seal(case).open_text(f"{kind}.{name}", value) if sealed else value}

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        kind, _, name = blanks["field"].rpartition(".")
        return {} if kind else {name: str(blanks["new_value"]).strip()}

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        kind, _, name = blanks["field"].rpartition(".")
        if not kind:
            return
        value = str(blanks["new_value"]).strip()
        columns = {name: _seal(case).close_text(f"{kind}.{name}", value) if name in Person.SEALED else value}
        if name in ("nik", "phone"):
            columns[f"{name}_index"] = seal.ring().index(name, value)
        if name == "nik":
            columns["nik_note"] = nik_note(value)
        person = _person(case, kind) or Person.create(complaint=case.complaint.id, kind=kind)
        Person.update(**columns).where(Person.id == person.id).execute()


def _column(name: str) -> pw.Field:
    kind, _, column = name.rpartition(".")
    return (Person if kind else Complaint)._meta.fields[column]


def _person(case: Any, kind: str) -> Person | None:
    person: Person | None = Person.get_or_none((Person.complaint == case.complaint.id) & (Person.kind == kind))
    return person


def _seal(case: Any) -> seal.Seal:
    return open_seals([case.complaint.id])[case.complaint.id]
