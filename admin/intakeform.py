"""The form of an intake: what happened first, then who, where and when, then how the office files it."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_admin.form import BaseForm
from itsdangerous import BadSignature, TimestampSigner
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from admin import evidence
from admin.fields import BLANK, WALL, MomentField, PickField, RowField
from models.base import now
from models.calendar import clock
from models.complaint import PERSONS, SEXES, Category, Complaint, Kelurahan, Medium, Person
from models.settings import LAW_CLASSES
from sop import flow
from sop.access import SECRECY, URGENCY
from sop.clock import WIB

BY_CATEGORY = SelectChoice("", "– mengikuti kategori –")
PERSON_FIELDS = {
    "pengadu": ("name", "phone", "safe_contact", "do_not_call", "nik", "birth", "sex", "address", "domicile",
                "kelurahan", "email", "job", "relation"),
    "yang_bersangkutan": ("name", "age", "sex", "relation", "group", "nik", "phone", "address", "safe_contact"),
    "kuasa": ("name", "phone", "nik", "address", "relation"),
}  # fmt: skip
DATA_FIELDS = ("medium", "medium_ref", "received_at", "backlog", "story", "asks", "anonymous", "event_date",
               "event_place", "kelurahan", "accused", "loss", "evidence", "category", "title", "law_class",
               "secrecy", "urgency", "emergency")  # fmt: skip
AREAS = {"story": 7, "asks": 3, "address": 2, "domicile": 2}
HELP = {
    "story": "Tulis dengan kata-kata pengadu: apa yang terjadi, siapa, di mana, sejak kapan.",
    "title": "Dikosongkan: mengikuti kategori.",
    "received_at": "Dikosongkan: sekarang. Isi bila pengaduan masuk lebih awal.",
    "backlog": "Ditulis belakangan; jam SOP baris pertama tidak dihitung.",
    "anonymous": "Pengadu tidak menyebut nama.",
    "emergency": "Ada bahaya sekarang. Unit darurat kategori langsung melihat pengaduan ini; hubungi UPT PPA atau 112.",
    "evidence": "Apa yang ditunjukkan atau disebut pengadu.",
    "nik": "16 angka. Bila tidak lengkap tetap disimpan dengan catatan.",
    "safe_contact": "Nomor yang aman, jam yang aman, siapa yang boleh mengangkat.",
}


class GroupedField(PickField):
    """A native select whose options stand under headings; the blank one means nothing picked."""

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            SelectField.pre_validate(self, form)


class IntakeForm(BaseForm):
    """Fields are added below, from the columns of Complaint and Person."""

    opened = HiddenField()

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
            field = self._fields.get(name.replace(".", "-")) or self.story
            field.errors = [*field.errors, sentence]

    def person(self, kind: str) -> list[Any]:
        return [self._fields[f"{kind}-{name}"] for name in PERSON_FIELDS[kind]]


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="intake")


def _field(model: Any, name: str) -> Any:
    column = model._meta.fields[name]
    given: dict[str, Any] = {
        "label": str(column.verbose_name),
        "description": HELP.get(name, ""),
        "validators": [Optional()],
    }
    if name in _CHOICES:
        return PickField(choices=_CHOICES[name], coerce=str, **given)
    if name in _ROWS:
        return RowField(rows=_ROWS[name], **given)
    if name == "category":
        return GroupedField(choices=_categories, coerce=_number, **given)
    if name in ("backlog", "anonymous", "emergency", "do_not_call"):
        return BooleanField(**given)
    if name == "received_at":
        return MomentField(format=[WALL, f"{WALL}:%S"], **{**given, "validators": [Optional(), _countable]})
    return TextAreaField(render_kw={"rows": AREAS[name]}, **given) if name in AREAS else StringField(**given)


def _countable(form: IntakeForm, field: Any) -> None:
    """A moment from which deadlines can be counted: the office's hours are known from then on."""
    try:
        clock().opening(field.data or now())  # what cannot be read as a moment has its own sentence
    except (ValueError, OverflowError) as unknown:
        raise ValidationError("Jam kerja dinas pada tanggal ini tidak diketahui. Periksa tahunnya.") from unknown


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


def _categories() -> dict[str, list[SelectChoice]]:
    groups = {None: "Belum dipilah", **{c.id: c.name for c in Category.select().where(~Category.active)}}
    found: dict[str, list[SelectChoice]] = {"": [BLANK]}
    for category in Category.select().where(Category.active).order_by(Category.id):
        found.setdefault(groups.get(category.parent_id, "Lainnya"), []).append(SelectChoice(category.id, category.name))
    return found


def _by_category(labels: dict[str, str]) -> list[SelectChoice]:
    return [BY_CATEGORY, *(SelectChoice(key, label) for key, label in labels.items())]


_CHOICES = {
    "law_class": _by_category(LAW_CLASSES),
    "secrecy": _by_category(SECRECY),
    "urgency": _by_category(URGENCY),
    "sex": [SelectChoice(key, label) for key, label in SEXES],
}
_ROWS = {
    "medium": lambda: Medium.select().where(Medium.active).order_by(Medium.id),
    "kelurahan": lambda: Kelurahan.select().order_by(Kelurahan.name),
}


def _form_class() -> type[IntakeForm]:
    fields = {name: _field(Complaint, name) for name in DATA_FIELDS}
    fields |= {f"{kind}-{name}": _field(Person, name) for kind, names in PERSON_FIELDS.items() for name in names}
    return type("Intake", (IntakeForm,), fields | (evidence.fields() if flow.RECEIVE.evidence else {}))


def intake_form(posted: Any) -> IntakeForm:
    """The intake form, empty or as posted; an empty one carries the moment of its opening."""
    form = _form_class()(posted)
    if posted is None:
        form.opened.data = _signer().sign(b"form").decode()
    if evidence.takes_files(form):
        evidence.describe(form)
    for name in ("medium", "story", "pengadu-name"):
        form[name].flags.required = True
    return form


def told(form: IntakeForm) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What was typed: by column of Complaint, and by person and column of Person."""
    data = {name: form[name].data for name in DATA_FIELDS}
    persons = {kind: {name: form[f"{kind}-{name}"].data for name in names} for kind, names in PERSON_FIELDS.items()}
    if data["anonymous"]:
        persons["pengadu"]["name"] = ""
    return data, persons


__all__ = ["PERSONS", "IntakeForm", "intake_form", "told"]
