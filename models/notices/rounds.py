"""The round that looks every few minutes who is to be told what, and queues the letters: once, whoever goes it."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import peewee as pw

from models.mail.outbox import installed_outbox
from models.notices.figures import morning_figures
from models.notices.happened import RecentDeeds, deeds_since, happened_to
from models.notices.letters import AT_ONCE, DAILY, event_of
from models.office.calendar import clock
from models.office.letterchoice import (
    LetterChoice,
    MarkedPlace,
    begin_mark,
    is_away,
    is_moved,
    marks_of,
    reachable_choices,
)
from models.office.people import User
from models.post.queue import WAITING, NewLetter, QueuedLetter, queue
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from models.tables.event import Event
from models.tables.scope import Viewer, viewer
from sop.clock import WIB

PAUSE = 300.0  # seconds between two rounds
COLLECTED = timedelta(minutes=30)  # after a letter of news: what happens meanwhile is told together
log = logging.getLogger("panel.mail")


def follow(stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Go round until told to stop. Runs in a thread of its own, in as many processes as serve."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                go_round(now())
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("staff are told later: %s", type(trouble).__name__)


def go_round(at: datetime) -> None:
    """Queue what is to be told by now; nothing while the office sends no letters. Looked for before the transaction,
    which only writes."""
    choices = reachable_choices() if installed_outbox() else []
    if not choices:
        return
    marks = marks_of(choice.user for choice in choices)
    now_at = MarkedPlace(at.astimezone(WIB).date(), at, Event.select(pw.fn.MAX(Event.id)).scalar() or 0)
    recent = deeds_since(_oldest(marks, now_at), at, now_at.event)
    moves = [
        (choice.user, before, *_due_letters(choice, before, now_at, recent))
        for choice in choices
        if (before := marks.get(choice.user_id))
    ]
    with database.atomic():
        for choice in choices:
            if choice.user_id not in marks:
                begin_mark(choice.user, replace(now_at, day=now_at.day - timedelta(days=not _has_begun(now_at))))
        for user, before, after, letters in moves:
            if is_moved(user, before, after):
                queue(letters, at)


def _has_begun(place: MarkedPlace) -> bool:
    """Whether this day's morning is over for whoever has only just chosen."""
    span = clock().span(place.day)
    return span is None or place.until >= span[0]


def _oldest(marks: Mapping[int, MarkedPlace], now_at: MarkedPlace) -> MarkedPlace:
    """From where on somebody has not been told yet."""
    places = [now_at, *marks.values()]
    return MarkedPlace(now_at.day, min(place.until for place in places), min(place.event for place in places))


def _due_letters(
    choice: LetterChoice, before: MarkedPlace, now_at: MarkedPlace, recent: RecentDeeds
) -> tuple[MarkedPlace, list[NewLetter]]:
    """Where his mark goes, and the letters that he gets for it. Who is away gets none, and none later of that time."""
    user, at = choice.user, now_at.until
    is_morning = before.day != now_at.day and clock().is_open(at)  # also after a clock that ran ahead
    after = MarkedPlace(now_at.day if is_morning else before.day, at, now_at.event)
    if not (is_morning or recent) or is_away(user, now_at.day):
        return after, []
    who, letters = viewer(user, now_at.day), []
    if is_morning and choice.daily and morning_figures(who, at).lines:
        letters.append(NewLetter(f"{DAILY}/{user.id}/{now_at.day}", DAILY, user=user.id))
    if choice.at_once and _has_news_lately(user, at):
        return MarkedPlace(after.day, before.until, before.event), letters
    return after, [*letters, *(_news(who, before, at, recent) if choice.at_once else ())]


def _has_news_lately(user: User, at: datetime) -> bool:
    """Whether a letter of news still waits for him, or has only just gone: what happens now goes with the next."""
    lately = (QueuedLetter.state == WAITING) | QueuedLetter.queued_at.between(at - COLLECTED, at)
    same = (QueuedLetter.user == user) & (QueuedLetter.kind == AT_ONCE)
    return bool(QueuedLetter.select().where(same & lately).exists())


def _news(who: Viewer, before: MarkedPlace, at: datetime, recent: RecentDeeds) -> list[NewLetter]:
    happened = happened_to(who, recent, before, at)
    if not (happened.back or happened.late):
        return []
    key = f"{AT_ONCE}/{who.user.id}/{before.event}/{before.until.isoformat()}"
    return [NewLetter(key, AT_ONCE, event_of(happened), user=who.user.id)]
