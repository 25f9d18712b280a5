"""The inputs of an entry, and moving personal numbers from free text into encrypted fields."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from flask_admin.form import BaseForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from admin.intake import hints as intake_hints
from admin.lists.inputs import LOCAL_FORMAT, MomentField, PickField, clean_line, clean_text, plausible_year, row_id
from models.complaint.complaint import PERSONS, SEXES, Complaint, Person
from models.office.contacts import FoundNumbers, is_masked, masked_text, masked_words, public_numbers
from models.office.settings import LAW_CLASSES
from models.store.base import Columns, canonical
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
# Text that every reader of the case sees, with personal numbers masked.
PLAIN_TEXT_FIELDS = (
    *(name for name in DATA_FIELDS if is_masked(Complaint._meta.fields[name])),
    *(f"{kind}-{n}" for kind, names in PERSON_FIELDS.items() for n in names if is_masked(Person._meta.fields[n])),
)
REQUIRED = ("medium", "story", "pengadu-name", "category")
AREAS = {"story": 6, "asks": 2, "address": 2, "domicile": 2}
HELP = {
    "story": "Tulis dengan kata-kata pengadu: apa yang terjadi, siapa, di mana, sejak kapan.",
    "title": "Dikosongkan: kalimat uraian yang pertama menyebut pokoknya; pada pengaduan rahasia menurut kategori.",
    "medium_ref": "Surat: nomornya, lalu tanggalnya, misalnya 470/12/2026 tanggal 3 November 2026.",
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
    "relation": "Dengan yang bersangkutan, misalnya tetangga.",
}
LABELS = {
    "emergency": "Darurat",
    "backlog": "Pencatatan susulan",
    "anonymous": "Pengadu anonim",
    "received_at": "Diterima pada",
    "relation": "Hubungan",
}


class ChosenField(PickField):
    """A native select of rows, possibly grouped; the blank choice is None."""

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            SelectField.pre_validate(self, form)


class EntryForm(BaseForm):
    """The form of an entry; `entry_fields` adds its fields from the columns of Complaint and Person."""

    def complain(self, wrong: Mapping[str, str]) -> None:
        """Add each sentence to the errors of its field, of unknown names to those of the story."""
        for name, sentence in wrong.items():
            key = name.replace(".", "-")
            field = self[key if key in self else "story"]
            field.errors = [*field.errors, sentence]

    def person(self, kind: str) -> list[Any]:
        return [self[f"{kind}-{name}"] for name in PERSON_FIELDS[kind]]

    def of(self, kind: str, *names: str) -> list[Any]:
        return [self[f"{kind}-{name}"] for name in names]

    @property
    def plain_text_fields(self) -> list[str]:
        """The blanks that should hold no personal number, since there are encrypted ones for it."""
        return [name for name in PLAIN_TEXT_FIELDS if name in self]

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
        return MomentField(
            format=[LOCAL_FORMAT, f"{LOCAL_FORMAT}:%S"], **{**arguments, "validators": [Optional(), plausible_year]}
        )
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


def mark_required(form: EntryForm) -> None:
    """Mark the required fields."""
    for name in REQUIRED:
        form[name].flags.required = True


LIFT = "lift:"  # prefix of the button that moves numbers, followed by the person
KNOWN = "numbers"  # the field with the hashes of numbers that the page has pointed out
MATTER = ""  # key of numbers in text about the matter: the user says whose they are
KINDS = {"nik": "NIK", "phone": "nomor telepon", "email": "alamat surel"}
LONGEST = 100  # characters of a blank with several numbers
SEVERAL = ("phone",)  # blanks that may hold several numbers
MARK = "\0"  # placeholder of a removed number
NUMBER_IN_NAME = re.compile(
    rf"[\s,;:/–-]*[(<\[]?\s*(?:(?:no|nomor|nik|ktp|kk|hp|wa|whatsapp|tel|telp|tlp|telepon|surel|e-?mail)\b[.:\s]*)*{MARK}\s*[)>\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TypedNumbers:
    """Personal numbers in the texts of a form: in text about the matter, and in names of persons."""

    found: dict[str, FoundNumbers]  # by person, or MATTER
    owners: tuple[str, ...]  # the persons whose numbers those of the matter may be

    def __bool__(self) -> bool:
        return any(self.found.values())

    def all_of(self, column: str) -> list[str]:
        return list(dict.fromkeys(number for numbers in self.found.values() for number in numbers.all_of(column)))

    @property
    def lines(self) -> list[str]:
        """The numbers, masked as readers will see them: NIK 35********0007."""
        return [f"{word} {masked_text(kind, number)}" for kind, word in KINDS.items() for number in self.all_of(kind)]

    @property
    def marks(self) -> set[str]:
        """A hash of each number, by which the page remembers what it has pointed out."""
        pairs = ([kind, number] for kind in KINDS for number in self.all_of(kind))
        return {sha256(canonical(pair).encode()).hexdigest()[:16] for pair in pairs}

    @property
    def ways(self) -> list[tuple[str, str]]:
        """The buttons: the value that they send, and the label of the person."""
        if self.found.get(MATTER):
            return [(f"{LIFT}{kind}", _whose(kind)) for kind in self.owners]
        own = [kind for kind, numbers in self.found.items() if numbers]
        return [(f"{LIFT}{own[0]}", " dan ".join(map(_whose, own)))] if own else []


def _whose(kind: str) -> str:
    return PERSONS[kind].partition(" (")[0].lower()


def typed_numbers(form: EntryForm) -> TypedNumbers:
    """The personal numbers in the form's texts, without the office's own numbers."""
    numbers, public = dict[str, FoundNumbers](), set[str]()
    for name, text in _texts_of(form):
        if masked_words(text) != text:
            public = public or {*public_numbers()}
            numbers.setdefault(_owner(name), FoundNumbers(spared=public)).without_numbers(text)
    named = [kind for kind in PERSON_FIELDS if kind != "kuasa" or form["kuasa-name"].data]
    return TypedNumbers(numbers, tuple(named))


def _owner(blank: str) -> str:
    return blank.rpartition("-")[0]


def numbers_to_show(form: EntryForm, before: EntryForm | None = None) -> TypedNumbers | None:
    """The same if any number was neither pointed out yet nor in the form `before`; None otherwise, and for a new
    emergency, which is registered without this question."""
    numbers, waits = typed_numbers(form), before or not form.emergency.data
    known = known_marks() | (typed_numbers(before).marks if before else set())
    return numbers if waits and numbers.marks - known else None


def known_marks() -> set[str]:
    """The hashes of the numbers that the page has pointed out."""
    return {mark for mark in request.form.get(KNOWN, "").split(",") if mark}


def _texts_of(form: EntryForm) -> Iterator[tuple[str, str]]:
    for name in form.plain_text_fields:
        if isinstance(form[name].data, str):
            yield name, form[name].data


def chosen_owner() -> str:
    """The person whose numbers they are, by the pressed button; "" if none of these was pressed."""
    kind = request.form.get("do", "").removeprefix(LIFT)
    return kind if request.form.get("do") == f"{LIFT}{kind}" and kind in PERSON_FIELDS else ""


def move_numbers(form: EntryForm, kind: str) -> None:
    """Move numbers into a person's blanks: those in a name to that person, the others to `kind`. What has no room stays
    in the text."""
    rest = dict[str, set[str]]()
    for owner, numbers in typed_numbers(form).found.items():
        rest[owner] = {*public_numbers()}
        for column in KINDS:
            for number in numbers.all_of(column):
                if not _store_number(form, owner or kind, column, number):
                    is_home = column == "phone" and number.startswith("0")
                    rest[owner] |= {number, f"62{number[1:]}" if is_home else number}
    for name, text in _texts_of(form):
        if _owner(name) in rest and masked_words(text) != text:
            form[name].data = _without_moved(text, rest[_owner(name)], is_name=name.endswith("-name"))


def _without_moved(text: str, rest: Set[str], *, is_name: bool) -> str:
    """The text without the moved numbers; in a name, labels such as "no. hp" are removed with them."""
    if not is_name:
        return FoundNumbers(spared=rest).without_numbers(text)
    name = NUMBER_IN_NAME.sub("", FoundNumbers(spared=rest, mark=MARK).without_numbers(text))
    return " ".join(name.split()).strip(" ,;:/-–")


def _store_number(form: EntryForm, kind: str, column: str, number: str) -> bool:
    """Add the number to the person's blank; whether the blank has it now."""
    if column not in PERSON_FIELDS[kind]:
        return False
    blank = form[f"{kind}-{column}"]
    present = str(blank.data or "").strip()
    before = FoundNumbers()
    before.without_numbers(present)
    if number in (present, *before.all_of(column)):
        return True
    joined = f"{present}, {number}" if present else number
    if (present and column not in SEVERAL) or len(joined) > LONGEST:
        return False
    blank.data = joined
    return True


def numbers_part(form: EntryForm) -> Response:
    """The numbers found while the user types, as an HTML fragment for a script."""
    return make_response(render_template("admin/intake/_numbers.html", numbers=typed_numbers(form), alone=True))


def moved_part(form: EntryForm) -> Response:
    """The blanks that the click changed, as JSON for a script that leaves all others as they are typed."""
    sealed = (f"{kind}-{column}" for kind in PERSON_FIELDS for column in KINDS)
    values = [(name, form[name].data or "") for name in (*form.plain_text_fields, *sealed) if name in form]
    return jsonify({name: value for name, value in values if value != request.form.get(name, "")})
