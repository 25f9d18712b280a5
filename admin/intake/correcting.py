"""The step page, and for an act that amends the entry the intake's own form: what stands there, what would follow from
the correction, and only then the act."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, make_response, redirect, request
from itsdangerous import Signer

from admin.case import many
from admin.case.forms import step_form, typed_blanks
from admin.case.steps import StepView, open_step_page
from admin.door.flaskadmin import PageView, view_at
from admin.door.rows import signed_in
from admin.intake import entry
from admin.intake.consequences import consequences_of
from admin.intake.entry import EntryForm
from admin.intake.form import FIELDS, amend_form, corrected_values, sent_in_words, typed_entry
from admin.lists.saving import Clash, differences, input_in_words
from admin.papers.emblems import tell_at_blanks
from models.case import access_notes
from models.case.case import Case, load
from models.complaint.complaint import PERSONS
from models.records.amending import amendment_objections
from models.records.base import Blanks
from models.store.base import canonical, now
from models.workflow import workflow
from sop.procedure import Transition

ENTRY = "new_value"  # the blank that holds what was corrected
WHY = ("reason", "note")  # the blanks that are asked below the entry
REVIEWED = "reviewed"  # what the page that shows the consequences signs
NOT_TYPED = ("csrf_token", "do", "cases", REVIEWED)


@dataclass(frozen=True)
class CorrectionSheet:
    """A correction as it is being written: the case as it is now, the entry's form, and why."""

    transition: Transition
    case: Case
    form: EntryForm
    why: Any

    @property
    def blanks(self) -> Blanks:
        corrected = corrected_values(self.form, self.case.complaint)
        return {ENTRY: corrected, **typed_blanks(self.why, self.transition, many=False)}

    def is_sound(self) -> bool:
        """Whether it can be saved; if not, its fields say why."""
        filled = all([self.form.validate(), self.why.validate()])
        wrong = amendment_objections(self.case.complaint, self.blanks[ENTRY]) if filled else {}
        self.form.complain({field: sentence for field, sentence in wrong.items() if field})
        return filled and not wrong


class AmendingSteps(StepView):
    """The one step page; acts that amend the entry take it as the intake does."""

    def open_page(self, transition: Transition, ids: Sequence[int]) -> Any:
        cases, refused = workflow.verdicts(ids, transition.key, by=signed_in()) if transition.amends else ({}, {})
        if len(cases) != 1 or refused:
            return super().open_page(transition, ids)
        [case] = cases.values()
        return _form_page(_sheet(transition, case))

    def take_step(self, transition: Transition, versions: dict[int, int]) -> Any:
        if not transition.amends:
            return super().take_step(transition, versions)
        cases, refused = workflow.verdicts(versions, transition.key, by=signed_in())
        if not cases:
            abort(404)
        if refused:
            return open_step_page(transition, list(cases), sent=_sent(transition))
        if while_typing := _answer_to_script():
            return while_typing
        [(number, case)] = cases.items()
        sheet = _sheet(transition, case, request.form)
        if case.complaint.version != versions[number]:
            return _overtaken_page(sheet, versions)
        if kind := entry.owner_wanted():
            entry.lift_numbers(sheet.form, kind)
        if kind or request.form.get("do") == "edit":
            return _form_page(sheet, moved=bool(kind))
        return self._keep(sheet, versions) if request.form.get("do") == "perform" else _reviewed(sheet)

    def _keep(self, sheet: CorrectionSheet, versions: dict[int, int]) -> Any:
        """Done, if it is what was shown with all that follows from it; else that is shown first."""
        if not (_was_reviewed() and sheet.is_sound()):
            return _reviewed(sheet)
        outcome = workflow.advance(
            versions, sheet.transition.key, by=signed_in(), versions=versions, blanks=sheet.blanks
        )
        if outcome.refused:
            return make_response(_form_page(sheet, news=list(outcome.refused.values())), 409)
        [done] = outcome.done
        readable = load([done], signed_in(), now())  # no longer, perhaps, by the user who corrected it
        many.forget_draft(sheet.transition, versions)
        many.flash_done(sheet.transition, done, outcome.papers if readable else (), None)
        return redirect(many.address_after(done))


def _answer_to_script() -> Any:
    """What the form's script asks for: numbers of persons in what is typed, the blanks that a tap would change."""
    form = typed_entry(request.form)
    if request.form.get("do") == "numbers":
        return entry.numbers_part(form)
    if (kind := entry.owner_wanted()) and request.accept_mimetypes.best == "application/json":
        entry.lift_numbers(form, kind)
        return entry.lifted_part(form)
    return None


