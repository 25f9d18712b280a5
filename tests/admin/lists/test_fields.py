"""The browser's own inputs say of themselves only what HTML allows."""

from typing import Any

import pytest
from wtforms import Form
from wtforms.fields.choices import SelectChoice

from admin.lists.inputs import BLANK, PickField, Required


def picked(*choices: Any) -> str:
    form: Any = type("Picks", (Form,), {"pick": PickField(choices=list(choices), validators=[Required()])})()
    return str(form.pick())


ONE, OTHER = SelectChoice("a", "A"), SelectChoice("b", "B")


@pytest.mark.parametrize(("choices", "required"), [((BLANK, ONE), True), ((ONE, OTHER), False)])
def test_a_select_is_required_only_where_its_first_choice_stands_for_none(choices: tuple[Any], required: bool) -> None:
    assert (" required" in picked(*choices)) == required
