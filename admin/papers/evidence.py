"""Evidence: upload fields, the list on a page, downloads and thumbnails."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, request, send_file, url_for
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import MultipleFileField, StringField
from wtforms.validators import Length, Optional

from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import READS, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.inputs import clean_line
from models.case import access_notes, attachments
from models.case.case import load
from models.complaint.event import open_seals
from models.complaint.paper import Attachment
from models.complaint.scope import visible
from models.office.people import users_with_units
from models.office.settings import values
from models.store import files
from models.store.backups import backup_with
from models.store.base import now
from models.store.seal import BrokenSeal, KeyGone
from models.store.upload_kinds import ACCEPTED, JPEG, PDF, TITLES
from models.store.uploads import MEGABYTE, Offer, Piece, examine, most_bytes, outside
from sop.vocabulary import vocabulary
from sop.words import format_moment, format_size

FILES, WHAT, PLACE = "evidence_files", "outside_what", "outside_place"
FIELDS = (FILES, WHAT, PLACE)
HELP = "{titles}; satu berkas paling besar {size} MB, sekali kirim seluruhnya {together} MB."
AGAIN = "Pilih berkasnya sekali lagi: berkas baru tersimpan bersama langkah yang berhasil."
MANY = "Paling banyak {most} berkas pada satu pengaduan."
BOTH = "Isi keduanya: bukti apa, dan di mana disimpan."


def upload_fields() -> dict[str, Any]:
    """The fields to add to a form class."""
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
    """Set the help text with the accepted files, by the office's settings."""
    together = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    form[FILES].description = HELP.format(titles=TITLES, size=values()["evidence.size"], together=together)


def posted_fields() -> Any:
    """The submitted fields and files."""
    return CombinedMultiDict([request.files, request.form])


def posted_pieces(form: Any) -> list[Piece] | None:
    """The submitted evidence, sanitised; None if a piece was refused, with errors on the fields."""
    if not takes_files(form):
        return []
    settings, chosen = values(), _chosen_files(form)
    if len(chosen) > settings["evidence.count"]:
        pieces, wrong = list[Piece](), [MANY.format(most=settings["evidence.count"])]
    else:
        most = most_bytes(settings)
        offers = (Offer(file.filename or "", file.stream.read(most + 1)) for file in chosen)
        pieces, wrong = examine(offers, most=most)
    elsewhere = outside(form[WHAT].data or "", form[PLACE].data or "")
    is_half = bool(elsewhere.name) != bool(elsewhere.place)
    _add_errors(form[FILES], wrong)
    _add_errors(form[PLACE if elsewhere.name else WHAT], [BOTH] * is_half)
    return None if wrong or is_half else [*pieces, *([elsewhere] if elsewhere.name else [])]


def ask_for_files_again(form: Any) -> None:
    """Ask to choose the files again: a page that is shown again cannot preset them."""
    if takes_files(form) and _chosen_files(form):
        _add_errors(form[FILES], [AGAIN])


def copy_evidence_fields(sent: Any, form: Any) -> None:
    """Copy the evidence fields of another form; its files must be chosen again."""
    if takes_files(sent) and takes_files(form):
        for name in (WHAT, PLACE):
            form[name].data = request.form.get(name, "")
        _add_errors(form[FILES], [AGAIN] if _chosen_files(sent) else [])


def _chosen_files(form: Any) -> list[FileStorage]:
    """The chosen files, without the empty one that browsers send if there is none."""
    return [one for one in form[FILES].data or () if isinstance(one, FileStorage) and one.filename]


def _add_errors(field: Any, sentences: list[str]) -> None:
    field.errors = [*field.errors, *sentences]


LOST = "Berkas ini hilang atau rusak di penyimpanan. Hubungi pengelola sistem."
SANDBOXED = {  # an uploaded file is never rendered on the panel's origin nor sniffed
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence: a file with address and size, or its place outside the panel."""

    name: str
    url: str
    small: str  # the address of the thumbnail, "" if there is none
    size: str
    place: str
    added: str
    gone: str = ""  # what to do if the stored file is missing


class LampiranView(PageView):
    """/lampiran/<number>, for users who may read the case; each access is logged."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<row:number>")
    def file(self, number: str) -> Response:
        piece, data = _opened(number, "lampiran")
        answer = send_file(
            io.BytesIO(data), mimetype=piece.kind, as_attachment=True, download_name=piece.name, etag=False
        )
        answer.headers.update(SANDBOXED)
        return answer

    @expose("/<row:number>/kecil")
    def small(self, number: str) -> Response:
        """A thumbnail."""
        from models.store.pictures import thumbnail_jpeg  # imported here because it brings Pillow

        piece, data = _opened(number, "lampiran kecil")
        if piece.kind == PDF:
            abort(404)
        try:
            answer = send_file(io.BytesIO(thumbnail_jpeg(data, piece.kind)), mimetype=JPEG, etag=False)
        except OSError:
            abort(404)  # the page still has its name and download
        answer.headers.update(SANDBOXED)
        return answer


def _opened(number: str, what: str) -> tuple[Attachment, bytes]:
    """A piece that the user may read, and its bytes; the access is logged as `what`."""
    piece = visible(signed_in(), Attachment).where(Attachment.id == valid_id(number)).get_or_none()
    case = piece and load([piece.complaint_id], signed_in(), now()).get(piece.complaint_id)
    if not case or not piece.path:
        abort(404)
    access_notes.note(case, f"{what} {piece.id}")  # log before reading
    try:
        return piece, attachments.data_of(piece, open_seals([piece.complaint_id])[piece.complaint_id])
    except KeyGone as gone:
        abort(409, str(gone))
    except (FileNotFoundError, BrokenSeal):
        abort(409, LOST)


def evidence_lines(pieces: Sequence[Attachment]) -> list[EvidenceLine]:
    """Evidence for display: name, size or place, author, time and act."""
    users = users_with_units(piece.added_by_id for piece in pieces)
    return [_evidence_line(piece, users[piece.added_by_id].name) for piece in pieces]


def _evidence_line(piece: Attachment, author: str) -> EvidenceLine:
    act = [vocabulary().acts[piece.act].label] if piece.act in vocabulary().acts else []
    is_stored = bool(piece.path) and files.is_there(piece.path)
    return EvidenceLine(
        piece.name,
        url_for("lampiran.file", number=piece.id) if is_stored else "",
        url_for("lampiran.small", number=piece.id) if is_stored and piece.kind != PDF else "",
        format_size(piece.size) if piece.path else "",
        piece.place,
        " · ".join([*act, author, format_moment(piece.added_at)]),
        missing_file_sentence(piece.path, piece.added_at) if piece.path and not is_stored else "",
    )


def missing_file_sentence(path: str, since: datetime) -> str:
    """The sentence about a missing file: its hash, and the backup that contains it."""
    backup = backup_with(path, since)
    where = f"Ada dalam cadangan {backup}" if backup else "Tidak ada dalam cadangan mana pun"
    return f"{where}; SHA-256 {path[-64:]}. Sampaikan kepada pengelola sistem."


def views() -> list[PageView]:
    return [LampiranView(name="Lampiran", endpoint="lampiran", url="/lampiran")]
