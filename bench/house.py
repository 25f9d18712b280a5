"""Limits on the code base: modules per folder, lines per module and function, complexity, names. Run by `make check`.

Prints a line for each limit with every violation, then the figures, which may only get better, and totals.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median

from radon.complexity import cc_visit

HOUSE = Path(__file__).resolve().parent.parent
PRODUCT = ("sop", "models", "papers", "admin", "app.py")
OTHER = ("tests", "bench")
FLAT, LINES, FUNCTION = 25, 400, 40  # modules of a folder, lines of a module, lines of a function
COMPLEXITY = 12  # as radon counts it
VAGUE = frozenset(("shown", "told", "found", "given", "one", "here", "said"))  # names without content
LIFE = 3  # scope in lines that a variable of such a name may have
SHAPELESS = "dict[str, Any]"
EXCEPTIONS = {
    # a folder or a module that may be larger: (how large, why)
    "sop/procedure.py": (770, "data: the signed sheet as it was typed in"),
}


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def opens_a_room(self) -> bool:
        return self.path.endswith("/__init__.py")

    @property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]


@dataclass(frozen=True)
class Tree:
    """The modules of the product, and those of tests and bench."""

    product: list[Module]
    others: list[Module] = field(default_factory=list)

    @classmethod
    def of(cls, house: Path) -> "Tree":
        return cls(modules(house, *PRODUCT), modules(house, *OTHER))


@dataclass(frozen=True)
class Bound:
    """A limit: what it says, a function that finds the violations, and how many are tolerated per top-level folder."""

    says: str
    places: Callable[[Tree], Iterator[str]]
    allowed: Mapping[str, int] = field(default_factory=dict)

    def broken(self, tree: Tree) -> list[str]:
        places = list(self.places(tree))
        counts = Counter(floor_of(place) for place in places)
        over = {floor for floor, count in counts.items() if count > self.allowed.get(floor, 0)}
        return [place for place in places if floor_of(place) in over]

    def line(self, tree: Tree) -> str:
        return f"{self.says}: {sum(1 for _ in self.places(tree))} of {sum(self.allowed.values())}"


def modules(house: Path, *places: str) -> list[Module]:
    files = [f for place in places for f in [house / place, *sorted((house / place).rglob("*.py"))] if f.is_file()]
    return [Module(str(file.relative_to(house)), file.read_text()) for file in files]


def floor_of(place: str) -> str:
    return place.partition("/")[0].partition(":")[0]


def allowed(path: str, usual: int) -> int:
    return EXCEPTIONS.get(path, (usual, ""))[0]


def full_folders(tree: Tree) -> Iterator[str]:
    """Folders with more than FLAT modules."""
    flat = Counter(str(Path(m.path).parent) for m in (*tree.product, *tree.others) if not m.opens_a_room)
    return (f"{folder}: {count}" for folder, count in flat.items() if count > allowed(folder, FLAT))


def long_modules(tree: Tree) -> Iterator[str]:
    counts = ((module.path, len(module.text.splitlines())) for module in tree.product)
    return (f"{path}: {count}" for path, count in counts if count > allowed(path, LINES))


def long_functions(tree: Tree) -> Iterator[str]:
    for module in tree.product:
        for function in module.functions:
            count = (function.end_lineno or 0) - function.lineno + 1
            if count > FUNCTION:
                yield f"{module.path}:{function.lineno} {function.name}: {count}"


def tangled_functions(tree: Tree) -> Iterator[str]:
    for module in tree.product:
        for block in cc_visit(module.text):
            if block.complexity > COMPLEXITY:
                yield f"{module.path}:{block.lineno} {block.fullname}: {block.complexity}"


def classes_named_twice(tree: Tree) -> Iterator[str]:
    stand: dict[str, list[str]] = defaultdict(list)
    for module in tree.product:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                stand[node.name].append(f"{module.path}:{node.lineno} {node.name}")
    return (place for places in stand.values() if len(places) > 1 for place in places)


def vague_functions(tree: Tree) -> Iterator[str]:
    """Module-level functions with a vague name."""
    for module in tree.product:
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.strip("_") in VAGUE:
                yield f"{module.path}:{node.lineno} {node.name}"


def vague_values(tree: Tree) -> Iterator[str]:
    """Variables with a vague name and a scope of more than LIFE lines."""
    for module in tree.product:
        for function in module.functions:
            for name, lines in _lines_of_names(function).items():
                if name in VAGUE and max(lines) - min(lines) > LIFE:
                    yield f"{module.path}:{min(lines)} {name}"


def _lines_of_names(function: ast.FunctionDef) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = defaultdict(list)
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            lines[node.id].append(node.lineno)
        elif isinstance(node, ast.arg):
            lines[node.arg].append(node.lineno)
    return lines


def shapeless_dicts(tree: Tree) -> Iterator[str]:
    return (place for module in tree.product for place in _lines_with(module, SHAPELESS))


def unformatted_lines(tree: Tree) -> Iterator[str]:
    directive = "# fmt" + ":"
    return (place for module in (*tree.product, *tree.others) for place in _lines_with(module, directive))


def _lines_with(module: Module, text: str) -> Iterator[str]:
    for number, line in enumerate(module.text.splitlines(), 1):
        yield from [f"{module.path}:{number}"] * line.count(text)


def rooms_with_code(tree: Tree) -> Iterator[str]:
    """`__init__.py` files with anything but a docstring."""
    rooms = (module for module in tree.product if module.opens_a_room)
    return (room.path for room in rooms if len(room.tree.body) != 1 or ast.get_docstring(room.tree) is None)


def grain(tree: Tree) -> dict[str, int]:
    """Size and granularity of the product: totals, medians, counts."""
    rooms = [module for module in tree.product if not module.opens_a_room]
    functions = [function for module in tree.product for function in module.functions]
    statements = [_statements(function) for function in functions]
    private, once = 0, 0
    for module in tree.product:
        nodes = list(ast.walk(module.tree))
        uses = Counter(node.id for node in nodes if isinstance(node, ast.Name))
        uses.update(node.attr for node in nodes if isinstance(node, ast.Attribute))
        own = [f.name for f in module.functions if f.name.startswith("_") and not f.name.startswith("__")]
        private, once = private + len(own), once + sum(uses[name] == 1 for name in own)
    return {
        "lines": sum(len(module.text.splitlines()) for module in tree.product),
        "modules": len(rooms),
        "median lines of a module": round(median(len(module.text.splitlines()) for module in rooms)),
        "functions": len(functions),
        "median lines of a function": round(median((f.end_lineno or 0) - f.lineno + 1 for f in functions)),
        "functions of one statement": sum(count <= 1 for count in statements),
        "private functions": private,
        "private functions that are used once": once,
    }


def _statements(function: ast.FunctionDef) -> int:
    """The number of statements, without the docstring."""
    return sum(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in function.body)


@dataclass(frozen=True)
class Figure:
    """A figure of `grain` with its present value, which must not get worse."""

    says: str
    worst: int
    rises: bool = False  # the more, the better
    of: str = ""  # a share of this, in percent

    def measured(self, grain: Mapping[str, int]) -> int:
        return round(100 * grain[self.says] / grain[self.of]) if self.of else grain[self.says]

    def is_worse(self, grain: Mapping[str, int]) -> bool:
        now = self.measured(grain)
        return now < self.worst if self.rises else now > self.worst


FIGURES = (
    Figure("median lines of a module", 180, rises=True),
    Figure("median lines of a function", 5, rises=True),
    Figure("functions of one statement", 38, of="functions"),
    Figure("private functions that are used once", 61, of="private functions"),
)
BOUNDS = (
    Bound(f"Folders of more than {FLAT} modules", full_folders),
    Bound(f"Modules of more than {LINES} lines", long_modules),
    Bound(f"Functions of more than {FUNCTION} lines", long_functions),
    Bound(f"Functions of complexity over {COMPLEXITY}", tangled_functions),
    Bound("Classes whose name stands twice", classes_named_twice),
    Bound("Functions that do not say of what", vague_functions),
    Bound("Values that do not say what they are", vague_values),
    Bound(f"{SHAPELESS} for data", shapeless_dicts, {"models": 9, "admin": 22, "app.py": 1}),
    Bound("Lines kept from the formatter", unformatted_lines),
    Bound("Rooms that open with more than their sentence", rooms_with_code),
)


def main() -> int:
    """The number of violated limits, as exit code."""
    tree, count = Tree.of(HOUSE), 0
    for bound in BOUNDS:
        places = bound.broken(tree)
        count += bool(places)
        print(bound.line(tree), *places, sep="\n    ")
    totals = grain(tree)
    for figure in FIGURES:
        count += figure.is_worse(totals)
        unit = " %" if figure.of else ""
        print(f"{figure.says.capitalize()}: {figure.measured(totals)}{unit}, {figure.worst}{unit} at the worst")
    print("In all:", ", ".join(f"{words} {number:,}" for words, number in totals.items()))
    return count


if __name__ == "__main__":
    sys.exit(main())
