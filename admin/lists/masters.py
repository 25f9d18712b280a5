"""What masters have in common: their place in the menu, codes, dates from one day to another, the note of each edit."""

from datetime import date
from typing import Any

from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import ValidationError

from admin.lists.cells import BADGE
from models.complaint.event import Event, bodies
from models.office.identity import code_objection
from models.office.people import Dated, today
from models.store.base import Model
from sop.words import format_moment

ORGANISATION, REPORTS, CATEGORY = "Organisasi", "Laporan", "Data induk"  # the nouns of the menu
DATES = ("valid_from", "valid_to")
LATEST_FIRST = ("valid_from", True)
FROM_TODAY: dict[str, dict[str, Any]] = {"valid_from": {"default": today}}
SWITCH = {"description": "Hapus centang agar tidak lagi dapat dipilih. Yang sudah memakainya tetap seperti semula."}


def well_coded(form: Any, field: Any) -> None:
    """A code stands in numbers and in lists of one a line: what is no code breaks them."""
    if sentence := code_objection(field.data or ""):
        raise ValidationError(sentence)


CODE = {"description": "Singkat, tanpa spasi. Tidak dapat diubah kemudian.", "validators": [well_coded]}
CODE_AND_SWITCH: dict[str, dict[str, Any]] = {"active": SWITCH, "code": CODE}


class DatedForm(BaseForm):
    """A form of something that holds from one day to another; an empty end: until further notice."""

    def validate_valid_to(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Tidak boleh sebelum tanggal mulai berlaku.")


def in_force(row: Dated, day: date | None = None) -> Markup:
    """Whether a dated row holds today, as a badge."""
    day = day or today()
    if row.valid_from > day:
        return BADGE.format("info", "Akan berlaku")
    ended = row.valid_to is not None and row.valid_to < day
    return BADGE.format("neutral", "Berakhir") if ended else BADGE.format("good", "Berlaku")


IN_FORCE_LABEL = {"in_force": "Keadaan"}
IN_FORCE: dict[str, Any] = {"in_force": lambda view, context, row, name: in_force(row)}


def last_edit(rows: list[Model]) -> str:
    """Who changed one of these rows last, when and what; "" where nobody has."""
    subjects = [f"{row._meta.table_name}:{row.get_id()}" for row in rows]
    last = Event.select().where(Event.subject.in_(subjects)).order_by(Event.id.desc()).first()
    if last is None:
        return ""
    touched = ", ".join(bodies([last], {})[last.id].get("touched", ()))
    return f"{last.who} pada {format_moment(last.at)} ({touched})"
