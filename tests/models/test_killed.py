"""Bulk approval is whole per complaint even when the process is killed in the middle of it, by kill -9."""

import random
import time
from collections import Counter

import pytest
from peewee import sqlite3

from models import event
from models.complaint import Complaint, Run
from models.paper import Paper
from models.records import RECORDS
from sop import flow
from tests.models.race import BATCH, approve_until_killed, processes
from tests.office import Office, copied, opened

COMPLAINTS = 4 * BATCH
KILLS, SOAK = 64, 200


@pytest.fixture(scope="module")
def waiting(template, tmp_path_factory):
    """A database with complaints that wait for approval, and their ids."""
    path = copied(template, tmp_path_factory.mktemp("waiting"))
    with opened(path):
        office = Office.at_work(path)
        ids = office.receive(COMPLAINTS)
        office.bring(ids, "approve")
    return path, ids


def killed(waiting, folder, *, after=0.0, at_statement=0):
    """A copy on which an approver was killed: its path, and the batches that it had acknowledged."""
    template, ids = waiting
    path = copied(template, folder)
    source, sink = processes.Pipe(duplex=False)
    child = processes.Process(target=approve_until_killed, args=(path, ids, sink, at_statement))
    child.start()
    sink.close()
    acknowledged = []
    assert source.recv() == "ready"
    if not at_statement:
        time.sleep(after)
        child.kill()
    try:
        while (told := source.recv()) != "finished":
            acknowledged.append(told)
    except EOFError:
        pass  # it died: nothing more to hear
    child.join()
    child.close()
    source.close()
    return path, acknowledged


def is_whole(path, ids, acknowledged):
    """Every complaint is before or after, none between; what was acknowledged is there. How many are after."""
    with opened(path):
        states = {c.id: c.state for c in Complaint.select()}
        approved = {case for case in ids if states[case] != "approve"}
        for name, there in traces().items():
            assert there == Counter(approved), name
        assert {case for batch in acknowledged for case in batch} <= approved
        assert len(approved) % BATCH == 0
        assert event.verify()[1] == ""
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    return len(approved)


def traces():
    """What an approval leaves, each as a count by complaint."""
    approval, row = RECORDS["approval"], flow.row_no("approve")
    queries = {
        "record": approval.select(approval.complaint),
        "paper": Paper.select(Paper.complaint).where(Paper.kind == "nota_dinas"),
        "event": event.Event.select(event.Event.complaint).where(event.Event.act == "approve"),
        "run": Run.select(Run.complaint).where((Run.row == row) & Run.ended_at.is_null(False)),
        "version": Complaint.select(Complaint.id).where(Complaint.last_act == "approve"),
    }
    return {name: Counter(case for (case,) in query.tuples()) for name, query in queries.items()}


def kill_many(waiting, tmp_path, count):
    """Half of the kills come by the clock, half at a statement; all must leave it whole. How far each had come."""
    chance, reached = random.Random(count), Counter()
    for turn in range(count):
        folder = tmp_path / str(turn)
        folder.mkdir()
        when = {"after": chance.uniform(0, 0.15)} if turn % 2 else {"at_statement": 1 + turn * 9 % 280}
        path, acknowledged = killed(waiting, folder, **when)
        reached[is_whole(path, waiting[1], acknowledged)] += 1
    return reached


def test_killed_in_the_middle_each_complaint_is_before_or_after(waiting, tmp_path):
    reached = kill_many(waiting, tmp_path, KILLS)
    assert reached.total() == KILLS
    assert len(reached) >= 3  # the kills fell into different batches


@pytest.mark.soak
def test_killed_two_hundred_times_each_complaint_is_before_or_after(waiting, tmp_path):
    assert kill_many(waiting, tmp_path, SOAK).total() == SOAK


def test_left_alone_all_are_approved(waiting, tmp_path):
    path, acknowledged = killed(waiting, tmp_path, at_statement=1_000_000)
    assert is_whole(path, waiting[1], acknowledged) == COMPLAINTS
    assert len(acknowledged) == COMPLAINTS // BATCH
