"""Signing from the panel: which papers wait for a user's signature, and the run that has them signed in a thread.

A run is in memory alone, as NIK and passphrase are. A restart loses it but nothing that was signed: each paper is
stored in a transaction of its own.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import peewee as pw

from models.complaint.event import open_seals
from models.complaint.paper import (
    Paper,
    PaperHand,
    PaperToSign,
    is_signed_as,
    is_superseded,
    is_unsigned,
    is_void,
    signatures_of_people,
    signers_of,
    unsigned_among,
)
from models.complaint.returned import SIGNED, copy_bytes, returned_copies_of
from models.complaint.scope import Viewer, openable, visible
from models.office.long_work import Progress, running
from models.office.people import User, today
from models.office.settings import ISSUERS, values
from models.store.base import database, now
from models.store.seal import BrokenSeal
from models.workflow import marks
from papers.printing import press
from papers.printing.failure import PrintError
from papers.signing.reading import ReturnedPaper
from papers.signing.remote import NOT_TRIED, RequestedSignature, SigningOutcome, sign_waiting
from papers.signing.returns import keep_signed
from papers.signing.signing_ways import SigningWay

CLOSED = "Dokumen ini memuat identitas dan tidak terbuka bagi Anda."
REPLACED = "Dokumen ini sudah digantikan oleh yang terbit kemudian."
NOT_YOURS = "Dokumen ini tidak menunggu tanda tangan Anda."
YOURS_ALREADY = "Dokumen ini sudah Anda tanda tangani."
NOT_STORED = {
    marks.VOID: "Dokumen ini batal sementara ditandatangani; berkasnya tidak disimpan.",
    REPLACED: "Dokumen ini digantikan sementara ditandatangani; berkasnya tidak disimpan.",
}
LOST = "Berkas bertanda tangan dari dokumen ini hilang atau rusak di penyimpanan."
UNSTORED = "Sudah ditandatangani, tetapi tidak dapat disimpan panel."
SIGNED_OF = "{} dari {} dokumen ditandatangani."
ENDED = "Panel terganggu di tengah pengerjaan."
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class MissingSignature:
    """A signature of the user that a paper waits for: the role, and the name and title that are frozen on it."""

    paper: Paper
    role: str
    name: str
    title: str

    @property
    def signer(self) -> str:
        return ", ".join(filter(None, (self.name, self.title)))


@dataclass(frozen=True, kw_only=True)
class SigningChoice:
    """Of chosen papers the signatures that the user may give, and sentences about the others that he may see."""

    missing: tuple[MissingSignature, ...]
    refused: tuple[tuple[Paper, str], ...]


def waiting_papers(who: Viewer, most: int) -> list[Paper]:
    """The first papers that wait for the user's signature and that he may open, oldest first."""
    unsigned = unsigned_among(visible(who.user, Paper, who), signatures_of_people(who.accounts))
    few_columns = unsigned.select(Paper.id, Paper.kind, Paper.complaint)  # without the contents
    return openable(who.user, few_columns.order_by(Paper.id).limit(most))


def is_signed_by(people: Iterable[User]) -> pw.Expression:
    """Condition: one of these users has signed the paper."""
    own = (PaperHand.paper == Paper.id) & PaperHand.person.in_([user.id for user in people])
    return pw.fn.EXISTS(PaperHand.select(pw.SQL("1")).where(own & is_signed_as(PaperHand.role)))


