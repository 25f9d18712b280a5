"""Corrections of an entry: the step page with the intake form, then a page with the effects, and only then the act."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, make_response, redirect, request
from itsdangerous import Signer

from admin.case import many
from admin.case.after import report_after
from admin.case.forms import step_form, typed_blanks
from admin.case.steps import StepView, open_step_page
from admin.door.flaskadmin import PageView, view_at
from admin.door.rows import signed_in
from admin.intake import entry
from admin.intake.consequences import consequences_of
from admin.intake.entry import EntryForm
from admin.intake.form import FIELDS, amend_form, corrected_values, sent_in_words, typed_entry
from admin.lists.saving import EditConflict, differences, input_in_words
from admin.papers.emblems import attach_print_warnings
from models.case import access_notes
from models.case.case import Case
from models.complaint.complaint import PERSONS
from models.records.amending import amendment_objections
from models.records.base import Blanks
from models.store.base import canonical
from models.workflow import workflow
from sop.procedure import Transition

ENTRY = "new_value"  # the blank with the corrected values
WHY = ("reason", "note")  # the blanks below the entry
REVIEWED = "reviewed"  # the field with the signature of the review page
NOT_TYPED = ("csrf_token", "do", "cases", REVIEWED)


@dataclass(frozen=True)
class CorrectionSheet:
    """A correction being written: the present case, the form of the entry, and the form of the reason."""

    transition: Transition
    case: Case
    form: EntryForm
    why: Any

    @property
    def blanks(self) -> Blanks:
        corrected = corrected_values(self.form, self.case.complaint)
        return {ENTRY: corrected, **typed_blanks(self.why, self.transition, many=False)}

    def is_sound(self) -> bool:
        """Whether it can be saved; if not, the errors are at its fields."""
        filled = all([self.form.validate(), self.why.validate()])
        wrong = amendment_objections(self.case.complaint, self.blanks[ENTRY]) if filled else {}
        self.form.complain({field: sentence for field, sentence in wrong.items() if field})
        return filled and not wrong


class AmendingSteps(StepView):
    """The step page; acts that amend the entry show the intake form."""

    def open_page(self, transition: Transition, ids: Sequence[int]) -> Any:
        cases, refused = workflow.check_cases(ids, transition.key, by=signed_in()) if transition.amends else ({}, {})
        if len(cases) != 1 or refused:
            return super().open_page(transition, ids)
        [case] = cases.values()
        return _form_page(_correction(transition, case))

    def take_step(self, transition: Transition, versions: dict[int, int]) -> Any:
        if not transition.amends:
            return super().take_step(transition, versions)
        cases, refused = workflow.check_cases(versions, transition.key, by=signed_in())
        if not cases:
            abort(404)
        if refused:
            return open_step_page(transition, list(cases), sent=_sent(transition))
        if while_typing := _answer_to_script():
            return while_typing
        [(number, case)] = cases.items()
        correction = _correction(transition, case, request.form)
        if case.complaint.version != versions[number]:
            return _overtaken_page(correction, versions)
        if kind := entry.chosen_owner():
            entry.move_numbers(correction.form, kind)
        if kind or request.form.get("do") == "edit":
            return _form_page(correction, moved=bool(kind))
        return self._save(correction, versions) if request.form.get("do") == "perform" else _review_page(correction)

    def _save(self, correction: CorrectionSheet, versions: dict[int, int]) -> Any:
        """Perform the act if this user was shown the effects of exactly these values on this version of the case; else
        show the review page first."""
        was_reviewed = hmac.compare_digest(request.form.get(REVIEWED, "").encode(), _signature().encode())
        if not (was_reviewed and correction.is_sound()):
            return _review_page(correction)
        outcome = workflow.advance(
            versions, correction.transition.key, by=signed_in(), versions=versions, blanks=correction.blanks
        )
        if outcome.refused:
            return make_response(_form_page(correction, news=list(outcome.refused.values())), 409)
        many.forget_draft(correction.transition, versions)
        return redirect(report_after(correction.transition, correction.case, outcome.papers))


def _answer_to_script() -> Any:
    """The answer to the form's script: personal numbers in the typed text, or the blanks that a click changes."""
    form = typed_entry(request.form)
    if request.form.get("do") == "numbers":
        return entry.numbers_part(form)
    if (kind := entry.chosen_owner()) and request.accept_mimetypes.best == "application/json":
        entry.move_numbers(form, kind)
        return entry.moved_part(form)
    return None


