"""A canary that is seen was told by the panel: chance cannot spell one."""

import pytest

from tests.admin.doors import TOKEN, Visitor
from tests.admin.matrix.canary import DRAFT, MARK, PHONE, TOKEN_LETTERS, pattern

CANARIES = (MARK, DRAFT, PHONE)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_holds_a_letter_that_no_token_has(canary: str) -> None:
    told = canary.format(7)
    assert pattern(canary).findall(told) == ["007"]
    assert set(told) - TOKEN_LETTERS
    assert not pattern(canary).search("".join(letter for letter in told if letter in TOKEN_LETTERS))


@pytest.mark.only("sqlite")
def test_the_panels_tokens_are_made_of_those_letters(stranger: Visitor) -> None:
    page = stranger.get("/masuk")
    tokens = [*TOKEN.findall(page.text), stranger.client.get_cookie("panel").value]
    assert len(tokens) == 2
    assert set("".join(tokens)) <= TOKEN_LETTERS
