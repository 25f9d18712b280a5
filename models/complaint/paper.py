"""Issued papers, frozen with number and SHA-256; their prints, signatures and filing; and evidence."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.contacts import mask_typed
from models.office.people import User
from models.store import prepared, seal
from models.store.base import (
    PRINTING,
    Columns,
    CurrentChoices,
    Model,
    Moment,
    canonical_words,
    exists_by_row,
    insert_rows,
)
from sop.vocabulary import vocabulary

WHOLE = ""  # the role of a signature on a paper that names no signers
CODE = 26  # symbols of a verification code, of 128 random bits


NamedSigner = tuple[str, int | None]  # role of a signer, and the user id if there is an account
Content = dict[str, Any]  # the frozen content of a paper, as defined by its format


def signed_by_hand() -> list[str]:
    """The kinds of paper that are signed by hand."""
    return [key for key, paper in vocabulary().papers.items() if not paper.side]


class Paper(Model):
    """An issued paper. The row never changes; `sha256` is of the sealed content as stored."""

    append_only = True
    not_digested = ("public_id", "sha256")
    proof = "Dokumen"
    unproven = ("content",)  # covered by `sha256`
    sealed_columns = ("content",)

    public_id = pw.CharField(max_length=32, unique=True)
    complaint = pw.ForeignKeyField(
        Complaint, verbose_name="Pengaduan", on_delete="RESTRICT", backref="papers", index=False
    )
    kinds = CurrentChoices(lambda: [(key, paper.title) for key, paper in vocabulary().papers.items()])
    kind = pw.CharField(verbose_name="Jenis", max_length=40, choices=kinds, index=True)
    number = pw.CharField(verbose_name="Nomor", max_length=80)
    round = pw.IntegerField(verbose_name="Putaran")
    issued_at = Moment(verbose_name="Terbit pada", index=True)
    issued_by = pw.ForeignKeyField(User, verbose_name="Diterbitkan oleh", on_delete="RESTRICT")
    content = pw.BlobField()
    sha256 = pw.CharField(max_length=64)

    class Meta:
        indexes = ((("complaint", "kind", "round"), False),)  # for the latest paper of a kind

    def __str__(self) -> str:
        return f"{vocabulary().papers[self.kind].title} {self.number}"


class PaperCode(Model):
    """The verification code of an issued paper as a keyed hash; the code is only in the paper's content.

    A paper of a case says by `paper` what it is. Of others, such as the recap and what is printed from a list, it is
    said here: kind, number or period, hash of the content, by whom and when they were issued.
    """

    append_only = True
    in_digest = False
    proof = "Kode verifikasi"
    mark = pw.BlobField(unique=True)
    paper = pw.ForeignKeyField(Paper, null=True, unique=True, on_delete="RESTRICT", backref="codes")
    kind = pw.CharField(max_length=40, null=True)
    about = pw.CharField(max_length=200, null=True)
    sha256 = pw.CharField(max_length=64, null=True)
    issued_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False)
    issued_at = Moment(null=True)


class Print(Model):
    """The print of a paper: the PDF's SHA-256 and the path of the sealed file. The primary key allows only one."""

    append_only = True
    in_digest = False
    proof = "Cetakan dokumen"
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="prints")
    sha256 = pw.CharField(max_length=64, index=True)
    path = pw.CharField(max_length=200)
    size = pw.IntegerField()
    pages = pw.IntegerField()
    printed_at = Moment()


class PrintFailure(Model):
    """Why a paper could not be printed ("gagal dicetak"); the latest counts."""

    append_only = True
    in_digest = False
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="failures")
    reason = pw.CharField(max_length=300)
    at = Moment()


class PaperVoid(Model):
    """A void paper (its step was recalled), with the reason."""

    append_only = True
    proof = "Dokumen batal"
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="voids")
    reason = pw.CharField(max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


def void_note(reason: str) -> str:
    """A void paper's remark: its reason without the act that voided it, unless that is all it says."""
    return f"Batal: {(reason.partition(': ')[2] or reason).removesuffix('.')}."


class PaperHand(Model):
    """A signer of a paper, in order, as frozen on it; older papers have no rows and need one signature."""

    append_only = True
    proof = "Penanda tangan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="hands", index=False)
    place = pw.IntegerField()
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)  # NULL: no account, a visitor

    class Meta:
        indexes = ((("paper", "role"), True),)


class PaperSigned(Model):
    """A signature on a paper: role, signer and day. The latest row of a role counts; without a day it revokes the
    signature. Without a role it is for the whole paper, as all were before `PaperHand`."""

    append_only = True
    proof = "Tanda tangan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="signings")
    role = pw.CharField(verbose_name="Selaku", max_length=40, null=True)
    signer = pw.CharField(verbose_name="Ditandatangani oleh", max_length=160, default="")
    signed_on = pw.DateField(verbose_name="Tanggal tanda tangan", null=True)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class PaperFiled(Model):
    """Where the signed paper is filed; the latest row counts."""

    append_only = True
    proof = "Penyimpanan dokumen"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="filings")
    place = pw.CharField(verbose_name="Disimpan di", max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class PaperToPrint(Model):
    """The print queue: a row from the issue of a paper until it is printed or has failed."""

    in_digest = False
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="to_print")