def _correction(transition: Transition, case: Case, posted: Any = None) -> CorrectionSheet:
    """Its form shows the contact data unmasked, so that it can be corrected: recorded in the access log."""
    access_notes.note(case, "langkah")
    access_notes.note(case, f"kontak: {transition.key}")
    why = step_form(transition, None, posted=posted, many=False, only=WHY)
    return CorrectionSheet(transition, case, amend_form(case.complaint, posted), why)


def _form_page(
    correction: CorrectionSheet,
    *,
    news: Sequence[str] = (),
    clash: EditConflict | None = None,
    new_numbers: entry.TypedNumbers | None = None,
    moved: bool = False,
) -> str:
    sent = request.method == "POST"
    if sent:
        attach_print_warnings(correction.form)
    wrong = amendment_objections(correction.case.complaint, correction.blanks[ENTRY]) if sent else {}
    unchanged = [sentence for field, sentence in wrong.items() if not field and request.form.get("do") != "edit"]
    return _render(
        "admin/intake/correct.html",
        correction,
        form=correction.form,
        news=[*news, *unchanged],
        clash=clash,
        persons=PERSONS,
        numbers=new_numbers or entry.typed_numbers(correction.form),
        go_on="review" if new_numbers else "",
        moved=moved,
        known="" if new_numbers else ",".join(sorted(entry.known_marks())),
    )


def _review_page(correction: CorrectionSheet) -> Any:
    """The review page: the changes and their effects, with the typed values in hidden fields; the form again if it has
    errors, or new text with a person's number that was not pointed out."""
    if not correction.is_sound():
        return make_response(_form_page(correction), 422)
    if new_numbers := entry.numbers_to_show(correction.form, amend_form(correction.case.complaint)):
        return make_response(_form_page(correction, new_numbers=new_numbers), 422)
    consequences = consequences_of(correction.case, correction.transition, correction.blanks)
    attach_print_warnings(
        correction.form, [name for name, field in FIELDS.items() if field in correction.blanks[ENTRY]]
    )
    return _render(
        "admin/intake/correct_review.html",
        correction,
        form=correction.form,
        found=consequences,
        typed=[*_typed(), (REVIEWED, _signature())],
    )


def _sent(transition: Transition) -> list[tuple[str, str]]:
    """All values of this request by label, for the user to copy."""
    why = step_form(transition, None, posted=request.form, many=False, only=WHY)
    return [
        *sent_in_words(request.form),
        *((f.label.text, input_in_words(f) or request.form[f.name]) for f in why if request.form.get(f.name)),
    ]


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED]


def _signature() -> str:
    """The panel's signature of all typed values: any change needs a new review."""
    values = sorted((name, value.replace("\r\n", "\n")) for name, value in _typed())
    signed = canonical([signed_in().id, request.form.get("cases", ""), values])
    return Signer(str(current_app.secret_key), salt="correction").get_signature(signed.encode()).decode()


def _overtaken_page(correction: CorrectionSheet, versions: dict[int, int]) -> Any:
    """409: another user changed the case meanwhile; who, the present values, and all that was typed."""
    _, refused = workflow.check_cases(versions, correction.transition.key, by=signed_in(), versions=versions)
    changes = differences(correction.form, amend_form(correction.case.complaint))
    clash = EditConflict("", changes) if changes else None
    return make_response(_form_page(correction, news=list(refused.values()), clash=clash), 409)


def _render(template: str, correction: CorrectionSheet, **context: Any) -> str:
    complaint = correction.case.complaint
    return str(
        view_at("langkah").render(
            template,
            transition=correction.transition,
            c=complaint,
            why=correction.why,
            draft_of=many.draft_name(correction.transition, [complaint.id]),
            chosen=f"{complaint.id}:{complaint.version}",
            **context,
        )
    )


def views() -> list[PageView]:
    return [AmendingSteps(name="Langkah", endpoint="langkah", url="/pengaduan/langkah")]
