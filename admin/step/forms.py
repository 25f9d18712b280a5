"""The form of a step, made from the fields of its record: native inputs, one form for one complaint or for many."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import g, request
from flask_admin.form import BaseForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from admin.door.joins import signed_in
from admin.door.once import once_a_request
from admin.evidence import uploads
from admin.kit.asked import NativeConverter, form_for
from admin.kit.fields import BLANK, PickField, Required, TicksField, clean_line
from admin.step.headless import mark_headless
from models.case.blanks import reasons, record_of
from models.complaint.number import LONGEST
from models.complaint.scope import visible
from models.office.decree import BESIDE_DEPUTY
from models.office.people import BY_NAME, Acting, Dated, User
from models.records.base import Blanks, IdList, ManyOf, OneOfCase, Record
from models.records.registry import RECORDS
from models.store.base import now
from papers.layout.check import printed_records
from sop.procedure import BIDANG, PETUGAS, Transition

EACH_OWN = SelectChoice("", "– mengikuti masing-masing –")
LEFT_EMPTY = "Kosongkan"  # a help that begins so holds for one complaint: among many each one follows its own
BOOK, BOOK_LABEL = "book_number", "Nomor dari buku kantor"
BOOK_HELP = "Hanya bila sudah diberi nomor di buku kantor. Dikosongkan: nomor berikutnya diberikan panel."
DEPUTY = "deputy_reason"


class DeputyForm(BaseForm):
    """Why the holder of a post decides himself while somebody stands in for him: once for all that is sent with it."""

    deputy_reason = PickField(
        "Alasan memutus sendiri", [Required()], choices=[BLANK, *(SelectChoice(*one) for one in BESIDE_DEPUTY.items())]
    )


def deputy_blank(deputy: Acting | None, sent: Any = None) -> Any:
    """The blank that asks for it, as it was sent; None where nobody stands in."""
    if deputy is None:
        return None
    blank = DeputyForm(request.form if sent is None else sent)[DEPUTY]
    blank.description = f"{deputy.user} bertugas sebagai {deputy.post}, {deputy.span}. Alasan ini masuk riwayat."
    return blank


def typed_deputy_reason() -> str:
    """The reason that was picked there."""
    return request.form.get(DEPUTY, "")


@once_a_request
def office_reasons() -> dict[str, list[str]]:
    """The office's lists of reasons."""
    return reasons()


class BlanksAsked:
    """What the converter asks of a view: names of columns and the rows that may be chosen."""

    def __init__(self, transition: Transition) -> None:
        self.transition = transition
        self.form_args: dict[str, Any] = {}
        self.model_form_converter = NativeConverter

    def get_column_name(self, name: str) -> str:
        return name

    def reasons(self) -> list[str]:
        """The office's reasons for the transition."""
        return office_reasons().get(self.transition.key, [])

    def words(self, field: ManyOf) -> tuple[str, ...]:
        """The office's list of words for a blank, read once a request."""
        kept: dict[Any, tuple[str, ...]] = g.setdefault("words", {})
        if field.offered not in kept:
            kept[field.offered] = field.words
        return kept[field.offered]

    def choosable(self, field: Any) -> Iterable[Any]:
        """Units in force; people who may come to work on a case: those of the lane whose act it is, of one's own unit
        for a head of a unit."""
        model = field.of if isinstance(field, IdList) else field.rel_model
        query = visible(signed_in(), model)
        if issubclass(model, Dated):
            query = query.where(model.on(now().date()))
        if model is User:
            query = query.where(User.active & (User.role == (PETUGAS if self.transition.actor == PETUGAS else BIDANG)))
            if self.transition.actor == BIDANG:
                query = query.where(User.division == signed_in().division_id)
        rows: Iterable[Any] = query.order_by(BY_NAME if model is User else model.id)
        return rows


@cache
def _form_class(transition: Transition, only: tuple[str, ...], *, files: bool, numbers: bool) -> type[BaseForm]:
    model, extra = RECORDS[transition.record], uploads.upload_fields() if files else {}
    made = form_for(BlanksAsked(transition), model, [blank.name for blank in _asked_blanks(model, only)], **extra)
    if numbers:  # set at the end: a form has its fields in the order in which they were made
        length = Length(max=LONGEST)
        setattr(made, BOOK, StringField(BOOK_LABEL, [Optional(), length], filters=[clean_line], description=BOOK_HELP))
    return made


