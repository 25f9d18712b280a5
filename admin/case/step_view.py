"""The content of the step page: the complaints, their data, and which are refused and why."""

from collections.abc import Sequence
from typing import Any, TypedDict

from flask import render_template

from admin.case.decisions import StepRow, decisions_of, page_act, records_not_on_paper, step_row
from admin.case.forms import deputy_blank, offer_of_case, required_and_optional, step_form, typed_blanks, waits_for_head
from admin.case.many import draft_name, many_cases
from admin.case.notices import LikelyMark, MaskedNumber, PersonContact, contact_of, likely_mark, masked_numbers
from admin.door.flaskadmin import view_at
from admin.lists.saving import EditConflict, differences
from admin.papers.drafts import RenderedSheet, contents_of, papers_to_decide_on, rendered_sheet
from admin.papers.evidence import EvidenceLine, evidence_lines
from models.case.access_notes import may_call, note
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.content import Composer
from models.case.content_parts import single_copy_sentence
from models.complaint.event import open_seals
from models.complaint.paper import Content
from models.complaint.repeats import CaseMarks
from models.office.people import User
from models.store.base import now
from models.workflow.workflow import draft_refusal
from sop.access import CONTACT
from sop.flow import current_procedure
from sop.procedure import Transition

Context = dict[str, object]  # of a template


class OfOne(TypedDict):
    """What the page of a single case shows next to the form; `able`: the case if the step itself is possible."""

    rows: list[StepRow]
    able: list[StepRow]
    contact: list[PersonContact]
    masked: list[MaskedNumber]
    evidence: list[EvidenceLine]
    clash: EditConflict | None
    likely: LikelyMark | None


def step_page(
    transition: Transition,
    cases: dict[int, Case],
    refused: dict[int, str],
    form: Any,
    *,
    many: bool,
    versions: dict[int, int],
    refusals: dict[int, str] | None = None,
    stale: bool = False,
    leaver: User | None = None,
    sent: Sequence[tuple[str, str]] = (),
) -> str:
    """The page with its form. `refused`: cases that cannot move now; `refusals`: why the last request did nothing;
    `stale` if the page was older than the case; `leaver`: the user whose cases are handed over; `sent`: submitted
    values by label that no form holds."""
    if many:
        of_many = many_cases(transition, cases, refused)
        template, shape = "step", {"of_many": of_many, "able": of_many.able, **_blanks_asked(form)}
    else:
        [case] = cases.values()
        why = refused.get(case.complaint.id, "")
        template, shape = _of_one(transition, case, why, form, sendable=bool(versions), stale=stale)
    news = [sentence for number, sentence in (refusals or {}).items() if sentence != refused.get(number)]
    page = view_at("langkah").render(
        f"admin/case/{template}.html",
        transition=transition,
        form=form,
        draft_of=draft_name(page_act(transition), versions or cases),
        many=many,
        leaver=leaver,
        sent=sent,
        news=list(dict.fromkeys(news)),
        **_of_any_number(transition, cases),
        posted=refusals is not None,
        chosen=",".join(f"{number}:{version}" for number, version in versions.items()),
        **shape,
    )
    return str(page)


def _of_any_number(transition: Transition, cases: dict[int, Case]) -> Context:
    """The blank for deciding despite an acting official, the papers of which no copies are made, and the name of the
    page's draft in the question whether to continue with it."""
    deputies = (case.deputy(transition) for case in cases.values())
    complaints = [case.complaint for case in cases.values()]
    once = [words for paper in transition.papers if (words := single_copy_sentence(paper, complaints))]
    subject = complaints[0].number if len(complaints) == 1 else f"{len(complaints)} pengaduan"
    return {
        "deputy": deputy_blank(next(filter(None, deputies), None)),
        "once": once,
        "draft_subject": f"{transition.label} {subject}",
    }


