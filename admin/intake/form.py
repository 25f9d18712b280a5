"""The form of an intake, and the same form for a correction."""

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
    demand_the_least,
    entry_fields,
    input_of,
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
from models.records.entry import Entry, stored_entry, usual_columns
from models.store.base import Columns, canonical
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import vocabulary

SUGGESTED = ("unit",)  # blanks of the first step that "Simpan dan naikkan" takes from here, where its record has them


class IntakeForm(EntryForm):
    """An entry that becomes a complaint: when it was opened, its number, what is suggested for the first step."""

    opened = HiddenField()
    book_number = StringField(
        "Nomor register dari buku kantor", [Optional()], filters=[clean_line], description=BOOK_HELP
    )

    likely: Sequence[LikelyCase] = ()  # earlier cases that it may be, of which the page is to tell first
    numbers: TypedNumbers | None = None  # numbers of persons in its texts, of which it is to tell as well

    @property
    def opened_at(self) -> datetime | None:
        """When this form was opened, as signed by the panel itself; None if it was tampered with."""
        try:
            _, moment = _signer().unsign(self.opened.data or "", return_timestamp=True)
        except BadSignature:
            return None
        return moment.astimezone(WIB)

    @property
    def suggested(self) -> Blanks:
        """What was picked for the first step, by its blank; what was not follows the category there too."""
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
    """The intake form, empty or as posted; an empty one carries the moment of its opening."""
    form = _form_class()(posted)
    if posted is None:
        form.opened.data = _signer().sign(secrets.token_urlsafe(12)).decode()
    if evidence.takes_files(form):
        evidence.describe_uploads(form)
    demand_the_least(form)
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


FIELDS = {  # name on the form: field of the entry
    **{name: name for name in DATA_FIELDS},
    **{f"{kind}-{name}": f"{kind}.{name}" for kind, names in PERSON_FIELDS.items() for name in names},
}
FOLLOWING = ("title", *WORDS)  # left empty they follow the category, whichever it is after the correction


@cache
def _amended_form_class() -> type[EntryForm]:
    return type("Amendment", (EntryForm,), entry_fields())


def amend_form(complaint: Complaint, posted: Any = None) -> EntryForm:
    """The form as the complaint stands, or with what was posted of it.

    What equals what category and story decide stands as left to them: it goes along when they are corrected.
    """
    entry, c = stored_entry(complaint), complaint
    decided = usual_columns(c.category, c.kelurahan_id, story=c.__data__["story"], secrecy=c.secrecy)
    form = _amended_form_class()(posted, data=_values(entry, decided))
    _keep_choosable(form.medium, Medium, complaint.medium_id)
    _keep_choosable(form.category, Category, complaint.category_id)
    for name in (name for name in FIELDS if name.endswith("kelurahan")):
        _keep_choosable(form[name], Kelurahan, form[name].object_data)
    _name_what_follows(form)
    form.received_at.description = "Menentukan batas peraturan dan batas jawaban pertama."
    demand_the_least(form)
    return form


def _name_what_follows(form: EntryForm) -> None:
    """Say at each blank that follows the category what it then holds."""
    usual = form.hints.usual
    for name, words in WORDS.items():
        form[name].choices = [SelectChoice("", f"{words[usual[name]]} – menurut kategori"), *form[name].choices[1:]]
    form.title.render_kw = {"placeholder": usual["title"]}


def _values(entry: Entry, usual: Columns) -> Columns:
    shown = {name: "" if name in usual and value == usual[name] else value for name, value in entry.columns.items()}
    people = {f"{kind}-{n}": value for kind, person in entry.persons.items() for n, value in person.items()}
    return {**shown, **people}


def _keep_choosable(field: Any, model: Any, stands: int | None) -> None:
    """What stands there stays a choice after the office has switched it off."""
    if stands is not None and stands not in [choice.value for choice in field.choices]:
        field.choices = [*field.choices, SelectChoice(stands, str(model.get_by_id(stands)))]


def corrected_values(form: EntryForm, complaint: Complaint) -> Columns:
    """What was corrected, by field of the entry; with it all that follows the category."""
    stands = amend_form(complaint)
    return {
        field: form[name].data
        for name, field in FIELDS.items()
        if form[name].data != stands[name].data or (name in FOLLOWING and not form[name].data)
    }


def is_printed(name: str) -> bool:
    """Whether a blank of the entry's pages ends on a paper; why something is corrected does not."""
    return name in FIELDS or name in evidence.FIELDS or name == BOOK


def typed_entry(sent: Any) -> EntryForm:
    """What a page sent of an entry, and nothing of a case."""
    return _amended_form_class()(sent)


def sent_in_words(sent: Any) -> list[tuple[str, str]]:
    """The same by label, in words."""
    form = typed_entry(sent)
    return [
        (LABELS[field], input_in_words(form[name]) or sent[name]) for name, field in FIELDS.items() if sent.get(name)
    ]
