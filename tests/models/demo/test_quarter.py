"""The three months behind the demo of `make run`: a quiet office, at whatever moment it is looked at."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models import digest, schema
from models.complaint import event
from models.complaint.complaint import Complaint, Run
from models.complaint.paper import Paper, PaperSigned, PaperToSign
from models.complaint.scope import viewer
from models.demo import files as days
from models.demo.demo import FLAG, make_demo
from models.demo.files import PUBLISH, STAGE
from models.demo.past_quarter import quarter
from models.demo.people import make_office, make_people
from models.demo.perform import perform
from models.demo.picture import picture
from models.demo.plan import Agenda, Plan
from models.demo.texts import Author
from models.imports.batches import PUBLISHED, STAGED, VERDICTS, ImportBatch, ImportRow
from models.office.calendar import clock
from models.office.people import Division, User
from models.reading.promises import due_promises
from models.records.promises import BROKEN, KEPT, Pledge
from models.workflow import masters
from models.workflow.marks import SIGNED
from sop.flow import current_procedure
from sop.vocabulary import OUTSIDE, vocabulary
from tests.models.demo.made import DONE, MOMENTS, STOP, TUESDAY, demo_database
from tests.models.demo.test_picture import WAITING
from tests.office import PASSWORD_HASH, dropped, empty, opened, owner_url_of, url_of

FIRST, LAST = datetime(2021, 6, 1), datetime(2027, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
SHORT, SHORTLY = 40, 38  # working days ago between which a short past lies
PEOPLE = ("petugas", "bidang.rehsos", "bidang.ppkb", "bidang.dayasos", "bidang.puspaga")
FILES = {STAGE, PUBLISH}


def plans_at(at: datetime, seed: int = 1) -> tuple[list[Plan], list[Plan]]:
    """Of the past, and of the files that came from elsewhere."""
    author = Author(Random(seed), Agenda(clock(), at))
    plans = quarter(author, picture(author))
    return [plan for plan in plans if plan.acts[0].key not in FILES], [p for p in plans if p.acts[0].key in FILES]


def known_moments(test: Any) -> Any:
    for moment in MOMENTS.values():
        test = example(at=moment)(test)
    return test


@known_moments
@settings(max_examples=4)
@given(at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_the_past_is_within_office_hours_and_over_at_any_present(template: Path, at: datetime) -> None:
    with opened(template):
        cases, files = plans_at(at)
        moments = [act.at for plan in (*cases, *files) for act in plan.acts]
        assert all(clock().is_open(moment) and moment <= at for moment in moments)
        assert all(SIGNED in {act.key for act in plan.acts} for plan in cases)
        assert 130 <= len(cases) <= 215


def test_the_past_has_its_rhythm_and_a_little_of_everything(template: Path) -> None:
    with opened(template):
        cases, _ = plans_at(TUESDAY)
        received = [plan.acts[0].at for plan in cases]
        daily = Counter(moment.date() for moment in received)
        assert set(daily.values()) <= {1, 2, 3, 4, 5}
        assert (max(daily) - min(daily)).days in range(80, 100)
        assert sum(moment.hour < 11 for moment in received) > len(received) / 2
        acts = Counter(act.key for plan in cases for act in plan.acts)
        detours = {"hold", "send_back", "refuse", "forward", "duplicate", "withdraw", "void", "reopen", "return_file"}
        assert not detours - set(acts)
        assert {plan.unit for plan in cases if plan.unit} == {division.code for division in Division.select()}
        assert 10 < sum(plan.secret for plan in cases) < len(cases) / 4


def test_no_person_of_the_past_is_a_real_one(template: Path) -> None:
    with opened(template):
        cases, files = plans_at(TUESDAY)
        niks = [person.get("nik", "") for plan in cases for person in plan.persons.values()]
        assert any(niks)
        assert all(nik.startswith("99") for nik in niks if nik)
        phones = [person.get("phone", "") for plan in cases for person in plan.persons.values()]
        assert any(phones)
        assert all(phone.startswith("0812-0000-") for phone in phones if phone)
        assert all(row["Tracking ID"].startswith("99") for plan in files for row in plan.data["rows"])


def test_the_same_seed_plans_the_same_past(template: Path) -> None:
    def plans_of(seed: int) -> list[Any]:
        return [(plan.data["title"], [(act.at, act.key) for act in plan.acts]) for plan in plans_at(TUESDAY, seed)[0]]

    with opened(template):
        assert plans_of(3) == plans_of(3) != plans_of(4)


@pytest.mark.slow("performs what ten cases and two files went through")
def test_a_past_is_performed_and_leaves_nothing_to_do_but_a_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "DAYS", SHORT)
    monkeypatch.setattr(days, "SETTLED", SHORTLY)
    schema.prepare(f"sqlite:///{tmp_path}/panel.sqlite")
    with opened(tmp_path / "panel.sqlite"):
        masters.seed(masters.MALANG)
        make_office(FLAG)
        people = make_people("x")
        perform(quarter(Author(Random(1), Agenda(clock(), TUESDAY)), ()), people)
        assert not Complaint.select().where(Complaint.state.in_(sorted(vocabulary().open_states - {STOP}))).exists()
        assert PaperSigned.select().exists()
        assert not PaperToSign.select().exists()
        assert {b.state for b in ImportBatch.select()} == {PUBLISHED, STAGED}
        assert Pledge.select().where(Pledge.end == KEPT).exists()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo with all of its past."""
    with demo_database(tmp_path_factory.mktemp("quarter"), at=TUESDAY, past_quarter=True):
        yield


