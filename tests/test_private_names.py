"""Private names of the libraries stand in their doors and nowhere else in the tree."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest

from admin.door.flaskadmin import TableView

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("sop", "models", "papers", "admin")
DOORS = (  # where private names may stand, and what tests these
    "admin/door/flaskadmin.py",
    "admin/door/extensions.py",
    "papers/engine/",
    "models/store/pdfstreams.py",
    "models/store/peewee_patches.py",
    "tests/admin/door/test_flaskadmin.py",
    "tests/admin/door/test_extensions.py",
    "tests/papers/engine/",
    "tests/models/store/test_pdfstreams.py",
    "tests/models/store/test_peewee_patches.py",
    "tests/test_private_names.py",
)
OUTER = ("flask_admin", "xhtml2pdf", "reportlab")  # no test names theirs either; a test may look into the others
INNER = ("flask", "flask_babel", "flask_login", "flask_wtf", "werkzeug", "wtforms", "wtfpeewee", "jinja2", "peewee")
LIBRARIES = (*OUTER, *INNER, "playhouse", "pypdf", "waitress")
# Documented for programs that extend these libraries: Peewee's `Model._meta` and `Database._connect`, `Field._value` of
# WTForms; `_replace` and the like are every named tuple's.
DOCUMENTED = {"_meta", "_connect", "_value", "_replace", "_asdict"}
ASKED = re.compile(r"(?:\bself|\bcls|super\(\))\.(_[a-z]\w*)")
DEFINED = re.compile(r"^    (?:def )?(_[a-z]\w*)\b *[(:=]", re.MULTILINE)
PRIVATE_NAME_USED = (
    "{}: {} belongs to a library. Give it a name of ours in its door ({}), with a test that fails when it moves."
)


@cache
def private_names(library: str) -> frozenset[str]:
    """Every private name that a library defines: functions, methods, classes, and what it keeps on its objects."""
    spec = find_spec(library)
    assert spec
    assert spec.origin
    files = [Path(spec.origin)] if not spec.submodule_search_locations else Path(spec.origin).parent.rglob("*.py")
    said = re.compile(r"(?:\bdef |\bclass |\bself\.|\bcls\.|^)(_[a-z]\w*)", re.MULTILINE)
    return frozenset(name for file in files for name in said.findall(file.read_text(errors="ignore"))) - DOCUMENTED


def files_of(*folders: str) -> list[Path]:
    found = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return [file for file in found if not str(file.relative_to(ROOT)).startswith(DOORS)]


def foreign_uses(source: str, names: frozenset[str]) -> list[str]:
    """Private names that a module asks of objects that are not its own, imports, or gives as a text to setattr."""
    tree = ast.parse(source)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.attr for node in ast.walk(tree) if _is_own_attribute(node)}
    outer = frozenset().union(*map(private_names, OUTER))
    return [
        name
        for node in ast.walk(tree)
        for name in _named(node)
        if name in (outer if _is_self(node) else names) and name not in own
    ]


def _is_self(node: ast.AST) -> bool:
    """Whether a name is asked of the object itself: then a mixin may mean what another one of ours defines."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _is_own_attribute(node: ast.AST) -> bool:
    """Whether this gives an object of ours a name: `self._x = …`."""
    return _is_self(node) and isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and not _is_ours(node.value):
        yield node.attr
    elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith((*FLOORS, "tests")):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Call):
        yield from (part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str))


@cache
def _modules() -> frozenset[str]:
    return frozenset(file.stem for folder in FLOORS for file in (ROOT / folder).rglob("*.py"))


def _is_ours(value: ast.expr) -> bool:
    """Whether a name is asked of a module of ours, as in `press._printer`."""
    return isinstance(value, ast.Name) and value.id in _modules()


def classes_of_ours() -> Iterator[type]:
    for floor in FLOORS:
        for found in pkgutil.walk_packages([str(ROOT / floor)], f"{floor}."):
            module = importlib.import_module(found.name)
            for kind in vars(module).values():
                if inspect.isclass(kind) and kind.__module__ == module.__name__:
                    yield kind


def library_of(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def is_in_door(kind: type) -> bool:
    return f"{kind.__module__.replace('.', '/')}.py".startswith(DOORS)


@cache
def hidden_names(base: type) -> frozenset[str]:
    """Private names of a library's class, of its objects too."""
    return frozenset(name for name in (*vars(base), *ASKED.findall(inspect.getsource(base))) if name[:1] == "_")


def taken_from_a_base(kind: type) -> set[str]:
    """Private names of the library classes that a class stands on, which it overrides or asks of itself."""
    bases = [base for base in kind.__mro__ if library_of(base) in LIBRARIES]
    theirs = frozenset().union(*map(hidden_names, bases)) - DOCUMENTED
    source = dedent(inspect.getsource(kind)) if theirs else ""
    inner = {name for base in kind.__mro__ if library_of(base) in FLOORS for name in vars(base)}
    return {*DEFINED.findall(source)} & theirs | ({*ASKED.findall(source)} & theirs - inner)


class Reckless(TableView):
    """What no view may be."""

    def _get_list_url(self, view_args: object) -> str:
        return str(self._primary_key)


@pytest.mark.parametrize("folder", ["app.py", *FLOORS, "bench", "tests"])
def test_only_door_modules_use_private_names_of_a_library(folder: str) -> None:
    libraries = OUTER if folder == "tests" else LIBRARIES
    names = frozenset().union(*map(private_names, libraries))
    files = [ROOT / folder] if folder.endswith(".py") else files_of(folder)
    wrong = {str(file.relative_to(ROOT)): used for file in files if (used := foreign_uses(file.read_text(), names))}
    assert not wrong, [
        PRIVATE_NAME_USED.format(file, ", ".join(used), ", ".join(DOORS[:5])) for file, used in wrong.items()
    ]


@pytest.mark.slow("reads every class of the panel with what it stands on")
def test_only_classes_of_doors_override_or_read_private_names_of_a_library() -> None:
    kinds = [kind for kind in classes_of_ours() if not is_in_door(kind)]
    wrong = {kind.__qualname__: sorted(taken) for kind in kinds if (taken := taken_from_a_base(kind))}
    assert not wrong, [
        PRIVATE_NAME_USED.format(kind, ", ".join(used), ", ".join(DOORS[:5])) for kind, used in wrong.items()
    ]


def test_no_template_uses_private_names_of_a_library() -> None:
    names = frozenset().union(*map(private_names, OUTER))
    files = [*(ROOT / "templates").rglob("*.html")]
    assert len(files) > 50
    assert "_run_view" in names
    for file in files:
        assert not set(re.findall(r"\w\.(_[a-z]\w*)", file.read_text())) & names, file


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("views = app.extensions['admin'][0]._views", "_views"),
        ("rows = part._nrows", "_nrows"),
        ("from playhouse.pool import _PooledDatabase as Pool, _PooledPostgresqlDatabase", "_PooledPostgresqlDatabase"),
        ("setattr(view, '_list_columns', [])", "_list_columns"),
    ],
)
def test_each_way_of_taking_a_private_name_is_seen(source: str, name: str) -> None:
    names = frozenset().union(*map(private_names, LIBRARIES)) | {"_PooledPostgresqlDatabase"}
    assert name in foreign_uses(source, names)


def test_an_override_of_a_hidden_step_is_seen() -> None:
    assert taken_from_a_base(Reckless) == {"_get_list_url", "_primary_key"}
