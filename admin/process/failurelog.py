"""The log of failures: a line of JSON each, with the number on the page, its kind, and where in the code it was.

Never what an exception says: that may be what somebody has typed.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from admin.process.logfile import write_into
from sop.clock import WIB

NAME = "gangguan.jsonl"  # beside the log of requests
HOUSE = Path(__file__).resolve().parents[2]
PACKAGES = "site-packages"
DEEPEST = 40  # places of one exception; the last ones tell most

log = logging.getLogger("panel.failures")


def open_log(folder: Path) -> None:
    """From now on each failure leaves a line in a file of this folder."""
    write_into(folder / NAME, log)


def note(number: str, fault: BaseException) -> None:
    """Keep that a request has failed, where a log is kept."""
    line = {
        "at": datetime.now(WIB).isoformat(timespec="milliseconds"),
        "id": number,
        "kinds": [kind_of(behind) for behind in _chain(fault)],
        "places": [place for behind in _chain(fault) for place in _places(behind)],
    }
    log.info(json.dumps(line))


def kind_of(fault: BaseException) -> str:
    """The name of its class, with the module's."""
    return f"{type(fault).__module__}.{type(fault).__qualname__}"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The exception and those in whose wake it came up."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _places(fault: BaseException) -> list[str]:
    """File and line of each step on the way to it, the innermost last."""
    steps = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(fault.__traceback__)]
    return [f"{_file_in_words(file)}:{line}" for file, line in steps[-DEEPEST:]]


def _file_in_words(file: str) -> str:
    """As it stands in the house or in its package: nothing of the computer that it lies on."""
    path = Path(file)
    if PACKAGES in path.parts:
        return str(Path(*path.parts[path.parts.index(PACKAGES) + 1 :]))
    return str(path.relative_to(HOUSE)) if path.is_relative_to(HOUSE) else path.name
