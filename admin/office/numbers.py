"""Penomoran: the counter of each series, and number ranges skipped because the paper register used them."""

from typing import Any

from wtforms import ValidationError

from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.masters import CATEGORY
from models.complaint import scope
from models.complaint.number import NumberSkip
from models.office.people import today
from models.reading import registerbook
from models.store.base import now

FROM = "Urutannya saja, misalnya 15 untuk PGD/15/XI/2026."


class NumberView(PanelView):
    """/nomor/: ranges are added, never changed."""

    noun = "nomor"
    can_create = records_edits = True
    joins = ("by",)
    column_list = ("series", "year", "first", "last", "reason", "by.name", "at")
    column_labels = {"by.name": "Dicatat oleh"}
    column_sortable_list = ("series", "year", "first")
    column_default_sort = ("id", True)
    column_filters = ("series", "year")
    form_columns = ("series", "year", "first", "last", "reason")
    form_args = {
        "year": {"default": lambda: today().year},
        "first": {"description": FROM},
        "last": {"description": "Sama dengan urutan awal bila hanya satu nomor."},
        "reason": {"description": "Misalnya: terpakai di buku kantor sebelum panel dipakai; blangko rusak."},
    }
    list_template = "admin/office/numbers.html"
    create_label = "Catat nomor yang dilewati"
    counted = "rentang nomor"
    empty_text = "Belum ada nomor yang dilewati."
    empty_hint = "Catat di sini bila nomor terpakai atau rusak di buku kantor."

    def counts(self) -> list[registerbook.Count]:
        """The counters of this year and the last."""
        return registerbook.counts((today().year, today().year - 1))

    def may_show_counters(self) -> bool:
        """Whether the user may see the counters, which reveal the number of all cases."""
        return scope.viewer(signed_in()).reads_all

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.by, model.at = signed_in().id, now()
        if sentence := registerbook.skip_objection(model):
            raise ValidationError(sentence)

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        self.note(
            model,
            [self.get_column_name(name) for name in self.form_columns],
            what=f"mencatat {model} dilewati: {model.reason}",
        )


def views() -> list[PanelView]:
    return [NumberView(NumberSkip, "Penomoran", endpoint=NumberView.noun, category=CATEGORY)]