class PaperToReprint(Model):
    """The retry queue of printing: a row from a failure until the paper is printed, with the time of the next attempt.
    The reason is in the latest `PrintFailure`."""

    in_digest = False
    paper = pw.ForeignKeyField(Paper, primary_key=True, on_delete="RESTRICT", backref="to_reprint")
    tries = pw.IntegerField()  # attempts since the first, or since a user asked to retry
    again_at = Moment(index=True)


class PaperToSign(Model):
    """A signature that a paper may need, with its signer; role `WHOLE` where the paper names none. `is_unsigned`
    selects those that are pending."""

    in_digest = False
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="to_sign", index=False)
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)

    class Meta:
        primary_key = pw.CompositeKey("paper", "role")
        indexes = ((("role", "paper"), False), (("person", "paper"), False))


def latest(model: type[Model], *columns: pw.Field) -> Any:
    """Subquery on `Paper`: the latest row of the model for each paper."""
    return model.select(*columns).where(model.paper == Paper.id).order_by(model.id.desc()).limit(1)


def is_signed_as(role: Any) -> pw.Expression:
    """Condition: the paper has a signature of this role that was not revoked."""
    later, signed_role = PaperSigned.alias(), pw.fn.COALESCE(PaperSigned.role, WHOLE)
    same = (later.paper == PaperSigned.paper) & (pw.fn.COALESCE(later.role, WHOLE) == signed_role)
    after = later.select(pw.SQL("1")).where(same & (later.id > PaperSigned.id))
    last = PaperSigned.signed_on.is_null(False) & ~pw.fn.EXISTS(after)
    of_role = (PaperSigned.paper == Paper.id) & (signed_role == role)
    return pw.fn.EXISTS(PaperSigned.select(pw.SQL("1")).where(of_role & last))


def is_signed() -> pw.Expression:
    """Condition: the paper has all its signatures."""
    signers = PaperHand.select(pw.SQL("1")).where(PaperHand.paper == Paper.id)
    missing = signers.where(~is_signed_as(PaperHand.role))
    named = pw.fn.EXISTS(signers)
    return (named & ~pw.fn.EXISTS(missing)) | (~named & is_signed_as(WHOLE))


def is_unsigned(by: pw.Expression | None = None) -> pw.Expression:
    """Condition: the paper is in force and lacks a signature; `by` limits which, as a condition on `PaperToSign`.
    False for kinds that are not signed by hand."""
    waiting = PaperToSign.select(PaperToSign.paper)
    if by is not None:
        waiting = waiting.where(by)
    return Paper.id.in_(waiting) & _lacks_signature(by) & _is_in_force()


def _lacks_signature(by: pw.Expression | None) -> pw.Expression:
    missing = PaperToSign.select(PaperToSign.paper)
    if by is not None:
        missing = missing.where(by)
    return exists_by_row(missing.where((PaperToSign.paper == Paper.id) & ~is_signed_as(PaperToSign.role)))


def unsigned_among(papers: Any, by: pw.Expression | None = None) -> Any:
    """Those of a query of papers that lack a signature, looked for in the order of the queue: with a limit, the rest of
    the queue is not read. `by` as in `is_unsigned`."""
    waiting = PaperToSign.select(PaperToSign.paper).distinct()
    queue = (waiting if by is None else waiting.where(by)).alias("queue")
    in_order = pw.Join(queue, Paper, pw.JOIN.CROSS)  # SQLite keeps this order
    return papers.from_(in_order).where((Paper.id == queue.c.paper_id) & _lacks_signature(by) & _is_in_force())


def signature_of_role(role: str) -> pw.Expression:
    """Condition on `PaperToSign`: the signature of this role."""
    return PaperToSign.role == role


def signatures_of_people(people: Iterable[User]) -> pw.Expression:
    """Condition on `PaperToSign`: the signature of one of these users."""
    return PaperToSign.person.in_([user.id for user in people])


def _is_in_force() -> pw.Expression:
    return ~is_void() & ~is_superseded()


def queue_for_signatures(complaints: Iterable[int]) -> None:
    """Rewrite the queue of missing signatures of these cases' papers, one row for each.

    Call inside the transaction that issues, voids, signs or unsigns one of them.
    """
    cases, kinds = set(complaints), tuple(signed_by_hand())
    prepared.run_fixed("unqueue", _removal_from_queue, cases)
    prepared.run_fixed(("queue", kinds), lambda: _missing_signatures(kinds), cases)


def _removal_from_queue() -> Any:
    return PaperToSign.delete().where(
        PaperToSign.paper.in_(Paper.select(Paper.id).where(prepared.is_given(Paper.complaint)))
    )


