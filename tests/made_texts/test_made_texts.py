"""The invented complaints are the same for the same seed, and as odd as real ones."""

import re

import pytest

from tests.made_texts.making import OFTEN, MadeTexts, made_texts


@pytest.fixture(scope="module")
def made() -> MadeTexts:
    return made_texts()


def test_the_same_seed_makes_the_same_texts_and_another_one_others(made):
    assert made_texts() == made
    assert made_texts(seed=12).texts[0] != made.texts[0]


def test_there_are_enough_of_them_in_enough_words(made):
    words = {word for text in made.texts for word in re.findall(r"[a-z]+", f"{text.title} {text.story}".lower())}
    assert len(made.texts) >= 5_000
    assert len(words) > 3_000
    assert [text.key for text in made.texts] == list(range(len(made.texts)))


@pytest.mark.parametrize(
    "oddity",
    [r"\\n", r"\n", r"^-", r"^=", r"[\U0001f300-\U0001ffff]", r"\b99\d{14}\b", r"\byg\b", r"^.{4000,8500}$", r"^tes$"],
)
def test_every_oddity_of_real_boxes_is_there_and_rare(made, oddity):
    odd = [text for text in made.texts if re.search(oddity, text.story, re.DOTALL)]
    assert 0 < len(odd) < len(made.texts) / 2


def test_a_repeat_comes_after_what_it_repeats_and_one_came_very_often(made):
    assert all(pair.first < pair.second for pair in (*made.repeats, *made.near_misses))
    firsts = [pair.first for pair in made.repeats if pair.how == "exact"]
    assert max(map(firsts.count, firsts)) == OFTEN - 1
    assert {pair.how for pair in made.repeats} == {"exact", "retyped", "extended", "cut"}
