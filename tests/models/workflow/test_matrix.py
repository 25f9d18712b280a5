"""Every transition × person × state through advance: only the right one passes, the rest changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.lists import Medium
from models.office.people import User
from models.store.base import database
from models.workflow import intake, workflow
from sop.access import ADDRESSED, EMERGENCY, HANDLER, HEAD, MADE_LAST, SUBMITTER, UNIT, performers
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, LANES, PETUGAS
from sop.vocabulary import PAUSED, vocabulary
from tests.models.behind import written
from tests.office import KNOWN_LANES, Office, copied, opened

NOT_FOUND = "Pengaduan tidak ditemukan."
HEADS, STAFF = {"bidang.rehsos"}, {"bidang.rehsos", "staf.rehsos"}
PEOPLE = {
    **{lane: {lane} for lane in LANES.keys() - set(KNOWN_LANES)},
    # standing towards a common complaint that the unit REHSOS leads: the people who have it
    PETUGAS: {"petugas", "petugas2"},
    KEPALA_DINAS: {"kadis"},
    HEAD: HEADS,
    SUBMITTER: HEADS,
    UNIT: STAFF,
    HANDLER: STAFF,
    ADDRESSED: set(),
    EMERGENCY: set(),
}
OF_THE_UNIT = {HEAD, SUBMITTER, UNIT, HANDLER}
SEE_ALL = {"petugas", "petugas2", "kadis", "pengawas", *(LANES.keys() - set(KNOWN_LANES))}


@pytest.fixture(scope="module")
def everywhere(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, int]]]:
    """An office with one complaint in each state, by state; one more Petugas has left."""
    path = copied(template, tmp_path_factory.mktemp("everywhere"))
    with opened(path):
        User.create(username="pensiun", name="Sudah Pensiun", role=PETUGAS, active=False)
        office = Office.at_work(path)
        office.bring(office.receive(), "handle")  # the one that a duplicate repeats and others are tied to
        cases = {state: office.receive()[0] for state, _ in vocabulary().states.items()}
        for state, case in cases.items():
            for key in vocabulary().transitions:
                office.ready([case], key)
            office.bring([case], state)
        yield office, cases


def may(key: str, case: Complaint) -> set[str]:
    """Who may perform a transition on a case now, by the table and the relations above."""
    step, state = vocabulary().transitions[key], case.state
    if state not in vocabulary().starts(step) or (step.called_by and not getattr(case, step.called_by)):
        return set()
    who: set[str] = set()
    for standing in performers(step, vocabulary().transitions.get(case.back if state == PAUSED else state)):
        if standing == MADE_LAST:
            last = vocabulary().transitions[case.last_act]
            recallable = current_procedure().is_main(last) and not current_procedure().is_receive(last)
            who |= {case.last_by.username} if recallable else set()
        elif case.unit_id or standing not in OF_THE_UNIT:
            who |= PEOPLE[standing]
    return who


def sees(username: str, case: Complaint) -> bool:
    return username in SEE_ALL or bool(case.unit_id and username in STAFF)


@pytest.mark.parametrize("key", [k for k in vocabulary().transitions if k != current_procedure().receive.key])
def test_only_the_right_person_in_the_right_state_performs(everywhere, key):
    office, cases = everywhere
    rows = {i: Complaint.get_by_id(i) for i in cases.values()}
    first = next(
        cases[state]
        for state, _ in vocabulary().states.items()
        if state in vocabulary().starts(vocabulary().transitions[key])
    )
    blanks = office.blanks(first, key, office.actor(vocabulary().transitions[key], first))
    before = office.digest()
    for username, person in office.people.items():
        expected = {i for i, row in rows.items() if username in may(key, row)}
        with database.atomic() as transaction:
            touched, events = written(), Event.select().count()
            outcome = workflow.advance(rows, key, by=person, at=office.at, blanks=blanks)
            assert set(outcome.done) == expected, (username, outcome.refused)
            assert set(outcome.refused) == set(rows) - expected
            for i, sentence in outcome.refused.items():
                assert (sentence == NOT_FOUND) == (not sees(username, rows[i])), (username, rows[i].state)
                assert sentence.endswith(".")
            if expected:
                the_right_ones_moved(key, rows, expected, events)
            else:
                assert written() == touched
            transaction.rollback()
    assert office.digest() == before


def the_right_ones_moved(key: str, rows: dict[int, Complaint], moved: set[int], events: int) -> None:
    """Each moved along the table with exactly one event; the refused cases are unchanged."""
    step = vocabulary().transitions[key]
    for i, old in rows.items():
        new = Complaint.get_by_id(i)
        if i not in moved:
            assert new.__data__ == old.__data__
            continue
        assert new.state == current_procedure().target(step, state=old.state, back=old.back)
        assert new.version == old.version + 1
        [event] = Event.select().where((Event.complaint == i) & (Event.version == new.version))
        assert (event.act, event.state_from, event.state_to) == (key, old.state, new.state)
        assert event.together == len(moved) - 1
    assert Event.select().count() == events + len(moved)


def test_receiving_is_for_the_petugas_alone(everywhere):
    office, _ = everywhere
    data = {"medium": Medium.get(code="loket").id, "category": 1, "story": "Cerita"}
    before = office.digest()
    for username, person in office.people.items():
        with database.atomic() as transaction:
            outcome = intake.receive(by=person, data=data, persons={"pengadu": {"name": "Siti"}}, at=office.at)
            assert bool(outcome.done) == (username in PEOPLE[PETUGAS]), username
            assert bool(outcome.done) or outcome.refused == {0: "“Catat pengaduan” dilakukan oleh petugas."}
            transaction.rollback()
    assert office.digest() == before


@pytest.mark.parametrize("ids", [[0], [999_999], [-1]])
def test_an_id_that_is_not_there_is_refused_like_one_that_may_not_be_seen(everywhere, ids):
    office, _ = everywhere
    outcome = workflow.advance(ids, "raise", by=office["petugas"], at=office.at)
    assert (outcome.done, outcome.refused) == ([], {ids[0]: NOT_FOUND})


def test_of_many_cases_each_moves_or_is_refused_separately(everywhere):
    office, cases = everywhere
    with database.atomic() as transaction:
        outcome = workflow.advance([*cases.values(), cases["approve"]], "approve", by=office["kadis"], at=office.at)
        assert outcome.done == [cases["approve"]]
        assert len(outcome.papers) == len(vocabulary().transitions["approve"].papers)
        assert len(outcome.refused) == len(cases) - 1
        transaction.rollback()
