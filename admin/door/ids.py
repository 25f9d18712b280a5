"""Row ids as they come in from outside: checked before anything is asked of the database."""

import re
from typing import Any

from flask import abort

ROW_ID = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
MOST_IDS = 500


def valid_id(typed: Any) -> int:
    """A row id as typed into an address or form, else 404."""
    if not isinstance(typed, str) or not ROW_ID.fullmatch(typed):
        abort(404)
    return int(typed)


def valid_ids(typed: list[str]) -> list[int]:
    """Distinct row ids in the order given; more than 500 are 400, anything but an id is 404."""
    if len(typed) > MOST_IDS:
        abort(400, f"Paling banyak {MOST_IDS} baris sekaligus.")
    return list(dict.fromkeys(valid_id(one) for one in typed))