@pytest.mark.soak
def test_what_waits_is_what_waits_without_a_past(whole: None) -> None:
    found = Counter(c.state for c in Complaint.select().where((Complaint.round == 1) & ~Complaint.imported))
    assert {state: found[state] for state in WAITING} == WAITING


@pytest.mark.soak
def test_every_row_has_its_times_some_late_by_the_row_and_by_the_law(whole: None) -> None:
    ended = Counter(
        current_procedure().row_number(run.row_key) for run in Run.select().where(Run.ended_at.is_null(False))
    )
    rows = range(1, len({current_procedure().row_no(step.key) for step in DONE}) + 1)
    assert all(ended[row] > 100 for row in rows)
    late = Complaint.select().where(Complaint.row_late)
    assert 20 < late.count() < Complaint.select().count() / 4
    assert [c for c in Complaint.select() if c.closed_at and c.legal_due_at and c.closed_at > c.legal_due_at]


@pytest.mark.soak
def test_papers_of_the_past_are_signed_and_those_of_the_present_wait(whole: None) -> None:
    waiting = {
        paper.complaint_id for paper in Paper.select().where(Paper.id.in_(PaperToSign.select(PaperToSign.paper)))
    }
    received = [Complaint.get_by_id(case).received_at for case in waiting]
    assert min(received) > TUESDAY - timedelta(days=45)
    assert PaperSigned.select().count() > 5 * len(waiting)


@pytest.mark.soak
def test_promises_were_kept_or_not_and_one_is_due_and_one_is_late(whole: None) -> None:
    ends = Counter(pledge.end for pledge in Pledge.select())
    assert ends[KEPT] > ends[BROKEN] > 0
    assert Pledge.select().where(Pledge.moved > 0).exists()
    due = {
        name: due_promises(viewer(User.get(User.username == name), TUESDAY.date()), TUESDAY.date(), 9)
        for name in PEOPLE
    }
    assert sum(one.count for one in due.values()) == 2
    assert sum(one.late for one in due.values()) == 1


@pytest.mark.soak
def test_one_file_was_imported_and_one_waits_with_every_verdict(whole: None) -> None:
    former, present = ImportBatch.select().order_by(ImportBatch.id)
    assert (former.state, present.state) == (PUBLISHED, STAGED)
    assert {row.verdict for row in ImportRow.select().where(ImportRow.batch == present)} == set(VERDICTS)
    became = Counter(row.became.state for row in ImportRow.select().where(ImportRow.became.is_null(False)))
    assert became.most_common(1)[0][0] == OUTSIDE
    assert not set(became) & vocabulary().open_states


@pytest.mark.soak
def test_the_history_is_whole_and_the_same_for_the_same_seed_on_both_databases(whole: None, tmp_path: Path) -> None:
    assert event.verify()[1] == ""
    first = digest.digest()
    path = empty(tmp_path, "postgresql")
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    with opened(path):
        make_demo(password_hash=PASSWORD_HASH, at=TUESDAY, past_quarter=True)
        assert digest.digest() == first
    dropped(path)
