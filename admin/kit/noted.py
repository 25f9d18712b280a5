"""Views whose every edit stands in the history, in the same transaction, with who and which fields."""

from datetime import date
from typing import Any

from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import ValidationError

from admin.door.joins import signed_in
from admin.kit.base import PanelView
from admin.kit.columns import BADGE
from models.case.attachments import note_edit
from models.complaint.event import Event, bodies
from models.complaint.scope import viewer
from models.office.identity import code_objection
from models.office.people import Dated, User, today
from sop.words import format_moment

ORGANISATION, REPORTS, CATEGORY = "Organisasi", "Laporan", "Data induk"  # the nouns of the menu
DATES = ("valid_from", "valid_to")
FROM_TODAY: dict[str, dict[str, Any]] = {"valid_from": {"default": today}}
SWITCH = {"description": "Hapus centang agar tidak lagi dapat dipilih. Yang sudah memakainya tetap seperti semula."}


def well_coded(form: Any, field: Any) -> None:
    """A code stands in numbers and in lists of one a line: what is no code breaks them."""
    if sentence := code_objection(field.data or ""):
        raise ValidationError(sentence)


CODE = {"description": "Singkat, tanpa spasi. Tidak dapat diubah kemudian.", "validators": [well_coded]}


class DatedForm(BaseForm):
    """A form of something that holds from one day to another."""

    def validate_valid_to(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Tidak boleh sebelum tanggal mulai berlaku.")


class Noted(PanelView):
    """A master or the users: `fixed` columns are set when a row is made and stay; `people` says who may be picked."""

    can_create = can_edit = True
    fixed: tuple[str, ...] = ("code",)
    people: dict[str, frozenset[str]] = {}
    column_labels = {"in_force": "Keadaan"}
    column_formatters: dict[str, Any] = {"in_force": lambda view, context, row, name: in_force(row)}
    form_args: dict[str, dict[str, Any]] = {"active": SWITCH, "code": CODE}

    def get_edit_form(self) -> type:
        """Without the columns that never change; a shadowed field is no field (WTForms' own grammar)."""
        fixed = {name: None for name in self.fixed if name in (self.form_columns or ())}
        return type("EditForm", (super().get_edit_form(),), fixed)

    def choosable(self, key: Any) -> Any:
        """Of people only those whose role fits: nobody gets into a case by a master that he writes himself."""
        rows: Any = super().choosable(key)
        return rows.where(User.role.in_(list(self.people[key.name]))) if key.name in self.people else rows

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        self.note(model, [self.get_column_name(name) for name in (self.form_columns if created else changed_fields)])

    def note(self, row: Any, names: list[str], what: str = "") -> None:
        """Write the edit into the history; the write itself is of the same transaction."""
        note_edit(row, names, by=viewer(signed_in()), what=what)

    def kin(self, row: Any) -> list[Any]:
        """The rows whose edits count as edits of this one."""
        return [row]

    def changed_by(self, model: Any) -> str:
        subjects = [f"{self.model._meta.table_name}:{row.get_id()}" for row in self.kin(model)]
        last = Event.select().where(Event.subject.in_(subjects)).order_by(Event.id.desc()).first()
        if last is None:
            return super().changed_by(model)
        touched = ", ".join(bodies([last], {})[last.id].get("touched", ()))
        return f"{last.who} pada {format_moment(last.at)} ({touched})"


class DatedView(Noted):
    """What holds from one day to another: from today if nothing else is said; an empty end: until further notice."""

    form_base_class = DatedForm
    column_sortable_list: tuple[str, ...] = DATES
    column_default_sort: Any = ("valid_from", True)
    form_args = FROM_TODAY


def in_force(row: Dated, day: date | None = None) -> Markup:
    """Whether a dated row holds today, as a badge."""
    day = day or today()
    if row.valid_from > day:
        return BADGE.format("info", "Akan berlaku")
    ended = row.valid_to is not None and row.valid_to < day
    return BADGE.format("neutral", "Berakhir") if ended else BADGE.format("good", "Berlaku")
