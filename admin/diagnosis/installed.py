"""What is installed: the panel's version, Python, the system, and the packages that the panel is made for."""

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from peewee import sqlite3

from admin.diagnosis.line import Line
from models import release
from models.operations.checks import Watched
from models.release import HOUSE, UNKNOWN

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)", re.MULTILINE)
COMMIT = re.compile(r"^[0-9a-f]{40}$")


def versions(place: Watched) -> Iterator[Line]:
    yield Line("panel", f"{release.version()}, commit {_commit()}")
    yield Line("python", platform.python_version())
    yield Line("sqlite", sqlite3.sqlite_version)
    yield Line("sistem", f"{platform.system()} {platform.machine()}")


def packages(place: Watched) -> Iterator[Line]:
    """Each package that the panel is made for; where another version is installed, both."""
    for name, wanted in sorted(PINNED.findall((HOUSE / "requirements.txt").read_text(encoding="utf-8"))):
        present = _installed(name)
        yield Line(name, wanted if present == wanted else f"{present} (seharusnya {wanted})")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "tidak terpasang"


def _commit() -> str:
    """Where the working copy stands, read from git's own files: git itself need not be installed."""
    git = HOUSE / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        name = head.removeprefix("ref: ")
        commit = head if name == head else _commit_of(git, name)
    except OSError:
        return UNKNOWN
    return commit[:12] if COMMIT.match(commit) else UNKNOWN


def _commit_of(git: Path, name: str) -> str:
    """That of a branch: in a file of its own, or in the one for all."""
    if (git / name).is_file():
        return (git / name).read_text().strip()
    lines = (git / "packed-refs").read_text().splitlines()
    return next((line.partition(" ")[0] for line in lines if line.endswith(f" {name}")), "")
