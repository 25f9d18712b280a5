"""Meja Persetujuan: the Kepala Dinas decides many waiting cases at once, each at the version that was shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask import abort, make_response, redirect, request, url_for

from admin.case.forms import typed_deputy_reason
from admin.desk import daysheet, signing
from admin.desk.opened import abort_unless_awaited, opened_case_part, unawaited_reason
from admin.desk.page import NOTHING, DeskOutcome, acts_in_place, desk_page
from admin.desk.result import (
    DECIDE,
    ON_OPENED,
    READY,
    WAS,
    Result,
    accept_repeated,
    check_decision,
    find_recorded_decision,
    outcome_json,
    outcome_of_one,
    result_page,
    stored_result,
    unread_refusal,
)
from admin.desk.state import (
    DeskState,
    Versions,
    page_of,
    pressed_button,
)
from admin.door import sessions
from admin.door.flaskadmin import PageView
from admin.door.gate import CHECKS_PASSWORD, PRINTS, READS, expose
from admin.door.rows import signed_in, valid_id
from admin.server.errors import wants_json
from admin.sign_in.second_factor import require_proof
from models.complaint import scope
from models.complaint.scope import Viewer
from models.office import decree
from models.reading.desk import desk_cases, steps_of_desk
from models.records.base import Blanks
from models.store.base import canonical, database, now
from models.workflow import workflow
from sop.procedure import Transition

AFTER = "hasil"  # the query parameter with the id of a decision's result


class Desk(PageView):
    """/meja/<key>/ – not in the menu: the start page of the Kepala Dinas and of the acting official."""

    noun, home, cost = "meja", "pengaduan", READS

    @expose("/")
    def index(self) -> Any:
        return redirect("/")

    @expose("/<key:key>/", methods=("GET",))
    def queue(self, key: str) -> Any:
        state, outcome = _requested_state(_step(key))
        return outcome_json(outcome) if wants_json() else desk_page(scope.viewer(signed_in()), state, now(), outcome)

    @expose("/<key:key>/", methods=("POST",), cost=CHECKS_PASSWORD)
    def perform(self, key: str) -> Any:
        """The bar and "Sesuai usulan" decide; other buttons tick cases and open blanks, for browsers without script.
        One click on an opened case sends two posts: `ready` asks whether it may be decided, `decide` does it."""
        state, (word, act, case, version) = DeskState.sent(_step(key), request.form), pressed_button()
        who = scope.viewer(signed_in())
        if word in ("all", "none"):
            _tick(state, who, every=word == "all")
        elif word == "open":
            state.open(act, case, version)
        elif word == "close":
            state.close(act, case)
        elif word == "only":
            return _decide_one(state, who, state.only_case(state.step.key, case, version), read_on=False)
        elif word == "perform":
            return _decide_ticked(state, who)
        elif word == "fold":
            state.reading = 0
        elif word in ON_OPENED:
            return _decide_opened(state, who, word, (act, case, version))
        return desk_page(who, state, now())

    @expose("/<key:key>/<row:complaint>/", methods=("GET",))
    def read(self, key: str, complaint: str) -> Any:
        """The desk with one case open, and the outcome of the last decision. A case that was decided meanwhile is not
        opened, as after the back button."""
        state, outcome = _requested_state(_step(key))
        state.reading = valid_id(complaint)
        if outcome is NOTHING:
            abort_unless_awaited(state)
        elif why := unawaited_reason(state):
            state.reading, outcome = 0, replace(outcome, sentence=f"{outcome.sentence} {why}", tone="warning")
        return desk_page(scope.viewer(signed_in()), state, now(), outcome)

    @expose("/<key:key>/<row:complaint>/", methods=("POST",))
    def unfold(self, key: str, complaint: str) -> Any:
        """The same with all that is ticked and typed; only the opened case for a script."""
        state = DeskState.sent(_step(key), request.form)
        state.reading = valid_id(complaint)
        if request.form.get("lembar"):
            abort_unless_awaited(state)
            return opened_case_part(state, **acts_in_place(state.step))
        if why := unawaited_reason(state):
            state.reading = 0
            return make_response(desk_page(scope.viewer(signed_in()), state, now(), DeskOutcome(why, "warning")), 409)
        return desk_page(scope.viewer(signed_in()), state, now())

    @expose("/<key:key>/hasil/<code:public_id>/")
    def result(self, key: str, public_id: str) -> Any:
        """The result of a decision, as long as it is stored for the user who decided."""
        state, result = stored_result(_step(key), public_id) or abort(404, sessions.GONE)
        return result_page(state, result, scope.viewer(signed_in()))

    @expose("/<key:key>/daftar/")
    def issued(self, key: str) -> Any:
        """The printable list of a day's decisions."""
        return self._list_of_a_day(key, partial(daysheet.day_page, page=page_of(request.args.get("hal", ""))))

    @expose("/<key:key>/daftar/", methods=("POST",))
    def issue_list(self, key: str) -> Any:
        """The same issued as a paper with a number; the same list is not issued twice."""
        return self._list_of_a_day(key, daysheet.issue_day)

    @expose("/<key:key>/bulan.pdf", cost=PRINTS)
    def month(self, key: str) -> Any:
        """The sheet of the present month, for the phone to share."""
        _step(key)
        return daysheet.month_file(scope.viewer(signed_in()))

    def _list_of_a_day(self, key: str, make: Callable[[Transition, Viewer, date], Any]) -> Any:
        step = _step(key)
        if not step.independent:
            abort(404)
        return make(step, scope.viewer(signed_in()), daysheet.day_of(request.values.get("tanggal", "")))


