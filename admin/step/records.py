"""What a step page tells of the records of a case: those in force, and why the case or its text came back."""

from typing import Any

from models.case.case import Case
from models.case.discretion import discreet
from models.content.content import Composer
from sop import flow
from sop.procedure import Transition
from sop.words import format_moment


def pengadu(case: Case) -> str:
    return "Anonim" if case.complaint.anonymous else case.pengadu


def told(transition: Transition, case: Case, composer: Composer) -> list[tuple[str, dict[str, Any], bool]]:
    """The records in force, the latest first, in words: (title, {label: value}, whether the step stands on it)."""
    keys = list(dict.fromkeys(record["key"] for record in reversed(case.made) if record["key"] in case.records))
    told = discreet((composer.shown(key, case.records[key]) for key in keys), case.user)
    needed = {need.record for need in transition.needs} or set(keys[:1])
    return [
        (composer.title(key), values, key in needed or _opens_leg(case.records[key]))
        for key, values in zip(keys, told, strict=True)
        if values
    ]


def _opens_leg(record: dict[str, Any]) -> bool:
    """Whether it is the disposition under which the case is handled."""
    return flow.TRANSITIONS[record["act"]].effect == "new_leg"


def returned(case: Case, composer: Composer) -> dict[str, Any]:
    """Why the text that is written anew was sent back, by whom and when; nothing for a first text."""
    back = [r for r in case.made if flow.TRANSITIONS[r["act"]].effect == "new_revision" and r["leg"] == case.leg]
    if not back or case.complaint.revision == 1:
        return {}
    last = back[-1]
    words = composer.shown(last["key"], last)
    return {"by": str(composer.users[last["made_by"]]), "at": format_moment(last["made_at"]), "words": words}


def remark(case: Case, composer: Composer) -> dict[str, str]:
    """What was said when the case came here by a detour: why it was returned or sent back."""
    last = case.made[-1] if case.made else None
    return composer.shown("remark", last) if last and last["key"] == "remark" else {}
