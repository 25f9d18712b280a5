"""The form of a step, made from its record's fields; and warnings about units without a head."""

from collections.abc import Iterable
from datetime import date
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
from admin.door.sessions import cached_per_request
from admin.lists.inputs import BLANK, NativeConverter, PickField, Required, TicksField, clean_line, form_for
from admin.papers import evidence
from models.case.blanks import reasons, record_of
from models.complaint.complaint import Complaint
from models.complaint.number import LONGEST
from models.complaint.scope import may_write, visible
from models.office.decree import REASONS_DESPITE_DEPUTY, is_headless
from models.office.people import BY_NAME, Acting, Dated, Division, User, today
from models.records.base import Blanks, IdList, ManyOf, OneOfCase, ReasonField, Record
from models.records.registry import RECORDS
from models.store import master_cache
from models.store.base import among, now
from papers.layout.check import printed_records
from sop.access import ADMIN
from sop.procedure import BIDANG, PETUGAS, Transition

UNIT = Complaint.unit.name  # the column of the responsible unit, and the blank that is copied there
NO_HEAD = "belum mempunyai kepala yang menjabat"
NO_HOLDER = "belum ada yang menjabat"  # follows the title of the post
MOST_NAMED = 3
REGISTER = Markup('<a href="{}">Daftarkan Plt.</a>')


def headless_units() -> dict[int, str]:
    """Names of the units without a head today, by id."""
    return _units_and_admins()[0]


def _units_and_admins() -> tuple[dict[int, str], list[str]]:
    """Those units, and the names of the admins who can register an acting head."""
    day = today()
    return master_cache.cached(("headless units", day), lambda: _stored_units_and_admins(day))


def _stored_units_and_admins(day: date) -> tuple[dict[int, str], list[str]]:
    vacant = Division.select(Division.id, Division.name).where(is_headless(day)).order_by(Division.id).tuples()
    admins = User.select(User.name).where(User.active & (User.role == ADMIN)).order_by(User.id).tuples()
    return dict(vacant), [name for (name,) in admins]


def _assigns_unit(step: Transition) -> bool:
    """Whether the act sets the responsible unit."""
    model = record_of(step)
    return model is not None and UNIT in model.carries


def mark_headless(form: Any, step: Transition) -> None:
    """Mark units without a head in the choices of the form, and explain below how to register an acting head."""
    if not _assigns_unit(step) or UNIT not in form or not (headless := headless_units()):
        return
    field, values = form[UNIT], {str(unit) for unit in headless}
    field.choices = [
        SelectChoice(choice.value, f"{choice.label} ({NO_HEAD})") if choice.value in values else choice
        for choice in field.choices
    ]
    field.description = Markup("{} {}").format(field.description, _headless_sentence(list(headless.values())))


def headless_words(step: Transition, done: Iterable[int]) -> Markup:
    """The warning for the units to which these cases were just assigned; "" if each has a head."""
    if not _assigns_unit(step) or not (headless := headless_units()):
        return Markup()
    units = {unit for (unit,) in Complaint.select(Complaint.unit).where(among(Complaint.id, done)).tuples()}
    named = [name for unit, name in headless.items() if unit in units]
    return _headless_sentence(named) if named else Markup()


def waits_for_head(case: Complaint) -> Markup:
    """The warning for the unit of a case, for users who draft what its head must submit; "" if it has a head."""
    name = headless_units().get(case.unit_id)
    return _headless_sentence([name]) if name else Markup()


def _headless_sentence(names: list[str]) -> Markup:
    """Which units have no head, what they cannot do, and how an acting head is registered."""
    others = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (f", dan {others} unit kerja lain" if others > 0 else "")
    if may_write(signed_in(), "plt"):
        remedy: str = REGISTER.format(url_for("plt.create_view"))
    else:
        _, admins = _units_and_admins()
        whom = f"pengelola sistem ({', '.join(admins)})" if admins else "pengelola sistem"
        remedy = f"Tunjuk Plt. dengan surat perintah, lalu minta {whom} mendaftarkannya."
    return Markup("{} {}: Nota Dinasnya belum dapat dinaikkan. {}").format(listed, NO_HEAD, remedy)


