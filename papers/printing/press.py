"""The print queue (press): prints each issued paper once, retries failures, returns stored PDFs, merged or zipped."""

import atexit
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import peewee as pw
from peewee import IntegrityError

from models.case.access_notes import is_secret
from models.case.content_parts import copies_of
from models.case.sheets import LeftOut, left_out_sheet, left_out_text
from models.complaint.event import append_written, open_seals
from models.complaint.paper import (
    Paper,
    PaperToPrint,
    PaperToReprint,
    PaperVoid,
    Print,
    PrintFailure,
    content_of,
    remove_from_print_queue,
    unprinted_papers,
)
from models.complaint.returned import SIGNED, PaperCopy, copy_bytes, returned_copies_of, signatures_in
from models.office import wording
from models.office.people import User
from models.store import files, tracked_rows
from models.store.base import PERIOD, PRINTING, among, database, insert_rows, now
from models.store.outage import DATABASE_ERRORS
from models.store.seal import BrokenSeal, KeyGone, Seal
from models.workflow.accesslog_seal import LATE, seal_access_log
from papers.layout.formats import Content
from papers.layout.pdf_metadata import author_of
from papers.printing.bundle import MergedPaper, ZippedFile, file_names, merge, page_count, stream_zip
from papers.printing.failure import PrintError, again_words
from papers.printing.printer import Printers
from sop.signers import label_of
from sop.words import day_of, format_date

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(days=1))


def pause_after(tries: int) -> timedelta:
    """The pause before the next attempt after so many failed ones."""
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]


def record_failure(paper: Paper, reason: str, at: datetime, *, for_good: bool = False) -> datetime | None:
    """Record a print failure and schedule the next attempt; its time, None for a permanent failure.

    Opening the paper also makes an attempt; the pause only grows after attempts that were scheduled.
    """
    with database.atomic():
        PrintFailure.create(paper=paper, reason=reason, at=at)
        if for_good:
            remove_from_print_queue(paper.id)
            return None
        PaperToPrint.delete().where(PaperToPrint.paper == paper).execute()
        scheduled: PaperToReprint | None = PaperToReprint.get_or_none(PaperToReprint.paper == paper)
        if scheduled is not None and scheduled.again_at > at:
            return scheduled.again_at
        tries = scheduled.tries + 1 if scheduled else 1
        again_at = at + pause_after(tries)
        if scheduled:
            PaperToReprint.update(tries=tries, again_at=again_at).where(PaperToReprint.paper == paper).execute()
        else:
            PaperToReprint.insert(paper=paper, tries=tries, again_at=again_at).on_conflict_ignore().execute()
        return again_at


def papers_to_retry(limit: int, at: datetime) -> list[int]:
    """Ids of papers whose next attempt is due, the longest due first."""
    due = PaperToReprint.select(PaperToReprint.paper).where(PaperToReprint.again_at <= at)
    order = (PaperToReprint.again_at, PaperToReprint.paper)
    return [number for (number,) in due.order_by(*order).limit(limit).tuples()]


def retry_now(papers: Iterable[int], at: datetime) -> int:
    """Reset the retry schedule of these papers, so that they are due at once; how many had one."""
    asked = PaperToReprint.update(tries=0, again_at=at).where(among(PaperToReprint.paper, papers))
    count = int(asked.execute())
    PRINTING.send_after_commit()
    return count


def retry_all_failed(at: datetime) -> None:
    """At start make all failed papers due at once, since the cause may be fixed.

    Includes papers that failed before retries were scheduled, which only have a PrintFailure row.
    """
    with database.atomic():
        printed = pw.fn.EXISTS(Print.select(pw.SQL("1")).where(Print.paper == PrintFailure.paper))
        waiting = pw.fn.EXISTS(PaperToReprint.select(pw.SQL("1")).where(PaperToReprint.paper == PrintFailure.paper))
        missed = PrintFailure.select(PrintFailure.paper).where(~printed & ~waiting).distinct().tuples()
        insert_rows(PaperToReprint, [{"paper": number, "tries": 0, "again_at": at} for (number,) in missed])
        PaperToReprint.update(tries=0, again_at=at).execute()


MERGED = "{} dokumen pengaduan"
COPIED = "SALINAN – aslinya ditandatangani secara elektronik"
MISSING = "0-TIDAK-DISERTAKAN.txt"  # sorts first in the folder
log = logging.getLogger(__name__)
_printer = Printers()
atexit.register(_printer.close)


