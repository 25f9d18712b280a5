"""Master data: lists, working hours and days off; deactivated but never deleted."""

from collections.abc import Mapping
from typing import Any

import peewee as pw
from flask import abort, flash, redirect
from flask_admin.helpers import get_form_data
from markupsafe import Markup
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice

from admin.door.gate import expose
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, badge
from admin.lists.inputs import BLANK, PickField
from admin.lists.masters import (
    CATEGORY,
    CODE_AND_SWITCH,
    DATES,
    DENSE,
    FROM_TODAY,
    IN_FORCE,
    IN_FORCE_LABEL,
    MASTER_LIST,
    ORGANISATION,
    SWITCH,
    SWITCHED,
    USES,
    USES_LABEL,
    DatedForm,
    switch,
    uses_in_words,
    with_uses,
)
from admin.lists.saving import EditConflict, differences, form_page
from admin.office.areas import KelurahanView
from admin.office.decrees import ActingView
from admin.office.holidays import HolidayView, move_due_times
from admin.office.ramadan import RamadanForm, filled_rows, ramadan_form, registered_rows, stamp_of
from admin.office.settings import SettingView
from admin.office.shelves import RetensiView, TempatArsipView
from admin.office.users import DivisionView, MandateView, PostView, StandingTeamView
from models.complaint.complaint import Complaint
from models.office import lists
from models.office.calendar import Holiday, WorkHours
from models.office.lists import Category, Kelurahan, Medium, Reason, StandingTeam
from models.office.people import Acting, Division, Mandate, Post
from models.office.settings import Setting
from models.office.shelves import Retention, ShelfPlace
from models.records.base import ReasonField
from models.records.registry import RECORDS
from models.store.rowhash import record_hashes_before_change
from sop.vocabulary import vocabulary
from sop.words import format_date, format_span

GROUP = badge("neutral", "Kelompok")


def of_the_list(form: Any, field: Any) -> None:
    """Refuse an instruction that is not on the office's list, since it would never be suggested."""
    if field.data and field.data not in lists.all_instructions():
        raise ValidationError(f"Tidak ada pada daftar instruksi: {', '.join(lists.offered_instructions())}.")


class MediumView(PanelView):
    noun = "media"
    can_create = can_edit = records_edits = True
    fixed = ("code",)
    list_template, list_class = MASTER_LIST, DENSE
    column_list = ("name", "group", "reference_label", "uses", "active")
    column_labels, column_formatters = USES_LABEL, {**USES, **SWITCHED}
    column_sortable_list = ("name", "group")
    column_filters = ("group", "active")
    column_searchable_list = ("name",)
    column_default_sort = [("group", False), ("name", False)]
    form_columns = ("code", "name", "group", "reference_label", "active")
    form_args = {
        **CODE_AND_SWITCH,
        "reference_label": {"description": "Nama nomor atau tanda bukti dari media ini, misalnya Nomor tiket."},
    }
    create_label = "Tambah media"
    empty_text = "Belum ada media pengaduan."

    def rows(self, keys: list[int]) -> list[Any]:
        return with_uses(super().rows(keys), Complaint.medium)


def is_group(row: Category) -> bool:
    """Whether a category is a group of others, which cannot be chosen for a case."""
    return row.parent_id is None and not row.active


def name_in_group(row: Category) -> Any:
    """The name; below it the group, whose own row has it whole."""
    if is_group(row):
        return Markup("{} {}").format(row.name, GROUP)
    return Markup('{} <span class="sub muted">{}</span>').format(row.name, row.parent) if row.parent else row.name


def of_category(view: Any, row: Category, name: str) -> Any:
    """The words of a choice; none of a group, whose own have no effect."""
    return NOTHING if is_group(row) else dict(view.column_choices[name])[getattr(row, name)]


def proposed_units(row: Category) -> Any:
    """The codes of the unit that is proposed, and of the one that acts in an emergency."""
    code = Markup('<span title="{}">{}</span>').format(row.unit, row.unit.code) if row.unit else NOTHING
    urgent = row.emergency_unit
    if urgent is None or urgent == row.unit:
        return code
    return Markup('{} <span class="sub muted" title="{}">darurat {}</span>').format(code, urgent, urgent.code)


