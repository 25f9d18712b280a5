"""What a look at the panel finds: well, wrong, or not to be known from here; and what is known of where it lives."""

from dataclasses import dataclass
from pathlib import Path

from models.health.checks import Watched

WELL, WRONG, UNKNOWN = "well", "wrong", "unknown"
STATES = {WELL: "baik", WRONG: "perlu", UNKNOWN: "dilewati"}


@dataclass(frozen=True)
class Surroundings(Watched):
    """Where the panel lives, and what lies around it: its own name where it is opened by https, the log of failures
    where one is kept, and the folder of its program."""

    own_name: str
    failures: Path | None
    house: Path


@dataclass(frozen=True)
class Finding:
    """How one thing stands, in a sentence that tells nothing of any case."""

    state: str
    sentence: str


def well(sentence: str) -> Finding:
    return Finding(WELL, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(WRONG, sentence)


def unknown(sentence: str) -> Finding:
    return Finding(UNKNOWN, sentence)
