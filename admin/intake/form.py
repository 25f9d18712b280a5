"""The form of an intake, in the order in which people talk: medium, who, what happened, what is asked, where, when."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_admin.form import BaseForm
from itsdangerous import BadSignature, TimestampSigner
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from admin.evidence import uploads
from admin.intake import hints as intake_hints
from admin.kit.fields import (
    WALL,
    MomentField,
    PickField,
    clean_line,
    clean_text,
    likely_year,
    row_id,
)
from models.case.blanks import record_of
from models.office.settings import LAW_CLASSES
from models.records.base import Blanks
from models.store.base import Columns, canonical
from models.tables.complaint import PERSONS, SEXES, Complaint, Person
from sop import flow
from sop.access import SECRECY, URGENCY
from sop.clock import WIB

PERSON_FIELDS = {
    "pengadu": (
        "name",
        "nik",
        "birth",
        "sex",
        "kelurahan",
        "address",
        "phone",
        "safe_contact",
        "do_not_call",
        "domicile",
        "email",
        "job",
        "relation",
    ),
    "yang_bersangkutan": (
        "name",
        "age",
        "sex",
        "relation",
        "group",
        "nik",
        "phone",
        "address",
        "safe_contact",
        "do_not_call",
    ),
    "kuasa": ("name", "phone", "nik", "address", "relation"),
}
DATA_FIELDS = (
    "medium",
    "medium_ref",
    "emergency",
    "received_at",
    "backlog",
    "anonymous",
    "story",
    "asks",
    "event_date",
    "event_place",
    "kelurahan",
    "accused",
    "loss",
    "evidence",
    "category",
    "title",
    "secrecy",
    "urgency",
    "law_class",
)
BOOK = "Hanya bila sudah diberi nomor di buku kantor. Dikosongkan: nomor berikutnya diberikan panel."
SUGGESTED = ("unit",)  # blanks of the first step that "Simpan dan naikkan" takes from here, where its record has them
AREAS = {"story": 6, "asks": 2, "address": 2, "domicile": 2}
HELP = {
    "story": "Tulis dengan kata-kata pengadu: apa yang terjadi, siapa, di mana, sejak kapan.",
    "title": "Dikosongkan: mengikuti kategori.",
    "received_at": "Dikosongkan: sekarang. Isi bila pengaduan masuk lebih awal.",
    "backlog": "Ditulis belakangan; jam SOP baris pertama tidak dihitung.",
    "anonymous": "Nama tidak dicatat.",
    "emergency": "Ada yang dalam bahaya sekarang. Pengaduan naik ke urutan teratas, dan unit darurat kategorinya "
    "langsung dapat membuka dan bertindak.",
    "evidence": "Apa yang ditunjukkan atau disebut pengadu.",
    "nik": "16 angka, seperti pada KTP.",
    "safe_contact": "Nomor, jam, dan siapa yang boleh mengangkat.",
    "kelurahan": "Kecamatannya terisi sendiri.",
    "event_date": "Misalnya sejak Juli.",
}
LABELS = {
    "kelurahan": "Kelurahan dan kecamatan",
    "emergency": "Darurat",
    "backlog": "Pencatatan susulan",
    "anonymous": "Pengadu anonim",
    "received_at": "Diterima pada",
}


class ChosenField(PickField):
    """A native select of rows, perhaps under headings; the blank one means nothing picked."""

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            SelectField.pre_validate(self, form)


class IntakeForm(BaseForm):
    """Fields are added below, from the columns of Complaint and Person."""

    opened = HiddenField()
    book_number = StringField("Nomor register dari buku kantor", [Optional()], filters=[clean_line], description=BOOK)

    @property
    def opened_at(self) -> datetime | None:
        """When this form was opened, as signed by the panel itself; None if it was tampered with."""
        try:
            _, moment = _signer().unsign(self.opened.data or "", return_timestamp=True)
        except BadSignature:
            return None
        return moment.astimezone(WIB)

    def complain(self, wrong: dict[str, str]) -> None:
        """Put each sentence at its field."""
        for name, sentence in wrong.items():
            key = name.replace(".", "-")
            field = self[key if key in self else "story"]
            field.errors = [*field.errors, sentence]

    def person(self, kind: str) -> list[Any]:
        return [self[f"{kind}-{name}"] for name in PERSON_FIELDS[kind]]

    def of(self, kind: str, *names: str) -> list[Any]:
        """These fields of a person."""
        return [self[f"{kind}-{name}"] for name in names]

    @property
    def hints(self) -> intake_hints.Hints:
        return intake_hints.Hints(self)

    @property
    def suggested(self) -> Blanks:
        """What was picked for the first step, by its blank; what was not follows the category there too."""
        return {name: self[name].data for name in SUGGESTED if name in self and self[name].data}


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="intake")


def _input_of(model: Any, name: str) -> Any:
    column = model._meta.fields[name]
    arguments: dict[str, Any] = {
        "label": LABELS.get(name, str(column.verbose_name)),
        "description": HELP.get(name, ""),
        "validators": [Optional()],
    }
    if name in _CHOICES:
        return PickField(choices=_CHOICES[name], coerce=str, **arguments)
    if name in _ROWS:
        return ChosenField(choices=_ROWS[name], coerce=row_id, **arguments)
    if name in ("backlog", "anonymous", "emergency", "do_not_call"):
        return BooleanField(**arguments)
    if name == "received_at":
        return MomentField(format=[WALL, f"{WALL}:%S"], **{**arguments, "validators": [Optional(), likely_year]})
    if name in AREAS:
        return TextAreaField(render_kw={"rows": AREAS[name]}, filters=[clean_text], **arguments)
    return StringField(filters=[clean_line], **arguments)


_CHOICES = {
    "law_class": intake_hints.choices_by_category(LAW_CLASSES),
    "secrecy": intake_hints.choices_by_category(SECRECY),
    "urgency": intake_hints.choices_by_category(URGENCY),
    "sex": [SelectChoice(key, label) for key, label in SEXES],
}
_ROWS = {
    "medium": intake_hints.medium_choices,
    "kelurahan": intake_hints.kelurahan_choices,
    "category": intake_hints.category_choices,
    "unit": intake_hints.unit_choices,
}


def _form_class() -> type[IntakeForm]:
    fields = {name: _input_of(Complaint, name) for name in DATA_FIELDS}
    fields |= {f"{kind}-{name}": _input_of(Person, name) for kind, names in PERSON_FIELDS.items() for name in names}
    suggestion = record_of(flow.TRANSITIONS[flow.FIRST])
    if suggestion:
        fields |= {f.name: _input_of(suggestion, f.name) for f in suggestion.blanks() if f.name in SUGGESTED}
    return type("Intake", (IntakeForm,), fields | (uploads.upload_fields() if flow.RECEIVE.evidence else {}))


def intake_form(posted: Any) -> IntakeForm:
    """The intake form, empty or as posted; an empty one carries the moment of its opening."""
    form = _form_class()(posted)
    if posted is None:
        form.opened.data = _signer().sign(secrets.token_urlsafe(12)).decode()
    if uploads.takes_files(form):
        uploads.describe_uploads(form)
    for name in ("medium", "story", "pengadu-name"):
        form[name].flags.required = True
    return form


def typed_values(form: IntakeForm) -> tuple[Columns, dict[str, Columns]]:
    """What was typed: by column of Complaint, and by person and column of Person."""
    data = {name: form[name].data for name in DATA_FIELDS}
    persons = {kind: {name: form[f"{kind}-{name}"].data for name in names} for kind, names in PERSON_FIELDS.items()}
    data["book_number"] = form.book_number.data or ""
    if data["anonymous"]:
        persons["pengadu"]["name"] = ""
    data["form_digest"] = _form_digest(form, data, persons)
    return data, persons


def _form_digest(form: IntakeForm, *typed: Any) -> str | None:
    """Of the form that the panel opened with what is typed on it: whoever goes back and takes down somebody else on the
    same form says something new. None for a form that the panel did not open."""
    return sha256(canonical([form.opened.data, *typed]).encode()).hexdigest() if form.opened_at else None


__all__ = ["PERSONS", "IntakeForm", "intake_form", "typed_values"]
