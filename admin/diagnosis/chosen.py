"""What is set, without what must stay secret. Only values of a kind that can hold no secret and no name are told: yes
and no, whole numbers, one of a list that the panel brings. Of everything else stands whether it is filled in, so that
a setting of tomorrow tells nothing until somebody has thought of it."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from admin.diagnosis.line import Line, filled, yes_or_no
from models.office.settings import OPTIONS, Option, values
from models.office.wording import PREFIX
from models.operations.checks import Watched

LOCAL = ("", "127.0.0.1", "localhost")


def _number(word: str) -> str:
    return word if word.isdecimal() else filled(word)


def _reach(word: str) -> str:
    return "hanya komputer ini" if word in LOCAL else "jaringan"


ENVIRONMENT: Mapping[str, Callable[[str], str]] = {
    "PORT": _number,
    "PROXIES": _number,
    "METRICS_PORT": _number,
    "HOST": _reach,
    "METRICS_HOST": _reach,
    "TRUSTED_HOSTS": filled,
    "VAR_DIR": filled,
    "DATABASE_URL": filled,
    "DATABASE_OWNER_URL": filled,
    "REQUEST_LOG": filled,
    "MIGRATE_WITHOUT_COPY": filled,
    "MAIL_URL": filled,
    "SECRET_KEY": filled,
    "PANEL_DEMO_PASSWORD": filled,
}


def environment(place: Watched) -> Iterator[Line]:
    for name, told_by in ENVIRONMENT.items():
        yield Line(name, told_by(os.environ[name]) if name in os.environ else "tidak ada")


def settings(place: Watched) -> Iterator[Line]:
    in_force = values()
    for key, option in OPTIONS.items():
        if not key.startswith(PREFIX):
            yield Line(key, value_in_words(option, in_force[key]))
    changed = [key for key, option in OPTIONS.items() if key.startswith(PREFIX) and in_force[key] != option.default]
    yield Line("kalimat baku yang diubah", str(len(changed)))


def value_in_words(option: Option, value: Any) -> str:
    """The value, where its kind may be told."""
    if isinstance(option.default, bool):
        return yes_or_no(value) if isinstance(value, bool) else "bukan ya atau tidak"
    if isinstance(option.default, int):
        return str(value) if type(value) is int else "bukan angka"
    if option.choices:
        return str(value) if value in dict(option.choices) else "bukan salah satu pilihan"
    return "seperti bawaan" if value and value == option.default else filled(value)
