"""/pengaduan/new/: taking down a complaint, in the order in which people tell it."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.peewee import ModelView

from admin.evidence import gathered, remind, sent
from admin.intakeform import IntakeForm, intake_form, told
from admin.joins import signed_in
from admin.steps import step_url
from models import intake, workflow
from models.base import database, now
from models.complaint import PERSONS
from models.evidence.incoming import Piece
from models.scope import viewer
from models.workflow import Outcome
from sop import flow
from sop.access import lanes

LONGEST_FORM = timedelta(hours=12)


class Receiving(ModelView):
    """Mixin of the complaints' view: its create page performs `receive`."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not may_receive():
            abort(403)
        form = intake_form(sent() if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            data, persons = told(form)
            wrong = intake.objections(data, persons, now())
            pieces = None if wrong else gathered(form)
            if pieces is not None:
                return _received(_receive(form, data, persons, pieces), form)
            form.complain(wrong)
        remind(form)
        page = self.render("admin/receive.html", form=form, step=flow.RECEIVE, persons=PERSONS)
        return (page, 422) if request.method == "POST" else page


def may_receive() -> bool:
    return bool(lanes(flow.RECEIVE) & viewer(signed_in()).lanes)


def _receive(form: IntakeForm, data: dict[str, Any], persons: dict[str, dict[str, Any]],
             pieces: list[Piece]) -> Outcome:  # fmt: skip
    """Register, and with "Simpan & naikkan" raise at once: both or neither."""
    with database.atomic():
        outcome = intake.receive(by=signed_in(), data=data, persons=persons, opened_at=_opened_at(form),
                                 pieces=pieces)  # fmt: skip
        if outcome.done and request.form.get("do") == "raise":
            workflow.advance(outcome.done, flow.FIRST, by=signed_in())
    return outcome


def _received(outcome: Outcome, form: IntakeForm) -> Any:
    [number] = outcome.done
    flash("Pengaduan telah dicatat. Tanda terima siap dicetak pada bagian Dokumen.", "success")
    if request.form.get("do") == "suggest":
        return redirect(step_url(flow.TRANSITIONS[flow.FIRST], [number]))
    return redirect(url_for("pengaduan.details_view", id=number))


def _opened_at(form: IntakeForm) -> datetime:
    """When the form was opened, as the page itself carries it; a moment that cannot be is the present one."""
    at = now()
    opened = form.opened_at
    return opened if opened and at - LONGEST_FORM <= opened <= at else at
