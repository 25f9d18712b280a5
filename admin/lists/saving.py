"""Saving a form: changed columns only, against the version it was opened on; both texts on a conflict."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee
from flask import flash
from wtforms import BooleanField, FileField, HiddenField, PasswordField, SelectField, ValidationError

from admin.door.flaskadmin import FlaskAdminView
from admin.lists.inputs import form_for
from models.records.in_words import value_in_words
from models.store.base import Columns, database
from models.store.outage import Outage, outage_of
from models.store.rowhash import rewrites

SECRET = (FileField, HiddenField, PasswordField)  # never shown, or nothing that people read


@dataclass(frozen=True)
class Difference:
    """One field that is stored now as `stored` and was typed as `mine`."""

    id: str
    label: str
    stored: str
    mine: str


@dataclass(frozen=True)
class Clash:
    """Who changed it (when, and what; "" where the page says so itself), and where the two texts differ."""

    by: str
    differences: list[Difference]


def differences(form: Any, stored: Any, names: Iterable[str] = ()) -> list[Difference]:
    """Where a form as typed differs from the same form filled with what is stored now; `names`: only these fields."""
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
    """A field's value as people read it."""
    if isinstance(field, BooleanField):
        return "Ya" if field.data else "Tidak"
    if isinstance(field, SelectField):
        return _picked_labels(field)
    return value_in_words(field.data).replace("\r\n", "\n")


def _picked_labels(field: Any) -> str:
    """The labels of what is picked, one or several."""
    picked = field.data if isinstance(field.data, list) else [field.data]
    values = {str(value) for value in picked if value not in (None, "")}
    return ", ".join(str(choice.label) for choice in field.iter_choices() if str(choice.value) in values)


log = logging.getLogger(__name__)
BUSY = "Basis data sedang sibuk sehingga isian belum disimpan. Tekan Simpan sekali lagi."
FULL = (
    "Tempat penyimpanan penuh sehingga isian belum disimpan. Hubungi pengelola sistem, lalu tekan Simpan sekali lagi."
)
OUT_OF_SERVICE = {Outage.BUSY: BUSY, Outage.FULL: FULL}  # a database that is away draws no form either
CLASH = "Isian belum disimpan: sudah ada data lain dengan isian yang sama, atau data ini masih dipakai."
REFUSED = "Isian belum disimpan karena ada nilai yang tidak dapat diterima. Periksa kembali isian Anda."


class Stale(Exception):
    """Somebody else saved this row after the form was opened."""


class Saving(FlaskAdminView):
    """Mixin of PanelView: create and edit, each in one transaction with what on_saved writes beside it."""

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        """Called in the transaction of the write; override to write an event."""

    def changed_by(self, model: Any) -> str:
        """Who saved last, when and what, for the sentence that refuses a stale form."""
        return "pengguna lain"

    def brings(self, form: Any) -> bool:
        """Whether the form holds something to be stored beside the columns."""
        return False

    def get_edit_form(self) -> type:
        plain: type = self.get_form()
        versioned = self.can_edit and "version" in self.model._meta.fields
        return type("EditForm", (plain,), {"version": HiddenField()}) if versioned else plain

    def scaffold_form(self) -> type:
        return form_for(
            self, self.model, self.form_columns or (), self.form_base_class, **(self.form_extra_fields or {})
        )

    def create_model(self, form: Any) -> Any:
        row = self.model()
        return row if self._attempt(lambda: self._insert(form, row)) else False

    def _insert(self, form: Any, row: Any) -> None:
        self._fill(form, row)
        self.on_model_change(form, row, True)
        row.save(force_insert=True)
        self.on_saved(row, True, tuple(row.__data__))

    def update_model(self, form: Any, model: Any) -> bool:
        try:
            return self._attempt(lambda: self._update(form, model))
        except Stale:
            self._show_both(form, model.get_id())
            return False

    def _update(self, form: Any, row: Any) -> None:
        before = dict(row.__data__)
        self._fill(form, row)
        self.on_model_change(form, row, False)
        changed = {name: value for name, value in row.__data__.items() if before.get(name) != value}
        if not changed and not self.brings(form):
            return
        rewrites(self.model, [row.get_id()])
        if not self.store(row, changed, self._version(form)):
            raise Stale
        self.on_saved(row, False, tuple(changed))

    def store(self, row: Any, changed: Columns, version: int | None) -> bool:
        """Write the changed columns; False if the row has moved on since that version."""
        this_row = self.model._meta.primary_key == row.get_id()
        if version is not None:
            this_row &= self.model.version == version
            changed = {**changed, "version": version + 1}
        stored: bool = self.model.update(**changed).where(this_row).execute() == 1
        if stored and version is not None:
            row.version = version + 1
        return stored

    def _fill(self, form: Any, row: Any) -> None:
        for field in form:
            if field.name != "version" and field.name in self.model._meta.fields:
                field.populate_obj(row, field.name)

    def _version(self, form: Any) -> int | None:
        if "version" not in self.model._meta.fields:
            return None
        typed = str(form.version.data or "") if form.version.raw_data else ""  # unsent: not the stored one
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def _attempt(self, write: Any) -> bool:
        """Run the write in one transaction; what goes wrong is said in a sentence, never in the database's words."""
        try:
            with database.atomic():
                write()
            return True
        except ValidationError as refusal:
            flash(str(refusal), "danger")
        except (peewee.IntegrityError, peewee.OperationalError, peewee.DataError) as fault:
            sentence = _sentence(fault)
            if not sentence:
                raise
            log.warning("write to %s refused: %s", self.model.__name__, type(fault).__name__)
            flash(sentence, "danger")
        return False

    def _show_both(self, form: Any, key: int) -> None:
        """Keep what was typed, show beside it what is stored now, and let a second Save decide."""
        now = self.get_one(key)
        if now is None:
            flash("Data ini tidak lagi dapat Anda ubah. Isian Anda belum disimpan.", "danger")
            return
        sentence = f"Data ini sudah diubah oleh {self.changed_by(now)} setelah Anda membukanya."
        form.clash = Clash(sentence, differences(form, type(form)(obj=now)))
        form.version.data, form.version.raw_data = now.version, [str(now.version)]


def _sentence(fault: peewee.PeeweeException) -> str:
    """The sentence for the person, "" for an error that is ours."""
    if isinstance(fault, peewee.IntegrityError):
        return CLASH
    if isinstance(fault, peewee.DataError):
        return REFUSED
    outage = outage_of(fault)
    return OUT_OF_SERVICE.get(outage, "") if outage else ""
