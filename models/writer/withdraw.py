"""What counts no more but stays: what a recalled step issued, the papers and numbers of a void case, and the number
that a unit took whose disposition ended before the paper was issued."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.case.blanks import record_of
from models.store.base import insert_rows
from models.tables import number
from models.tables.paper import Paper, PaperVoid
from models.writer.move import Move
from sop import flow
from sop.procedure import Transition


def withdraw(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """Mark as void what a recalled step issued, what was numbered under a disposition that ends, or all that a void
    case holds; call inside the transaction."""
    for m in moves:
        if step.effect == "recall":
            _recall(m, step, at)
        elif step.effect == "void":
            _void_papers(m, step, at, m.case.complaint.round, list(flow.PAPERS), None)
            _void_numbers(m, step, at, number.held(m.case.complaint))
        elif step.effect == "end_leg":
            held = number.held(m.case.complaint)
            _void_numbers(m, step, at, [n for n, series in held.items() if series != number.REGISTER])


def _void_numbers(m: Move, step: Transition, at: datetime, ids: Iterable[int]) -> None:
    rows = [{"number": n, "reason": _why(m, step), "by": m.case.user.id, "at": at} for n in ids]
    insert_rows(number.NumberVoid, rows)


def _recall(m: Move, step: Transition, at: datetime) -> None:
    undone = flow.TRANSITIONS[m.undone]
    model = record_of(undone)
    if model:
        last = max((r["id"] for r in m.case.made if r["key"] == model.key and "id" in r), default=None)
        model.update(recalled=True).where(model.id == last).execute()
    _void_papers(m, step, at, m.case.complaint.round, [p.key for p in undone.papers], m.since)


def _void_papers(
    m: Move, step: Transition, at: datetime, round_: int, kinds: list[str], since: datetime | None
) -> None:
    void = PaperVoid.select(PaperVoid.paper)
    papers = Paper.select(Paper.id).where(
        (Paper.complaint == m.case.complaint.id)
        & (Paper.round == round_)
        & Paper.kind.in_(kinds)
        & Paper.id.not_in(void)
    )
    if since:
        papers = papers.where(Paper.issued_at >= since)
    insert_rows(
        PaperVoid, [{"paper": p, "reason": _why(m, step), "by": m.case.user.id, "at": at} for (p,) in papers.tuples()]
    )


def _why(m: Move, step: Transition) -> str:
    words = (m.blanks.get("reason") or m.blanks.get("note") or "").strip()
    return f"{step.label}: {words}"[:200] if words else step.label
