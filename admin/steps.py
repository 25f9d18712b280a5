"""The one step page: whatever the transition, for one complaint or for many, it shows, takes the blanks, performs."""

import re
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_login import current_user

from admin.ids import MOST_IDS, valid_ids
from admin.joins import signed_in
from admin.stepforms import given, step_form
from admin.stepview import show, show_outcome
from models import scope, workflow
from models.blanks import filled
from models.seen import note
from sop import flow
from sop.procedure import Transition

MOST_IN_ADDRESS = 200
CHOSEN = re.compile(r"([1-9][0-9]{0,9}):([0-9]{1,9})", re.ASCII)


class StepView(BaseView):
    """/pengaduan/langkah/<key>/ – not in the menu; reached from lists, complaint pages and start pages."""

    def is_accessible(self) -> bool:
        return current_user.is_authenticated and scope.may_open(signed_in(), "pengaduan")

    def is_visible(self) -> bool:
        return False

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # Flask-Admin calls twice on a TypeError and hides ours

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return abort(403) if current_user.is_authenticated else redirect(url_for("signin.masuk", next=request.path))

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("pengaduan.index_view"))

    @expose("/<key>/", methods=("GET",))
    def step(self, key: str) -> Any:
        ids = valid_ids(request.args.getlist("id"))
        if len(ids) > MOST_IN_ADDRESS:
            abort(400, f"Paling banyak {MOST_IN_ADDRESS} pengaduan sekaligus pada satu alamat.")
        return opened(_transition(key), ids)

    @expose("/<key>/", methods=("POST",))
    def perform(self, key: str) -> Any:
        transition, versions = _transition(key), _chosen()
        _single(transition, len(versions))
        cases, refused = workflow.verdicts(versions, transition.key, by=signed_in(), versions=versions)
        if not cases:
            abort(404)
        many = len(versions) > 1
        form = step_form(transition, None, posted=request.form, many=many)
        drafting = request.form.get("do") == "draft" and transition.draft and not many
        if form is not None and not drafting and not form.validate():
            shown = {number: case.complaint.version for number, case in cases.items() if number not in refused}
            return make_response(show(transition, cases, refused, form, many=many, versions=shown), 422)
        blanks = given(form, transition, many=many)
        if drafting:
            return self._draft(transition, versions, form, blanks)
        outcome = workflow.advance(versions, transition.key, by=signed_in(), versions=versions, **blanks)
        if not outcome.done:
            return _again(transition, outcome.refused, form, many=many)
        if many:
            return show_outcome(transition, cases, outcome)
        flash(f"{transition.label}: selesai untuk pengaduan {cases[outcome.done[0]].complaint.number}.", "success")
        return redirect(_after(outcome.done[0]))

    def _draft(self, transition: Transition, versions: dict[int, int], form: Any, blanks: dict[str, Any]) -> Any:
        [(number, version)] = versions.items()
        outcome = workflow.save_draft(number, transition.key, by=signed_in(), version=version, **blanks)
        if outcome.refused:
            return _again(transition, outcome.refused, form, many=False)
        flash("Konsep disimpan.", "success")
        return redirect(step_url(transition, [number]))


def _again(transition: Transition, said: dict[int, str], form: Any, *, many: bool) -> Any:
    """The page once more as the cases are now, with why nothing was done and all that was typed; 409."""
    cases, refused = workflow.verdicts(said, transition.key, by=signed_in())
    if not cases:
        abort(404)
    versions = {number: case.complaint.version for number, case in cases.items() if number not in refused}
    page = show(transition, cases, refused, form, many=many, versions=versions, said=said)
    return make_response(page, 409)


def _after(complaint: int) -> str:
    """Where a single step ends: the complaint's page if the person may still read it, else the list."""
    visible = complaint in workflow.load([complaint], signed_in(), workflow.now())
    return url_for("pengaduan.details_view", id=complaint) if visible else url_for("pengaduan.index_view")


def _transition(key: str) -> Transition:
    transition = flow.TRANSITIONS.get(key)
    if transition is None or transition is flow.RECEIVE:
        abort(404)
    return transition


def _chosen() -> dict[int, int]:
    """The complaints and the versions that the page showed, from its one hidden field."""
    typed = request.form.get("cases", "").split(",")
    found = [CHOSEN.fullmatch(one) for one in typed]
    if not all(found) or len(found) > MOST_IDS:
        abort(400, "Daftar pengaduan pada halaman ini tidak terbaca. Muat ulang halamannya.")
    return {int(one[1]): int(one[2]) for one in found if one}


def _single(transition: Transition, count: int) -> None:
    if not transition.bulk and count > 1:
        abort(400, f"“{transition.label}” dilakukan untuk satu pengaduan saja.")


def opened(transition: Transition, ids: Sequence[int]) -> Any:
    """The step page before anything is done; 409 with the sentences where nothing can be done."""
    _single(transition, len(ids))
    cases, refused = workflow.verdicts(ids, transition.key, by=signed_in())
    if not cases:
        abort(404)
    able = [case for number, case in cases.items() if number not in refused]
    many = len(cases) > 1
    for case in able:
        note(case, "langkah")
    values = filled(able[0], transition, {}) if able and not many else None
    form = step_form(transition, values, many=many)
    versions = {number: case.complaint.version for number, case in cases.items() if number not in refused}
    return make_response(show(transition, cases, refused, form, many=many, versions=versions), 200 if able else 409)


def step_url(transition: Transition, ids: Sequence[int]) -> str:
    """The address of the step page for these complaints."""
    return url_for("langkah.step", key=transition.key, id=list(ids))


def views() -> list[BaseView]:
    return [StepView(name="Langkah", endpoint="langkah", url="/pengaduan/langkah")]
