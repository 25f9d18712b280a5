"""The pages of one row, and how its form is saved: changed columns only, with a version check that shows conflicts."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee
from flask import abort, flash, make_response, redirect
from flask_admin.form import FormOpts
from wtforms import BooleanField, FileField, HiddenField, PasswordField, SelectField, ValidationError

from admin.door.flaskadmin import ViewPart
from admin.door.gate import expose
from models.complaint.event import Event, bodies
from models.records.in_words import value_in_words
from models.store.base import Columns, Model, database
from models.store.outage import Outage, outage_of
from models.store.rowhash import record_hashes_before_change
from sop.words import format_moment

SECRET = (FileField, HiddenField, PasswordField)  # not shown in a comparison


@dataclass(frozen=True)
class Difference:
    """A field whose stored value and submitted value differ."""

    id: str
    label: str
    stored: str
    mine: str


@dataclass(frozen=True)
class EditConflict:
    """An edit conflict: the sentence who changed the row ("" where the page says so), and the differing fields."""

    by: str
    differences: list[Difference]


def differences(form: Any, stored: Any, names: Iterable[str] = ()) -> list[Difference]:
    """Fields in which a submitted form differs from the stored one; `names`: only these."""
    differing = []
    for field in [form[name] for name in names] or form:
        if isinstance(field, SECRET):
            continue
        mine, theirs = input_in_words(field), input_in_words(stored[field.short_name])
        if mine != theirs:
            field.stored_now = theirs or "–"
            differing.append(Difference(field.id, field.label.text, theirs, mine))
    return differing


def input_in_words(field: Any) -> str:
    """A field's value as text."""
    if isinstance(field, BooleanField):
        return "Ya" if field.data else "Tidak"
    if isinstance(field, SelectField):
        picked = field.data if isinstance(field.data, list) else [field.data]
        values = {str(value) for value in picked if value not in (None, "")}
        return ", ".join(str(choice.label) for choice in field.iter_choices() if str(choice.value) in values)
    return value_in_words(field.data).replace("\r\n", "\n")


log = logging.getLogger(__name__)
BUSY = "Basis data sedang sibuk sehingga isian belum disimpan. Tekan Simpan sekali lagi."
FULL = (
    "Tempat penyimpanan penuh sehingga isian belum disimpan. Hubungi pengelola sistem, lalu tekan Simpan sekali lagi."
)
OUT_OF_SERVICE = {Outage.BUSY: BUSY, Outage.FULL: FULL}  # not for a lost connection: no form could be rendered
CLASH = "Isian belum disimpan: sudah ada data lain dengan isian yang sama, atau data ini masih dipakai."
REFUSED = "Isian belum disimpan karena ada nilai yang tidak dapat diterima. Periksa kembali isian Anda."


class Stale(Exception):
    """The row was saved by another request after the form was opened."""


class Saving(ViewPart):
    """Part of a view: creates and updates rows, each in one transaction with `on_saved`."""

    def edit_form_class(self) -> type:
        """The edit form, with a hidden version and without the view's `fixed` columns: WTForms drops a field that a
        subclass sets to None."""
        view, plain = self.view, self.view.get_form()
        versioned = view.can_edit and "version" in view.model._meta.fields
        hidden = {name: None for name in view.fixed if name in (view.form_columns or ())}
        more = {**hidden, **({"version": HiddenField()} if versioned else {})}
        return type("EditForm", (plain,), more) if more else plain

    def create(self, form: Any) -> Any:
        """The new row, False if it could not be saved."""
        row = self.view.model()
        return row if self.attempt(lambda: self.insert(form, row)) else False

    def insert(self, form: Any, row: Any) -> None:
        """The body of `create`, within its transaction."""
        self._fill(form, row)
        self.view.on_model_change(form, row, True)
        row.save(force_insert=True)
        self.view.on_saved(row, True, tuple(row.__data__))

    def update(self, form: Any, row: Any) -> bool:
        """Whether the row could be saved."""
        try:
            return self.attempt(lambda: self._update(form, row))
        except Stale:
            self.show_conflict(form, row.get_id())
            return False

    def _update(self, form: Any, row: Any) -> None:
        before = dict(row.__data__)
        self._fill(form, row)
        self.view.on_model_change(form, row, False)
        names = self.view.model._meta.sorted_field_names  # an instance has its values in any order
        changed = {name: row.__data__[name] for name in names if before.get(name) != row.__data__.get(name)}
        if not changed and not self.view.has_other_data(form):
            return
        record_hashes_before_change(self.view.model, [row.get_id()])
        if not self._store(row, changed, self._version(form)):
            raise Stale
        self.view.on_saved(row, False, tuple(changed))

    def _store(self, row: Any, changed: Columns, version: int | None) -> bool:
        """Write the changed columns; False if the row has another version by now."""
        model = self.view.model
        this_row = model._meta.primary_key == row.get_id()
        if version is not None:
            this_row &= model.version == version
            changed = {**changed, "version": version + 1}
        stored: bool = model.update(**changed).where(this_row).execute() == 1
        if stored and version is not None:
            row.version = version + 1
        return stored

    def _fill(self, form: Any, row: Any) -> None:
        for field in form:
            if field.name != "version" and field.name in self.view.model._meta.fields:
                field.populate_obj(row, field.name)

    def _version(self, form: Any) -> int | None:
        if "version" not in self.view.model._meta.fields:
            return None
        typed = str(form.version.data or "") if form.version.raw_data else ""  # if missing, not the stored version
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def attempt(self, write: Any) -> bool:
        """Run the write in one transaction; a known error becomes a message in Indonesian and False."""
        try:
            with database.atomic():
                write()
            return True
        except ValidationError as refusal:
            flash(str(refusal), "danger")
        except (peewee.IntegrityError, peewee.OperationalError, peewee.DataError) as fault:
            sentence = _fault_sentence(fault)
            if not sentence:
                raise
            log.warning("write to %s refused: %s", self.view.model.__name__, type(fault).__name__)
            flash(sentence, "danger")
        return False

    def show_conflict(self, form: Any, key: int) -> None:
        """Show the conflict in the submitted form; saving again overwrites the version that is stored now."""
        now = self.view.get_one(key)
        if now is None:
            flash("Data ini tidak lagi dapat Anda ubah. Isian Anda belum disimpan.", "danger")
            return
        sentence = f"Data ini sudah diubah oleh {self.view.changed_by(now)} setelah Anda membukanya."
        form.clash = EditConflict(sentence, differences(form, type(form)(obj=now)))
        form.version.data, form.version.raw_data = now.version, [str(now.version)]


