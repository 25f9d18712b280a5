"""Every figure of a recap equals a plain count over all cases, read one by one and judged by the access table."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from models.complaint.complaint import Complaint, Run
from models.complaint.scope import Viewer, relations, viewer
from models.office.lists import Kelurahan
from models.reading.figures import FIGURES
from models.reading.period import Period
from models.reading.recap import Recap, recap
from models.reading.times import percentile
from models.records.main_line import BeritaAcara
from models.records.promises import Pledge
from models.store.base import now
from sop.access import may_read
from sop.procedure import ROWS
from sop.vocabulary import OUTSIDE, vocabulary
from tests.models.reading.made import scatter
from tests.office import Office, worked

READERS = ("kadis", "petugas", "bidang.ppa", "pengawas")
APART = {"duplicated": "duplikat", "voided": "batal"}
PART_OF: dict[str, Callable[[Complaint, dict[int, str]], Any]] = {
    "unit": lambda case, areas: case.unit_id,
    "kategori": lambda case, areas: case.category_id,
    "klasifikasi": lambda case, areas: case.law_class,
    "media": lambda case, areas: case.medium_id,
    "kecamatan": lambda case, areas: areas.get(case.kelurahan_id),
    "kelurahan": lambda case, areas: case.kelurahan_id,
    "instansi": lambda case, areas: case.institution_id,
    "topik": lambda case, areas: case.topic_id,
    "status": lambda case, areas: case.state,
    "akhir": lambda case, areas: case.state,
}


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("recap"), lambda office: [*scatter(office, 250, 14)] and None)


def periods(at: datetime) -> Iterator[Period]:
    """A month, a year that goes on, some days, all of it."""
    day = at.date()
    yield Period.months_from(day.year, day.month - 3)
    yield Period.months_from(day.year, 1, 12)
    yield Period(day - timedelta(days=40), day - timedelta(days=3))
    yield Period(day - timedelta(days=1_000), day)


def readable(who: Viewer) -> list[Complaint]:
    cases = list(Complaint.select())
    mine = relations(who, cases)
    return [case for case in cases if may_read(case.secrecy, mine[case.id])]


def within(moment: datetime | None, period: Period) -> bool:
    return moment is not None and period.first <= moment.date() <= period.last


def keys_of(case: Complaint, period: Period, at: datetime, by_records: dict[str, set[int]]) -> set[str]:
    """The figures that count a case, computed once more in plain Python."""
    came, apart = within(case.received_at, period), APART.get(case.state)
    if apart:
        return {apart} if came else set()
    end, is_dated = min(at, period.ends), case.elsewhere in ("", "answered")
    if case.state == "forwarded":  # another institution's
        holds = {
            "lain": came,
            "lain-dijawab": is_dated and within(case.closed_at, period),
            "lain-belum": came and case.elsewhere == "unanswered",
            "lain-diteruskan": came and case.elsewhere == "",
            "lain-tanpa-tanggal": came and case.elsewhere == "undated",
            **{key: case.id in ids for key, ids in by_records.items()},
        }
        return {key for key, is_so in holds.items() if is_so}
    outside, ended = case.state == "settled_outside", is_dated and within(case.closed_at, period)
    is_open = is_dated and case.received_at < end and (case.closed_at is None or case.closed_at >= end)
    running = case.state in vocabulary().open_states
    by_row = case.row_late or (running and case.row_due_at is not None and case.row_due_at < at)
    by_law = case.legal_due_at is not None and case.legal_due_at < (at if running else case.closed_at)
    holds = {
        "masuk": came,
        "masuk-sop": came and not outside,
        "luar": came and outside,
        "luar-tanpa-tanggal": came and outside and case.elsewhere == "undated",
        "selesai": ended,
        "selesai-sop": ended and not outside,
        "selesai-luar": ended and outside,
        "terbuka": is_open,
        "lama": is_open and case.received_at < end - timedelta(days=14),
        "lewat-sop": came and by_row and not outside,
        "lewat-peraturan": came and by_law and not outside,
        "impor": came and case.imported,
        **{key: case.id in ids and not outside for key, ids in by_records.items()},
    }
    return {key for key, is_so in holds.items() if is_so}


def objectors(period: Period) -> set[int]:
    records = BeritaAcara.select().where(BeritaAcara.outcome == "keberatan")
    return {r.complaint_id for r in records if within(r.made_at, period) and not r.draft and not r.recalled}


def promised(period: Period, at: datetime) -> dict[str, set[int]]:
    pledges = list(Pledge.select())
    over = [p for p in pledges if not p.ended_at and period.first <= p.day <= period.last and p.day < at.date()]
    made = [p for p in pledges if within(p.made_at, period)]
    return {"janji": {p.complaint_id for p in made}, "janji-lewat": {p.complaint_id for p in over}}


def counted(cases: list[Complaint], period: Period, at: datetime) -> dict[str, list[Complaint]]:
    by_records = {"keberatan": objectors(period), **promised(period, at)}
    by_key: dict[str, list[Complaint]] = {figure.key: [] for figure in FIGURES}
    for case in cases:
        for key in keys_of(case, period, at, by_records):
            by_key[key].append(case)
    return by_key


def test_every_figure_is_a_plain_count(office: Office) -> None:
    at = now()
    for username in READERS:
        who = viewer(office[username])
        cases = readable(who)
        for period in periods(at):
            made = recap(who, period, at)
            now_, before, ago = (counted(cases, p, at) for p in (period, period.before, period.year_ago))
            figures = {line.figure.key: (line.now, line.before, line.year_ago) for line in made.lines}
            assert figures == {key: (len(now_[key]), len(before[key]), len(ago[key])) for key in now_}
            hold_parts(made, now_)
            hold_rows(made, {case.id for case in cases if case.state not in (*APART, *{OUTSIDE})})
    assert sum(line.now for line in made.lines) > 50


def hold_parts(made: Recap, by_key: dict[str, list[Complaint]]) -> None:
    areas = dict(Kelurahan.select(Kelurahan.id, Kelurahan.kecamatan).tuples())
    for table in made.parts:
        value_of = PART_OF[table.part.key]
        for place, key in enumerate(table.part.figures):
            expected: dict[str, int] = {}
            for case in by_key[key]:
                value = value_of(case, areas)
                name = "" if value is None else str(value)
                expected[name] = expected.get(name, 0) + 1
            assert {line.value: line.counts[place] for line in table.lines if line.counts[place]} == expected


def hold_rows(made: Recap, mine: set[int]) -> None:
    runs = [run for run in Run.select() if run.complaint_id in mine and within(run.ended_at, made.period)]
    assert [row.no for row in made.rows] == [no for no, _ in enumerate(ROWS, 1)]
    for row in made.rows:
        own = [run for run in runs if run.row_key == row.row.key]
        assert row.cases == len({run.complaint_id for run in own})
        assert row.late == len({run.complaint_id for run in own if run.ended_at > run.due_at})
        spent = [int((run.ended_at - run.started_at).total_seconds()) // 60 for run in own]
        hold_spread(row.working, sorted(run.minutes for run in own))
        hold_spread(row.calendar, sorted(spent))


def hold_spread(spread: Any, ordered: list[int]) -> None:
    if not ordered:
        assert spread is None
        return
    for reached, share in ((spread.median, 0.5), (spread.ninth, 0.9)):
        assert reached in ordered
        assert sum(one <= reached for one in ordered) >= share * len(ordered) - 1e-9
        assert sum(one < reached for one in ordered) < share * len(ordered)


def test_a_percentile_is_one_of_the_times_themselves() -> None:
    assert [percentile([7], share) for share in (50, 90)] == [7, 7]
    assert [percentile(list(range(1, 11)), share) for share in (50, 90)] == [5, 9]
    assert percentile(list(range(1, 102)), 50) == quantiles(range(1, 102), n=2)[0]


def test_a_case_that_went_through_a_row_twice_counts_once_and_its_runs_twice(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.bring([case], "approve")
    day = office.at.date()
    row = recap(viewer(office["kadis"]), Period(day, day), office.at).rows[2]
    assert row.cases == 1
    assert row.working is not None


def test_an_office_without_cases_has_an_empty_recap(office: Office) -> None:
    made = recap(viewer(office["kadis"]), Period.months_from(2010, 5), now())
    assert made.is_empty
    assert [table.lines for table in made.parts] == [()] * len(made.parts)
