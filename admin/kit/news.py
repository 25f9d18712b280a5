"""What changed for the person signed in, as marks with since when and by whom: the same wherever a case is told of."""

from collections.abc import Iterable, Sequence

from flask import g
from markupsafe import Markup

from admin.kit.columns import BADGE, short_moment
from admin.kit.due import BREAK, office_clock
from models.case.news import News
from models.complaint.scope import Viewer
from models.reading import news
from models.store.base import now

SINCE = Markup('{} <span class="muted small">sejak {} oleh {}</span>')


def news_lines(told: Iterable[News]) -> Markup:
    """A line for each mark."""
    return BREAK.join(
        SINCE.format(BADGE.format("info fresh", one.words), short_moment(one.at), one.who) for one in told
    )


def news_of_rows(who: Viewer, ids: Sequence[int]) -> dict[int, list[News]]:
    """What changed on the cases of a page, by id."""
    return news.news_on(ids, who, now(), office_clock)


def all_news(who: Viewer) -> dict[int, list[News]]:
    """What changed on all that the person has next, looked for once a request."""
    kept: dict[int, dict[int, list[News]]] = g.setdefault("all_news", {})
    if who.user.id not in kept:
        kept[who.user.id] = news.changed_cases(who, now(), office_clock)
    return kept[who.user.id]
