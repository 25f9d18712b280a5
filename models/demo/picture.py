"""Draws the demo's picture: every scene of the table becomes a complaint with its text, people and acts."""

from dataclasses import replace
from datetime import datetime

from models.demo.agenda import Agenda
from models.demo.author import Author
from models.demo.plan import Plan
from models.demo.rows import PICTURE, Scene
from models.demo.steps import step
from models.demo.texts import TRIAL

HOLD_DAY = 28  # calendar days that the held complaint has been waiting
SAME = ("story", "anonymous", "kelurahan", "event_date", "event_place")  # in a complaint that comes twice
NEARLY = 45  # working minutes until the nearly due ones are due


def picture(author: Author) -> list[Plan]:
    """The plans of the whole picture."""
    since = _anchors(author.agenda)
    named: dict[str, Plan] = {}
    plans = []
    for scene in PICTURE:
        plan = _plan(author, scene, since[scene.since], named)
        plans.append(plan)
        if scene.named:
            named[scene.named] = plan
    return plans


def _anchors(agenda: Agenda) -> dict[str, int]:
    return {"": 0, "nearly due": agenda.near_due("handle", NEARLY), "hold day": agenda.calendar_days(HOLD_DAY)}


def _plan(author: Author, scene: Scene, since: int, named: dict[str, Plan]) -> Plan:
    words = [part.strip().rsplit(" ", 1) for part in scene.steps.split(",")]
    moments = [author.agenda.ago(int(minutes) + since) for _, minutes in words]
    plan = _plan_of_receiving(author, scene, moments[0], named)
    plan.acts[0] = replace(plan.acts[0], evidence=scene.evidence.get(words[0][0], ()))
    for (word, _), at in zip(words[1:], moments[1:], strict=True):
        key, by, blanks = step(word, plan, at, author.rng)
        plan.add(at, key, by, blanks, evidence=scene.evidence.get(word, ()))
    return plan


def _plan_of_receiving(author: Author, scene: Scene, at: datetime, named: dict[str, Plan]) -> Plan:
    if scene.repeats:
        return again(author, named[scene.repeats], at)
    if not scene.unit:
        return author.plan(TRIAL, at, title=str(TRIAL["title"]))
    text, first = author.texts.draw(scene.unit, scene.about, emergency=scene.emergency, outcome=scene.outcome)
    if scene.tied:
        text = {**text, "original": named[scene.tied]}
    title = scene.title + text["title"] if first or scene.title else ""
    return author.plan(text, at, title=title, **{"emergency": scene.emergency, **scene.columns})


def again(author: Author, original: Plan, at: datetime) -> Plan:
    """The same complaint by the same person through another medium."""
    plan = author.plan({**original.text, "original": original}, at, title=original.data["title"])
    plan.persons = original.persons
    plan.data |= {name: original.data[name] for name in SAME}
    return plan
