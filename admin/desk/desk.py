"""Meja Persetujuan: what waits for the Kepala Dinas, decided on in one stroke, each case as it was shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import abort, make_response, redirect, request, url_for

from admin.case.forms import typed_deputy_reason
from admin.desk import result as daysheet
from admin.desk.opened import DECIDE, ON_OPENED, READY, WAS, answer_again, foreseen, has_taken, unread, words_of
from admin.desk.page import NOTHING, DeskOutcome, acts_in_place, desk_page, tabs
from admin.desk.result import Result, day_of, kept, outcome_of_one, result_page
from admin.desk.sheet import Sheet, Versions, leaf_part, page_of, pressed_button, refuse_unawaited, why_unawaited
from admin.door import sessions
from admin.door.flaskadmin import PageView
from admin.door.gate import CHECKS_PASSWORD, PRINTS, READS, expose
from admin.door.rows import signed_in, valid_id
from admin.server.errors import wants_words
from admin.sign_in.second_factor import require_proof
from models.complaint import scope
from models.complaint.scope import Viewer
from models.office import decree
from models.reading.desk import slips, steps_of_desk
from models.records.base import Blanks
from models.store.base import canonical, database, now
from models.workflow import workflow
from sop.procedure import Transition

AFTER = "hasil"  # by which an address names what a decision has brought


class Desk(PageView):
    """/meja/<key>/ – not in the menu: it is the start page of the Kepala Dinas, and of whoever acts for him."""

    noun, home, cost = "meja", "pengaduan", READS

    @expose("/")
    def index(self) -> Any:
        return redirect("/")

    @expose("/<key:key>/", methods=("GET",))
    def pile(self, key: str) -> Any:
        sheet, outcome = _brought(_step(key))
        return words_of(outcome) if wants_words() else desk_page(scope.viewer(signed_in()), sheet, now(), outcome)

    @expose("/<key:key>/", methods=("POST",), cost=CHECKS_PASSWORD)
    def perform(self, key: str) -> Any:
        """The bar and "Sesuai usulan" decide; other buttons tick and lay blanks open, for browsers without script."""
        sheet, (word, act, case, version) = Sheet.sent(_step(key), request.form), pressed_button()
        who = scope.viewer(signed_in())
        if word in ("all", "none"):
            _tick(sheet, who, every=word == "all")
        elif word == "open":
            sheet.open(act, case, version)
        elif word == "close":
            sheet.close(act, case)
        elif word == "only":
            return _go_on(sheet, who, sheet.alone(sheet.step.key, case, version), read_on=False)
        elif word == "perform":
            return _decided_together(sheet, who)
        elif word == "fold":
            sheet.reading = 0
        elif word in ON_OPENED:
            return _on_opened(sheet, who, word, (act, case, version))
        return desk_page(who, sheet, now())

    @expose("/<key:key>/<row:complaint>/", methods=("GET",))
    def read(self, key: str, complaint: str) -> Any:
        """The desk with one case laid open; after a decision also what came of it. Gone back to, a case that was
        decided on by now is not opened."""
        sheet, outcome = _brought(_step(key))
        sheet.reading = valid_id(complaint)
        if outcome is NOTHING:
            refuse_unawaited(sheet)
        elif why := why_unawaited(sheet):
            sheet.reading, outcome = 0, replace(outcome, sentence=f"{outcome.sentence} {why}", tone="warning")
        return desk_page(scope.viewer(signed_in()), sheet, now(), outcome)

    @expose("/<key:key>/<row:complaint>/", methods=("POST",))
    def unfold(self, key: str, complaint: str) -> Any:
        """The same with all that is ticked and typed; what is laid open alone, if a script asks for it."""
        sheet = Sheet.sent(_step(key), request.form)
        sheet.reading = valid_id(complaint)
        if request.form.get("lembar"):
            refuse_unawaited(sheet)
            return leaf_part(sheet, **acts_in_place(sheet.step))
        if why := why_unawaited(sheet):
            sheet.reading = 0
            return make_response(desk_page(scope.viewer(signed_in()), sheet, now(), DeskOutcome(why, "warning")), 409)
        return desk_page(scope.viewer(signed_in()), sheet, now())

    @expose("/<key:key>/hasil/<code:public_id>/")
    def result(self, key: str, public_id: str) -> Any:
        """What came of the ticked ones, as long as it is stored for the user who decided."""
        sheet, result = kept(_step(key), public_id) or abort(404, sessions.GONE)
        return result_page(sheet, result, scope.viewer(signed_in()))

    @expose("/<key:key>/daftar/")
    def issued(self, key: str) -> Any:
        """The printable list of a day's decisions."""
        return self._list_of_a_day(key, partial(daysheet.day_page, page=page_of(request.args.get("hal", ""))))

    @expose("/<key:key>/daftar.pdf", cost=PRINTS)
    def issued_pdf(self, key: str) -> Any:
        """The same as PDF, with the signature of the user who decided."""
        return self._list_of_a_day(key, daysheet.day_pdf)

    def _list_of_a_day(self, key: str, make: Callable[[Transition, Viewer, date], Any]) -> Any:
        step = _step(key)
        if not step.independent:
            abort(404)
        return make(step, scope.viewer(signed_in()), day_of(request.args.get("tanggal", "")))


