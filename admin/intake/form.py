"""The form of an intake, and the form of a correction."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from admin.case.forms import BOOK, BOOK_HELP
from admin.case.notices import LikelyCase
from admin.intake.entry import (
    DATA_FIELDS,
    PERSON_FIELDS,
    EntryForm,
    TypedNumbers,
    entry_fields,
    input_of,
    mark_required,
)
from admin.intake.hints import WORDS
from admin.lists.inputs import clean_line
from admin.lists.saving import input_in_words
from admin.papers import evidence
from models.case.blanks import record_of
from models.complaint.complaint import Complaint
from models.office.lists import Category, Kelurahan, Medium
from models.records.amending import LABELS
from models.records.base import Blanks
from models.records.entry import stored_entry, usual_columns
from models.store.base import Columns, canonical
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import vocabulary

SUGGESTED = ("unit",)  # blanks of the first step that "Simpan dan naikkan" takes from here, where its record has them


class IntakeForm(EntryForm):
    """An entry that becomes a complaint, with its opening time, register number, and suggestions for the first step."""

    opened = HiddenField()
    book_number = StringField(
        "Nomor register dari buku kantor", [Optional()], filters=[clean_line], description=BOOK_HELP
    )

    likely: Sequence[LikelyCase] = ()  # similar earlier cases that the page must show first
    numbers: TypedNumbers | None = None  # personal numbers in its texts that the page must show first

    @property
    def opened_at(self) -> datetime | None:
        """When this form was opened, from the panel's signature; None if that is invalid."""
        try:
            _, moment = _signer().unsign(self.opened.data or "", return_timestamp=True)
        except BadSignature:
            return None
        return moment.astimezone(WIB)

    @property
    def suggested(self) -> Blanks:
        """The values picked for blanks of the first step; without one the category decides there too."""
        return {name: self[name].data for name in SUGGESTED if name in self and self[name].data}


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="intake")


def _form_class() -> type[IntakeForm]:
    fields, suggestion = entry_fields(), record_of(vocabulary().transitions[current_procedure().first])
    if suggestion:
        fields |= {f.name: input_of(suggestion, f.name) for f in suggestion.blanks() if f.name in SUGGESTED}
    return type(
        "Intake", (IntakeForm,), fields | (evidence.upload_fields() if current_procedure().receive.evidence else {})
    )


def intake_form(posted: Any) -> IntakeForm:
    """The intake form, empty or as posted; an empty one gets the signed time of its opening."""
    form = _form_class()(posted)
    if posted is None:
        form.opened.data = _signer().sign(secrets.token_urlsafe(12)).decode()
    if evidence.takes_files(form):
        evidence.describe_uploads(form)
    mark_required(form)
    return form


def typed_values(form: IntakeForm) -> tuple[Columns, dict[str, Columns]]:
    """The typed values by column of Complaint, and by person and column of Person."""
    data = {name: form[name].data for name in DATA_FIELDS}
    persons = {kind: {name: form[f"{kind}-{name}"].data for name in names} for kind, names in PERSON_FIELDS.items()}
    data["book_number"] = form.book_number.data or ""
    if data["anonymous"]:
        persons["pengadu"]["name"] = ""
    # Against a second submission of a form that the panel opened: after the back button other values make a new
    # complaint.
    digest = sha256(canonical([form.opened.data, data, persons]).encode()).hexdigest()
    data["form_digest"] = digest if form.opened_at else None
    return data, persons


FIELDS = {  # name on the form: field of the entry
    **{name: name for name in DATA_FIELDS},
    **{f"{kind}-{name}": f"{kind}.{name}" for kind, names in PERSON_FIELDS.items() for name in names},
}
FOLLOWING = ("title", *WORDS)  # if empty, they follow the category, also after it was corrected


@cache
def _amended_form_class() -> type[EntryForm]:
    return type("Amendment", (EntryForm,), entry_fields())


def amend_form(complaint: Complaint, posted: Any = None) -> EntryForm:
    """The form with the complaint's values, or as posted.

    Values equal to what category and story decide are left empty: they follow when those are corrected.
    """
    entry, c = stored_entry(complaint), complaint
    defaults = usual_columns(c.category, c.kelurahan_id, story=c.__data__["story"], secrecy=c.secrecy)
    values = {n: "" if n in defaults and value == defaults[n] else value for n, value in entry.columns.items()}
    for kind, person in entry.persons.items():
        values |= {f"{kind}-{name}": value for name, value in person.items()}
    form = _amended_form_class()(posted, data=values)
    _keep_choosable(form.medium, Medium, complaint.medium_id)
    _keep_choosable(form.category, Category, complaint.category_id)
    for name in (name for name in FIELDS if name.endswith("kelurahan")):
        _keep_choosable(form[name], Kelurahan, form[name].object_data)
    usual = form.hints.usual
    for name, words in WORDS.items():  # a blank that follows the category shows its value by the category
        form[name].choices = [SelectChoice("", f"{words[usual[name]]} – menurut kategori"), *form[name].choices[1:]]
    form.title.render_kw = {"placeholder": usual["title"]}
    form.received_at.description = "Menentukan batas peraturan dan batas jawaban pertama."
    mark_required(form)
    return form


def _keep_choosable(field: Any, model: Any, stored: int | None) -> None:
    """Keep the stored row a choice although it has been deactivated."""
    if stored is not None and stored not in [choice.value for choice in field.choices]:
        field.choices = [*field.choices, SelectChoice(stored, str(model.get_by_id(stored)))]


def corrected_values(form: EntryForm, complaint: Complaint) -> Columns:
    """The corrected values by field of the entry, with the empty ones that follow the category."""
    stored = amend_form(complaint)
    return {
        field: form[name].data
        for name, field in FIELDS.items()
        if form[name].data != stored[name].data or (name in FOLLOWING and not form[name].data)
    }


def is_printed(name: str) -> bool:
    """Whether a blank of the entry's pages is printed on a paper; the reason of a correction is not."""
    return name in FIELDS or name in evidence.FIELDS or name == BOOK


def typed_entry(sent: Any) -> EntryForm:
    """The form with only the values that were sent, none of a case."""
    return _amended_form_class()(sent)


def sent_in_words(sent: Any) -> list[tuple[str, str]]:
    """The sent values in words, by label."""
    form = typed_entry(sent)
    return [
        (LABELS[field], input_in_words(form[name]) or sent[name]) for name, field in FIELDS.items() if sent.get(name)
    ]
