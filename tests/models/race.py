"""What runs in child processes: approvers let loose together, takers of numbers, and one that is killed at work."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from models import number, workflow
from models.base import database
from models.people import User
from models.settings import values
from tests.office import MONDAY, opened

BATCH = 10  # complaints approved in one advance, then acknowledged
processes = multiprocessing.get_context("forkserver")  # each child connects for itself
processes.set_forkserver_preload(["tests.models.race"])


@contextmanager
def released_together(work: Callable[..., None], *shared: Any, count: int) -> Iterator[list[Any]]:
    """Start `count` children that begin `work(place, *shared)` at the same moment; what they sent back, in any order."""
    gate = processes.Barrier(count)
    answers = processes.SimpleQueue()
    children = [processes.Process(target=_run, args=(work, gate, answers, n, *shared)) for n in range(count)]
    for child in children:
        child.start()
    sent = [answers.get() for _ in children]
    for child in children:
        child.join()
        child.close()
    answers.close()
    yield sent


def _run(work: Callable[..., Any], gate: Any, answers: Any, place: int, path: Path, *rest: Any) -> None:
    with opened(path):
        gate.wait()
        try:
            answers.put(work(place, *rest))
        except Exception as error:  # the parent counts it
            answers.put(error)


def approve_one_by_one(place: int, ids: list[int], versions: dict[int, int]) -> tuple[list[int], dict[int, str]]:
    """Try to approve each complaint alone, in an order of one's own: what was done and the sentences of the rest."""
    by, done, refused = User.get(username=f"kadis{place}"), [], {}
    for case in random.Random(place).sample(ids, len(ids)):
        outcome = workflow.advance([case], "approve", by=by, versions=versions, at=MONDAY.replace(hour=15))
        done += outcome.done
        refused |= outcome.refused
    return done, refused


class TakenBack(Exception):
    """The work after taking a number failed."""


def take_numbers(place: int, count: int, one_in: int) -> int:
    """Take `count` numbers, each in a transaction, some of which are rolled back on purpose and not tried again."""
    chance, settings, kept = random.Random(place), values(), 0
    for _ in range(count):
        try:
            with database.atomic():
                drawn = number.draw("nota_dinas", 1, MONDAY, settings)
                number.bind("nota_dinas", drawn, [(1, 1)], MONDAY)
                if chance.randrange(one_in) == 0:
                    raise TakenBack
                kept += 1
        except TakenBack:
            continue
    return kept


def approve_until_killed(path: Path, ids: list[int], sink: Connection, die_at: int) -> None:
    """Approve batch by batch, acknowledging each; die at the n-th statement (0: somebody else kills)."""
    with opened(path) as base:
        by = User.get(username="kadis")
        if die_at:
            _die_at(base, die_at)
        sink.send("ready")
        for start in range(0, len(ids), BATCH):
            outcome = workflow.advance(ids[start : start + BATCH], "approve", by=by, at=MONDAY.replace(hour=15))
            sink.send(outcome.done)
        sink.send("finished")


def _die_at(base: Any, countdown: int) -> None:
    """Kill this process after so many statements have been run on the connection, commits among them."""
    left = [countdown]

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    base.connection().set_trace_callback(count)
