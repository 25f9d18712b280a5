"""Evidence attached to a case, files first and then their rows; and history events of edits outside the cases."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, TypedDict

from models.case.case import ActingUnits
from models.complaint import event
from models.complaint.event import Event
from models.complaint.paper import Attachment
from models.complaint.scope import Viewer
from models.office.people import Posts, User, posts_by_unit, title_of
from models.store import files, prepared, tracked_rows
from models.store.base import Columns, Model, canonical, insert_rows, now
from models.store.seal import Seal
from models.store.uploads import OUTSIDE, Piece
from sop.procedure import Transition
from sop.words import spoken_title


def actor_with_title(who: Viewer, posts: Posts, units: ActingUnits = None) -> str:
    """A user as named in the history: name and the title in which he acts that day (see `case.acting_units`)."""
    return f"{who.user.name} ({spoken_title(title_of(who.user, posts, units))})"


def record_edit(
    row: Model, names: Sequence[str], *, by: Viewer, what: str = "", reason: str = "", at: datetime | None = None
) -> None:
    """Append a history event for an edit outside the cases: user, changed fields, digest of the present values.

    `what` describes the edit in words where "changed" is not enough; `reason`: why, where the form asks for it.
    """
    moment, table = at or now(), row._meta.table_name
    if row.proves():
        tracked_rows.added(type(row), row.get_id())
    values = {name: row.__data__.get(name) for name in row._meta.fields if name not in row.not_digested}
    body = {"touched": list(names), "digest": digest_of(values), **({"what": what} if what else {})}
    body |= {"reason": reason} if reason else {}
    who, version = actor_with_title(by, posts_by_unit(moment.date())), getattr(row, "version", 0)
    event.append(
        [
            {
                "at": moment,
                "user": by.user.id,
                "who": who,
                "act": "edit",
                "subject": f"{table}:{row.get_id()}",
                "version": version,
                "body": body,
            }
        ],
        {},
    )


def lets_in(person: User, *, by: Sequence[User], since: datetime) -> bool:
    """Whether one of the users `by` created the person's account since then, or a password link for it."""
    edits = (Event.subject == f"{User._meta.table_name}:{person.id}") & (Event.at > since)
    entries = list(Event.select().where(edits & Event.user.in_([each.id for each in by if each.id != person.id])))
    touched = {name for body in event.bodies(entries, {}).values() for name in body.get("touched", ())}
    return bool(touched & {str(User.username.verbose_name), str(User.password_hash.verbose_name)})


def digest_of(values: Columns) -> str:
    """SHA-256 (hex) of the values of a row or draft: proof in the history without the values themselves."""
    return sha256(canonical(values).encode()).hexdigest()


class EvidenceEntry(TypedDict, total=False):
    """A piece of evidence in a history event: its place outside the panel, or size and hash of its file."""

    name: str
    place: str
    size: int
    sha256: str


FIT = "“{}” tidak menerima berkas bukti."
ONE_CASE_ONLY = "Bukti hanya dapat ditambahkan pada satu pengaduan."
NAMELESS = "Sebutkan bukti yang disimpan di luar panel dan tempat menyimpannya."
LONG = "Nama bukti paling panjang 160 huruf, tempatnya 200 huruf."
MANY = (
    "Berkas bukti pada satu pengaduan paling banyak {most}; sudah ada {there}. "
    "Yang lain dicatat sebagai bukti di luar panel."
)


def objection(step: Transition, cases: Sequence[int], pieces: Sequence[Piece], most: int) -> str:
    """The sentence why these pieces cannot be attached, "" if they can; `most` is the limit of files per case."""
    if not pieces:
        return ""
    if not step.evidence or len(cases) > 1:
        return ONE_CASE_ONLY if step.evidence else FIT.format(step.label)
    if sentence := next(filter(None, map(_wrong, pieces)), ""):
        return sentence
    new = sum(1 for piece in pieces if piece.data)
    stored = (Attachment.complaint.in_(list(cases))) & (Attachment.path != "")
    there = Attachment.select().where(stored).count()
    return MANY.format(most=most, there=there) if new and there + new > most else ""


def _wrong(piece: Piece) -> str:
    if not piece.name or not (piece.data or piece.place):
        return NAMELESS
    fits = len(piece.name) <= Attachment.name.max_length and len(piece.place) <= Attachment.place.max_length
    return "" if fits else LONG


def add(case: int, pieces: Sequence[Piece], seal: Seal, *, act: str, by: int, at: datetime) -> list[EvidenceEntry]:
    """Store the pieces and their rows; the part of the event's body for each. Call inside the act's transaction."""
    stored = {piece: files.store_file(piece.data, seal, label(piece.sha256)) if piece.data else "" for piece in pieces}
    insert_rows(
        Attachment,
        [
            {
                "complaint": case,
                "name": piece.name,
                "kind": piece.kind,
                "size": piece.size,
                "sha256": piece.sha256,
                "path": path,
                "place": piece.place,
                "act": act,
                "added_by": by,
                "added_at": at,
            }
            for piece, path in stored.items()
        ],
    )
    return [_history_of_piece(piece) for piece in stored]


def _history_of_piece(piece: Piece) -> EvidenceEntry:
    if piece.kind == OUTSIDE:
        return {"name": piece.name, "place": piece.place}
    return {"name": piece.name, "size": piece.size, "sha256": piece.sha256}


def data_of(attachment: Attachment, seal: Seal) -> bytes:
    """The sanitised file; BrokenSeal or FileNotFoundError if it cannot be read."""
    return files.fetch(attachment.path, seal, label(attachment.sha256))


def label(sha256: str) -> str:
    """The label in the associated data of a file's encryption."""
    return f"attachment/{sha256}"


def evidence_of(cases: Sequence[int]) -> dict[int, list[Attachment]]:
    """The evidence of these cases by case id, oldest first."""
    by_case: dict[int, list[Attachment]] = {case: [] for case in cases}
    for attachment in prepared.run_fixed("evidence", _evidence, cases):
        by_case[attachment.complaint_id].append(attachment)
    return by_case


def _evidence() -> Any:
    return Attachment.select().where(prepared.is_given(Attachment.complaint)).order_by(Attachment.id)
