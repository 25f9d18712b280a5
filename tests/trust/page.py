"""docs/security.md as far as it repeats what promises.py says: the table of promises, and what their tests found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.trust.promises import PROMISES, Promise, Turn

HOUSE = Path(__file__).resolve().parents[2]
PAGE = HOUSE / "docs" / "security.md"
BEGIN, END = "<!-- promises -->", "<!-- /promises -->"
NOT_RUN = "–"
RECORDED = re.compile(r"–|\d+ passed(?:, \d+ failed)?, \d+\.\d minutes, [0-9a-f]{7,12}")
WHEN = {Turn.DUE: "", Turn.PENDING: " (being built)", Turn.LATER: " (not yet)"}


@dataclass(frozen=True)
class Runs:
    """What the tests of a promise found when they were last run by day and by night."""

    day: str = NOT_RUN
    night: str = NOT_RUN


def recorded(text: str) -> dict[str, Runs]:
    """What the page says of each promise."""
    rows = re.findall(r"^\| (T\d+)\b[^|]*\|[^|]*\|[^|]*\| ([^|]+) \| ([^|]+) \|$", _table_of(text), re.MULTILINE)
    return {key: Runs(day.strip(), night.strip()) for key, day, night in rows}


def written(text: str, runs: Mapping[str, Runs]) -> str:
    """The page with its table made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(runs)}\n{END}{after}"


def table(runs: Mapping[str, Runs]) -> str:
    head = ["| Promise | What it says | Shown by | By day | By night |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(promise, runs.get(promise.key, Runs())) for promise in PROMISES)])


def _row(promise: Promise, runs: Runs) -> str:
    tests = ", ".join(f"`tests/{test}`" for test in promise.tests) or NOT_RUN
    return f"| {promise.key}{WHEN[promise.turn]} | {promise.says} | {tests} | {runs.day} | {runs.night} |"


def _table_of(text: str) -> str:
    return text.split(BEGIN)[1].split(END)[0]
