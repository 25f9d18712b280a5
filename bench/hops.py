"""How far one act travels through the house: files, functions and changes of file. `make check` runs it.

Five acts are recorded on a small office, after one of the same kind has filled the caches: prints a line for each,
and is broken where an approval or a list goes further than it did. docs/paths.md names the stations of each, which
`tests/test_paths.py` compares with what is recorded here.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from types import FrameType
from typing import Any

import lxml.html
from flask import Flask

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, Print
from models.office.lists import Medium
from tests.admin.doors import Visitor, panel_on
from tests.office import Office, build, opened

HOUSE = Path(__file__).resolve().parent.parent
PRODUCT = tuple(f"{HOUSE / part}/" for part in ("sop", "models", "papers", "admin", "templates"))
WORST = {  # files, functions, changes of file: they may only get fewer
    "approve": (73, 483, 1_450),
    "list": (80, 426, 8_100),
}
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # digits might be a number that belongs elsewhere
AT_ONCE = 3  # Nota Dinas are approved
Request = Callable[[], Any]


@dataclass(frozen=True)
class Trail:
    """The functions of the product that were called, in order, each with its file."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def files(self) -> int:
        return len({path for path, _ in self.calls})

    @cached_property
    def functions(self) -> int:
        return len(set(self.calls))

    @cached_property
    def changes(self) -> int:
        """How often the next call was of another file."""
        return sum(before != after for (before, _), (after, _) in pairwise(self.calls))

    def record(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PRODUCT):
            self.calls.append((code.co_filename.removeprefix(f"{HOUSE}/"), code.co_qualname))


def recorded(request: Request) -> tuple[Any, Trail]:
    """The answer to a request, and the way that it took."""
    trail = Trail()
    sys.setprofile(trail.record)
    try:
        answer = request()
    finally:
        sys.setprofile(None)
    return answer, trail


def approve(office: Office, at: Callable[[str], Visitor]) -> Request:
    cases = office.receive(AT_ONCE)
    office.bring(cases, "approve")
    versions = ",".join(f"{case}:{Complaint.get_by_id(case).version}" for case in cases)
    return lambda: at("kadis").post("/pengaduan/langkah/approve/", cases=versions, do="perform")


def receive(office: Office, at: Callable[[str], Visitor]) -> Request:
    page = lxml.html.fromstring(at("petugas").get("/pengaduan/new/").text)
    form = dict(next(form for form in page.forms if "story" in form.fields).form_values())
    medium, story = (
        str(Medium.get(code="loket").id),
        f"Bantuan {' '.join(token_hex(4).translate(LETTERS) for _ in range(3))}.",
    )
    typed = {"medium": medium, "category": "1", "story": story, "pengadu-name": f"Siti {story}", "do": "save"}
    return lambda: at("petugas").post("/pengaduan/new/", **{**form, **typed})


def paper(office: Office, at: Callable[[str], Visitor]) -> Request:
    office.bring(office.receive(), "handle")
    unprinted = Paper.select().where(Paper.id.not_in(Print.select(Print.paper)), Paper.kind == "lembar_disposisi")
    public = unprinted.order_by(Paper.id.desc()).get().public_id
    return lambda: at("kadis").get(f"/dokumen/{public}.pdf")


def page(office: Office, at: Callable[[str], Visitor]) -> Request:
    [case] = office.receive()
    office.bring([case], "handle")
    return lambda: at("kadis").get(f"/pengaduan/details/?id={case}")


def list_(office: Office, at: Callable[[str], Visitor]) -> Request:
    office.receive(20)
    return lambda: at("kadis").get("/pengaduan/")


ACTS = {"receive": receive, "approve": approve, "paper": paper, "page": page, "list": list_}


@contextmanager
def small_office() -> Iterator[tuple[Office, Callable[[str], Visitor]]]:
    """An office on a database of its own, and its people with their browsers."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build(place)
        path = place / "panel.sqlite"
        app: Flask = panel_on(path)
        with opened(path):
            office, visitors = Office.at_work(path), dict[str, Visitor]()

            def at(username: str) -> Visitor:
                if username not in visitors:
                    visitors[username] = Visitor(app)
                    visitors[username].sign_in(username)
                return visitors[username]

            yield office, at


def trails() -> dict[str, Trail]:
    """The way of each act, of the second one of its kind."""
    found = {}
    with small_office() as (office, at):
        for name, prepare in ACTS.items():
            prepare(office, at)()
            answer, found[name] = recorded(prepare(office, at))
            assert answer.status_code in (200, 303), f"{name}: {answer.status}"
    return found


def main() -> int:
    """How many acts go further than they did."""
    worse = 0
    for name, trail in trails().items():
        way, worst = (trail.files, trail.functions, trail.changes), WORST.get(name)
        bound = " (at the worst {:,}, {:,}, {:,})".format(*worst) if worst else ""
        print(f"{name}: {way[0]:,} files, {way[1]:,} functions, {way[2]:,} changes of file{bound}")
        worse += bool(worst) and any(one > most for one, most in zip(way, worst, strict=True))
    return worse


if __name__ == "__main__":
    sys.exit(main())
