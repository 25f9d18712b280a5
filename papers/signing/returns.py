"""Judging files that were sent in: which paper each is; a signed one is stored, and its signers are marked."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.complaint.codes import paper_of_code
from models.complaint.event import open_seals
from models.complaint.paper import WHOLE, Paper, Print, is_void
from models.complaint.returned import (
    CONFIRM,
    HOME,
    REFUSED,
    SCANNED,
    SIGNED,
    PaperCopy,
    ReturnedFile,
    ReturnedPage,
    copy_bytes,
    delete_pages,
    keep_copy,
    match_pages,
    pages_of,
    returned_copies_of,
    store_page,
)
from models.complaint.scope import openable, viewer, visible
from models.office.people import User
from models.office.settings import ISSUERS, values
from models.store.base import database
from models.store.seal import BrokenSeal, Seal
from models.store.upload_kinds import Refused, kind_of
from models.workflow import marks
from models.workflow.write import ConcurrentUpdate
from papers.printing import press
from papers.printing.failure import PrintError
from papers.signing.code_reading import codes_in
from papers.signing.reading import REWRITTEN, JudgedFile, ReturnedPaper, Signature, returned_papers, rewritten_paper
from papers.signing.scans import pages_by_paper, scanned_pages, scanned_pdf
from sop.signers import label_of
from sop.words import day_of, format_date, format_moment

UNKNOWN = "Bukan dokumen panel yang dapat Anda buka, atau isinya ditulis ulang oleh program lain."
UNREADABLE = "Berkas ini tidak dapat dibaca lagi dari penyimpanan. Kirim sekali lagi."
OTHERWISE = "{paper}: {fault}"
VOID = "{paper} sudah batal; berkasnya tidak disimpan."
AS_PRINTED, UNSIGNED = "sama dengan cetakannya", "{paper}: {same}; belum ada tanda tangan elektronik di dalamnya."
SEVERAL = "Berkas ini memuat beberapa dokumen yang digabungkan. Kirim dokumennya satu per satu."
BROKEN = "{paper}: tanda tangan di dalamnya tidak utuh."
KNOWN = "{paper}: berkas ini sudah tersimpan."
OLDER = "{paper}: yang tersimpan sudah memuat tanda tangan ini dan yang sesudahnya."
KEPT = "{paper}: {who}."
SCAN_KEPT = "{paper}: pindaian {count} halaman tersimpan."
TO_CONFIRM = "{matched} dari {count} halaman dikenali dari kode QR-nya."
OF_NO_CASE = "Kodenya dari {words}; pindaiannya tidak disimpan di panel."
FOREIGN = "Kodenya bukan dari dokumen panel yang dapat Anda buka."
PARTLY = " Belum dicocokkan: {count} halaman."
DROPPED, REST_DROPPED = "Dihapus oleh pengirim.", "Sisanya dihapus oleh pengirim."
NOBODY = "tersimpan, tetapi tidak ada yang ditandai: {why}"
STRANGER = "penerbit sertifikat {signer} belum dipercaya pada Pengaturan"
NO_PLACE = "{signer} tidak menandatangani di tempat penanda tangan dokumen ini"


def judge(files: Sequence[ReturnedFile], *, at: datetime) -> None:
    """Find out which paper each file is, store what is a paper's signed file or the pages of a scan, and say so in its
    row. PDFs are judged together, as a child process that judges takes a second to start.

    AllSlotsTaken if no slot is free for the child process.
    """
    pdfs: list[tuple[ReturnedFile, bytes]] = []
    for file in files:
        try:
            data = file.opened()
        except (BrokenSeal, FileNotFoundError):
            file.settle(REFUSED, UNREADABLE)
        else:
            if kind_of(data) == "PDF":
                pdfs.append((file, data))
            else:
                _judge_scan(file, data)
    judged = returned_papers((data for _, data in pdfs), issuers=values()[ISSUERS])
    for (file, data), returned in zip(pdfs, judged, strict=True):
        if returned is None:
            _judge_other(file, data, at=at)
        elif paper := _openable_paper(returned.printed.paper_id, file.by):
            _judge_signed(file, data, paper, returned, at=at)
        else:
            file.settle(REFUSED, UNKNOWN)


def _openable_paper(number: int, user: User) -> Paper | None:
    papers = visible(user, Paper).where(Paper.id == number)
    return next(iter(openable(user, papers)), None)


def _judge_other(file: ReturnedFile, data: bytes, *, at: datetime) -> None:
    """A PDF that does not begin with a print: a scan, or a paper that another program wrote anew."""
    try:
        read = codes_in(data)
    except Refused as refused:
        return file.settle(REFUSED, str(refused))
    if read.is_scan:
        return _judge_scan(file, data)
    if len(read.codes) != 1:
        return file.settle(REFUSED, SEVERAL if read.codes else UNKNOWN)
    paper, why = paper_to_scan(read.codes[0], file.by)
    if paper is None:
        return file.settle(REFUSED, why)
    try:
        printed = press.pdf_of(paper.id)
    except PrintError as failed:
        return file.settle(REFUSED, f"{paper}: {failed}", paper=paper)
    judged = rewritten_paper(data, printed, issuers=values()[ISSUERS])
    return _judge_signed(file, data, paper, judged, at=at)


def _judge_signed(file: ReturnedFile, data: bytes, paper: Paper, judged: JudgedFile, *, at: datetime) -> None:
    case = open_seals([paper.complaint_id])[paper.complaint_id]
    if objection := _objection(judged, paper, data, case):
        return file.settle(REFUSED, objection, paper=paper)
    with database.atomic():
        copy, sentence = keep_signed(paper, data, judged, case, by=file.by, at=at)
        file.settle(HOME, sentence, paper=paper, copy=copy)
    return None


def _judge_scan(file: ReturnedFile, data: bytes) -> None:
    """Store the pages of a scanned file with the papers whose codes they bear, to be confirmed by who sent it."""
    delete_pages(pages_of(file))  # of an attempt that was cut off
    codes: dict[int, str] = {}
    try:
        with open(os.memfd_create("scan"), "w+b") as opened:  # the plain file touches no disk
            opened.write(data)
            for page in scanned_pages(opened):
                codes[page.place] = page.code
                store_page(file, page.jpeg, place=page.place, remark=page.remark)
    except Refused as refused:
        return file.settle(REFUSED, str(refused).capitalize())
    judged = {code: paper_to_scan(code, file.by) for code in set(codes.values()) - {""}}
    papers = {code: paper for code, (paper, _) in judged.items() if paper}
    counts = dict(Print.select(Print.paper, Print.pages).where(Print.paper.in_(list(papers.values()))).tuples())
    grouped = pages_by_paper(codes, printed={code: counts.get(paper.id, 0) for code, paper in papers.items()})
    with database.atomic():
        for scanned in grouped.papers:
            match_pages(file, scanned.places, paper=papers[scanned.code].id)
        for left in grouped.unmatched:
            candidates, (_, why) = (
                [papers[code].id for code in left.candidates],
                judged.get(codes[left.place], (None, "")),
            )
            match_pages(file, [left.place], candidates=candidates, remark=why)
        if not any(page.path for page in pages_of(file)):
            return file.settle(REFUSED, f"Tidak ada halaman yang dapat digambar. {pages_of(file)[0].remark}")
        file.is_scan = True
        file.settle(CONFIRM, TO_CONFIRM.format(count=len(codes), matched=len(codes) - len(grouped.unmatched)))
    return None


def paper_to_scan(code: str, user: User) -> tuple[Paper | None, str]:
    """The paper with this code if its scan may be stored by this user, else why not."""
    coded = paper_of_code(code, viewer(user))
    if coded is None or (coded.paper and not openable(user, [coded.paper])):
        return None, FOREIGN
    if coded.paper is None:
        return None, OF_NO_CASE.format(words=coded.words)
    objection = scan_objection(coded.paper)
    return (None, objection) if objection else (coded.paper, "")


def scan_objection(paper: Paper) -> str:
    """The sentence why no scan of this paper is stored, "" if one is."""
    return VOID.format(paper=paper) if Paper.select().where((Paper.id == paper.id) & is_void()).exists() else ""


def _objection(judged: JudgedFile, paper: Paper, data: bytes, case: Seal) -> str:
    """The sentence why this file of the paper is not stored, "" if it is."""
    if judged.fault:
        return OTHERWISE.format(paper=paper, fault=judged.fault)
    if objection := scan_objection(paper):
        return objection
    if not judged.signatures:
        same = AS_PRINTED if isinstance(judged, ReturnedPaper) else REWRITTEN
        return UNSIGNED.format(paper=paper, same=same)
    if not all(signature.is_intact for signature in judged.signatures):
        return BROKEN.format(paper=paper)
    for copy in returned_copies_of([paper.id]).get(paper.id, ()):
        if copy.kind == SIGNED and copy.size >= len(data) and copy_bytes(copy, case).startswith(data):
            return (KNOWN if copy.size == len(data) else OLDER).format(paper=paper)
    return ""


def keep_signed(
    paper: Paper, data: bytes, judged: JudgedFile, case: Seal, *, by: User, at: datetime, last_as: str = ""
) -> tuple[PaperCopy, str]:
    """Store the signed file and mark the signers whose signatures hold; the row, and the sentence about it.

    `last_as`: the role for which the last signature was asked, as a signing service may put it into a field that
    belongs to no signer. Call inside the transaction.
    """
    holding = [signature for signature in judged.signatures if signature.holds]
    copy = keep_copy(
        paper,
        data,
        case,
        kind=SIGNED,
        pages=Print.get_by_id(paper.id).pages,
        signatures=[_as_json(signature) for signature in holding],
        by=by,
        at=at,
    )
    words = {"Tanda tangan": "; ".join(_in_words(signature) for signature in judged.signatures)}
    marks.record_on_papers(marks.CAME_SIGNED, [(paper, words)], by=by, at=at)
    marked, left = _mark(paper, judged.signatures, by=by, at=at, last_as=last_as)
    who = f"ditandatangani {' dan '.join(marked)}" if marked else NOBODY.format(why="; ".join(dict.fromkeys(left)))
    kept = KEPT.format(paper=paper, who=who)
    return copy, kept if isinstance(judged, ReturnedPaper) else f"{kept} {REWRITTEN.capitalize()}."


@dataclass(frozen=True)
class AssignedPages:
    """Pages of a scanned file as somebody confirmed them: in this order they are the scan of the paper, which all its
    signers have signed on that day if one is given."""

    paper: Paper
    pages: tuple[ReturnedPage, ...]
    signed_on: date | None = None


def keep_scans(file: ReturnedFile, assigned: Sequence[AssignedPages], *, by: User, at: datetime) -> list[str]:
    """Store the confirmed scans beside their prints and delete those pages; a sentence about each. The file is done
    with once no page is left. ConcurrentUpdate, and nothing is stored, if a page or its paper is gone by now."""
    sentences, copy = [], None
    with database.atomic():
        seals = open_seals({scan.paper.complaint_id for scan in assigned})
        for scan in assigned:
            if delete_pages(scan.pages) < len(scan.pages) or scan_objection(scan.paper):
                raise ConcurrentUpdate
            copy, sentence = _keep_scan(scan, seals[scan.paper.complaint_id], by=by, at=at)
            sentences.append(sentence)
        if copy is None:
            raise ConcurrentUpdate
        words, left = " ".join([*_sentences_of_stored(file), *sentences]), len(pages_of(file))
        words += PARTLY.format(count=left) if left else ""
        file.settle(CONFIRM if left else HOME, words, paper=copy.paper, copy=copy)
    return sentences


def _keep_scan(scan: AssignedPages, case: Seal, *, by: User, at: datetime) -> tuple[PaperCopy, str]:
    paper, count = scan.paper, len(scan.pages)
    data = scanned_pdf(page.picture() for page in scan.pages)  # the files are deleted after the commit
    known = PaperCopy.get_or_none(PaperCopy.paper == paper, PaperCopy.sha256 == hashlib.sha256(data).hexdigest())
    copy = known or keep_copy(paper, data, case, kind=SCANNED, pages=count, signatures=(), by=by, at=at)
    if not known:
        marks.record_on_papers(marks.CAME_SCANNED, [(paper, {"Halaman": str(count)})], by=by, at=at)
    refused = marks.sign([paper], by=by, on=scan.signed_on, at=at) if scan.signed_on else {}
    kept = KNOWN.format(paper=paper) if known else SCAN_KEPT.format(paper=paper, count=count)
    return copy, " ".join([kept, *refused.values()])


def drop_pages(file: ReturnedFile) -> bool:
    """Delete the pages of a scan that are left; whether there were any."""
    with database.atomic():
        if not delete_pages(pages_of(file)):
            return False
        stored = _sentences_of_stored(file)
        sentence = " ".join([*stored, REST_DROPPED]) if stored else DROPPED
        file.settle(HOME if stored else REFUSED, sentence, paper=file.paper, copy=file.copy)
    return True


def _sentences_of_stored(file: ReturnedFile) -> list[str]:
    """What was said of the scans that were stored of this file."""
    return [file.sentence.partition(PARTLY.partition("{")[0])[0]] if file.copy_id else []


def _mark(
    paper: Paper, signatures: Sequence[Signature], *, by: User, at: datetime, last_as: str
) -> tuple[list[str], list[str]]:
    """Mark those who signed in their own place with a signature that holds: in words who is marked, and why not."""
    roles = marks.signatures_on([paper])[paper.id]
    marked, left = [], []
    for signature in signatures:
        role = _role_of(signature, roles, last_as if signature is signatures[-1] else "")
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


def _role_of(signature: Signature, roles: marks.Marks, asked: str) -> str:
    if list(roles) == [WHOLE]:
        return WHOLE
    return signature.field if signature.field in roles else asked or signature.field


def _in_words(signature: Signature) -> str:
    moment = f", {format_moment(signature.signed_at)}" if signature.signed_at else ""
    return f"{signature.signer}{moment}, sertifikat dari {signature.issuer}"


def _as_json(signature: Signature) -> Mapping[str, str]:
    return {
        "role": signature.field,
        "signer": signature.signer,
        "issuer": signature.issuer,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else "",
        "valid_until": signature.valid_until.isoformat(),
    }
