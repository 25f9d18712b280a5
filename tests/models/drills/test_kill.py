"""Kill -9 in the middle of bulk work: each complaint is whole, nothing acknowledged is lost, the history holds."""

import contextlib
import multiprocessing
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from peewee import sqlite3

from models.records.registry import RECORDS
from models.tables import event
from models.tables.complaint import Complaint
from models.tables.event import Event
from models.tables.number import Number
from models.tables.paper import Paper
from models.writer import workflow
from sop import flow
from sop.procedure import Transition
from tests import postgres
from tests.office import Office, copied, dropped, opened

WAITING, BATCH = 100, 20
PAUSE = {".sqlite": (0.005, 0.080), ".postgresql": (0.005, 0.400)}  # seconds between "ready" and the kill
FORK = multiprocessing.get_context("forkserver")  # its children come up in milliseconds
FORK.set_forkserver_preload([__name__])


def worker(path: Path, ids: list[int], key: str, said: Any) -> None:
    """Performs the step batch by batch and says of each, once `advance` is back, that it is done; then idles."""
    with opened(path):
        office = Office.at_work(path)
        actor = office.actor(flow.TRANSITIONS[key], ids[0])
        said.send("ready")
        for start in range(0, len(ids), BATCH):
            said.send(workflow.advance(ids[start : start + BATCH], key, by=actor).done)
        said.send("finished")
        time.sleep(60)


def killed(path: Path, ids: list[int], key: str, pause: float) -> tuple[set[int], bool]:
    """Let a worker start, kill it after the pause; what it had acknowledged, and whether it was in the middle."""
    mine, other = FORK.Pipe(duplex=False)
    child = FORK.Process(target=worker, args=(path, ids, key, other))
    child.start()
    other.close()
    assert mine.recv() == "ready"
    time.sleep(pause)
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    heard: list[Any] = []
    with contextlib.suppress(EOFError, OSError):  # the pipe ends where the worker did
        while True:
            heard.append(mine.recv())
    mine.close()
    return {case for batch in heard if batch != "finished" for case in batch}, "finished" not in heard


def waiting_for(template: Path, folder: Path, key: str) -> tuple[Path, list[int]]:
    """A database file in which complaints wait for the step; nobody has it open."""
    folder.mkdir()
    path = copied(template, folder)
    with opened(path):
        office = Office.at_work(path)
        ids = office.receive(WAITING)
        office.bring(ids, key)
    return path, ids


def once(query: Any) -> Counter:
    return Counter(case for (case,) in query.tuples())


def check_whole(step: Transition, ids: list[int], acknowledged: set[int], before: dict[int, int], count: int) -> int:
    """State, version, record, number, papers and entry of each complaint: all there or none; how many had moved."""
    reached, model = flow.target(step, state=step.key), RECORDS[step.record]
    rows = {c.id: c for c in Complaint.select()}
    moved = {i for i in ids if rows[i].state == reached}
    assert {rows[i].state for i in ids} <= {step.key, reached}
    assert acknowledged <= moved
    all_moved = Counter(dict.fromkeys(moved, 1))
    assert {i: rows[i].version - before[i] for i in ids} == {i: int(i in moved) for i in ids}
    assert once(model.select(model.complaint).where(~model.draft)) == all_moved
    assert once(Event.select(Event.complaint).where(Event.act == step.key)) == all_moved
    for paper in step.papers:
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
    name, until = path.read_text().splitlines()[2], time.monotonic() + 20
    with postgres.server().boss() as boss:
        while boss.execute("SELECT 1 FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone():
            assert time.monotonic() < until, "the server did not notice that its client was killed"
            time.sleep(0.002)


def drill(template: Path, folder: Path, key: str, kills: int) -> None:
    prepared, ids = waiting_for(template, folder / "prepared", key)
    with opened(prepared):
        versions, count = dict(Complaint.select(Complaint.id, Complaint.version).tuples()), event.verify()[0]
    chance, in_the_middle, reached = random.Random(kills), 0, set()
    for n in range(kills * 4):  # some come too early or too late, more of them on a busy machine
        scene = folder / f"{n}"
        scene.mkdir()
        path = copied(prepared, scene)
        acknowledged, cut = killed(path, ids, key, chance.uniform(*PAUSE[path.suffix]))
        settled(path)
        with opened(path):
            reached.add(check_whole(flow.TRANSITIONS[key], ids, acknowledged, versions, count))
        sound(path)
        dropped(path)
        shutil.rmtree(scene)
        in_the_middle += cut
        if in_the_middle == kills:
            break
    assert in_the_middle == kills, f"only {in_the_middle} kills came in the middle"
    assert len(reached) > 1, "every kill came at the same place"


def test_sixty_kills_in_the_middle_of_bulk_approvals(template, tmp_path):
    drill(template, tmp_path, "approve", 60)


def test_kills_in_the_middle_of_what_takes_numbers(template, tmp_path):
    drill(template, tmp_path, "submit", 15)


@pytest.mark.soak
@pytest.mark.parametrize("key", [step.key for step in flow.MAIN_LINE if step.bulk and step is not flow.RECEIVE])
def test_two_hundred_kills_in_the_middle_of_every_bulk_step(template, tmp_path, key):
    drill(template, tmp_path, key, 200)
