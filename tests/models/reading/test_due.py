"""A promise on a case that has ended waits for its day, whatever comes of the case, until somebody says its end."""

from datetime import timedelta

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.scope import viewer
from models.office.people import Division
from models.reading.promises import PromiseFigures, due_promises, promise_figures
from models.records.promises import UNIT, Pledge
from models.workflow import workflow
from sop.vocabulary import CLOSED
from tests.models.workflow.acting import at_once
from tests.office import SECRET, Office

WHAT = "Bantuan cair"


@pytest.fixture
def case(office: Office) -> int:
    [case] = office.receive()
    office.bring([case], CLOSED)
    return case


def promised(office: Office, case: int, days: int = 14, what: str = WHAT, **more: object) -> Pledge:
    office.do([case], "promise", what=what, day=office.at.date() + timedelta(days=days), **more)
    return Pledge.select().order_by(Pledge.id.desc()).get()


def due(office: Office, who: str, days: int) -> list[str]:
    return [one.what for one in due_promises(viewer(office[who]), office.at.date() + timedelta(days=days), 9).first]


def test_it_is_due_from_its_day_on_for_who_looks_after_it(office: Office, case: int) -> None:
    promised(office, case)
    promised(office, case, what="Kursi roda", caretaker=UNIT)
    assert due(office, "petugas", 13) == due(office, "bidang.rehsos", 13) == []
    assert due(office, "petugas", 14) == due(office, "petugas2", 30) == [WHAT]
    assert due(office, "bidang.rehsos", 14) == due(office, "staf.rehsos", 14) == ["Kursi roda"]
    assert due(office, "bidang.ppa", 14) == due(office, "kadis", 14) == due(office, "pengawas", 14) == []
    for days, expected in ((14, (1, 0)), (15, (1, 1))):
        promises = due_promises(viewer(office["petugas"]), office.at.date() + timedelta(days=days), 1)
        assert (promises.count, promises.late) == expected


@pytest.mark.only("sqlite")
def test_a_petugas_who_heads_a_unit_for_a_while_looks_after_what_is_of_either(office: Office, case: int) -> None:
    promised(office, case)
    promised(office, case, what="Kursi roda", caretaker=UNIT)
    at_once(office, "petugas2", kind="Plt.", division=Division.get(code="REHSOS"), valid_to=None)
    assert due(office, "petugas2", 14) == [WHAT, "Kursi roda"]


def test_the_case_stays_as_it_ended(office: Office, case: int) -> None:
    before = Complaint.get_by_id(case)
    promised(office, case)
    after = Complaint.get_by_id(case)
    assert (after.state, after.closed_at, after.state_since) == (before.state, before.closed_at, before.state_since)
    assert after.version == before.version + 1


def test_it_is_postponed_for_a_reason_and_its_events_are_sentences(office: Office, case: int) -> None:
    day = promised(office, case).day
    office.do([case], "postpone", day=day + timedelta(days=7), reason="Bantuan belum cair")
    assert due(office, "petugas", 14) == []
    assert due(office, "petugas", 21) == [WHAT]
    office.do([case], "settle", end="ditepati")
    assert due(office, "petugas", 60) == []
    events = list(Event.select().where(Event.complaint == case).order_by(Event.id.desc()).limit(3))
    bodies = event.bodies(events, event.open_seals([case]))
    fulfilled, moved, made = (bodies[one.id]["what"] for one in events)
    assert made == "mencatat janji “Bantuan cair” untuk 19 Oktober 2026"
    assert moved == "memindahkan janji “Bantuan cair (19 Oktober 2026)” ke 26 Oktober 2026: Bantuan belum cair"
    assert fulfilled == "mencatat bahwa janji “Bantuan cair (26 Oktober 2026)” sudah ditepati"


def test_of_several_the_one_that_is_picked_ends(office: Office, case: int) -> None:
    promised(office, case)
    words = promised(office, case, what="Kursi roda", days=20).words
    office.do([case], "settle", which=words, end="gugur", note="Stok habis")
    assert due(office, "petugas", 60) == [WHAT]


def test_what_is_not_there_is_refused_with_its_sentence(office: Office, case: int) -> None:
    def refused(key: str, **blanks: object) -> str:
        outcome = workflow.advance([case], key, by=office["petugas"], at=office.tick(), blanks=blanks)
        return str(outcome.refused[case])

    assert refused("settle", end="ditepati").endswith("Janji yang menunggu belum ada.")
    day = promised(office, case).day
    assert refused("settle", which="Lain", end="ditepati").startswith("Janji itu tidak ada lagi")
    assert refused("settle", end="gugur") == "Tulis alasan janji itu tidak dapat ditepati."
    assert refused("postpone", day=day, reason="Bantuan belum cair") == "Tanggal barunya sama dengan yang lama."
    assert due(office, "petugas", 14) == [WHAT]


def test_it_outlives_a_reopening_and_falls_to_the_petugas_until_a_unit_leads_again(office: Office, case: int) -> None:
    promised(office, case, caretaker=UNIT)
    office.do([case], "reopen")
    assert due(office, "bidang.rehsos", 14) == []
    assert due(office, "petugas", 14) == [WHAT]
    office.bring([case], "handle")
    assert due(office, "bidang.rehsos", 14) == [WHAT]
    office.do([case], "settle", end="ditepati")
    assert Pledge.get().end == "ditepati"


def test_of_a_rahasia_case_only_its_readers_are_reminded(office: Office) -> None:
    [secret] = office.receive(category=SECRET)
    office.bring([secret], CLOSED)
    promised(office, secret)
    assert due(office, "petugas", 14) == [WHAT]
    assert due(office, "petugas2", 14) == []


def test_the_promise_of_a_voided_case_is_not_due(office: Office) -> None:
    [case] = office.receive()
    promised(office, case)
    assert due(office, "petugas", 60) != []
    office.do([case], "void")
    assert due(office, "petugas", 60) == []


def test_the_figures_count_promises_made_fulfilled_broken_and_overdue(office: Office, case: int) -> None:
    for what in ("satu", "dua", "tiga"):
        promised(office, case, what=what)
    office.do([case], "settle", end="ditepati")
    office.do([case], "settle", end="gugur", note="Stok habis")
    first = office.at.date()
    figures = promise_figures(viewer(office["kadis"]), first, first + timedelta(days=20), first + timedelta(days=30))
    assert figures == PromiseFigures(made=3, kept=1, broken=1, overdue=1)
