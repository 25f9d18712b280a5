"""What counts no more but stays: what a recalled step issued, the papers and numbers of a void case, and the number
that a unit took whose disposition ended before the paper was issued."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.case.blanks import record_of
from models.fields.contacts import masked_words
from models.store.base import insert_rows
from models.store.rows import rewrites
from models.tables import number
from models.tables.paper import Paper, PaperVoid, queue_for_hands
from models.writer.move import Move
from sop import flow


def void_step(moves: Sequence[Move]) -> None:
    """Mark the record as recalled and the papers as void that the undone step left."""
    for m in moves:
        undone = flow.TRANSITIONS[m.undone]
        model = record_of(undone)
        if model:
            last = max((r.id for r in m.case.made if r.key == model.key and r.id), default=None)
            rewrites(model, [last] if last else [])
            model.update(recalled=True).where(model.id == last).execute()
        _void_papers(m, [p.key for p in undone.papers], m.since)


def void_all(moves: Sequence[Move]) -> None:
    """All that a void case holds."""
    for m in moves:
        _void_papers(m, list(flow.PAPERS), None)
        _void_numbers(m, number.valid_numbers_of(m.case.complaint))


def void_taken_numbers(moves: Sequence[Move]) -> None:
    """What was numbered under a disposition that ends; the register's number stays."""
    for m in moves:
        held = number.valid_numbers_of(m.case.complaint)
        _void_numbers(m, [n for n, series in held.items() if series != number.REGISTER])


def _void_numbers(m: Move, ids: Iterable[int]) -> None:
    rows = [{"number": n, "reason": _why(m), "by": m.case.user.id, "at": m.at} for n in ids]
    insert_rows(number.NumberVoid, rows)


def _void_papers(m: Move, kinds: list[str], since: datetime | None) -> None:
    void, c = PaperVoid.select(PaperVoid.paper), m.case.complaint
    of_round = (Paper.complaint == c.id) & (Paper.round == c.round) & Paper.kind.in_(kinds)
    papers = Paper.select(Paper.id).where(of_round & Paper.id.not_in(void))
    if since:
        papers = papers.where(Paper.issued_at >= since)
    rows = [{"paper": p, "reason": _why(m), "by": m.case.user.id, "at": m.at} for (p,) in papers.tuples()]
    if rows:
        insert_rows(PaperVoid, rows)
        queue_for_hands([c.id])


def _why(m: Move) -> str:
    words = (m.blanks.get("reason") or m.blanks.get("note") or "").strip()
    return f"{m.transition.label}: {masked_words(words)}"[:200] if words else m.transition.label