def step_form(
    transition: Transition,
    values: Blanks | None,
    *,
    posted: Any = None,
    many: bool,
    only: tuple[str, ...] = (),
    prefix: str = "",
) -> Any:
    """The form of a transition, filled with `values` or with what was posted; None if it takes no blanks.

    For many complaints every blank may stay empty: it then follows each complaint's own draft or proposal. Evidence is
    added to one complaint only. A page with several forms asks for some blanks `only`, and tells them by a prefix.
    """
    model = record_of(transition)
    if model is None:
        return None
    files, numbers = transition.evidence and not many, bool(transition.series) and not many and not only
    form = _form_class(transition, only, files=files, numbers=numbers)(posted, data=values, prefix=prefix)
    if files:
        uploads.describe_uploads(form)
    for blank in _asked_blanks(model, only):
        _demand(form[blank.name], must=not many and model.required(blank, transition.key, office_reasons()))
        if many:
            _leave_to_each(form[blank.name], posted)
    mark_headless(form, transition)
    return form


def _asked_blanks(model: type[Record], only: tuple[str, ...]) -> list[Any]:
    return [blank for blank in model.blanks() if not only or blank.name in only]


def _demand(field: Any, *, must: bool) -> None:
    """Whether the blank must be filled in, instead of what its column says; boxes to tick are demanded by nobody."""
    others = [v for v in field.validators if not isinstance(v, InputRequired | Optional)]
    field.validators = others if isinstance(field, TicksField) else [Required() if must else Optional(), *others]
    field.flags.required = must


def _leave_to_each(field: Any, posted: Any) -> None:
    """Among many complaints what is not picked follows each one's own, and help about one says nothing."""
    if isinstance(field, PickField):
        field.choices = [EACH_OWN, *(c for c in field.choices if c.value)]
        field.data = field.data if posted else None
    if field.description.startswith(LEFT_EMPTY):
        field.description = ""


def offer_of_case(form: Any, transition: Transition, complaint: int) -> None:
    """Fill the choices that only the case knows."""
    for blank in RECORDS[transition.record].blanks() if form is not None else ():
        if isinstance(blank, OneOfCase):
            form[blank.name].offer(RECORDS[transition.record].offered(blank.name, complaint))


def must_and_may(form: Any) -> tuple[list[Any], list[Any]]:
    """The blanks of a form: those that must be filled in, and those that may stay empty; evidence is apart."""
    fields = [f for f in form or () if not isinstance(f, HiddenField) and f.short_name not in uploads.FIELDS]
    return [f for f in fields if f.flags.required], [f for f in fields if not f.flags.required]


def typed_blanks(form: Any, transition: Transition, *, many: bool) -> Blanks:
    """The blanks of the form as typed: all that came for one complaint, for many only those that were filled in."""
    model = record_of(transition)
    if form is None or model is None:
        return {}
    values = {
        f.name: _typed_value(form[f.name]) for f in model.blanks() if f.name in form and _was_posted(form[f.name])
    }
    return {n: v for n, v in values.items() if v not in ("", None, [])} if many else values


def printed_blanks(transition: Transition) -> frozenset[str]:
    """The blanks of an act that end on a paper: the number, evidence that lies elsewhere, a record that papers tell."""
    model = record_of(transition)
    told = [blank.name for blank in model.blanks()] if model and model.key in printed_records() else []
    return frozenset({*told, *uploads.FIELDS, BOOK})


def typed_book_number(form: Any) -> str:
    """The number that was typed from the office's own book."""
    return (form[BOOK].data or "") if form is not None and BOOK in form else ""


def _was_posted(field: Any) -> bool:
    """Whether a page sent the field, or none was sent yet; nothing is sent of boxes of which none is ticked."""
    return field.raw_data != [] or isinstance(field, TicksField)


def _typed_value(field: Any) -> Any:
    if field.data is None and isinstance(field, StringField | TextAreaField):
        return ""
    return field.data
