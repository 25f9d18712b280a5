"""The rule of what is news: acts of others after the user's last one, until someone takes the awaited step."""

from datetime import datetime, timedelta

import pytest

from models.case.news import TURN, PastAct, news_of
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import GIVES
from sop.vocabulary import vocabulary
from tests.sop.calendar import CLOCK

ME, OTHER = 1, 2
AT = datetime(2026, 10, 5, 9, 0, tzinfo=WIB)
NEWS_ACTS = [t for t in vocabulary().transitions.values() if t.news and not t.news_after]
WAITING = next(t for t in vocabulary().transitions.values() if t.news_after)
RECALL = next(t for t in vocabulary().transitions.values() if t.effect == "recall")
LINE = current_procedure().main_line[2].key
each_news_act = pytest.mark.parametrize("step", NEWS_ACTS, ids=lambda t: t.key)


def deed(act: str, user: int, *, days: int = 0, by_other_unit: bool = False) -> PastAct:
    step = vocabulary().transitions[act]
    moved = current_procedure().is_main(step) or step.to != "same"
    return PastAct(act, user, f"Orang {user}", AT + timedelta(days=days), moved, by_other_unit)


HAS = (TURN, *GIVES)


def news_words(*deeds: PastAct, has: tuple[str, ...] = HAS, days: int = 0) -> list[str]:
    news = news_of(deeds, ME, has=has, at=AT + timedelta(days=days), clock=lambda: CLOCK)
    return [one.words for one in news]


@each_news_act
def test_an_act_of_another_user_after_my_last_one_is_news_with_time_and_actor(step) -> None:
    news = news_of([deed(LINE, ME), deed(step.key, OTHER, days=1)], ME, has=HAS, at=AT, clock=lambda: CLOCK)
    assert [(one.words, one.at, one.who) for one in news] == [(step.news, AT + timedelta(days=1), "Orang 2")]


@each_news_act
def test_my_own_acts_and_those_before_my_last_one_are_no_news(step) -> None:
    assert news_words(deed(LINE, OTHER), deed(step.key, ME)) == []
    assert news_words(deed(LINE, OTHER), deed(step.key, OTHER), deed("supplement", ME)) == []


@each_news_act
def test_for_a_user_who_never_acted_it_is_news_until_someone_takes_the_step(step) -> None:
    assert news_words(deed(LINE, OTHER), deed(step.key, OTHER)) == [step.news]
    assert news_words(deed(step.key, OTHER), deed(LINE, OTHER)) == []


@each_news_act
def test_the_next_step_ends_the_news_of_a_return_but_not_of_a_supplement(step) -> None:
    words = news_words(deed(LINE, ME), deed(step.key, OTHER), deed(LINE, OTHER))
    assert words == ([] if step.to != "same" else [step.news])


@each_news_act
def test_a_recalled_step_ends_no_news(step) -> None:
    for who in (ME, OTHER):
        assert news_words(deed(LINE, OTHER), deed(step.key, OTHER), deed(LINE, who), deed(RECALL.key, who)) == [
            step.news
        ]


@each_news_act
def test_news_is_for_the_awaited_user_and_an_assignment_for_the_assignee_alone(step) -> None:
    for word in HAS:
        words = news_words(deed(LINE, OTHER), deed(step.key, OTHER), has=(word,))
        assert words == ([step.news] if word == (step.gives or TURN) else []), word


def test_what_another_unit_did_has_its_own_words() -> None:
    steps = [t for t in NEWS_ACTS if t.news_beside]
    assert steps
    for step in steps:
        assert news_words(deed(LINE, ME), deed(step.key, OTHER, by_other_unit=True)) == [step.news_beside]


@pytest.mark.parametrize("who", [ME, OTHER])
def test_a_long_pause_is_news_for_all_users_while_it_lasts(who: int) -> None:
    deeds = [deed(LINE, OTHER), deed(WAITING.key, who), deed("supplement", ME)]
    since = (CLOCK.workday_after(AT.date(), WAITING.news_after) - AT.date()).days
    assert news_words(*deeds, days=since - 1) == []
    assert news_words(*deeds, days=since) == [WAITING.news]
    assert news_words(*deeds, days=2 * WAITING.news_after) == [WAITING.news]
    assert news_words(*deeds, deed("resume", OTHER), days=2 * WAITING.news_after) == []


def test_of_news_with_the_same_words_the_latest_counts() -> None:
    twice = [deed(LINE, ME), deed("supplement", OTHER, days=1), deed("supplement", OTHER, days=2)]
    [one] = news_of(twice, ME, has=HAS, at=AT, clock=lambda: CLOCK)
    assert one.at == AT + timedelta(days=2)
