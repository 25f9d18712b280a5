"""A promise whose turn has come has tests, each test that is named is there, and the page says the same."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.trust.__main__ import Finding, Tally, shows
from tests.trust.page import HOUSE, PAGE, RECORDED, Runs, recorded, table, written
from tests.trust.promises import DUE, LATER, PENDING, PROMISES, Promise

TESTS = HOUSE / "tests"


@cache
def functions_of(path: Path) -> frozenset[str]:
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


def is_there(test: str) -> bool:
    """Whether a promise names a test, or a room in which there is one."""
    place, _, function = test.partition("::")
    path = TESTS / place
    files = [path] if path.is_file() else sorted(path.rglob("test_*.py"))
    names = {name for file in files for name in functions_of(file) if name.startswith("test_")}
    return function in names if function else bool(names)


def lacking(promises: tuple[Promise, ...]) -> list[str]:
    """What is wrong with the table: a promise that must hold and has no test, a test that does not exist."""
    bare = [f"{promise.key} has no test" for promise in promises if promise.turn is DUE and not promise.tests]
    return bare + [f"{p.key}: {test} is not there" for p in promises for test in p.tests if not is_there(test)]


def test_every_promise_whose_turn_has_come_has_tests_and_each_is_there() -> None:
    assert lacking(PROMISES) == []


def test_a_promise_without_a_test_and_a_test_that_does_not_exist_are_found() -> None:
    made = (
        Promise("T90", "Nothing shows it.", DUE),
        Promise("T91", "It is being built.", PENDING),
        Promise("T92", "It comes later.", LATER),
        Promise("T93", "Its test has another name.", DUE, ("models/drills/test_kill.py::test_nothing_is_killed",)),
        Promise("T94", "Its room is gone.", PENDING, ("models/nowhere",)),
        Promise("T95", "Its file holds no test.", DUE, ("models/behind.py",)),
    )
    wrong = ("T93: models/drills/test_kill.py::test_nothing_is_killed", "T94: models/nowhere", "T95: models/behind.py")
    assert lacking(made) == ["T90 has no test", *(f"{name} is not there" for name in wrong)]


def test_the_promises_are_numbered_from_one_to_twenty_eight() -> None:
    assert [promise.key for promise in PROMISES] == [f"T{number}" for number in range(1, 29)]


def test_the_page_has_the_promises_and_only_figures_of_recorded_runs() -> None:
    text = PAGE.read_text(encoding="utf-8")
    runs = recorded(text)
    assert table(runs) in text, "make trust ARGS=--write"
    assert [cell for run in runs.values() for cell in (run.day, run.night) if not RECORDED.fullmatch(cell)] == []


def test_what_was_recorded_stays_while_the_table_is_made_anew() -> None:
    text = PAGE.read_text(encoding="utf-8")
    runs = {**recorded(text), "T6": Runs("3 passed, 1.4 minutes, 0123abc", "9 passed, 1 failed, 80.0 minutes, 0123abc")}
    assert recorded(written(text, runs)) == runs


@pytest.mark.parametrize(
    ("test", "node", "own"),
    [
        ("models/workflow", "tests/models/workflow/test_rows.py::test_a[sqlite]", True),
        ("models/workflow", "tests/models/workflows/test_rows.py::test_a", False),
        ("models/test_schema.py", "tests/models/test_schema.py::test_a", True),
        ("models/test_schema.py::test_a", "tests/models/test_schema.py::test_a[sqlite]", True),
        ("models/test_schema.py::test_a", "tests/models/test_schema.py::test_ab", False),
    ],
)
def test_a_test_is_counted_for_the_promises_that_name_it(test: str, node: str, own: bool) -> None:
    assert shows(test, node) is own


def test_the_plugin_that_counts_results_can_be_called_by_pytest() -> None:
    plugins, tally = pytest.PytestPluginManager(), Tally()
    plugins.register(tally)
    report_to = plugins.subset_hook_caller("pytest_runtest_logreport", [Tally()])
    for when, outcome in (("setup", "passed"), ("call", "failed"), ("teardown", "passed")):
        report_to(report=pytest.TestReport("tests/a.py::test_x", ("a", 1, "x"), {}, outcome, None, when, duration=1.5))
    assert (tally.outcomes, tally.seconds["tests/a.py::test_x"]) == ({"tests/a.py::test_x": "failed"}, 4.5)


def test_a_promise_of_which_one_test_failed_says_so() -> None:
    nodes = ("tests/a.py::test_x[1]", "tests/a.py::test_x[2]", "tests/b.py::test_y")
    tally = Tally(dict(zip(nodes, ("passed", "failed", "passed"), strict=True)))
    tally.seconds.update(dict.fromkeys(nodes, 60))
    finding = Finding.of(Promise("T99", "", DUE, ("a.py",)), tally)
    assert finding.words("0123abc") == "1 passed, 1 failed, 2.0 minutes, 0123abc"
