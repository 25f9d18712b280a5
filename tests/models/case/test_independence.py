"""Independence: no user decides on a text of his own or on a case of his unit, neither in bulk nor in a queue."""

import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import Division, User
from models.reading import queue
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
from tests.models.workflow.acting import at_once
from tests.office import SECRET

DECISIONS = [t for t in current_procedure().main_line if t.independent]


def test_the_author_of_a_draft_that_the_head_submitted_does_not_approve_it(office):
    office["petugas2"].role = "bidang"
    office["petugas2"].division = Division.get(code="REHSOS")
    office["petugas2"].save()
    [case] = office.receive()
    office.bring([case], "submit")
    workflow.save_draft(case, "submit", by=office["petugas2"], at=office.tick(), blanks={"subject": "Hal dari saya"})
    office.do([case], "submit")
    User.update(division=Division.get(code="PPA")).where(User.id == office["petugas2"].id).execute()
    at_once(office, "petugas2")
    outcome = workflow.advance([case], "approve", by=office["petugas2"], at=office.tick())
    assert "Anda menyusun atau menaikkan Nota Dinas" in outcome.refused[case]
    office.do([case], "send_back", by="kadis")
    office.bring([case], "approve")
    assert "Anda menyusun" in workflow.advance([case], "approve", by=office["petugas2"], at=office.tick()).refused[case]


def test_in_bulk_only_the_users_own_cases_are_refused(office):
    own, others = office.receive(2, category="kdrt"), office.receive(3)
    office.bring(own, "approve")
    office.bring(others, "approve")
    at_once(office, "bidang.ppa")
    outcome = workflow.advance([*own, *others], "approve", by=office["bidang.ppa"], at=office.tick())
    assert outcome.done == others
    assert sorted(outcome.refused) == own
    assert all("keputusannya pada pejabat lain" in sentence for sentence in outcome.refused.values())


def test_the_kepala_dinas_who_heads_a_unit_for_a_while_does_not_decide_on_its_cases(office):
    [own], [other] = office.receive(category="kdrt"), office.receive()
    office.bring([own], "approve")
    office.bring([other], "approve")
    at_once(office, "kadis", kind="Plt.", division=Division.get(code="PPA"))
    outcome = workflow.advance([own, other], "approve", by=office["kadis"], at=office.tick())
    assert (outcome.done, list(outcome.refused)) == ([other], [own])
    assert Complaint.get_by_id(own).state == "approve"


@pytest.mark.parametrize("username", ["kadis", "bidang.ppa", "staf.rehsos"])
def test_a_queue_separates_the_cases_that_the_rules_refuse_as_own(office, username):
    office.bring([*office.receive(2, category=SECRET)], DECISIONS[0].key)
    office.bring(office.receive(3), DECISIONS[0].key)
    at_once(office, username) if username != "kadis" else None
    who = viewer(User.get_by_id(office[username].id), office.at.date())
    [one] = [w for w in queue.own_queues(who, office.at).waiting if w.step in DECISIONS]
    ids = [c.id for c in Complaint.select().where(Complaint.state == one.step.key)]
    cases, refused = workflow.check_cases(ids, one.step.key, by=who.user, at=office.at)
    own = {number for number, sentence in refused.items() if "keputusannya pada pejabat lain" in sentence}
    assert (one.count, one.apart) == (len(cases), len(own))
    assert bool(own) is (username != "kadis")
    assert not own & {case.id for case in queue.first(who, office.at, 50)}
    together = queue.together(who, one.step, office.at, 50)
    assert not own & set(together)
    assert set(refused) == own


NIP, SPACED = "197001011990011001", "19700101 199001 1 001"


def second_account(office, of: str):
    """Another account of the same person, in a unit without a relation to the case, who acts as Kepala Dinas."""
    User.update(nip=NIP).where(User.username == of).execute()
    unit, hashed = Division.get(code="PPKB"), office[of].password_hash
    fields = {"username": "kedua", "name": "Kedua", "nip": SPACED, "role": "bidang", "division": unit}
    office.people["kedua"] = User.create(**fields, password_hash=hashed)
    at_once(office, "kedua")
    return User.get(username="kedua")