def category_uses(row: Category) -> Any:
    """How often a category is used; of one that is rahasia no count is told, as it would tell of its cases."""
    return NOTHING if row.secrecy == "rahasia" else uses_in_words(row)


class CategoryView(PanelView):
    noun = "kategori"
    can_create = can_edit = records_edits = True
    fixed = ("code",)
    joins = ("parent", "unit", "emergency_unit")
    list_template, list_class = MASTER_LIST, DENSE
    column_list = (
        "name",
        "law_class",
        "secrecy",
        "urgency",
        "unit.code",
        "uses",
        "active",
    )
    column_labels = {
        **USES_LABEL,
        "parent.name": "Kelompok",
        "law_class": "Klasifikasi",
        "unit.code": "Unit usulan",
    }
    column_sortable_list = ("name", "secrecy")
    column_filters = ("law_class", "secrecy", "unit", "active")
    column_searchable_list = ("name", "parent.name")
    column_default_sort = [("group_name", False), ("in_group", False), ("name", False)]  # each group, then its members
    column_formatters = {
        **dict.fromkeys(
            ("law_class", "secrecy", "urgency"), lambda view, context, row, name: of_category(view, row, name)
        ),
        "name": lambda view, context, row, name: name_in_group(row),
        "unit.code": lambda view, context, row, name: proposed_units(row),
        "active": lambda view, context, row, name: NOTHING if is_group(row) else switch(row),
        "uses": lambda view, context, row, name: NOTHING if is_group(row) else category_uses(row),
    }
    form_columns = (
        "code",
        "name",
        "parent",
        "title",
        "law_class",
        "secrecy",
        "urgency",
        "unit",
        "emergency_unit",
        "instruction",
        "active",
    )
    form_args = {
        **CODE_AND_SWITCH,
        "title": {"description": "Judul bila petugas tidak mengisinya; {kelurahan} diganti nama kelurahan."},
        "instruction": {
            "description": "Salah satu dari daftar instruksi pada Pengaturan, Kalimat baku.",
            "validators": [of_the_list],
        },
        "emergency_unit": {"description": "Unit yang boleh membaca dan bertindak segera pada pengaduan darurat."},
    }
    create_label = "Tambah kategori"
    empty_text = "Belum ada kategori pengaduan."

    def rows(self, keys: list[int]) -> list[Any]:
        return with_uses(super().rows(keys), Complaint.category)

    def computed_columns(self) -> Mapping[str, Any]:
        parent = self.parents.aliases["parent"]
        return {
            "group_name": pw.fn.LOWER(pw.fn.COALESCE(parent.name, Category.name)),
            "in_group": (Category.parent.is_null(), Category.parent.is_null(False)),
        }

    def choosable(self, key: Any) -> Any:
        """Parents must be groups: top-level and inactive, so that they cannot be chosen for a case."""
        if key.name == "parent":
            return Category.select().where(Category.parent.is_null() & ~Category.active).order_by(Category.name)
        return super().choosable(key)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if not is_created and model.parent_id == model.id:
            raise ValidationError("Kategori tidak dapat menjadi kelompok bagi dirinya sendiri.")


def _steps_with_reason() -> list[SelectChoice]:
    """The steps whose form has a reason field."""
    asking = {key for key, model in RECORDS.items() if any(isinstance(field, ReasonField) for field in model.blanks())}
    return [SelectChoice(t.key, t.label) for t in vocabulary().transitions.values() if t.record in asking]


class ReasonView(PanelView):
    noun = "alasan"
    can_create = can_edit = records_edits = True
    list_template, list_class = MASTER_LIST, DENSE
    column_list = ("text", "transition", "active")
    column_sortable_list = ("text", "transition")
    column_searchable_list = ("text",)
    column_filters = ("active",)
    column_default_sort = [("transition", False), ("text", False)]
    column_formatters = {
        **SWITCHED,
        "transition": lambda view, context, row, name: vocabulary().acts[row.transition].label,
    }
    form_columns = ("transition", "text", "active")
    form_args = {"active": SWITCH}
    form_overrides = {"transition": lambda **kwargs: PickField(choices=[BLANK, *_steps_with_reason()], **kwargs)}
    create_label = "Tambah alasan"
    empty_text = "Belum ada alasan. Langkah seperti Tunda meminta alasan hanya bila daftarnya ada."


