"""Every page of the access table says in one sentence what it is for."""

import pytest

from sop.access import ABOUT, PAGES


def test_every_page_has_its_sentence_and_no_other_has() -> None:
    assert set(ABOUT) == set(PAGES)


@pytest.mark.parametrize("noun", ABOUT)
def test_it_is_one_whole_short_sentence(noun: str) -> None:
    said = ABOUT[noun]
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert ". " not in said
    assert len(said) <= 120