@pytest.mark.parametrize("active", [True, False], ids=["in use", "switched off"])
@pytest.mark.parametrize("step", DECISIONS, ids=lambda step: step.key)
def test_an_author_does_not_decide_under_another_account(office, step, active):
    own, others = office.receive(2), office.receive(2, category="kdrt")
    office.bring(own, step.key)
    office.bring(others, step.key)
    person = second_account(office, "bidang.rehsos")
    User.update(active=active).where(User.username == "bidang.rehsos").execute()
    assert {case.id for case in queue.first(viewer(person, office.at.date()), office.at, 50)} == set(others)
    outcome = workflow.advance([*own, *others], step.key, by=User.get(username="kedua"), at=office.tick())
    assert (outcome.done, sorted(outcome.refused)) == (others, own)
    assert all("Anda menyusun atau menaikkan" in sentence for sentence in outcome.refused.values())


def test_a_user_who_saved_a_draft_does_not_decide_under_another_account(office):
    [case] = office.receive()
    office.bring([case], "submit")
    workflow.save_draft(case, "submit", by=office["staf.rehsos"], at=office.tick(), blanks={"subject": "Hal dari saya"})
    office.do([case], "submit")
    User.update(division=Division.get(code="PPA")).where(User.username == "staf.rehsos").execute()
    person = second_account(office, "staf.rehsos")
    assert "Anda menyusun" in workflow.advance([case], "approve", by=person, at=office.tick()).refused[case]


def test_the_unit_of_one_account_is_the_person_s_own_under_another_while_that_account_is_in_use(office):
    [case] = office.receive()
    office.bring([case], "approve")
    person = second_account(office, "staf.rehsos")
    assert "unit kerja Anda sendiri" in workflow.advance([case], "approve", by=person, at=office.tick()).refused[case]
    User.update(active=False).where(User.username == "staf.rehsos").execute()
    assert workflow.advance([case], "approve", by=User.get(username="kedua"), at=office.tick()).done == [case]


def test_people_without_a_nip_are_not_one_person(office):
    [case] = office.receive()
    office.bring([case], "approve")
    assert {u.nip for u in User.select()} == {""}
    at_once(office, "bidang.ppa")
    assert workflow.advance([case], "approve", by=office["bidang.ppa"], at=office.tick()).done == [case]


def test_the_accounts_of_a_person_are_looked_up_once_and_only_for_deciders(office, monkeypatch):
    asked = []
    monkeypatch.setattr("models.complaint.scope.accounts_of", lambda user: asked.append(user.username) or [user])
    ids = office.receive(3)
    office.bring(ids, "approve")
    asked.clear()
    for username in ("kadis", "petugas", "staf.rehsos"):
        person = User.get(username=username)
        workflow.load(ids, person, office.at, who=viewer(person))
        workflow.load(ids, person, office.at, who=viewer(person))
    assert asked == ["kadis"]


def test_a_draft_of_the_first_round_forbids_nothing_in_the_second(office):
    """In the round in which he saved it he may not decide; in the next one others have written."""
    author = "petugas2"
    User.update(role="bidang", division=Division.get(code="REHSOS")).where(User.username == author).execute()
    office.people[author] = User.get(username=author)
    [case] = office.receive()
    office.bring([case], "submit")
    workflow.save_draft(case, "submit", by=office[author], at=office.tick(), blanks={"subject": "Hal dari saya"})
    User.update(division=Division.get(code="PPA")).where(User.username == author).execute()
    office.people[author] = User.get(username=author)
    at_once(office, author)
    for decides in (False, True):
        office.bring([case], DECISIONS[0].key)
        _, refused = workflow.check_cases([case], DECISIONS[0].key, by=office[author], at=office.at)
        assert bool(refused) is not decides, refused
        office.bring([case], CLOSED)
        office.do([case], "reopen")


def test_a_text_under_a_disposition_that_was_given_back_forbids_nothing_under_the_next_one(office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.do([case], "refuse")
    at_once(office, "bidang.rehsos")
    office.do([case], "dispose", by="kadis", unit=Division.get(code="PPA").id)
    office.bring([case], "approve")
    assert workflow.advance([case], "approve", by=office["bidang.rehsos"], at=office.tick()).done == [case]


def test_the_submitter_of_an_earlier_revision_does_not_decide_on_the_next_one(office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    at_once(office, "staf.rehsos", kind="Plt.", division=Division.get(code="REHSOS"))
    for step in ("handle", "submit"):
        office.do([case], step, by="staf.rehsos")
    at_once(office, "bidang.rehsos")
    refused = workflow.advance([case], "approve", by=office["bidang.rehsos"], at=office.tick()).refused
    assert "Anda menyusun" in refused[case]
