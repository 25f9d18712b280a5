"""Formal papers, frozen with number and SHA-256, their prints and marks; and the rows of evidence."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.contacts import mask_typed
from models.office.people import User
from models.store import seal
from models.store.base import Columns, CurrentChoices, Model, Moment, among, canonical_words, insert_rows
from sop.vocabulary import vocabulary

WHOLE = ""  # the role of a paper that names none: one hand, whosever it is


NamedHand = tuple[str, int | None]  # by which word somebody signs a paper, and his account if he has one
Content = dict[str, Any]  # what a paper says, as it lies frozen: whatever the format says that it bears


def signed_by_hand() -> list[str]:
    """The kinds of paper that wait for a hand."""
    return [key for key, paper in vocabulary().papers.items() if not paper.side]


class Paper(Model):
    """An issued paper. The row never changes; `sha256` is of the sealed content as stored."""

    append_only = True
    not_digested = ("public_id", "sha256")
    proof = "Dokumen"
    unproven = ("content",)  # `sha256` speaks for it
    sealed_columns = ("content",)

    public_id = pw.CharField(max_length=32, unique=True)
    complaint = pw.ForeignKeyField(Complaint, verbose_name="Pengaduan", on_delete="RESTRICT", backref="papers")
    kinds = CurrentChoices(lambda: [(key, paper.title) for key, paper in vocabulary().papers.items()])
    kind = pw.CharField(verbose_name="Jenis", max_length=40, choices=kinds, index=True)
    number = pw.CharField(verbose_name="Nomor", max_length=80)
    round = pw.IntegerField(verbose_name="Putaran")
    issued_at = Moment(verbose_name="Terbit pada", index=True)
    issued_by = pw.ForeignKeyField(User, verbose_name="Diterbitkan oleh", on_delete="RESTRICT")
    content = pw.BlobField()
    sha256 = pw.CharField(max_length=64)

    class Meta:
        indexes = ((("complaint", "kind", "round"), False),)  # which of several says the same thing last

    def __str__(self) -> str:
        return f"{vocabulary().papers[self.kind].title} {self.number}"


class Print(Model):
    """The one print of a paper: its PDF's SHA-256 and where the sealed file lies. The key lets one printer win."""

    append_only = True
    kept_by_digest = False
    proof = "Cetakan dokumen"
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="prints")
    sha256 = pw.CharField(max_length=64)
    path = pw.CharField(max_length=200)
    size = pw.IntegerField()
    pages = pw.IntegerField()
    printed_at = Moment()


class PrintFailure(Model):
    """Why a paper could not be printed ("gagal dicetak"); the latest counts."""

    append_only = True
    kept_by_digest = False
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="failures")
    reason = pw.CharField(max_length=300)
    at = Moment()


class PaperVoid(Model):
    """A paper that no longer counts (its step was recalled), with the reason."""

    append_only = True
    proof = "Dokumen batal"
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="voids")
    reason = pw.CharField(max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class PaperHand(Model):
    """One of those who sign a paper, in their order, as frozen on it; papers of before have none, and one hand."""

    append_only = True
    proof = "Penanda tangan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="hands")
    place = pw.IntegerField()
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)  # no account: a visitor

    class Meta:
        indexes = ((("paper", "role"), True),)


class PaperSigned(Model):
    """A paper that was signed: as what, by whom, on which day. The latest row of a role counts; without a day it takes
    the mark back. Without a role it is the whole paper's, as all were before signers were a list."""

    append_only = True
    proof = "Tanda tangan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="signings")
    role = pw.CharField(verbose_name="Selaku", max_length=40, null=True)
    signer = pw.CharField(verbose_name="Ditandatangani oleh", max_length=160, default="")
    signed_on = pw.DateField(verbose_name="Tanggal tanda tangan", null=True)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class PaperFiled(Model):
    """Where the paper itself is filed; the latest row counts."""

    append_only = True
    proof = "Penyimpanan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="filings")
    place = pw.CharField(verbose_name="Disimpan di", max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class PaperToPrint(Model):
    """A paper that waits for the press: a row from its issue until it is printed, or could not be."""

    kept_by_digest = False
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="to_print")


class PaperToReprint(Model):
    """A paper that could not be printed: a row from its failure until it is printed, and when the press tries anew.
    Why it failed, the latest `PrintFailure` says."""

    kept_by_digest = False
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="to_reprint")
    tries = pw.IntegerField()  # of the press since it began, or was asked to
    again_at = Moment(index=True)


