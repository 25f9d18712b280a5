"""What has failed of late: pages that answered with a fault, as their log has it, and letters that do not leave."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from models.health import checks
from models.health.finding import Finding, Surroundings, unknown, well, wrong
from models.mail.outbox import installed_outbox
from models.post.queue import given_up_since, waiting_since
from sop.clock import WIB
from sop.words import format_moment, format_number

LATELY = timedelta(days=1)
MOST = 1_000  # failures that are counted
TURNED_OVER = ".1"  # what the log's file is called once it is full
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
KIND = "trouble"  # of the letters that tell of all this: they are not counted, or each would bring about the next

UNLOGGED = "Panel tidak mencatat gangguan pada server ini (REQUEST_LOG=off)."
NONE = "Tidak ada halaman yang gagal dijawab dalam 24 jam terakhir."
FAILED = "{count} halaman gagal dijawab karena gangguan panel dalam 24 jam terakhir, yang terakhir {last}."
NO_MAIL = "Surel belum diatur, jadi gangguan tidak dikabarkan."
NO_LETTERS = "Tidak ada surel yang menunggu."
LEAVING = "{count} surel menunggu giliran."
GIVEN_UP = "{count} surel gagal dikirim dalam 24 jam terakhir."


def answers(place: Surroundings) -> Finding:
    """How many requests have ended with 500 or 503, and when the last one did. The log outlives the process."""
    if place.failures is None:
        return unknown(UNLOGGED)
    moments = list(_moments_since(place.failures, place.at - LATELY))
    if not moments:
        return well(NONE)
    count = f"Lebih dari {format_number(MOST)}" if len(moments) > MOST else format_number(len(moments))
    return wrong(FAILED.format(count=count, last=format_moment(moments[0])))


def _moments_since(log: Path, since: datetime) -> Iterator[datetime]:
    """The latest first, and no more than one above the most. Anybody may have written into a file: what is no moment
    there is passed over."""
    counted = 0
    for line in _lines_from_the_end(log):
        moment = _moment_of(line)
        if moment is not None:
            if moment <= since or counted > MOST:
                return
            counted += 1
            yield moment


def _lines_from_the_end(log: Path) -> Iterator[str]:
    for file in (log, log.with_name(log.name + TURNED_OVER)):
        if file.is_file():
            yield from reversed(file.read_text(encoding="utf-8", errors="replace").splitlines())


def _moment_of(line: str) -> datetime | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    word = said.get("at") if isinstance(said, dict) else None
    if not (isinstance(word, str) and MOMENT.fullmatch(word)):
        return None
    try:
        return datetime.fromisoformat(word).astimezone(WIB)
    except ValueError:
        return None


def letters(place: Surroundings) -> Finding:
    """Those that the mail server has not taken for hours, and those that were given up since yesterday."""
    lost = given_up_since(place.at - LATELY, but=KIND)
    faults = [checks.mail(place), GIVEN_UP.format(count=format_number(lost)) if lost else ""]
    if any(faults):
        return wrong(" ".join(filter(None, faults)))
    if installed_outbox() is None:
        return unknown(NO_MAIL)
    count, _ = waiting_since()
    return well(LEAVING.format(count=format_number(count)) if count else NO_LETTERS)
