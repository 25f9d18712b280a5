"""A card laid open on the desk: the whole matter, and the paper that is decided on as it would be printed."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, url_for

from admin.desk.sheet import Sheet
from admin.door.joins import signed_in
from admin.evidence.attachments import EvidenceLine, evidence_of
from admin.papers.drafts import decided_on
from admin.papers.preview import DrawnSheet, drawn_sheet
from admin.step.records import (
    RecordInWords,
    Returned,
    pengadu_name,
    records_in_words,
    return_words,
    undrawn,
)
from models.case import access_notes
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.store.base import now
from models.workflow import workflow
from sop.procedure import Transition

OPENED = "meja"  # what the access log says was opened


@dataclass(frozen=True)
class Leaf:
    """What is read of one case before it is decided on, and which leaves lie before and after it."""

    complaint: Complaint
    pengadu: str
    returned: Returned | None
    records: list[RecordInWords]
    evidence: list[EvidenceLine]
    sheets: list[DrawnSheet]
    drafted: bool  # the papers are not issued yet
    pdf: str
    place: int
    count: int
    before: str
    after: str


def leaf_of(sheet: Sheet) -> Leaf | None:
    """The case that the sheet lays open, noted as opened before it is shown; None where the step does not await it."""
    case, why = _awaited(sheet)
    return None if case is None or why else _leaf(sheet, case)


def leaf_part(sheet: Sheet, **context: Any) -> str:
    """The leaf as a small page that a script takes it from."""
    return render_template("admin/desk/leaf.html", leaf=leaf_of(sheet), sheet=sheet, **context)


def refuse_unawaited(sheet: Sheet) -> None:
    """404 of what is not the person's, 409 with the sentence of what is not to be decided on now."""
    if why := why_unawaited(sheet):
        abort(409, why)


def why_unawaited(sheet: Sheet) -> str:
    """Why the case that the sheet lays open is not to be decided on now; 404 of what is not the person's."""
    case, why = _awaited(sheet)
    return why if case else abort(404)


def _awaited(sheet: Sheet) -> tuple[Case | None, str]:
    cases, refused = workflow.verdicts([sheet.reading], sheet.step.key, by=signed_in())
    return cases.get(sheet.reading), refused.get(sheet.reading, "")


def _leaf(sheet: Sheet, case: Case) -> Leaf:
    access_notes.note(case, OPENED)
    c, step = case.complaint, sheet.step
    composer = Composer({c.id: case}, open_seals([c.id]), at=now(), demo=False)
    kind = next((paper.key for paper in step.papers), "")
    contents = decided_on(case, step)
    return Leaf(
        c,
        pengadu_name(case),
        return_words(case, composer),
        [one for one in undrawn(step, records_in_words(step, case, composer)) if one.needed],
        evidence_of(c.id),
        [drawn_sheet(content, content["paper"]["title"]) for content in contents],
        step.independent,
        url_for("dokumen.draft", complaint=c.id, kind=kind) if kind else "",
        sheet.on_page.index(c.id) + 1 if c.id in sheet.on_page else 1,
        len(sheet.on_page) or 1,
        _neighbour_url(sheet, -1),
        _neighbour_url(sheet, 1),
    )


def _neighbour_url(sheet: Sheet, way: int) -> str:
    number = sheet.neighbour(sheet.reading, way)
    return leaf_url(sheet.step, number) if number else ""


def leaf_url(step: Transition, complaint: int) -> str:
    """Where a case is laid open on the desk."""
    return url_for("meja.read", key=step.key, complaint=complaint)