class PaperToSign(Model):
    """A hand that a paper may wait for, `WHOLE` where it names none, and whose it is. Which of these do wait,
    `is_unsigned` says."""

    kept_by_digest = False
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="to_sign")
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)

    class Meta:
        primary_key = pw.CompositeKey("paper", "role")
        indexes = ((("role", "paper"), False), (("person", "paper"), False))


def latest(model: type[Model], *columns: pw.Field) -> Any:
    """The latest mark on each paper, as a subquery beside `Paper`."""
    return model.select(*columns).where(model.paper == Paper.id).order_by(model.id.desc()).limit(1)


def _is_signed_as(role: Any) -> pw.Expression:
    """Condition: whoever signs as that has, and the mark was not taken back."""
    later, mine = PaperSigned.alias(), pw.fn.COALESCE(PaperSigned.role, WHOLE)
    same = (later.paper == PaperSigned.paper) & (pw.fn.COALESCE(later.role, WHOLE) == mine)
    after = later.select(pw.SQL("1")).where(same & (later.id > PaperSigned.id))
    last = PaperSigned.signed_on.is_null(False) & ~pw.fn.EXISTS(after)
    return pw.fn.EXISTS(PaperSigned.select(pw.SQL("1")).where((PaperSigned.paper == Paper.id) & (mine == role) & last))


def is_signed() -> pw.Expression:
    """Condition: each that signs it has."""
    hands = PaperHand.select(pw.SQL("1")).where(PaperHand.paper == Paper.id)
    lacking = hands.where(~_is_signed_as(PaperHand.role))
    named = pw.fn.EXISTS(hands)
    return (named & ~pw.fn.EXISTS(lacking)) | (~named & _is_signed_as(WHOLE))


def is_unsigned(by: pw.Expression | None = None) -> pw.Expression:
    """Condition: in force and waiting for somebody's hand, or for one of those of `hand_of` or `hands_of_people`;
    what goes along with another paper waits for nobody."""
    waiting = PaperToSign.select(PaperToSign.paper)
    if by is not None:
        waiting = waiting.where(by)
    lacking = waiting.where((PaperToSign.paper == Paper.id) & ~_is_signed_as(PaperToSign.role))
    return Paper.id.in_(waiting) & pw.fn.EXISTS(lacking) & _is_in_force()


def hand_of(role: str) -> pw.Expression:
    """Condition on `PaperToSign`: who signs as that."""
    return PaperToSign.role == role


def hands_of_people(people: Iterable[User]) -> pw.Expression:
    """Condition on `PaperToSign`: the hand of one of these, as the paper names him."""
    return PaperToSign.person.in_([one.id for one in people])


def _is_in_force() -> pw.Expression:
    void = pw.fn.EXISTS(PaperVoid.select(pw.SQL("1")).where(PaperVoid.paper == Paper.id))
    return ~void & ~is_superseded()


def queue_for_hands(complaints: Iterable[int]) -> None:
    """Let exactly those papers of these cases wait for a signature that lack it, each hand a row.

    Call inside the transaction that issued, voided, signed or unsigned one of them.
    """
    of_cases = among(Paper.complaint, complaints)
    PaperToSign.delete().where(PaperToSign.paper.in_(Paper.select(Paper.id).where(of_cases))).execute()
    role = pw.fn.COALESCE(PaperHand.role, WHOLE)
    hands = Paper.select(Paper.id, role, PaperHand.person).join(PaperHand, pw.JOIN.LEFT_OUTER)
    lacking = hands.where(of_cases & Paper.kind.in_(signed_by_hand()) & _is_in_force() & ~_is_signed_as(role))
    PaperToSign.insert_from(lacking, [PaperToSign.paper, PaperToSign.role, PaperToSign.person]).execute()


def roles_on(papers: Sequence[Paper]) -> dict[int, tuple[str, ...]]:
    """As what each of these papers is signed, in order; `WHOLE` where it names nobody, nothing where nobody signs."""
    rows = PaperHand.select(PaperHand.paper, PaperHand.role).where(PaperHand.paper.in_([p.id for p in papers]))
    roles: dict[int, tuple[str, ...]] = {}
    for paper, role in rows.order_by(PaperHand.paper, PaperHand.place).tuples():
        roles[paper] = (*roles.get(paper, ()), role)
    return {p.id: roles.get(p.id, (WHOLE,)) if p.kind in signed_by_hand() else () for p in papers}


