"""What changed on a case for a person: derived from the acts of others after his own last one and never stored."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from sop.clock import Clock
from sop.procedure import Transition
from sop.vocabulary import vocabulary

TURN = "turn"  # beside the words of GIVES: the case waits for the person, or will once its pause is over


@dataclass(frozen=True, slots=True)
class Deed:
    """An act of the history, as far as it can be news to anybody."""

    act: str
    user: int | None
    who: str
    at: datetime
    moved: bool  # it led the case to another state
    beside: bool = False  # done by another unit than the one that leads


@dataclass(frozen=True, slots=True)
class News:
    """One mark: what happened, since when it is so, and by whom."""

    words: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the person acted last, somebody moved the case last, and took a step of the line last."""

    own: int
    moved: int
    line: int


def news_of(
    deeds: Sequence[Deed], me: int, *, has: Container[str], at: datetime, clock: Callable[[], Clock]
) -> list[News]:
    """What the deeds of a case's round, in their order, tell the person; of what is told alike the latest counts.

    `has` says how he has the case: TURN, and the words of GIVES for what he was given by name. The clock is asked for
    only where something waits for days.
    """
    lasting, news = _not_undone(deeds), dict[str, News]()
    own, moved = _last([deed.user == me for deed in lasting]), _last([deed.moved for deed in lasting])
    places = Places(own, moved, _last(_on_the_line(lasting)))
    for place, deed in enumerate(lasting):
        act = vocabulary().acts[deed.act]
        words, mine = (deed.beside and act.news_beside) or act.news, deed.user == me and not act.news_after
        told_to_him = not mine and (act.gives or TURN) in has
        if words and told_to_him and _is_fresh(act, deed, place, places, at, clock):
            news[words] = News(words, deed.at, deed.who)
    return list(news.values())


def _is_fresh(
    act: Transition, deed: Deed, place: int, places: Places, at: datetime, clock: Callable[[], Clock]
) -> bool:
    """Whether nobody has dealt with it yet: what stands too long once it does, anything else after one's own last act.

    Whoever has never acted is told what came after the last step; and what moved the case is over with the next one.
    """
    if act.news_after:
        return place == places.moved and clock().workdays_between(deed.at, at) >= act.news_after
    over = deed.moved or places.own < 0
    return place > (max(places.own, places.line) if over else places.own)


def _not_undone(deeds: Sequence[Deed]) -> list[Deed]:
    """The deeds without the steps that were pulled back, and without the pulling back."""
    lasting: list[Deed] = []
    for deed in deeds:
        if vocabulary().acts[deed.act].effect == "recall":
            undone = _last(_on_the_line(lasting))
            lasting = [one for place, one in enumerate(lasting) if place != undone]
        else:
            lasting.append(deed)
    return lasting


def _on_the_line(deeds: Sequence[Deed]) -> list[bool]:
    """Which of the deeds are steps of the main line: whoever takes one has dealt with what sent the case there."""
    known = vocabulary()
    return [known.acts[deed.act].key in known.main_line for deed in deeds]


def _last(marked: Sequence[bool]) -> int:
    """The last place that is marked, -1 if none is."""
    return max((place for place, so in enumerate(marked) if so), default=-1)
