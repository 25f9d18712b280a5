"""What one kind of person meets at the panel's doors, compared with the promise cell by cell."""

from collections.abc import Iterable
from typing import Any

import peewee as pw

from admin.complaints import records
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from tests.admin.matrix import canary, promise
from tests.admin.matrix.grid import Grid

MARK, DRAFT, PHONE = (canary.pattern(kind) for kind in (canary.MARK, canary.DRAFT, canary.PHONE))
RECORD_LISTS = {
    "disposisi": "disposition",
    "asesmen": "assessment",
    "nota-dinas": "nota_dinas",
    "berita-acara": "berita_acara",
    **{view.endpoint: view.model.key for view in records.views() if view.step in promise.NEW},
}
SHUT = (403, 404)
COUNTED = (Event, Paper, *RECORDS.values())


class Judge:
    """What one kind of person met: how many cells were compared with the promise, and which were wrong."""

    def __init__(self, grid: Grid, kind: str) -> None:
        self.grid, self.kind, self.cells, self.wrong = grid, kind, 0, list[str]()

    def cell(self, door: str, case: Any, expected: Any, got: Any) -> None:
        self.cells += 1
        if got != expected:
            self.wrong.append(f"{self.kind} | {door} | {case} | expected {expected} | got {got}")

    def get(self, path: str, **allowed: Iterable[int]) -> Any:
        return self.clean(path, self.grid.get(self.kind, path), **allowed)

    def post(self, path: str, fields: dict[str, Any] | None = None, **allowed: Iterable[int]) -> Any:
        typed = [number for number in self.grid.numbers if number in (fields or {}).values()]
        return self.clean(f"POST {path}", self.grid.post(self.kind, path, **(fields or {})), typed=typed, **allowed)

    def clean(self, door: str, answer: Any, contact: Iterable[int] = (), typed: Iterable[str] = ()) -> Any:
        """No canary and no number of a case that is not his, no contact but where it belongs, no draft of another."""
        text = answer.get_data().decode(errors="replace")
        mine = {c.id for c in self.grid.cells if c.readable(self.kind)}
        cells = self.grid.cells
        marked = {cells[int(n)].id for n in MARK.findall(text)}
        numbered = {cell.id for number, cell in self.grid.numbers.items() if number in text and number not in typed}
        self.cell(f"{door}: foreign text", sorted((marked | numbered) - mine), [], sorted((marked | numbered) - mine))
        called = {cells[int(n)].id for n in PHONE.findall(text)} - set(contact)
        self.cell(f"{door}: contact data", sorted(called), [], sorted(called))
        written = {cells[int(n)].id for n in DRAFT.findall(text)}
        self.cell(f"{door}: drafts", "", True, not written or (self.kind in promise.DRAFTS and written <= mine))
        self.cell(f"{door}: trouble", "", True, answer.status_code < 500)
        return answer


def shut(judge: Judge) -> int:
    return 404 if judge.kind in promise.CONTENT else 403


def pulse() -> tuple[Any, ...]:
    """A few figures that no act leaves as they were."""
    counts = [pw.fn.SUM(Complaint.version), *(model.select(pw.fn.COUNT(model.id)) for model in COUNTED)]
    return tuple(Complaint.select(*counts).tuples().get())
