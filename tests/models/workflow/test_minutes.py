"""The minutes of a run are stored when it ends, and computed once for those that ended before."""

from datetime import date, timedelta

import pytest

from models.case.clocks import PauseSpan, RunSpan, minutes, row_times, run_time
from models.complaint.complaint import Complaint, Pause, Run
from models.complaint.scope import viewer
from models.office.calendar import Holiday, clock
from models.reading.figures import row_figure_keys, row_figures
from models.reading.period import Period
from models.reading.times import row_statistics
from models.workflow import moves
from sop.flow import current_procedure
from sop.procedure import ROWS
from sop.vocabulary import CLOSED


def taken(case: int) -> list[tuple[int, str, int | None]]:
    return list(Run.select(Run.round, Run.row_key, Run.minutes).where(Run.complaint == case).order_by(Run.id).tuples())


def worked_out(case: int) -> list[tuple[int, str, int | None]]:
    """The same as computed for the page of the case."""
    found = []
    for run in Run.select().where(Run.complaint == case).order_by(Run.id):
        pauses = Pause.select().where((Pause.complaint == case) & (Pause.round == run.round))
        time = run_time(clock(), RunSpan.of(run), [PauseSpan.of(pause) for pause in pauses], run.started_at)
        found.append((run.round, run.row_key, minutes(time.elapsed) if run.ended_at else None))
    return found


@pytest.fixture
def lived(office) -> int:
    """A case with a hold, a return and a second round, and all of its runs but the last over."""
    [case] = office.receive(opened_at=office.at - timedelta(minutes=7))
    office.bring([case], "dispose")
    office.do([case], "return_file", at=office.at + timedelta(hours=3))
    office.bring([case], "handle")
    office.do([case], "hold", at=office.at + timedelta(hours=1))
    office.do([case], "resume", at=office.at + timedelta(days=2))
    office.bring([case], CLOSED, at=office.at + timedelta(hours=5))
    office.do([case], "reopen")
    return case


def test_every_ended_run_has_its_minutes_and_no_other(lived):
    found = taken(lived)
    assert found == worked_out(lived)
    assert len(found) > 5
    assert [row[2] for row in found].count(None) == 1
    assert {row[2] for row in found if row[2]} >= {8}


def test_a_pause_is_no_working_time(office):
    [case] = office.receive()
    office.bring([case], "handle")
    begun = office.at
    office.do([case], "hold", at=begun + timedelta(minutes=10))
    office.do([case], "resume", at=begun + timedelta(days=1))
    office.do([case], "handle", at=begun + timedelta(days=1, minutes=5))
    assert [minutes for _, row, minutes in taken(case) if row == "handle"] == [15]


def test_a_later_change_of_the_calendar_changes_no_ended_run(office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.bring([case], "submit", at=office.at + timedelta(days=1))
    before = taken(case)
    Holiday.create(day=date(2026, 10, 6), name="Libur susulan", kind="libur")
    office.bring([case], "approve")
    assert taken(case)[: len(before) - 1] == before[:-1]


def test_earlier_ended_runs_are_computed_once_and_in_portions(office, lived, monkeypatch):
    monkeypatch.setattr(moves, "PORTION", 2)
    office.bring(office.receive(3), CLOSED)
    before = {case.id: taken(case.id) for case in Complaint.select()}
    ended = Run.update(minutes=None).where(Run.ended_at.is_null(False)).execute()
    assert moves.count_minutes() == ended
    assert {case: taken(case) for case in before} == before
    assert moves.count_minutes() == 0


def test_an_interrupted_computation_continues(office, lived, monkeypatch):
    monkeypatch.setattr(moves, "PORTION", 1)
    before, real, left = taken(lived), moves._end, [1]
    Run.update(minutes=None).execute()

    def stopped(rows):
        real(rows)
        if not left.pop():
            raise KeyboardInterrupt
        left.append(0)

    with monkeypatch.context() as context:
        context.setattr(moves, "_end", stopped)
        with pytest.raises(KeyboardInterrupt):
            moves.count_minutes()
    assert Run.select().where(Run.minutes.is_null(False)).count() == 1  # the second portion is undone
    assert moves.count_minutes() == len(before) - 2
    assert taken(lived) == before


@pytest.mark.parametrize("row", [n for n, row in enumerate(ROWS, 1) if row.counts_from == "row" and n > 1])
@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=1)])
def test_a_row_done_exactly_when_it_is_due_is_not_late_and_one_second_later_it_is(office, row, after):
    [case] = office.receive()
    first, last = ROWS[row - 1].transitions[0], ROWS[row - 1].transitions[-1]
    office.bring([case], first.key)
    due = Complaint.get_by_id(case).row_due_at
    office.bring([case], last.key)
    office.do([case], last.key, at=due + after)
    assert Complaint.get_by_id(case).row_late is bool(after)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(microseconds=1)])
def test_timesheet_statistics_and_the_list_behind_them_draw_the_line_where_the_writer_does(office, after):
    [case] = office.receive(until="raise")
    office.bring([case], "dispose")
    office.do([case], "dispose", at=Complaint.get_by_id(case).row_due_at + after)
    row, today, is_late = (
        current_procedure().row_named("dispose"),
        Period(office.at.date(), office.at.date()),
        bool(after),
    )
    span = RunSpan.of(Run.get((Run.complaint == case) & (Run.row_key == row.key)))
    assert (span.was_late, run_time(clock(), span, [], office.at).late) == (is_late, is_late)
    [counted] = (one for one in row_statistics(viewer(office["kadis"]), today) if one.row is row)
    assert (counted.cases, counted.late) == (1, int(is_late))
    listed = Complaint.select().where(row_figures()[row_figure_keys(row)[1]].condition(today, office.at))
    assert listed.count() == int(is_late)


@pytest.mark.only("sqlite")
def test_a_row_warns_from_four_fifths_of_its_time_on(office):
    [case] = office.receive(until="raise")
    run = RunSpan.of(Run.get((Run.complaint == case) & Run.ended_at.is_null()))
    at = run.started_at + 0.8 * clock().elapsed(run.started_at, run.due_at)
    warns = {}
    for moment in (at - timedelta(microseconds=1), at):
        [time] = (
            one for one in row_times(current_procedure(), clock(), [run], [], moment) if one.row.key == run.row_key
        )
        warns[moment] = time.warns
    assert [*warns.values()] == [False, True]
