"""A sixth row is one row, one model, one template: with nothing else edited it is tested and goes from click to PDF."""

import filecmp
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import sixth_row
from tests.models.behind import schema
from tests.office import copied, owner_url_of, url_of

TABLE_TESTS = ("tests/sop", "tests/models/writer/test_matrix.py", "tests/papers/printing/test_render.py")
JOURNEY = "tests/sixth_row/journey.py"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which the sixth row has been added."""
    copy = tmp_path_factory.mktemp("house")
    sixth_row.copy(copy)
    sixth_row.add_row(copy)
    return copy


def run(tree: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python at work in the copy, which knows nothing of the tests that run around it."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "PYTHONPATH"))}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=outside | environment, capture_output=True, text=True, timeout=300
    )


def passed(tree: Path, *paths: str) -> int:
    """How many tests passed in the copy; any that did not is shown."""
    done = run(tree, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", *paths)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def test_three_files_differ_and_no_other(tree: Path) -> None:
    here, there = set(sixth_row.files()), {p.relative_to(tree) for p in tree.rglob("*") if p.is_file()}
    there = {p for p in there if not {"__pycache__", ".hypothesis"} & set(p.parts)}  # what running leaves behind
    assert there - here == set(sixth_row.NEW)
    assert here <= there
    assert [p for p in here if not filecmp.cmp(sixth_row.HOUSE / p, tree / p, shallow=False)] == [sixth_row.TABLE]


def test_the_tests_of_the_table_run_over_the_new_row(tree: Path) -> None:
    assert passed(tree, *(path for path in TABLE_TESTS if (tree / path).exists())) > 100


def test_it_goes_from_click_to_pdf(tree: Path) -> None:
    assert passed(tree, JOURNEY) >= 6


def test_a_database_of_five_rows_gets_the_new_table_at_the_next_start(
    tree: Path, template: Path, tmp_path: Path
) -> None:
    path = copied(template, tmp_path)
    addresses = f"{url_of(path)!r}, owner_url={owner_url_of(path)!r}"
    done = run(tree, "-c", f"from models import schema; schema.prepare({addresses})")
    assert done.returncode == 0, done.stderr
    found = schema(path)
    assert "monitoring" in found
    assert {"guard_monitoring_update", "guard_monitoring_delete"} <= found[""]


def test_the_demo_comes_up_and_its_finished_complaints_wait_for_the_new_row(tree: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite"
    done = run(tree, "-m", "flask", "--app", "app", "demo", VAR_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{path}")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(path) as database:
        [(waiting,)] = database.execute("SELECT count(*) FROM complaint WHERE state = 'monitor'")
    database.close()
    assert waiting > 0
