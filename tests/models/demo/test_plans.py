"""The demo's plans and its past: sound at any moment, the same for the same seed, and never half of it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models import digest, schema
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.demo.demo import has_demo_rows, is_demo, make_demo
from models.demo.many import past
from models.demo.perform import DemoRefused
from models.demo.picture import picture
from models.demo.plan import Agenda, Plan
from models.demo.texts import Author
from models.office.calendar import WorkHours, clock
from models.office.people import User
from models.office.settings import Setting
from sop.clock import WIB
from tests.models.demo.made import MOMENTS, NEW_YEAR, STOP, TUESDAY, demo_database
from tests.office import PASSWORD_HASH, Office, opened

FIRST, LAST = datetime(2021, 6, 1), datetime(2027, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone


def known_moments(**more: Any) -> Any:
    """Add the moments that were thought of to those that are drawn."""

    def wrap(test: Any) -> Any:
        for moment in MOMENTS.values():
            test = example(at=moment, **more)(test)
        return test

    return wrap


@known_moments()
@settings(max_examples=8)
@given(at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_plans_are_within_office_hours_and_before_any_present(template: Path, at: datetime) -> None:
    with opened(template):
        writer = Author(Random(1), Agenda(clock(), at))
        plans = [*picture(writer), *past(writer, 40)]
        moments = [act.at for plan in plans for act in plan.acts]
        assert all(clock().is_open(moment) and moment <= at for moment in moments)
        assert all(plan.opened_at <= plan.acts[0].at and plan.data["received_at"] <= plan.opened_at for plan in plans)


def test_the_home_of_a_pengadu_is_in_no_other_street_than_his_address(template: Path) -> None:
    with opened(template):
        writer = Author(Random(1), Agenda(clock(), TUESDAY))
        homes = [
            plan.data["event_place"]
            for plan in [*picture(writer), *past(writer, 60)]
            if plan.text["place"].startswith("Rumah") and "pengadu" in plan.text["place"]
        ]
    assert len(homes) > 5
    assert not [home for home in homes if " Jl. " in home]


@known_moments(minutes=4000)
@given(at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)), minutes=st.integers(0, 9000))
def test_ago_is_so_much_working_time_before_the_end(template: Path, at: datetime, minutes: int) -> None:
    with opened(template):
        agenda = Agenda(clock(), at)
        start = agenda.ago(minutes)
        assert clock().elapsed(start, agenda.end) == timedelta(minutes=minutes)
        assert agenda.minutes_since(start) == minutes


@pytest.mark.soak
def test_the_same_seed_and_moment_say_the_same(tmp_path: Path) -> None:
    """By day two demos of one seed are compared as well: one on each kind of database, see test_both_databases.py."""
    digests = {}
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        with demo_database(tmp_path / name, at=NEW_YEAR, seed=seed, complaints=12):
            digests[name] = digest.digest()
    assert digests["one"] == digests["two"] != digests["other"]


@pytest.mark.soak
def test_as_many_more_as_asked_for_are_spread_over_the_past(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY, complaints=40):
        finished = Complaint.select().where(Complaint.state == STOP).count()
        assert Complaint.select().count() == 80 + 40
        assert finished > 25
        moments = [e.at for e in Event.select().order_by(Event.id)]
        assert moments == sorted(moments)
        assert moments[-1] <= TUESDAY
        assert event.verify() == (len(moments), "")


def test_a_refusal_is_an_error_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_turn(writer: Author) -> list[Plan]:
        plan = writer.plan(writer.texts.all[0], writer.agenda.ago(10))
        return [plan.add(writer.agenda.ago(5), "approve", "kadis")]

    monkeypatch.setattr("models.demo.picture.picture", out_of_turn)
    schema.prepare(f"sqlite:///{tmp_path}/panel.sqlite")
    with opened(tmp_path / "panel.sqlite"):
        with pytest.raises(DemoRefused, match=r"approve oleh kadis pada 24-11-2026 10\.07: Pengaduan PGD/1/XI/2026"):
            make_demo(password_hash=PASSWORD_HASH, at=TUESDAY)
        assert [model.select().count() for model in (User, Complaint, Setting, Event)] == [0, 0, 0, 0]


def test_without_office_hours_there_is_no_demo_and_the_sentence_says_so(office: Office) -> None:
    WorkHours.delete().execute()
    with pytest.raises(ValueError, match="Jam kerja sekitar"):
        Agenda(clock(), TUESDAY)


def test_an_office_is_no_demo(office: Office) -> None:
    assert not is_demo()
    assert not has_demo_rows()
    with pytest.raises(ValueError, match="masih kosong"):
        make_demo(password_hash=PASSWORD_HASH)


def test_a_user_of_the_demo_alone_shows_that_it_is_the_demo(office: Office) -> None:
    User.create(username="tersisa", name="Tersisa", role="petugas", nip="19000101 190001 1 001")
    assert has_demo_rows()
    assert not is_demo()


def test_a_plan_out_of_order_is_a_mistake(office: Office) -> None:
    writer = Author(Random(1), Agenda(clock(), datetime.combine(date(2026, 11, 24), TUESDAY.time(), WIB)))
    plan = writer.plan(writer.texts.all[0], writer.agenda.ago(10))
    with pytest.raises(ValueError, match="tidak sesudah"):
        plan.add(writer.agenda.ago(11), "raise", "petugas")
