"""Draws the demo's picture: every row of the table becomes a complaint with its text, people and acts."""

from dataclasses import replace
from datetime import datetime

from models.demo.agenda import Agenda
from models.demo.author import Author
from models.demo.plan import Plan
from models.demo.rows import PICTURE, Row
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
    for row in PICTURE:
        plan = _plan(author, row, since[row.since], named)
        plans.append(plan)
        if row.named:
            named[row.named] = plan
    return plans


def _anchors(agenda: Agenda) -> dict[str, int]:
    return {"": 0, "nearly due": agenda.near_due("handle", NEARLY), "hold day": agenda.calendar_days(HOLD_DAY)}


def _plan(author: Author, row: Row, since: int, named: dict[str, Plan]) -> Plan:
    words = [part.strip().rsplit(" ", 1) for part in row.steps.split(",")]
    moments = [author.agenda.ago(int(minutes) + since) for _, minutes in words]
    plan = _received(author, row, moments[0], named)
    plan.acts[0] = replace(plan.acts[0], evidence=row.evidence.get(words[0][0], ()))
    for (word, _), at in zip(words[1:], moments[1:], strict=True):
        key, by, blanks = step(word, plan, at, author.rng)
        plan.add(at, key, by, evidence=row.evidence.get(word, ()), **blanks)
    return plan


def _received(author: Author, row: Row, at: datetime, named: dict[str, Plan]) -> Plan:
    if row.repeats:
        return _again(author, named[row.repeats], at)
    if not row.unit:
        return author.plan(TRIAL, at, title=str(TRIAL["title"]))
    text, first = author.texts.draw(row.unit, row.about, emergency=row.emergency, outcome=row.outcome)
    title = row.title + text["title"] if first or row.title else ""
    return author.plan(text, at, title=title, **{"emergency": row.emergency, **row.columns})


def _again(author: Author, original: Plan, at: datetime) -> Plan:
    """The same complaint by the same person through another medium."""
    plan = author.plan({**original.text, "original": original}, at, title=original.data["title"])
    plan.persons = original.persons
    plan.data |= {name: original.data[name] for name in SAME}
    return plan
