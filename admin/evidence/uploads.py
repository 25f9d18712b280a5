"""Evidence in a form: files, and what is kept outside the panel; what is refused is told, and asked for once more."""

from typing import Any

from flask import current_app, request
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import MultipleFileField, StringField
from wtforms.validators import Length, Optional

from admin.kit.fields import clean_line
from models.complaint.paper import Attachment
from models.office.settings import values
from models.store.pictures import ACCEPTED, TITLES
from models.store.uploads import MEGABYTE, Offer, Piece, examine, most_bytes, outside

FILES, WHAT, PLACE = "evidence_files", "outside_what", "outside_place"
FIELDS = (FILES, WHAT, PLACE)
HELP = "{titles}; satu berkas paling besar {size} MB, sekali kirim seluruhnya {together} MB."
AGAIN = "Pilih berkasnya sekali lagi: berkas baru tersimpan bersama langkah yang berhasil."
MANY = "Paling banyak {most} berkas pada satu pengaduan."
BOTH = "Isi keduanya: bukti apa, dan di mana disimpan."


def upload_fields() -> dict[str, Any]:
    """The inputs, to be added to a form class."""
    return {
        FILES: MultipleFileField("Berkas bukti", render_kw={"accept": ",".join(ACCEPTED)}),
        WHAT: _text("Bukti apa", Attachment.name, "Misalnya rekaman CCTV atau barang."),
        PLACE: _text("Disimpan di mana", Attachment.place, "Misalnya lemari arsip bidang, rak 2."),
    }


def _text(label: str, column: Any, help: str) -> StringField:
    return StringField(label, [Optional(), Length(max=column.max_length)], filters=[clean_line], description=help)


def takes_files(form: Any) -> bool:
    return form is not None and FILES in form


def describe_uploads(form: Any) -> None:
    """Say at the input which files may come, by the office's settings."""
    together = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    form[FILES].description = HELP.format(titles=TITLES, size=values()["evidence.size"], together=together)


def posted_fields() -> Any:
    """What was posted, fields and files."""
    return CombinedMultiDict([request.files, request.form])


def posted_pieces(form: Any) -> list[Piece] | None:
    """The evidence that came with a form, made harmless; None where a piece was refused: the fields say why."""
    if not takes_files(form):
        return []
    pieces, wrong = _examined_files(_chosen_files(form))
    elsewhere = outside(form[WHAT].data or "", form[PLACE].data or "")
    half = bool(elsewhere.name) != bool(elsewhere.place)
    _complain(form[FILES], wrong)
    _complain(form[PLACE if elsewhere.name else WHAT], [BOTH] * half)
    return None if wrong or half else [*pieces, *([elsewhere] if elsewhere.name else [])]


def _examined_files(chosen: list[FileStorage]) -> tuple[list[Piece], list[str]]:
    settings = values()
    if len(chosen) > settings["evidence.count"]:
        return [], [MANY.format(most=settings["evidence.count"])]
    most = most_bytes(settings)
    offers = (Offer(file.filename or "", file.stream.read(most + 1)) for file in chosen)
    return examine(offers, most=most)


def remind_of_files(form: Any) -> None:
    """A page that comes back cannot keep chosen files: say so where some were."""
    if takes_files(form) and _chosen_files(form):
        _complain(form[FILES], [AGAIN])


def carry_evidence(sent: Any, form: Any) -> None:
    """What another form said of evidence stands on this one too; files that were chosen there are asked for again."""
    if takes_files(sent) and takes_files(form):
        for name in (WHAT, PLACE):
            form[name].data = request.form.get(name, "")
        _complain(form[FILES], [AGAIN] if _chosen_files(sent) else [])


def _chosen_files(form: Any) -> list[FileStorage]:
    """The files that were chosen; a browser sends an empty one where none was."""
    return [one for one in form[FILES].data or () if isinstance(one, FileStorage) and one.filename]


def _complain(field: Any, sentences: list[str]) -> None:
    field.errors = [*field.errors, *sentences]
