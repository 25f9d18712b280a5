"""What happens to a paper once it is printed: signed by hand, kept on a shelf. Each mark is a row and an entry."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from models.case.edits import signature
from models.fields.frozen import kept_in_order
from models.fields.words import value_in_words
from models.office.people import User, posts_by_unit
from models.store.base import Columns, Model, database, insert_rows, now
from models.tables import event
from models.tables.complaint import Complaint
from models.tables.event import open_seals
from models.tables.paper import (
    SIGNED_BY_HAND,
    Paper,
    PaperFiled,
    PaperSigned,
    PaperVoid,
    queue_for_hands,
    signer_of,
)
from models.tables.scope import viewer
from sop.clock import WIB
from sop.words import day_of, format_date

SIGNED, UNSIGNED, FILED = "signed", "unsigned", "filed"
LABELS = {SIGNED: "Tandai sudah ditandatangani", UNSIGNED: "Cabut tanda sudah ditandatangani", FILED: "Simpan di …"}
DEEDS = {
    SIGNED: "menandai {} sudah ditandatangani",
    UNSIGNED: "mencabut tanda sudah ditandatangani dari {}",
    FILED: "menyimpan {}",
}
VOID = "Dokumen ini sudah batal."
ALONG = "Dokumen ini diserahkan kepada pengadu; tidak ada yang menunggu tanda tangannya."
NOT_YET = "Dokumen ini belum ditandai sudah ditandatangani."
EARLY = "Terbit {day}; tanggal tanda tangan tidak boleh sebelum itu."
AHEAD = "Tanggal tanda tangan tidak boleh di masa depan."


def refusals(papers: Sequence[Paper], mark: str, on: date | None = None) -> dict[int, str]:
    """The sentence by id of each paper that cannot be marked so."""
    ids = [paper.id for paper in papers]
    void = {number for (number,) in PaperVoid.select(PaperVoid.paper).where(PaperVoid.paper.in_(ids)).tuples()}
    done = marks_on(ids)[0] if mark == UNSIGNED else {}
    told = {paper.id: _refusal(paper, mark, on, void, done) for paper in papers}
    return {number: sentence for number, sentence in told.items() if sentence}


def _refusal(paper: Paper, mark: str, on: date | None, void: set[int], done: dict[int, PaperSigned]) -> str:
    if mark == UNSIGNED:
        return "" if paper.id in done else NOT_YET
    if mark == SIGNED and paper.id in void:
        return VOID
    if mark == SIGNED and paper.kind not in SIGNED_BY_HAND:
        return ALONG
    issued = day_of(paper.issued_at)
    return EARLY.format(day=format_date(issued)) if on and on < issued else ""


def marks_on(ids: Sequence[int]) -> tuple[dict[int, PaperSigned], dict[int, PaperFiled]]:
    """The marks in force on these papers: who signed them and when, and where they are kept."""
    signed, filed = _last(PaperSigned, ids), _last(PaperFiled, ids)
    return {number: row for number, row in signed.items() if row.signed_on}, filed


def _last(model: type[Model], ids: Sequence[int]) -> dict[int, Any]:
    return {row.paper_id: row for row in model.select().where(model.paper.in_(list(ids))).order_by(model.id)}


def sign(
    papers: Sequence[Paper], *, by: User, on: date, signer: str = "", at: datetime | None = None
) -> dict[int, str]:
    """Note that papers were signed by hand, without a name each by its own signer; the sentences of those refused."""
    if on > day_of(at or now()):
        return {paper.id: AHEAD for paper in papers}
    with database.atomic():
        refused, signers = refusals(papers, SIGNED, on), {} if signer.strip() else signers_of(papers)
        rows = {paper: {"signer": (signers.get(paper.id) or signer).strip(), "signed_on": on} for paper in papers}
        _write(SIGNED, PaperSigned, rows, refused, by, at or now())
    return refused


def unsign(papers: Sequence[Paper], *, by: User, at: datetime | None = None) -> dict[int, str]:
    """Take such a mark back."""
    with database.atomic():
        refused = refusals(papers, UNSIGNED)
        rows: dict[Paper, Columns] = {paper: {"signer": "", "signed_on": None} for paper in papers}
        _write(UNSIGNED, PaperSigned, rows, refused, by, at or now())
    return refused


def file(papers: Sequence[Paper], *, by: User, place: str, at: datetime | None = None) -> dict[int, str]:
    """Note where papers are kept."""
    with database.atomic():
        _write(FILED, PaperFiled, {paper: {"place": place.strip()} for paper in papers}, {}, by, at or now())
    return {}


def signers_of(papers: Sequence[Paper]) -> dict[int, str]:
    """Who signs each paper, as frozen on it."""
    seals = open_seals({paper.complaint_id for paper in papers})
    return {paper.id: str(signer_of(paper, seals[paper.complaint_id]).get("name", "")) for paper in papers}


def _write(
    act: str, model: type[Model], rows: dict[Paper, Columns], refused: dict[int, str], by: User, at: datetime
) -> None:
    """The rows of those that are not refused, each with its entry in the history."""
    able = {paper: row for paper, row in rows.items() if paper.id not in refused}
    if not able:
        return
    insert_rows(model, [{"paper": paper.id, **row, "by": by.id, "at": at} for paper, row in able.items()])
    queue_for_hands({paper.complaint_id for paper in able})
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_({paper.complaint_id for paper in able}))}
    day = at.astimezone(WIB).date()
    who = signature(viewer(by, day), posts_by_unit(day), ())
    entries = [
        {
            **_standing(cases[paper.complaint_id]),
            "at": at,
            "user": by.id,
            "who": who,
            "act": act,
            "together": len(able) - 1,
            "body": {"what": DEEDS[act].format(paper), **kept_in_order(_mark_in_words(model, row))},
        }
        for paper, row in able.items()
    ]
    event.append(entries, open_seals(cases))


def _standing(case: Complaint) -> Columns:
    """The case as it stood: a mark moves nothing, so its version stays and no open page grows stale by it."""
    return {
        "complaint": case.id,
        "state_from": case.state,
        "state_to": case.state,
        "round": case.round,
        "version": case.version,
    }


def _mark_in_words(model: type[Model], row: Columns) -> dict[str, str]:
    """A mark in words, by label; nothing is said of what is blank."""
    return {str(model._meta.fields[name].verbose_name): value_in_words(value) for name, value in row.items() if value}
