"""The printable list of a day's decisions, and the sheet of the month."""

from datetime import date
from typing import Any

from flask import Response, abort, redirect

from admin.desk.page import render
from admin.lists.cells import number_in_column
from admin.lists.export import pdf_response
from admin.papers.issued_lists import list_url
from models.case import access_notes
from models.case.access_notes import unless_secret
from models.case.issued_lists import DAY, count_issued, decisions_in_words, issue_approvals, papers_issued
from models.complaint.accesslog import record_export
from models.complaint.scope import Viewer
from models.demo.demo import is_demo
from models.office.people import today
from models.office.settings import letterhead, values
from models.reading.decided_month import month_of, month_sheet
from models.store.base import is_mistyped, now
from papers.printing import press
from papers.printing.failure import PrintError
from sop.procedure import Transition

ON_A_PAGE = 50
LONGEST_NUMBER = 30  # characters that fit into the column


def day_of(typed: str) -> date:
    """The requested day; today for text that is no date or an impossible one."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today()
    return today() if is_mistyped(day) else day


def day_page(step: Transition, who: Viewer, day: date, page: int) -> str:
    """The list of the papers that a day's decisions issued, by number; ON_A_PAGE rows a page."""
    paper, count = step.papers[0], count_issued(step, who, day)
    pages = -(-count // ON_A_PAGE) or 1
    page = min(page, pages - 1)
    rows = _log_access(step, who, papers_issued(step, who, day, first=page * ON_A_PAGE, most=ON_A_PAGE))
    return render(
        "admin/desk/daysheet.html",
        paper=paper,
        rows=rows,
        count=count,
        first=page * ON_A_PAGE,
        page=page,
        pages=pages,
        decisions=decisions_in_words(step, rows),
        day=day,
        before=day - DAY,
        after=day + DAY if day < today() else None,
        office=letterhead(values()),
        step=step,
        unless_secret=unless_secret,
        number_in_column=lambda number: number_in_column(number, LONGEST_NUMBER),
    )


def issue_day(step: Transition, who: Viewer, day: date) -> Any:
    """Issue the whole list as a paper, to be signed by the users who decided; redirects to it."""
    issued = issue_approvals(step, who, day, at=now(), demo=is_demo())
    return redirect(list_url(issued)) if issued else abort(404)


def month_file(who: Viewer) -> Response:
    """The sheet of the present month as PDF, recorded in the access log first: it is made to be handed on."""
    at = now()
    month, content = month_of(at), month_sheet(who, at, demo=is_demo())
    record_export(who.user, "lembar bulan", [], rows=0, asked=month.words)
    try:
        return pdf_response(press.unissued_pdf(content), f"lembar-bulan-{month.first:%Y-%m}.pdf", download=True)
    except PrintError as fault:
        abort(409, str(fault))


def _log_access(step: Transition, who: Viewer, rows: list[Any]) -> list[Any]:
    """The same rows, recorded in the access log before they are shown."""
    list_name = f"daftar {step.papers[0].title} disetujui"
    access_notes.log_list(who.user, list_name, (row.complaint for row in rows), every=True)
    return rows