def print_paper(paper_id: int) -> Print:
    """The paper's print, made now if there is none. PrintError (and a PrintFailure row) if it cannot be made."""
    done: Print | None = Print.get_or_none(Print.paper == paper_id)
    if done:
        return done
    paper, seal = _paper_and_seal(paper_id)
    try:
        content = content_of(paper, seal)
        if PaperVoid.select().where(PaperVoid.paper == paper).exists():  # a print that was made before stays unmarked
            content = {**content, "paper": {**content["paper"], "void": True}}
        pdf = _printer.pdf(with_inlined_emblem(content))
    except (PrintError, BrokenSeal) as failed:
        log.warning("paper %s could not be printed: %s", paper_id, getattr(failed, "detail", "broken seal"))
        again_at = record_failure(paper, str(failed), at := now(), for_good=isinstance(failed, KeyGone))
        raise PrintError(str(failed), of=str(paper), again=again_words(again_at, at)) from failed
    return _store(paper, seal, pdf)


def pdf_of(paper_id: int) -> bytes:
    """The paper's stored PDF, always the same bytes; printed now if it is not yet."""
    stored = print_paper(paper_id)
    paper, seal = _paper_and_seal(paper_id)
    try:
        return files.fetch(stored.path, seal, _label(paper))
    except KeyGone as gone:
        raise PrintError(str(gone)) from gone
    except (FileNotFoundError, BrokenSeal) as lost:
        log.error("print of paper %s cannot be read back: %s", paper_id, type(lost).__name__)
        raise PrintError("Cetakan dokumen ini hilang atau rusak di penyimpanan.") from lost


def draft_pdf(content: Content) -> bytes:
    """A paper that is not issued yet, marked KONSEP; not stored."""
    return _printer.pdf(with_inlined_emblem({**content, "paper": {**content["paper"], "draft": True}}))


def unissued_pdf(content: Content) -> bytes:
    """A paper without a case, such as the blank form and the printed SOP; not stored."""
    return _printer.pdf(with_inlined_emblem(content))


def with_inlined_emblem(content: Content) -> Content:
    """The content with its letterhead's emblem inlined, because the worker process cannot read it."""
    name = content.get("office", {}).get("emblem")
    if not name or "emblem" in content:
        return content
    data = wording.data_of(name)
    if data is None:
        raise PrintError("Lambang pada kop dokumen ini hilang atau berubah di penyimpanan.")
    return {**content, "emblem": wording.inline(data)}


def print_queued(limit: int = 100, stop: threading.Event | None = None, *, after: int = 0) -> int:
    """Print up to `limit` queued papers (`after`: only larger ids) and retries that are due, in parallel on all
    printers; how many were printed. Once `stop` is set only papers in progress are finished."""
    waiting = unprinted_papers(limit, after=after)
    waiting += papers_to_retry(limit - len(waiting), now())

    def print_unless_stopped(paper_id: int) -> bool:
        return not (stop and stop.is_set()) and _print_and_dequeue(paper_id)

    if len(waiting) < 2 or _printer.count < 2:
        return sum(map(print_unless_stopped, waiting))
    with ThreadPoolExecutor(_printer.count) as threads:
        return sum(threads.map(print_unless_stopped, waiting))


def _print_and_dequeue(paper_id: int) -> bool:
    try:
        with connection():
            print_paper(paper_id)
            remove_from_print_queue(paper_id)  # also if another process has printed it
    except PrintError:
        return False
    return True


def run_print_queue(
    stop: threading.Event, *, is_quiet: Callable[[], bool] = lambda: True, pause: float = PERIOD
) -> None:
    """Work the print queue until `stop` is set, and seal the access log of each finished day. Runs in a background
    thread or as a command.

    Papers that are issued meanwhile are printed at once. Those that waited before it began are its backlog: printed
    one at a time while `is_quiet`; otherwise one each `pause`.
    """
    sealed_on: date | None = None
    backlog_up_to: int | None = None  # largest paper id
    backlog_at = time.monotonic()
    while not stop.is_set():
        try:
            with connection():
                at = now()
                if (day := (at - LATE).date()) != sealed_on:
                    seal_access_log(at)
                    sealed_on = day
                if backlog_up_to is None:
                    retry_all_failed(at)
                    backlog_up_to = max(unprinted_papers(1), default=0)
                done = print_queued(25, stop, after=backlog_up_to)
                if not done and (is_quiet() or time.monotonic() - backlog_at >= pause):
                    done, backlog_at = _print_from_backlog(), time.monotonic()
        except (OSError, *DATABASE_ERRORS) as trouble:
            log.error("the press waits: %s", type(trouble).__name__)
            done = 0
        if not done:
            PRINTING.wait(stop, pause)


def _print_from_backlog() -> int:
    """Try to print the latest queued paper; whether there was one."""
    waiting = unprinted_papers(1)
    for paper_id in waiting:
        _print_and_dequeue(paper_id)
    return len(waiting)


