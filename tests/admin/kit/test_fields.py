"""The browser's own inputs say of themselves only what HTML allows."""

from typing import Any

import pytest
from wtforms import Form

from admin.kit.fields import BLANK, PickField, Required


def picked(*choices: Any) -> str:
    form: Any = type("Picks", (Form,), {"pick": PickField(choices=list(choices), validators=[Required()])})()
    return str(form.pick())


@pytest.mark.parametrize(("choices", "required"), [((BLANK, ("a", "A")), True), ((("a", "A"), ("b", "B")), False)])
def test_a_select_is_required_only_where_its_first_choice_stands_for_none(choices: tuple[Any], required: bool) -> None:
    assert (" required" in picked(*choices)) == required
