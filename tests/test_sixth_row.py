"""A sixth row is one row, one model, one template: with nothing else edited it is tested and goes from click to PDF."""

import filecmp
import sqlite3
from pathlib import Path

import pytest

from tests import sixth_row
from tests.copied_tree import ON_EVERY_CORE, WITH_KEY, passed, run
from tests.models.behind import schema
from tests.office import copied, owner_url_of, url_of

PAPERS = "tests/papers"
FOLDERS = ("tests/sop", "tests/models", "tests/admin")  # with the papers: what reads the table or walks the panel
LEFT_OUT = (
    "--ignore=tests/models/drills",  # they kill, tamper and race at length, on no row in particular
    "--ignore=tests/admin/many_kinds",  # add the row of their own to a copy
)
KNOW_NO_ROW = (  # of what quick runs: what is said there of those that there have always been
    "admin/complaints/test_facets.py",
    "admin/complaints/test_look.py",
    "admin/complaints/test_promises.py",
    "admin/door/test_session_lock.py",
    "admin/intake",
    "admin/papers/test_codes.py",
    "admin/papers/test_issued_lists.py",
    "admin/server",
    "admin/terminal",
    "admin/test_quick_search.py",
    "models/case/test_issued_lists.py",
    "models/imports",
    "models/email",
    "models/office",
    "models/operations",
    "models/reading/test_category_words.py",
    "models/sign_in",
    "models/store",
    "models/test_frozen_migrations.py",
    "models/test_release.py",
    "models/workflow/test_migration_proofs.py",
    "models/workflow/test_access_seals.py",
)
BELOW = [f"--ignore=tests/{room}" for room in KNOW_NO_ROW]
DECISIONS = "tests/admin/case/test_decisions.py"
JOURNEY, REVISITED = "tests/sixth_row/journey.py", "tests/sixth_row/revisited.py"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which the sixth row has been added."""
    copy = tmp_path_factory.mktemp("house")
    sixth_row.copy(copy)
    sixth_row.add_row(copy)
    return copy


def test_three_files_differ_and_no_other(tree: Path) -> None:
    here, there = set(sixth_row.files()), {p.relative_to(tree) for p in tree.rglob("*") if p.is_file()}
    there = {p for p in there if not {"__pycache__", ".hypothesis", ".git"} & set(p.parts)}
    assert there - here == set(sixth_row.MONITORING.new)
    assert here <= there
    assert [p for p in here if not filecmp.cmp(sixth_row.HOUSE / p, tree / p, shallow=False)] == [sixth_row.TABLE]


def test_what_is_left_out_by_day_is_there(tree: Path) -> None:
    assert [room for room in KNOW_NO_ROW if not (tree / "tests" / room).exists()] == []


def test_all_that_reads_the_table_or_walks_the_panel_passes_over_the_new_row(tree: Path) -> None:
    """What `make quick` runs of these folders; what that leaves out and why stands in tests/cost.py. Papers and all
    else by night; by day its own paper is printed on the journey."""
    assert passed(tree, "--quick", *FOLDERS, *BELOW) > 1_000


@pytest.mark.soak
@pytest.mark.parametrize("row", sixth_row.ROWS, ids=lambda row: row.key)
def test_by_night_nothing_is_left_out_but_drills_and_copies(tmp_path: Path, row: sixth_row.SixthRow) -> None:
    sixth_row.copy(tmp_path)
    sixth_row.add_row(tmp_path, row)
    assert passed(tmp_path, *ON_EVERY_CORE, *FOLDERS, PAPERS, *LEFT_OUT) > 1_500


@pytest.mark.soak
def test_by_night_a_row_between_the_first_and_the_second_breaks_nothing(tmp_path: Path) -> None:
    sixth_row.copy(tmp_path)
    sixth_row.add_row_between(tmp_path)
    assert passed(tmp_path, *ON_EVERY_CORE, *FOLDERS, PAPERS, *LEFT_OUT) > 1_500


def test_it_goes_from_click_to_pdf(tree: Path) -> None:
    assert passed(tree, JOURNEY) >= 6


@pytest.mark.soak
def test_a_row_with_every_kind_of_blank_goes_from_click_to_pdf_in_the_order_of_its_form(tmp_path: Path) -> None:
    sixth_row.copy(tmp_path)
    sixth_row.add_row(tmp_path, sixth_row.REVISIT)
    assert passed(tmp_path, REVISITED) >= 3


def test_a_row_that_decides_is_a_bench_with_every_decision_of_its_state(tmp_path: Path) -> None:
    sixth_row.copy(tmp_path)
    sixth_row.add_deciding_row(tmp_path)
    assert passed(tmp_path, DECISIONS, "-k", "endorse and not postgresql") >= 8


def test_a_database_of_five_rows_gets_the_new_table_at_the_next_start(
    tree: Path, template: Path, tmp_path: Path
) -> None:
    path = copied(template, tmp_path)
    addresses = f"{url_of(path)!r}, owner_url={owner_url_of(path)!r}"
    done = run(tree, "-c", f"{WITH_KEY}; schema.prepare({addresses})")
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
