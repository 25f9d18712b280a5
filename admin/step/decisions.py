"""The decisions that stand on one page: each with its blanks, in one form, so that what was typed for one is still
there while another is weighed."""

from dataclasses import dataclass
from typing import Any, TypedDict

from flask import request, url_for
from wtforms import Field

from admin.step.forms import must_and_may, step_form
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from sop import flow
from sop.procedure import Transition

CHOSEN = "putusan"
FROM = "dari"  # the act whose page a form was sent from: another act than that which its button performs


@dataclass(frozen=True)
class Decision:
    """A decision with blanks of its own: its names, the blanks, and the button that performs it."""

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
        """Whether something was written there, or must be put right."""
        return any(blank.data or blank.errors for blank in self.blanks)


class MainBlanks(TypedDict):
    """The blanks of the step that decides: those that lie open, and those that are folded."""

    must: list[Field]
    may: list[Field]


class Decisions(MainBlanks):
    """What the page needs: the step that decides, where it may be taken; the other decisions; and the blank that the
    buttons fill in, with what it says if none of them does."""

    main: Transition | None
    main_form: Any
    decisions: list[Decision]
    opened: str  # the decision whose blanks lie open
    verdict: tuple[str, str] | None
    page: Transition


def page_act(act: Transition) -> Transition:
    """The act whose page the form of this request was sent from; the act itself where no other is named."""
    return flow.TRANSITIONS.get(request.form.get(FROM, ""), act)


def prefix_of(act: Transition, page: Transition) -> str:
    """What the names of an act's blanks begin with on a page: nothing for the act whose page it is."""
    return "" if act is page else f"{act.key}-"


def decisions_of(case: Case, step: Transition, tried: Transition, tried_form: Any) -> Decisions:
    """Between what the person may choose on the page of `step`; what was tried last keeps its form as it was sent."""
    page = page_act(tried)
    forms = {
        act: tried_form if act is tried else _form_beside(case, act, page)
        for act in (step, *flow.ways_besides(step))
        if act is tried or not case.may(act)
    }
    main_form = forms.get(step)
    decisions = [*_worded(step, main_form), *(_decision(act, forms[act], page) for act in forms if act is not step)]
    return {
        "main": step if step in forms else None,
        "main_form": main_form,
        **_main_blanks(step, main_form),
        "decisions": decisions,
        "opened": _opened(decisions, tried),
        "verdict": _usual_verdict(step, main_form),
        "page": page,
    }


def _form_beside(case: Case, act: Transition, page: Transition) -> Any:
    """The blanks of another decision than the one that was tried: as sent, if they were on the page."""
    sent = request.form if FROM in request.form else None
    return step_form(act, filled_blanks(case, act, {}), posted=sent, many=False, prefix=prefix_of(act, page))


def _decision(act: Transition, form: Any, page: Transition) -> Decision:
    blanks = [field for part in must_and_may(form) for field in part]
    button = ("do", "perform" if act is page else act.key)
    tone = "danger" if act.tone == "danger" else "primary"
    url = url_for("langkah.perform", key=act.key)
    return Decision(act.key, act.last_button, first_word(act), act.help, blanks, url, *button, tone)


def _main_blanks(step: Transition, form: Any) -> MainBlanks:
    """The blanks of the step itself: those that lie open, and those that are folded or another button's."""
    model, (must, may) = record_of(step), must_and_may(form)
    if model is None:
        return {"must": must, "may": may}
    if model.verdicts:
        return {"must": [field for field in must if field.short_name != model.verdict], "may": []}
    first = [field for field in form or () if field in must or (field in may and field.short_name in model.in_place)]
    return {"must": first, "may": [field for field in may if field not in first]}


def _usual_verdict(step: Transition, form: Any) -> tuple[str, str] | None:
    """The blank that the buttons of the step fill in, and what it says if none of the others is pressed."""
    model = record_of(step)
    return (form[model.verdict].name, model.verdicts[0][0]) if model and model.verdicts and form is not None else None


def _worded(step: Transition, form: Any) -> list[Decision]:
    """The step decided otherwise than is usual: each by a button that says so; the first asks for the rest as well."""
    model = record_of(step)
    if model is None or form is None:
        return []
    url = url_for("langkah.perform", key=step.key)
    rest = [field for field in must_and_may(form)[1] if field.short_name != model.verdict]
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
    """The decision whose blanks lie open: as they lay when the page was sent, else what was tried or begun."""
    keys = [one.key for one in decisions]
    wanted = [request.form.get(CHOSEN, ""), tried.key, *(one.key for one in decisions if one.is_begun)]
    return next((key for key in wanted if key in keys), "")


def first_word(act: Transition) -> str:
    """An act in one word, for a button that has little room."""
    return act.label.split()[0]
