"""Judging files that were sent in: which paper each is; a signed one is stored, and its signers are marked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.complaint.event import open_seals
from models.complaint.paper import WHOLE, Paper, is_void
from models.complaint.returned import (
    HOME,
    REFUSED,
    SIGNED,
    PaperCopy,
    ReturnedFile,
    copy_bytes,
    keep_copy,
    returned_copies_of,
)
from models.complaint.scope import openable, visible
from models.office.people import User
from models.office.settings import ISSUERS, values
from models.store.base import database
from models.store.seal import BrokenSeal, Seal
from models.workflow import marks
from papers.signing.reading import ReturnedPaper, Signature, returned_paper
from sop.signers import label_of
from sop.words import day_of, format_date, format_moment

UNKNOWN = "Bukan dokumen panel yang dapat Anda buka, atau isinya ditulis ulang oleh program lain."
UNREADABLE = "Berkas ini tidak dapat dibaca lagi dari penyimpanan. Kirim sekali lagi."
OTHERWISE = "{paper}: {fault}"
VOID = "{paper} sudah batal; berkasnya tidak disimpan."
UNSIGNED = "{paper}: sama dengan cetakannya, belum ada tanda tangan elektronik di dalamnya."
BROKEN = "{paper}: tanda tangan di dalamnya tidak utuh."
KNOWN = "{paper}: berkas ini sudah tersimpan."
OLDER = "{paper}: yang tersimpan sudah memuat tanda tangan ini dan yang sesudahnya."
KEPT = "{paper}: {who}."
NOBODY = "tersimpan, tetapi tidak ada yang ditandai: {why}"
STRANGER = "penerbit sertifikat {signer} belum dipercaya pada Pengaturan"
NO_PLACE = "{signer} tidak menandatangani di tempat penanda tangan dokumen ini"


def judge(file: ReturnedFile, *, at: datetime) -> None:
    """Find out which paper the file is, store what is a paper's signed file, and say so in the row.

    AllSlotsTaken if no slot is free for the child process.
    """
    try:
        data = file.opened()
    except (BrokenSeal, FileNotFoundError):
        return file.settle(REFUSED, UNREADABLE)
    returned = returned_paper(data, issuers=values()[ISSUERS])
    paper = visible(file.by, Paper).where(Paper.id == returned.printed.paper_id).get_or_none() if returned else None
    if returned is None or paper is None or not openable(file.by, [paper]):
        return file.settle(REFUSED, UNKNOWN)
    case = open_seals([paper.complaint_id])[paper.complaint_id]
    if objection := _objection(returned, paper, data, case):
        return file.settle(REFUSED, objection, paper=paper)
    with database.atomic():
        copy, sentence = keep_signed(paper, data, returned, case, by=file.by, at=at)
        file.settle(HOME, sentence, paper=paper, copy=copy)
    return None


def _objection(returned: ReturnedPaper, paper: Paper, data: bytes, case: Seal) -> str:
    """The sentence why this file of the paper is not stored, "" if it is."""
    if returned.fault:
        return OTHERWISE.format(paper=paper, fault=returned.fault)
    if Paper.select().where((Paper.id == paper.id) & is_void()).exists():
        return VOID.format(paper=paper)
    if not returned.signatures:
        return UNSIGNED.format(paper=paper)
    if not all(signature.is_intact for signature in returned.signatures):
        return BROKEN.format(paper=paper)
    for copy in returned_copies_of([paper.id]).get(paper.id, ()):
        if copy.kind == SIGNED and copy.size >= len(data) and copy_bytes(copy, case).startswith(data):
            return (KNOWN if copy.size == len(data) else OLDER).format(paper=paper)
    return ""


def keep_signed(
    paper: Paper, data: bytes, returned: ReturnedPaper, case: Seal, *, by: User, at: datetime
) -> tuple[PaperCopy, str]:
    """Store the signed file and mark the signers whose signatures hold; the row, and the sentence about it.

    Call inside the transaction.
    """
    holding = [signature for signature in returned.signatures if signature.holds]
    copy = keep_copy(
        paper,
        data,
        case,
        kind=SIGNED,
        pages=returned.printed.pages,
        signatures=[_as_json(signature) for signature in holding],
        by=by,
        at=at,
    )
    words = {"Tanda tangan": "; ".join(_in_words(signature) for signature in returned.signatures)}
    marks.record_on_papers(marks.CAME_SIGNED, [(paper, words)], by=by, at=at)
    marked, left = _mark(paper, returned.signatures, by=by, at=at)
    who = f"ditandatangani {' dan '.join(marked)}" if marked else NOBODY.format(why="; ".join(left))
    return copy, KEPT.format(paper=paper, who=who)


def _mark(paper: Paper, signatures: Sequence[Signature], *, by: User, at: datetime) -> tuple[list[str], list[str]]:
    """Mark those who signed in their own place with a signature that holds: in words who is marked, and why not."""
    roles = marks.signatures_on([paper])[paper.id]
    marked, left = [], []
    for signature in signatures:
        role = WHOLE if list(roles) == [WHOLE] else signature.field
        if not signature.holds:
            left.append(STRANGER.format(signer=signature.signer))
        elif role not in roles:
            left.append(NO_PLACE.format(signer=signature.signer))
        elif not roles[role]:
            on = day_of(signature.signed_at or at)
            refused = marks.sign([paper], by=by, on=on, roles=[role], signer=signature.signer, at=at)
            left += [words.removesuffix(".") for words in refused.values()]
            marked += [] if refused else [f"{label_of(role) or signature.signer} ({format_date(on)})"]
        else:
            left.append(f"{label_of(role) or signature.signer} sudah ditandai sebelumnya")
    return marked, left


def _in_words(signature: Signature) -> str:
    moment = f", {format_moment(signature.signed_at)}" if signature.signed_at else ""
    return f"{signature.signer}{moment}, sertifikat dari {signature.issuer}"


def _as_json(signature: Signature) -> Mapping[str, Any]:
    return {
        "role": signature.field,
        "signer": signature.signer,
        "issuer": signature.issuer,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else "",
        "is_timestamped": signature.is_timestamped,
        "valid_until": signature.valid_until.isoformat(),
    }
