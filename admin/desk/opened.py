"""The case that is opened on the desk: its matter, the papers that are decided on, and its neighbours."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, url_for

from admin.case.decisions import (
    RecordInWords,
    Returned,
    pengadu_name,
    records_in_words,
    records_not_on_paper,
    return_words,
)
from admin.desk.state import DeskState
from admin.door.rows import signed_in
from admin.papers.drafts import RenderedSheet, papers_to_decide_on, rendered_sheet
from admin.papers.evidence import EvidenceLine, evidence_lines
from models.case import access_notes
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.store.base import now
from models.workflow import workflow
from sop.procedure import Transition

OPENED = "meja"  # the name of this page in the access log


@dataclass(frozen=True)
class OpenedCase:
    """An opened case as it is read before the decision, with links to the previous and the next one."""

    complaint: Complaint
    pengadu: str
    returned: Returned | None
    records: list[RecordInWords]
    evidence: list[EvidenceLine]
    sheets: list[RenderedSheet]
    drafted: bool  # whether the papers are drafts still
    pdf: str
    place: int
    count: int
    before: str
    after: str


def opened_case_of(state: DeskState) -> OpenedCase | None:
    """The opened case, recorded in the access log before it is shown; None if the step does not await it."""
    case, why = _awaited(state)
    if case is None or why:
        return None
    access_notes.note(case, OPENED)
    c, step = case.complaint, state.step
    composer = Composer({c.id: case}, open_seals([c.id]), at=now(), demo=False)
    kind = next((paper.key for paper in step.papers), "")
    contents = papers_to_decide_on(case, step, composer)
    return OpenedCase(
        c,
        pengadu_name(case),
        return_words(case, composer),
        [record for record in records_not_on_paper(step, records_in_words(step, case, composer)) if record.needed],
        evidence_lines(composer.attachments[c.id]),
        [rendered_sheet(content, content["paper"]["title"]) for content in contents],
        step.independent,
        url_for("dokumen.draft", complaint=c.id, kind=kind) if kind else "",
        state.on_page.index(c.id) + 1 if c.id in state.on_page else 1,
        len(state.on_page) or 1,
        _neighbour_url(state, -1),
        _neighbour_url(state, 1),
    )


def opened_case_part(state: DeskState, **context: Any) -> str:
    """The opened case as an HTML fragment for a script."""
    return render_template("admin/desk/opened.html", opened=opened_case_of(state), state=state, **context)


def abort_unless_awaited(state: DeskState) -> None:
    """404 if the user may not read the opened case, 409 with the reason if it cannot be decided now."""
    if why := unawaited_reason(state):
        abort(409, why)


def unawaited_reason(state: DeskState) -> str:
    """Why the opened case cannot be decided now, "" if it can; 404 if the user may not read it."""
    case, why = _awaited(state)
    return why if case else abort(404)


def _awaited(state: DeskState) -> tuple[Case | None, str]:
    cases, refused = workflow.check_cases([state.reading], state.step.key, by=signed_in())
    return cases.get(state.reading), refused.get(state.reading, "")


def _neighbour_url(state: DeskState, way: int) -> str:
    number = state.neighbour(state.reading, way)
    return opened_case_url(state.step, number) if number else ""


def opened_case_url(step: Transition, complaint: int) -> str:
    """The address that opens a case on the desk."""
    return url_for("meja.read", key=step.key, complaint=complaint)
