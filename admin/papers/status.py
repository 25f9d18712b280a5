"""The status of issued papers: print, signatures and filing; links to papers and complaints."""

from collections.abc import Callable
from functools import partial
from typing import Any

import peewee as pw
from flask import url_for
from markupsafe import Markup, escape

from admin.door.rows import signed_in
from admin.lists.cells import badge, due_line, number_in_column, short_date, sub_line
from admin.lists.filters import Choice
from models.complaint.paper import (
    WHOLE,
    Paper,
    PaperFiled,
    PaperToReprint,
    PaperVoid,
    Print,
    PrintFailure,
    is_signed,
    is_superseded,
    is_unsigned,
    latest,
    signature_of_role,
    signatures_of_people,
    signed_by_hand,
)
from models.complaint.returned import COPIES, SIGNED, PaperCopy
from models.complaint.scope import viewer
from models.store.base import now
from models.workflow.marks import Marks, signatures_on
from papers.printing.failure import again_words
from sop.signers import SIGNERS, public_label

PRINTED_FILE = "Cetakan tanpa tanda tangan"
CLOSED = "memuat identitas; hanya untuk petugas dan pelaksana"
PRINTED, WAITING, FAILED, VOID = "tercetak", "belum", "gagal", "batal"
STATUS = {PRINTED: "PDF siap", WAITING: "PDF sedang disiapkan", FAILED: "Gagal dicetak", VOID: "Batal"}
TONES = {PRINTED: "good", WAITING: "neutral", FAILED: "bad", VOID: "neutral"}
PRINT = Print.select(Print.printed_at).where(Print.paper == Paper.id)
FAILURE = (
    PrintFailure.select(PrintFailure.reason)
    .where(PrintFailure.paper == Paper.id)
    .order_by(PrintFailure.id.desc())
    .limit(1)
)
AGAIN = PaperToReprint.select(PaperToReprint.again_at).where(PaperToReprint.paper == Paper.id)
VOIDING = PaperVoid.select(PaperVoid.reason).where(PaperVoid.paper == Paper.id)
PLACE = latest(PaperFiled, PaperFiled.place)
HOME = {  # by kind of copy: the one to use first, as `copies_of` orders them
    kind: PaperCopy.select(PaperCopy.id)
    .where((PaperCopy.paper == Paper.id) & (PaperCopy.kind == kind))
    .order_by(PaperCopy.signatures.desc(), PaperCopy.id.desc())
    .limit(1)
    for kind in COPIES
}
WITH_PRINT = (
    *(query.alias(kind) for kind, query in HOME.items()),
    PRINT.alias("printed"),
    FAILURE.alias("failure"),
    AGAIN.alias("again_at"),
    VOIDING.alias("void"),
    PLACE.alias("place"),
    pw.Case(None, [(is_superseded(), 1)], 0).alias("superseded"),
)
SMALL_NOTE = Markup(' <span class="muted small">{}</span>')
UNSIGNED, DONE, FILED = "belum", "sudah", "arsip"
OWN_SIGNATURE = "menunggu-saya"
SIGNER_CONDITIONS: dict[str, Callable[[], pw.Expression | None]] = {
    UNSIGNED: lambda: None,
    OWN_SIGNATURE: lambda: signatures_of_people(viewer(signed_in()).accounts),
    **{f"menunggu-{role}": partial(signature_of_role, role) for role in SIGNERS},
}
SIGNATURE_CHOICES = (
    (UNSIGNED, "Belum ditandatangani"),
    (OWN_SIGNATURE, "Menunggu tanda tangan Anda"),
    *((f"menunggu-{role}", f"Menunggu {public_label(role)}") for role in SIGNERS),
    (DONE, "Sudah ditandatangani"),
    (FILED, "Sudah disimpan di arsip"),
)


class BySignature(Choice):
    """Papers by signature status: unsigned (by all or one signer), signed, filed."""

    key = "hand"

    def __init__(self) -> None:
        super().__init__(Paper.id, "Tanda tangan", SIGNATURE_CHOICES)

    def apply(self, query: Any, value: str) -> Any:
        if value in SIGNER_CONDITIONS:
            return query.where(is_unsigned(SIGNER_CONDITIONS[value]()))
        return query.where(is_signed() if value == DONE else Paper.id.in_(PaperFiled.select(PaperFiled.paper)))


