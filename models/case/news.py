"""News of a case for a user: derived from the acts of others after his own last act, never stored."""

from collections.abc import Callable, Container, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from sop.clock import WIB, Clock
from sop.procedure import Transition
from sop.vocabulary import vocabulary

TURN = "turn"  # in addition to the values of GIVES: the case waits for the user, or will after its pause


class PastAct(NamedTuple):
    """An act of the history, reduced to what news depend on; a tuple, as a page may make a thousand."""

    act: str
    user: int | None
    who: str
    at: datetime
    moved: bool  # it changed the state
    by_other_unit: bool = False  # a unit other than the leading one did it


class News(NamedTuple):
    """One item of news: what happened, when, and by whom; "" if a day came that nobody brings."""

    words: str
    at: datetime
    who: str


class Places(NamedTuple):
    """Indexes of the user's last act, the last change of state, and the last step of the main line; -1 if none."""

    own: int
    moved: int
    line: int


def news_of(
    deeds: Sequence[PastAct],
    me: int,
    *,
    has: Container[str],
    at: datetime,
    clock: Callable[[], Clock],
    paused_until: date | None = None,
) -> list[News]:
    """The news in the acts of a case's round, given in order; of several with the same words the latest counts.

    `has` is how the user has the case: TURN, and the values of GIVES for what was assigned to him by name. The clock is
    only created where an act becomes news after some days.
    """
    lasting, news, acts = _not_undone(deeds), dict[str, News](), vocabulary().acts
    places = _places(lasting, me)
    over = datetime.combine(paused_until, time(), WIB) if paused_until else None
    for place, deed in enumerate(lasting):
        act = acts[deed.act]
        words = (deed.by_other_unit and act.news_beside) or act.news
        if not words or not _concerns(act, deed.user == me, has):
            continue
        if over and act.news_due:
            if place == places.moved and at >= over:
                news[act.news_due] = News(act.news_due, _opening(over, clock()), "")
        elif _is_fresh(act, deed, place, places, at, clock):
            news[words] = News(words, deed.at, deed.who)
    return list(news.values())


def _concerns(act: Transition, is_own: bool, has: Container[str]) -> bool:
    """Whether an act is news for the user at all: another's, or one that becomes news after some days."""
    return (not is_own or bool(act.news_after)) and (act.gives or TURN) in has


def _places(lasting: Sequence[PastAct], me: int) -> Places:
    own, moved = _last([deed.user == me for deed in lasting]), _last([deed.moved for deed in lasting])
    return Places(own, moved, _last(_on_the_line(lasting)))


def _opening(midnight: datetime, clock: Clock) -> datetime:
    """When the office opens on a day, or the beginning of a day off."""
    span = clock.span(midnight.date())
    return span[0] if span else midnight


def _is_fresh(
    act: Transition, deed: PastAct, place: int, places: Places, at: datetime, clock: Callable[[], Clock]
) -> bool:
    """Whether an act is still news: with `news_after` after that many workdays, else if later than one's own last act.

    For users who have not acted yet, and for acts that changed the state, the next step of the main line ends it.
    """
    if act.news_after:
        return place == places.moved and clock().workdays_between(deed.at, at) >= act.news_after
    over = deed.moved or places.own < 0
    return place > (max(places.own, places.line) if over else places.own)


def _not_undone(deeds: Sequence[PastAct]) -> list[PastAct]:
    """The acts without recalled steps and their recalls."""
    lasting, acts = list[PastAct](), vocabulary().acts
    for deed in deeds:
        if acts[deed.act].effect == "recall":
            undone = _last(_on_the_line(lasting))
            lasting = [left for place, left in enumerate(lasting) if place != undone]
        else:
            lasting.append(deed)
    return lasting


def _on_the_line(deeds: Sequence[PastAct]) -> list[bool]:
    """Which of the acts are steps of the main line: the user who takes one has dealt with what sent the case there."""
    known = vocabulary()
    return [known.acts[deed.act].key in known.main_line for deed in deeds]


def _last(marked: Sequence[bool]) -> int:
    """Index of the last True, -1 if there is none."""
    return max((place for place, so in enumerate(marked) if so), default=-1)
