"""Lines of the diagnosis about the server: versions, configuration, recent failures and requests."""

import json
import os
import platform
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flask import current_app
from peewee import sqlite3

from admin.server import logs
from admin.server.logs import OFF
from models import release
from models.office.settings import OPTIONS, Option, values
from models.office.wording import PREFIX
from models.operations import signing_settings
from models.operations.checks import CheckContext
from models.release import HOUSE, UNKNOWN


@dataclass(frozen=True)
class Line:
    """One line of the report: a label and its value."""

    name: str
    says: str


def filled(value: object) -> str:
    """Whether there is a value, for values that must not be shown."""
    return "diisi" if value else "kosong"


PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)", re.MULTILINE)
COMMIT = re.compile(r"^[0-9a-f]{40}$")


def versions(place: CheckContext) -> Iterator[Line]:
    yield Line("panel", f"{release.version()}, commit {_commit()}")
    yield Line("python", platform.python_version())
    yield Line("sqlite", sqlite3.sqlite_version)
    yield Line("sistem", f"{platform.system()} {platform.machine()}")


def packages(place: CheckContext) -> Iterator[Line]:
    """Each pinned package; where another version is installed, both versions."""
    for name, wanted in sorted(PINNED.findall((HOUSE / "requirements.txt").read_text(encoding="utf-8"))):
        try:
            present = version(name)
        except PackageNotFoundError:
            present = "tidak terpasang"
        yield Line(name, wanted if present == wanted else f"{present} (seharusnya {wanted})")


def _commit() -> str:
    """The checked-out commit, read from the files in .git: git need not be installed."""
    git = HOUSE / ".git"
    try:
        commit = (git / "HEAD").read_text().strip()
        name = commit.removeprefix("ref: ")
        if (git / name).is_file():  # the branch's loose ref
            commit = (git / name).read_text().strip()
        elif name != commit:
            lines = (git / "packed-refs").read_text().splitlines()
            commit = next((line.partition(" ")[0] for line in lines if line.endswith(f" {name}")), "")
    except OSError:
        return UNKNOWN
    return commit[:12] if COMMIT.match(commit) else UNKNOWN


LOCAL = ("", "127.0.0.1", "localhost")


def _number(word: str) -> str:
    return word if word.isdecimal() else filled(word)


def _interface(word: str) -> str:
    return "hanya komputer ini" if word in LOCAL else "jaringan"


ENVIRONMENT: Mapping[str, Callable[[str], str]] = {
    "PORT": _number,
    "PROXIES": _number,
    "METRICS_PORT": _number,
    "HOST": _interface,
    "METRICS_HOST": _interface,
    "TRUSTED_HOSTS": filled,
    "VAR_DIR": filled,
    "DATABASE_URL": filled,
    "DATABASE_OWNER_URL": filled,
    "REQUEST_LOG": filled,
    "MIGRATE_WITHOUT_COPY": filled,
    "MAIL_URL": filled,
    **dict.fromkeys(signing_settings.NAMES, filled),
    "SECRET_KEY": filled,
    "PANEL_DEMO_PASSWORD": filled,
}


def environment(place: CheckContext) -> Iterator[Line]:
    for name, describe in ENVIRONMENT.items():
        yield Line(name, describe(os.environ[name]) if name in os.environ else "tidak ada")


def settings(place: CheckContext) -> Iterator[Line]:
    in_force = values()
    for key, option in OPTIONS.items():
        if not key.startswith(PREFIX):
            yield Line(key, value_in_words(option, in_force[key]))
    changed = [key for key, option in OPTIONS.items() if key.startswith(PREFIX) and in_force[key] != option.default]
    yield Line("kalimat baku yang diubah", str(len(changed)))


def value_in_words(option: Option, value: Any) -> str:
    """The value where its type is safe to show; of free text only whether it is filled."""
    if isinstance(option.default, bool):
        return "bukan ya atau tidak" if not isinstance(value, bool) else "ya" if value else "tidak"
    if isinstance(option.default, int):
        return str(value) if type(value) is int else "bukan angka"
    if option.choices:
        return str(value) if value in dict(option.choices) else "bukan salah satu pilihan"
    return "seperti bawaan" if value and value == option.default else filled(value)


LAST, TAIL = 20, 256 * 1024  # failures in the report; bytes read from the end of a log
CODES, LONGEST = range(100, 600), 3_600_000  # valid status codes; milliseconds above which a line is ignored
NUMBER = re.compile(r"\d{4}-\d{4}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
PLACE = re.compile(r"(?P<file>[\w./-]+\.py):(?P<line>\d{1,5})")
LogLine = Mapping[str, object]

NONE = Line("tidak ada", "")


def failures(place: CheckContext) -> Iterator[Line]:
    """The last failures: time, reference number, exception classes, and lines in the panel's own code."""
    lines = _lines(_log(place).parent / logs.NAME)[-LAST:]
    yield from [_failure(line) for line in lines] or [NONE]


def requests(place: CheckContext) -> Iterator[Line]:
    """The last requests by status code, and how long they took."""
    lines = _lines(_log(place))
    codes = Counter(line["code"] for line in lines if line.get("code") in CODES)
    yield from [Line(str(code), str(count)) for code, count in sorted(codes.items())] or [NONE]
    times = sorted(ms for line in lines if isinstance(ms := line.get("ms"), float) and ms < LONGEST)
    if times:
        median, slow = (times[int(len(times) * share)] for share in (0.5, 0.95))
        yield Line("milidetik", f"separuhnya sampai {median:.0f}, 95 % sampai {slow:.0f}, terlama {times[-1]:.0f}")


def _log(place: CheckContext) -> Path:
    return place.var / str(current_app.config["REQUEST_LOG"])


def _lines(path: Path) -> list[LogLine]:
    """The last lines of a log that are JSON objects."""
    if path.name == OFF or not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        text = file.read().decode(errors="replace")
    return [line for line in map(_object, text.splitlines()) if line]


def _object(line: str) -> LogLine:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _failure(line: LogLine) -> Line:
    at, number = MOMENT.match(str(line.get("at"))), NUMBER.fullmatch(str(line.get("id")))
    kinds = [kind for kind in _words(line, "kinds") if kind in _known_kinds()]
    places = [place for place in _words(line, "places") if _is_ours(place)]
    kinds_text = " < ".join(kinds) or "jenis tidak dikenal"
    return Line(
        f"{at[0] if at else '–'} {number[0] if number else '–'}", f"{kinds_text}; {' '.join(places[-5:])}".rstrip("; ")
    )


def _words(line: LogLine, key: str) -> list[str]:
    words = line.get(key)
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _is_ours(place: str) -> bool:
    """Whether it is a line of one of the panel's own files."""
    match = PLACE.fullmatch(place)
    return bool(match) and ".." not in place and (logs.HOUSE / place.partition(":")[0]).is_file()


def _known_kinds(of: type[BaseException] = BaseException) -> set[str]:
    """Names of all exception classes that are loaded in this process."""
    kinds = {f"{of.__module__}.{of.__qualname__}"}
    for kind in type.__subclasses__(of):
        kinds |= _known_kinds(kind)
    return kinds