def merged_pdf(
    papers: Iterable[Paper],
    left_out: Sequence[LeftOut] = (),
    *,
    by: User,
    demo: bool,
    duplex: bool = False,
    step: Callable[[], None] = lambda: None,
) -> bytes:
    """One PDF of the papers that this user chose, with a bookmark and the number of copies of each. If papers were left
    out or cannot be printed, a list of them comes first. PrintError with a sentence if none can be printed. `step` is
    called after each paper."""
    bound, missing, papers = [], list(left_out), list(papers)
    notes = copy_notes(papers)
    for paper in papers:
        try:
            bound.append(MergedPaper(str(paper), pdf_of(paper.id), _copies(paper), notes.get(paper.id, "")))
        except PrintError as failed:
            missing.append(LeftOut.of(paper, failed.unprinted))
        step()
    if not bound:
        raise PrintError(" ".join(f"{paper.title} {paper.number}: {paper.why}" for paper in missing[:3]))
    sheet = left_out_sheet(missing, len(bound), by=by, at=now(), demo=demo)
    if missing:
        bound.insert(0, MergedPaper(sheet["paper"]["title"], unissued_pdf(sheet)))
    return merge(bound, title=MERGED.format(len(bound) - bool(missing)), author=author_of(sheet), duplex=duplex)


def _copies(paper: Paper) -> int:
    paper, seal = _paper_and_seal(paper.id)
    return 1 if seal.is_gone or is_secret(paper.complaint) else copies_of(content_of(paper, seal))


def zip_of(
    papers: Iterable[Paper], left_out: Sequence[LeftOut] = (), step: Callable[[], None] = lambda: None
) -> Iterator[bytes]:
    """Stream a zip of these papers, with a list of those left out or not printable at its end, if there are any. `step`
    is called before each paper."""
    return stream_zip(_files(papers, left_out, step))


def copy_notes(papers: Sequence[Paper]) -> dict[int, str]:
    """What the copies of papers that came home signed electronically say of that, by paper id: merged with others, a
    file loses its signatures."""
    signed = _signed_copies(papers)
    seals = open_seals({paper.complaint_id for paper in papers if paper.id in signed}) if signed else {}
    notes = {}
    for paper in papers:
        if copy := signed.get(paper.id):
            by = [_signature_in_words(signature) for signature in signatures_in(copy, seals[paper.complaint_id])]
            notes[paper.id] = ": ".join(filter(None, (COPIED, ", ".join(by))))
    return notes


def _signature_in_words(signature: Mapping[str, str]) -> str:
    day = f" {format_date(day_of(datetime.fromisoformat(signature['signed_at'])))}" if signature["signed_at"] else ""
    return f"{label_of(signature['role']) or signature['signer']}{day}"


def _signed_copies(papers: Iterable[Paper]) -> dict[int, PaperCopy]:
    """The signed files of those papers that came home so."""
    home = returned_copies_of([paper.id for paper in papers])
    signed = {id: [copy for copy in copies if copy.kind == SIGNED] for id, copies in home.items()}
    return {id: copies[0] for id, copies in signed.items() if copies}


def _files(papers: Iterable[Paper], left_out: Sequence[LeftOut], step: Callable[[], None]) -> Iterator[ZippedFile]:
    count, missing, papers = 0, list(left_out), list(papers)
    with connection():
        signed = _signed_copies(papers)
    for paper, name in file_names(papers):
        step()
        try:
            with connection():
                data = _signed_bytes(signed[paper.id], paper) if paper.id in signed else pdf_of(paper.id)
        except PrintError as failed:
            missing.append(LeftOut.of(paper, failed.unprinted))
            continue
        count += 1
        yield ZippedFile(name, paper.issued_at, data)
    if missing:
        with connection():
            words = left_out_text(missing, count)
        yield ZippedFile(MISSING, now(), words.encode())


def _signed_bytes(copy: PaperCopy, paper: Paper) -> bytes:
    """The signed file; the print if it cannot be read."""
    try:
        return copy_bytes(copy, open_seals([paper.complaint_id])[paper.complaint_id])
    except (BrokenSeal, FileNotFoundError):
        return pdf_of(paper.id)


@contextmanager
def connection() -> Iterator[None]:
    """The thread's open database connection, or a new one until the block ends."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def _paper_and_seal(paper_id: int) -> tuple[Paper, Seal]:
    paper = Paper.get_by_id(paper_id)
    return paper, open_seals([paper.complaint_id])[paper.complaint_id]


def _label(paper: Paper) -> str:
    return f"print/{paper.public_id}"


def _store(paper: Paper, seal: Seal, pdf: bytes) -> Print:
    """Store the file, then the row; if another process was faster, return its row."""
    path = files.store_file(pdf, seal, _label(paper))
    try:
        with database.atomic():
            stored: Print = Print.create(
                paper=paper,
                sha256=hashlib.sha256(pdf).hexdigest(),
                path=path,
                size=len(pdf),
                pages=page_count(pdf),
                printed_at=now(),
            )
            tracked_rows.added(Print, paper.id)
            append_written()
            remove_from_print_queue(paper.id)
    except IntegrityError:
        stored = Print.get_by_id(paper.id)
    return stored
