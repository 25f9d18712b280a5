"""Many papers in one file: merged PDF, simplex or duplex, zip, covering lists."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, flash, make_response, request

from admin.door.flaskadmin import ViewPart
from admin.door.gate import action
from admin.door.rows import signed_in
from admin.lists.export import download_headers, pdf_response
from admin.lists.works import begin_file_work, large_work_page
from models.case import access_notes
from models.case.issued_lists import (
    COVERING_TITLE,
    NONE,
    IssuedList,
    content_of_list,
    count_own,
    issue_covering,
    to_sign,
)
from models.case.sheets import LeftOut
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperVoid, is_void, void_note
from models.complaint.scope import openable, visible
from models.demo.demo import is_demo
from models.office.long_work import Progress
from models.reading.casefile import CLOSED
from models.store.base import now
from papers.layout.pdf_metadata import author_of
from papers.printing import press
from papers.printing.bundle import MergedPaper, merge
from papers.printing.failure import PrintError
from sop.clock import WIB
from sop.words import format_number

DUPLEX_COOKIE, A_YEAR = "bolak-balik", 365 * 24 * 60 * 60
CHOICE, ASKED = "duplex", "duplex-asked"  # the checkbox, and a hidden field that says that the form has one


def duplex_chosen() -> bool:
    """The last choice on this device, from a cookie."""
    return request.cookies.get(DUPLEX_COOKIE) == "1"


def submitted_duplex() -> bool:
    """The form's choice; without the checkbox the last one on this device."""
    return CHOICE in request.form if ASKED in request.form else duplex_chosen()


