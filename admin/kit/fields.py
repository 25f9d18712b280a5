"""The browser's own inputs as forms take them: native select, boxes, moments; and what is cleaned out of a text."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import peewee
from wtforms import fields, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from admin.door.ids import ROW_ID
from models.store.base import is_mistyped, year_wanted
from sop.clock import WIB
from sop.words import in_wib

BLANK = SelectChoice("", "– pilih –")
WALL = "%Y-%m-%dT%H:%M"
UNSEEN = ("Cc", "Cf")  # categories of characters that are no letters: controls, marks of direction, zero widths
LINES = re.compile("[\n\u2028\u2029]+")
TOO_LARGE = "Angka ini terlalu besar."
HELD = range(-(2**31), 2**31)  # the whole numbers that a column holds on every database


class Required(InputRequired):
    """Something must be typed or picked of which more than blanks is left when it has been cleaned."""

    def __call__(self, form: Any, field: Any) -> None:
        first = field.raw_data[0] if field.raw_data else ""
        left = field.data if first and isinstance(field.data, str) else first
        if isinstance(left, str) and not clean_text(left):
            field.errors[:] = []
            raise StopValidation(field.gettext("This field is required."))


def likely_year(form: Any, field: Any) -> None:
    """A day or a moment of a year that somebody can mean."""
    if is_mistyped(field.data):
        raise StopValidation(year_wanted())


class MomentField(fields.DateTimeLocalField):
    """An aware moment, typed and shown on the office's clock."""

    data: datetime | None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._wall(self.data)

    def _wall(self, moment: datetime | None) -> str:
        return in_wib(moment).strftime(WALL) if moment else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0] == self._wall(self.object_data):
            return  # left as it was shown: keep the stored seconds
        super().process_formdata(valuelist)
        if self.data and valuelist:
            self.data = self.data.replace(tzinfo=WIB)


class WholeField(fields.IntegerField):
    """A whole number that a column holds. Whatever looks at it later meets none that is larger: of some hundred digits
    no float can be made, and WTForms' own range makes one."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data not in HELD:
            self.data = None
            raise ValueError(TOO_LARGE)

    def pre_validate(self, form: Any) -> None:
        """What is no number needs no second sentence."""
        if self.process_errors:
            raise StopValidation


class PickField(fields.SelectField):
    """A native select whose blank choice means nothing picked."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "") or BLANK not in self.choices:
            super().pre_validate(form)

    def __call__(self, **kwargs: Any) -> Any:
        """HTML lets a select be required only if its first choice stands for none."""
        first = next(iter(self.iter_choices()), None)
        if first is not None and first.value not in (None, ""):
            kwargs.setdefault("required", False)
        return super().__call__(**kwargs)


class OfferedField(PickField):
    """One of what a case holds: the page of the case offers it, and the writer says whether it is there."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[BLANK], validate_choice=False, **kwargs)

    def offer(self, words: Iterable[str]) -> None:
        self.choices = [BLANK, *(SelectChoice(one, one) for one in words)]


class RowField(PickField):
    """One row of another table, out of those that `rows` gives for this request; the stored row stays choosable."""

    def __init__(
        self, label: str | None = None, validators: Any = None, *, rows: Callable[[], Iterable[Any]], **kwargs: Any
    ) -> None:
        super().__init__(label, validators, coerce=row_id, choices=self._offer, **kwargs)
        self.rows = rows
        self._stored: peewee.Model | None = None

    def process_data(self, value: Any) -> None:
        self._stored = value if isinstance(value, peewee.Model) else None
        super().process_data(value)

    def _offer(self) -> list[SelectChoice]:
        rows = {row.get_id(): row for row in self.rows()}
        if self._stored is not None:
            rows.setdefault(self._stored.get_id(), self._stored)
        return [BLANK, *(SelectChoice(str(key), str(row)) for key, row in rows.items())]


class TicksField(fields.SelectMultipleField):
    """Several choices out of few, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def row_id(value: Any) -> int | None:
    """The id behind a choice, None for none; ValueError for what can be no id: a wrong choice."""
    if isinstance(value, peewee.Model):
        return int(value.get_id())
    if value in (None, "", "None"):
        return None
    if not ROW_ID.fullmatch(str(value)):
        raise ValueError(value)
    return int(value)


def clean_text(value: Any) -> Any:
    """What was typed in several lines, without control and bidirectional characters, which no reader sees."""
    if not isinstance(value, str):
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in UNSEEN).strip()


def clean_line(value: Any) -> Any:
    """The same in one line: what was pasted from several stands behind one another."""
    return " ".join(LINES.split(clean_text(value))) if isinstance(value, str) else value
