"""Python and its tests at work in a copy of the tree, which knows nothing of the tests that run around it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.patience import cpu_seconds

WITH_KEY = "from models import schema; from models.store import seal; seal.install(bytes(range(32)))"  # the tests' own
LONGEST = 3 * 3600  # seconds that a whole suite may take in a copy, on a machine that has other work
ON_EVERY_CORE = ("-n", "auto", "--dist", "loadfile")  # for a night's run, during which no other test runs


def run(tree: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    left_out = ("PYTEST", "COV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")  # what one run compiles is there for the next
    outside = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=outside | environment, capture_output=True, text=True, timeout=LONGEST
    )


def passed(tree: Path, *words: str) -> int:
    """How many tests passed in the copy, on SQLite; any that did not is shown. Prints how many, and what they took."""
    before = cpu_seconds()
    done = run(tree, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", "-k", "not postgresql", *words)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    count = int(re.search(r"(\d+) passed", done.stdout)[1])
    print(f"{count} tests passed in the copy, 0 failed, {(cpu_seconds() - before) / 60:.1f} CPU minutes")
    return count
