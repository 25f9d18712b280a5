"""The worked example of the office (5–8 October 2026) through the one writer, to the minute."""

from datetime import timedelta

import pytest

from models.case.case import load
from models.case.clocks import minutes, row_times
from models.complaint.complaint import Complaint, Pause, Run
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.office.calendar import clock
from models.office.people import Division
from sop.clock import Norm
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
from tests.office import moment as at

STEPS = [
    ("raise", "09.40", {}),
    ("dispose", "10.05", {"unit": "REHSOS"}),
    ("refuse", "11.00", {}),
    ("dispose", "11.20", {"unit": "PPA"}),
    ("hold", "13.00", {}),
    ("resume", "rab 09.00", {}),
    ("handle", "rab 14.00", {}),
    ("submit", "rab 14.10", {}),
    ("send_back", "rab 14.30", {}),
    ("handle", "kam 09.00", {}),
    ("submit", "kam 09.05", {}),
    ("approve", "kam 09.40", {}),
    ("attempt", "kam 09.45", {"outcome": "reached"}),
    ("deliver", "kam 09.50", {"outcome": "keberatan", "response": "Bantuan belum cair."}),
]
TIMES = {"receive": "5 menit", "dispose": "1 Jam", "handle": "1 hari", "approve": "1 Jam", "deliver": "10 menit"}


@pytest.fixture
def example(office, monkeypatch):
    """Plays the example up to (and with) the n-th step; further acts of the table are done in the same minute.

    Its times are those of the sheet as it was first signed, whatever a revision has made of them.
    """
    for key, waktu in TIMES.items():
        monkeypatch.setitem(
            vars(current_procedure().rows[current_procedure().row_no(key) - 1]), "norm", Norm.read(waktu)
        )
    [case] = office.receive(at=at("09.14"), until="raise")
    units = {d.code: d.id for d in Division.select()}

    def play(count=None):
        for key, when, blanks in STEPS[:count]:
            if key in current_procedure().awaited:
                office.bring([case], key, at=at(when))
            given = {**blanks, "unit": units[blanks["unit"]]} if "unit" in blanks else blanks
            office.do([case], key, at=at(when), **given)
        return case

    return play


def rows(case, now, office):
    """The rows of the table by the act that they end with, as they stand at a moment."""
    loaded = load([case], office["kadis"], now)[case]
    awaited = current_procedure().row_no(loaded.complaint.state)
    times = row_times(current_procedure(), clock(), loaded.runs, loaded.pauses, now, awaited)
    return {
        key: times[current_procedure().row_no(key) - 1]
        for key in (current_procedure().receive.key, *current_procedure().awaited)
    }


def spans(time):
    return [minutes(run.elapsed) for run in time.runs]


def test_runs_and_sums_are_right_to_the_minute(example, office):
    times = rows(example(), at("kam 10.00"), office)
    assert spans(times["receive"]) == [4]
    assert spans(times["dispose"]) == [51, 20]
    assert spans(times["handle"]) == [55, 400, 180]
    assert spans(times["approve"]) == [30, 40]
    assert spans(times["deliver"]) == [5]
    assert minutes(times["dispose"].elapsed) == 71
    assert minutes(times["approve"].elapsed) == 70
    assert minutes(times["deliver"].waiting) == 5
    assert not any(times[key].late for key in ("receive", "dispose", "handle", "approve", "deliver"))


def test_due_times_are_stored_and_given_back_by_the_pause(example, office):
    case = example(4)
    assert Complaint.get_by_id(case).row_due_at == at("sel 11.20")
    office.do([case], "hold", at=at("13.00"))
    assert Complaint.get_by_id(case).row_due_at is None
    office.do([case], "resume", at=at("rab 09.00"))
    assert Complaint.get_by_id(case).row_due_at == at("rab 15.50")
    [pause] = Pause.select().where(Pause.complaint == case)
    assert clock().elapsed(pause.started_at, pause.ended_at) == timedelta(hours=13)


def test_every_run_is_due_by_its_rows_norm(example):
    case = example()
    due = {
        (current_procedure().row_number(r.row_key), r.started_at): r.due_at
        for r in Run.select().where(Run.complaint == case)
    }
    row = current_procedure().row_no
    assert due[row("receive"), at("09.10")] == at("09.15")
    assert due[row("dispose"), at("09.14")] == at("10.14")
    assert due[row("dispose"), at("11.00")] == at("12.00")
    assert due[row("handle"), at("10.05")] == at("sel 10.05")
    assert due[row("handle"), at("11.20")] == at("rab 15.50")
    assert due[row("approve"), at("rab 14.00")] == at("rab 15.00")
    assert due[row("deliver"), at("kam 09.45")] == at("kam 09.55")


