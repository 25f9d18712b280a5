"""Additional complaints in the demo's past, any number of them, mostly processed in bulk."""

import math
from datetime import datetime

from models.demo.plan import Plan
from models.demo.steps import step
from models.demo.texts import Author

FEWEST, MOST = 8, 20  # complaints a day
SPAN = 60  # working days over which a large number is spread; more if MOST a day do not suffice
SUBJECTS = 4  # texts a day: complaints with the same text are processed together
LATE, WITHDRAWN, WAITING = 0.12, 0.02, 0.15  # shares: handled a day late; withdrawn; still open
RECENT = 15  # working days ago: only later complaints may be still open

# Minutes after opening: of receipt, of the acts on the same day, and on the next (or a later) day.
RECEIVE, APART = 10, 2
FIRST_DAY = (("raise", 52), ("dispose", 62))
LATER = (("handle", 20), ("submit", 46), ("approve", 62), ("deliver", 95))


def past(author: Author, count: int) -> list[Plan]:
    """Plans of `count` complaints up to the previous working day."""
    if not count:
        return []
    daily = min(MOST, max(FEWEST, math.ceil(count / SPAN)))
    days = [day for day in range(math.ceil(count / daily), 0, -1) for _ in range(daily)][-count:]
    return [plan for day in dict.fromkeys(days) for plan in _day(author, day, days.count(day))]


def _day(author: Author, day: int, count: int) -> list[Plan]:
    texts = author.rng.sample(author.texts.all, SUBJECTS)
    late = {text["no"]: author.rng.random() < LATE for text in texts}
    plans = []
    for n in range(count):
        text = texts[n % SUBJECTS]
        saved = author.agenda.day(day, RECEIVE + APART * n)
        title = text["title"] if author.rng.random() < 0.5 else ""
        plan = author.plan(text, saved, title=title)
        _course(author, plan, day, 2 if late[text["no"]] else 1, n % SUBJECTS)
        plans.append(plan)
    return plans


def _course(author: Author, plan: Plan, day: int, later: int, place: int) -> None:
    """Add the acts of a typical complaint up to the present; some are withdrawn or still open."""
    words = [(word, author.agenda.day(day, minutes)) for word, minutes in FIRST_DAY]
    if plan.text["category"] == "bukan_kewenangan":
        words[-1] = ("forward", words[-1][1])
    elif day >= later:
        for word, minutes in LATER:
            spread = place * 4 if word in ("handle", "deliver") else 0  # done per text, a few minutes apart
            words.append((word, author.agenda.day(day - later, minutes + spread)))
    ends, withdrawn = _end(author, day, len(words))
    for word, at in words[:ends]:
        if at > author.agenda.end:
            return
        _add(author, plan, word, at)
    if withdrawn:
        _add(author, plan, "withdraw", author.agenda.day(day, FIRST_DAY[-1][1] + place + 1))


def _end(author: Author, day: int, count: int) -> tuple[int, bool]:
    """How many of the acts are done, and whether the complaint is withdrawn (on its first day)."""
    chance = author.rng.random()
    if chance < WITHDRAWN:
        return min(count, len(FIRST_DAY)) - 1, True
    waits = day <= RECENT and chance < WITHDRAWN + WAITING
    return (author.rng.randrange(count) if waits else count), False


def _add(author: Author, plan: Plan, word: str, at: datetime) -> None:
    key, by, blanks = step(word, plan, at, author.rng)
    plan.add(at, key, by, blanks)