class HoursForm(DatedForm):
    def validate_closes(self, field: Any) -> None:
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError("Harus sesudah jam buka.")


class WorkHoursView(PanelView):
    noun = "jam-kerja"
    can_create = can_edit = records_edits = True
    form_base_class = HoursForm
    column_list = ("weekday", "opens", "closes", *DATES, "in_force")
    column_labels, column_formatters = IN_FORCE_LABEL, IN_FORCE
    column_sortable_list = ("weekday", *DATES)
    column_filters = ("weekday",)
    column_default_sort = [("valid_from", True), ("weekday", False)]
    form_columns = ("weekday", "opens", "closes", *DATES)
    form_args = {
        **FROM_TODAY,
        "valid_to": {"description": "Isi untuk jam sementara, misalnya Ramadan: selama itu jam biasa tidak dipakai."},
    }
    list_template, list_class = "admin/office/hours.html", DENSE
    create_label = "Tambah jam kerja"
    empty_text = "Belum ada jam kerja, sehingga jam SOP tidak dapat berjalan."

    def row_name(self, row: Any) -> str:
        day = dict(WorkHours.weekday.choices)[row.weekday]
        return f"{day} sejak {format_date(row.valid_from)}"

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        super().on_saved(model, created, changed_fields)
        move_due_times()

    @expose("/ramadan/", methods=("GET", "POST"))
    def ramadan(self) -> Any:
        """One form for all weekdays of Ramadan, create or edit."""
        if not self.opens("create"):
            abort(404)
        rows = registered_rows()
        form = ramadan_form(rows, get_form_data())
        if self.validate_form(form) and self._save_ramadan(form, rows):
            flash(f"Jam Ramadan {format_span(form.valid_from.data, form.valid_to.data)} telah disimpan.", "success")
            return redirect(self.get_url(".index_view"))
        known = format_span(rows[0].valid_from, rows[0].valid_to) if rows else ""
        return form_page(self, "admin/office/ramadan.html", form, registered=known)

    def _save_ramadan(self, form: RamadanForm, rows: list[WorkHours]) -> bool:
        """Save all rows or none; on a conflict the form shows both versions."""
        if form.stamp.data != stamp_of(rows):
            self._show_conflict(form, rows)
            return False
        return self.saving.attempt(lambda: self._store_ramadan(filled_rows(form, rows)))

    def _store_ramadan(self, rows: list[WorkHours]) -> None:
        record_hashes_before_change(WorkHours, [row.id for row in rows if row.id])
        for row in rows:
            row.save()
            self.note(row, [self.get_column_name(name) for name in ("opens", "closes", *DATES)])
        move_due_times()

    def _show_conflict(self, form: RamadanForm, rows: list[WorkHours]) -> None:
        by = self.changed_by(rows[0]) if rows else "pengguna lain"
        stored = ramadan_form(rows)
        form.clash = EditConflict(
            f"Jam Ramadan sudah diubah oleh {by} setelah Anda membukanya.", differences(form, stored)
        )
        form.stamp.data, form.stamp.raw_data = stamp_of(rows), [stamp_of(rows)]


PEOPLE = (
    (DivisionView, Division, "Unit kerja"),
    (PostView, Post, "Jabatan"),
    (ActingView, Acting, "Plt. dan Plh."),
    (MandateView, Mandate, "Surat Tugas"),
    (StandingTeamView, StandingTeam, "Tim tetap"),
)
LISTS = (
    (MediumView, Medium, "Media pengaduan"),
    (CategoryView, Category, "Kategori"),
    (KelurahanView, Kelurahan, "Kelurahan"),
    (ReasonView, Reason, "Alasan"),
    (WorkHoursView, WorkHours, "Jam kerja"),
    (HolidayView, Holiday, "Hari libur"),
    (TempatArsipView, ShelfPlace, "Tempat arsip"),
    (RetensiView, Retention, "Jadwal retensi"),
    (SettingView, Setting, "Pengaturan"),
)
VIEWS = (*PEOPLE, *LISTS)


def views() -> list[PanelView]:
    """The views in menu order, each at /<noun>/."""
    groups = ((ORGANISATION, PEOPLE), (CATEGORY, LISTS))
    return [view(model, name, endpoint=view.noun, category=menu) for menu, rows in groups for view, model, name in rows]
