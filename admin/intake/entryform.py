"""The inputs of an entry, in the order in which people talk: medium, who, what happened, what is asked, where, when."""

from collections.abc import Mapping
from typing import Any

from flask_admin.form import BaseForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from admin.intake import hints as intake_hints
from admin.kit.fields import WALL, MomentField, PickField, clean_line, clean_text, likely_year, row_id
from models.complaint.complaint import SEXES, Complaint, Person
from models.office.contacts import is_masked
from models.office.settings import LAW_CLASSES
from models.store.base import Columns
from sop.access import SECRECY, URGENCY

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
# What everybody reads who opens the case, numbers of persons masked.
TOLD = (
    *(name for name in DATA_FIELDS if is_masked(Complaint._meta.fields[name])),
    *(f"{kind}-{n}" for kind, names in PERSON_FIELDS.items() for n in names if is_masked(Person._meta.fields[n])),
)
REQUIRED = ("medium", "story", "pengadu-name")
AREAS = {"story": 6, "asks": 2, "address": 2, "domicile": 2}
HELP = {
    "story": "Tulis dengan kata-kata pengadu: apa yang terjadi, siapa, di mana, sejak kapan.",
    "title": "Dikosongkan: kalimat uraian yang pertama menyebut pokoknya; pada pengaduan rahasia menurut kategori.",
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


class EntryForm(BaseForm):
    """Its fields are added by `entry_fields`, from the columns of Complaint and Person."""

    def complain(self, wrong: Mapping[str, str]) -> None:
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
    def told(self) -> list[str]:
        """The blanks that are not to hold a number of a person: it has a sealed one."""
        return [name for name in TOLD if name in self]

    @property
    def hints(self) -> intake_hints.Hints:
        return intake_hints.Hints(self)


def input_of(model: Any, name: str) -> Any:
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


def entry_fields() -> Columns:
    """The inputs by name: "story" of the complaint, "pengadu-name" of a person."""
    own = {name: input_of(Complaint, name) for name in DATA_FIELDS}
    people = {f"{kind}-{name}": input_of(Person, name) for kind, names in PERSON_FIELDS.items() for name in names}
    return {**own, **people}


def demand_the_least(form: EntryForm) -> None:
    """Mark what must be there."""
    for name in REQUIRED:
        form[name].flags.required = True
