"""Where in a list one stands, as it is written into an address: a row's values under the keys of the order."""

import json
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import peewee as pw

from models.store.base import canonical
from models.store.keyset import Few, OrderKey, Place

LONGEST = 2_000  # letters of a place in an address
AFTER, BEFORE, TO_DAY, TO_NUMBER = "setelah", "sebelum", "tanggal", "nomor"
PLACES = (AFTER, BEFORE)  # arguments that say where in a list one stands
THE_END = "akhir"


def written_place(keys: Sequence[OrderKey], place: Place) -> str:
    """The place as text."""
    return canonical([_plain(key, value) for key, value in zip(keys, place, strict=False)])


def _plain(key: OrderKey, value: Any) -> Any:
    if value is None or isinstance(key, Few) or key.field is None:
        return value
    stored = key.field.db_value(value)
    return stored if isinstance(stored, (bool, int, float, str)) else str(stored)


def place_read(keys: Sequence[OrderKey], text: str) -> Place | None:
    """The place that a text names in this order; None for one that is not of it."""
    try:
        typed = json.loads(text) if len(text) <= LONGEST else None
        if not isinstance(typed, list) or not 0 < len(typed) <= len(keys):
            return None
        return tuple(_value(key, one) for key, one in zip(keys, typed, strict=False))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _value(key: OrderKey, typed: Any) -> Any:
    """A value of this key. ValueError for what the column cannot hold."""
    if isinstance(key, Few):
        if type(typed) is not int or not 0 <= typed < len(key.kinds):
            raise ValueError("no such kind")
        return typed
    if typed is None:
        if not getattr(key, "nullable", False):
            raise ValueError("never empty")
        return None
    if isinstance(typed, (list, dict)) or (isinstance(typed, str) and "\0" in typed):
        raise ValueError("no value")
    if isinstance(typed, str):
        typed.encode()  # half a letter, which JSON can write, is none
    return _of_field(key.field, typed)


def _of_field(field: pw.Field | None, typed: Any) -> Any:
    """The value as the column has it; what is ordered by without being a column is a whole number."""
    if field is None or isinstance(field, (pw.IntegerField, pw.AutoField, pw.ForeignKeyField)):
        if type(typed) is not int or abs(typed) >= 2**31:
            raise ValueError("no whole number")
        return typed if field is None else field.python_value(typed)
    value = field.python_value(typed)
    if isinstance(field, (pw.DateTimeField, pw.DateField, pw.TimeField)) and not isinstance(value, (date, time)):
        raise ValueError("no moment")
    return value