def _of_one(
    transition: Transition, case: Case, why: str, form: Any, *, sendable: bool, stale: bool
) -> tuple[str, Context]:
    """Template and context of a single case's page: for a decision, for drafting a text, or a plain form. The case is
    recorded in the access log first."""
    note(case, "langkah")
    number = case.complaint.id
    row = step_row(transition, case, why, Composer({number: case}, open_seals([number]), at=now(), demo=False))
    offer_of_case(form, transition, number)
    shows_numbers = not why and not transition.contact and may_call(case)
    common: OfOne = {
        "rows": [row],
        "able": [] if why else [row],
        "likely": _likely(transition, case),
        "contact": _contact(transition, row),
        "masked": masked_numbers(case, row.composer) if shows_numbers else [],
        "evidence": evidence_lines(row.composer.attachments[number]),
        "clash": _clash(transition, case, form) if stale and form is not None else None,
    }
    choice = case.procedure.choice_at(case.complaint.state, transition) if sendable else None
    if choice:
        return "decide", {**common, **_of_choice(choice, transition, row, form)}
    if sendable and transition.draft:
        headless = waits_for_head(case.complaint) if why else ""
        sheets = _drawn_sheets(transition, case, form)
        return "bench", {
            **common,
            "sheets": sheets,
            "only_draft": bool(why),
            "headless": headless,
            **_blanks_asked(form),
        }
    return "step", {**common, **_blanks_asked(form)}


def _blanks_asked(form: Any) -> Context:
    must, may = required_and_optional(form)
    return {"must": must, "may": may}


def _likely(transition: Transition, case: Case) -> LikelyMark | None:
    """Possible duplicates, on the page of the act that marks one or of a main step while that act is possible."""
    marking = case.procedure.repeat("marks")
    if marking is None or case.complaint.state not in case.procedure.starts(marking):
        return None
    if transition.key != marking.key and not case.procedure.is_main(transition):
        return None
    return likely_mark(case, CaseMarks.of_case(case.complaint.id))


def _of_choice(step: Transition, tried: Transition, row: StepRow, form: Any) -> Context:
    """Context for a decision: the paper, the blanks, and all decisions of the user."""
    decisions = decisions_of(row.case, step, tried, form)
    return {
        **decisions,
        "decided": [_drawn(content) for content in papers_to_decide_on(row.case, step, row.composer)],
        "sheets": _resulting_sheets(step, row.case, decisions["main_form"]),
        "other_records": records_not_on_paper(step, row.records),
        "drafted": step.independent,
    }


def previews_papers(step: Transition) -> bool:
    """Whether the page previews papers from typed blanks: those of a draft, or those that a decision would issue,
    unless it decides on their text."""
    return step.draft or (current_procedure().is_choice(step) and not step.independent)


def _resulting_sheets(step: Transition, case: Case, form: Any) -> list[RenderedSheet]:
    """Previews of the papers that the decision would issue, if they depend on its blanks."""
    if not previews_papers(step):
        return []
    own = {paper.key for paper in step.papers}
    return [sheet for sheet in _drawn_sheets(step, case, form) if sheet.kind in own]


def open_versions(transition: Transition, cases: dict[int, Case], refused: dict[int, str]) -> dict[int, int]:
    """The versions by id of the cases that the page can submit: the step itself, or only its draft."""
    drafted = {n for n in refused if len(cases) == 1 and not draft_refusal(cases[n], transition)}
    return {n: case.complaint.version for n, case in cases.items() if n not in refused or n in drafted}


def sheets_page(transition: Transition, case: Case, form: Any) -> str:
    """Previews of the papers with the typed values, as an HTML fragment for a script."""
    note(case, "langkah")
    sheets = _drawn_sheets(transition, case, form) if transition.draft else _resulting_sheets(transition, case, form)
    return render_template("admin/case/_sheets.html", sheets=sheets)


def _drawn_sheets(transition: Transition, case: Case, form: Any) -> list[RenderedSheet]:
    """Previews of the papers with the form's values."""
    contents = contents_of(case, transition, typed_blanks(form, transition, many=False))
    return [_drawn(content) for content in contents]


def _drawn(content: Content) -> RenderedSheet:
    return rendered_sheet(content, content["paper"]["title"])


def _clash(transition: Transition, case: Case, form: Any) -> EditConflict | None:
    """The typed values compared with the stored ones: of the record made meanwhile, else of the draft or proposal. None
    for a record of two cases, since not all readers of this one may read the other."""
    model = record_of(transition)
    if model is None or model.names_other_case():
        return None
    stored = step_form(transition, case.blanks_in_force(model.key) or filled_blanks(case, transition, {}), many=False)
    offer_of_case(stored, transition, case.complaint.id)
    changes = differences(form, stored, [blank.name for blank in model.blanks() if blank.name != model.verdict])
    return EditConflict("", changes) if changes else None


def _contact(transition: Transition, row: StepRow) -> list[PersonContact]:
    """Contact data for a step that calls a person, for users who may perform it now; recorded in the access log."""
    case = row.case
    if row.why or not transition.contact or not case.relations & CONTACT:
        return []
    note(case, f"kontak: {transition.key}")
    return contact_of(case)