def _missing_signatures(kinds: Sequence[str]) -> Any:
    role, of_cases = pw.fn.COALESCE(PaperHand.role, WHOLE), prepared.is_given(Paper.complaint)
    signers = Paper.select(Paper.id, role, PaperHand.person).join(PaperHand, pw.JOIN.LEFT_OUTER)
    missing = signers.where(of_cases & Paper.kind.in_(kinds) & _is_in_force() & ~is_signed_as(role))
    return PaperToSign.insert_from(missing, [PaperToSign.paper, PaperToSign.role, PaperToSign.person])


def code_part(address: str, number: int | None = None) -> dict[str, str]:
    """A new verification code, as the content of a paper has it: in letters, and what its QR code says, with the
    `address` where it is checked. `number`: its bits, by default random."""
    bits = secrets.randbits(128) if number is None else number
    code = "".join([seal.SYMBOLS[bits >> (5 * place) & 31] for place in reversed(range(CODE))])
    page = f"{address}/" if address and not address.endswith(("/", "=")) else address
    return {"text": code, "qr": f"{page}{code}"}


def issue(rows: Sequence[Columns], signers: Sequence[Sequence[NamedSigner]], codes: Sequence[str]) -> None:
    """Insert new papers with their signers and codes, and queue them for printing (by `run_print_queue` of
    papers/printing/press.py) and signing.

    Call inside the transaction.
    """
    if rows:
        last = Paper.select(pw.fn.COALESCE(pw.fn.MAX(Paper.id), 0)).scalar()
        insert_rows(Paper, rows)
        PaperToPrint.insert_from(Paper.select(Paper.id).where(Paper.id > last), [PaperToPrint.paper]).execute()
        ids = dict(Paper.select(Paper.public_id, Paper.id).where(Paper.id > last).tuples())
        marks = [seal.ring().code_mark(code) for code in codes]
        insert_rows(PaperCode, [{"paper": ids[r["public_id"]], "mark": m} for r, m in zip(rows, marks, strict=True)])
        _write_signers(ids, rows, signers)
        queue_for_signatures([row["complaint"] for row in rows])
        PRINTING.send_after_commit()


def _write_signers(ids: Mapping[str, int], rows: Sequence[Columns], signers: Sequence[Sequence[NamedSigner]]) -> None:
    written = [
        {"paper": ids[row["public_id"]], "place": place, "role": role, "person": person}
        for row, named in zip(rows, signers, strict=True)
        if row["kind"] in signed_by_hand()
        for place, (role, person) in enumerate(named, 1)
    ]
    if written:
        insert_rows(PaperHand, written)


def remove_from_print_queue(paper: int) -> None:
    """Remove the paper from the print queues: it is printed, or never can be."""
    for queue in (PaperToPrint, PaperToReprint):
        queue.delete().where(queue.paper == paper).execute()


def is_void(paper: Any = Paper) -> pw.Expression:
    """Condition: the paper is void."""
    return exists_by_row(PaperVoid.select(pw.SQL("1")).where(PaperVoid.paper == paper.id))


def is_superseded() -> pw.Expression:
    """Condition: there is a later, valid paper of the same kind in the same round."""
    later = Paper.alias()
    same = (later.complaint == Paper.complaint) & (later.kind == Paper.kind) & (later.round == Paper.round)
    return exists_by_row(later.select(pw.SQL("1")).where(same & (later.id > Paper.id) & ~is_void(later)))


def frozen(content: Content, case: seal.Seal, row: Columns) -> Columns:
    """A paper's row to insert: content sealed under its case and hashed as stored; `row` has the other columns."""
    public_id = secrets.token_urlsafe(12)
    sealed = case.close(f"paper/{public_id}", seal.packed(canonical_words(content)))
    return {**row, "public_id": public_id, "content": sealed, "sha256": hashlib.sha256(sealed).hexdigest()}


def content_of(paper: Paper, case: seal.Seal) -> Content:
    """The frozen content; BrokenSeal if the stored bytes do not match the hash or the key was destroyed."""
    if case.is_gone:
        raise seal.KeyGone
    sealed = bytes(paper.content)
    if hashlib.sha256(sealed).hexdigest() != paper.sha256:
        raise seal.BrokenSeal
    content: Content = json.loads(case.open_text(f"paper/{paper.public_id}", sealed))
    return content


def signers_of(paper: Paper, case: seal.Seal) -> dict[str, Columns]:
    """The signers by role as frozen on the paper, and as `WHOLE` its signatory; empty if the key was destroyed."""
    content = {} if case.is_gone else content_of(paper, case)
    named = {signer["role"]: signer for signer in content.get("signers", ())}
    return {WHOLE: content.get("signer") or {}, **named}


def unprinted_papers(limit: int = 100, *, after: int = 0) -> list[int]:
    """Ids of the papers in the print queue, latest first, as those are opened first; without those to retry. `after`:
    only larger ids."""
    waiting = PaperToPrint.select(PaperToPrint.paper).where(PaperToPrint.paper > after)
    return [number for (number,) in waiting.order_by(PaperToPrint.paper.desc()).limit(limit).tuples()]


class Attachment(Model):
    """Evidence of a case: a file stored sealed under VAR_DIR, or a description of what is stored elsewhere (`place`).

    `sha256` is of the plain file; evidence stored elsewhere has neither hash nor path.
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
