"""/dokumen/perjalanan/: how far papers have come: of a case, of a Daftar Pengantar, or those out; with a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, flash, redirect, request, url_for
from werkzeug.local import LocalProxy

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, admits_to, belongs_to, expose
from admin.door.rows import signed_in, valid_id, valid_ids
from admin.door.sessions import cached_per_request
from admin.papers import marks, returned
from models.case import access_notes
from models.case.access_notes import HIDDEN, WITHHELD, is_secret
from models.case.case import load
from models.case.issued_lists import IssuedList, may_list
from models.complaint.number import COVERING
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, viewer, visible
from models.complaint.taken import PaperTaken
from models.reading.casefile import MOST_LISTED
from models.reading.paper_progress import (
    OutTooLong,
    PaperProgress,
    out_on,
    out_too_long,
    papers_on_list,
    papers_out,
    progress_of,
)
from models.reading.queue import brings_papers
from models.store.base import now
from models.workflow.marks import SIGNED
from sop.words import format_date, format_number

NOUN = "perjalanan-dokumen"
WHAT = "perjalanan dokumen"
OUT, OWN, ALL = "di-luar", "saya", "1"  # the argument of the address for papers that are out, and its values
PER_PAGE = 20
NONE_TICKED = "Centang dahulu dokumen yang sudah ditandatangani."
TOO_LONG = "Di luar lebih dari {days} hari kerja: {count} dokumen, terlama sejak {oldest}."
OWN_TOO_LONG = (
    "Dibawa kepada Anda lebih dari {days} hari kerja yang lalu dan belum ditandai sudah ditandatangani: {count} "
    "dokumen, terlama sejak {oldest}."
)


def case_url(case: int) -> str:
    return url_for("perjalanan.index", pengaduan=case)


def list_url(covering: int) -> str:
    return url_for("perjalanan.index", daftar=covering)


def out_url(*, own: bool, page: int = 1) -> str:
    asked = {OUT: OWN if own else ALL} | ({"hal": str(page)} if page > 1 else {})
    return f"{url_for('perjalanan.index')}?{urlencode(asked)}"


@dataclass(frozen=True)
class ListedPaper:
    """A paper of a Daftar Pengantar. If its case is closed to the reader, nothing is told of it but its kind, and of a
    rahasia case its steps, as on the list itself, but without the register number: no screen tells that of a case that
    one may not read. `is_pending`: it lacks the signature that it was taken for."""

    progress: PaperProgress
    opens: bool
    is_pending: bool

    @property
    def hidden(self) -> str:
        return "" if self.opens or is_secret(self.progress.case) else HIDDEN


class PerjalananView(PageView):
    """/dokumen/perjalanan/, linked from the papers, from a case's page and from the issued lists."""

    noun, home, cost = NOUN, "dokumen", READS

    @expose("/")
    def index(self) -> str:
        """The papers of one case, of one Daftar Pengantar, or those that are out."""
        if "pengaduan" in request.args:
            return self._of_case(valid_id(request.args["pengaduan"]))
        if "daftar" in request.args:
            return self._of_list(_covering(request.args["daftar"]))
        return self._out(valid_id(request.args.get("hal", "1")), own=request.args.get(OUT) == OWN)

    @expose("/tandai/")
    @belongs_to(marks.NOUN)
    def mark(self) -> Any:
        """The page of marks for the ticked papers of a list, preset to whom the list was brought."""
        covering = _covering(request.args.get("daftar"))
        ids = valid_ids(request.args.getlist("papers"))
        if not ids:
            flash(NONE_TICKED, "warning")
            return redirect(list_url(covering.id))
        takings = [taking for taking in papers_on_list(covering) if taking.paper_id in ids]
        papers = list(visible(signed_in(), Paper).where(Paper.id.in_([taking.paper_id for taking in takings])))
        if len(papers) != len(ids):
            abort(404)
        form = marks.form_of(SIGNED, papers, roles={taking.role for taking in takings})
        return marks.marks_page(SIGNED, papers, form, back=list_url(covering.id))

    def _of_case(self, number: int) -> str:
        case = load([number], signed_in(), now()).get(number) or abort(404)
        access_notes.note(case, WHAT)
        papers = list(Paper.select().where(Paper.complaint == number).order_by(Paper.id))
        return self._page(case=case.complaint, papers=progress_of(papers, alone=True))

    def _of_list(self, covering: IssuedList) -> str:
        listed = _listed_papers(papers_on_list(covering))
        cases = [listed_paper.progress.case for listed_paper in listed if not listed_paper.hidden]
        access_notes.log_list(signed_in(), WHAT, cases, asked=covering.number.text)
        return self._page(
            covering=covering,
            listed=listed,
            marks_them=admits_to((marks.NOUN,)),
            takes_back=admits_to((returned.NOUN,)),
            withheld=WITHHELD,
            pending=sum(one.is_pending for one in listed),
        )

    def _out(self, page: int, *, own: bool) -> str:
        who, page = viewer(signed_in()), max(page, 1)
        rows = papers_out(who, now(), own=own, first=(page - 1) * PER_PAGE, most=PER_PAGE + 1)
        access_notes.log_list(signed_in(), WHAT, [one.progress.case for one in rows[:PER_PAGE]])
        return self._page(
            out=rows[:PER_PAGE],
            own=own,
            before=out_url(own=own, page=page - 1) if page > 1 else "",
            behind=out_url(own=own, page=page + 1) if len(rows) > PER_PAGE else "",
            other=out_url(own=not own) if who.lanes else "",
        )

    def _page(self, **shown: Any) -> str:
        return str(self.render("admin/papers/progress.html", list_url=list_url, may_open=_lists_to_open, **shown))


