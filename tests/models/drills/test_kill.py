"""Kill -9 in the middle of bulk work: each complaint is whole, nothing acknowledged is lost, the history holds."""

import contextlib
import multiprocessing
import random
import shutil
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from peewee import sqlite3

from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.number import Number
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure, papers_issued
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from tests import postgres
from tests.office import Office, copied, dropped, opened
from tests.patience import LONGEST, wait_until

WAITING, BATCH = 100, 20
BEGUN, END = "the fatal statement has begun", "all is done"
KILLS = {"sqlite": 30, "postgresql": 20}  # by day; two hundred of each step by night
FORK = multiprocessing.get_context("forkserver")  # its children come up in milliseconds
FORK.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Done:
    """What a worker says of a batch once `advance` is back: the cases, and how many statements it has begun so far."""

    cases: list[int]
    statements: int


def worker(path: Path, ids: list[int], key: str, fatal: int, messages: Any) -> None:
    """Performs the step batch by batch and says of each that it is done; and when the fatal statement begins."""
    with opened(path) as database:
        office = Office.at_work(path)
        actor = office.actor(vocabulary().transitions[key], ids[0])
        blanks = office.blanks(ids[0], key, actor)
        begun = announced(database, fatal, messages)
        for start in range(0, len(ids), BATCH):
            done = workflow.advance(ids[start : start + BATCH], key, by=actor, blanks=blanks).done
            messages.send(Done(done, len(begun)))
        messages.send(END)
        time.sleep(LONGEST)


def announced(database: Any, fatal: int, messages: Any) -> list[None]:
    """The statements begun from now on, BEGIN and COMMIT included. The fatal one is announced as it begins, and no
    other begins after it: a worker that is killed then is killed while that statement runs, or has just run."""
    begun, cursor = list[None](), database.cursor

    def counted(*arguments: Any, **named: Any) -> Any:
        begun.append(None)
        if len(begun) == fatal:
            messages.send(BEGUN)
        elif fatal and len(begun) > fatal:
            time.sleep(LONGEST)
        return cursor(*arguments, **named)

    database.cursor = counted
    return begun


def killed(path: Path, ids: list[int], key: str, fatal: int = 0) -> list[Done]:
    """Let a worker start and kill it in its fatal statement, else at its end; what it had acknowledged."""
    mine, other = FORK.Pipe(duplex=False)
    child = FORK.Process(target=worker, args=(path, ids, key, fatal, other), daemon=True)
    child.start()
    other.close()
    heard: list[Any] = []
    while heard[-1:] not in ([BEGUN], [END]):
        heard.append(mine.recv())
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    with contextlib.suppress(EOFError, OSError):  # the pipe ends where the worker did
        while True:
            heard.append(mine.recv())
    mine.close()
    assert (BEGUN in heard) == bool(fatal)
    return [one for one in heard if isinstance(one, Done)]


def waiting_for(template: Path, folder: Path, key: str) -> Path:
    """A database file in which complaints wait for the step; no process has it open."""
    folder.mkdir()
    path = copied(template, folder)
    with opened(path):
        office = Office.at_work(path)
        office.bring(office.receive(WAITING), key)
    return path


def once(query: Any) -> Counter:
    return Counter(case for (case,) in query.tuples())


def check_whole(step: Transition, ids: list[int], acknowledged: set[int], before: dict[int, int], count: int) -> int:
    """State, version, record, number, papers and entry of each complaint: all there or none; how many had moved."""
    reached, model = current_procedure().target(step, state=step.key), RECORDS[step.record]
    rows = {c.id: c for c in Complaint.select()}
    moved = {i for i in ids if rows[i].state == reached}
    assert {rows[i].state for i in ids} <= {step.key, reached}
    assert acknowledged <= moved
    all_moved = Counter(dict.fromkeys(moved, 1))
    assert {i: rows[i].version - before[i] for i in ids} == {i: int(i in moved) for i in ids}
    assert once(model.select(model.complaint).where(~model.draft)) == all_moved
    assert once(Event.select(Event.complaint).where(Event.act == step.key)) == all_moved
    for paper in papers_issued(step, secret=False):
        assert once(Paper.select(Paper.complaint).where(Paper.kind == paper.key)) == all_moved
    if step.series:
        numbers = Number.select().where(Number.series == step.series)
        assert Counter(n.complaint_id for n in numbers) == all_moved
        assert sorted(n.place for n in numbers) == list(range(1, len(moved) + 1))
    for start in range(0, len(ids), BATCH):
        assert len(moved & set(ids[start : start + BATCH])) in (0, BATCH)
    assert event.verify() == (count + len(moved), "")
    return len(moved)


def sound(path: Path) -> None:
    """The file itself, asked on a connection that knows nothing of the panel; PostgreSQL's server was not killed."""
    if path.suffix != ".sqlite":
        return
    raw = sqlite3.connect(path)
    try:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        raw.close()


def settled(path: Path) -> None:
    """Wait until a server has noticed that its client is gone: till then the transaction may still end either way."""
    if path.suffix == ".sqlite":
        return
    name = path.read_text().splitlines()[2]
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s"
    with postgres.server().boss() as boss:
        wait_until(lambda: not boss.execute(asked, (name,)).fetchone())


def played(prepared: Path, folder: Path, key: str, fatal: int = 0) -> tuple[list[Done], int]:
    """One kill on a copy of what was prepared: what was acknowledged before it, and how many had moved."""
    folder.mkdir()
    path = copied(prepared, folder)
    with opened(path):
        ids = [c.id for c in Complaint.select().order_by(Complaint.id)]
        before, count = dict(Complaint.select(Complaint.id, Complaint.version).tuples()), event.verify()[0]
    heard = killed(path, ids, key, fatal)
    settled(path)
    with opened(path):
        acknowledged = {case for done in heard for case in done.cases}
        moved = check_whole(vocabulary().transitions[key], ids, acknowledged, before, count)
    sound(path)
    dropped(path)
    shutil.rmtree(folder)
    return heard, moved


def drill(template: Path, folder: Path, key: str, kills: int) -> None:
    prepared = waiting_for(template, folder / "prepared", key)
    whole, moved = played(prepared, folder / "whole", key)
    assert moved == WAITING
    ends, chance, reached = [done.statements for done in whole], random.Random(kills), set()
    for n in range(kills):  # every fourth in a COMMIT
        fatal = chance.randint(1, ends[-1]) if n % 4 else chance.choice(ends)
        reached.add(played(prepared, folder / f"{n}", key, fatal)[1])
    assert len(reached) > 1, "every kill came at the same place"


@pytest.mark.nightly(engine=["postgresql"])
def test_kills_in_the_middle_of_bulk_approvals(template, tmp_path, engine):
    drill(template, tmp_path, "approve", KILLS[engine])


@pytest.mark.nightly(engine=["postgresql"])
def test_kills_in_the_middle_of_what_takes_numbers(template, tmp_path):
    drill(template, tmp_path, "submit", 15)


@pytest.mark.soak
@pytest.mark.parametrize(
    "key",
    [step.key for step in current_procedure().main_line if step.bulk and not current_procedure().is_receive(step)],
)
def test_two_hundred_kills_in_the_middle_of_every_bulk_step(template, tmp_path, key):
    drill(template, tmp_path, key, 200)
