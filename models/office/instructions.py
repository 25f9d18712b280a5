"""The office's own list of instructions for dispositions: what is offered now, and what was ever offered."""

from collections.abc import Mapping
from typing import Any

from models.office.settings import OPTIONS, Setting, values
from models.office.wording import PREFIX

KEY = f"{PREFIX}lembar_disposisi.instructions"


def offered_instructions(settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The instructions that can be ticked now."""
    return tuple(str((settings or values())[KEY]).splitlines())


def all_instructions() -> frozenset[str]:
    """Every instruction that was offered at any time: what a case was given then it keeps."""
    lists = [OPTIONS[KEY].default, *(row.value for row in Setting.select().where(Setting.key == KEY))]
    return frozenset(word for text in lists for word in str(text).splitlines())
