"""Marks on printed papers: signed by hand, filed at a place. Each mark is a row and a history event."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from models.case.attachments import actor_with_title
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import (
    WHOLE,
    Paper,
    PaperFiled,
    PaperHand,
    PaperSigned,
    PaperVoid,
    queue_for_signatures,
    signed_by_hand,
    signers_of,
)
from models.complaint.scope import viewer
from models.complaint.taken import renew_papers_out
from models.office.people import User, posts_by_unit
from models.records.in_words import Words, frozen_blanks, value_in_words
from models.store.base import Columns, Model, database, insert_rows, now, rows_of_tables
from sop.clock import WIB
from sop.signers import SIGNERS, label_of
from sop.words import day_of, format_date

SIGNED, UNSIGNED, FILED = "signed", "unsigned", "filed"
CAME_SIGNED, CAME_SCANNED = "came_signed", "came_scanned"
LABELS = {SIGNED: "Tandai sudah ditandatangani", UNSIGNED: "Cabut tanda sudah ditandatangani", FILED: "Simpan di …"}
DEEDS = {
    SIGNED: "menandai {} sudah ditandatangani",
    UNSIGNED: "mencabut tanda sudah ditandatangani dari {}",
    FILED: "menyimpan {}",
    CAME_SIGNED: "menyimpan berkas bertanda tangan elektronik dari {}",
    CAME_SCANNED: "menyimpan pindaian {}",
}
VOID = "Dokumen ini sudah batal."
ALONG = "Dokumen ini diserahkan kepada pengadu; tidak ada yang menunggu tanda tangannya."
NOT_YET = "Dokumen ini belum ditandai sudah ditandatangani."
DONE = "Dokumen ini sudah ditandai ditandatangani; cabut tandanya lebih dahulu bila keliru."
OTHERS = "Dokumen ini tidak menunggu tanda tangan yang dipilih."
EARLY = "Terbit {day}; tanggal tanda tangan tidak boleh sebelum itu."
AHEAD = "Tanggal tanda tangan tidak boleh di masa depan."


Marks = dict[str, PaperSigned | None]  # of one paper: the mark in force, or None, by role in the order of signing


def refusals(
    papers: Sequence[Paper], mark: str, on: date | None = None, roles: Collection[str] | None = None
) -> dict[int, str]:
    """Sentences by id of the papers that cannot get this mark, from all signers or from those of `roles`."""
    ids = [paper.id for paper in papers]
    void = {number for (number,) in PaperVoid.select(PaperVoid.paper).where(PaperVoid.paper.in_(ids)).tuples()}
    marks = {} if mark == FILED else signatures_on(papers)
    sentences = {
        paper.id: _refusal(paper, mark, on, void, _of_roles(marks.get(paper.id, {}), roles)) for paper in papers
    }
    return {number: sentence for number, sentence in sentences.items() if sentence}


def _refusal(paper: Paper, mark: str, on: date | None, void: set[int], marks: Marks) -> str:
    if mark == UNSIGNED:
        return "" if any(marks.values()) else NOT_YET
    if mark == SIGNED and paper.id in void:
        return VOID
    if mark == SIGNED and paper.kind not in signed_by_hand():
        return ALONG
    if mark == SIGNED and all(marks.values()):
        return DONE if marks else OTHERS
    issued = day_of(paper.issued_at)
    return EARLY.format(day=format_date(issued)) if on and on < issued else ""


def _of_roles(marks: Marks, roles: Collection[str] | None) -> Marks:
    return {role: mark for role, mark in marks.items() if roles is None or role in roles}


def signatures_on(papers: Sequence[Paper]) -> dict[int, Marks]:
    """The marks of these papers by paper id: each role that signs, in order, with its mark in force or None; `WHOLE`
    where no signer is named, no role for kinds that are not signed by hand."""
    tables = {model: model._meta.sorted_fields for model in (PaperHand, PaperSigned)}
    rows, last, named = rows_of_tables(tables, "paper_id", [paper.id for paper in papers]), {}, dict[int, list[str]]()
    for row in rows[PaperSigned]:
        last[row["paper"], row["role"] or WHOLE] = PaperSigned(**row) if row["signed_on"] else None
    for row in sorted(rows[PaperHand], key=itemgetter("place")):
        named.setdefault(row["paper"], []).append(row["role"])
    roles = {p.id: named.get(p.id, [WHOLE]) if p.kind in signed_by_hand() else () for p in papers}
    return {paper: {role: last.get((paper, role)) for role in roles[paper]} for paper in roles}


def roles_to_mark(papers: Sequence[Paper], mark: str) -> list[str]:
    """Roles whose signature at least one of these papers lacks, or has if marks are to be removed, in table order;
    `WHOLE` for papers without named signers."""
    all_marks, to_remove = signatures_on(papers).values(), mark == UNSIGNED
    roles = {role for of_paper in all_marks for role, signed in of_paper.items() if bool(signed) == to_remove}
    return [role for role in (WHOLE, *SIGNERS) if role in roles]


def filing_places_of(ids: Sequence[int]) -> dict[int, PaperFiled]:
    """Where these papers are filed."""
    rows = PaperFiled.select().where(PaperFiled.paper.in_(list(ids))).order_by(PaperFiled.id)
    return {row.paper_id: row for row in rows}


def sign(
    papers: Sequence[Paper],
    *,
    by: User,
    on: date,
    roles: Collection[str] | None = None,
    signer: str = "",
    at: datetime | None = None,
) -> dict[int, str]:
    """Mark papers as signed by all remaining signers, or by those of `roles`; the sentences of refused papers by id.

    Without `signer` each mark takes the name frozen on the paper."""
    if on > day_of(at or now()):
        return {paper.id: AHEAD for paper in papers}
    with database.atomic():
        refused, names = refusals(papers, SIGNED, on, roles), {} if signer.strip() else signer_names(papers)
        marks = signatures_on(papers)
        rows = [
            (paper, _signature(role, names.get(paper.id, {}).get(role) or signer, on))
            for paper in papers
            for role, mark in _of_roles(marks[paper.id], roles).items()
            if paper.id not in refused and not mark
        ]
        _write(SIGNED, PaperSigned, rows, by, at or now())
    return refused


def unsign(
    papers: Sequence[Paper], *, by: User, roles: Collection[str] | None = None, at: datetime | None = None
) -> dict[int, str]:
    """Remove the signature marks, all or those of `roles`; the sentences of refused papers by id."""
    with database.atomic():
        refused, marks = refusals(papers, UNSIGNED, roles=roles), signatures_on(papers)
        rows = [
            (paper, _signature(role, "", None))
            for paper in papers
            for role, mark in _of_roles(marks[paper.id], roles).items()
            if mark
        ]
        _write(UNSIGNED, PaperSigned, rows, by, at or now())
    return refused


def _signature(role: str, name: str, on: date | None) -> Columns:
    return {"role": role or None, "signer": name.strip(), "signed_on": on}


def file(papers: Sequence[Paper], *, by: User, place: str, at: datetime | None = None) -> dict[int, str]:
    """Record where papers are filed."""
    with database.atomic():
        _write(FILED, PaperFiled, [(paper, {"place": place.strip()}) for paper in papers], by, at or now())
    return {}


def signer_names(papers: Sequence[Paper]) -> dict[int, dict[str, str]]:
    """Names of the signers frozen on each paper, by paper id and role."""
    seals = open_seals({paper.complaint_id for paper in papers})
    return {
        paper.id: {role: str(who.get("name", "")) for role, who in signers_of(paper, seals[paper.complaint_id]).items()}
        for paper in papers
    }


def _write(act: str, model: type[Model], rows: Sequence[tuple[Paper, Columns]], by: User, at: datetime) -> None:
    """Write the rows, each with a history event."""
    if not rows:
        return
    insert_rows(model, [{"paper": paper.id, **row, "by": by.id, "at": at} for paper, row in rows])
    marks = []
    for paper, row in rows:
        filled = {name: value for name, value in {**row, "role": label_of(row.get("role") or WHOLE)}.items() if value}
        mark = {str(model._meta.fields[name].verbose_name): value_in_words(value) for name, value in filled.items()}
        marks.append((paper, mark))
    record_on_papers(act, marks, by=by, at=at)


def record_on_papers(act: str, marks: Sequence[tuple[Paper, Mapping[str, Words]]], *, by: User, at: datetime) -> None:
    """Append a history event about each paper, with what was said of it in words by label, and renew the queue of
    missing signatures and that of papers that are out. Call inside the transaction."""
    ids = {paper.complaint_id for paper, _ in marks}
    queue_for_signatures(ids)
    renew_papers_out(ids)
    append_deeds(act, [CaseDeed(paper.complaint_id, DEEDS[act].format(paper), words) for paper, words in marks], by, at)


@dataclass(frozen=True)
class CaseDeed:
    """An act on the papers of a case that is no step: the words after the user's name, and its blanks by label."""

    complaint: int
    what: str
    blanks: Mapping[str, Words]


def append_deeds(act: str, deeds: Sequence[CaseDeed], by: User, at: datetime) -> None:
    """Append a history event for each; changes neither state nor version of a case, so open pages stay valid.

    Call inside the transaction, after all other writes."""
    ids = {deed.complaint for deed in deeds}
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_(ids))}
    day = at.astimezone(WIB).date()
    who = actor_with_title(viewer(by, day), posts_by_unit(day), ())
    entries = []
    for deed in deeds:
        case = cases[deed.complaint]
        entries.append(
            {
                "complaint": case.id,
                "state_from": case.state,
                "state_to": case.state,
                "round": case.round,
                "version": case.version,
                "at": at,
                "user": by.id,
                "who": who,
                "act": act,
                "together": len(deeds) - 1,
                "body": {"what": deed.what, **frozen_blanks(deed.blanks)},
            }
        )
    event.append(entries, open_seals(cases))
