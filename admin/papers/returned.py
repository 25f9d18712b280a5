"""/dokumen/kembali/: papers that come home, signed electronically or scanned, and what became of each file."""

import logging
import threading
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request
from werkzeug.datastructures import FileStorage

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, TAKES_MANY, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.export import pdf_response
from admin.papers.bundles import IDENTITY
from models.case import access_notes
from models.case.case import load
from models.complaint.event import open_seals
from models.complaint.paper import Paper
from models.complaint.returned import (
    RETENTION,
    WAITING,
    PaperCopy,
    copy_bytes,
    delete_expired_returns,
    refuse_returned,
    returned_files,
    store_returned,
    waiting_files,
)
from models.complaint.scope import openable, visible
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from models.store.upload_kinds import kind_of
from papers.printing.bundle import file_names
from papers.signing.returns import judge
from sop.words import format_number

NOUN = "dokumen-kembali"
MOST_FILES, MOST_BYTES = 100, 100 * 1024 * 1024  # of one request, of one file
MEGABYTE = 1024 * 1024
LISTED = 200  # files
CHOOSE = "Pilih dahulu berkasnya."
EMPTY, OTHER_KIND = "Berkasnya kosong.", "Isinya bukan PDF dan bukan gambar (JPG, PNG, HEIC, WebP)."
TOO_LARGE = f"Berkasnya lebih dari {MOST_BYTES // MEGABYTE} MB."
TOO_MANY = f"Paling banyak {MOST_FILES} berkas sekali kirim; {{}} berkas terakhir tidak diterima."
TONES = {"waiting": "wait", "confirm": "warn", "home": "good", "refused": "bad"}
log = logging.getLogger(__name__)
_lock = threading.Lock()
_worker: list[threading.Thread] = []


def is_at_work() -> bool:
    return any(thread.is_alive() for thread in _worker)


def begin_judging() -> None:
    """Start a thread that judges all files that wait, unless one runs in this process."""
    with _lock:
        if is_at_work():
            return
        _worker[:] = [threading.Thread(target=_judge_waiting, name="kembali", daemon=True)]
        _worker[0].start()


def finish_judging() -> None:
    """Wait until the thread has judged what waits."""
    for thread in list(_worker):
        thread.join()


def _judge_waiting() -> None:
    """Judge one file after the other, those too that come meanwhile."""
    try:
        with database.connection_context():
            while waiting := waiting_files():
                for file in waiting:
                    judge(file, at=now())
    except DATABASE_ERRORS as fault:
        log.error("returned files wait: %s", type(fault).__name__)


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
        begin_judging()
        return redirect(self.get_url(".index"))

    @expose("/lanjutkan/", methods=("POST",))
    def go_on(self) -> Any:
        """Judge what still waits, as after a restart."""
        begin_judging()
        return redirect(self.get_url(".index"))

    @expose("/<row:number>.pdf")
    def pdf(self, number: int) -> Response:
        """A paper's file that came home, as it came."""
        copy = PaperCopy.select(PaperCopy, Paper).join(Paper).where(PaperCopy.id == valid_id(number)).get_or_none()
        paper = visible(signed_in(), Paper).where(Paper.id == copy.paper_id).get_or_none() if copy else None
        if paper is None:
            abort(404)
        if not openable(signed_in(), [paper]):
            abort(403, IDENTITY)
        data = copy_bytes(copy, open_seals([paper.complaint_id])[paper.complaint_id])
        case = load([paper.complaint_id], signed_in(), now())[paper.complaint_id]
        access_notes.note(case, f"kembali {paper.kind}"[:60])
        [(_, name)] = file_names([paper])
        return pdf_response(data, f"{copy.kind}-{name}")

    def _page(self, wrong: str = "") -> str:
        files = list(returned_files(signed_in(), now()).limit(LISTED))
        waiting = [file for file in files if file.state == WAITING]
        sent_with = [file for file in files if waiting and file.at >= waiting[-1].at]
        papers = [file.paper_id for file in files if file.paper_id]
        return str(
            self.render(
                "admin/papers/returned.html",
                files=files,
                papers={paper.id: paper for paper in visible(signed_in(), Paper).where(Paper.id.in_(papers))},
                waiting=len(waiting),
                sent=len(sent_with),
                at_work=is_at_work(),
                tones=TONES,
                days=RETENTION.days,
                most=MOST_BYTES // MEGABYTE,
                most_files=MOST_FILES,
                wrong=wrong,
            )
        )


def _take(upload: FileStorage, at: datetime) -> None:
    """Store one file, or list it with the sentence why not."""
    name, data = upload.filename or "", upload.stream.read(MOST_BYTES + 1)
    sentence = EMPTY if not data else TOO_LARGE if len(data) > MOST_BYTES else "" if kind_of(data) else OTHER_KIND
    if sentence:
        refuse_returned(name, sentence, size=len(data), by=signed_in(), at=at)
    else:
        store_returned(name, data, by=signed_in(), at=at)


def views() -> list[PageView]:
    return [KembaliView(name="Dokumen kembali", endpoint="kembali", url="/dokumen/kembali")]
