"""Settings: values in force with their start, missing ones, and the form of one setting."""

from collections.abc import Iterator
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data
from markupsafe import Markup
from wtforms import BooleanField, FileField, HiddenField, TextAreaField

from admin.door.gate import TAKES_FILES, begins, expose
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, short_moment, sub_line
from admin.lists.export import pdf_response
from admin.lists.inputs import clean_line, clean_text
from admin.lists.saving import EditConflict, NewPage, Saving, Stale, differences, form_page, new_row_answer
from admin.office.legal_limits import (
    ASKED_BESIDE,
    apply_limit,
    changed_in_words,
    is_limit,
    is_reviewed,
    last_changes,
    limit_fields,
)
from admin.office.letterhead import LETTERHEAD, LetterheadPages
from admin.office.setting_inputs import AGAIN, NUMBERED, EmblemField, fields_of, number_example, since_field
from admin.office.setting_subjects import SubjectPages, value_as_read
from admin.papers import drafts
from models.case.sample import paper_kinds, printed_on
from models.complaint.event import Event
from models.office import wording
from models.office.people import today
from models.office.settings import (
    BACKUP_PLACE,
    EMBLEM,
    OPTIONS,
    ZONE,
    Setting,
    Settings,
    changes_after,
    follow_zone,
    store_setting,
    values,
    version_of,
)
from models.operations.backup_location import ArchiveFolder
from models.store.base import database
from models.store.resource_limits import Work
from papers.printing.failure import PrintError
from sop.words import format_date

STILL = "Hari ini tetap berlaku nilai yang lebih baru, yaitu yang berlaku sejak {}."
CUT = 160  # characters of a value in the list of earlier values


class NewSetting(NewPage):
    """The form of the setting in the `key` argument."""

    @expose("/new/", methods=("GET", "POST"), cost=begins(Work.FILE, Work.PRINT))
    def create_view(self) -> Any:
        if self.view.opens("create") and request.args.get("key") not in OPTIONS:
            flash("Pilih pengaturan yang akan diubah.", "info")
            return redirect(self.view.get_url(".index_view"))
        return new_row_answer(self.view)


class SavingSettings(Saving):
    """Adds a value and retains earlier ones; checks the version of the setting."""

    def create(self, form: Any) -> Any:
        try:
            row = super().create(form)
        except Stale:
            self.show_conflict(form, 0)
            return False
        for remark in _remarks(self.view.asked_key(), form) if row else ():
            flash(remark, "warning")
        return row

    def insert(self, form: Any, row: Any) -> None:
        key = self.view.asked_key()
        if self._version(form) != version_of(key):
            raise Stale
        if picture := _new_picture(form):
            wording.store_emblem(picture)
        row = store_setting(key, form.value.data, form.valid_from.data)
        if is_limit(key):
            self.view.note(row, [OPTIONS[key].label], changed_in_words(key, form), form.reason.data)
            apply_limit(form.valid_from.data)
        else:
            self.view.on_saved(row, True, ("value",))
        if key == ZONE:
            database.after_commit(follow_zone)

    def show_conflict(self, form: Any, key: int) -> None:
        """Show the conflict: the submitted value, and the value now in force on that day."""
        name = self.view.asked_key()
        now = type(form)(**_stored_values(name, values(form.valid_from.data)), valid_from=form.valid_from.data)
        by = self.view.changed_by(Setting(key=name))
        compared = [field.short_name for field in form if field.short_name not in ASKED_BESIDE]
        form.clash = EditConflict(
            f"Pengaturan ini sudah diubah oleh {by} setelah Anda membukanya.", differences(form, now, compared)
        )
        form.version.data, form.version.raw_data = version_of(name), [str(version_of(name))]


