"""The row and norm of a run are those of its start: a changed table applies to runs that begin later."""

import runpy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import schema
from models.case.case import load
from models.case.clocks import RowTime, row_times
from models.case.content import Composer
from models.complaint.complaint import Complaint, Run
from models.complaint.scope import viewer
from models.office.calendar import Holiday, clock
from models.reading.period import Period
from models.reading.times import RowStatistics, row_statistics
from models.workflow import moves
from sop import flow
from sop.clock import Norm
from sop.flow import Procedure, current_procedure
from sop.procedure import BIDANG, DETOURS, FINALS, ROWS, Former, Row, Transition
from sop.vocabulary import CLOSED
from tests.models.upgraded import upgraded
from tests.office import Office

LOOK = Transition(key="look_of_a_test", actor=BIDANG, label="Telaah", did="menelaah berkas", waiting="Menunggu telaah")
RAISING = current_procedure().row_named("raise")
PLACE = ROWS.index(RAISING)
BETWEEN = replace(RAISING, title="Telaah berkas", waktu="20 menit", transitions=(LOOK,))
LONGER = replace(RAISING, waktu="2 Jam")
GROWN = (*ROWS[:PLACE], BETWEEN, *ROWS[PLACE:])  # another row before that one
CHANGED = (*ROWS[:PLACE], LONGER, *ROWS[PLACE + 1 :])  # that one with another time

Tables = Callable[..., None]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Tables:
    """Rows that the panel runs by from now on, as after a start with another table."""

    def changed(rows: tuple[Row, ...], *former: Former) -> None:
        monkeypatch.setattr(flow, "PROCEDURES", (Procedure(rows, DETOURS, FINALS, former),))

    return changed


def times(office: Office, case: int) -> list[RowTime]:
    loaded = load([case], office["kadis"], office.at)[case]
    return row_times(
        current_procedure(),
        clock(),
        loaded.runs,
        loaded.pauses,
        office.at,
        current_procedure().row_no(loaded.complaint.state),
    )


def due_of(case: int) -> tuple[Run, Complaint]:
    return Run.get((Run.complaint == case) & Run.ended_at.is_null()), Complaint.get_by_id(case)


def statistics(office: Office) -> dict[str, RowStatistics]:
    made = row_statistics(viewer(office["kadis"]), Period.months_from(office.at.year, office.at.month))
    return {row.row.title: row for row in made}


def test_a_row_before_others_leaves_old_runs_their_row_and_their_due_time(office: Office, table: Tables) -> None:
    [over, open_] = office.receive(2, until="raise")
    office.bring([over], "handle")
    before, due = statistics(office), due_of(open_)[0].due_at
    table(GROWN)
    numbered = [(time.no, time.row.title, len(time.runs)) for time in times(office, over)]
    assert numbered[: PLACE + 2] == [
        *((no, row.title, 1) for no, row in enumerate(ROWS[:PLACE], 1)),
        (PLACE + 1, BETWEEN.title, 0),
        (PLACE + 2, RAISING.title, 1),
    ]
    after = statistics(office)
    assert after[BETWEEN.title].cases == 0
    assert after[RAISING.title] == replace(before[RAISING.title], no=PLACE + 2)
    moves.recompute(office.at)
    run, case = due_of(open_)
    assert (run.row_key, run.due_at, case.row_due_at) == (RAISING.key, due, due)
    office.bring([open_], "handle")
    assert {run.row_key: run.norm for run in Run.select().where(Run.complaint == open_)} == {
        row.key: row.norm for row in ROWS[: PLACE + 2]
    }


def test_the_due_time_of_a_paused_case_moves_by_the_norm_it_began_with(office: Office, table: Tables) -> None:
    handling = current_procedure().row_named("handle")
    [case] = office.receive(until="raise")
    office.bring([case], "handle")
    office.do([case], "hold")
    office.tick()
    before = next(time.runs for time in times(office, case) if time.row.key == handling.key)
    table(tuple(replace(row, waktu="9 hari") if row is handling else row for row in ROWS))
    assert next(time.runs for time in times(office, case) if time.row.key == handling.key) == before
    assert before[-1].due_at > due_of(case)[0].due_at


