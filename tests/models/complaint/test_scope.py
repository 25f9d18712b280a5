"""What a user may see: the SQL of every list equals the answer of the access table, for all users and many cases."""

from datetime import date
from itertools import product

import pytest

from models.complaint import scope
from models.complaint.complaint import Addressee, Complaint, withheld_secrets
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.complaint.search_words import readable_parts, rows_read_by
from models.office.lists import Category, StandingTeam
from models.office.people import Acting, Division, Mandate, User
from models.records.registry import RECORDS
from models.store.base import database
from models.workflow import workflow
from sop import access
from sop.access import (
    ADDRESSED,
    EMERGENCY,
    HANDLER,
    HEAD,
    MADE_LAST,
    NAMED,
    READERS,
    REGISTRAR,
    RELATIONS,
    UNIT,
    may_read,
)
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, PETUGAS
from sop.vocabulary import CLOSED, PAUSED, vocabulary
from tests import office as at

EXTRA = {
    # more people: role, unit, what else
    "petugas.rahasia": (PETUGAS, None, {"secret_registrar": True}),
    "staf.ppa": (BIDANG, "PPA", {}),
    "staf.kb": (BIDANG, "PPKB", {}),
    "tim.ppa": (BIDANG, "PUSPAGA", {}),
    "plh": (BIDANG, "PPKB", {}),
    "pengawas.lama": ("pengawas", None, {}),
    "pensiun": (BIDANG, "REHSOS", {"active": False}),
    "pengelola.tim": ("admin", None, {}),
    "pengawas.tim": ("pengawas", None, {}),
}


@pytest.fixture(scope="module")
def people(template, tmp_path_factory):
    """Everyone, with a team, an acting head and an expired mandate among them."""
    path = at.copied(template, tmp_path_factory.mktemp("scope"))
    with at.opened(path):
        yield appointed(at.Office.at_work(path))


def appointed(office):
    units = {d.code: d for d in Division.select()}
    for username, (role, unit, more) in EXTRA.items():
        User.create(username=username, name=username, role=role, division=units.get(unit), **more)
    office.people = {u.username: u for u in User.select()}
    for member in ("tim.ppa", "pengelola.tim", "pengawas.tim"):  # two of them have got another role since
        StandingTeam.create(category=Category.get(code="kdrt"), user=office[member])
    Acting.create(kind="Plt.", division=units["PPKB"], user=office["plh"], decree="800/2", decree_date=date(2026, 1, 2))
    Mandate.create(user=office["pengawas.lama"], number="700/1", valid_to=date(2026, 1, 1))
    return office


@pytest.fixture(scope="module")
def cases(people):
    """Cases of every kind: categories × secrecy × emergency × registrar, some led, addressed, named, refused, ended."""
    office, units = people, {d.code: d.id for d in Division.select()}
    kinds = product((at.COMMON, at.EMERGENCY, at.SECRET), ("biasa", "terbatas", "rahasia"), (False, True))
    for place, (category, secrecy, urgent) in enumerate(kinds):
        by = ("petugas", "petugas2")[place % 2]
        fresh, led, refused, ended = office.receive(4, by=by, category=category, secrecy=secrecy, emergency=urgent)
        office.bring([led], "dispose")
        office.do([led], "dispose", others=[units["PPKB"]], named=[office["staf.rehsos"].id, office["staf.kb"].id])
        office.bring([refused], "dispose")
        office.do([refused], "dispose", others=[units["PPKB"]], named=[office["staf.kb"].id])
        office.bring([refused], "handle")
        office.do([refused], "refuse")
        office.bring([ended], "handle" if place % 3 else "withdrawn")
        if place % 3 == 1:
            unit = Complaint.get_by_id(ended).unit_id
            staff = User.select().where((User.division == unit) & (User.role == BIDANG) & User.active).limit(1)
            office.do([ended], "assign", staff=[user.id for user in staff])
        assert fresh
        brought, handed = office.receive(2, by=by, category=category, secrecy=secrecy, emergency=urgent)
        Complaint.update(imported=True).where(Complaint.id.in_([brought, handed])).execute()
        Complaint.update(keeper=office["petugas2"]).where(Complaint.id == handed).execute()
        if urgent and category == at.EMERGENCY:
            called_elsewhere(office, secrecy, units["PPA"])
    return list(Complaint.select().order_by(Complaint.id))


