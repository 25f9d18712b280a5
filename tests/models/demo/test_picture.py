"""The demo as spec E says it: what waits where and since when, at whatever moment it is made."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint, Person, Run
from models.complaint.event import Event, open_seals
from models.complaint.number import Number
from models.complaint.paper import Paper, content_of
from models.complaint.scope import visible
from models.demo.demo import has_demo_rows, is_demo, make_demo, sign_ins
from models.office.calendar import clock
from models.office.people import GROUPS, Division, Mandate, User, heads_by_unit
from models.records.base import Moment
from models.records.main_line import WITHOUT_RECEIVER
from models.records.registry import RECORDS
from models.store import seal
from sop.flow import current_procedure, papers_issued
from sop.procedure import BIDANG
from sop.vocabulary import OUTSIDE, PAUSED, vocabulary
from tests.models.demo.made import DONE, MOMENTS, STOP, TUESDAY, come_to, demo_database, waits_at
from tests.office import PASSWORD_HASH

WAITING = {
    "raise": 5,
    "dispose": 8,
    "handle": 35,
    "approve": 12,
    "deliver": 4,
    "resume": 1,
}  # and one to raise that was reopened


ONE_MORE = pytest.mark.slow("fills one more demo")


@pytest.fixture(
    scope="module",
    params=[
        "Tuesday",
        pytest.param("at opening", marks=ONE_MORE),
        pytest.param("after Lebaran", marks=pytest.mark.soak),  # by day test_plans.py asks of the plans of that day
    ],
)
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[datetime]:
    """The moment that the demo of the open database was made at."""
    with demo_database(tmp_path_factory.mktemp("demo"), at=MOMENTS[request.param]):
        yield MOMENTS[request.param]


def cases(state: str) -> list[Complaint]:
    return list(Complaint.select().where(Complaint.state == state))


def acts(case: Complaint) -> list[str]:
    return [e.act for e in Event.select().where(Event.complaint == case).order_by(Event.id)]


def test_every_state_waits_as_often_as_promised(at: datetime) -> None:
    found = Counter(c.state for c in Complaint.select().where(Complaint.round == 1))
    ends = {come_to(state) for state in current_procedure().finals if state != OUTSIDE}
    assert {state: found[state] for state in vocabulary().open_states - ends if found[state]} == {
        waits_at(state): count for state, count in WAITING.items()
    }
    assert {state for state in (*current_procedure().finals, STOP) if found[state]} == ends
    assert 10 <= sum(found[state] for state in ends) <= 15
    again = Complaint.select().where(Complaint.round > 1)
    assert [c.state for c in again] == ["raise"]


def test_every_unit_has_five_to_handle(at: datetime) -> None:
    assert Counter(c.unit.code for c in cases("handle")) == {d.code: 5 for d in Division.select()}


def test_each_of_the_seven_units_has_a_head_who_signs_in_and_reads_its_cases(at: datetime) -> None:
    heads = heads_by_unit(at.date())
    units = list(Division.select())
    assert len(units) == 7
    for unit in units:
        head = User.get_by_id(heads[unit.id].user)
        assert (head.division, head.role) == (unit, BIDANG)
        assert head.username in {username for username, _, _ in sign_ins()}
        assert head.pangkat.casefold() in GROUPS
        assert visible(head, Complaint).where(Complaint.unit == unit).count() >= 5


def test_of_those_to_approve_one_was_returned_and_one_is_darurat(at: datetime) -> None:
    waiting = cases("approve")
    assert [c.revision for c in waiting if c.revision > 1] == [2]
    [returned] = [c for c in waiting if c.revision > 1]
    assert acts(returned)[-5:] == ["handle", "submit", "send_back", "handle", "submit"]
    [urgent] = [c for c in waiting if c.emergency]
    assert acts(urgent).index("assist") < acts(urgent).index("dispose")
    assert urgent.unit.code == "PPA"


def test_one_is_on_hold_on_day_28_for_the_pengadu(at: datetime) -> None:
    [paused] = cases(PAUSED)
    days = (at.date() - paused.state_since.date()).days
    if clock().is_workday(at.date() - timedelta(days=28)):
        assert days == 28
    assert 26 <= days <= 30
    remark = RECORDS["suspension"].get(RECORDS["suspension"].complaint == paused)
    assert remark.reason == "Menunggu kelengkapan dari pengadu"
    assert paused.unit.code == "REHSOS"


def test_the_example_is_finished_in_time_with_every_paper(at: datetime) -> None:
    [example] = Complaint.select().where(Complaint.title.startswith("Kasus contoh"))
    assert (example.state, example.unit.code, example.row_late) == (STOP, "REHSOS", False)
    assert {p.kind for p in Paper.select().where(Paper.complaint == example)} == {
        p.key for t in DONE for p in papers_issued(t, secret=False)
    }
    ended = Run.select().where((Run.complaint == example) & Run.ended_at.is_null(False))
    assert {current_procedure().row_number(r.row_key) for r in ended} == {
        current_procedure().row_no(t.key) for t in DONE
    }
    pengadu, case = Person.get((Person.complaint == example) & (Person.kind == "pengadu")), open_seals([example.id])
    assert len(case[example.id].open_text("pengadu.nik", pengadu.nik)) == 16


def test_a_handful_is_late_by_the_sop_some_by_the_rule_and_one_is_nearly_due(at: datetime) -> None:
    waiting = [c for c in Complaint.select() if c.state in current_procedure().awaited and c.state != STOP]
    assert 4 <= sum(bool(c.row_due_at and c.row_due_at < at) for c in waiting) <= 12
    assert 1 <= sum(c.legal_due_at < at for c in waiting) <= 4
    soon = [c for c in cases("handle") if timedelta() < clock().elapsed(at, c.row_due_at) <= timedelta(minutes=60)]
    assert {c.unit.code for c in soon} >= {"REHSOS", "PPA"}


def test_nothing_happens_later_than_now_or_out_of_office_hours_and_all_in_order(at: datetime) -> None:
    moments = [e.at for e in Event.select().order_by(Event.id)]
    assert moments == sorted(moments)
    assert moments[-1] <= at
    assert all(clock().is_open(moment) for moment in moments)
    assert event.verify() == (len(moments), "")


def test_no_stored_moment_is_in_the_future_but_due_times(at: datetime) -> None:
    due = {"due_at", "row_due_at", "legal_due_at", "answer_due_at"}
    for model in (Complaint, Run, Paper, Number, Event, User, *RECORDS.values()):
        for field in model._meta.sorted_fields:
            if isinstance(field, Moment) and field.name not in due:
                assert not model.select().where(field > at).exists(), f"{model.__name__}.{field.name}"


def test_each_nik_is_of_a_region_that_does_not_exist_and_fits_birth_and_sex(at: datetime) -> None:
    seals, whole = open_seals(c.id for c in Complaint.select()), 0
    for person in Person.select().where(Person.nik.is_null(False)):
        nik = seals[person.complaint_id].open_text(f"{person.kind}.nik", person.nik)
        assert nik.startswith("99")
        assert (len(nik) == 16) == (person.nik_note == "")
        day, year = int(nik[6:8]) - (40 if person.sex == "P" else 0), person.birth.split()[-1]
        assert f" {day} " in person.birth
        assert nik[10:12] == year[-2:]
        whole += len(nik) == 16
    assert whole > 30


def test_phone_numbers_are_unassigned_and_violence_cases_say_how_to_call_safely(at: datetime) -> None:
    seals = open_seals(c.id for c in Complaint.select())
    for person in Person.select().where(Person.phone.is_null(False)):
        assert seals[person.complaint_id].open_text(f"{person.kind}.phone", person.phone).startswith("0812-0000-")
    violence = [c for c in Complaint.select() if c.category.code.startswith(("kdrt", "kekerasan")) and not c.anonymous]
    assert all(c.persons.where(Person.kind == "pengadu").get().safe_contact for c in violence)
    assert all(c.secrecy == "rahasia" for c in violence)


def test_every_paper_says_that_it_is_an_example(at: datetime) -> None:
    seals = open_seals(c.id for c in Complaint.select())
    papers = list(Paper.select())
    assert papers
    assert all(content_of(paper, seals[paper.complaint_id])["demo"] is True for paper in papers)


def test_no_result_that_reached_nobody_is_said_to_have_been_told(at: datetime) -> None:
    seals = open_seals(c.id for c in Complaint.select())
    contents = (content_of(one, seals[one.complaint_id]) for one in Paper.select().where(Paper.kind == "berita_acara"))
    acts = [content["records"]["berita_acara"] for content in contents]
    kept = [act["blanks"]["told"] for act in acts if act["codes"]["outcome"] in WITHOUT_RECEIVER]
    assert kept
    assert not [text for text in kept if "isampaikan" in text]


def test_titles_have_no_gap_left_open(at: datetime) -> None:
    assert not [c.title for c in Complaint.select() if "{" in c.title or not c.title]


def test_the_people_are_those_of_the_spec_with_invented_nips(at: datetime) -> None:
    people = {u.username: u for u in User.select()}
    spec = ["petugas", "petugas2", "kadis", "bidang.rehsos", "bidang.ppa", "staf.rehsos", "pengawas", "admin"]
    assert list(people)[: len(spec)] == spec
    assert [name for name, _, _ in sign_ins()] == list(people)
    assert all(task for _, _, task in sign_ins())
    assert [u.username for u in people.values() if u.secret_registrar] == ["petugas2"]
    assert all(
        len(part) == size for u in people.values() for part, size in zip(u.nip.split(), (8, 6, 1, 3), strict=True)
    )
    assert len({u.nip for u in people.values()}) == len(people)
    assert {u.password_hash for u in people.values()} == {PASSWORD_HASH}
    assert set(heads_by_unit(at.date())) == {None, *(d.id for d in Division.select())}
    assert Mandate.get().user == people["pengawas"]


def test_the_database_says_that_it_is_the_demo(at: datetime) -> None:
    assert is_demo()
    assert has_demo_rows()


def test_one_more_demo_on_top_is_refused_in_a_sentence(at: datetime) -> None:
    with pytest.raises(ValueError, match="masih kosong"):
        make_demo(password_hash=PASSWORD_HASH, at=TUESDAY)


def test_the_panel_key_opens_what_was_sealed(at: datetime) -> None:
    assert seal.ring()
    assert len(open_seals(c.id for c in Complaint.select())) == Complaint.select().count()