def test_a_changed_time_counts_for_runs_that_begin_after_it(office: Office, table: Tables) -> None:
    [old] = office.receive(until="raise")
    due = due_of(old)[0].due_at
    table(CHANGED)
    Holiday.create(day=date(2026, 10, 6), name="Libur susulan", kind="libur")
    moves.recompute(office.at)
    assert due_of(old)[1].row_due_at == due
    [new] = office.receive(until="raise")
    assert due_of(new)[0].due_at == clock().due(office.at, LONGER.norm)
    office.do([old], "raise", at=due + timedelta(minutes=1))
    of_old, of_new = times(office, old)[PLACE], times(office, new)[PLACE]
    assert of_old.late
    assert of_old.standard == "1 jam"
    assert of_new.standard == "2 jam"
    office.bring([old], "handle")
    office.bring([new], "handle")
    assert statistics(office)[LONGER.title].standard == "1 jam, kemudian 2 jam"


def test_a_resumed_run_gets_back_the_time_of_its_own_norm(office: Office, table: Tables) -> None:
    [case] = office.receive(until="raise")
    begun, due = office.at, due_of(case)[0].due_at
    office.do([case], "hold", at=begun + timedelta(minutes=10))
    table(CHANGED)
    office.do([case], "resume", at=begun + timedelta(minutes=40))
    assert due_of(case)[0].due_at == clock().plus(due, timedelta(minutes=30))


def test_a_removed_row_is_listed_by_its_title_without_a_number(office: Office, table: Tables) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    row = ROWS[-1]
    act, norm = row.transitions[0], str(row.norm)
    table(ROWS[:-1], Former(key=act.key, now=current_procedure().first, act=act))
    last = times(office, case)[-1]
    heading = f"{act.label} (tidak ada lagi dalam SOP)"
    assert (last.no, last.mark, last.heading) == (0, "–", heading)
    assert (len(last.runs), last.standard) == (1, norm)
    counted = statistics(office)[heading]
    assert (counted.mark, counted.heading, counted.cases, counted.standard) == ("–", heading, 1, norm)
    loaded = load([case], office["kadis"], office.at)
    clocks = Composer(loaded, {}, at=office.at, demo=True)._clocks(loaded[case])
    assert [row["no"] for row in clocks] == [*range(1, len(ROWS)), "–"]


def test_papers_say_a_norm_as_screens_do(office: Office) -> None:
    [case] = office.receive(until=CLOSED)
    loaded = load([case], office["kadis"], office.at)
    clocks = Composer(loaded, {}, at=office.at, demo=True)._clocks(loaded[case])
    assert [row["norm"] for row in clocks] == [str(row.norm) for row in ROWS]
    assert [row["norm"] for row in clocks] != [row.waktu for row in ROWS], "the signed sheet has its own words"


FROZEN = runpy.run_path(str(schema.FOLDER / "0037_runs_keep_row_and_norm.py"))
OF_OTHERS = 'DELETE FROM "run" WHERE "row" = 0'  # of rows that the office of then did not have
BEFORE = (
    'ALTER TABLE "run" ADD COLUMN "row" INTEGER NOT NULL DEFAULT 0',
    *(f'UPDATE "run" SET "row" = {no} WHERE "row_key" = \'{key}\'' for no, key in enumerate(FROZEN["SIGNED"], 1)),
    'ALTER TABLE "run" DROP COLUMN "row_key"',
    'ALTER TABLE "run" DROP COLUMN "norm"',
    'DELETE FROM "migration" WHERE "name" = \'0037_runs_keep_row_and_norm\'',
)


def test_earlier_runs_get_the_key_and_the_norm_of_their_row_as_it_was_signed(office: Office) -> None:
    office.bring(office.receive(), CLOSED)
    with upgraded(office, (*BEFORE, OF_OTHERS)) as migrations:
        assert migrations == ["0037_runs_keep_row_and_norm"]
        assert {run.row_key: run.norm.words for run in Run.select()} == FROZEN["SIGNED"]


def test_a_run_of_a_row_that_was_not_signed_stops_the_migration(office: Office) -> None:
    office.bring(office.receive(), CLOSED)
    behind = 'UPDATE "run" SET "row" = 6 WHERE "id" = (SELECT max("id") FROM "run")'
    with pytest.raises(ValueError, match="di luar kelima baris"), upgraded(office, (*BEFORE, OF_OTHERS, behind)):
        pass


def test_the_signed_norms_are_written_as_a_run_stores_them() -> None:
    assert {key: Norm.read(words).words for key, words in FROZEN["SIGNED"].items()} == FROZEN["SIGNED"]
