"""Kelurahan: edited one by one, or imported from a file with a preview before saving."""

import json
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin.form import BaseForm
from wtforms import ValidationError
from wtforms.validators import Optional

from admin.door.gate import begins, expose
from admin.lists.base import PanelView
from admin.lists.masters import CODE_AND_SWITCH, DENSE, SWITCHED, USES, USES_LABEL, with_uses
from models.complaint.complaint import Complaint
from models.imports.refused import UnreadableFile
from models.imports.tables import FileTable, rows_of_file, table_under
from models.office.identity import GOVERNMENT
from models.office.lists import (
    MOST,
    REFUSED,
    SAME,
    VERDICTS,
    AreaRow,
    JudgedArea,
    apply_judged_rows,
    area_code_fault,
    counted,
    free_codes,
    judged_rows,
    place_key,
    preview_digest,
    renamings,
    taken_by,
)
from models.office.settings import values
from models.store.resource_limits import Work
from models.store.uploads import visible_text
from models.workflow import masters
from sop.words import format_number

HEADS = {  # accepted column headings of a file, the most common first
    "name": ("kelurahan", "desa/kelurahan", "kelurahan/desa", "nama kelurahan", "nama desa/kelurahan", "desa"),
    "kecamatan": ("kecamatan", "nama kecamatan"),
    "code": ("kode", "kode wilayah", "kode kelurahan", "kode desa/kelurahan"),
}
TWICE = "Kelurahan ini sudah ada pada kecamatan itu."
UNCHOSEN = "Pilih berkasnya."
NO_ROWS = "Di bawah judul kolom tidak ada satu baris pun."
NO_KECAMATAN = "Kolom “kecamatan” tidak ada pada baris judul."
TOO_MANY = f"Berkas ini lebih dari {format_number(MOST)} baris. Pilih berkas yang hanya memuat daftar kelurahan."
CHANGED = "Daftarnya berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu simpan."
NOTHING = "Daftar kelurahan sudah sama dengan berkas itu; tidak ada yang perlu disimpan."
OTHER_CODES = "Tidak ada yang perlu disimpan. Yang kodenya lain di berkas itu disebut di bawah; kode pada daftar tetap."
ALREADY_SAVED = "Daftar kelurahan itu sudah tersimpan; tidak ada yang disimpan lagi."
UNREADABLE = "Isi berkas tidak terkirim utuh. Pilih berkasnya sekali lagi."


def _check_code(form: Any, field: Any) -> None:
    """The same check as for rows of a file: a code cannot be changed after it is saved."""
    if sentence := area_code_fault(field.data or ""):
        raise ValidationError(sentence)


class KelurahanForm(BaseForm):
    """One kelurahan, unique within its kecamatan regardless of spelling."""

    def validate_name(self, field: Any) -> None:
        other = taken_by(field.data or "", self.kecamatan.data or "")
        own = place_key(field.object_data or "", self.kecamatan.object_data or "")
        if other and place_key(other.name, other.kecamatan) != own:
            raise ValidationError(TWICE)


