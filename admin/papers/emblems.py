"""The emblem as a picture, and warnings of letters that papers will print otherwise."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, request
from wtforms import Field, HiddenField, StringField, TextAreaField

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from models.office import wording
from models.records.amending import LABELS
from models.store.upload_kinds import JPEG
from papers.layout.letters import loses_letters, print_note
from sop.words import in_a_sentence


class EmblemView(PageView):
    """Not in the menu; whoever may sign in sees it on letterheads anyway."""

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


TOLD = "huruf"  # what a page says that it has told


@dataclass(frozen=True)
class PrintedOtherwise:
    """A blank of which papers will say something otherwise."""

    id: str
    label: str
    note: str
    is_held: bool

    @property
    def mark(self) -> str:
        """By what the page that tells of it says so."""
        return f"{self.id} {self.note}"

    @property
    def words(self) -> str:
        """The note behind the blank's name."""
        return in_a_sentence(self.note)


def tell_at_blanks(form: Any, names: Container[str] | None = None) -> None:
    """What papers will say otherwise of a form's blanks, or of those of these names, is known to it and to each; names
    and other lines come first."""
    asked = (field for field in form if names is None or field.short_name in names)
    form.otherwise = list(_printed_otherwise(sorted(asked, key=lambda field: isinstance(field, TextAreaField))))


def _printed_otherwise(fields: Iterable[Field]) -> Iterator[PrintedOtherwise]:
    for field in fields:
        typed = field.data if isinstance(field, StringField) and not isinstance(field, HiddenField) else ""
        note = print_note(typed) if isinstance(typed, str) else ""  # one sent as a file is refused as such
        if note:
            is_line = not isinstance(field, TextAreaField)
            field.print_note = note
            yield PrintedOtherwise(field.id, _label(field), note, is_line or loses_letters(typed))


def _label(field: Field) -> str:
    """Of a person's blank also whose it is."""
    return LABELS.get(field.id.replace("-", "."), field.label.text) if "-" in field.id else str(field.label.text)


def is_held(form: Any) -> bool:
    """Whether the page is to tell first of what papers would lose."""
    return any(one.is_held for one in _untold(form))


def flash_otherwise(form: Any) -> None:
    """Say on the next page what no page has told."""
    if untold := _untold(form):
        tone = "warning" if any(one.is_held for one in untold) else "info"
        flash(" ".join(f"{one.label} – {one.words}" for one in untold), tone)


def _untold(form: Any) -> list[PrintedOtherwise]:
    told = set(request.form.getlist(TOLD))
    return [one for one in getattr(form, "otherwise", ()) if one.mark not in told]


def notes_while_typing(is_printed: Callable[[str], bool]) -> dict[str, str]:
    """Of each text that was sent what papers will say otherwise, by the name of its blank."""
    notes = {name: print_note(text) for name, text in request.form.items() if is_printed(name)}
    return {name: note for name, note in notes.items() if note}
