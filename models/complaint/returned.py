"""Files of papers that came home: what was sent in, and what was stored as a paper's signed file or scan."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

import peewee as pw

from models.complaint.paper import Paper
from models.office.people import User
from models.store import files, seal, tracked_rows
from models.store.base import Json, Model, Moment, database
from models.store.uploads import clean_name

SIGNED, SCANNED = "signed", "scanned"
COPIES = {SIGNED: "Berkas bertanda tangan elektronik", SCANNED: "Pindaian"}
WAITING, CONFIRM, HOME, REFUSED = "waiting", "confirm", "home", "refused"
STATES = {
    WAITING: "Menunggu diperiksa",
    CONFIRM: "Perlu dicocokkan",
    HOME: "Tersimpan",
    REFUSED: "Tidak diterima",
}
RETENTION = timedelta(days=7)  # how long what was sent in is listed, and what nobody could match is kept
MOST_TOGETHER = 10  # files that are judged at once
LONGEST_SENTENCE = 1_000
_LONGEST = 120
_LABEL, _PAGE = "returned", "returned-page"  # in the associated data of encryption


class PaperCopy(Model):
    """A file of a paper that came home, sealed under its case: the print with electronic signatures, or a scan.

    The print stays beside it. `signatures` counts those that held when it came; `about` says more of them, sealed.
    """

    append_only = True
    in_digest = False
    proof = "Berkas dokumen yang kembali"

    kinds = tuple(COPIES.items())
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="copies")
    kind = pw.CharField(verbose_name="Jenis", max_length=10, choices=kinds)
    sha256 = pw.CharField(max_length=64, index=True)
    path = pw.CharField(max_length=200)
    size = pw.IntegerField()
    pages = pw.IntegerField()
    signatures = pw.IntegerField()
    about = pw.BlobField()
    by = pw.ForeignKeyField(User, verbose_name="Dikirim oleh", on_delete="RESTRICT", index=False)
    at = Moment(verbose_name="Kembali pada")

    def __str__(self) -> str:
        return f"{COPIES[self.kind]} {self.paper}"


class ReturnedFile(Model):
    """A file as it was sent in: by whom, and what became of it. It is sealed under a key of its own, and deleted once
    it is stored as a `PaperCopy`, refused, or expired."""

    proof = ""  # what is accepted is in the history of its case
    in_digest = False
    survives_restore = False  # who sent it has it still

    public_id = pw.CharField(max_length=32, unique=True)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment(index=True)
    name = pw.CharField(max_length=_LONGEST)
    size = pw.IntegerField()
    path = pw.CharField(max_length=200)  # "" once deleted
    wrapped = pw.BlobField(null=True)
    state = pw.CharField(max_length=10, choices=tuple(STATES.items()), default=WAITING)
    sentence = pw.CharField(max_length=LONGEST_SENTENCE, default="")
    is_scan = pw.BooleanField(default=False)  # its pages were to be confirmed
    paper = pw.ForeignKeyField(Paper, null=True, on_delete="RESTRICT", index=False)
    copy = pw.ForeignKeyField(PaperCopy, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        indexes = ((("by", "at"), False), (("state", "id"), False))

    def __str__(self) -> str:
        return f"berkas masuk {self.public_id}"

    @property
    def state_label(self) -> str:
        return STATES[self.state]

    @property
    def until(self) -> datetime:
        came: datetime = self.at
        return came + RETENTION

    def opened(self) -> bytes:
        """Its decrypted bytes; FileNotFoundError if it was deleted, BrokenSeal if it was changed."""
        if not self.path:
            raise FileNotFoundError(self.public_id)
        return files.fetch(self.path, self.key, _LABEL)

    @property
    def key(self) -> seal.Seal:
        return seal.ring().open_case(self.public_id, self.wrapped)

    def settle(self, state: str, sentence: str, *, paper: Paper | None = None, copy: PaperCopy | None = None) -> None:
        """Say what became of the file. Its bytes are deleted: of a scan that must be confirmed there are its pages."""
        self.state, self.sentence, self.paper, self.copy = state, sentence[:LONGEST_SENTENCE], paper, copy
        with database.atomic():  # so that files are deleted once no row names them
            _delete_bytes(self)
            if state != CONFIRM:
                delete_pages(pages_of(self))
                self.wrapped = None
            self.save()


class ReturnedPage(Model):
    """A page of a scanned file that waits to be confirmed, as a picture sealed under the file's key: the paper whose
    code it bears, or else those that it may belong to."""

    proof = ""
    in_digest = False
    survives_restore = False

    file = pw.ForeignKeyField(ReturnedFile, on_delete="CASCADE", backref="scanned")
    place = pw.IntegerField()
    paper = pw.ForeignKeyField(Paper, null=True, on_delete="RESTRICT", index=False)
    candidates = Json()
    remark = pw.CharField(max_length=200)
    path = pw.CharField(max_length=200)  # "" if it could not be drawn

    def __str__(self) -> str:
        return f"halaman {self.place} dari {self.file}"

    def picture(self) -> bytes:
        """The page as a JPEG; FileNotFoundError if there is none, BrokenSeal if it was changed."""
        if not self.path:
            raise FileNotFoundError(str(self))
        return files.fetch(self.path, self.file.key, _PAGE)


def store_page(file: ReturnedFile, jpeg: bytes, *, place: int, remark: str) -> None:
    """Store a scanned page until it is confirmed; `jpeg` is b"" if it could not be drawn."""
    path = files.store_file(jpeg, file.key, _PAGE) if jpeg else ""
    ReturnedPage.create(file=file, place=place, candidates=[], remark=remark[:200], path=path)


def match_pages(
    file: ReturnedFile,
    places: Sequence[int],
    *,
    paper: int | None = None,
    candidates: Sequence[int] = (),
    remark: str = "",
) -> None:
    """Say to which paper these pages belong, or to which they may; `remark` replaces theirs if it is given."""
    told = {"paper": paper, "candidates": list(candidates), **({"remark": remark} if remark else {})}
    pages = (ReturnedPage.file == file) & ReturnedPage.place.in_(list(places))
    ReturnedPage.update(**told).where(pages).execute()


def pages_of(file: ReturnedFile) -> list[ReturnedPage]:
    """The pages that wait to be confirmed, in the order in which they were scanned."""
    return list(ReturnedPage.select().where(ReturnedPage.file == file).order_by(ReturnedPage.place))


def delete_pages(pages: Iterable[ReturnedPage]) -> int:
    """Delete pages with their pictures; how many there still were."""
    count = 0
    with database.atomic():
        for page in pages:
            if path := page.path:
                database.after_commit(partial(files.delete, path))
            count += page.delete_instance()
    return count


def store_returned(name: str, data: bytes, *, by: User, at: datetime) -> ReturnedFile:
    """Store a file that was sent in, to be judged by and by. Personal numbers are removed from its name."""
    public_id = secrets.token_urlsafe(12)
    wrapped, key = seal.ring().new_case_key(public_id)
    row: ReturnedFile = ReturnedFile.create(
        public_id=public_id,
        by=by,
        at=at,
        name=_clean(name),
        size=len(data),
        path=files.store_file(data, key, _LABEL),
        wrapped=wrapped,
    )
    return row


def _clean(name: str) -> str:
    """The name to list: without path and personal numbers, with its extension if it is a plain one."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return clean_name(name, f".{ending[:5]}" if ending.isalnum() else "")[:_LONGEST]


