"""/dokumen/kembali/: papers that come home, signed electronically or scanned, and what became of each file."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request
from werkzeug.datastructures import FileStorage

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, TAKES_MANY, admits_to, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.works import announce, work_of_page
from admin.papers import marks
from models.complaint.codes import typed_code
from models.complaint.paper import Paper, Print
from models.complaint.returned import (
    CONFIRM,
    REFUSED,
    RETENTION,
    WAITING,
    ReturnedFile,
    ReturnedPage,
    delete_expired_returns,
    pages_of,
    refuse_returned,
    returned_files,
    store_returned,
    waiting_files,
)
from models.complaint.scope import openable, visible
from models.office.long_work import Progress, begin_following, register
from models.office.people import User, today
from models.store import files
from models.store.base import among, database, now
from models.store.outage import DATABASE_ERRORS
from models.store.seal import BrokenSeal
from models.workflow.marks import SIGNED as SIGNED_BY_HAND
from models.workflow.marks import refusals as mark_refusals
from models.workflow.write import ConcurrentUpdate
from papers.signing.returns import AssignedPages, drop_pages, judge, keep_scans, paper_to_scan, scan_objection
from papers.signing.scans import scan_kind
from sop.vocabulary import vocabulary
from sop.words import format_number

NOUN = "dokumen-kembali"
MOST_FILES, MOST_BYTES = 100, 100 * 1024 * 1024  # of one request, of one file
MEGABYTE = 1024 * 1024
LISTED, TOGETHER = 200, 32 * MEGABYTE  # files; bytes in memory at once, if more than one file
EVERY = "semua"  # instead of a paper's id
LONGEST_CODE = 120  # characters that are shown again
OF_PAGE = "Halaman {place}: {why}"
TICKED = "Dokumen yang dicentang sudah ditandatangani tidak mendapat halaman. Pilihkan, atau hapus centangnya."
NOTHING = "Pilih dokumen untuk sedikitnya satu halaman."
UNDATED = "Isi tanggal tanda tangan, paling lambat hari ini, atau kosongkan centang “sudah ditandatangani”."
FAULT = (
    "Berkas ini tidak dapat diperiksa karena gangguan pada panel. Kirim sekali lagi; bila berulang, sampaikan kepada "
    "pengelola."
)
ELSEWHERE = "Halaman pindaian ini sudah disimpan atau dihapus dari jendela lain; tidak ada yang disimpan dua kali."
INTERRUPTED = "Pemeriksaan terhenti; lanjutkan kapan saja."
JUDGED = "{} berkas sudah diperiksa."
CHOOSE = "Pilih dahulu berkasnya."
EMPTY, OTHER_KIND = "Berkasnya kosong.", "Isinya bukan PDF dan bukan gambar (JPG, PNG, HEIC, WebP, TIFF)."
TOO_LARGE = f"Berkasnya lebih dari {MOST_BYTES // MEGABYTE} MB."
TOO_MANY = f"Paling banyak {MOST_FILES} berkas sekali kirim; {{}} berkas terakhir tidak diterima."
TONES = {"waiting": "wait", "confirm": "warn", "home": "good", "refused": "bad"}
log = logging.getLogger(__name__)
_lock = threading.Lock()
_worker: list[threading.Thread] = []  # at most one, which leaves it under the lock once nothing waits


def is_at_work() -> bool:
    return any(thread.is_alive() for thread in _worker)


def begin_judging() -> None:
    """Start a thread that judges all files that wait, unless one runs in this process, which sees those that come."""
    with _lock:
        if not is_at_work():
            _worker[:] = [threading.Thread(target=_judge_waiting, name="kembali", daemon=True)]
            _worker[0].start()


def finish_judging() -> None:
    """Wait until the thread has judged what waits."""
    for thread in list(_worker):
        thread.join()


def _wait_until_judged(progress: Progress, measure: Callable[[], tuple[int, int]]) -> str:
    finish_judging()
    judged, sent = measure()
    if judged < sent:
        progress.fail(INTERRUPTED)
        return INTERRUPTED
    return JUDGED.format(format_number(sent))


def _sent_together(files: Sequence[ReturnedFile]) -> list[ReturnedFile]:
    """Of the user's files those that wait, and those that were sent since the oldest of them."""
    waiting = [file for file in files if file.state == WAITING]
    return [file for file in files if waiting and file.at >= waiting[-1].at]