def _fault_sentence(fault: peewee.PeeweeException) -> str:
    """The message for the user, "" for a programming error."""
    if isinstance(fault, peewee.IntegrityError):
        return CLASH
    if isinstance(fault, peewee.DataError):
        return REFUSED
    outage = outage_of(fault)
    return OUT_OF_SERVICE.get(outage, "") if outage else ""


class DetailsPage(ViewPart):
    """Part of a view: the details page."""

    @expose("/details/")
    def details_view(self) -> Any:
        return self.page(self.requested())

    def requested(self) -> Any:
        """What the page is about, by the id in the query; 404 if the user may not see it."""
        return self.view.requested_row("details")

    def page(self, row: Any) -> Any:
        view = self.view
        return view.render(
            view.details_template,
            model=row,
            details_columns=view.get_details_columns(),
            get_value=view.get_detail_value,
            return_url=view.return_url,
        )


class NewPage(ViewPart):
    """Part of a view: /new/; subclasses define the page."""

    def link(self) -> tuple[str, str] | None:
        """Address and label of the button for it, if it is not the default one."""
        return None


class NewRow(NewPage):
    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return new_row_answer(self.view)


class EditPage(ViewPart):
    """Part of a view: the edit form."""

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        view, row = self.view, self.view.requested_row("edit")
        title = view.row_name(row)  # before the submitted values are set
        form = view.edit_form(obj=row)
        if view.validate_form(form) and view.update_model(form, row):
            flash("Perubahan telah disimpan.", "success")
            return redirect(view.get_save_return_url(row, is_created=False))
        return form_page(view, view.edit_template, form, model=row, title=title)


def new_row_answer(view: Any) -> Any:
    """The create form, or the redirect after it was saved."""
    if not view.opens("create"):
        abort(404)
    form = view.create_form()
    row = view.validate_form(form) and view.create_model(form)
    if row:
        flash(view.created_message(row), "success")
        return redirect(view.get_save_return_url(row, is_created=True))
    return form_page(view, view.create_template, form, **view.create_context(form))


def form_page(view: Any, template: str, form: Any, **context: Any) -> Any:
    """A form as a page; 409 on an edit conflict."""
    clash = getattr(form, "clash", None)
    page = view.render(
        template,
        form=form,
        clash=clash,
        return_url=view.return_url,
        form_opts=FormOpts(widget_args=view.form_widget_args),
        **context,
    )
    return make_response(page, 409 if clash else 200)


def last_edit(rows: list[Model]) -> str:
    """Who changed one of these rows last, when and what; "" if none was changed."""
    subjects = [f"{row._meta.table_name}:{row.get_id()}" for row in rows]
    last = Event.select().where(Event.subject.in_(subjects)).order_by(Event.id.desc()).first()
    if last is None:
        return ""
    touched = ", ".join(bodies([last], {})[last.id].get("touched", ()))
    return f"{last.who} pada {format_moment(last.at)} ({touched})"
