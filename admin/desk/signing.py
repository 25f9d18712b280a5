"""/meja/tanda-tangan/: papers that wait for one's own signature, signed electronically after the decision."""

import os
import re
from collections.abc import Iterable
from typing import Any

from flask import abort, flash, make_response, redirect, request

from admin.desk.offer import KEY, MOST, NOUN, SERVICE, configured_ways, signing_address
from admin.desk.queues import papers_url
from admin.door.flaskadmin import PageView
from admin.door.gate import CHECKS_PASSWORD, READS, expose
from admin.door.rows import signed_in, valid_ids
from admin.lists.works import announce, work_of_page
from admin.papers.status import OWN_SIGNATURE
from admin.sign_in.locked import NIK, PASSPHRASE
from admin.sign_in.second_factor import Unproven, require_proof_to_sign
from models.case import access_notes
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import viewer, visible
from models.office.long_work import Progress, register
from models.office.settings import ISSUERS, values
from models.reading.queue import own_papers_to_sign
from papers.signing.runs import SigningChoice, SigningRun, begin_run, last_run, signing_choice, waiting_papers
from papers.signing.signing_ways import SigningWay, credentials_objection, office_key, signing_service

WAYS = {SERVICE: "Layanan tanda tangan, dengan NIK dan passphrase Anda", KEY: "Kunci kantor"}
TOO_MANY = f"Paling banyak {MOST} dokumen ditandatangani sekaligus."
NOTHING = "Tidak ada dokumen terpilih yang dapat Anda tanda tangani secara elektronik."
NO_WAY = "Pilih cara menandatangani."
BUSY = "Penandatanganan Anda yang sebelumnya masih berjalan; yang baru Anda kirim belum dimulai. Tunggu dahulu."
GONE = (
    "Penandatanganan ini tidak ada lagi: ada yang lebih baru, panel dimulai ulang, atau bukan milik Anda. Dokumen yang "
    "sudah ditandatangani tetap tersimpan; sisanya masih menunggu tanda tangan Anda."
)


_SEPARATORS = re.compile(r"[\s.-]+")  # of a NIK that is typed in groups or pasted


