"""The settings as a page: what must be filled in, the rest with its default, and the values of earlier days."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data
from peewee import fn
from wtforms import BooleanField, DateField, HiddenField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from admin.clash import Clash, differences
from admin.fields import PickField, Required
from admin.noted import Noted
from admin.saving import Stale
from models.number import PATTERN_BLANKS
from models.people import today
from models.settings import OPTIONS, Option, Setting, values

LONGEST, MOST = 400, 10_000
LONGEST_PATTERN = 45  # what is filled in makes it longer; a register number has room for 60
BLANKS = re.compile("|".join(re.escape("{" + blank + "}") for blank in PATTERN_BLANKS))


@dataclass(frozen=True)
class Entry:
    """One setting on the page: its value in force, whether that is the default, whether it is still missing."""

    key: str
    option: Option
    value: str
    since: date | None

    @property
    def missing(self) -> bool:
        return self.option.required and not self.value.strip()


def shown(value: Any, option: Option | None = None) -> str:
    """A value as people read it."""
    if option and option.choices:
        return dict(option.choices).get(value, str(value))
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return "" if value is None else str(value)


def entries() -> list[Entry]:
    """All settings as they are today."""
    now, since = values(), dict(_since())
    return [Entry(key, option, shown(now[key], option), since.get(key)) for key, option in OPTIONS.items()]


def _since() -> Any:
    query = Setting.select(Setting.key, Setting.valid_from).where(Setting.valid_from <= today())
    return query.order_by(Setting.valid_from).tuples()


def _trimmed(value: Any) -> Any:
    return value.replace("\0", "").replace("\r\n", "\n").strip() if isinstance(value, str) else value


def value_field(key: str) -> Any:
    """The input of a setting, by the type of its default: yes or no, a number, one line, or several."""
    option = OPTIONS[key]
    told: dict[str, Any] = {"label": option.label, "description": option.help}
    if isinstance(option.default, bool):
        return BooleanField(**told)
    if isinstance(option.default, int):
        return IntegerField(**told, validators=[Required(), NumberRange(1, MOST)])
    if option.choices:
        return PickField(**told, choices=[SelectChoice(value, name) for value, name in option.choices])
    pattern = _pattern_checks(option)
    checks = [Required() if option.required or pattern else Optional(), Length(max=LONGEST), *pattern]
    kind = TextAreaField if "\n" in option.default else StringField
    return kind(**told, validators=checks, filters=[_trimmed])


def _pattern_checks(option: Option) -> list[Callable[..., None]]:
    """A pattern of numbers must count within its year, else two papers would carry one number."""

    def check(form: Any, field: Any) -> None:
        if not all(blank in (field.data or "") for blank in ("{urut}", "{tahun}")):
            raise ValidationError("Pola harus memuat {urut} dan {tahun}.")
        rest = BLANKS.sub("", field.data)
        if "{" in rest or "}" in rest:
            raise ValidationError(f"Yang dikenal dalam pola hanya {', '.join('{' + b + '}' for b in PATTERN_BLANKS)}.")
        if len(field.data) > LONGEST_PATTERN:
            raise ValidationError(f"Pola paling panjang {LONGEST_PATTERN} huruf.")

    return [check] if "{urut}" in str(option.default) else []


def version_of(key: str) -> int:
    """Grows with every value that is set: by the first of a day, and by each that takes its place."""
    return Setting.select(fn.COALESCE(fn.SUM(Setting.version), 0)).where(Setting.key == key).scalar()


class SettingView(Noted):
    noun = "pengaturan"
    can_edit = False
    column_list = ("key", "value", "valid_from")
    column_sortable_list = ("key", "valid_from")
    column_default_sort = ("valid_from", True)
    column_formatters = {"value": lambda view, context, row, name: shown(row.value, OPTIONS[row.key])}
    form_columns = ("key", "value", "valid_from")
    list_template = "admin/settings.html"
    create_label = "Ubah pengaturan"
    empty_text = "Belum ada nilai yang diubah: semua memakai nilai bawaan."

    def get_query(self) -> Any:
        return super().get_query().where(Setting.key.in_(list(OPTIONS)))  # the panel's own marks are no settings

    def scaffold_form(self) -> type:
        return BaseForm  # made anew for each setting, see create_form

    def entries(self, required: bool) -> list[Entry]:
        """What the page lists in one of its two parts."""
        return [entry for entry in entries() if entry.option.required == required]

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if self.opens("create") and request.args.get("key") not in OPTIONS:
            flash("Pilih pengaturan yang akan diubah.", "info")
            return redirect(self.get_url(".index_view"))
        return super().create_view()

    def asked_key(self) -> str:
        key = request.args.get("key", "")
        return key if key in OPTIONS else abort(404)

    def create_form(self, obj: Any = None) -> Any:
        key = self.asked_key()
        value = value_field(key)
        since = DateField("Berlaku sejak", [Required()], description="Dokumen sebelum tanggal ini memakai nilai lama.")
        made = type("SettingForm", (BaseForm,), {"value": value, "valid_from": since, "version": HiddenField()})
        return made(get_form_data(), value=values()[key], valid_from=today(), version=version_of(key))

    def create_model(self, form: Any) -> Any:
        try:
            return super().create_model(form)
        except Stale:
            self._show_both(form, 0)
            return False

    def _insert(self, form: Any, row: Any) -> None:
        """A second value for the same day takes the first one's place."""
        key, since = self.asked_key(), form.valid_from.data
        if self._version(form) != version_of(key):
            raise Stale
        stored = Setting.get_or_none((Setting.key == key) & (Setting.valid_from == since))
        row = row if stored is None else stored
        row.key, row.value, row.valid_from = key, form.value.data, since
        row.version += 0 if stored is None else 1
        row.save()
        self.on_saved(row, True, ("value",))

    def kin(self, row: Any) -> list[Any]:
        return list(Setting.select().where(Setting.key == row.key))

    def _show_both(self, form: Any, key: int) -> None:
        """What was typed stays; beside it stands what holds from that day on by now."""
        name = self.asked_key()
        now = type(form)(value=values(form.valid_from.data)[name], valid_from=form.valid_from.data)
        by = self.changed_by(Setting(key=name))
        form.clash = Clash(f"Pengaturan ini sudah diubah oleh {by} setelah Anda membukanya.", differences(form, now))
        form.version.data, form.version.raw_data = version_of(name), [str(version_of(name))]

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        self.note(model, [OPTIONS[model.key].label])
