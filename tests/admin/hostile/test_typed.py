"""Whatever somebody who may write types into a form is kept, or refused with a sentence."""

from itertools import cycle

import pytest

from tests.admin.hostile.asked import MARKUP, TOTAL
from tests.admin.hostile.typed import TEXTS, Filled, filled, free, send
from tests.admin.matrix.grid import Grid, undone

TOLD = (200, 302, 409, 422)


@pytest.fixture(scope="module")
def forms(grid: Grid) -> list[Filled]:
    """Every form that takes text, as it stands before anybody has typed."""
    found = filled(grid)
    assert len(found) > 45
    assert any(one.page.css == "intake" for one in found)
    return found


def answered(grid: Grid, one: Filled, typed: dict[str, str]) -> str:
    """What went wrong when this was typed and sent, taken back at once; "" if nothing."""
    with undone():
        answer = send(grid, one.page, one.form, typed)
    unescaped = MARKUP in answer.text or TOTAL in answer.text
    fits = answer.status_code in TOLD and not unescaped
    return "" if fits else f"{one.page} | {list(typed)} | {answer.status_code}{' | unescaped' * unescaped}"


@pytest.mark.nightly(engine=["postgresql"])  # by day each field is typed into by itself there
@pytest.mark.parametrize("text", TEXTS)
def test_whatever_is_typed_is_kept_or_refused_with_a_sentence(grid: Grid, forms: list[Filled], text: str) -> None:
    found = [answered(grid, one, dict.fromkeys(free(one.form), TEXTS[text])) for one in forms]
    assert [wrong for wrong in found if wrong] == []


def test_each_field_by_itself_keeps_or_refuses_it(grid: Grid, forms: list[Filled]) -> None:
    """The other fields being right, the text comes as far as the database."""
    others = cycle(text for name, text in TEXTS.items() if name != "long")
    asked = [(one, name) for one in forms for name in free(one.form)]
    assert len(asked) > 120
    found = [answered(grid, one, {name: text}) for one, name in asked for text in (TEXTS["long"], next(others))]
    assert [wrong for wrong in found if wrong] == []
