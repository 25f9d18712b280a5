"""Duplicates: similar earlier cases are shown before a complaint is registered, and the entry can be added to one of
them instead. Typed values are never lost, and an emergency does not wait for this."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, make_response, render_template, request

from admin.case.forms import step_form
from admin.case.notices import LikelyCase, likely_cases
from admin.case.step_view import open_versions, step_page
from admin.case.steps import open_step_page
from admin.door.rows import signed_in, valid_id
from admin.intake.entry import PERSON_FIELDS
from admin.intake.form import IntakeForm, sent_in_words
from admin.papers.evidence import copy_evidence_fields
from models.case.blanks import filled_blanks, record_of
from models.complaint.lookup import numbers_to_compare, record_look_up
from models.complaint.repeats import ComparedCase, repeats_of
from models.complaint.scope import viewer
from models.records.amending import LABELS
from models.store.base import Columns, now
from models.workflow import workflow
from sop.flow import current_procedure

WARNED = "warned"  # the field with ids of cases that the page has shown
ADD = "add:"  # prefix of the button that adds to a case, followed by its id
CARRIED = ("title", "story", "asks", "event_date", "event_place", "accused", "loss", "evidence", "medium", "medium_ref")
WHILE_TYPING, MINUTE = 30, 60  # requests of one user in so many seconds
_ASKED: dict[int, deque[float]] = {}  # times of recent requests by user id


def cases_to_show(form: IntakeForm, persons: dict[str, Columns]) -> list[LikelyCase]:
    """Similar earlier cases, if there is one that the page has not shown yet."""
    if form.emergency.data:
        return []
    likely = similar_cases(form, persons.values())
    known = set(request.form.getlist(WARNED))
    return likely if any(str(case.complaint.id) not in known for case in likely) else []


def similar_cases(form: IntakeForm, people: Any) -> list[LikelyCase]:
    """Earlier cases similar to the typed values; each compared number is recorded as a look-up before any is shown."""
    who = viewer(signed_in())
    entry = ComparedCase(_text(form.story.data), form.medium.data, _text(form.medium_ref.data))
    numbers = numbers_to_compare(people, who)
    repeats = repeats_of(entry, [number.mark for number in numbers], who, now())
    for number in numbers:
        record_look_up(number, who, len(repeats))
    return likely_cases(repeats, who.user)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""  # a file in its place is refused elsewhere


def while_typing(form: IntakeForm) -> Response:
    """The same as an HTML fragment for a script; 204 above WHILE_TYPING requests a minute."""
    if _exceeds_rate_limit(signed_in().id):
        return Response(status=204)
    people = [{name: _text(form[f"{kind}-{name}"].data) for name in PERSON_FIELDS[kind]} for kind in PERSON_FIELDS]
    cases = [] if form.emergency.data else similar_cases(form, people)
    return make_response(render_template("admin/intake/_likely.html", cases=cases))


def _exceeds_rate_limit(person: int) -> bool:
    recent, at = _ASKED.setdefault(person, deque(maxlen=WHILE_TYPING)), time.monotonic()
    is_over = len(recent) == WHILE_TYPING and at - recent[0] < MINUTE
    if not is_over:
        recent.append(at)
    return is_over


def wants_to_add() -> str:
    """The id of the case that the entry is to be added to, as typed; "" for a case of its own."""
    wanted = request.form.get("do", "")
    return wanted.removeprefix(ADD) if wanted.startswith(ADD) else ""


def _typed_lines(form: IntakeForm) -> list[tuple[str, str]]:
    """What was typed, by label; the number in the paper book, which only a new case has, comes last."""
    lines = list(sent_in_words(request.form))
    book_number = request.form.get(form.book_number.name, "")
    return [*lines, (form.book_number.label.text, book_number)] if book_number else lines


def adding_page(form: IntakeForm, typed: str) -> Any:
    """The page of the act that adds to the case, with the typed values; those without a blank there are listed."""
    act = current_procedure().repeat("adds")
    model = record_of(act) if act else None
    if act is None or model is None:
        abort(404)
    number = valid_id(typed)
    cases, refused = workflow.check_cases([number], act.key, by=signed_in())
    if not cases:
        abort(404)
    typed_lines = _typed_lines(form)
    if refused:
        return open_step_page(act, [number], sent=typed_lines)
    carried = {LABELS[name] for name in CARRIED} | {LABELS["pengadu.name"]}
    texts = {label: text for label, text in typed_lines if label in carried - {LABELS["pengadu.name"]}}
    by = "" if form.anonymous.data else _text(form["pengadu-name"].data)
    adding = step_form(act, filled_blanks(cases[number], act, model.taken_over(texts, by)), many=False)
    copy_evidence_fields(form, adding)
    rest: Sequence[tuple[str, str]] = [(label, text) for label, text in typed_lines if label not in carried]
    page = step_page(
        act,
        cases,
        refused,
        adding,
        many=False,
        versions=open_versions(act, cases, refused),
        sent=rest,
    )
    return make_response(page)
