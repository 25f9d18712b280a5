"""The press: prints issued papers once, tries again, hands them out."""

import atexit
import hashlib
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
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
    leave_press,
    unprinted_papers,
)
from models.office import wording
from models.store import files, witness
from models.store.base import among, database, insert_rows, now
from models.store.outage import DATABASE_ERRORS
from models.store.seal import BrokenSeal, KeyGone, Seal
from models.workflow.accesslog_seal import LATE, seal_notes
from papers.layout.formats import Content
from papers.layout.titled import author_of
from papers.printing.bundle import Bound, Packed, file_names, merge, page_count, pour
from papers.printing.failure import PrintError, again_words
from papers.printing.printer import Printers

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


MERGED = "{} dokumen pengaduan"
UNPRINTED = "Gagal dicetak. {}"
MISSING = "0-TIDAK-DISERTAKAN.txt"  # first among the files of a folder
log = logging.getLogger(__name__)
_printer = Printers()
atexit.register(_printer.close)


def print_paper(paper_id: int) -> Print:
    """The paper's one print, made now if there is none. PrintError (and a PrintFailure row) if it cannot be made."""
    done: Print | None = Print.get_or_none(Print.paper == paper_id)
    if done:
        return done
    paper, seal = _opened(paper_id)
    try:
        pdf = _printer.pdf(with_emblem(_as_it_stands(paper, content_of(paper, seal))))
    except (PrintError, BrokenSeal) as failed:
        log.warning("paper %s could not be printed: %s", paper_id, getattr(failed, "detail", "broken seal"))
        again_at = set_aside(paper, str(failed), at := now(), for_good=isinstance(failed, KeyGone))
        raise PrintError(str(failed), of=str(paper), again=again_words(again_at, at)) from failed
    return _keep(paper, seal, pdf)


def pdf_of(paper_id: int) -> bytes:
    """The paper's PDF, always the same bytes; printed first if need be."""
    kept = print_paper(paper_id)
    paper, seal = _opened(paper_id)
    try:
        return files.fetch(kept.path, seal, _label(paper))
    except KeyGone as gone:
        raise PrintError(str(gone)) from gone
    except (FileNotFoundError, BrokenSeal) as lost:
        log.error("print of paper %s cannot be read back: %s", paper_id, type(lost).__name__)
        raise PrintError("Cetakan dokumen ini hilang atau rusak di penyimpanan.") from lost


def draft_pdf(content: Content) -> bytes:
    """A paper that is not issued yet, marked KONSEP; it is not kept."""
    return _printer.pdf(with_emblem({**content, "paper": {**content["paper"], "draft": True}}))


def loose_pdf(content: Content) -> bytes:
    """A paper that is about no case, as the blank form and the SOP's sheet; it is not kept."""
    return _printer.pdf(with_emblem(content))


def with_emblem(content: Content) -> Content:
    """The content with the emblem of its letterhead, which the child cannot fetch by itself."""
    name = content.get("office", {}).get("emblem")
    if not name or "emblem" in content:
        return content
    data = wording.data_of(name)
    if data is None:
        raise PrintError("Lambang pada kop dokumen ini hilang atau berubah di penyimpanan.")
    return {**content, "emblem": wording.inline(data)}


def print_waiting(limit: int = 100, stop: threading.Event | None = None) -> int:
    """Print up to `limit` papers that wait, as many at a time as there are printers; how many were printed. Told to
    stop, it finishes those in hand."""
    waiting = unprinted_papers(limit)
    waiting += due_papers(limit - len(waiting), now())

    def printed(paper_id: int) -> bool:
        return not (stop and stop.is_set()) and _printed(paper_id)

    if len(waiting) < 2 or _printer.count < 2:
        return sum(map(printed, waiting))
    with ThreadPoolExecutor(_printer.count) as hands:
        return sum(hands.map(printed, waiting))


