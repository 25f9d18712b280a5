"""The masters that a complaint is described with: media, categories, and the reasons of the detours."""

from collections.abc import Mapping
from typing import Any

import peewee as pw
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice

from admin.kit.columns import BADGE, NOTHING, TYPES
from admin.kit.fields import BLANK, PickField
from admin.kit.noted import Noted
from models.office import lists
from models.office.lists import Category
from models.records.base import ReasonField
from models.records.registry import RECORDS
from sop import flow

GROUP = BADGE.format("neutral", "Kelompok")


def of_the_list(form: Any, field: Any) -> None:
    """An instruction that was never on the office's list would be suggested to nobody."""
    if field.data and field.data not in lists.all_instructions():
        raise ValidationError(f"Tidak ada pada daftar instruksi: {', '.join(lists.offered_instructions())}.")


class MediumView(Noted):
    noun = "media"
    column_list = ("name", "group", "reference_label", "active")
    column_sortable_list = ("name", "group")
    column_filters = ("group", "active")
    column_searchable_list = ("name",)
    column_default_sort = [("group", False), ("name", False)]
    form_columns = ("code", "name", "group", "reference_label", "active")
    form_args = {
        **Noted.form_args,
        "reference_label": {"description": "Nama nomor atau tanda bukti dari media ini, misalnya Nomor tiket."},
    }
    create_label = "Tambah media"
    empty_text = "Belum ada media pengaduan."


def is_group(row: Category) -> bool:
    """Whether a category holds others: it belongs to none itself and nobody picks it for a case."""
    return row.parent_id is None and not row.active


class CategoryView(Noted):
    noun = "kategori"
    joins = ("parent", "unit", "emergency_unit")
    column_list = (
        "name",
        "parent.name",
        "law_class",
        "secrecy",
        "urgency",
        "unit.name",
        "emergency_unit.name",
        "active",
    )
    column_labels = {
        "parent.name": "Kelompok",
        "unit.name": "Unit kerja yang diusulkan",
        "emergency_unit.name": "Unit darurat",
    }
    column_sortable_list = ("name", "parent.name", "secrecy")
    column_filters = ("law_class", "secrecy", "unit", "active")
    column_searchable_list = ("name", "parent.name")
    column_default_sort = [("kin", False), ("in_group", False), ("name", False)]  # each group, then what is in it
    column_formatters = {
        "parent.name": lambda view, context, row, name: GROUP if is_group(row) else row.parent or NOTHING,
        "active": lambda view, context, row, name: NOTHING if is_group(row) else TYPES[bool](view, row.active, name),
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
        **Noted.form_args,
        "title": {"description": "Judul bila petugas tidak mengisinya; {kelurahan} diganti nama kelurahan."},
        "instruction": {
            "description": "Salah satu dari daftar instruksi pada Pengaturan, Kalimat baku.",
            "validators": [of_the_list],
        },
        "emergency_unit": {"description": "Unit yang boleh membaca dan bertindak segera pada pengaduan darurat."},
    }
    create_label = "Tambah kategori"
    empty_text = "Belum ada kategori pengaduan."

    def computed_columns(self) -> Mapping[str, Any]:
        parent = self._aliases()["parent"]
        return {
            "kin": pw.fn.LOWER(pw.fn.COALESCE(parent.name, Category.name)),
            "in_group": (Category.parent.is_null(), Category.parent.is_null(False)),
        }

    def choosable(self, key: Any) -> Any:
        """A group is a category that belongs to none itself; it is switched off, so that nobody picks it for a case."""
        if key.name == "parent":
            return Category.select().where(Category.parent.is_null() & ~Category.active).order_by(Category.name)
        return super().choosable(key)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if not is_created and model.parent_id == model.id:
            raise ValidationError("Kategori tidak dapat menjadi kelompok bagi dirinya sendiri.")


def _with_reason() -> list[SelectChoice]:
    """The steps whose form asks for a reason out of the office's list."""
    asking = {key for key, model in RECORDS.items() if any(isinstance(field, ReasonField) for field in model.blanks())}
    return [SelectChoice(t.key, t.label) for t in flow.TRANSITIONS.values() if t.record in asking]


class ReasonView(Noted):
    noun = "alasan"
    column_list = ("text", "transition", "active")
    column_sortable_list = ("text", "transition")
    column_searchable_list = ("text",)
    column_filters = ("active",)
    column_default_sort = [("transition", False), ("text", False)]
    column_formatters = {"transition": lambda view, context, row, name: flow.KNOWN[row.transition].label}
    form_columns = ("transition", "text", "active")
    form_overrides = {"transition": lambda **given: PickField(choices=[BLANK, *_with_reason()], **given)}
    create_label = "Tambah alasan"
    empty_text = "Belum ada alasan. Langkah seperti Tunda meminta alasan hanya bila daftarnya ada."
