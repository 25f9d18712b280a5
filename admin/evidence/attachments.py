"""Evidence on the screen: what a case has, and each file handed out as a download that no browser opens by itself."""

import io
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, send_file, url_for

from admin.door.aside import Aside
from admin.door.cost import READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.ids import valid_id
from admin.door.joins import signed_in
from admin.door.routes import expose
from models.case import access_notes, attachments
from models.case.case import load
from models.complaint.event import open_seals
from models.complaint.paper import Attachment
from models.complaint.scope import visible
from models.office.people import User
from models.store import files
from models.store.backups import holding
from models.store.base import now
from models.store.pictures import JPEG, PDF, in_small
from models.store.seal import BrokenSeal, KeyGone
from sop import flow
from sop.words import format_moment, format_size

LOST = "Berkas ini hilang atau rusak di penyimpanan. Hubungi pengelola sistem."
SHUT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of a case's evidence: a file with its address and size, or where it is kept outside the panel."""

    name: str
    url: str
    small: str  # the address of the picture in small; "" where it is none
    size: str
    place: str
    added: str
    gone: str = ""  # what to do about a file that does not lie where it was kept


class LampiranView(Aside):
    """/lampiran/<number>: for whoever may read the case; evidence is part of the matter, and each opening is noted."""

    cost = READS

    @expose("/<row:number>")
    def file(self, number: str) -> Response:
        piece, data = _opened(number, "lampiran")
        return as_download(data, piece.kind, piece.name)

    @expose("/<row:number>/kecil")
    def small(self, number: str) -> Response:
        """A picture in small, for the page that lists it."""
        piece, data = _opened(number, "lampiran kecil")
        if piece.kind == PDF:
            abort(404)
        try:
            answer = send_file(io.BytesIO(in_small(data, piece.kind)), mimetype=JPEG, etag=False)
        except OSError:
            abort(404)  # its name and its download stand on the page all the same
        answer.headers.update(SHUT)
        return answer


def _opened(number: str, what: str) -> tuple[Attachment, bytes]:
    """A piece that the person may read, its opening noted as `what`, and its bytes."""
    piece = visible(signed_in(), Attachment).where(Attachment.id == valid_id(number)).get_or_none()
    case = piece and load([piece.complaint_id], signed_in(), now()).get(piece.complaint_id)
    if not case or not piece.path:
        abort(404)
    access_notes.note(case, f"{what} {piece.id}")  # first the entry, then the bytes
    try:
        return piece, attachments.data_of(piece, open_seals([piece.complaint_id])[piece.complaint_id])
    except KeyGone as gone:
        abort(409, str(gone))
    except (FileNotFoundError, BrokenSeal):
        abort(409, LOST)


def as_download(data: bytes, kind: str, name: str) -> Response:
    """A file that came from outside: saved, never shown by the panel's address, never taken for something else."""
    answer = send_file(io.BytesIO(data), mimetype=kind, as_attachment=True, download_name=name, etag=False)
    answer.headers.update(SHUT)
    return answer


def evidence_of(complaint: int) -> list[EvidenceLine]:
    """The evidence of a case in words: what, how large or where kept, who added it, when, with which act."""
    rows = Attachment.select(Attachment, User).join(User).where(Attachment.complaint == complaint)
    return [_evidence_line(piece) for piece in rows.order_by(Attachment.id)]


def _evidence_line(piece: Attachment) -> EvidenceLine:
    act = [flow.KNOWN[piece.act].label] if piece.act in flow.KNOWN else []
    lies = bool(piece.path) and files.is_there(piece.path)
    return EvidenceLine(
        piece.name,
        url_for("lampiran.file", number=piece.id) if lies else "",
        url_for("lampiran.small", number=piece.id) if lies and piece.kind != PDF else "",
        format_size(piece.size) if piece.path else "",
        piece.place,
        " · ".join([*act, piece.added_by.name, format_moment(piece.added_at)]),
        gone_words(piece.path, piece.added_at) if piece.path and not lies else "",
    )


def gone_words(path: str, since: datetime) -> str:
    """What the page says of a kept file that is gone: its hash, and the backup from which it can be brought back."""
    held = holding(path, since)
    where = f"Ada dalam cadangan {held}" if held else "Tidak ada dalam cadangan mana pun"
    return f"{where}; SHA-256 {path[-64:]}. Sampaikan kepada pengelola sistem."


def views() -> list[FlaskAdminPage]:
    return [LampiranView(name="Lampiran", endpoint="lampiran", url="/lampiran")]