def signing_choice(ids: Sequence[int], who: Viewer) -> SigningChoice:
    """What of these papers the user may sign now. Papers that he may not see are left out."""
    papers = list(visible(who.user, Paper, who).where(Paper.id.in_(list(ids))).order_by(Paper.id))
    own = signatures_of_people(who.accounts)
    chosen = Paper.select(Paper.id).where(Paper.id.in_([paper.id for paper in papers]))
    waiting, void, replaced, signed = (
        {number for (number,) in chosen.where(condition).tuples()}
        for condition in (is_unsigned(own), is_void(), is_superseded(), _is_signed_by(who.accounts))
    )
    may_open = {paper.id for paper in openable(who.user, papers)}
    ready = [paper for paper in papers if paper.id in waiting & may_open]

    def refusal(paper: Paper) -> str:
        if paper.id not in may_open:
            return CLOSED
        if paper.id in void | replaced:
            return marks.VOID if paper.id in void else REPLACED
        return YOURS_ALREADY if paper.id in signed else NOT_YOURS

    refused = tuple((paper, refusal(paper)) for paper in papers if paper not in ready)
    return SigningChoice(missing=tuple(_missing_signatures(ready, own)), refused=refused)


def _is_signed_by(people: Iterable[User]) -> pw.Expression:
    """Condition: one of these users has signed the paper."""
    own = (PaperHand.paper == Paper.id) & PaperHand.person.in_([user.id for user in people])
    return pw.fn.EXISTS(PaperHand.select(pw.SQL("1")).where(own & is_signed_as(PaperHand.role)))


def _missing_signatures(papers: Sequence[Paper], own: object) -> Iterator[MissingSignature]:
    pending = PaperToSign.select(PaperToSign.paper, PaperToSign.role)
    rows = set(pending.where(PaperToSign.paper.in_([paper.id for paper in papers]) & own).tuples())
    given, seals = marks.signatures_on(papers), open_seals({paper.complaint_id for paper in papers})
    for paper in papers:
        signers = signers_of(paper, seals[paper.complaint_id])
        for role, mark in given[paper.id].items():
            if (paper.id, role) in rows and not mark:
                who = signers.get(role, {})
                yield MissingSignature(
                    paper=paper, role=role, name=str(who.get("name", "")), title=str(who.get("title", ""))
                )


@dataclass(eq=False, kw_only=True)
class SigningRun:
    """One run of a user: what was asked for, and what came of it so far, by paper id and role."""

    public_id: str
    by: User
    missing: dict[tuple[int, str], MissingSignature]
    sentences: dict[tuple[int, str], str] = field(default_factory=dict)  # why not signed, or why signed and not marked
    signed: set[tuple[int, str]] = field(default_factory=set)
    is_over: bool = False
    progress: Progress | None = None

    @property
    def unsigned(self) -> list[int]:
        """The ids of papers of which a signature was not given."""
        return list(dict.fromkeys(paper for paper, role in self.missing if (paper, role) not in self.signed))

    def work(self, way: SigningWay) -> None:
        """Have all papers signed; whatever happens, the run is over afterwards and says of each what came of it."""
        reason = ""
        try:
            with database.connection_context(), self._progress_of_run():
                requests = [*self._requests()]
                issuers, keep = values()[ISSUERS], self._keep
                for outcome in sign_waiting(requests, way=way, keep=keep, issuers=issuers, on=today(), stop=_stopping):
                    self._note(outcome)
        except Exception as fault:  # of any kind: nobody waits for this thread
            log.error("signing ended: %s", type(fault).__name__)  # its words may quote what was sent
            reason = NOT_TRIED.format(ENDED)
        finally:
            for each in self.missing.keys() - self.signed:
                self.sentences.setdefault(each, reason)
            self.is_over = True

    @contextmanager
    def _progress_of_run(self) -> Iterator[None]:
        if self.progress is None:
            yield
            return
        with running(self.progress, lambda: SIGNED_OF.format(len(self.signed), len(self.missing))):
            yield

    def _requests(self) -> Iterator[RequestedSignature]:
        """Each paper is printed now if it is not yet; what cannot be printed is not asked for."""
        for key, missing in self.missing.items():
            try:
                printed = press.print_paper(missing.paper.id)
            except PrintError as failed:
                self.sentences[key] = str(failed)
            else:
                latest = partial(_file_in_force, missing.paper)
                name, title = missing.name, missing.title
                yield RequestedSignature(printed=printed, latest=latest, role=missing.role, name=name, title=title)

    def _keep(self, request: RequestedSignature, data: bytes, returned: ReturnedPaper) -> None:
        """Store the signed file and mark the signer, in one transaction."""
        key = request.printed.paper_id, request.role
        paper = self.missing[key].paper
        self.sentences[key] = UNSTORED  # stays if storing fails
        with database.atomic():
            if gone := _why_gone(paper):
                self.sentences[key] = NOT_STORED[gone]
                return
            case = open_seals([paper.complaint_id])[paper.complaint_id]
            _, sentence = keep_signed(paper, data, returned, case, by=self.by, at=now(), last_as=request.role)
            is_marked = marks.signatures_on([paper])[paper.id].get(request.role)
        self.signed.add(key)
        if is_marked:
            del self.sentences[key]
        else:
            words = sentence.removeprefix(f"{paper}: ")
            self.sentences[key] = f"{words[:1].upper()}{words[1:]}"

    def _note(self, outcome: SigningOutcome) -> None:
        if outcome.sentence:
            self.sentences[outcome.request.printed.paper_id, outcome.request.role] = outcome.sentence


