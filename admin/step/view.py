"""What the step page shows: which complaints, what is known of each, which cannot move and why, and what came of it."""

from typing import Any, TypedDict

from flask import render_template, url_for

from admin.door.flaskadmin import view_at
from admin.evidence.attachments import EvidenceLine, evidence_of
from admin.kit.clash import Clash, differences
from admin.papers.drafts import contents_of
from admin.papers.preview import DrawnSheet, drawn_sheet
from admin.step.after import badge_of
from admin.step.contact import PersonContact, contact_of
from admin.step.forms import must_and_may, step_form, typed_blanks
from admin.step.rows import StepRow, able_rows, step_row
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.seen import note
from models.content.content import Composer
from models.office.people import User
from models.store.base import now
from models.tables.event import open_seals
from models.tables.paper import Paper
from models.writer.workflow import Outcome, draft_refusal
from sop.access import CONTACT
from sop.procedure import Transition


class OfOne(TypedDict, total=False):
    """What the page of a single case shows beside the blanks."""

    sheets: list[DrawnSheet]
    contact: list[PersonContact]
    evidence: list[EvidenceLine]
    clash: Clash | None


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
) -> str:
    """The page with its form. `refused` are those that cannot move now; `refusals` say why the last try did nothing;
    `stale` if that is because the page was older than the case; from a `leaver` all of these cases are taken."""
    for case in cases.values():
        note(case, "langkah")
    composer = _composer(cases)
    rows = [step_row(transition, case, refused.get(number, ""), composer) for number, case in cases.items()]
    news = [sentence for number, sentence in (refusals or {}).items() if sentence != refused.get(number)]
    must, may = must_and_may(form)
    bench = transition.draft and not many and bool(versions)
    return _render(
        "admin/step/bench.html" if bench else "admin/step/step.html",
        must=must,
        may=may,
        only_draft=bench and bool(rows[0].why),
        transition=transition,
        form=form,
        many=many,
        leaver=leaver,
        rows=rows,
        able=able_rows(rows),
        news=list(dict.fromkeys(news)),
        posted=refusals is not None,
        chosen=",".join(f"{number}:{version}" for number, version in versions.items()),
        **({} if many else _of_one(transition, rows[0], form, bench=bench, stale=stale)),
    )


def _of_one(transition: Transition, row: StepRow, form: Any, *, bench: bool, stale: bool) -> OfOne:
    return {
        "sheets": _drawn_sheets(transition, row.case, form) if bench else [],
        "contact": _contact(transition, row),
        "evidence": evidence_of(row.complaint.id),
        "clash": _clash(transition, row.case, form) if stale and form is not None else None,
    }


def open_versions(transition: Transition, cases: dict[int, Case], refused: dict[int, str]) -> dict[int, int]:
    """The versions by id of the cases on which the page can send something: the step itself, or alone its draft."""
    drafted = {n for n in refused if len(cases) == 1 and not draft_refusal(cases[n], transition)}
    return {n: case.complaint.version for n, case in cases.items() if n not in refused or n in drafted}


def sheets_page(transition: Transition, case: Case, form: Any) -> str:
    """The papers of what is typed, as a small page that a script takes them from."""
    note(case, "langkah")
    return render_template("admin/step/_sheets.html", sheets=_drawn_sheets(transition, case, form))


def _drawn_sheets(transition: Transition, case: Case, form: Any) -> list[DrawnSheet]:
    """The papers of what the blanks lead to."""
    contents = contents_of(case, transition, typed_blanks(form, transition, many=False))
    return [drawn_sheet(content, content["paper"]["title"]) for content in contents]


def _render(template: str, **context: Any) -> str:
    """Render in the panel's frame, as the step page's own view."""
    return str(view_at("langkah").render(template, **context))


def _clash(transition: Transition, case: Case, form: Any) -> Clash | None:
    """What was typed beside what is written by now: in the record made meanwhile, else in the draft or proposal."""
    model = record_of(transition)
    if model is None:
        return None
    stored = step_form(transition, case.blanks_in_force(model.key) or filled_blanks(case, transition, {}), many=False)
    found = differences(form, stored, [blank.name for blank in model.blanks()])
    return Clash("", found) if found else None


def _composer(cases: dict[int, Case]) -> Composer:
    return Composer(cases, open_seals(cases), at=now(), demo=False)


def _contact(transition: Transition, row: StepRow) -> list[PersonContact]:
    """Contact data beside a single step that needs it, for those who may perform it now; every showing is noted."""
    case = row.case
    if row.why or not transition.contact or not case.standings & CONTACT:
        return []
    note(case, f"kontak: {transition.key}")
    return contact_of(case)


def outcome_page(transition: Transition, cases: dict[int, Case], outcome: Outcome) -> str:
    """The result of a step on many: row by row, and the papers just issued as one PDF."""
    papers = Paper.select(Paper.id).where(Paper.public_id.in_(outcome.papers)).order_by(Paper.id)
    rows = [(case, outcome.refused.get(number, "")) for number, case in cases.items()]
    lost = [sentence for number, sentence in outcome.refused.items() if number not in cases]
    return _render(
        "admin/step/outcome.html",
        transition=transition,
        rows=rows,
        lost=lost,
        done=len(outcome.done),
        badge=badge_of(transition),
        papers=[number for (number,) in papers.tuples()],
        back=url_for("pengaduan.index_view"),
    )