def called_elsewhere(office, secrecy, unit):
    """Emergencies that another unit leads than the one on call: that has acted, or not; paused early and late."""
    acted, early, late, ended, again = office.receive(5, category=at.EMERGENCY, secrecy=secrecy, emergency=True)
    office.do([acted], "assist")
    office.bring([acted, early, late, ended, again], "dispose")
    office.do([acted, early, late, ended, again], "dispose", unit=unit)
    office.do([early], "hold")
    office.bring([late, ended], "deliver")
    office.do([late], "hold")
    office.bring([ended], CLOSED)
    office.do([again], "assist")
    office.bring([again], CLOSED)
    office.do([again], "reopen")
    office.bring([again], "dispose")
    office.do([again], "dispose", unit=unit)


def test_the_unit_on_call_reads_until_it_has_acted_under_any_leading_unit(people, cases):
    staff, states = people["staf.rehsos"], {}
    mine = scope.relations(scope.viewer(staff), cases)
    for case in cases:
        if case.unit_id == Division.get(code="PPA").id and case.category.code == at.EMERGENCY:
            paused_in = case.back if case.state == PAUSED else ""
            states.setdefault(EMERGENCY in mine[case.id], set()).add((case.state, paused_in, case.round))
    assert states[True] == {(PAUSED, "handle", 1), ("handle", "", 2)}
    assert states[False] == {("handle", "", 1), (PAUSED, "deliver", 1), (CLOSED, "", 1)}


def test_the_lists_show_exactly_what_the_access_table_lets_read(people, cases):
    seen = {}
    for user in User.select().order_by(User.id):
        mine = scope.relations(scope.viewer(user), cases)
        readable = {c.id for c in cases if may_read(c.secrecy, mine[c.id])}
        assert {c.id for c in scope.visible(user, Complaint)} == readable, user.username
        assert set(workflow.load([c.id for c in cases], user, people.at)) == readable
        seen[user.username] = len(readable)
    everything = len(cases)
    assert seen["kadis"] == seen["pengawas"] == everything
    assert {seen[name] for name in ("admin", "pengawas.lama", "pensiun", "pengelola.tim", "pengawas.tim")} == {0}
    assert all(0 < seen[name] < everything for name in ("petugas", "petugas2", "bidang.rehsos", "staf.ppa", "tim.ppa"))
    assert seen["petugas.rahasia"] == everything


def test_every_relation_is_the_same_of_one_case_and_in_sql(people, cases):
    ids, known = {c.id for c in cases}, set()
    for user in User.select().order_by(User.id):
        who = scope.viewer(user)
        mine = scope.relations(who, cases)
        known |= who.holds.keys()
        for relation in RELATIONS:
            expected = {number for number, those in mine.items() if relation in those}
            where = who.holds.get(relation, scope.FALSE)
            found = Complaint.select(Complaint.id).where(where & Complaint.id.in_(ids))
            assert {number for (number,) in found.tuples()} == expected, (user.username, relation)
    assert known == RELATIONS.keys()


@pytest.mark.parametrize("levels", [{"biasa"}, set(READERS)], ids=["biasa", "all"])
def test_a_role_with_a_relation_of_its_own_reads_every_case_of_its_secrecy(people, cases, monkeypatch, levels):
    """Without a lane: it performs no act, and drafts stay closed to it."""
    monkeypatch.setattr(access, "ROLE_RELATIONS", access.ROLE_RELATIONS | {"arsiparis"})
    readers = {level: who | ({"arsiparis"} if level in levels else set()) for level, who in READERS.items()}
    monkeypatch.setattr(access, "READERS", readers)
    archivist = User(id=10**6, username="arsiparis", name="Arsiparis", role="arsiparis", active=True)
    mine = {c.id for c in cases if c.secrecy in levels}
    assert {c.id for c in scope.visible(archivist, Complaint)} == mine
    related = scope.relations(scope.viewer(archivist), cases)
    assert all(related[row.id] for row in cases)
    for model in (Event, Paper, *RECORDS.values()):
        found = scope.visible(archivist, model).where(model.complaint.is_null(False))
        assert {row.complaint_id for row in found} <= mine
        assert [row for row in found if getattr(row, "draft", False)] == []
    assert {row.complaint_id for row in scope.visible(archivist, Paper)} == {
        row.complaint_id for row in Paper.select() if row.complaint_id in mine
    }


@pytest.mark.parametrize("model", [Event, Paper, Addressee, *RECORDS.values()], ids=lambda m: m._meta.table_name)
def test_rows_of_a_case_are_visible_with_the_case(people, cases, model):
    for user in User.select():
        readable = {c.id for c in scope.visible(user, Complaint)}
        expected = {row.id for row in model.select() if row.complaint_id in readable}
        assert {row.id for row in scope.visible(user, model)} == expected, user.username


def test_rows_of_a_case_are_visible_with_the_case_while_secret_ones_are_withheld(people, cases):
    with withheld_secrets():
        for user in User.select():
            readable = {c.id for c in scope.visible(user, Complaint)}
            expected = {paper.id for paper in Paper.select() if paper.complaint_id in readable}
            assert {paper.id for paper in scope.visible(user, Paper)} == expected, user.username


