"""The rule of what is news: others' acts after one's own last one, until somebody has dealt with what sent the case."""

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
TELLING = [t for t in vocabulary().transitions.values() if t.news and not t.news_after]
WAITING = next(t for t in vocabulary().transitions.values() if t.news_after)
RECALL = next(t for t in vocabulary().transitions.values() if t.effect == "recall")
LINE = current_procedure().main_line[2].key
telling = pytest.mark.parametrize("step", TELLING, ids=lambda t: t.key)


def deed(act: str, user: int, *, days: int = 0, beside: bool = False) -> PastAct:
    step = vocabulary().transitions[act]
    moved = current_procedure().is_main(step) or step.to != "same"
    return PastAct(act, user, f"Orang {user}", AT + timedelta(days=days), moved, beside)


HAS = (TURN, *GIVES)


def news_words(*deeds: PastAct, has: tuple[str, ...] = HAS, days: int = 0) -> list[str]:
    news = news_of(deeds, ME, has=has, at=AT + timedelta(days=days), clock=lambda: CLOCK)
    return [one.words for one in news]


@telling
def test_what_another_did_after_my_last_act_is_told_with_since_when_and_by_whom(step) -> None:
    news = news_of([deed(LINE, ME), deed(step.key, OTHER, days=1)], ME, has=HAS, at=AT, clock=lambda: CLOCK)
    assert [(one.words, one.at, one.who) for one in news] == [(step.news, AT + timedelta(days=1), "Orang 2")]


@telling
def test_what_i_did_myself_or_have_dealt_with_is_no_news(step) -> None:
    assert news_words(deed(LINE, OTHER), deed(step.key, ME)) == []
    assert news_words(deed(LINE, OTHER), deed(step.key, OTHER), deed("supplement", ME)) == []


@telling
def test_to_whom_never_acted_it_is_told_until_anybody_takes_the_step(step) -> None:
    assert news_words(deed(LINE, OTHER), deed(step.key, OTHER)) == [step.news]
    assert news_words(deed(step.key, OTHER), deed(LINE, OTHER)) == []


@telling
def test_what_sent_a_case_back_is_dealt_with_by_whoever_takes_the_step_and_what_was_added_is_not(step) -> None:
    words = news_words(deed(LINE, ME), deed(step.key, OTHER), deed(LINE, OTHER))
    assert words == ([] if step.to != "same" else [step.news])


@telling
def test_a_step_that_was_pulled_back_dealt_with_nothing(step) -> None:
    for who in (ME, OTHER):
        assert news_words(deed(LINE, OTHER), deed(step.key, OTHER), deed(LINE, who), deed(RECALL.key, who)) == [
            step.news
        ]


@telling
def test_it_is_told_to_whose_turn_it_is_and_what_is_given_by_name_to_that_person_alone(step) -> None:
    for word in HAS:
        words = news_words(deed(LINE, OTHER), deed(step.key, OTHER), has=(word,))
        assert words == ([step.news] if word == (step.gives or TURN) else []), word


def test_what_another_unit_did_has_its_own_words() -> None:
    beside = [t for t in TELLING if t.news_beside]
    assert beside
    for step in beside:
        assert news_words(deed(LINE, ME), deed(step.key, OTHER, beside=True)) == [step.news_beside]


@pytest.mark.parametrize("who", [ME, OTHER])
def test_what_stands_too_long_is_told_to_everybody_once_it_does_and_no_longer_than_it_stands(who: int) -> None:
    held = [deed(LINE, OTHER), deed(WAITING.key, who), deed("supplement", ME)]
    since = (CLOCK.workday_after(AT.date(), WAITING.news_after) - AT.date()).days
    assert news_words(*held, days=since - 1) == []
    assert news_words(*held, days=since) == [WAITING.news]
    assert news_words(*held, days=2 * WAITING.news_after) == [WAITING.news]
    assert news_words(*held, deed("resume", OTHER), days=2 * WAITING.news_after) == []


def test_of_what_is_told_alike_the_latest_counts() -> None:
    twice = [deed(LINE, ME), deed("supplement", OTHER, days=1), deed("supplement", OTHER, days=2)]
    [one] = news_of(twice, ME, has=HAS, at=AT, clock=lambda: CLOCK)
    assert one.at == AT + timedelta(days=2)
