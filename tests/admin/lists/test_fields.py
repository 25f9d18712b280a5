"""The browser's own inputs say of themselves only what HTML allows."""

from typing import Any

import pytest
from markupsafe import Markup
from wtforms import Form, fields
from wtforms.fields.choices import SelectChoice

from admin.lists.inputs import BLANK, PickField, Required


def picked(*choices: Any) -> str:
    form: Any = type("Picks", (Form,), {"pick": PickField(choices=list(choices), validators=[Required()])})()
    return str(form.pick())


ONE, OTHER = SelectChoice("a", "A"), SelectChoice("b", "B")


@pytest.mark.parametrize(("choices", "required"), [((BLANK, ONE), True), ((ONE, OTHER), False)])
def test_a_select_is_required_only_where_its_first_choice_stands_for_none(choices: tuple[Any], required: bool) -> None:
    assert (" required" in picked(*choices)) == required


def test_an_option_is_what_wtforms_writes() -> None:
    kinds = [("a", 'Kata & "<b>"'), ('"&', "x"), ("", ""), (7, 7), ("7", Markup("<i>y</i>")), (True, "Ya")]
    choices = [SelectChoice(value, label) for value, label in kinds]
    choices += [SelectChoice("z", "z", {"data-unit": 3}), SelectChoice("h", "h", {"hidden": True, "data_n": 1})]
    choices += [SelectChoice("q", "q", {"data_hint": 'a "b" & <c>', "class_": "x"})]
    choices += [
        SelectChoice(None, "–"),
        SelectChoice("n", "n", {"data_unit": None}),
        SelectChoice("v", "v", {"value": 1}),
    ]
    for chosen in ("a", '"&', "", "7", "z", "h", "q", "n"):
        theirs, ours = (
            type("Made", (Form,), {"one": kind(choices=choices, default=chosen)})().one()
            for kind in (fields.SelectField, PickField)
        )
        assert "selected" in theirs
        assert ours == theirs