class SigningView(PageView):
    """Not in the menu: the desk leads here, from the result of a decision and from what waits for a signature."""

    noun, home, cost = NOUN, "pengaduan", READS

    @expose("/")
    def index(self) -> Any:
        """The papers and what is asked before they are signed; without ids all that wait for the user. Who has not
        proved the identity lately does it first, since no other page may carry a passphrase."""
        if not configured_ways():
            return self._page_without_way()
        require_proof_to_sign()
        return self._page(_chosen(request.args.getlist("id")))

    @expose("/", methods=("POST",), cost=CHECKS_PASSWORD)
    def begin(self) -> Any:
        """Begin a run in a thread; its page tells how far it is."""
        if not configured_ways():
            return redirect(self.get_url(".index"))
        ids, is_asked = request.form.getlist("id") or request.args.getlist("id"), "cara" in request.form
        try:
            require_proof_to_sign()
        except Unproven:
            if not is_asked:
                raise
            return redirect(signing_address(valid_ids(ids)))
        if not is_asked:  # the proof was asked for before the form
            return redirect(signing_address(valid_ids(ids)))
        choice = _chosen(ids) if ids else SigningChoice(missing=(), refused=())
        way, wrong = _typed_way() if choice.missing else (None, "")
        if way is None:
            return self._page(choice, wrong)
        access_notes.log_papers_opened([missing.paper for missing in choice.missing], signed_in())
        run, is_new = begin_run(choice.missing, way=way, by=signed_in(), registered=self._register)
        if not is_new:
            flash(BUSY, "warning")
        return redirect(self.get_url(".progress", public_id=run.public_id))

    def _register(self, run: SigningRun) -> Progress:
        def measure() -> tuple[int, int]:
            return len(run.signed), len(run.missing)

        announce()
        url, again = self.get_url(".progress", public_id=run.public_id), self.get_url(".index")
        options: dict[str, Any] = {"url": url, "again": again, "total": len(run.missing), "measure": measure}
        return register("Tanda tangan elektronik", by=run.by, unit="dokumen", **options)

    @expose("/<code:public_id>/")
    def progress(self, public_id: str) -> str:
        """How far the user's run is; once it is over, what was not signed and why."""
        run = last_run(signed_in())
        if run is None or run.public_id != public_id:
            abort(404, GONE)
        is_over = run.is_over  # read before the rest, which is complete then
        failed = [key for key in run.missing if key in run.sentences] if is_over else []
        rows = [(run.missing[key].paper, key in run.signed, run.sentences[key]) for key in failed]
        _log_listed(paper for paper, _, _ in rows)
        return str(
            self.render(
                "admin/desk/signing_run.html",
                total=len(run.missing),
                signed=len(run.signed),
                is_over=is_over,
                work=None if is_over else work_of_page(request.path),
                rows=rows,
                again=signing_address(run.unsigned) if is_over and run.unsigned and configured_ways() else "",
            )
        )

    def _page_without_way(self) -> str:
        """How papers are signed by hand, and who sets up the electronic signature."""
        count, url = own_papers_to_sign(viewer(signed_in())), papers_url(OWN_SIGNATURE)
        return str(self.render("admin/desk/signing_off.html", count=count, url=url))

    def _page(self, choice: SigningChoice, wrong: str = "") -> Any:
        _log_listed(_papers_of(choice))
        ways, papers = configured_ways(), sorted({missing.paper.id for missing in choice.missing})
        page = self.render(
            "admin/desk/signing.html",
            missing=choice.missing,
            papers=papers,
            address=signing_address(papers),  # with the ids: loaded anew, the page asks for these papers, not for all
            numbers=_numbers_of(choice),
            refused=choice.refused,
            signers=list(dict.fromkeys(missing.signer for missing in choice.missing)),
            ways={key: words for key, words in WAYS.items() if key in ways},
            chosen=request.form.get("cara") if request.form.get("cara") in ways else ways[0],
            fields=(NIK, PASSPHRASE),
            unmarked=not values()[ISSUERS],
            wrong=wrong,
            nothing=NOTHING,
        )
        return make_response(page, 409 if not choice.missing else 422 if wrong else 200)


def _chosen(typed: list[str]) -> SigningChoice:
    """What of the papers with these ids the user may sign; of all that wait for him if there are none."""
    who = viewer(signed_in())
    if len(typed) > MOST:
        abort(400, TOO_MANY)
    return signing_choice(valid_ids(typed) if typed else [paper.id for paper in waiting_papers(who, MOST)], who)


def _typed_way() -> tuple[SigningWay | None, str]:
    """The way to sign as it was chosen, or why there is none."""
    way = request.form.get("cara", "")
    if way not in configured_ways():
        return None, NO_WAY
    if way == KEY:
        return office_key(os.environ), ""
    nik, passphrase = _SEPARATORS.sub("", request.form.get(NIK, "")), request.form.get(PASSPHRASE, "")
    if objection := credentials_objection(nik, passphrase):
        return None, objection
    return signing_service(os.environ, nik=nik, passphrase=passphrase), ""


def _papers_of(choice: SigningChoice) -> list[Paper]:
    return [*(missing.paper for missing in choice.missing), *(paper for paper, _ in choice.refused)]


def _numbers_of(choice: SigningChoice) -> dict[int, str]:
    """The numbers of the papers' complaints, by complaint id."""
    ids = {paper.complaint_id for paper in _papers_of(choice)}
    return dict(Complaint.select(Complaint.id, Complaint.number).where(Complaint.id.in_(ids)).tuples())


def _log_listed(papers: Iterable[Paper]) -> None:
    cases = {paper.complaint_id for paper in papers}
    listed = visible(signed_in(), Complaint).where(Complaint.id.in_(cases)) if cases else ()
    access_notes.log_list(signed_in(), "tanda tangan elektronik", listed)


def views() -> list[PageView]:
    return [SigningView(name="Tanda tangan elektronik", endpoint="tanda-tangan", url="/meja/tanda-tangan")]
