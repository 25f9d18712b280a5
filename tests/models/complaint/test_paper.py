"""Which paper of several of a kind is in force: the latest of its round that is not void."""

import pytest

from models.complaint.paper import Paper, is_superseded, is_unsigned
from sop.vocabulary import CLOSED, vocabulary
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database


def of_act(act: str) -> list[tuple[int, bool, bool]]:
    """The papers of an act in order: in which round, whether replaced, whether waiting for a signature."""
    [kind, *_] = (paper.key for paper in vocabulary().transitions[act].papers if not paper.side)
    rows = Paper.select(Paper.round, is_superseded(), is_unsigned()).where(Paper.kind == kind).order_by(Paper.id)
    return [(round_, bool(replaced), bool(waits)) for round_, replaced, waits in rows.tuples()]


def test_a_paper_of_a_later_round_replaces_none_of_the_first(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    office.bring([case], CLOSED)
    assert of_act("approve") == [(1, False, True), (2, False, True)]


def test_a_paper_is_in_force_again_after_its_replacement_is_recalled(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.do([case], "handle")
    assert of_act("handle") == [(1, True, False), (1, False, True)]
    office.do([case], "recall")
    assert of_act("handle") == [(1, False, True), (1, False, False)]