EACH_OWN = SelectChoice("", "– mengikuti masing-masing –")
LEFT_EMPTY = "Kosongkan"  # help texts that begin so are dropped for many complaints
BOOK, BOOK_LABEL = "book_number", "Nomor dari buku kantor"
BOOK_HELP = "Hanya bila sudah diberi nomor di buku kantor. Dikosongkan: nomor berikutnya diberikan panel."
DEPUTY = "deputy_reason"


class DeputyForm(BaseForm):
    """The reason why the holder of a post decides despite an acting official; one for the whole request."""

    deputy_reason = PickField(
        "Alasan memutus sendiri",
        [Required()],
        choices=[BLANK, *(SelectChoice(*one) for one in REASONS_DESPITE_DEPUTY.items())],
    )


def deputy_blank(deputy: Acting | None, sent: Any = None) -> Any:
    """The blank for that reason, as submitted; None without an acting official."""
    if deputy is None:
        return None
    blank = DeputyForm(request.form if sent is None else sent)[DEPUTY]
    blank.description = f"{deputy.user} bertugas sebagai {deputy.post}, {deputy.span}. Alasan ini masuk riwayat."
    return blank


def typed_deputy_reason() -> str:
    return request.form.get(DEPUTY, "")


@cached_per_request
def office_reasons() -> dict[str, list[str]]:
    """The office's reasons by transition."""
    return reasons()


class BlanksAsked:
    """Implements for the form converter what a view does: column names and the rows that may be chosen."""

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
        """The office's list of words for a blank, cached for the request."""
        cached: dict[Any, tuple[str, ...]] = g.setdefault("words", {})
        if field.offered not in cached:
            cached[field.offered] = field.words
        return cached[field.offered]

    def choosable(self, field: Any) -> Iterable[Any]:
        """Units in force; active users of the act's role, for a head of a unit those of the own unit."""
        model = field.of if isinstance(field, IdList) else field.rel_model
        if model is User:
            of_unit = (signed_in().division_id,) if self.transition.actor == BIDANG else ()
            role = PETUGAS if self.transition.actor == PETUGAS else BIDANG
            return master_cache.cached(("assignable", role, of_unit), lambda: _active_users(role, *of_unit))
        if not model.cached:
            return list(visible(signed_in(), model).order_by(model.id))
        rows, day = master_cache.rows_by_id(model).values(), now().date()
        return [row for row in rows if row.holds_on(day)] if issubclass(model, Dated) else list(rows)


def _active_users(role: str, *unit: int | None) -> list[User]:
    query = User.select().where(User.active & (User.role == role)).order_by(BY_NAME)
    return list(query.where(User.division == unit[0]) if unit else query)


@cache
def _form_class(transition: Transition, only: tuple[str, ...], *, files: bool, numbers: bool) -> type[BaseForm]:
    model, extra = RECORDS[transition.record], evidence.upload_fields() if files else {}
    made = form_for(BlanksAsked(transition), model, [blank.name for blank in _form_blanks(model, only)], **extra)
    if numbers:  # last: fields are shown in the order of creation
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

    For many complaints a blank may be empty if each complaint then uses its own draft or proposal. Evidence can be
    added to one complaint only. On a page with several forms, `only` limits the blanks and `prefix` distinguishes them.
    """
    model = record_of(transition)
    if model is None:
        return None
    files, numbers = transition.evidence and not many, bool(transition.series) and not many and not only
    form = _form_class(transition, only, files=files, numbers=numbers)(posted, data=values, prefix=prefix)
    if files:
        evidence.describe_uploads(form)
    form.has_own_values = False
    for blank in _form_blanks(model, only):
        is_own = many and _has_own_value(blank, transition)
        must = not is_own and model.required(blank, transition.key, office_reasons())
        _set_required(form[blank.name], must=must)
        form.has_own_values |= is_own
        if many and not must:
            _leave_to_each(form[blank.name], posted)
        _say_when_asked(form, blank, transition)
    mark_headless(form, transition)
    return form


def _say_when_asked(form: Any, blank: pw.Field, transition: Transition) -> None:
    """The transition's own label of a reason; and by which choice of another blank this one is asked at all."""
    if transition.reason_label and isinstance(blank, ReasonField):
        form[blank.name].label.text = transition.reason_label
    asked = RECORDS[transition.record].asked_for.get(blank.name)
    if asked and asked.blank in form:
        form[blank.name].asked_for = (form[asked.blank].id, dict(asked.labels))


