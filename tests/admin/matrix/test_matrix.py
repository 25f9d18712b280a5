"""The access matrix over HTTP: every door × every kind of person × cases of every secrecy, urgency and state."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models.store import master_cache
from models.store.base import database
from sop.access import RELATIONS
from tests.admin.matrix import promise
from tests.admin.matrix.grid import Grid, built, undone
from tests.admin.matrix.judge import Judge
from tests.admin.matrix.routes import DOORS, doors_of
from tests.office import copied, dropped, opened

# On PostgreSQL: test_postgresql.py, a file of its own so that both are asked at the same time; there the eight
# kinds. What sets the finer ones apart is asked on both databases by tests/models (test_scope.py, test_acting.py).
pytestmark = [pytest.mark.usefixtures("unprinted"), pytest.mark.only("sqlite")]


@pytest.fixture(scope="module")
def grid(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    path = copied(template, tmp_path_factory.mktemp("matrix"))
    with opened(path):
        mine = database.obj
        made = built(path)
        yield made
        print(f"{made.judged} cells of the access matrix")
        database.close_all()
        database.initialize(mine)
    dropped(path)


def judged(grid: Grid, kind: str, *doors: str) -> Judge:
    judge = Judge(grid, kind)
    for door in doors or doors_of(kind):
        DOORS[door](judge)
    return judge


@pytest.mark.nightly(kind=["P lain", "K plh berakhir", "B lain", "B2 lain"])  # by day one of each role
# By day tests/models/complaint/test_scope.py says what they read who are named, on call or in a team,
# and tests/models/workflow/test_matrix.py what they may do.
@pytest.mark.nightly(kind=["B2 ditunjuk", "B tim tetap", "B ditugaskan", "B darurat"])
# By day somebody else reads and does the same, if for another reason.
@pytest.mark.nightly(kind=["P rahasia", "K plh", "W kelak", "B2 kepala"])
@pytest.mark.parametrize("kind", promise.PEOPLE)
def test_every_door_gives_what_is_promised_and_nothing_else(grid: Grid, kind: str) -> None:
    assert_as_promised(grid, kind)


def assert_as_promised(grid: Grid, kind: str) -> None:
    """Every door of one kind of person, each cell of it as promised, and all of it undone."""
    grid.seat(kind)
    before = grid.office.digest()
    with undone():
        judge = judged(grid, kind)
        assert grid.office.digest() == before
    grid.judged += judge.cells
    assert judge.wrong == [], "\n" + "\n".join(judge.wrong)
    assert judge.cells > 1_500


def every_row(user: Any, model: Any, who: Any = None) -> Any:
    return model.select()


ALWAYS = {"may_draft": lambda relations: True, "masked": lambda column, text: text}
HOLES = {
    # what is left open: (where, what is put there, who then meets too much, at which door)
    "lists": ("models.complaint.scope.visible", every_row, "B-", "lists"),
    "pdf": ("admin.papers.documents.visible", every_row, "B2 lain", "papers"),
    "start page": ("models.reading.queue.is_readable", lambda who, known=(): pw.SQL("1 = 1"), "P lain", "start"),
    "steps": ("sop.rules.performers", lambda step, awaited="": frozenset(RELATIONS), "B lain", "steps_sent_for_many"),
    "single steps": ("sop.rules.performers", lambda step, awaited="": frozenset(RELATIONS), "B2 lain", "steps_sent"),
    "drafts in lists": ("models.complaint.scope._may_draft", lambda who, record: pw.SQL("1 = 1"), "K", "lists"),
    "drafts on the page": ("admin.case.parts.may_draft", ALWAYS["may_draft"], "K", "details"),
    "drafts as paper": ("admin.papers.drafts.may_draft", ALWAYS["may_draft"], "W", "papers"),
    "other cases": (
        "admin.case.sentences.without_hidden_cases",
        lambda items, user: [dict(item) for item in items],
        "P lain",
        "details",
    ),
    "pages": ("models.complaint.scope.may_open", lambda user, noun: True, "S", "lists"),
    "mask": ("admin.case.dossier.masked_text", ALWAYS["masked"], "W", "details"),
    "contact": ("admin.case.notices.masked_text", ALWAYS["masked"], "K", "step_pages"),
    "numbers": ("models.case.access_notes.CALLERS", frozenset(RELATIONS), "W", "numbers"),
    "looked up where it is masked": (
        "models.complaint.lookup.may_find",
        lambda who, kind: pw.SQL("1 = 1"),
        "B2 kepala",
        "lookups",
    ),
    "archive": ("admin.papers.shelving.visible", every_row, "P lain", "shelves"),
    "progress": (
        "models.reading.paper_progress.is_of_readable",
        lambda who, column: pw.SQL("1 = 1"),
        "P lain",
        "progress",
    ),
    "identity": ("admin.papers.documents.openable", lambda user, papers: list(papers), "K", "papers"),
    "corrections": (
        "models.records.detours.Correction.changes",
        classmethod(lambda cls, case, blanks: {}),
        "P lain",
        "corrected",
    ),
    "dates": ("models.office.people.Dated.holds_on", lambda row, day: True, "K plh berakhir", "details"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_the_matrix_finds_a_door_left_open(grid: Grid, monkeypatch: pytest.MonkeyPatch, hole: str) -> None:
    where, put, kind, door = HOLES[hole]
    grid.seat(kind)
    with left_open(monkeypatch, {where: put}):
        assert judged(grid, kind, door).wrong


@contextmanager
def left_open(monkeypatch: pytest.MonkeyPatch, holes: dict[str, Any]) -> Iterator[None]:
    """Put these in their places, in a process that has cached no SQL of before, and caches none for after."""
    with monkeypatch.context() as patch, undone():
        for where, put in holes.items():
            patch.setattr(where, put)
        master_cache._values.clear()
        yield
    master_cache._values.clear()


def test_the_matrix_finds_a_case_that_opens_by_its_number(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    grid.seat("B-")
    holes = {"models.case.case.visible": every_row, "models.case.case.may_read": lambda secrecy, relations: True}
    with left_open(monkeypatch, holes):
        assert judged(grid, "B-", "step_pages").wrong
