"""What the step page shows: which complaints, what is known of each, which cannot move and why, and what came of it."""

from typing import Any

from flask import current_app, url_for

from admin.contact import contact_of
from models.base import now
from models.blanks import filled, record_of
from models.case import Case
from models.content import Composer
from models.event import open_seals
from models.paper import Paper
from models.seen import note
from models.workflow import Outcome
from sop.access import CONTACT
from sop.procedure import Transition


def show(
    transition: Transition,
    cases: dict[int, Case],
    refused: dict[int, str],
    form: Any,
    *,
    many: bool,
    versions: dict[int, int],
    said: dict[int, str] | None = None,
) -> str:
    """The page with its form. `refused` are those that cannot move now; `said` is why the last try did nothing."""
    composer = _composer(cases)
    rows = [_row(transition, case, refused.get(number, ""), composer) for number, case in cases.items()]
    told = [sentence for number, sentence in (said or {}).items() if sentence != refused.get(number)]
    return _render(
        "admin/step.html",
        transition=transition, form=form, many=many, rows=rows, able=[r for r in rows if not r["why"]],
        said=list(dict.fromkeys(told)), posted=said is not None,
        chosen=",".join(f"{number}:{version}" for number, version in versions.items()),
        contact=_contact(transition, rows[0]) if not many else [],
    )  # fmt: skip


def _render(template: str, **context: Any) -> str:
    """Render in the panel's frame, as the step page's own view."""
    views = current_app.extensions["admin"][0]._views
    return str(next(view for view in views if view.endpoint == "langkah").render(template, **context))


def _composer(cases: dict[int, Case]) -> Composer:
    return Composer(cases, open_seals(cases), at=now(), demo=False)


def _row(transition: Transition, case: Case, why: str, composer: Composer) -> dict[str, Any]:
    model = record_of(transition)
    own = composer.shown(model.key, filled(case, transition, {})) if model else {}
    return {
        "case": case, "complaint": case.complaint, "why": why, "own": own, "pengadu": _name(case),
        "records": _told(case, composer),
        "remark": _remark(case, composer),
    }  # fmt: skip


def _name(case: Case) -> str:
    return "Anonim" if case.complaint.anonymous else case.pengadu


def _told(case: Case, composer: Composer) -> list[tuple[str, dict[str, Any]]]:
    """The records in force, in the order in which they were made, in words: (title, {label: value})."""
    keys = dict.fromkeys(record["key"] for record in case.made if record["key"] in case.records)
    told = [(composer.title(key), composer.shown(key, case.records[key])) for key in keys]
    return [(title, values) for title, values in told if values]


def _remark(case: Case, composer: Composer) -> dict[str, str]:
    """What was said when the case came here by a detour: why it was returned or sent back."""
    last = case.made[-1] if case.made else None
    return composer.shown("remark", last) if last and last["key"] == "remark" else {}


def _contact(transition: Transition, row: dict[str, Any]) -> list[tuple[str, Any]]:
    """Contact data beside a single step that needs it, for those who may perform it now; every showing is noted."""
    case = row["case"]
    if row["why"] or not transition.contact or not case.standings & CONTACT:
        return []
    note(case, f"kontak: {transition.key}")
    return contact_of(case)


def show_outcome(transition: Transition, cases: dict[int, Case], outcome: Outcome) -> str:
    """The result of a step on many: row by row, and the papers just issued as one PDF."""
    papers = Paper.select(Paper.id).where(Paper.public_id.in_(outcome.papers)).order_by(Paper.id)
    rows = [(case, outcome.refused.get(number, "")) for number, case in cases.items()]
    lost = [sentence for number, sentence in outcome.refused.items() if number not in cases]
    return _render(
        "admin/step_outcome.html", transition=transition, rows=rows, lost=lost, done=len(outcome.done),
        papers=[number for (number,) in papers.tuples()], back=url_for("pengaduan.index_view"),
    )  # fmt: skip