def _judge_waiting() -> None:
    """One process after the other, as each judges whatever waits: two would take the same file."""
    try:
        with files.exclusive(), database.connection_context():
            while portion := _next_portion():
                _judge_portion(portion)
    except DATABASE_ERRORS as fault:
        log.error("returned files wait: %s", type(fault).__name__)


def _next_portion() -> list[ReturnedFile]:
    with _lock:
        portion = waiting_files(most_bytes=TOGETHER)
        if not portion:
            _worker.clear()
        return portion


def _judge_portion(portion: Sequence[ReturnedFile]) -> None:
    """Judge these files; one that cannot be is refused alone, so that the others go on."""
    try:
        judge(portion, at=now())
    except DATABASE_ERRORS:
        raise
    except Exception:
        log.exception("returned files cannot be judged")
        left = list(
            ReturnedFile.select().where(
                among(ReturnedFile.id, [file.id for file in portion]), ReturnedFile.state == WAITING
            )
        )
        if len(portion) == 1:
            for file in left:
                file.settle(REFUSED, FAULT)
        else:
            for file in left:
                _judge_portion([file])


class KembaliView(PageView):
    """/dokumen/kembali/, linked from the list of papers; each file is listed to who sent it."""

    noun, home, cost = NOUN, "dokumen", READS

    @expose("/")
    def index(self) -> str:
        return self._page()

    @expose("/", methods=("POST",), cost=TAKES_MANY)
    def take(self) -> Any:
        """Store what was sent, or say of each file why not; it is judged in a thread."""
        uploads = [upload for upload in request.files.getlist("berkas") if upload.filename]
        if not uploads:
            return make_response(self._page(CHOOSE), 422)
        delete_expired_returns(at := now())
        for upload in uploads[:MOST_FILES]:
            _take(upload, at)
        if len(uploads) > MOST_FILES:
            flash(TOO_MANY.format(format_number(len(uploads) - MOST_FILES)), "warning")
        self._begin()
        return redirect(self.get_url(".index"))

    @expose("/lanjutkan/", methods=("POST",))
    def go_on(self) -> Any:
        """Judge what still waits, as after a restart."""
        self._begin()
        return redirect(self.get_url(".index"))

    @expose("/<row:number>/")
    def scan(self, number: int) -> Any:
        """The pages of a scanned file, with the papers that they belong to, to be confirmed."""
        file = self._own_scan(number)
        return self._scan_page(file) if file.state == CONFIRM else self._done_elsewhere()

    @expose("/<row:number>/", methods=("POST",))
    def confirm(self, number: int) -> Any:
        """Store the pages as scans of the papers that were chosen for them."""
        file = self._own_scan(number)
        choice = ScanChoice.of_form(pages_of(file), signed_in())
        if file.state == CONFIRM and choice.wrong:
            return make_response(self._scan_page(file, choice), 422)
        try:
            for sentence in keep_scans(file, choice.assigned, by=signed_in(), at=now()):
                flash(sentence, "success")
        except ConcurrentUpdate:
            return self._done_elsewhere()
        return redirect(self.get_url(".scan", number=number) if file.state == CONFIRM else self.get_url(".index"))

    @expose("/<row:number>/hapus/", methods=("POST",))
    def drop(self, number: int) -> Any:
        """Delete the pages of a scanned file that are left."""
        file = self._own_scan(number)
        return redirect(self.get_url(".index")) if drop_pages(file) else self._done_elsewhere()

    def _begin(self) -> None:
        """Begin to judge what the user sent in, and show on every page how far that is."""
        user, at = signed_in(), now()
        sent = ReturnedFile.id.in_([file.id for file in _sent_together(list(returned_files(user, at).limit(LISTED)))])

        def measure() -> tuple[int, int]:
            judged = ReturnedFile.select().where(sent & (ReturnedFile.state != WAITING)).count()
            return judged, ReturnedFile.select().where(sent).count()

        if total := measure()[1]:
            page = self.get_url(".index")
            progress = register(
                "Pemeriksaan dokumen kembali", by=user, unit="berkas", url=page, total=total, measure=measure
            )
            announce()
            begin_judging()
            begin_following(progress, partial(_wait_until_judged, progress, measure))

    def _done_elsewhere(self) -> Any:
        flash(ELSEWHERE, "warning")
        return redirect(self.get_url(".index"))

    @expose("/halaman/<row:number>.jpg")
    def picture(self, number: int) -> Response:
        """A page of a scanned file that waits to be confirmed, for who sent it."""
        page = ReturnedPage.select(ReturnedPage, ReturnedFile).join(ReturnedFile)
        mine = (ReturnedPage.id == valid_id(number)) & (ReturnedFile.by == signed_in())
        try:
            data = page.where(mine).get().picture()
        except (ReturnedPage.DoesNotExist, FileNotFoundError, BrokenSeal):
            abort(404)
        return Response(data, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    def _own_scan(self, number: int) -> ReturnedFile:
        mine = (ReturnedFile.id == valid_id(number)) & (ReturnedFile.by == signed_in())
        file: ReturnedFile | None = ReturnedFile.get_or_none(mine & (ReturnedFile.is_scan == True))  # noqa: E712
        return file or abort(404)

    def _scan_page(self, file: ReturnedFile, choice: "ScanChoice | None" = None) -> str:
        pages = pages_of(file)
        papers = _papers_on(pages)
        counts = dict(Print.select(Print.paper, Print.pages).where(Print.paper.in_([*papers])).tuples())
        by_paper: dict[int, list[ReturnedPage]] = {}  # in the order of scanning
        for page in pages:
            by_paper.setdefault(page.paper_id, []).append(page)
        return str(
            self.render(
                "admin/papers/scan.html",
                file=file,
                pages_left=len(pages),
                sections=[(papers[id], chosen, counts.get(id, 0)) for id, chosen in by_paper.items() if id in papers],
                unmatched=[page for page in pages if page.paper_id not in papers],
                papers=papers,
                titles={key: paper.title for key, paper in vocabulary().papers.items()},
                choice=choice or ScanChoice.proposed(pages),
                may_mark=admits_to((marks.NOUN,)),
                today=today(),
            )
        )

    def _page(self, wrong: str = "") -> str:
        files = list(returned_files(signed_in(), now()).limit(LISTED))
        waiting, sent_with = [file for file in files if file.state == WAITING], _sent_together(files)
        papers = [file.paper_id for file in files if file.paper_id]
        return str(
            self.render(
                "admin/papers/returned.html",
                files=files,
                papers={paper.id: paper for paper in visible(signed_in(), Paper).where(Paper.id.in_(papers))},
                waiting=len(waiting),
                sent=len(sent_with),
                at_work=is_at_work(),
                work=work_of_page(request.path) if waiting else None,
                tones=TONES,
                days=RETENTION.days,
                most=MOST_BYTES // MEGABYTE,
                most_files=MOST_FILES,
                listed=LISTED if len(files) == LISTED else 0,
                wrong=wrong,
            )
        )


@dataclass(frozen=True)
class ScanChoice:
    """What was chosen for the pages of a scan, by page id, and what is wrong with it."""

    papers: dict[int, str]  # the paper's id; "" if the page is not to be stored
    orders: dict[int, str]  # the page's place within its paper
    codes: dict[int, str]  # as typed
    signed: frozenset[str] = frozenset()  # ids of papers that all their signers have signed, or EVERY
    day: str = ""
    wrong: str = ""
    assigned: tuple[AssignedPages, ...] = ()

    @classmethod
    def proposed(cls, pages: Sequence[ReturnedPage]) -> "ScanChoice":
        """What the codes on the pages say, in the order of scanning."""
        counts = Counter[int | None]()
        orders = {}
        for page in pages:
            counts[page.paper_id] += 1
            orders[page.id] = str(counts[page.paper_id])
        return cls({page.id: str(page.paper_id or "") for page in pages}, orders, {})

    @classmethod
    def of_form(cls, pages: Sequence[ReturnedPage], user: User) -> "ScanChoice":
        """What was submitted for these pages, and what it comes to."""

        def given(blank: str) -> dict[int, str]:
            return {page.id: request.form.get(f"{blank}-{page.id}", "").strip()[:LONGEST_CODE] for page in pages}

        signed = request.form.getlist("ditandatangani") if admits_to((marks.NOUN,)) else ()
        day = request.form.get("tanggal", "")
        typed = cls(given("dokumen"), given("urutan"), given("kode"), frozenset(signed), day)
        by_paper, wrong = typed._papers_of(pages, user)
        if EVERY in typed.signed:
            typed = replace(typed, signed=frozenset(str(paper.id) for paper in by_paper))
        assigned = [
            AssignedPages(paper, tuple(chosen), _day(day) if str(paper.id) in typed.signed else None)
            for paper, chosen in by_paper.items()
        ]
        return replace(typed, wrong=wrong or typed._fault_of(assigned), assigned=tuple(assigned))

    def _papers_of(self, pages: Sequence[ReturnedPage], user: User) -> tuple[dict[Paper, list[ReturnedPage]], str]:
        """The pages in order by the paper that was chosen for them, or whose code was typed; and what is wrong with
        one."""
        by_paper: dict[Paper, list[ReturnedPage]] = {}
        offered = _papers_on(pages)
        for page in sorted(pages, key=lambda page: (_number(self.orders[page.id]), page.place)):
            chosen = offered.get(int(self.papers[page.id])) if self.papers[page.id].isdecimal() else None
            paper, why = chosen, scan_objection(chosen) if chosen else ""
            if self.codes[page.id]:
                paper, why = paper_to_scan(typed_code(self.codes[page.id]), user)
            if why:
                return {}, OF_PAGE.format(place=page.place, why=why)
            if paper and page.path:
                by_paper.setdefault(paper, []).append(page)
        return by_paper, ""

    def _fault_of(self, assigned: Sequence[AssignedPages]) -> str:
        if not assigned:
            return NOTHING
        if self.signed - {str(scan.paper.id) for scan in assigned}:
            return TICKED
        if not self.signed:
            return ""
        if (day := _day(self.day)) is None:
            return UNDATED
        refused = mark_refusals([scan.paper for scan in assigned if scan.signed_on], SIGNED_BY_HAND, day)
        return next((f"{scan.paper}: {refused[scan.paper.id]}" for scan in assigned if scan.paper.id in refused), "")


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 5 else 0


def _papers_on(pages: Iterable[ReturnedPage]) -> dict[int, Paper]:
    """The papers that pages belong to or may belong to, by id, as far as the user may still open them."""
    ids = {id for page in pages for id in (page.paper_id, *page.candidates) if id}
    papers = visible(signed_in(), Paper).where(Paper.id.in_(ids)).order_by(Paper.id)
    return {paper.id: paper for paper in openable(signed_in(), papers)}


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day <= today() else None


def _take(upload: FileStorage, at: datetime) -> None:
    """Store one file, or list it with the sentence why not."""
    name, data = upload.filename or "", upload.stream.read(MOST_BYTES + 1)
    sentence = EMPTY if not data else TOO_LARGE if len(data) > MOST_BYTES else "" if scan_kind(data) else OTHER_KIND
    if sentence:
        refuse_returned(name, sentence, size=len(data), by=signed_in(), at=at)
    else:
        store_returned(name, data, by=signed_in(), at=at)


def views() -> list[PageView]:
    return [KembaliView(name="Dokumen kembali", endpoint="kembali", url="/dokumen/kembali")]
