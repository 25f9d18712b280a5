"""Two procedures run at once: each case by its own, in one list, one bulk act, one history."""

from dataclasses import replace

import pytest

from models.complaint.complaint import Complaint, Run
from models.complaint.event import Event
from models.complaint.scope import viewer
from models.reading import queue
from models.workflow import proof, workflow
from sop import flow
from sop.flow import Procedure, current_procedure
from sop.procedure import DETOURS, FINALS, PETUGAS, ROWS, Row, Transition
from tests.office import Office

LOOK = Transition(
    key="look_of_a_test",
    actor=PETUGAS,
    label="Telaah",
    did="menelaah berkas",
    done=("Berkas", "ditelaah"),
    waiting="Menunggu telaah",
)
ADDED = Row(kegiatan="Telaah", title="Telaah", kelengkapan=(), waktu="20 menit", output=(), transitions=(LOOK,))
PLACE = next(no for no, row in enumerate(ROWS) if row.key == "handle")
SLOW = replace(ROWS[PLACE], waktu="2 hari")
PRESENT = current_procedure()
OTHER = Procedure((*ROWS[:PLACE], ADDED, SLOW, *ROWS[PLACE + 1 :]), DETOURS, FINALS)


@pytest.fixture
def two(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """A case of the present procedure, and one that follows the other one, both waiting for the disposition."""
    present, other = office.receive(2, until="raise")
    monkeypatch.setattr(flow, "PROCEDURES", (PRESENT, OTHER))
    monkeypatch.setattr(Complaint, "procedure", property(lambda c: OTHER if c.id == other else PRESENT))
    office.bring([present, other], "dispose")
    return present, other


def open_run(case: int) -> Run:
    return Run.get((Run.complaint == case) & Run.ended_at.is_null())


def test_one_bulk_act_leads_each_case_by_its_own_table_and_norm(office: Office, two: tuple[int, int]) -> None:
    present, other = two
    office.do([present, other], "dispose")
    assert [office.state(case) for case in two] == ["handle", LOOK.key]
    assert [open_run(case).row_key for case in two] == ["handle", LOOK.key]
    office.do([other], LOOK.key)
    assert [office.state(case) for case in two] == ["handle", "handle"]
    assert [open_run(case).norm for case in two] == [ROWS[PLACE].norm, SLOW.norm]
    assert Event.select().where((Event.complaint == other) & (Event.act == LOOK.key)).count() == 1
    assert list(proof.broken_rows()) == []


def test_a_step_that_one_table_lacks_is_refused_for_its_cases_alone(office: Office, two: tuple[int, int]) -> None:
    office.do(two, "dispose")
    outcome = workflow.advance(two, LOOK.key, by=office["petugas"], at=office.tick())
    assert outcome.done == [two[1]]
    assert "tidak dapat dilakukan sekarang" in outcome.refused[two[0]]


def test_the_queue_of_a_step_that_only_one_table_has_lists_its_cases(office: Office, two: tuple[int, int]) -> None:
    office.do(two, "dispose")
    waiting = {line.step.key: line.count for line in queue.own_queues(viewer(office["petugas"]), office.at).waiting}
    assert waiting[LOOK.key] == 1
