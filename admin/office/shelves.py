"""Master data of the archive: its places with their labels, and the retention rules by classification."""

from typing import Any

from flask import url_for
from wtforms import ValidationError
from wtforms.validators import NumberRange

from admin.door.flaskadmin import ViewPart
from admin.door.gate import action, admits_to
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, breaking_long_words, nowrap
from admin.lists.masters import CODE_AND_SWITCH, DATES, FROM_TODAY, IN_FORCE, IN_FORCE_LABEL, DatedForm
from admin.papers.shelf import NOUN
from admin.papers.shelving import labels_response
from models.complaint.scope import may_write
from models.office.shelves import SHELF_KINDS, ShelfPlace, place_objection
from models.reading.shelf import place_labels
from models.store.base import among

LABEL = "label"
YEARS = {"validators": [NumberRange(0, 100, "Tulis tahun dari 0 sampai 100.")]}


class PlaceLabels(ViewPart):
    """Part of the list of places: their labels."""

    def allows(self, action: str) -> bool:
        return action != LABEL or may_write(signed_in(), self.view.noun)

    @action(LABEL, "Cetak label")
    def label(self, ids: list[int]) -> Any:
        places = list(ShelfPlace.select().where(among(ShelfPlace.id, ids)).order_by(ShelfPlace.code))
        return labels_response(place_labels(places))


class TempatArsipView(PanelView):
    """/tempat-arsip/: rak, boks and map; linked from Arsip, in the menu of those who may not open that."""

    noun = "tempat-arsip"
    can_create = can_edit = records_edits = True
    fixed = ("code",)
    labels = PlaceLabels()
    primary_action = LABEL
    joins = ("parent",)
    column_list = ("code", "kind", "name", "parent.code", "active")
    column_labels = {"parent.code": "Terletak di"}
    column_sortable_list = ("code", "kind")
    column_default_sort = ("code", False)
    column_searchable_list = ("code", "name")
    column_filters = ("kind", "active")
    column_formatters = {
        "name": lambda view, context, row, name: breaking_long_words(row.name) or NOTHING,
        "parent.code": lambda view, context, row, name: nowrap(row.parent.code) if row.parent_id else NOTHING,
    }
    form_columns = ("code", "kind", "name", "parent", "active")
    form_args = {
        **CODE_AND_SWITCH,
        "name": {"description": "Misalnya isinya atau ruangannya; tercetak pada label, jadi tanpa nama orang."},
        "parent": {"description": "Rak bagi boks; rak atau boks bagi map."},
    }
    create_label = "Tambah tempat"
    empty_text = "Belum ada tempat arsip. Mulai dengan rak, lalu boks di dalamnya, lalu map."

    def is_visible(self) -> bool:
        return not admits_to((NOUN,))

    @property
    def sibling_url(self) -> str:
        return url_for(f"{NOUN}.index") if admits_to((NOUN,)) else ""

    def choosable(self, key: Any) -> Any:
        """Whatever may contain another place."""
        rows = super().choosable(key)
        return (
            rows.where(ShelfPlace.kind != [*SHELF_KINDS][-1]).order_by(ShelfPlace.code)
            if key.name == "parent"
            else rows
        )

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if is_created:
            model.code = str(model.code).upper()
        if sentence := place_objection(model):
            raise ValidationError(sentence)


class RetensiView(PanelView):
    """/jadwal-retensi/"""

    noun = "jadwal-retensi"
    can_create = can_edit = records_edits = True
    form_base_class = DatedForm
    column_list = ("code", "title", "active_years", "inactive_years", "fate", *DATES, "in_force")
    column_labels, column_formatters = IN_FORCE_LABEL, IN_FORCE
    column_sortable_list = ("code", *DATES)
    column_default_sort = [("code", False), ("valid_from", True)]
    column_searchable_list = ("code", "title")
    column_filters = ("fate",)
    form_columns = ("code", "title", "active_years", "inactive_years", "fate", "basis", *DATES)
    form_args = {
        **FROM_TODAY,
        "code": {
            "description": "Seperti Kode klasifikasi arsip pada Pengaturan, misalnya 400.9.",
            "validators": CODE_AND_SWITCH["code"]["validators"],
        },
        "active_years": {"description": "Dihitung sejak pengaduannya berakhir.", **YEARS},
        "inactive_years": {"description": "Dihitung sejak masa aktif habis.", **YEARS},
        "basis": {"description": "Peraturan atau keputusan yang menetapkannya, dengan nomor dan tahunnya."},
    }
    create_label = "Tambah jadwal retensi"
    empty_text = (
        "Belum ada jadwal retensi. Isi menurut Jadwal Retensi Arsip yang berlaku bagi kantor; sebelum itu tidak ada "
        "berkas yang dinyatakan jatuh tempo."
    )