class KelurahanView(PanelView):
    noun = "kelurahan"
    can_create = can_edit = records_edits = True
    fixed = ("code",)
    form_base_class = KelurahanForm
    column_list = ("name", "kecamatan", "code", "uses", "active")
    column_labels, column_formatters = USES_LABEL, {**USES, **SWITCHED}
    column_sortable_list = ("name", "kecamatan", "code")
    column_filters = ("kecamatan", "active")
    column_searchable_list = ("name", "kecamatan", "code")
    column_default_sort = "name"
    form_columns = ("name", "kecamatan", "code", "active")
    form_args = {
        **CODE_AND_SWITCH,
        "code": {
            "description": "Kode wilayah bila ada. Dikosongkan: diberi panel. Tidak dapat diubah kemudian.",
            "validators": [Optional(), _check_code],
        },
    }
    create_label = "Tambah kelurahan"
    list_template, list_class = "admin/office/kelurahan.html", DENSE
    empty_text = "Daftar kelurahan belum terisi. Baca dari berkas, atau tambahkan satu per satu."

    def rows(self, keys: list[int]) -> list[Any]:
        return with_uses(super().rows(keys), Complaint.kelurahan)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.code = model.code or next(free_codes())

    @expose("/berkas/", methods=("GET", "POST"), cost=begins(Work.TABLE))
    def from_file(self) -> Any:
        """Choose a file, preview its rows, save all of them or none."""
        if not self.opens("create"):
            abort(404)
        if request.method != "POST":
            return self._chooser()
        try:
            rows = _rows_of_preview() if "rows" in request.form else _chosen_rows()
        except UnreadableFile as refused:
            return make_response(self._chooser(str(refused)), 422)
        return self._save(rows) if request.form.get("do") == "keep" else self._preview(judged_rows(rows))

    def _save(self, rows: Sequence[AreaRow]) -> Any:
        """Check again within the transaction and save; a second submission finds all rows saved."""
        messages: list[tuple[str, ...]] = []
        if not self.saving.attempt(lambda: messages.append(self._store(rows))) or not messages[0]:
            return make_response(self._preview(judged_rows(rows), CHANGED), 409)
        flash(*messages[0])
        return redirect(self.get_url(".index_view"))

    def _store(self, rows: Sequence[AreaRow]) -> tuple[str, ...]:
        """(message, tone), or () if the list has changed since the preview."""
        judged = judged_rows(rows)
        counts = counted(judged)
        if counts[SAME] == len(judged):
            return ALREADY_SAVED, "info"
        if request.form.get("seen") != preview_digest(judged) or counts[REFUSED]:
            return ()
        first, *_ = apply_judged_rows(judged)
        renamed = renamings(judged)
        history_text = f"mengisi daftar kelurahan dari berkas: {_in_words(judged)}{f' ({renamed})' if renamed else ''}"
        self.note(first, [self.get_column_name("name")], history_text)
        return f"Daftar kelurahan telah disimpan: {_in_words(judged)}.", "success"

    def _chooser(self, why: str = "") -> str:
        return str(self.render("admin/office/kelurahan_file.html", why=why, judged=(), own=own_city()))

    def _preview(self, judged: Sequence[JudgedArea], why: str = "") -> str:
        numbers = counted(judged)
        page = self.render(
            "admin/office/kelurahan_file.html",
            why=why,
            judged=sorted(judged, key=_place_on_page),
            counts=[(VERDICTS[key], count) for key, count in numbers.items() if count],
            refused=numbers[REFUSED],
            same=numbers[SAME] == len(judged) and (OTHER_CODES if any(area.why for area in judged) else NOTHING),
            rows=json.dumps([[*vars(area.row).values()] for area in judged]),
            seen=preview_digest(judged),
        )
        return str(page)


def _place_on_page(area: JudgedArea) -> tuple[bool, bool, int]:
    """Sort key: refused rows first, unchanged ones last."""
    return area.verdict != REFUSED, area.verdict == SAME and not area.why, area.row.line


def own_city() -> str:
    """The name of the office's city if the panel includes its list; else ""."""
    city = masters.city_of(str(values()[GOVERNMENT]))
    return str(masters.read_data(f"{city}/city")["name"]) if city else ""


def _chosen_rows() -> list[AreaRow]:
    """Rows of the uploaded file, or of the city's included list. UnreadableFile if there are none."""
    if request.form.get("do") == "city" and (city := masters.city_of(str(values()[GOVERNMENT]))):
        return [AreaRow(line, **row) for line, row in enumerate(masters.kelurahan_of(city), 1)]
    file = request.files.get("berkas")
    if file is None or not file.filename:
        raise UnreadableFile(UNCHOSEN)
    return rows_of_table(rows_of_file(file.read()))


def rows_of_table(cells: list[list[str]]) -> list[AreaRow]:
    """The kelurahan in a file, without empty rows; UnreadableFile if it has none or too many."""
    table = _table(cells)
    heads = {name: next(filter(table.places.__contains__, known), "") for name, known in HEADS.items()}
    if not heads["kecamatan"]:
        raise UnreadableFile(NO_KECAMATAN)
    cells_by_name = (
        {name: visible_text(table.cell(row, head)) if head else "" for name, head in heads.items()}
        for row in table.rows
    )
    rows = [AreaRow(line, **words) for line, words in enumerate(cells_by_name, table.first) if any(words.values())]
    if not rows:
        raise UnreadableFile(NO_ROWS)
    if len(rows) > MOST:
        raise UnreadableFile(TOO_MANY)
    return rows


def _table(cells: list[list[str]]) -> FileTable:
    for head in HEADS["name"]:
        try:
            return table_under(cells, head)
        except UnreadableFile:
            continue
    return table_under(cells, HEADS["name"][0])  # its error names the most common heading


def _rows_of_preview() -> list[AreaRow]:
    """The rows embedded in the preview's form. UnreadableFile if they are damaged."""
    try:
        lines = json.loads(request.form["rows"])
        rows = [AreaRow(int(line), *(visible_text(str(word)) for word in words)) for line, *words in lines]
    except (ValueError, TypeError, OverflowError, RecursionError) as broken:
        raise UnreadableFile(UNREADABLE) from broken
    if not rows or len(rows) > MOST:
        raise UnreadableFile(UNREADABLE)
    return rows


def _in_words(judged: Sequence[JudgedArea]) -> str:
    numbers = counted(judged).items()
    return ", ".join(f"{format_number(count)} {VERDICTS[key].lower()}" for key, count in numbers if count)
