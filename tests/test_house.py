"""The house keeps its bounds, and each bound finds what it is for."""

from collections.abc import Callable
from itertools import count

import pytest

from bench.house import (
    BOUNDS,
    COMPLEXITY,
    EXCEPTIONS,
    FIGURES,
    FLAT,
    FUNCTION,
    HOUSE,
    LINES,
    Bound,
    Figure,
    Module,
    Tree,
    grain,
)

HOUSE_NOW = Tree.of(HOUSE)
numbers = count()


def module(text: str, path: str = "") -> Module:
    return Module(path or f"sop/made_{next(numbers)}.py", text)


def lines(number: int) -> str:
    return "    pass\n" * number


OFFENDERS: dict[str, Callable[[], list[Module]]] = {
    "full_folders": lambda: [module("") for _ in range(FLAT + 1)],
    "long_modules": lambda: [module("\n" * (LINES + 1))],
    "long_functions": lambda: [module(f"def act() -> None:\n{lines(FUNCTION)}")],
    "tangled_functions": lambda: [module("def act(x: int) -> None:\n" + "    if x:\n        pass\n" * COMPLEXITY)],
    "classes_named_twice": lambda: [module("class Case: ..."), module("class Case: ...")],
    "vague_functions": lambda: [module("def _told() -> None: ...")],
    "vague_values": lambda: [module(f"def act() -> int:\n    found = 1\n{lines(3)}    return found")],
    "shapeless_dicts": lambda: [module("def act(data: dict[str, Any]) -> None: ...")],
    "unformatted_lines": lambda: [module("x = 1  # fmt" + ": skip")],
    "rooms_with_code": lambda: [module('"""A room."""\nX = 1', "sop/room/__init__.py")],
}
by_name = pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.places.__name__)


@pytest.mark.slow("make check asks the same")
@by_name
def test_the_house_keeps_within(bound: Bound) -> None:
    assert bound.broken(HOUSE_NOW) == []


@by_name
def test_what_is_over_a_bound_is_found(bound: Bound) -> None:
    assert bound.broken(Tree(OFFENDERS[bound.places.__name__]()))


@by_name
def test_what_is_no_more_than_the_bound_is_let_be(bound: Bound) -> None:
    branches = "    if x:\n        pass\n" * (COMPLEXITY - 1)
    within = [
        *(module('"""A module."""\n' + "\n" * (LINES - 1)) for _ in range(FLAT - 3)),
        module(f"class Case:\n    def told(self) -> None:\n    {lines(2)}"),
        module(f"def act(x: int) -> None:\n{branches}{lines(FUNCTION - 1 - 2 * (COMPLEXITY - 1))}"),
        module(f"def act() -> int:\n    found = 1\n{lines(2)}    return found"),
        module('"""A room."""', "sop/__init__.py"),
    ]
    assert bound.broken(Tree(within)) == []


@pytest.mark.parametrize("place", EXCEPTIONS)
def test_an_exception_is_still_one(place: str) -> None:
    usual = {folder.path: folder for folder in (*HOUSE_NOW.product, *HOUSE_NOW.others)}
    if place in usual:
        assert len(usual[place].text.splitlines()) > LINES
    else:
        assert len([m for m in usual.values() if m.path.rpartition("/")[0] == place]) > FLAT


@pytest.mark.slow("make check asks the same")
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.says)
def test_the_house_is_chopped_no_finer_than_it_was(figure: Figure) -> None:
    assert not figure.is_worse(grain(HOUSE_NOW))


def test_the_grain_is_counted_as_it_stands() -> None:
    text = 'def act() -> int:\n    """Act."""\n    return _one() + _two() + _two()\n\n\n'
    text += "def _one() -> int:\n    number = 1\n    return number\n\n\ndef _two() -> int:\n    return 2\n"
    found = grain(Tree([module(text), module('"""A room."""', "sop/__init__.py")]))
    assert found["modules"] == 1
    assert (found["functions"], found["functions of one statement"]) == (3, 2)
    assert (found["private functions"], found["private functions that are used once"]) == (2, 1)
    share = Figure("functions of one statement", 66, of="functions")
    assert (share.measured(found), share.is_worse(found)) == (67, True)
    assert not Figure("median lines of a function", 3, rises=True).is_worse(found)