def _step(key: str) -> Transition:
    steps = {step.key: step for step in steps_of_desk()}
    return steps[key] if key in steps else abort(404)


def _tick(state: DeskState, who: Viewer, *, every: bool) -> None:
    """Tick all cases of the page that may be decided together, at their present versions; or none."""
    cases = desk_cases(who, state.step, now(), ids=state.on_page) if every else []
    going_back = {case for act, cases in state.opened.items() if act != state.step.key for case in cases}
    state.ticked = {
        s.complaint.id: s.complaint.version for s in cases if not s.singly and s.complaint.id not in going_back
    }


def _requested_state(step: Transition) -> tuple[DeskState, DeskOutcome]:
    """The state that the address asks for and the outcome to show: as stored after a decision on one case, or a new
    state."""
    new = DeskState(step, page=page_of(request.args.get("hal", "")))
    if AFTER not in request.args:
        return new, NOTHING
    state, result = stored_result(step, request.args[AFTER]) or (new, None)
    if result and len(result.done) == 1:
        return state, outcome_of_one(state, result)
    return state, DeskOutcome(sessions.GONE, "info")


def _decide_opened(state: DeskState, who: Viewer, word: str, button: tuple[str, int, int]) -> Any:
    """Decide on the opened case (DECIDE), check whether that would be accepted (READY), or whether it arrived (WAS)."""
    act, case, version = button
    alone = state.only_case(act, case, version)
    if word == WAS:
        return outcome_json(outcome_of_one(alone, find_recorded_decision(alone, case, version)))
    result = check_decision(alone, case, version) if word == READY else Result(refused=unread_refusal(case, version))
    if word == DECIDE and not result.refused:
        return _decide_one(state, who, alone)
    if wants_json():
        return outcome_json(outcome_of_one(alone, result))
    if result.done:  # recorded already by an earlier press: shows its result
        return _decide_one(state, who, alone)
    state.reading = case
    state.ready = "" if result.refused else f"{DECIDE}:{act}:{case}:{version}"
    page = desk_page(who, state, now(), outcome_of_one(alone, result) if result.refused else NOTHING)
    return make_response(page, 409 if result.refused else 200)


def _decide_one(state: DeskState, who: Viewer, alone: DeskState, *, read_on: bool = True) -> Any:
    """Decide on one case and stay at the desk; after an opened case the next one is opened. A refused case stays open
    with the reason."""
    result, after = decide(alone, state, read_on=read_on)
    if not after:
        outcome = outcome_of_one(alone, result)
        return outcome_json(outcome) if wants_json() else make_response(desk_page(who, state, now(), outcome), 409)
    if state.reading and not wants_json():
        opened = url_for("meja.read", key=state.step.key, complaint=state.reading, hasil=after, _anchor="lembar")
        return redirect(opened)
    return redirect(url_for("meja.queue", key=state.step.key, hasil=after))


def _decide_ticked(state: DeskState, who: Viewer) -> Any:
    """Decide on all ticked cases. The result has a page of its own, unless no case was accepted. Without the reason
    that a deputised Kepala Dinas must give, all stays ticked."""
    if objection := decree.deputy_objection(who.deputies.get(None), typed_deputy_reason()):
        return make_response(desk_page(who, state, now(), DeskOutcome(objection, "warning")), 409)
    result, after = decide(state, state)
    if after:
        return redirect(url_for("meja.result", key=state.step.key, public_id=after))
    page = result_page(state, result, who) if result.refused else desk_page(who, state, now())
    return make_response(page, 409)


def decide(chosen: DeskState, state: DeskState, *, read_on: bool = False) -> tuple[Result, str]:
    """Decide on the cases of `chosen` in one transaction; each case is refused on its own. If any was accepted, `state`
    without it is stored with the result, whose public id is returned, else ""."""
    for act, versions in chosen.parts():
        if versions:
            require_proof(act)
    result = Result()
    groups = [
        (act, *same) for act, versions in chosen.parts() for same in _grouped_by_blanks(chosen, act, versions, result)
    ]
    why = typed_deputy_reason()
    with database.atomic():
        for act, blanks, versions in groups:
            outcome = workflow.advance(
                list(versions), act.key, by=signed_in(), versions=versions, deputy_reason=why, blanks=blanks
            )
            result.add(act, outcome)
        accept_repeated(chosen, result)
        for case in result.done:
            state.settle(case, read_on=read_on)
        after = result.store(state) if result.done else ""
    return result, after


def _grouped_by_blanks(
    state: DeskState, act: Transition, versions: Versions, result: Result
) -> list[tuple[Blanks, Versions]]:
    """Group the cases of an act by equal blanks; invalid blanks are refused."""
    groups: dict[str, tuple[Blanks, Versions]] = {}
    for case, version in versions.items():
        blanks, wrong = state.blanks_of(act, case)
        if wrong:
            result.refused[case] = wrong
        else:
            groups.setdefault(canonical(blanks), (blanks, {}))[1][case] = version
    return list(groups.values())


def views() -> list[PageView]:
    return [Desk(name="Meja Persetujuan", endpoint="meja", url="/meja"), *signing.views()]
