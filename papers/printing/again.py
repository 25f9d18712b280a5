"""What could not be printed is tried again: after pauses that grow, when somebody asks, whenever a press begins."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import peewee as pw

from models.complaint.paper import Paper, PaperToPrint, PaperToReprint, Print, PrintFailure, leave_press
from models.store.base import among, database, insert_rows

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(days=1))


def pause_after(tries: int) -> timedelta:
    """How long a paper rests after so many tries in vain."""
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]


def set_aside(paper: Paper, reason: str, at: datetime, *, for_good: bool = False) -> datetime | None:
    """Keep why a paper could not be printed; when it is tried again, None if no try could ever succeed.

    Whoever opens it meanwhile tries it as well; only when its turn had come does the next pause grow.
    """
    with database.atomic():
        PrintFailure.create(paper=paper, reason=reason, at=at)
        if for_good:
            leave_press(paper.id)
            return None
        PaperToPrint.delete().where(PaperToPrint.paper == paper).execute()
        return _next_turn(paper, at)


def _next_turn(paper: Paper, at: datetime) -> datetime:
    waits: PaperToReprint | None = PaperToReprint.get_or_none(PaperToReprint.paper == paper)
    if waits is not None and waits.again_at > at:
        return waits.again_at
    tries = waits.tries + 1 if waits else 1
    turn = {"tries": tries, "again_at": at + pause_after(tries)}
    if waits:
        PaperToReprint.update(**turn).where(PaperToReprint.paper == paper).execute()
    else:
        PaperToReprint.insert(paper=paper, **turn).on_conflict_ignore().execute()
    return at + pause_after(tries)


def due_papers(limit: int, at: datetime) -> list[int]:
    """Ids of papers that are to be tried again by now, the longest due first."""
    due = PaperToReprint.select(PaperToReprint.paper).where(PaperToReprint.again_at <= at)
    order = (PaperToReprint.again_at, PaperToReprint.paper)
    return [number for (number,) in due.order_by(*order).limit(limit).tuples()]


def ask_again(papers: Iterable[int], at: datetime) -> int:
    """Let the press try these papers at once, as if for the first time; how many of them had failed."""
    asked = PaperToReprint.update(tries=0, again_at=at).where(among(PaperToReprint.paper, papers))
    return int(asked.execute())


def begin_anew(at: datetime) -> bool:
    """All that ever failed is tried at once: what was broken may be mended, since the press has just begun.

    Also what failed before it was kept which papers did: looked for among the failures, once a start.
    """
    with database.atomic():
        printed = pw.fn.EXISTS(Print.select(pw.SQL("1")).where(Print.paper == PrintFailure.paper))
        waiting = pw.fn.EXISTS(PaperToReprint.select(pw.SQL("1")).where(PaperToReprint.paper == PrintFailure.paper))
        missed = PrintFailure.select(PrintFailure.paper).where(~printed & ~waiting).distinct().tuples()
        insert_rows(PaperToReprint, [{"paper": number, "tries": 0, "again_at": at} for (number,) in missed])
        PaperToReprint.update(tries=0, again_at=at).execute()
    return True
