"""Blanks in words as they are frozen: canonical JSON sorts names, so their order stands beside them as a list."""

from collections.abc import Mapping
from typing import Any, TypedDict

from models.fields.words import Words

FORMAT = 4  # of papers' contents; papers/layout/formats.py has a reader for each that ever was


class KeptBlanks(TypedDict):
    """Blanks by label, and the labels in the order of the form."""

    blanks: dict[str, Words]
    order: list[str]


def kept_in_order(told: Mapping[str, Words]) -> KeptBlanks:
    """Blanks by label as they are frozen."""
    return {"blanks": dict(told), "order": list(told)}


def in_order(body: Mapping[str, Any]) -> dict[str, Words]:
    """Frozen blanks in their order; as they lie there where none was kept."""
    blanks = body.get("blanks") or {}
    return {label: blanks[label] for label in body.get("order") or blanks}
