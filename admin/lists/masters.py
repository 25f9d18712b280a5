"""Constants and form parts shared by master data: menu groups, codes, validity dates."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import peewee as pw
from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import ValidationError

from admin.lists.cells import badge
from models.complaint.usage import MOST, count_uses
from models.office.identity import code_objection
from models.office.people import Dated, today
from sop.words import format_number

ORGANISATION, REPORTS, CATEGORY = "Organisasi", "Laporan", "Data induk"  # names of menu groups
DATES = ("valid_from", "valid_to")
Formatters = dict[str, Callable[..., Any]]  # of cells, by column
LATEST_FIRST = ("valid_from", True)
FROM_TODAY: dict[str, dict[str, Any]] = {"valid_from": {"default": today}}
SWITCH = {"description": "Hapus centang agar tidak lagi dapat dipilih. Yang sudah memakainya tetap seperti semula."}


def validate_code(form: Any, field: Any) -> None:
    """Validate a code, which is used within case numbers and in lists with one code per line."""
    if sentence := code_objection(field.data or ""):
        raise ValidationError(sentence)


CODE = {"description": "Singkat, tanpa spasi. Tidak dapat diubah kemudian.", "validators": [validate_code]}
CODE_AND_SWITCH: dict[str, dict[str, Any]] = {"active": SWITCH, "code": CODE}


class DatedForm(BaseForm):
    """A form with a period of validity; an empty end means until further notice."""

    def validate_valid_to(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Tidak boleh sebelum tanggal mulai berlaku.")


def in_force(row: Dated, day: date | None = None) -> Markup:
    """Badge: whether a dated row is in force on the day, by default today."""
    day = day or today()
    if row.valid_from > day:
        return badge("info", "Akan berlaku")
    ended = row.valid_to is not None and row.valid_to < day
    return badge("neutral", "Berakhir") if ended else badge("good", "Berlaku")


IN_FORCE_LABEL = {"in_force": "Keadaan"}
IN_FORCE: Formatters = {"in_force": lambda view, context, row, name: in_force(row)}


def with_uses(rows: Iterable[Any], field: pw.ForeignKeyField) -> list[Any]:
    """The rows, each with `uses`: how many cases use it."""
    listed = list(rows)
    counts = count_uses(field, [row.id for row in listed])
    for row in listed:
        row.uses = counts.get(row.id, 0)
    return listed


def uses_in_words(row: Any) -> str:
    if row.uses > MOST:
        return f"lebih dari {format_number(MOST)} pengaduan"
    return f"{format_number(row.uses)} pengaduan" if row.uses else "belum dipakai"


def switch(row: Any) -> Markup:
    """Badge: whether a row can be chosen."""
    return badge("good", "Aktif") if row.active else badge("neutral", "Tidak aktif")


USES_LABEL = {"uses": "Dipakai"}
USES: Formatters = {"uses": lambda view, context, row, name: uses_in_words(row)}
SWITCHED: Formatters = {"active": lambda view, context, row, name: switch(row)}
MASTER_LIST, DENSE = "admin/office/masters.html", "masters"  # template and CSS class of low rows
