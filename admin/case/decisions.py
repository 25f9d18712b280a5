"""Cases on a step page: records in force, rows, and the decisions with their blanks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from flask import request, url_for
from wtforms import Field

from admin.case.forms import required_and_optional, step_form
from admin.lists.cells import Marks, deadline_sentence, due_marks, due_words, urgency_marks
from models.case.access_notes import without_hidden_cases
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case, came_back
from models.case.content import Composer
from models.complaint.complaint import Complaint, name_stand_in
from models.records.in_words import Words
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from sop.words import format_moment


@dataclass(frozen=True)
class Returned:
    """Why a case came back, in words: act, user, time, blanks; `asks_anew` if a text must be revised."""

    heading: str
    by: str
    at: str
    words: dict[str, Words]
    asks_anew: bool


@dataclass(frozen=True)
class RecordInWords:
    """A record in force: its blanks in words by label; `needed` if the step depends on it."""

    key: str
    title: str
    values: Mapping[str, Any]
    needed: bool


def pengadu_name(case: Case) -> str:
    return name_stand_in(anonymous=case.complaint.anonymous, secret=False) or case.pengadu


def records_in_words(transition: Transition, case: Case, composer: Composer) -> list[RecordInWords]:
    """The records in force, the latest first."""
    keys = list(dict.fromkeys(record.key for record in reversed(case.made) if record.key in case.records))
    in_words = without_hidden_cases((composer.in_words(key, case.records[key].blanks) for key in keys), case.user)
    needed = {need.record for need in transition.needs} or set(keys[:1])
    needed |= {key for key in keys if vocabulary().acts[case.records[key].act].effect == "new_leg"}  # the disposition
    return [
        RecordInWords(key, composer.title(key), values, key in needed)
        for key, values in zip(keys, in_words, strict=True)
        if values
    ]


def records_not_on_paper(step: Transition, records: Iterable[RecordInWords]) -> list[RecordInWords]:
    """The records to show next to a decision's papers, without those that are shown as a paper."""
    on_paper = {need.record for need in step.needs} if step.independent else set()
    return [record for record in records if record.key not in on_paper]


def return_words(case: Case, composer: Composer) -> Returned | None:
    """Why the case or its text came back; None if it did not."""
    returned = came_back(case)
    if returned is None:
        return None
    record = returned.record
    words = composer.in_words(record.key, record.blanks)
    return Returned(
        returned.heading, str(composer.users[record.made_by]), format_moment(record.made_at), words, returned.asks_anew
    )


@dataclass(frozen=True)
class StepRow:
    """A complaint on the step page; `why`: why the step is refused, `own`: the values proposed for it."""

    case: Case
    composer: Composer
    why: str
    own: dict[str, Words]
    pengadu: str
    records: list[RecordInWords]
    returned: Returned | None
    due: str
    limit: str
    urgency: Marks
    late: Marks

    @property
    def complaint(self) -> Complaint:
        return self.case.complaint


def step_row(transition: Transition, case: Case, why: str, composer: Composer) -> StepRow:
    model, run = record_of(transition), case.run
    return StepRow(
        case,
        composer,
        why,
        composer.in_words(model.key, filled_blanks(case, transition, {})) if model else {},
        pengadu_name(case),
        records_in_words(transition, case, composer),
        return_words(case, composer),
        due_words(case.complaint),
        deadline_sentence(case.complaint),
        urgency_marks(case.complaint),
        due_marks(case.complaint, run.started_at if run else None),
    )


CHOSEN = "putusan"
FROM = "dari"  # the act whose page the form is on, which may differ from the act of the pressed button


@dataclass(frozen=True)
class Decision:
    """A decision with its own blanks, and the button that performs it."""

    key: str
    label: str
    brief: str
    help: str
    blanks: list[Field]
    url: str
    name: str
    value: str
    tone: str

    @property
    def is_begun(self) -> bool:
        """Whether a blank is filled or has errors."""
        return any(blank.data or blank.errors for blank in self.blanks)


class MainBlanks(TypedDict):
    """The blanks of the main step: those shown, and those folded."""

    must: list[Field]
    may: list[Field]