def test_during_a_pause_the_clock_stands_still_and_the_due_time_moves(example, office):
    case = example(5)
    [run] = rows(case, at("sel 15.00"), office)["handle"].runs[1:]
    assert minutes(run.elapsed) == 100
    assert not run.late
    assert run.due_at == clock().plus(at("sel 11.20"), clock().elapsed(at("13.00"), at("sel 15.00")))


def test_waiting_for_the_pengadu_counts_until_the_attempt_that_reaches_him(example, office):
    case = example(12)
    office.bring([case], "deliver", at=at("kam 09.40"))
    waiting = rows(case, at("kam 09.43"), office)["deliver"]
    assert (spans(waiting), minutes(waiting.waiting)) == ([], 3)
    office.do([case], "attempt", at=at("kam 09.44"), outcome="missed")
    assert spans(rows(case, at("kam 09.45"), office)["deliver"]) == []


def test_an_hour_is_warned_of_at_80_percent_and_late_after_it(example, office):
    case = example(1)
    assert not rows(case, at("10.01"), office)["dispose"].warns
    assert rows(case, at("10.02"), office)["dispose"].warns
    late = rows(case, at("10.15"), office)["dispose"]
    assert late.late
    assert not late.warns


def test_a_row_is_late_if_a_run_was(example, office):
    case = example(1)
    office.do([case], "dispose", at=at("10.20"))
    office.do([case], "refuse", at=at("10.30"))
    office.bring([case], "handle", at=at("10.40"))
    assert rows(case, at("10.40"), office)["dispose"].late
    assert Complaint.get_by_id(case).row_late


def test_reopening_starts_the_second_round_with_clocks_of_its_own(example, office):
    case = example()
    office.bring([case], CLOSED, at=at("kam 09.50"))
    office.do([case], "reopen", at=at("kam 10.00"))
    times = rows(case, at("kam 10.10"), office)
    assert Complaint.get_by_id(case).round == 2
    assert {key: spans(time) for key, time in times.items() if time.runs} == {
        key: [10]
        for key in current_procedure().awaited
        if current_procedure().row_no(key) == current_procedure().row_no("raise")
    }
    assert Complaint.get_by_id(case).legal_due_at == clock().legal_due(at("kam 10.00"), 14)
    assert not Complaint.get_by_id(case).row_late


def test_the_berita_acara_prints_the_same_clocks(example):
    case = example()
    paper = Paper.get((Paper.complaint == case) & (Paper.kind == "berita_acara"))
    printed = {row["no"]: row for row in content_of(paper, open_seals([case])[case])["clocks"]}
    row = current_procedure().row_no
    assert printed[row("dispose")]["minutes"] == 71
    assert printed[row("approve")]["minutes"] == 70
    assert (printed[row("deliver")]["minutes"], printed[row("deliver")]["waiting"]) == (5, 5)
    assert [run[2] for run in printed[row("handle")]["runs"]] == [55, 400, 180]
    assert not any(row["late"] for row in printed.values())


def test_withdrawn_during_a_pause_the_row_was_not_late(example, office):
    case = example(5)
    office.do([case], "withdraw", at=at("kam 15.00"))
    assert not Complaint.get_by_id(case).row_late
    assert not rows(case, at("kam 16.00"), office)["handle"].late


LEGAL = {3: (3, 17), 5: (3, 26), 14: (4, 9), 60: (6, 23)}


@pytest.mark.parametrize("days", LEGAL)
def test_the_legal_days_from_12_march_2026_pass_ramadan_and_joint_leave(office, days):
    received = at("09.00").replace(year=2026, month=3, day=12)
    due = clock().legal_due(received, days)
    assert (due.month, due.day) == LEGAL[days]


def test_a_complaint_carries_its_legal_dates_from_the_day_of_receipt(office):
    march = at("09.00").replace(month=3, day=12)
    [case] = office.receive(at=at("09.14"), received_at=march, backlog=True)
    row = Complaint.get_by_id(case)
    assert (row.legal_due_at.month, row.legal_due_at.day) == (4, 9)
    assert not Run.select().where((Run.complaint == case) & (Run.row_key == current_procedure().receive.key)).exists()
