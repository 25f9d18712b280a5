"""Every text that a user types into a form is saved, or refused with a sentence."""

from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.admin.hostile.asked import MARKUP, TOTAL
from tests.admin.hostile.figures import HUGE, MOST, TAKERS, Taker, answer_to, figures, lost, takers
from tests.admin.hostile.typed import TEXTS, Filled, filled, free, send
from tests.admin.matrix.grid import Grid, undone
from tests.patience import cpu_seconds

EXPECTED = (200, 302, 303, 409, 422)


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
    fits = answer.status_code in EXPECTED and not unescaped
    return "" if fits else f"{one.page} | {list(typed)} | {answer.status_code}{' | unescaped' * unescaped}"


@pytest.mark.nightly(engine=["postgresql"])  # by day each field is typed into by itself there
@pytest.mark.parametrize("text", TEXTS)
def test_whatever_is_typed_is_saved_or_refused_with_a_sentence(grid: Grid, forms: list[Filled], text: str) -> None:
    found = [answered(grid, one, dict.fromkeys(free(one.form), TEXTS[text])) for one in forms]
    assert [wrong for wrong in found if wrong] == []


@pytest.mark.nightly(engine=["sqlite"])  # by day all of them at once there
@pytest.mark.parametrize("texts", [1, pytest.param(len(TEXTS), marks=pytest.mark.soak)])  # so many into each field
def test_each_field_by_itself_saves_or_refuses_it(grid: Grid, forms: list[Filled], texts: int) -> None:
    """The other fields being right, the text comes as far as the database."""
    others = cycle(TEXTS.values())
    asked = [(one, name) for one in forms for name in free(one.form)]
    assert len(asked) > 120
    found = [answered(grid, one, {name: text}) for one, name in asked for text in islice(others, texts)]
    assert [wrong for wrong in found if wrong] == []


@pytest.fixture(scope="module")
def inputs(grid: Grid, forms: list[Filled]) -> list[Taker]:
    """Every input that takes a number, a day or an hour."""
    found = takers(grid, forms)
    kinds = {one.filled.form.kinds[one.name] for one in found if one.filled}
    assert set(TAKERS) <= kinds
    assert len({one.address for one in found if one.address}) > 10
    return found


def judged(grid: Grid, taker: Taker, typed: str) -> str:
    """What went wrong when this was typed there, taken back at once; "" if nothing."""
    with undone():
        before = cpu_seconds()
        answer = answer_to(grid, taker, typed)
        slow = cpu_seconds() - before > MOST
    # an address may be too long, so many lists in a row may be asked to wait
    fits = answer.status_code in (*EXPECTED, 400, 414, 429)
    wrong = [] if fits else [f"status {answer.status_code}"]
    wrong += ["slow"] * slow + ["lost"] * lost(taker, typed, answer)
    return f"{taker} | {typed[:40]!r} ({len(typed)}) | {', '.join(wrong)}" if wrong else ""


@pytest.mark.nightly(engine=["postgresql"])  # such a number gets no farther than its form
def test_a_number_that_no_float_holds_is_named_at_its_field(grid: Grid, inputs: list[Taker]) -> None:
    others = cycle(HUGE)
    found = [judged(grid, one, next(others)) for one in inputs]
    assert [wrong for wrong in found if wrong] == []


@given(data=st.data())
@settings(max_examples=60)
def test_whatever_number_or_day_is_typed_is_answered_soon_and_comes_back(
    grid: Grid, inputs: list[Taker], data: Any
) -> None:
    wrong = judged(grid, data.draw(st.sampled_from(inputs)), data.draw(figures))
    assert not wrong, wrong


@pytest.mark.soak
@given(data=st.data())
@settings(max_examples=3_000)
def test_whatever_number_or_day_is_typed_is_answered_soon_and_comes_back_at_length(
    grid: Grid, inputs: list[Taker], data: Any
) -> None:
    wrong = judged(grid, data.draw(st.sampled_from(inputs)), data.draw(figures))
    assert not wrong, wrong