def _form_blanks(model: type[Record], only: tuple[str, ...]) -> list[Any]:
    return [blank for blank in model.blanks() if not only or blank.name in only]


def _has_own_value(blank: pw.Field, transition: Transition) -> bool:
    """Whether a complaint may have its own value of a blank: in its draft, or proposed by the panel; never a reason."""
    has_proposal = RECORDS[transition.record].proposed.__func__ is not Record.proposed.__func__  # type: ignore[attr-defined]
    return not isinstance(blank, ReasonField) and (transition.draft or has_proposal)


def _set_required(field: Any, *, must: bool) -> None:
    """Set whether the blank is required, instead of its column's rule; checkboxes are never required."""
    others = [v for v in field.validators if not isinstance(v, InputRequired | Optional)]
    field.validators = others if isinstance(field, TicksField) else [Required() if must else Optional(), *others]
    field.flags.required = must


def _leave_to_each(field: Any, posted: Any) -> None:
    """For many complaints: a choice that keeps each one's own value, and no help text about a single one."""
    if isinstance(field, PickField):
        field.choices = [EACH_OWN, *(c for c in field.choices if c.value)]
        field.data = field.data if posted else None
    if field.description.startswith(LEFT_EMPTY):
        field.description = ""


def offer_of_case(form: Any, transition: Transition, complaint: int) -> None:
    """Fill the choices that depend on the case."""
    for blank in RECORDS[transition.record].blanks() if form is not None else ():
        if isinstance(blank, OneOfCase):
            form[blank.name].offer(RECORDS[transition.record].offered(blank.name, complaint))


def required_and_optional(form: Any) -> tuple[list[Any], list[Any]]:
    """The required and the optional blanks of a form, without evidence."""
    fields = [f for f in form or () if not isinstance(f, HiddenField) and f.short_name not in evidence.FIELDS]
    return [f for f in fields if f.flags.required], [f for f in fields if not f.flags.required]


def typed_blanks(form: Any, transition: Transition, *, many: bool) -> Blanks:
    """The submitted values: all for one complaint, for many only the filled ones."""
    model = record_of(transition)
    if form is None or model is None:
        return {}
    values = {}
    for blank in model.blanks():
        if blank.name not in form:
            continue
        field = form[blank.name]
        if field.raw_data != [] or isinstance(field, TicksField):  # browsers send nothing for unticked checkboxes
            is_empty_text = field.data is None and isinstance(field, StringField | TextAreaField)
            values[blank.name] = "" if is_empty_text else field.data
    return {n: v for n, v in values.items() if v not in ("", None, [])} if many else values


def printed_blanks(transition: Transition) -> frozenset[str]:
    """Names of an act's blanks that are printed: the register number, evidence outside the panel, printed records."""
    model = record_of(transition)
    names = [blank.name for blank in model.blanks()] if model and model.key in printed_records() else []
    return frozenset({*names, *evidence.FIELDS, BOOK})


def typed_book_number(form: Any) -> str:
    """The typed number from the office's own register book."""
    return (form[BOOK].data or "") if form is not None and BOOK in form else ""
