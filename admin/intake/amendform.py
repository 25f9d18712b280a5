"""The intake's form with what stands there today, and what of it was corrected."""

from functools import cache
from typing import Any

from wtforms.fields.choices import SelectChoice

from admin.evidence import uploads
from admin.intake.entryform import DATA_FIELDS, PERSON_FIELDS, EntryForm, demand_the_least, entry_fields
from admin.intake.hints import WORDS
from admin.kit.clash import input_in_words
from admin.step.forms import BOOK
from models.complaint.complaint import Complaint
from models.office.lists import Category, Kelurahan, Medium
from models.records.amending import LABELS
from models.records.entry import Entry, stored_entry, usual_columns
from models.store.base import Columns

FIELDS = {  # name on the form: field of the entry
    **{name: name for name in DATA_FIELDS},
    **{f"{kind}-{name}": f"{kind}.{name}" for kind, names in PERSON_FIELDS.items() for name in names},
}
FOLLOWING = ("title", *WORDS)  # left empty they follow the category, whichever it is after the correction


@cache
def _form_class() -> type[EntryForm]:
    return type("Amendment", (EntryForm,), entry_fields())


def amend_form(complaint: Complaint, posted: Any = None) -> EntryForm:
    """The form as the complaint stands, or with what was posted of it.

    What equals what category and story decide stands as left to them: it goes along when they are corrected.
    """
    entry, c = stored_entry(complaint), complaint
    decided = usual_columns(c.category, c.kelurahan_id, story=c.__data__["story"], secrecy=c.secrecy)
    form = _form_class()(posted, data=_values(entry, decided))
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
    return name in FIELDS or name in uploads.FIELDS or name == BOOK


def typed_entry(sent: Any) -> EntryForm:
    """What a page sent of an entry, and nothing of a case."""
    return _form_class()(sent)


def sent_in_words(sent: Any) -> list[tuple[str, str]]:
    """The same by label, in words."""
    form = typed_entry(sent)
    return [
        (LABELS[field], input_in_words(form[name]) or sent[name]) for name, field in FIELDS.items() if sent.get(name)
    ]
