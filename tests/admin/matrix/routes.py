"""Every rule of the panel with every method, and the list of all doors that the matrix tries."""

from typing import Any

from tests.admin.matrix import promise
from tests.admin.matrix.acts import actions, step_pages, steps_sent, steps_sent_for_many
from tests.admin.matrix.corrected import corrected
from tests.admin.matrix.doors import (
    details,
    lists,
    lookups,
    numbers,
    opened_cases,
    papers,
    progress,
    records,
    shelves,
    start,
)
from tests.admin.matrix.grid import undone
from tests.admin.matrix.judge import SHUT, Judge, pulse
from tests.admin.routes import readable, writable


def routes(judge: Judge) -> None:
    """Every rule of the panel with every method, asked about a case that is least his: masters by their own table."""
    case = next((c for c in judge.grid.cells if not c.readable(judge.kind) and c.state == "closed"), None)
    key = case.id if case else next(c.id for c in judge.grid.cells if c.state == "closed")
    for rule, path in readable(judge.grid.app, key):
        if (
            rule.endpoint.partition(".")[0] not in ("static", "signin", "lock", "live", "ready")
            and "/static/" not in path
        ):
            answer = judge.get(path, contact=_contact_of(judge, key))
            _master(judge, rule.endpoint, "GET", answer)
    with undone():
        for method, path in writable(judge.grid.app, key):
            if path not in ("/keluar", "/masuk"):
                before = pulse()
                answer = judge.post(path)
                judge.cell(f"{method} {path} without anything", "", False, pulse() != before)
                _master(judge, f"{path.strip('/').split('/')[0]}.{path.strip('/').split('/')[-1]}_view", "POST", answer)


def _contact_of(judge: Judge, key: int) -> list[int]:
    case = next(c for c in judge.grid.cells if c.id == key)
    return [key] if case.readable(judge.kind) and judge.kind in promise.IDENTITY else []


def _master(judge: Judge, endpoint: str, method: str, answer: Any) -> None:
    noun, _, door = endpoint.partition(".")
    if noun not in promise.MASTERS:
        return
    if door == "index_view":
        expected = judge.kind in promise.MASTERS_READ
        judge.cell(f"{method} {endpoint}", "", expected, answer.status_code == 200)
    elif judge.kind not in promise.MASTERS_WRITE and door in ("new_view", "create_view", "edit_view"):
        judge.cell(f"{method} {endpoint}", "", True, answer.status_code in SHUT)


BY_READING = (details, numbers, lookups, lists, records, papers, shelves, progress, opened_cases)
BY_ACTING = (step_pages, steps_sent, steps_sent_for_many, actions, start, corrected, routes)
DOORS = {door.__name__: door for door in (*BY_READING, *BY_ACTING)}
READING = (
    "details",
    "lookups",
    "lists",
    "records",
    "papers",
    "shelves",
    "progress",
    "opened_cases",
    "steps_sent_for_many",
    "actions",
    "start",
    "corrected",
)


def doors_of(kind: str) -> tuple[str, ...]:
    """Every door for each of the eight kinds; for their like all but the walk over the routes, and the single steps."""
    if kind in promise.ALIKE:
        return (*READING, *(("routes",) if kind in promise.EIGHT else ()))
    return tuple(door for door in DOORS if door != "routes" or kind in promise.EIGHT)