def issue(rows: Sequence[Columns], hands: Sequence[Sequence[NamedHand]]) -> None:
    """Keep new papers, each with the hands that sign it, and let them wait for the press and for these.

    Call inside the transaction.
    """
    if rows:
        last = Paper.select(pw.fn.COALESCE(pw.fn.MAX(Paper.id), 0)).scalar()
        insert_rows(Paper, rows)
        PaperToPrint.insert_from(Paper.select(Paper.id).where(Paper.id > last), [PaperToPrint.paper]).execute()
        _write_hands(last, rows, hands)
        queue_for_hands([row["complaint"] for row in rows])


def _write_hands(last: int, rows: Sequence[Columns], hands: Sequence[Sequence[NamedHand]]) -> None:
    ids = dict(Paper.select(Paper.public_id, Paper.id).where(Paper.id > last).tuples())
    written = [
        {"paper": ids[row["public_id"]], "place": place, "role": role, "person": person}
        for row, named in zip(rows, hands, strict=True)
        if row["kind"] in signed_by_hand()
        for place, (role, person) in enumerate(named, 1)
    ]
    if written:
        insert_rows(PaperHand, written)


def leave_press(paper: int) -> None:
    """The press is done with the paper: it is printed, or never can be."""
    for waiting in (PaperToPrint, PaperToReprint):
        waiting.delete().where(waiting.paper == paper).execute()


def is_superseded() -> pw.Expression:
    """Condition: a later paper of the same kind in the same round says it anew, and counts."""
    later = Paper.alias()
    same = (later.complaint == Paper.complaint) & (later.kind == Paper.kind) & (later.round == Paper.round)
    void = pw.fn.EXISTS(PaperVoid.select(pw.SQL("1")).where(PaperVoid.paper == later.id))
    return pw.fn.EXISTS(later.select(pw.SQL("1")).where(same & (later.id > Paper.id) & ~void))


def frozen(content: Content, case: seal.Seal, row: Columns) -> Columns:
    """A paper's row ready to insert: content sealed under its case, hashed as stored; `row` has the other columns."""
    public_id = secrets.token_urlsafe(12)
    sealed = case.close(f"paper/{public_id}", seal.packed(canonical_words(content)))
    return {**row, "public_id": public_id, "content": sealed, "sha256": hashlib.sha256(sealed).hexdigest()}


def content_of(paper: Paper, case: seal.Seal) -> Content:
    """The frozen content; BrokenSeal if the stored bytes are not those that were hashed, or the key is gone."""
    if case.is_gone:
        raise seal.KeyGone
    sealed = bytes(paper.content)
    if hashlib.sha256(sealed).hexdigest() != paper.sha256:
        raise seal.BrokenSeal
    content: Content = json.loads(case.open_text(f"paper/{paper.public_id}", sealed))
    return content


def signers_of(paper: Paper, case: seal.Seal) -> dict[str, Columns]:
    """Who signs it by role, as frozen on it, and as `WHOLE` who answers for it; nobody where it does not open."""
    content = {} if case.is_gone else content_of(paper, case)
    named = {signer["role"]: signer for signer in content.get("signers", ())}
    return {WHOLE: content.get("signer") or {}, **named}


def unprinted_papers(limit: int = 100) -> list[int]:
    """Ids of papers that the press has not come to yet, oldest first; those that failed wait elsewhere."""
    waiting = PaperToPrint.select(PaperToPrint.paper).order_by(PaperToPrint.paper).limit(limit)
    return [number for (number,) in waiting.tuples()]


class Attachment(Model):
    """Evidence of a case: a file as kept (sealed) under VAR_DIR, or what is kept elsewhere and where (`place`).

    `sha256` is of the file as people see it; what is kept elsewhere has none, and no path.
    """

    append_only = True
    not_digested = ("path",)
    proof = "Bukti"

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="attachments")
    name = pw.CharField(verbose_name="Nama berkas", max_length=160)
    kind = pw.CharField(verbose_name="Jenis", max_length=40)
    size = pw.IntegerField(verbose_name="Ukuran (bita)")
    sha256 = pw.CharField(max_length=64)
    path = pw.CharField(max_length=200)
    place = pw.CharField(verbose_name="Disimpan di", max_length=200, default="")
    act = pw.CharField(verbose_name="Langkah", max_length=40, default="")
    added_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    added_at = Moment(verbose_name="Ditambahkan pada")

    def __str__(self) -> str:
        return str(self.name)


mask_typed(Attachment, ("name", "place"))
