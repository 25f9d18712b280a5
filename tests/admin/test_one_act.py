"""Whoever calls the writer more than once for one press of a button does so in one transaction."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
WRITERS = {"workflow.advance", "workflow.save_draft", "intake.receive"}
WRITERS |= {"marks.sign", "marks.unsign", "marks.file"}
APART = {"models/demo/perform.py"}  # what it performs was done on many days, and nobody waits for an answer
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def parted(source: str) -> list[int]:
    """The lines in which a function calls the writer a second time, or in a loop, outside of one transaction."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    calls = [[line for line, many in _calls(one, many=False) for _ in range(1 + many)] for one in functions]
    return [lines[-1] for lines in calls if len(lines) > 1]


def _calls(node: ast.AST, *, many: bool) -> Iterator[tuple[int, bool]]:
    """The writer's calls within a node that no transaction holds together, and whether each stands in a loop."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.With) and "database.atomic" in ast.unparse(child.items[0]):
            continue
        if isinstance(child, ast.Call) and ast.unparse(child.func) in WRITERS:
            yield child.lineno, many
        yield from _calls(child, many=many or isinstance(child, LOOPS))


@pytest.mark.parametrize("room", ["admin", "models"])
def test_no_act_of_a_person_is_parted_into_transactions(room: str) -> None:
    files = {str(path.relative_to(HOUSE)): path for path in (HOUSE / room).rglob("*.py")}
    found = {name: lines for name, path in files.items() if (lines := parted(path.read_text(encoding="utf-8")))}
    assert {name for name in found if name not in APART} == set(), found


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("for one in many:\n  workflow.advance(one)", [3]),
        ("intake.receive()\n workflow.advance([1])", [3]),
        ("[marks.sign(p) for p in many]", [2]),
        ("with database.atomic():\n  for one in many:\n   workflow.advance(one)", []),
        ("workflow.advance(many)", []),
    ],
)
def test_what_is_parted_is_found(body: str, lines: list[int]) -> None:
    assert parted(f"def act():\n {body}\n") == lines