def with_print(query: Any) -> Any:
    """Select the columns of WITH_PRINT too."""
    return query.select_extend(*WITH_PRINT)


def with_signatures(papers: list[Any]) -> list[Any]:
    """Set `signatures` on each paper: its signers with their signature marks."""
    signatures = signatures_on(papers)
    for paper in papers:
        paper.signatures = signatures[paper.id]
    return papers


def print_status(paper: Any) -> tuple[str, str]:
    """(status, reason) of a paper selected `with_print`."""
    if paper.void is not None:
        return VOID, paper.void
    if paper.printed:
        return PRINTED, ""
    if paper.failure:
        again_at = PaperToReprint.again_at.python_value(paper.again_at)
        return FAILED, f"{paper.failure} {again_words(again_at, now())}".strip()
    return WAITING, ""


def status_badge(paper: Any) -> Markup:
    """The print's status as a badge, with the reason if something is wrong."""
    status, reason = print_status(paper)
    mark = badge(TONES[status], STATUS[status])
    if status == FAILED:
        return mark + Markup('<p class="muted small">{}</p>').format(reason)  # in full, also in compact rows
    return mark + sub_line(reason) if reason else mark


def signature_badge(paper: Any, *, named: bool = True) -> Markup:
    """The signature status and filing place of a paper selected `with_print` and `with_signatures`; `named`: with the
    names of missing signers."""
    filed = sub_line(f"Di {paper.place}") if paper.place else Markup("")
    if paper.signatures and all(paper.signatures.values()):
        day = max(mark.signed_on for mark in paper.signatures.values())
        return badge("good", "Ditandatangani") + SMALL_NOTE.format(short_date(day)) + filed
    if paper.void is not None or paper.kind not in signed_by_hand():
        return filed
    if paper.superseded:
        return badge("neutral", "Digantikan") + filed
    return _missing_badge(paper.signatures, named=named) + filed


def _missing_badge(signatures: Marks, *, named: bool) -> Markup:
    """The number of a paper's signatures, and the missing signers."""
    missing = [public_label(role) for role, mark in signatures.items() if not mark]
    if WHOLE in signatures:
        return badge("wait", "Belum ditandatangani")
    count, names = len(signatures) - len(missing), ", ".join(missing)
    words = f"{count} dari {len(signatures)} tanda tangan" if count else "Belum ditandatangani"
    mark = badge("wait", words)
    return mark + SMALL_NOTE.format(f"Belum: {names}" if count else f"oleh {names}") if named else mark


def issue_cell(paper: Any) -> Markup:
    """The time of issue and the issuing user."""
    return due_line(paper.issued_at) + sub_line(paper.issued_by.name)


def paper_url(paper: Any) -> str:
    return url_for("dokumen.pdf", public_id=paper.public_id)


def paper_addresses(paper: Any) -> dict[str, str]:
    """The addresses of the files of a paper selected `with_print`, by title: first the one to use, which is the signed
    one if it came home."""
    ids = {title: getattr(paper, kind) for kind, title in COPIES.items()}
    home = {title: url_for("dokumen.returned_file", number=id) for title, id in ids.items() if id}
    printed = {PRINTED_FILE: paper_url(paper)}
    return {**home, **printed} if getattr(paper, SIGNED) else {**printed, **home}


def paper_link(paper: Any) -> Markup:
    """The paper's title with a link to its file; below it links to its other files."""
    title = dict(Paper.kind.choices)[paper.kind]
    if getattr(paper, "closed", False):
        return escape(title) + sub_line(CLOSED)
    link, (first, *others) = Markup('<a href="{}">{}</a>'), paper_addresses(paper).items()
    further = [sub_line(link.format(url, words)) for words, url in others]
    return link.format(first[1], title) + Markup("").join(further)


def complaint_link(complaint: Any, number_markup: Callable[[str], Markup] = number_in_column) -> Markup:
    address = url_for("pengaduan.details_view", id=complaint.id)
    return Markup('<a href="{}">{}</a>').format(address, number_markup(complaint.number))
