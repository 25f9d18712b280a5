"""The case that is opened on the desk: the papers that are decided on, its matter, and its neighbours."""

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
from admin.lists.cells import due_words
from admin.papers.drafts import RenderedSheet, papers_to_decide_on, rendered_sheet
from admin.papers.evidence import EvidenceLine, evidence_lines
from models.case import access_notes
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.office.contacts import masked_words
from models.records.fields import blanks_in_words
from models.records.in_words import Names, value_in_words
from models.records.registry import RECORDS
from models.records.story_summary import informative_sentences
from models.store.base import now
from models.workflow import workflow
from sop.procedure import Transition
from sop.words import format_long_moment

OPENED = "meja"  # the name of this page in the access log
MOST_WORDS = 40  # of all lines in brief with their labels


@dataclass(frozen=True)
class OpenedCase:
    """An opened case as it is read before the decision, with links to the previous and the next one."""

    complaint: Complaint
    in_brief: list[tuple[str, str]]  # label and shortened text
    clock: str
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
        _in_brief(case, step),
        ", ".join(filter(None, [due_words(c), c.row_due_at and f"batas SOP {format_long_moment(c.row_due_at)}"])),
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


def _in_brief(case: Case, step: Transition) -> list[tuple[str, str]]:
    """What the decision is about, in a few words a line: of the text to decide on, else of the complaint itself."""
    lines = [
        (label, case.records[need.record].blanks[name])
        for need in step.needs
        for name, label in RECORDS[need.record].in_brief
    ]
    if not lines:
        told, asked = (case.complaint.__data__[name] for name in ("story", "asks"))
        lines = [
            ("Pokok", " ".join(informative_sentences(told))),
            ("Diminta", asked),
            ("Usulan", _proposal(case, step)),
        ]
    return _shared_out([(label, masked_words(text).split()) for label, text in lines if text])


def _shared_out(lines: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """The lines cut to MOST_WORDS in all: what a short one does not need, the longer ones get."""
    left = MOST_WORDS - sum(len(label.split()) for label, _ in lines)
    most = dict.fromkeys(range(len(lines)), 0)
    for shorter, place in enumerate(sorted(most, key=lambda place: len(lines[place][1]))):
        most[place] = min(len(lines[place][1]), left // (len(lines) - shorter))
        left -= most[place]
    return [(label, _cut(words, most[place])) for place, (label, words) in enumerate(lines)]


def _cut(words: list[str], most: int) -> str:
    few = " ".join(words[:most])
    return f"{few.rstrip('.,;:')}…" if words[most:] else few


def _proposal(case: Case, step: Transition) -> str:
    """What the office proposes to decide; "" where nothing is."""
    model = record_of(step)
    words = blanks_in_words(model, filled_blanks(case, step, {}), Names(), model.gist) if model and model.gist else {}
    return " · ".join(value_in_words(value) for value in words.values())


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
