"""The form of a step, made from its record's fields; and units without a head that it warns of."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import peewee as pw
from flask import g, request, url_for
from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from admin.door.rows import signed_in
from admin.door.sessions import once_a_request
from admin.lists.inputs import BLANK, NativeConverter, PickField, Required, TicksField, clean_line, form_for
from admin.papers import evidence
from models.case.blanks import reasons, record_of
from models.complaint.complaint import Complaint
from models.complaint.number import LONGEST
from models.complaint.scope import may_write, visible
from models.office.decree import BESIDE_DEPUTY, is_headless
from models.office.people import BY_NAME, Acting, Dated, Division, User, today
from models.records.base import Blanks, IdList, ManyOf, OneOfCase, Record
from models.records.registry import RECORDS
from models.store.base import among, now
from papers.layout.check import printed_records
from sop.access import ADMIN
from sop.procedure import BIDANG, PETUGAS, Transition

UNIT = Complaint.unit.name  # the column of the unit that leads, and the blank that is carried there
NO_HEAD = "belum mempunyai kepala yang menjabat"
NO_HOLDER = "belum ada yang menjabat"  # behind the name of the post
MOST_NAMED = 3
REGISTER = Markup('<a href="{}">Daftarkan Plt.</a>')


def headless_units() -> dict[int, str]:
    """Names of the units without a head today, by id."""
    return _units_and_admins()[0]


@once_a_request
def _units_and_admins() -> tuple[dict[int, str], list[str]]:
    """Those units, and the names of whoever can register who acts for a head: in one statement."""
    vacant = Division.select(pw.Value(UNIT), Division.id, Division.name).where(is_headless(today()))
    admins = User.select(pw.Value(ADMIN), User.id, User.name).where(User.active & (User.role == ADMIN))
    rows = sorted(vacant.union_all(admins).tuples())
    units = {number: name for kind, number, name in rows if kind == UNIT}
    return units, [name for kind, _, name in rows if kind == ADMIN]


def _gives_to_unit(step: Transition) -> bool:
    """Whether the act names the unit that leads from then on."""
    model = record_of(step)
    return model is not None and UNIT in model.carries


def mark_headless(form: Any, step: Transition) -> None:
    """Say it beside the choice of a unit: at each such unit, and beneath with the way out."""
    if not _gives_to_unit(step) or UNIT not in form or not (gone := headless_units()):
        return
    field, values = form[UNIT], {str(unit) for unit in gone}
    field.choices = [
        SelectChoice(one.value, f"{one.label} ({NO_HEAD})") if one.value in values else one for one in field.choices
    ]
    field.description = Markup("{} {}").format(field.description, _sentence(list(gone.values())))


def headless_words(step: Transition, done: Iterable[int]) -> Markup:
    """The same of the units to which these cases were just given; "" where each has a head."""
    if not _gives_to_unit(step) or not (gone := headless_units()):
        return Markup()
    units = {unit for (unit,) in Complaint.select(Complaint.unit).where(among(Complaint.id, done)).tuples()}
    named = [name for unit, name in gone.items() if unit in units]
    return _sentence(named) if named else Markup()


def waits_for_head(case: Complaint) -> Markup:
    """The same of the unit that leads a case, for whoever may only draft what its head is to send; "" if it has one."""
    name = headless_units().get(case.unit_id)
    return _sentence([name]) if name else Markup()


def _sentence(names: list[str]) -> Markup:
    others = len(names) - MOST_NAMED
    told = ", ".join(names[:MOST_NAMED]) + (f", dan {others} unit kerja lain" if others > 0 else "")
    return Markup("{} {}: Nota Dinasnya belum dapat dinaikkan. {}").format(told, NO_HEAD, _way_out())


def _way_out() -> str:
    if may_write(signed_in(), "plt"):
        return REGISTER.format(url_for("plt.create_view"))
    _, admins = _units_and_admins()
    whom = f"pengelola sistem ({', '.join(admins)})" if admins else "pengelola sistem"
    return f"Tunjuk Plt. dengan surat perintah, lalu minta {whom} mendaftarkannya."


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
    model, extra = RECORDS[transition.record], evidence.upload_fields() if files else {}
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
        evidence.describe_uploads(form)
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
    fields = [f for f in form or () if not isinstance(f, HiddenField) and f.short_name not in evidence.FIELDS]
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
    return frozenset({*told, *evidence.FIELDS, BOOK})


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
