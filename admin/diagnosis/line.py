"""A line of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What is told, and what of it."""

    name: str
    says: str


def yes_or_no(value: object) -> str:
    return "ya" if value else "tidak"


def filled(value: object) -> str:
    """Of what may be anything: whether there is any."""
    return "diisi" if value else "kosong"
