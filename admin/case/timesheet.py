"""The clocks of a case on screen: per round and SOP row the norm, runs, sum and waiting time."""

from dataclasses import dataclass

from admin.lists import cells
from admin.lists.cells import short_moment
from models.case.case import Case
from models.case.clocks import RowTime, RunTime, minutes, row_times
from sop.vocabulary import OUTSIDE
from sop.words import day_of, format_duration, format_time


@dataclass(frozen=True)
class RowLine:
    """One row of the SOP with the time of its runs."""

    no: int
    title: str
    norm: str
    runs: tuple[str, ...]
    total: str
    waiting: str
    badge: tuple[str, str] | None
    now: bool


@dataclass(frozen=True)
class Round:
    """One passage of the case through the SOP."""

    no: int
    lines: tuple[RowLine, ...]


def rounds_of(case: Case) -> list[Round]:
    """The case's rounds, the present one first; [] for a case handled outside the panel, where no clock ran."""
    complaint = case.complaint
    if complaint.state == OUTSIDE:
        return []
    rounds = []
    for number in range(complaint.round, 0, -1):
        awaited = complaint.procedure.row_no(complaint.state) if number == complaint.round else None
        runs = [run for run in case.all_runs if run.round == number]
        pauses = [pause for pause in case.all_pauses if pause.round == number]
        times = row_times(complaint.procedure, cells.office_clock(), runs, pauses, case.at, awaited)
        rounds.append(Round(number, tuple(_row_line(time, time.no == awaited) for time in times)))
    return rounds


def _row_line(time: RowTime, now: bool) -> RowLine:
    day = cells.day_of(time.runs[0].started_at) if time.runs else None
    return RowLine(
        time.no,
        time.row.title,
        time.standard,
        tuple(_run_words(run, day) for run in time.runs),
        format_duration(minutes(time.elapsed), day=day) if time.runs else "",
        format_duration(minutes(time.waiting), day=day) if time.waiting else "",
        _badge(time),
        now,
    )


def _badge(time: RowTime) -> tuple[str, str] | None:
    if time.late:
        return cells.ROW_LATE, "warn late"
    if time.warns:
        return cells.ROW_SOON, "warn late"
    is_running = any(run.ended_at is None for run in time.runs)
    return (("Berjalan", "wait") if is_running else ("Sesuai standar", "good")) if time.runs else None


def _run_words(run: RunTime, day: int | None) -> str:
    """5 Okt 2026 09.40–10.05 (25 menit); `day`: minutes of a working day."""
    spent = format_duration(minutes(run.elapsed), day=day)
    if run.ended_at is None:
        return f"{short_moment(run.started_at)} – sekarang ({spent}), batas SOP {short_moment(run.due_at)}"
    same = day_of(run.started_at) == day_of(run.ended_at)
    end = f"–{format_time(run.ended_at)}" if same else f" – {short_moment(run.ended_at)}"
    return f"{short_moment(run.started_at)}{end} ({spent})"