def _why_gone(paper: Paper) -> str:
    """The sentence that a paper is void or replaced by now, "" if it is in force."""
    now_gone = {marks.VOID: is_void(), REPLACED: is_superseded()}
    chosen = Paper.select(pw.SQL("1")).where(Paper.id == paper.id)
    return next((sentence for sentence, condition in now_gone.items() if chosen.where(condition).exists()), "")


def _file_in_force(paper: Paper) -> bytes:
    """`latest_file` of a paper that is not replaced by now; PrintError with the sentence if it is."""
    if gone := _why_gone(paper):
        raise PrintError(gone)
    return latest_file(paper)


def latest_file(paper: Paper) -> bytes:
    """The paper as it is signed next: its best signed file, else its print; PrintError if it cannot be read."""
    for copy in returned_copies_of([paper.id]).get(paper.id, ()):
        if copy.kind == SIGNED:
            try:
                return copy_bytes(copy, open_seals([paper.complaint_id])[paper.complaint_id])
            except (BrokenSeal, FileNotFoundError) as lost:
                raise PrintError(LOST) from lost
    return press.pdf_of(paper.id)


_runs: dict[int, SigningRun] = {}  # the last one of each user, by user id
_threads: dict[int, threading.Thread] = {}
_lock = threading.Lock()
_stopping = threading.Event()  # the process ends: no run asks for another signature


def begin_run(
    missing: Sequence[MissingSignature],
    *,
    way: SigningWay,
    by: User,
    registered: Callable[["SigningRun"], Progress | None] = lambda run: None,
) -> tuple[SigningRun, bool]:
    """Begin a run in a thread, which alone has the way with its passphrase; else the run of the user that is at work,
    and False. `registered` makes the row of a run that begins, by which other pages find it."""
    asked = {(one.paper.id, one.role): one for one in missing}
    run = SigningRun(public_id=secrets.token_urlsafe(12), by=by, missing=asked)
    with _lock:
        if (last := _runs.get(by.id)) and not last.is_over:
            return last, False
        run.progress = registered(run)
        _runs[by.id] = run
        _threads[by.id] = threading.Thread(target=run.work, args=(way,), name="tanda-tangan", daemon=True)
        _threads[by.id].start()
    return run, True


def last_run(by: User) -> SigningRun | None:
    """The user's run that is at work, or his last one since the start of this process."""
    return _runs.get(by.id)


def finish_runs(left: Callable[[], float] = lambda: threading.TIMEOUT_MAX) -> None:
    """Wait for all runs, as long as `left` says."""
    for thread in list(_threads.values()):
        thread.join(left())


def stop_runs(left: Callable[[], float]) -> None:
    """As the process ends: let each run store what it has just had signed, and ask for nothing more."""
    _stopping.set()
    finish_runs(left)
