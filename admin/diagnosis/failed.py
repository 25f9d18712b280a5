"""What has failed of late, and how requests have fared, out of the logs. Each word of a line is held against what the
panel itself may have written there: a log is a file, and anybody may have written into it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import current_app

from admin.diagnosis.line import Line
from admin.process import failurelog
from admin.process.requestlog import OFF
from models.operations.checks import Watched

LAST, TAIL = 20, 256 * 1024  # failures that are told; bytes at a log's end that are read
CODES, LONGEST = range(100, 600), 3_600_000  # what can be a code, and how many milliseconds a request can have taken
NUMBER = re.compile(r"\d{4}-\d{4}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
PLACE = re.compile(r"(?P<file>[\w./-]+\.py):(?P<line>\d{1,5})")
LogLine = Mapping[str, object]

NONE = Line("tidak ada", "")


def failures(place: Watched) -> Iterator[Line]:
    """The last failures: when, under which number, of what kind, and where in the panel's own code."""
    lines = _lines(_folder(place) / failurelog.NAME)[-LAST:]
    yield from [_failure(line) for line in lines] or [NONE]


def requests(place: Watched) -> Iterator[Line]:
    """How many of the last requests had which code, and how long they took."""
    lines = _lines(_log(place))
    codes = Counter(line["code"] for line in lines if line.get("code") in CODES)
    yield from [Line(str(code), str(count)) for code, count in sorted(codes.items())] or [NONE]
    times = sorted(ms for line in lines if isinstance(ms := line.get("ms"), float) and ms < LONGEST)
    if times:
        middle, late = (times[int(len(times) * share)] for share in (0.5, 0.95))
        yield Line("milidetik", f"separuhnya sampai {middle:.0f}, 95 % sampai {late:.0f}, terlama {times[-1]:.0f}")


def _log(place: Watched) -> Path:
    return place.var / str(current_app.config["REQUEST_LOG"])


def _folder(place: Watched) -> Path:
    return _log(place).parent


def _lines(path: Path) -> list[LogLine]:
    """The last lines of a log that are objects of JSON."""
    if path.name == OFF or not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        words = file.read().decode(errors="replace").splitlines()
    return [line for line in map(_object, words) if line]


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
    says = " < ".join(kinds) or "jenis tidak dikenal"
    return Line(
        f"{at[0] if at else '–'} {number[0] if number else '–'}", f"{says}; {' '.join(places[-5:])}".rstrip("; ")
    )


def _words(line: LogLine, key: str) -> list[str]:
    words = line.get(key)
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _is_ours(place: str) -> bool:
    """Whether it is a line of a file that the panel brings."""
    named = PLACE.fullmatch(place)
    return bool(named) and ".." not in place and (failurelog.HOUSE / place.partition(":")[0]).is_file()


def _known_kinds(of: type[BaseException] = BaseException) -> set[str]:
    """Every kind of exception that there is in this process."""
    kinds = {f"{of.__module__}.{of.__qualname__}"}
    for kind in type.__subclasses__(of):
        kinds |= _known_kinds(kind)
    return kinds