def refuse_returned(name: str, sentence: str, *, size: int, by: User, at: datetime) -> ReturnedFile:
    """List a file that was sent in and not stored, with the sentence why."""
    row: ReturnedFile = ReturnedFile.create(
        public_id=secrets.token_urlsafe(12),
        by=by,
        at=at,
        name=_clean(name),
        size=size,
        path="",
        state=REFUSED,
        sentence=sentence,
    )
    return row


def waiting_files(*, most_bytes: int) -> list[ReturnedFile]:
    """The oldest files that wait to be judged: at least one, and as many as have so many bytes together."""
    oldest = ReturnedFile.select().where(ReturnedFile.state == WAITING).order_by(ReturnedFile.id)
    waiting: list[ReturnedFile] = list(oldest.limit(MOST_TOGETHER))
    sizes = accumulate(file.size for file in waiting)
    return [file for n, (file, size) in enumerate(zip(waiting, sizes, strict=True)) if not n or size <= most_bytes]


def returned_files(by: User, at: datetime) -> Any:
    """A query for what the user sent in and is still listed: what he must confirm first, then latest first."""
    mine = (ReturnedFile.by == by) & (ReturnedFile.at > at - RETENTION)
    to_confirm = pw.Case(None, [(ReturnedFile.state == CONFIRM, 0)], 1)
    return ReturnedFile.select().where(mine).order_by(to_confirm, ReturnedFile.at.desc(), ReturnedFile.id.desc())