def _covering(typed: Any) -> IssuedList:
    """The Daftar Pengantar with this id; 404 unless the user may list it."""
    mine = may_list(viewer(signed_in())) & (IssuedList.id == valid_id(typed)) & (IssuedList.kind == COVERING)
    covering: IssuedList = IssuedList.select().where(mine).get_or_none() or abort(404)
    return covering


def _listed_papers(takings: Sequence[PaperTaken]) -> list[ListedPaper]:
    ids = [taking.paper_id for taking in takings]
    readable = {paper.id for paper in visible(signed_in(), Paper).where(Paper.id.in_(ids))}
    pending = out_on(takings)
    return [
        ListedPaper(one, one.paper.id in readable, one.paper.id in pending)
        for one in progress_of(taking.paper for taking in takings)
    ]


def _lists_to_open() -> bool:
    """Whether the user may open every Daftar Pengantar, so that each can be a link."""
    return viewer(signed_in()).reads_most


class PapersOutCard:
    """The papers that are out for too long: all that the user may read, if he brings them to the signers, else his own.
    Queried only if the template uses it, by one statement."""

    @cached_property
    def _late(self) -> OutTooLong | None:
        who = self._who
        return out_too_long(who, now(), own=not brings_papers(who)) if who.lanes else None

    @property
    def _who(self) -> Viewer:
        return viewer(signed_in())

    @property
    def count(self) -> int:
        return self._late.count if self._late else 0

    @property
    def sentence(self) -> str:
        """ "" if none is."""
        if not self._late or not self._late.count:
            return ""
        count = f"lebih dari {format_number(MOST_LISTED)}" if self.count > MOST_LISTED else format_number(self.count)
        words = TOO_LONG if brings_papers(self._who) else OWN_TOO_LONG
        return words.format(days=self._late.days, count=count, oldest=format_date(self._late.oldest))

    @property
    def url(self) -> str:
        return out_url(own=not brings_papers(self._who))


def install(app: Flask) -> None:
    """Provide `papers_out` to templates; lazy, so that pages without it do not query the database."""
    app.jinja_env.globals["papers_out"] = LocalProxy(_card)


@cached_per_request
def _card() -> PapersOutCard:
    return PapersOutCard()


def views() -> list[PageView]:
    return [PerjalananView(name="Perjalanan dokumen", endpoint="perjalanan", url="/dokumen/perjalanan")]
