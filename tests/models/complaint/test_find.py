"""Who finds a case by a number, the entry in the access log, and the rate limit."""

from datetime import timedelta

import peewee as pw
import pytest
import time_machine

from bench.pages import counted
from models.complaint import scope
from models.complaint.accesslog import ReadCase, Reading, asked_for
from models.complaint.complaint import Complaint
from models.complaint.lookup import LOOKED_UP, MOST, WITHIN, TooOften, asked_number, find, may_find, may_look_up
from models.complaint.scope import viewer, visible
from models.office.people import Division, User
from models.store.base import now
from sop.access import FINDERS, ROLES
from tests.models.complaint.test_blind import NIK, PHONE, found, person
from tests.office import PEOPLE, SECRET, Office

TYPED = {"phone": "0812-3456-7890", "nik": "9973 0112 0385 0001"}


@pytest.fixture
def cases(office: Office) -> list[Complaint]:
    """Cases of one person, fresh, led by a unit and addressed to another, with staff, secret, ended."""
    both, units = person(phone="081234567890", nik=NIK), {d.code: d.id for d in Division.select()}
    office.receive(persons=both)
    [led, given, gone] = office.receive(3, by="petugas2", persons=both)
    secret, named = office.receive(2, by="petugas2", category=SECRET, persons=both)
    office.bring([led, given, gone, named], "dispose")
    office.do([led, given, gone], "dispose", others=[units["PPA"]], unit=units["REHSOS"])
    office.do([named], "dispose", unit=units["PPA"], named=[office["staf.rehsos"].id])
    other = User.create(username="staf2", name="Ratna", role="bidang", division=units["REHSOS"], created_at=office.at)
    office.people[other.username] = other
    office.do([given], "assign", staff=[other.id])
    office.do([gone], "refuse")
    office.do([secret], "withdraw", by="petugas2")
    return list(Complaint.select().order_by(Complaint.id))


@pytest.mark.parametrize("kind", FINDERS)
def test_a_user_finds_exactly_the_cases_that_he_reads_and_in_which_he_may_open_the_number(
    office: Office, cases, kind: str
) -> None:
    counts = {}
    for user in User.select():
        who = viewer(user)
        mine = scope.relations(who, cases)
        readable = {c.id for c in visible(user, Complaint)}
        expected = {c.id for c in cases if c.id in readable and mine[c.id] & FINDERS[kind]}
        assert found(office, TYPED[kind], user.username) == expected, user.username
        assert {c.id for c in Complaint.select().where(may_find(who, kind))} >= expected
        assert may_look_up(who, kind) or not expected
        counts[user.username] = len(expected)
    assert counts["pengawas"] == counts["admin"] == 0
    assert 0 < counts["staf.rehsos"] < counts["bidang.rehsos"] < counts["petugas"] < counts["petugas2"] == len(cases)
    assert counts["kadis"] == (len(cases) if kind == "phone" else 0)
    assert counts["bidang.ppa"] == 1  # leads one; where it is only addressed contact stays masked


def test_every_lane_with_the_right_may_look_up_and_no_other_role(office: Office) -> None:
    for role in set(ROLES) - {user.role for user in User.select()}:
        User.create(username=f"{role}2", name=role, role=role)
    may = {kind: {u.role for u in User.select() if may_look_up(viewer(u), kind)} for kind in FINDERS}
    assert may == {"phone": {"petugas", "kepala_dinas", "bidang"}, "nik": {"petugas", "bidang"}}


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("kind", FINDERS)
def test_each_look_up_is_logged_with_a_hit_and_without(office: Office, kind: str, username: str) -> None:
    who = viewer(office[username])
    expected = []
    for rows in (0, 1):
        find(TYPED[kind], who)
        expected += [(LOOKED_UP[kind], rows)] if may_look_up(who, kind) else []
        office.receive(persons=person(phone="081234567890", nik=NIK))
        if username not in ("petugas", "petugas2", "kadis"):
            break
    assert [(r.what, r.rows) for r in Reading.select().where(Reading.user == office[username])] == expected
    assert not ReadCase.select().exists()


def test_the_log_stores_the_number_masked_and_sealed(office: Office) -> None:
    for typed in TYPED.values():
        find(typed, viewer(office["petugas"]))
    assert [asked_for(r) for r in Reading.select()] == ["62********90", "99********0001"]
    assert [r.asked for r in Reading.select() if b"62****" in bytes(r.asked)] == []


def test_a_look_up_that_cannot_be_logged_is_not_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **more: object) -> None:
        raise pw.OperationalError("database or disk is full")

    monkeypatch.setattr(Reading, "create", full)
    with pytest.raises(pw.OperationalError):
        find(TYPED["phone"], viewer(office["petugas"]))


def test_the_rate_limit_of_look_ups_applies_to_that_user_alone(office: Office) -> None:
    who, other = viewer(office["petugas"]), viewer(office["petugas2"])
    for n in range(MOST):
        find(f"08120000{n:04}", who)
    with pytest.raises(TooOften):
        find(TYPED["nik"], who)
    assert find("Budi", who) is None
    assert find(TYPED["phone"], other)
    assert Reading.select().where(Reading.user == office["petugas"]).count() == MOST
    with time_machine.travel(now() + WITHIN + timedelta(seconds=1)):
        assert find(TYPED["phone"], who)


def test_a_case_out_of_scope_causes_the_same_statements_as_none(office: Office) -> None:
    office.receive(category=SECRET, by="petugas2", persons=person(phone="081234567890", nik=NIK))
    who, asked = viewer(office["petugas"]), []
    for typed in (PHONE, "6281234567891"):
        with counted() as sent:
            cases = find(typed, who)
            assert cases
            assert cases.among([1]) == set()
        asked.append(sent)
    assert asked[0] == asked[1]
    assert [r.rows for r in Reading.select()] == [0, 0]


def test_the_masked_number_does_not_reveal_the_number() -> None:
    for typed in TYPED.values():
        asked = asked_number(typed)
        assert asked
        assert asked.digits not in asked.masked