@pytest.mark.parametrize("model", [Complaint, Event, Paper, *RECORDS.values()], ids=lambda m: m._meta.table_name)
def test_the_readable_parts_together_are_exactly_the_visible_rows(people, cases, model):
    asked = set()
    for user in User.select():
        who = scope.viewer(user)
        if ways := readable_parts(who):
            found = {row.id for way in ways for row in rows_read_by(who, model, way)}
            assert found == {row.id for row in scope.visible(user, model)}, user.username
            asked.add(user.username)
    assert {"bidang.rehsos", "staf.rehsos", "staf.ppa", "tim.ppa"} <= asked


def test_a_readable_part_has_each_row_once_however_often_a_user_is_addressed(people, cases):
    doubled, several = 0, User.get(username="bidang.rehsos")
    with database.atomic() as attempt:
        for row in list(Addressee.select()):
            Addressee.create(complaint=row.complaint, leg=row.leg, division=row.division, user=row.user, handles=True)
        Acting.create(
            kind="Plh.", division=Division.get(code="PPKB"), user=several, decree="800/3", decree_date=scope.today()
        )
        for user in User.select():
            who = scope.viewer(user)
            for model, way in product((Complaint, Event), readable_parts(who)):
                met = [row.id for row in rows_read_by(who, model, way)]
                assert len(met) == len(set(met)), user.username
                doubled += bool(met and way.addressed)
        attempt.rollback()
    assert doubled > 5


def test_every_relation_and_every_secrecy_occur_among_these_cases(people, cases):
    found = set()
    for user in User.select():
        for relations in scope.relations(scope.viewer(user), cases).values():
            found |= relations
    assert {PETUGAS, REGISTRAR, KEPALA_DINAS, HEAD, HANDLER, UNIT, ADDRESSED, NAMED, EMERGENCY, MADE_LAST} <= found
    assert {c.secrecy for c in cases} == set(READERS)


def test_who_acts_for_the_head_of_a_unit_is_its_head(people):
    [case] = people.receive(category="layanan_kb", secrecy="rahasia")
    people.bring([case], "dispose")
    people.do([case], "dispose")
    acting = User.get(username="plh")
    assert HEAD in scope.relations(scope.viewer(acting), [Complaint.get_by_id(case)])[case]
    people.do([case], "handle", by="plh", facts="F", action="A", conclusion="terbukti", conclusion_text="K", answer="J")


def test_an_unreadable_case_is_refused_like_a_missing_one(people, cases):
    user = User.get(username="staf.kb")
    hidden = {c.id for c in cases} - {c.id for c in scope.visible(user, Complaint)}
    outcome = workflow.advance([*hidden, 99_999], "handle", by=user, at=people.at)
    assert set(outcome.refused.values()) == {"Pengaduan tidak ditemukan."}


@pytest.mark.parametrize("step", [t.key for t in current_procedure().main_line[1:]])
def test_every_main_line_act_has_an_actor(office, step):
    [case] = office.receive()
    office.bring([case], step)
    actor = office.actor(vocabulary().transitions[step], case)
    assert workflow.load([case], actor, office.at)[case].refusal_of(vocabulary().transitions[step]) == ""


def test_importing_a_rahasia_case_gives_no_right_to_open_it(office):
    [case] = office.receive(category=at.SECRET)
    mine = scope.visible(office["petugas"], Complaint)
    assert mine.where(Complaint.id == case).exists()
    Complaint.update(imported=True).where(Complaint.id == case).execute()
    assert not mine.where(Complaint.id == case).exists()
    Complaint.update(keeper=office["petugas"]).where(Complaint.id == case).execute()
    assert mine.where(Complaint.id == case).exists()


@pytest.mark.parametrize("step", [t for t in current_procedure().main_line if t.draft][:1], ids=lambda step: step.key)
def test_a_draft_of_the_unit_that_led_before_is_not_shown_to_the_one_that_leads_now(office, step):
    model = RECORDS[step.record]
    [case] = office.receive()
    office.bring([case], step.key)
    blank = next(field.name for field in model.blanks() if field.field_type == "TEXT")
    workflow.save_draft(
        case, step.key, by=office["bidang.rehsos"], at=office.tick(), blanks={blank: "Konsep unit pertama"}
    )
    assert scope.visible(office["bidang.rehsos"], model).count() == 1
    office.do([case], "refuse")
    office.do([case], "dispose", unit=Division.get(code="PPA").id)
    for username in ("bidang.rehsos", "bidang.ppa", "kadis", "petugas"):
        assert not scope.visible(User.get(username=username), model).exists(), username
