"""Daftar Nota Dinas yang disetujui: a day's decisions on one sheet to print."""

from datetime import date, datetime, time, timedelta
from typing import Any

import peewee as pw

from admin.desk.page import render
from admin.kit.due import number_in_column
from models.case import seen
from models.case.blanks import record_of
from models.case.discretion import is_secret, openly
from models.fields.blanks import blanks_in_words
from models.fields.words import Names, Words
from models.office.people import Division, User, today
from models.office.settings import letterhead, values
from models.store.base import is_mistyped
from models.tables import scope
from models.tables.complaint import Complaint
from models.tables.paper import Paper, PaperVoid
from models.tables.scope import Viewer
from sop import flow
from sop.clock import WIB
from sop.procedure import Transition

DAY = timedelta(days=1)
WHOLE = 30  # letters of a number that this sheet has room for


def day_of(typed: str) -> date:
    """The day asked for; today for anything that is none, or none of this office's."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today()
    return today() if is_mistyped(day) else day


def day_page(step: Transition, who: Viewer, day: date) -> str:
    """The list of a day: each paper that the decision issued, by its number."""
    paper, rows = step.papers[0], _papers_issued(step, who, day)
    seen.note_list(who.user, f"daftar {paper.title} disetujui", (row.complaint for row in rows), every=True)
    return render(
        "admin/desk/daysheet.html",
        paper=paper,
        rows=rows,
        decisions=_decisions_in_words(step, rows),
        day=day,
        before=day - DAY,
        after=day + DAY if day < today() else None,
        office=letterhead(values()),
        step=step,
        openly=openly,
        number_in_column=lambda number: number_in_column(number, WHOLE),
    )


def _papers_issued(step: Transition, who: Viewer, day: date) -> list[Any]:
    begins = datetime.combine(day, time(), WIB)
    issued = (Paper.issued_at >= begins) & (Paper.issued_at < begins + DAY) & (Paper.kind == step.papers[0].key)
    query = scope.visible(who.user, Paper, who).select(Paper, Complaint, Division, User)
    query = query.join_from(Paper, Complaint).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    query = query.join_from(Paper, User, on=Paper.issued_by == User.id, attr="issued_by")
    return list(query.where(issued & Paper.id.not_in(PaperVoid.select(PaperVoid.paper))).order_by(Paper.id))


def _decisions_in_words(step: Transition, rows: list[Any]) -> dict[int, dict[str, Words]]:
    """What the decision said, in words, by paper: its record was made in the same moment.

    Of a rahasia case only what was picked from a list: what was written tells of its matter.
    """
    model = record_of(step)
    if model is None:
        return {}
    here = model.complaint.in_([row.complaint_id for row in rows])
    found = model.select().where(here & model.act.in_(flow.keys_of(step)))
    made = {(one["complaint"], one["made_at"]): one for one in found.dicts()}
    written = [blank.name for blank in model.blanks()]
    picked = [blank.name for blank in model.blanks() if blank.choices]
    names = Names()
    open_ = {row.id: picked if is_secret(row.complaint) else written for row in rows}
    return {
        row.id: blanks_in_words(model, made[row.complaint_id, row.issued_at], names, open_[row.id])
        for row in rows
        if (row.complaint_id, row.issued_at) in made
    }