def first_pile(who: Viewer, at: datetime) -> str:
    """The desk as a start page: the first pile on which something lies."""
    piles, _ = tabs(who, at)
    pile = next((tab for tab in piles if tab.count), piles[0])
    return desk_page(who, Sheet(pile.step), at)


def _step(key: str) -> Transition:
    steps = {step.key: step for step in steps_of_desk()}
    return steps[key] if key in steps else abort(404)


def _tick(sheet: Sheet, who: Viewer, *, every: bool) -> None:
    """Tick all that may go in one stroke, as it is shown now; or nothing."""
    lying = slips(who, sheet.step, now(), ids=sheet.on_page) if every else []
    going_back = {case for act, cases in sheet.opened.items() if act != sheet.step.key for case in cases}
    sheet.ticked = {
        s.complaint.id: s.complaint.version for s in lying if not s.singly and s.complaint.id not in going_back
    }


def _brought(step: Transition) -> tuple[Sheet, DeskOutcome]:
    """The sheet that the address asks for: as a decision on one case has left it, with what came of that, or a new
    one."""
    new = Sheet(step, page=page_of(request.args.get("hal", "")))
    if AFTER not in request.args:
        return new, NOTHING
    sheet, result = kept(step, request.args[AFTER]) or (new, None)
    one = result is not None and len(result.done) == 1
    return sheet, outcome_of_one(sheet, result) if result and one else DeskOutcome(sessions.GONE, "info")


def _on_opened(sheet: Sheet, who: Viewer, word: str, button: tuple[str, int, int]) -> Any:
    """A decision on the sheet that lies open; before it waits in a tab whether it would go, after it whether it has."""
    act, case, version = button
    alone = sheet.alone(act, case, version)
    if word == WAS:
        return words_of(outcome_of_one(alone, has_taken(alone, case, version)))
    result = foreseen(alone, case, version) if word == READY else Result(refused=unread(case, version))
    if word == DECIDE and not result.refused:
        return _go_on(sheet, who, alone)
    if wants_words():
        return words_of(outcome_of_one(alone, result))
    if result.done:
        return _go_on(sheet, who, alone)
    sheet.reading = case
    sheet.ready = "" if result.refused else f"{DECIDE}:{act}:{case}:{version}"
    page = desk_page(who, sheet, now(), outcome_of_one(alone, result) if result.refused else NOTHING)
    return make_response(page, 409 if result.refused else 200)


def _go_on(sheet: Sheet, who: Viewer, alone: Sheet, *, read_on: bool = True) -> Any:
    """Decide on one case and stay at the desk; after one that was read the next lies open. What is refused stays with
    its sentence."""
    result, after = decide(alone, sheet, read_on=read_on)
    if not after:
        outcome = outcome_of_one(alone, result)
        return words_of(outcome) if wants_words() else make_response(desk_page(who, sheet, now(), outcome), 409)
    if sheet.reading and not wants_words():
        leaf = url_for("meja.read", key=sheet.step.key, complaint=sheet.reading, hasil=after, _anchor="lembar")
        return redirect(leaf)
    return redirect(url_for("meja.pile", key=sheet.step.key, hasil=after))


def _decided_together(sheet: Sheet, who: Viewer) -> Any:
    """Decide on all that is ticked. What was done is shown on a page of its own; nothing done, here. Without the reason
    that is asked for the whole sheet, all stays ticked."""
    if unsaid := decree.beside_objection(who.deputies.get(None), typed_deputy_reason()):
        return make_response(desk_page(who, sheet, now(), DeskOutcome(unsaid, "warning")), 409)
    result, after = decide(sheet, sheet)
    if after:
        return redirect(url_for("meja.result", key=sheet.step.key, public_id=after))
    page = result_page(sheet, result, who) if result.refused else desk_page(who, sheet, now())
    return make_response(page, 409)


def decide(chosen: Sheet, sheet: Sheet, *, read_on: bool = False) -> tuple[Result, str]:
    """What is chosen of a sheet, in one transaction, so that a fault undoes all; each case is refused alone. Where
    anything was done, also what the next page asks for it by: the rest of the sheet goes along."""
    for act, versions in chosen.parts():
        if versions:
            require_proof(act)
    result = Result()
    groups = [(act, *alike) for act, versions in chosen.parts() for alike in _alike(chosen, act, versions, result)]
    why = typed_deputy_reason()
    with database.atomic():
        for act, blanks, versions in groups:
            moved = workflow.advance(
                versions, act.key, by=signed_in(), versions=versions, deputy_reason=why, blanks=blanks
            )
            result.add(act, moved)
        answer_again(chosen, result)
        for case in result.done:
            sheet.settle(case, read_on=read_on)
        after = result.keep(sheet) if result.done else ""
    return result, after


def _alike(sheet: Sheet, act: Transition, versions: Versions, result: Result) -> list[tuple[Blanks, Versions]]:
    """The cases of an act by what was filled in for them; what will not do is refused."""
    groups: dict[str, tuple[Blanks, Versions]] = {}
    for case, version in versions.items():
        blanks, wrong = sheet.blanks_of(act, case)
        if wrong:
            result.refused[case] = wrong
        else:
            groups.setdefault(canonical(blanks), (blanks, {}))[1][case] = version
    return list(groups.values())


def views() -> list[PageView]:
    return [Desk(name="Meja Persetujuan", endpoint="meja", url="/meja")]
