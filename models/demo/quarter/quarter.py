"""Plans three months of a quiet office: what each day brought, how it went, and when its papers came home."""

from collections.abc import Iterable
from datetime import datetime

from models.demo.author import Author
from models.demo.picture import again
from models.demo.plan import Plan
from models.demo.quarter.courses import DAY, course_for, nameless
from models.demo.quarter.days import Days
from models.demo.quarter.files import file_plans
from models.demo.quarter.home import HOME_AFTER, bring_home
from models.demo.quarter.pledges import pledge
from models.demo.steps import step
from models.demo.texts import TRIAL
from sop import flow

DUPLICATES, TRIALS = (17, 61, 104, 140), (38, 120)  # by their number among all of the past
BEHIND = 3  # cases between one and the one that repeats it


def quarter(author: Author, present: Iterable[Plan]) -> list[Plan]:
    """The plans of the past, beside what the present has; what waits there to be raised looks like none of it."""
    author.texts.set_aside({plan.text["no"] for plan in present if _waits_to_be_raised(plan)})
    days, plans = Days(author), list[Plan]()
    for number, (day, minutes) in enumerate(days.moments()):
        saved = author.agenda.day(day, minutes)
        plans.append(_plan(author, days, saved, plans[-BEHIND:], number))
    pledge(author, plans)
    for plan in plans:
        bring_home(author, plan)
    return [*plans, *file_plans(author, days)]


def _waits_to_be_raised(plan: Plan) -> bool:
    return "no" in plan.text and all(act.key not in flow.AWAITED or act.key == flow.RECEIVE.key for act in plan.acts)


def _plan(author: Author, days: Days, saved: datetime, before: list[Plan], number: int) -> Plan:
    if number in TRIALS:
        return _go(author, author.plan(TRIAL, saved, title=str(TRIAL["title"])), [("void", 12)])
    if number in DUPLICATES and (original := next((plan for plan in before if _may_be_repeated(plan, saved)), None)):
        return _go(author, again(author, original, saved), [("duplicate", 25)])
    text, is_first = days.text()
    course, acts = course_for(text, author.rng, lambda minutes: _is_over(author, saved, minutes))
    place = days.place()
    title = text["title"] if is_first else days.title(text, place)
    plan = author.plan(text, saved, title=title, place=place, emergency=course.emergency)
    return _go(author, plan, acts)


def _may_be_repeated(plan: Plan, at: datetime) -> bool:
    return not plan.secret and plan.acts[-1].key == "deliver" and plan.acts[0].at < at


def _is_over(author: Author, saved: datetime, minutes: int) -> bool:
    """Whether it has come to its end by then, and its papers home since."""
    return author.agenda.minutes_since(saved) - minutes > (max(HOME_AFTER) + 1) * DAY


def _go(author: Author, plan: Plan, acts: list[tuple[str, int]]) -> Plan:
    """The acts at their working minutes after receipt."""
    since = author.agenda.minutes_since(plan.acts[0].at)
    for word, minutes in nameless(acts) if plan.data["anonymous"] else acts:
        at = author.agenda.ago(since - minutes)
        key, by, blanks = step(word, plan, at, author.rng)
        plan.add(at, key, by, blanks)
    return plan
