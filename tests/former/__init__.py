"""Trees whose table no longer has what a database names: an act under a new name, a row taken out again."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests import sixth_row
from tests.office import leave_key, owner_url_of, url_of
from tests.patience import LONGEST

WHERE = "FORMER_DATABASE"  # the environment's name for the path that stands for the database (see `tests.office`)
LIST = re.compile(r"^FORMER: .* = \(\)", re.MULTILINE)


def renamed(tree: Path) -> None:
    """Row 3's act `handle` is `process` from now on, wherever the table names it."""
    table = tree / sixth_row.TABLE
    said = table.read_text(encoding="utf-8")
    words = ('key="handle"', 'start=("handle",', 'to="handle"', '("assist", "handle")', 'settled_by=("handle",)')
    for word in words:
        assert word in said
        said = said.replace(word, word.replace("handle", "process"))
    table.write_text(said, encoding="utf-8")


def listed(tree: Path, entry: str) -> None:
    """`FORMER` holds the entry."""
    table = tree / sixth_row.TABLE
    said, found = LIST.subn(f"FORMER: tuple[Former, ...] = (\n    {entry},\n)", table.read_text(encoding="utf-8"))
    assert found == 1
    table.write_text(said, encoding="utf-8")


def sixth_act() -> str:
    """The act of the sixth row as it stands in the row, to be declared when the row goes."""
    row = sixth_row.MONITORING.row.read_text(encoding="utf-8")
    return row[row.index("Transition(") : row.index("\n        ),\n    ),")].rstrip().rstrip(",")


def at_work(tree: Path, path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python at work in a tree on a database, with the key of the tests; nothing of the tests around it is known."""
    leave_key(path.parent)
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "PYTHONPATH"))}
    where = {"DATABASE_URL": url_of(path), "DATABASE_OWNER_URL": owner_url_of(path) or "", WHERE: str(path)}
    environment = outside | where | {"VAR_DIR": str(path.parent)}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST
    )


def started(tree: Path, path: Path, command: str = "verify") -> subprocess.CompletedProcess[str]:
    return at_work(tree, path, "-m", "flask", "--app", "app", command)