class SettingView(PanelView):
    noun = "pengaturan"
    can_create = records_edits = True
    new, saving = NewSetting(), SavingSettings()
    letterhead_pages, subject_pages = LetterheadPages(), SubjectPages()
    column_list = ("key", "value", "valid_from", "changed")
    column_labels = {"changed": "Dicatat oleh"}
    column_sortable_list = ("key", "valid_from")
    column_default_sort = ("valid_from", True)
    column_formatters = {
        "value": lambda view, context, row, name: value_as_read(row.key, row.value)[:CUT],
        "changed": lambda view, context, row, name: _change_cell(row.changed),
    }
    form_columns = ("key", "value", "valid_from")
    list_template = "admin/office/settings.html"
    create_template = "admin/office/setting.html"
    create_label = "Ubah pengaturan"
    empty_text = "Belum ada nilai yang diubah: semua memakai nilai bawaan."
    kinds = staticmethod(paper_kinds)

    def own_rows(self) -> Any:
        return super().own_rows().where(Setting.key.in_(list(OPTIONS)))  # internal values are no settings

    def rows(self, keys: list[int]) -> list[Any]:
        """With who changed each last, and why."""
        rows = super().rows(keys)
        changes = last_changes(rows)
        for row in rows:
            row.changed = changes.get(row.id)
        return rows

    def scaffold_form(self) -> type:
        base: type = BaseForm
        return base  # created per setting, see create_form

    # One setting

    def asked_key(self) -> str:
        key = request.args.get("key", "")
        return key if key in OPTIONS else abort(404)

    def create_form(self, obj: Any = None) -> Any:
        key = self.asked_key()
        fields = fields_of(key)  # first, since WTForms orders fields by creation
        since = since_field(key)
        if key not in NUMBERED:  # patterns refuse unusual characters instead, since numbers are copied by hand
            several = issubclass(fields["value"].field_class, TextAreaField)
            fields["filter_value"] = lambda form, value: (clean_text if several else clean_line)(value)
        form_class = type(
            "SettingForm", (BaseForm,), {**fields, "valid_from": since, **limit_fields(key), "version": HiddenField()}
        )
        return form_class(get_form_data(), **_stored_values(key, values()), valid_from=today(), version=version_of(key))

    def validate_form(self, form: Any) -> bool:
        """Values that appear on papers must also print on a sample."""
        fits = super().validate_form(form)
        may_be_absent = isinstance(form.value, BooleanField | FileField)
        if request.method == "POST" and not form.value.raw_data and not may_be_absent:
            form.value.errors, fits = [form.value.gettext("This field is required.")], False
        if fits and (sentence := drafts.print_objection(self._typed(form), self.asked_key(), _new_picture(form))):
            form.value.errors = [sentence]
        if request.method == "POST" and form.errors and getattr(form.value, "upload", None):
            form.value.errors = [*form.value.errors, AGAIN]
        fits = fits and not form.errors
        return is_reviewed(self.asked_key(), form) if fits and is_limit(self.asked_key()) else fits

    def _typed(self, form: Any) -> Settings:
        """The settings with the typed value."""
        return {**values(), self.asked_key(): form.value.data}

    def create_context(self, form: Any) -> dict[str, object]:
        key = self.asked_key()
        as_stored = form.errors or key == EMBLEM
        sheets = drafts.sample_sheets(values() if as_stored else self._typed(form), key)
        return {
            "key": key,
            "option": OPTIONS[key],
            "sheets": sheets,
            "kinds": [(kind, paper_kinds()[kind]) for kind in printed_on(key)],
            "example": number_example(key, values()),
            "live": bool(sheets) and key != EMBLEM,
        }

    # Samples

    @expose("/contoh/<key:kind>.pdf", methods=("GET", "POST"), cost=begins(Work.FILE, Work.PRINT))
    def pdf(self, kind: str) -> Any:
        """A sample paper with the values in force or, by POST, with the typed value; stores nothing."""
        if kind not in paper_kinds():
            abort(404)
        settings, key, picture = values(), "", b""
        if request.method == "POST":
            form = self._posted_form()
            if not super().validate_form(form):
                page = form_page(self, self.create_template, form, **self.create_context(form))
                return make_response(page, 422)
            settings, key, picture = self._typed(form), self.asked_key(), _new_picture(form)
        try:
            [content] = drafts.sample_contents(settings, (kind,), key, picture)
            return pdf_response(drafts.sample_pdf(content), f"CONTOH-{kind.replace('_', '-')}.pdf")
        except PrintError as failed:
            return abort(409, f"Contoh ini tidak dapat dicetak. {failed}")

    @expose("/contoh/", methods=("POST",), cost=TAKES_FILES)
    def sheets(self) -> Any:
        """Preview of the papers with the typed value; stores nothing."""
        form, key = self._posted_form(), self.asked_key()
        if key == EMBLEM or not super().validate_form(form):
            why = " ".join(form.value.errors) or "Isian belum lengkap."
            return make_response(render_template("admin/office/_samples.html", why=why), 422)
        settings = self._typed(form)
        return render_template(
            "admin/office/_samples.html",
            sheets=drafts.sample_sheets(settings, key),
            example=number_example(key, settings),
        )

    def _posted_form(self) -> Any:
        if not self.opens("create"):
            abort(404)
        return self.create_form()

    # Saving

    def created_message(self, row: Any) -> str:
        return f"{OPTIONS[self.asked_key()].label} telah disimpan."

    def related_rows(self, row: Any) -> list[Any]:
        keys = LETTERHEAD if row.key in LETTERHEAD else (row.key,)
        return list(Setting.select().where(Setting.key.in_(keys)))

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        self.note(model, [OPTIONS[model.key].label])


def _change_cell(change: tuple[Event, str] | None) -> Any:
    """Who and when; below it the reason."""
    if change is None:
        return NOTHING
    edit, reason = change
    cell = Markup("{}, {}").format(edit.who.partition(" (")[0], short_moment(edit.at))
    return Markup("{} {}").format(cell, sub_line(f"Alasan: {reason}")) if reason else cell


def _remarks(key: str, form: Any) -> Iterator[str]:
    """Warnings after saving: a backup disk that is not mounted, a newer value that overrides this one."""
    place = ArchiveFolder(form.value.data) if key == BACKUP_PLACE and form.value.data else None
    if place and place.is_here:
        try:
            place.refuse_absent()
        except ValueError as absent:
            yield str(absent)
    if later := [day for day in changes_after(form.valid_from.data, (key,)) if day <= today()]:
        yield STILL.format(format_date(later[-1]))


def _stored_values(key: str, of: Settings) -> dict[str, Any]:
    return {"value": of[key], "builtin": key == EMBLEM and of[key] == wording.BUILT_IN}


def _new_picture(form: Any) -> bytes:
    return form.value.bytes_made if isinstance(form.value, EmblemField) else b""