def delete_expired_returns(at: datetime) -> int:
    """Delete what was sent in RETENTION ago, files and rows; how many."""
    expired = list(ReturnedFile.select().where(ReturnedFile.at <= at - RETENTION))
    for row in expired:
        with database.atomic():
            _delete_bytes(row)
            delete_pages(pages_of(row))
            row.delete_instance()
    return len(expired)


def _delete_bytes(row: ReturnedFile) -> None:
    if row.path:
        database.after_commit(partial(files.delete, row.path))
    row.path = ""


def keep_copy(
    paper: Paper,
    data: bytes,
    case: seal.Seal,
    *,
    kind: str,
    pages: int,
    signatures: Sequence[Mapping[str, str]],
    by: User,
    at: datetime,
) -> PaperCopy:
    """Store a file of a paper beside its print. `signatures` are those that held, as JSON can say them.

    Call inside the transaction, before the event.
    """
    digest = hashlib.sha256(data).hexdigest()
    copy: PaperCopy = PaperCopy.create(
        paper=paper,
        kind=kind,
        sha256=digest,
        path=files.store_file(data, case, _copy_label(digest)),
        size=len(data),
        pages=pages,
        signatures=len(signatures),
        about=case.close_text(_copy_label(digest), json.dumps(list(signatures))),
        by=by,
        at=at,
    )
    tracked_rows.added(PaperCopy, copy.id)
    return copy


def copy_bytes(copy: PaperCopy, case: seal.Seal) -> bytes:
    """The file as it came; BrokenSeal or FileNotFoundError if it cannot be read."""
    return files.fetch(copy.path, case, _copy_label(copy.sha256))


def signatures_in(copy: PaperCopy, case: seal.Seal) -> list[dict[str, str]]:
    """The signatures that held when the file came; none if the key of the case is gone."""
    signatures: list[dict[str, str]] = (
        [] if case.is_gone else json.loads(case.open_text(_copy_label(copy.sha256), copy.about))
    )
    return signatures


def returned_copies_of(papers: Iterable[int]) -> dict[int, list[PaperCopy]]:
    """The files of these papers that came home, by paper id: the one to use first of each kind, which has the most
    signatures and of those came last."""
    by_paper: dict[int, list[PaperCopy]] = {}
    ordered = PaperCopy.select().where(PaperCopy.paper.in_(list(papers)))
    for copy in ordered.order_by(PaperCopy.signatures.desc(), PaperCopy.id.desc()):
        by_paper.setdefault(copy.paper_id, []).append(copy)
    return by_paper


def _copy_label(digest: str) -> str:
    """The label in the associated data of a file's encryption."""
    return f"copy/{digest}"
