"""Daftar Nota Dinas yang disetujui: a day's decisions on one sheet to print."""

from datetime import date
from typing import Any

from flask import Response

from admin.desk.page import render
from admin.kit.due import number_in_column
from admin.kit.pdf import pdf_response
from models.case import access_notes
from models.case.access_notes import openly
from models.case.sheets import DAY, approved_list, count_issued, decisions_in_words, papers_issued
from models.complaint.scope import Viewer
from models.demo.demo import is_demo
from models.office.people import today
from models.office.settings import letterhead, values
from models.store.base import is_mistyped, now
from papers.printing import press
from sop.procedure import Transition

ON_A_PAGE = 50
WHOLE = 30  # letters of a number that this sheet has room for


def day_of(typed: str) -> date:
    """The day asked for; today for anything that is none, or none of this office's."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today()
    return today() if is_mistyped(day) else day


def day_page(step: Transition, who: Viewer, day: date, page: int) -> str:
    """The list of a day: each paper that the decision issued, by its number; a page of it where they are many."""
    paper, count = step.papers[0], count_issued(step, who, day)
    pages = -(-count // ON_A_PAGE) or 1
    page = min(page, pages - 1)
    rows = _noted(step, who, papers_issued(step, who, day, first=page * ON_A_PAGE, most=ON_A_PAGE))
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
        openly=openly,
        number_in_column=lambda number: number_in_column(number, WHOLE),
    )


def day_pdf(step: Transition, who: Viewer, day: date) -> Response:
    """All of it on paper, for whoever decided to sign."""
    rows = _noted(step, who, papers_issued(step, who, day))
    content = approved_list(step, rows, day, at=now(), demo=is_demo())
    return pdf_response(press.loose_pdf(content), f"daftar-disetujui-{day.isoformat()}.pdf")


def _noted(step: Transition, who: Viewer, rows: list[Any]) -> list[Any]:
    """The papers, noted as seen before they are shown."""
    named = f"daftar {step.papers[0].title} disetujui"
    access_notes.note_list(who.user, named, (row.complaint for row in rows), every=True)
    return rows
