"""Two related complaints point to each other until a later record unties them."""

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.records.detours import APART, TIED, Tie
from models.store.base import canonical
from tests.models.workflow.test_detours import refused, the
from tests.office import Office


def _tie(office: Office, case: int, other: int, **how: object) -> None:
    office.do([case], "tie", number=the(other).number, **how)


def test_a_tie_is_on_both_cases_and_moves_neither(office: Office) -> None:
    one, two = office.receive(2)
    before = [(the(case).state, the(case).row_due_at) for case in (one, two)]
    _tie(office, one, two, note="kakak beradik")
    assert Tie.tied(one) == {two: "kakak beradik"}
    assert Tie.tied(two) == {one: "kakak beradik"}
    assert [(the(case).state, the(case).row_due_at) for case in (one, two)] == before


def test_the_latest_record_of_a_pair_counts_on_either_case(office: Office) -> None:
    one, two = office.receive(2)
    _tie(office, one, two, word=TIED)
    _tie(office, two, one, word=APART)
    assert not Tie.tied(one)
    assert not Tie.tied(two)
    _tie(office, two, one, word=TIED, note="tempat yang sama")
    assert Tie.tied(one) == {two: "tempat yang sama"}


@pytest.mark.parametrize(("number", "sentence"), [("PGD/99/X/2026", "tidak ditemukan"), (None, "dirinya sendiri")])
def test_a_tie_with_nothing_or_with_itself_is_refused(office: Office, number: str | None, sentence: str) -> None:
    [case] = office.receive()
    assert sentence in refused(office, case, "tie", "petugas", number=number or the(case).number)


def test_what_is_not_tied_cannot_be_untied(office: Office) -> None:
    one, two = office.receive(2)
    assert "tidak tercatat berkaitan" in refused(office, one, "tie", "petugas", number=the(two).number, word=APART)


def test_a_tie_with_what_one_may_not_read_is_not_found(office: Office) -> None:
    [secret] = office.receive(by="petugas2", secrecy="rahasia")
    [case] = office.receive()
    assert "tidak ditemukan" in refused(office, case, "tie", "petugas", number=the(secret).number)
    assert Complaint.select().count() == 2


def test_a_tie_recorded_again_without_a_note_retains_its_note(office: Office) -> None:
    one, two = office.receive(2)
    _tie(office, one, two, note="kakak beradik")
    _tie(office, two, one)
    assert Tie.tied(one) == {two: "kakak beradik"}
    assert Tie.tied(two) == {one: "kakak beradik"}


def test_a_voided_case_can_be_untied_but_not_tied(office: Office) -> None:
    one, two = office.receive(2)
    _tie(office, one, two)
    office.do([two], "void")
    assert "dibatalkan" in refused(office, one, "tie", "petugas", number=the(two).number)
    _tie(office, one, two, word=APART)
    assert not Tie.tied(one)


def test_no_paper_contains_the_text_of_a_tie(office: Office) -> None:
    one, two = office.receive(2)
    _tie(office, one, two, note="KATAKUNCI")
    office.bring([one], "handle")
    papers = list(Paper.select().where(Paper.complaint == one))
    assert papers
    for paper in papers:
        content = canonical(content_of(paper, open_seals([one])[one]))
        assert "KATAKUNCI" not in content
        assert the(two).number not in content
