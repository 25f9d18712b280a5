"""What a migration did on its day it does for ever: it stands on nothing that the panel may change afterwards."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.schema import FOLDER

OURS = {"admin", "app", "bench", "models", "papers", "sop", "tests"}
BY_CODE = sorted(FOLDER.glob("[0-9]*.py"))


def imported(text: str) -> Iterator[str]:
    """The packages that a module imports anywhere in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0] if node.level == 0 else "."
        elif isinstance(node, ast.Name | ast.Attribute) and _name(node) in ("__import__", "import_module"):
            yield "."


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


@pytest.mark.parametrize("migration", BY_CODE, ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_the_panel(migration: Path) -> None:
    assert set(imported(migration.read_text(encoding="utf-8"))) & {*OURS, "."} == set()


@pytest.mark.parametrize(
    "text",
    ["import models.store", "def f():\n    from sop import flow", "from . import x", "importlib.import_module(x)"],
)
def test_an_import_of_the_panel_is_found_wherever_it_stands(text: str) -> None:
    assert set(imported(text)) & {*OURS, "."}
