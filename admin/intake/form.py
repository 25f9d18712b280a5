"""The form of an intake: an entry, when it was opened, perhaps a number, and the evidence that was handed over."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from admin.evidence import uploads
from admin.intake.entryform import DATA_FIELDS, PERSON_FIELDS, EntryForm, demand_the_least, entry_fields, input_of
from admin.intake.lifting import TypedNumbers
from admin.kit.fields import clean_line
from admin.step.forms import BOOK_HELP
from admin.step.likely import LikelyCase
from models.case.blanks import record_of
from models.records.base import Blanks
from models.store.base import Columns, canonical
from sop import flow
from sop.clock import WIB

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
    fields, suggestion = entry_fields(), record_of(flow.TRANSITIONS[flow.FIRST])
    if suggestion:
        fields |= {f.name: input_of(suggestion, f.name) for f in suggestion.blanks() if f.name in SUGGESTED}
    return type("Intake", (IntakeForm,), fields | (uploads.upload_fields() if flow.RECEIVE.evidence else {}))


def intake_form(posted: Any) -> IntakeForm:
    """The intake form, empty or as posted; an empty one carries the moment of its opening."""
    form = _form_class()(posted)
    if posted is None:
        form.opened.data = _signer().sign(secrets.token_urlsafe(12)).decode()
    if uploads.takes_files(form):
        uploads.describe_uploads(form)
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
