"""A canary that is seen was sent by the panel: chance cannot spell one."""

import pytest

from tests.admin.doors import TOKEN, Visitor
from tests.admin.matrix.canary import DRAFT, MARK, PHONE, TOKEN_CHARACTERS, pattern

CANARIES = (MARK, DRAFT, PHONE)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_has_a_character_that_no_token_has(canary: str) -> None:
    mark = canary.format(7)
    assert pattern(canary).findall(mark) == ["007"]
    assert set(mark) - TOKEN_CHARACTERS
    assert not pattern(canary).search("".join(char for char in mark if char in TOKEN_CHARACTERS))


@pytest.mark.only("sqlite")
def test_the_panels_tokens_are_made_of_those_characters(stranger: Visitor) -> None:
    page = stranger.get("/masuk")
    tokens = [*TOKEN.findall(page.text), stranger.client.get_cookie("panel").value]
    assert len(tokens) == 2
    assert set("".join(tokens)) <= TOKEN_CHARACTERS
