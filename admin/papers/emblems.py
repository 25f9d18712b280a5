"""The emblem as a picture, and warnings about characters that papers print differently."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, request
from wtforms import HiddenField, StringField, TextAreaField

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from models.office import wording
from models.records.amending import LABELS
from models.store.upload_kinds import JPEG
from papers.layout.glyphs import has_missing_glyphs, print_note
from sop.words import in_a_sentence


class EmblemView(PageView):
    """/lambang/, open to every signed-in user: the emblem is on all letterheads."""

    noun, home, cost = "beranda", "pengaduan", READS

    @expose("/")
    def index(self) -> Response:
        abort(404)

    @expose("/<code:code>.jpg")
    def picture(self, code: str) -> Response:
        data = wording.data_of_short(code)
        if data is None:
            abort(404)
        return Response(data, mimetype=JPEG)


def views() -> list[PageView]:
    return [EmblemView(name="Lambang", endpoint="lambang", url="/lambang")]


DISPLAYED = "huruf"  # form field with the warnings that the page displayed


@dataclass(frozen=True)
class PrintWarning:
    """A warning about a field whose text papers print differently."""

    id: str
    label: str
    note: str
    loses_text: bool  # the paper would lose characters, not only print them differently

    @property
    def mark(self) -> str:
        """The value that a page with this warning submits."""
        return f"{self.id} {self.note}"

    @property
    def words(self) -> str:
        """The note for use within a sentence."""
        return in_a_sentence(self.note)


def attach_print_warnings(form: Any, names: Container[str] | None = None) -> None:
    """Attach warnings to a form and its fields (all, or those in `names`), single-line fields first."""
    fields = (field for field in form if names is None or field.short_name in names)
    form.otherwise = []
    for field in sorted(fields, key=lambda field: isinstance(field, TextAreaField)):
        typed = field.data if isinstance(field, StringField) and not isinstance(field, HiddenField) else ""
        note = print_note(typed) if isinstance(typed, str) else ""  # a file in its place fails validation
        if note:
            is_line = not isinstance(field, TextAreaField)
            field.print_note = note
            label = str(field.label.text)
            if "-" in field.id:  # a field of a person, which the label names
                label = LABELS.get(field.id.replace("-", "."), label)
            form.otherwise.append(PrintWarning(field.id, label, note, is_line or has_missing_glyphs(typed)))


def must_show_warnings(form: Any) -> bool:
    """Whether the form must be shown again with a warning about text that papers would lose."""
    return any(warning.loses_text for warning in _undisplayed(form))


def flash_print_warnings(form: Any) -> None:
    """Flash the warnings that no page has displayed."""
    if warnings := _undisplayed(form):
        tone = "warning" if any(warning.loses_text for warning in warnings) else "info"
        flash(" ".join(f"{warning.label} – {warning.words}" for warning in warnings), tone)


def _undisplayed(form: Any) -> list[PrintWarning]:
    displayed = set(request.form.getlist(DISPLAYED))
    return [warning for warning in getattr(form, "otherwise", ()) if warning.mark not in displayed]


def print_notes_of_form(is_printed: Callable[[str], bool]) -> dict[str, str]:
    """The notes for the submitted texts, by field name."""
    notes = {name: print_note(text) for name, text in request.form.items() if is_printed(name)}
    return {name: note for name, note in notes.items() if note}
