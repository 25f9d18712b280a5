"""What a script fills into an input is what the input itself would hold: the desk lays proposals open so."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import peewee as pw
import pytest
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from wtforms import Form

from admin.lists.cells import badge
from admin.lists.inputs import INPUTS, html_value
from models.store.base import Moment
from sop.clock import WIB

PROPOSED = {
    "day": (pw.DateField(), date(2027, 2, 27)),
    "time": (pw.TimeField(), time(9, 30)),
    "moment": (Moment(), datetime(2027, 2, 27, 1, 5, tzinfo=WIB)),
    "decimal": (pw.DecimalField(), Decimal("2.50")),
    "whole": (pw.IntegerField(), 1500),
    "text": (pw.TextField(), "Baik."),
}


@pytest.mark.parametrize("key", PROPOSED)
def test_a_proposal_reads_as_its_input_does(key: str) -> None:
    field, value = PROPOSED[key]
    form: Any = type("Slip", (Form,), {"blank": INPUTS[key].make(None, field, {})})(data={"blank": value})
    [typed_value] = json.loads(htmlsafe_json_dumps([value], default=html_value))
    assert str(typed_value) == form.blank._value()


def test_words_of_a_badge_are_escaped_though_the_same_markup_was_shown_before() -> None:
    assert "<i>1</i>" in badge("good", Markup("<i>1</i>"))
    assert "<i>" not in badge("good", "<i>1</i>")
