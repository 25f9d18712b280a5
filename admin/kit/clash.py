"""What to do about a stale form: who was faster, and both texts, field by field, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, FileField, HiddenField, PasswordField, SelectField

from models.records.fields import value_in_words

SECRET = (FileField, HiddenField, PasswordField)  # never shown, or nothing that people read


@dataclass(frozen=True)
class Difference:
    """One field that is stored now as `stored` and was typed as `mine`."""

    id: str
    label: str
    stored: str
    mine: str


@dataclass(frozen=True)
class Clash:
    """Who changed it (when, and what; "" where the page says so itself), and where the two texts differ."""

    by: str
    differences: list[Difference]


def differences(form: Any, stored: Any, names: Iterable[str] = ()) -> list[Difference]:
    """Where a form as typed differs from the same form filled with what is stored now; `names`: only these fields."""
    differing = []
    for field in [form[name] for name in names] or form:
        if isinstance(field, SECRET):
            continue
        mine, theirs = input_in_words(field), input_in_words(stored[field.short_name])
        if mine != theirs:
            field.stored_now = theirs or "–"
            differing.append(Difference(field.id, field.label.text, theirs, mine))
    return differing


def input_in_words(field: Any) -> str:
    """A field's value as people read it."""
    if isinstance(field, BooleanField):
        return "Ya" if field.data else "Tidak"
    if isinstance(field, SelectField):
        return _picked_labels(field)
    return value_in_words(field.data).replace("\r\n", "\n")


def _picked_labels(field: Any) -> str:
    """The labels of what is picked, one or several."""
    picked = field.data if isinstance(field.data, list) else [field.data]
    values = {str(value) for value in picked if value not in (None, "")}
    return ", ".join(str(choice.label) for choice in field.iter_choices() if str(choice.value) in values)