def _sheet(transition: Transition, case: Case, posted: Any = None) -> CorrectionSheet:
    """Its form shows contact data as it stands, so that it can be corrected: noted with the step."""
    access_notes.note(case, "langkah")
    access_notes.note(case, f"kontak: {transition.key}")
    why = step_form(transition, None, posted=posted, many=False, only=WHY)
    return CorrectionSheet(transition, case, amend_form(case.complaint, posted), why)


def _form_page(
    sheet: CorrectionSheet,
    *,
    news: Sequence[str] = (),
    clash: Clash | None = None,
    untold: entry.TypedNumbers | None = None,
    moved: bool = False,
) -> str:
    sent = request.method == "POST"
    if sent:
        tell_at_blanks(sheet.form)
    wrong = amendment_objections(sheet.case.complaint, sheet.blanks[ENTRY]) if sent else {}
    unchanged = [sentence for field, sentence in wrong.items() if not field and request.form.get("do") != "edit"]
    return _render(
        "admin/intake/correct.html",
        sheet,
        form=sheet.form,
        news=[*news, *unchanged],
        clash=clash,
        persons=PERSONS,
        numbers=untold or entry.typed_numbers(sheet.form),
        held="review" if untold else "",
        moved=moved,
        known="" if untold else ",".join(sorted(entry.known_marks())),
    )


def _reviewed(sheet: CorrectionSheet) -> Any:
    """What would follow, where nothing is wrong with it and no number of a person lies untold in what is new."""
    if not sheet.is_sound():
        return make_response(_form_page(sheet), 422)
    if untold := entry.untold_numbers(sheet.form, amend_form(sheet.case.complaint)):
        return make_response(_form_page(sheet, untold=untold), 422)
    return _review_page(sheet)


def _review_page(sheet: CorrectionSheet) -> str:
    """What is corrected and what follows from it; all that was typed goes along."""
    found = consequences_of(sheet.case, sheet.transition, sheet.blanks)
    tell_at_blanks(sheet.form, [name for name, field in FIELDS.items() if field in sheet.blanks[ENTRY]])
    return _render(
        "admin/intake/correct_review.html", sheet, form=sheet.form, found=found, typed=[*_typed(), (REVIEWED, _seal())]
    )


def _sent(transition: Transition) -> list[tuple[str, str]]:
    """All that this request brought, to be copied; the case as it stands is not asked."""
    why = step_form(transition, None, posted=request.form, many=False, only=WHY)
    return [
        *sent_in_words(request.form),
        *((f.label.text, input_in_words(f) or request.form[f.name]) for f in why if request.form.get(f.name)),
    ]


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED]


def _was_reviewed() -> bool:
    """Whether what is sent now is what this person was shown the consequences of, on this version of the case."""
    return hmac.compare_digest(request.form.get(REVIEWED, "").encode(), _seal().encode())


def _seal() -> str:
    """The panel's signature under all that was typed: after a change of any word what follows is shown once more."""
    said = sorted((name, value.replace("\r\n", "\n")) for name, value in _typed())
    shown = canonical([signed_in().id, request.form.get("cases", ""), said])
    return Signer(str(current_app.secret_key), salt="correction").get_signature(shown.encode()).decode()


def _overtaken_page(sheet: CorrectionSheet, versions: dict[int, int]) -> Any:
    """Somebody was quicker: who, what stands there now, and all that was typed; 409."""
    _, refused = workflow.verdicts(versions, sheet.transition.key, by=signed_in(), versions=versions)
    found = differences(sheet.form, amend_form(sheet.case.complaint))
    clash = Clash("", found) if found else None
    return make_response(_form_page(sheet, news=list(refused.values()), clash=clash), 409)


def _render(template: str, sheet: CorrectionSheet, **context: Any) -> str:
    complaint = sheet.case.complaint
    return str(
        view_at("langkah").render(
            template,
            transition=sheet.transition,
            c=complaint,
            why=sheet.why,
            draft_of=many.draft_name(sheet.transition, [complaint.id]),
            chosen=f"{complaint.id}:{complaint.version}",
            **context,
        )
    )


def views() -> list[PageView]:
    return [AmendingSteps(name="Langkah", endpoint="langkah", url="/pengaduan/langkah")]