def follow(stop: threading.Event, *, pause: float = 2.0) -> None:
    """Print what waits, and what comes, until told to stop. Runs in a thread or a command of its own."""
    sealed, begun = None, False
    while not stop.is_set():
        try:
            with connection():
                sealed, begun = _seal_once(now(), sealed), begun or begin_anew(now())
                done = print_waiting(25, stop)
        except (OSError, *DATABASE_ERRORS) as trouble:
            log.error("the press waits: %s", type(trouble).__name__)
            done = 0
        if not done:
            stop.wait(pause)


def _seal_once(at: datetime, sealed: date | None) -> date:
    """What the access log noted is sealed once its day is over; `sealed` is the day on which that was done last."""
    day = (at - LATE).date()
    if day != sealed:
        seal_notes(at)
    return day


def merged_pdf(papers: Iterable[Paper], left_out: Sequence[LeftOut] = (), *, demo: bool, duplex: bool = False) -> bytes:
    """One PDF of these papers, with a bookmark each, in as many copies as each says; before them a sheet that says
    what was left out: that, and what cannot be printed. PrintError in a sentence if nothing can."""
    bound, missing = [], list(left_out)
    for paper in papers:
        try:
            bound.append(Bound(str(paper), pdf_of(paper.id), _copies(paper)))
        except PrintError as failed:
            missing.append(LeftOut(str(paper), UNPRINTED.format(failed)))
    if not bound:
        raise PrintError(" ".join(f"{one.title}: {one.why}" for one in missing[:3]))
    sheet = left_out_sheet(missing, len(bound), at=now(), demo=demo)
    if missing:
        bound.insert(0, Bound(sheet["paper"]["title"], loose_pdf(sheet)))
    return merge(bound, title=MERGED.format(len(bound) - bool(missing)), author=author_of(sheet), duplex=duplex)


def _copies(paper: Paper) -> int:
    paper, seal = _opened(paper.id)
    return 1 if seal.is_gone or is_secret(paper.complaint) else copies_of(content_of(paper, seal))


def zip_of(papers: Iterable[Paper], left_out: Sequence[LeftOut] = ()) -> Iterator[bytes]:
    """A zip of these papers, streamed; a text after them says what was left out: that, and what cannot be printed."""
    return pour(_files(papers, left_out))


def _files(papers: Iterable[Paper], left_out: Sequence[LeftOut]) -> Iterator[Packed]:
    taken, missing = 0, list(left_out)
    for paper, name in file_names(papers):
        try:
            with connection():
                data = pdf_of(paper.id)
        except PrintError as failed:
            missing.append(LeftOut(str(paper), UNPRINTED.format(failed)))
            continue
        taken += 1
        yield Packed(name, paper.issued_at, data)
    if missing:
        yield Packed(MISSING, at := now(), left_out_text(missing, taken, at=at).encode())


@contextmanager
def connection() -> Iterator[None]:
    """The thread's database connection: the one that is open, else one for as long as this lasts."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def _printed(paper_id: int) -> bool:
    try:
        with connection():
            print_paper(paper_id)
            leave_press(paper_id)  # whoever was faster has printed it, and this queue still had it
    except PrintError:
        return False
    return True


def _opened(paper_id: int) -> tuple[Paper, Seal]:
    paper = Paper.get_by_id(paper_id)
    return paper, open_seals([paper.complaint_id])[paper.complaint_id]


def _as_it_stands(paper: Paper, content: Content) -> Content:
    """The content, marked BATAL if the paper was void before it was ever printed; what is printed stays as it is."""
    void = PaperVoid.select().where(PaperVoid.paper == paper).exists()
    return {**content, "paper": {**content["paper"], "void": True}} if void else content


def _label(paper: Paper) -> str:
    return f"print/{paper.public_id}"


def _keep(paper: Paper, seal: Seal, pdf: bytes) -> Print:
    """File first, then the row; if another printer was faster, its row counts."""
    path = files.keep(pdf, seal, _label(paper))
    try:
        with database.atomic():
            kept: Print = Print.create(
                paper=paper,
                sha256=hashlib.sha256(pdf).hexdigest(),
                path=path,
                size=len(pdf),
                pages=page_count(pdf),
                printed_at=now(),
            )
            witness.added(Print, paper.id)
            append_written()
            leave_press(paper.id)
    except IntegrityError:
        kept = Print.get_by_id(paper.id)
    return kept
