"""The doors once what decides on sight has been put right: the new readers meet the cases at once, the old no more."""

from dataclasses import replace
from itertools import product
from typing import Any

from models.office.lists import Category
from models.workflow import workflow
from sop.vocabulary import vocabulary
from tests.admin.matrix import promise
from tests.admin.matrix.grid import Cell, undone
from tests.admin.matrix.judge import MARK, Judge, shut
from tests.office import COMMON

AFTER = {"biasa": "rahasia", "terbatas": "rahasia", "rahasia": "biasa"}
BY_CATEGORY = ("B tim tetap", "B darurat")  # read as their category has it; the other one has neither
TRIED = ("/pengaduan/?page_size=200", "/pengaduan/export/csv/")


def corrected(judge: Judge) -> None:
    """Every open case gets another secrecy, every second one of them another category, in one act each."""
    step = next(t for t in vocabulary().transitions.values() if t.amends)
    cells = [cell for cell in judge.grid.cells if cell.state in vocabulary().starts(step)]
    with undone():
        for secrecy, moves in product(sorted(set(AFTER.values())), (False, True)):
            _correct(judge, step.key, secrecy, [c for c in cells if (AFTER[c.secrecy], _moves(c)) == (secrecy, moves)])
        for path in TRIED:
            listed = {judge.grid.cells[int(n)].id for n in MARK.findall(judge.grid.get(judge.kind, path).text)}
            for cell in cells:
                judge.cell(f"corrected {path}", cell, _reads(judge, cell), cell.id in listed)
        for cell in cells[list(promise.PEOPLE).index(judge.kind) % 3 :: 3]:
            answer = judge.grid.get(judge.kind, f"/pengaduan/details/?id={cell.id}")
            judge.cell("corrected details", cell, 200 if _reads(judge, cell) else shut(judge), answer.status_code)


def _moves(cell: Cell) -> bool:
    """Whether its category is put right as well."""
    return cell.place % 2 == 1


def _reads(judge: Judge, cell: Cell) -> bool:
    astray = _moves(cell) and judge.kind in BY_CATEGORY
    return replace(cell, secrecy=AFTER[cell.secrecy]).readable(judge.kind) and not astray


def _correct(judge: Judge, key: str, secrecy: str, cells: list[Cell]) -> None:
    """By somebody who reads them all, before and after."""
    office, entry = judge.grid.office, dict[str, Any](secrecy=secrecy)
    if cells and _moves(cells[0]):
        entry["category"] = Category.get(code=COMMON).id
    by, ids = office[promise.PEOPLE["P rahasia"]], [cell.id for cell in cells]
    outcome = workflow.advance(ids, key, by=by, at=office.at, blanks={"new_value": entry, "reason": "Salah ketik"})
    judge.cell("corrected", secrecy, ids, outcome.done)
