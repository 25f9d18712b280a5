"""Saving a form: changed columns only, against the version it was opened on; both texts on a conflict."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee
from flask import flash
from wtforms import BooleanField, FileField, HiddenField, PasswordField, SelectField, ValidationError

from admin.door.flaskadmin import ViewPart
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


class Saving(ViewPart):
    """Part of a view: create and edit, each in one transaction with what its on_saved writes beside it."""

    def edit_form_class(self) -> type:
        """The form of a row, with the version that it is opened on and without the columns that never change: a field
        that is shadowed is none (WTForms' own grammar)."""
        view, plain = self.view, self.view.get_form()
        versioned = view.can_edit and "version" in view.model._meta.fields
        hidden = {name: None for name in view.fixed if name in (view.form_columns or ())}
        more = {**hidden, **({"version": HiddenField()} if versioned else {})}
        return type("EditForm", (plain,), more) if more else plain

    def create(self, form: Any) -> Any:
        """The new row, False if it was refused."""
        row = self.view.model()
        return row if self.attempt(lambda: self.insert(form, row)) else False

    def insert(self, form: Any, row: Any) -> None:
        """What `create` does within its transaction."""
        self._fill(form, row)
        self.view.on_model_change(form, row, True)
        row.save(force_insert=True)
        self.view.on_saved(row, True, tuple(row.__data__))

    def update(self, form: Any, row: Any) -> bool:
        """Whether the row could be changed."""
        try:
            return self.attempt(lambda: self._update(form, row))
        except Stale:
            self.show_both(form, row.get_id())
            return False

    def _update(self, form: Any, row: Any) -> None:
        before = dict(row.__data__)
        self._fill(form, row)
        self.view.on_model_change(form, row, False)
        changed = {name: value for name, value in row.__data__.items() if before.get(name) != value}
        if not changed and not self.view.brings(form):
            return
        rewrites(self.view.model, [row.get_id()])
        if not self._store(row, changed, self._version(form)):
            raise Stale
        self.view.on_saved(row, False, tuple(changed))

    def _store(self, row: Any, changed: Columns, version: int | None) -> bool:
        """Write the changed columns; False if the row has moved on since that version."""
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
        typed = str(form.version.data or "") if form.version.raw_data else ""  # unsent: not the stored one
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def attempt(self, write: Any) -> bool:
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
            log.warning("write to %s refused: %s", self.view.model.__name__, type(fault).__name__)
            flash(sentence, "danger")
        return False

    def show_both(self, form: Any, key: int) -> None:
        """Keep what was typed, show beside it what is stored now, and let a second Save decide."""
        now = self.view.get_one(key)
        if now is None:
            flash("Data ini tidak lagi dapat Anda ubah. Isian Anda belum disimpan.", "danger")
            return
        sentence = f"Data ini sudah diubah oleh {self.view.changed_by(now)} setelah Anda membukanya."
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