class Decisions(MainBlanks):
    """Template context: the main step if the user may perform it, the other decisions, and the blank that the buttons
    set (`verdict`: its name and default)."""

    main: Transition | None
    main_form: Any
    decisions: list[Decision]
    opened: str  # key of the decision whose blanks are shown
    verdict: tuple[str, str] | None
    page: Transition


def page_act(act: Transition) -> Transition:
    """The act whose page the form of this request is on; `act` if the form names none."""
    return vocabulary().transitions.get(request.form.get(FROM, ""), act)


def prefix_of(act: Transition, page: Transition) -> str:
    """The prefix of an act's field names on a page: "" on the act's own page."""
    return "" if act is page else f"{act.key}-"


def decisions_of(case: Case, step: Transition, tried: Transition, tried_form: Any) -> Decisions:
    """The decisions of the user on the page of `step`; the act that was tried keeps its submitted form."""
    page = page_act(tried)
    sent = request.form if FROM in request.form else None
    forms = {}
    for act in (step, *case.procedure.other_ways(step)):
        if act is tried:
            forms[act] = tried_form
        elif not case.refusal_of(act):  # as submitted, if it was on the page
            blanks, prefix = filled_blanks(case, act, {}), prefix_of(act, page)
            forms[act] = step_form(act, blanks, posted=sent, many=False, prefix=prefix)
    main_form = forms.get(step)
    others = [_decision(act, forms[act], page) for act in forms if act is not step]
    decisions = [*_verdict_decisions(step, main_form), *others]
    return {
        "main": step if step in forms else None,
        "main_form": main_form,
        **_main_blanks(step, main_form),
        "decisions": decisions,
        "opened": _opened(decisions, tried),
        "verdict": _usual_verdict(step, main_form),
        "page": page,
    }


def _decision(act: Transition, form: Any, page: Transition) -> Decision:
    blanks = [field for part in required_and_optional(form) for field in part]
    button = ("do", "perform" if act is page else act.key)
    tone = "danger" if act.tone == "danger" else "primary"
    url = url_for("langkah.perform", key=act.key)
    return Decision(act.key, act.last_button, first_word(act), act.help, blanks, url, *button, tone)


def _main_blanks(step: Transition, form: Any) -> MainBlanks:
    """The blanks of the step itself: those shown, and those folded or set by buttons."""
    model, (must, may) = record_of(step), required_and_optional(form)
    if model is None:
        return {"must": must, "may": may}
    if model.verdicts:
        return {"must": [field for field in must if field.short_name != model.verdict], "may": []}
    first = [field for field in form or () if field in must or (field in may and field.short_name in model.in_place)]
    return {"must": first, "may": [field for field in may if field not in first]}


def _usual_verdict(step: Transition, form: Any) -> tuple[str, str] | None:
    """Name and default value of the blank that the step's buttons set."""
    model = record_of(step)
    return (form[model.verdict].name, model.verdicts[0][0]) if model and model.verdicts and form is not None else None


def _verdict_decisions(step: Transition, form: Any) -> list[Decision]:
    """A decision for each verdict but the default one; the first also has the optional blanks."""
    model = record_of(step)
    if model is None or form is None:
        return []
    url = url_for("langkah.perform", key=step.key)
    rest = [field for field in required_and_optional(form)[1] if field.short_name != model.verdict]
    return [
        Decision(
            f"{step.key}-{choice}",
            f"{step.label} {words}",
            words.capitalize(),
            step.help,
            [] if number else rest,
            url,
            form[model.verdict].name,
            choice,
            "primary",
        )
        for number, (choice, words) in enumerate(model.verdicts[1:])
    ]


def _opened(decisions: list[Decision], tried: Transition) -> str:
    """Key of the decision whose blanks are shown: as on the submitted page, else tried or filled; "" if none."""
    keys = [decision.key for decision in decisions]
    wanted = [request.form.get(CHOSEN, ""), tried.key, *(decision.key for decision in decisions if decision.is_begun)]
    return next((key for key in wanted if key in keys), "")


def first_word(act: Transition) -> str:
    """The first word of an act's label, for small buttons."""
    return act.label.split()[0]