def with_duplex_cookie(answer: Response, duplex: bool) -> Response:
    """Add the cookie with the choice to the response."""
    secure, word = request.is_secure, "1" if duplex else "0"
    answer.set_cookie(DUPLEX_COOKIE, word, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


MOST_PAPERS = 500
ALL_VOID = "Dokumen yang dipilih sudah batal, jadi tidak ada yang disertakan."
UNISSUED = "Belum ada dokumen yang terbit; konsep tidak disertakan."
OWN = f"{{}} dokumen menunggu tanda tangan Anda sendiri; untuk itu tidak ada {COVERING_TITLE}."
IDENTITY = "Dokumen ini memuat identitas dan kontak lengkap; hanya dibuka petugas dan pelaksana pengaduan ini."
RESERVED = f"{CLOSED}."


AT_ONCE = 25  # papers; more are asked for once more, and put together in a thread
CONFIRMED = "ya"  # field of the form that asks
NOT_SENT_AGAIN = ("csrf_token", "unduhan", CONFIRMED)
MERGE = "Gabungkan jadi satu PDF"


@dataclass(frozen=True)
class BundleWords:
    """What is done to many papers, and the kind of file that it makes."""

    act: str
    done: str
    ending: str
    kind: str


MERGING = BundleWords("Gabungkan", "digabungkan", "pdf", "application/pdf")
ZIPPING = BundleWords("Unduh zip", "dimasukkan ke zip", "zip", "application/zip")


def _zipped(papers: list[Paper], left_out: list[LeftOut], **more: Any) -> bytes:
    return b"".join(press.zip_of(papers, left_out, **more))


def _bundle_in_thread(
    progress: Progress, *, made: Callable[..., bytes], words: BundleWords, name: str, count: int
) -> str:
    """Store the file; the sentence that it is done, or why it is not."""
    try:
        progress.store_file(name, words.kind, made(step=progress.advance))
    except PrintError as failed:
        progress.fail(f"Dokumen tidak dapat digabungkan. {failed}")
        return progress.sentence
    return f"{format_number(count)} dokumen {words.done}."


class PaperBundles(ViewPart):
    """Part of lists of papers or of their cases: the chosen papers as one PDF, zip or covering lists."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        """A query for the papers of rows; override where rows are not papers."""
        return visible(signed_in(), Paper).where(Paper.id.in_(row_ids))

    def void_rows(self, row_ids: list[int]) -> Any:
        """A query for the void papers of rows, which `paper_rows` may exclude."""
        return self.paper_rows(row_ids).where(is_void())

    def case_rows(self, row_ids: list[int]) -> list[int]:
        """Ids of cases of rows that may have no paper yet; [] where rows are papers."""
        return []

    @property
    def duplex(self) -> bool:
        """Whether to merge for duplex printing, as last chosen on this device."""
        return duplex_chosen()

    @action("merge", MERGE)
    def merge(self, ids: list[int]) -> Any:
        duplex = submitted_duplex()
        answer = self._bundle(ids, partial(press.merged_pdf, by=signed_in(), demo=is_demo(), duplex=duplex), MERGING)
        return answer and with_duplex_cookie(make_response(answer), duplex)

    @action("zip", "Unduh zip")
    def zip(self, ids: list[int]) -> Any:
        return self._bundle(ids, _zipped, ZIPPING)

    def _bundle(self, ids: list[int], made: Callable[..., bytes], words: BundleWords) -> Any:
        """The chosen papers as one file. Many are asked for once more, with numbers, and put together in a thread."""
        valid, left_out = self._valid_and_left_out(ids)
        if not valid:
            return None
        if (count := len(valid)) > AT_ONCE and CONFIRMED not in request.form:
            words_of_left_out = f" ({format_number(len(left_out))} tidak dapat disertakan)" if left_out else ""
            question = f"{words.act} {format_number(count)} dokumen{words_of_left_out}?"
            fields = [item for item in request.form.items(multi=True) if item[0] not in NOT_SENT_AGAIN]
            more = {"action": request.full_path, "fields": [*fields, (CONFIRMED, "1")]}
            return large_work_page(self.view, question, words.act, back=self.view.return_url, **more)
        access_notes.log_papers_opened(valid, signed_in())
        name, kind = bundle_name(words.ending), words.kind
        if count > AT_ONCE:
            make = partial(_bundle_in_thread, made=partial(made, valid, left_out), words=words, name=name, count=count)
            again = self.view.return_url
            return begin_file_work(
                f"{words.act} {format_number(count)} dokumen", make, unit="dokumen", total=count, again=again
            )
        try:
            data = made(valid, left_out)
        except PrintError as failed:
            flash(f"Dokumen tidak dapat digabungkan. {failed}", "danger")
            return None
        return Response(data, mimetype=kind, headers=download_headers(name))

    @action("cover", COVERING_TITLE)
    def cover(self, ids: list[int], of_signers: Any = None) -> Any:
        papers = _chosen_papers(self.paper_rows(ids))
        if not papers:
            return None
        if not (unsigned := to_sign(papers, of_signers)):
            flash(NONE, "warning")
            return None
        if own := count_own(unsigned, signed_in()):
            flash(OWN.format(format_number(own)), "warning")
        if own == len(unsigned):
            return None
        issued = issue_covering(unsigned, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(_in_one_file(issued), "daftar-pengantar.pdf", download=True)

    def _valid_and_left_out(self, ids: list[int]) -> tuple[list[Paper], list[LeftOut]]:
        """The papers to include, and what is left out with reasons; flashes a message if there are none."""
        papers = _openable_papers(self.paper_rows(ids))
        void = _void(self.void_rows(ids))
        valid = [paper for paper in papers if paper not in void]
        if papers and not valid:
            flash(ALL_VOID, "warning")
        left_out = [LeftOut.of(paper, void_note(why)) for paper, why in void.items()]
        listed = [*papers, *void]
        closed = self.paper_rows(ids).where(Paper.id.not_in({paper.id for paper in listed}))
        in_order = closed.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS)
        left_out += [LeftOut.of(paper, RESERVED) for paper in in_order]
        unissued = set(self.case_rows(ids)) - {paper.complaint_id for paper in listed}
        cases = visible(signed_in(), Complaint).where(Complaint.id.in_(unissued)).order_by(Complaint.id)
        left_out += [LeftOut.case(case, UNISSUED) for case in cases]
        return valid, left_out


def _in_one_file(lists: list[IssuedList]) -> bytes:
    """The prints of issued lists; a single one keeps its signature fields."""
    contents = [content_of_list(paper) for paper in lists]
    prints = [press.unissued_pdf(content) for content in contents]
    if len(prints) == 1:
        return prints[0]
    papers = [MergedPaper(f"{paper}: {paper.about}", pdf) for paper, pdf in zip(lists, prints, strict=True)]
    return merge(papers, title=COVERING_TITLE, author=author_of(contents[0]))


def valid_papers_of(complaints: Iterable[int]) -> Any:
    """A query for the valid papers of these complaints that the user may see."""
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & ~is_void())


def void_papers_of(complaints: Iterable[int]) -> Any:
    """A query for the void papers of these complaints that the user may see."""
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & is_void())


def _void(query: Any) -> dict[Paper, str]:
    """Void papers with their reasons."""
    papers = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS))
    ids = [paper.id for paper in papers]
    why = dict(PaperVoid.select(PaperVoid.paper, PaperVoid.reason).where(PaperVoid.paper.in_(ids)).tuples())
    return {paper: why[paper.id] for paper in papers}


def _chosen_papers(query: Any) -> list[Paper]:
    """The same as `_openable_papers`; logs reading."""
    papers = _openable_papers(query)
    access_notes.log_papers_opened(papers, signed_in())
    return papers


def _openable_papers(query: Any) -> list[Paper]:
    """The papers that the user may open, by case; [] with a message if there are none or too many."""
    chosen = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS + 1))
    papers = openable(signed_in(), chosen)
    if not chosen:
        flash("Belum ada dokumen yang terbit untuk baris yang dipilih.", "warning")
    elif not papers:
        flash(IDENTITY, "warning")
    if len(papers) > MOST_PAPERS:
        flash(f"Paling banyak {MOST_PAPERS} dokumen sekaligus. Pilih lebih sedikit baris.", "warning")
        return []
    return papers


def bundle_name(ending: str) -> str:
    return f"dokumen-pengaduan-{datetime.now(WIB):%Y%m%d-%H%M}.{ending}"
