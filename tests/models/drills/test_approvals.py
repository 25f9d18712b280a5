"""Each approval exactly once: eight approvers in processes of their own are let loose on the same Nota Dinas."""

import multiprocessing
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.store import sqlite
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from sop.words import format_moment
from tests.office import Office, opened
from tests.patience import LONGEST

APPROVERS = 8
APPROVE = vocabulary().transitions["approve"]
SPAWN = multiprocessing.get_context("spawn")


def approver(
    path: Path, ids: list[int], each: int, versions: dict[int, int] | None, seed: int, gate: Any, answers: Any
) -> None:
    """One approver: all papers in an order of his own, `each` at a time, simultaneously with the others."""
    chance = random.Random(seed)
    order = chance.sample(ids, len(ids))
    done, refused, errors = [], [], []
    sqlite.PATIENCE = LONGEST  # on a busy machine one of eight writers may be passed over for long
    with opened(path):
        office = Office.at_work(path)
        gate.wait()
        for start in range(0, len(order), each):
            try:
                outcome = workflow.advance(
                    order[start : start + each], APPROVE.key, by=office["kadis"], versions=versions
                )
                done += outcome.done
                refused += list(outcome.refused.items())
            except Exception as failed:
                errors.append(repr(failed))
    answers.put((done, refused, errors))


def let_loose(path: Path, ids: list[int], each: int, versions: dict[int, int]) -> list[tuple[list, list, list]]:
    """Every second approver has a page open that shows the versions, the others come without."""
    gate, answers = SPAWN.Barrier(APPROVERS), SPAWN.Queue()
    people = [
        SPAWN.Process(target=approver, args=(path, ids, each, versions if n % 2 else None, n, gate, answers))
        for n in range(APPROVERS)
    ]
    for person in people:
        person.start()
    outcomes = [answers.get(timeout=LONGEST) for _ in people]
    for person in people:
        person.join(timeout=LONGEST)
    assert [person.exitcode for person in people] == [0] * APPROVERS
    answers.close()
    answers.join_thread()
    return outcomes


def drill(office: Office, count: int, each: int) -> None:
    ids = office.receive(count)
    office.bring(ids, APPROVE.key)
    before, versions = event.verify()[0], dict(Complaint.select(Complaint.id, Complaint.version).tuples())
    outcomes = let_loose(office.path, ids, each, versions)

    assert [error for *_, errors in outcomes for error in errors] == []
    assert sorted(done for all_done, *_ in outcomes for done in all_done) == ids
    refusals = [refusal for _, refused, _ in outcomes for refusal in refused]
    assert Counter(case for case, _ in refusals) == Counter(dict.fromkeys(ids, APPROVERS - 1))
    assert len(refusals) == (APPROVERS - 1) * count
    assert {sentence for _, sentence in refusals} == {sentence for case in ids for sentence in too_late(case)}
    _exactly_once(ids)
    assert event.verify() == (before + count, "")


def too_late(case: int) -> set[str]:
    """The outcome for an approver without a page, and for one whose page shows the version before."""
    complaint = Complaint.get_by_id(case)
    who = "Wicaksono Pradipta (Kepala Dinas)"
    where = f"pengaduan {complaint.number} berstatus {complaint.state_label}"
    return {
        f"“{APPROVE.label}” tidak dapat dilakukan sekarang: {where}.",
        f"Pengaduan {complaint.number} telah diubah oleh {who} sejak halaman ini dibuka: {APPROVE.did} "
        f"({format_moment(Event.get((Event.complaint == case) & (Event.act == APPROVE.key)).at)}); "
        "periksa isinya sekali lagi.",
    }


def _exactly_once(ids: list[int]) -> None:
    """One record, one entry and one paper each, and every complaint moved by one version to the next state."""
    once = Counter(dict.fromkeys(ids, 1))
    model = RECORDS[APPROVE.record]
    assert Counter(case for (case,) in model.select(model.complaint).tuples()) == once
    assert Counter(case for (case,) in Event.select(Event.complaint).where(Event.act == APPROVE.key).tuples()) == once
    for paper in APPROVE.papers:
        papers = Paper.select(Paper.complaint).where(Paper.kind == paper.key)
        assert Counter(case for (case,) in papers.tuples()) == once
    reached = current_procedure().target(APPROVE, state=APPROVE.key)
    assert {state for (state,) in Complaint.select(Complaint.state).tuples()} == {reached}


@pytest.mark.nightly(each=[1])  # by day ten at a time: as many approvals and refusals, each of them checked as strictly
@pytest.mark.parametrize("each", [10, 1], ids=["ten at a time", "one by one"])
def test_eight_approvers_at_once_approve_each_nota_dinas_once(office, each):
    drill(office, 100, each)


@pytest.mark.soak
@pytest.mark.parametrize("each", [50, 7, 1])
def test_eight_approvers_at_once_approve_each_of_five_hundred_once(office, each):
    drill(office, 500, each)
