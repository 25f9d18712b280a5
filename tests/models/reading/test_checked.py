"""A sample is drawn by its seed from what its reader may open; each case shows row by row how the SOP was followed."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.case.clocks import RunTime
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, viewer, visible
from models.office.people import Division, Mandate, Post, User
from models.reading.compliance import REASONS, Sample, SampleRequest, checked_sample, draw, reasons_in
from models.reading.compliance_rows import REPLACED, SIGNED, UNSIGNED, CheckedRound, CheckedRow, span_words
from models.reading.compliance_sheet import _late, compliance_sheet
from models.reading.figures import row_figure_keys, row_figures
from models.reading.period import Period
from models.reading.recap import recap
from models.reading.times import row_statistics
from models.workflow import marks
from sop import flow
from sop.clock import Norm
from sop.flow import Procedure, current_procedure
from sop.procedure import BIDANG, DETOURS, FINALS, LANES, PETUGAS, ROWS, Former
from sop.vocabulary import CLOSED, DUPLICATED, OUTSIDE, VOIDED, vocabulary
from tests.models.demo.made import TUESDAY, demo_database
from tests.office import MONDAY, SECRET, Office, moment, worked

CLERK = "Rina Wulandari (Petugas Penanganan Pengaduan)"
DAY = MONDAY.date().isoformat()


def asked(count: int, seed: str = "7") -> SampleRequest:
    return SampleRequest.read(DAY, DAY, str(count), seed)


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve cases, and one that was sent back and reopened; one that was settled outside of the panel."""
    return worked(template, tmp_path_factory.mktemp("sampled"), filled)


def filled(office: Office) -> None:
    [case] = office.receive(at=moment("09.14"), opened_at=moment("09.10"), until="raise")
    office.do([case], "raise", at=moment("09.40"))
    office.do([case], "dispose", at=moment("10.40"))
    office.bring([case], "approve")
    office.do([case], "send_back", reason="Fakta belum cukup mendukung kesimpulan")
    office.bring([case], CLOSED)
    nota = Paper.get((Paper.kind == "nota_dinas") & (Paper.complaint == case))
    marks.sign([nota], by=office["petugas"], on=office.at.date(), at=office.tick())
    office.do([case], "reopen", reason="Terdapat fakta atau bukti baru")
    office.receive(10)
    office.receive(2, category=SECRET)
    office.bring(office.receive(), "settled_outside")


def sampled(office: Office, count: int, seed: str = "7", who: str = "kadis") -> Sample:
    return checked_sample(viewer(office[who]), asked(count, seed), office.at)[0]


def test_the_same_seed_draws_the_same_cases_and_one_case_more_moves_no_other(office: Office) -> None:
    who = viewer(office["kadis"])
    first = draw(who, asked(5))
    assert first == draw(who, asked(5))
    assert len(first.ids) == 5
    assert first.population == 13  # not the one that was settled outside
    assert set(first.ids) < set(draw(who, asked(6)).ids)
    assert len({tuple(draw(who, asked(5, str(seed))).ids) for seed in range(9)}) > 1
    [new] = office.receive(at=office.tick())
    assert len({*first.ids} - {*draw(who, asked(5)).ids}) <= 1
    assert new not in first.ids


def test_what_the_recap_counts_apart_is_named_beside_the_number_it_was_drawn_from(office: Office) -> None:
    office.bring(office.receive(), "forwarded")
    office.bring(office.receive(), "voided")
    sample, at = sampled(office, 60), office.at
    who, period = viewer(office["kadis"]), sample.asked.period
    received = {line.figure.key: line.counts({"now": period})[0][1] for line in recap(who, period, at).listed_lines}
    apart = received["masuk"] - received["luar"]
    assert sample.population == apart + 2
    assert f"{apart} di antaranya sebagai “masuk”; 1 diteruskan dan 1 dibatalkan dihitungnya" in sample.population_words


def test_no_line_parts_a_row_that_was_late_nor_its_spans_of_time(office: Office) -> None:
    """A number from its unit, 1 hari kerja at all, the row from the number of its case."""
    sheet = compliance_sheet(sampled(office, 60), by=office["kadis"], at=office.at, demo=False)
    [first, *_] = sheet["late_rows"]
    assert re.fullmatch(r"PGD/\d+/X/2026\xa0baris\xa0\d \(1\xa0jam 26\xa0menit, standar\xa01\xa0jam\)", first), first
    row = next(row for case in sampled(office, 60).cases for row in case.rows if row.time.row.key == "handle")
    assert _late("PGD/1/X/2026", row).endswith("standar\xa01\xa0hari\xa0kerja)")


def test_of_what_the_reader_may_not_open_nothing_is_drawn_or_counted(office: Office) -> None:
    assert draw(viewer(office["pengawas"]), asked(60)).population == 13
    assert draw(viewer(office["petugas2"]), asked(60)).population == 11
    Mandate.delete().execute()
    office["pengawas"].__dict__.pop("_viewer", None)
    assert draw(viewer(office["pengawas"]), asked(60)).population == 0


def signed_rows(passage: CheckedRound) -> list[CheckedRow]:
    """The five that the sheet was first signed with, whatever has come between them."""
    keys = ("receive", "raise", "handle", "submit", "deliver")
    return [row for row in passage.rows if row.time.row.key in keys]


def deviations(passage: CheckedRound) -> str:
    return " ".join(act.words for act in passage.beside.get("Di luar alur baku", []))


def test_each_row_lists_who_acted_its_papers_its_runs_and_their_sum(office: Office) -> None:
    case = sampled(office, 60).cases[0]
    first, second = case.rounds
    assert [row.time.row for row in first.rows] == list(ROWS)
    received, disposed, handled, approved, delivered = signed_rows(first)
    assert disposed.runs == ["5 Oktober 2026 09.14–10.40 (1 jam 26 menit, lewat)"]
    assert [act.words for act in received.acts] == [f"{CLERK} mencatat pengaduan, 5 Oktober 2026 09.14"]
    assert [paper.words for paper in received.papers if paper.title == "Tanda Terima Pengaduan"] == [
        f"Tanda Terima Pengaduan {sampled(office, 60).cases[0].number}, untuk pengadu, tanda tangan tidak diperiksa"
    ]
    assert (received.minutes, received.late) == (4, False)
    assert (disposed.minutes, disposed.late, disposed.verdict) == (86, True, "lewat standar")
    assert len(disposed.acts) == 2
    assert len(approved.runs) == 2  # sent back and approved anew: a run each, and their sum
    assert [paper.signature_status for paper in approved.papers] == [SIGNED]
    assert [paper.signature_status for paper in delivered.papers] == [
        UNSIGNED for paper in current_procedure().row_named("deliver").papers if not paper.secret_only
    ]
    reasons = deviations(first)
    assert "mengembalikan Nota Dinas untuk perbaikan, " in reasons
    assert "Fakta belum cukup mendukung kesimpulan" in reasons
    assert "Terdapat fakta atau bukti baru" in reasons + deviations(second)
    assert [paper.signature_status for paper in handled.papers] == [REPLACED, UNSIGNED]
    begun, again, *_, last = signed_rows(second)
    assert begun.verdict == "tidak berlaku: putaran 2 dimulai pada baris 2"
    assert (again.verdict, last.verdict) == ("masih berjalan", "belum dijalankan")
    assert "sekarang" not in again.runs[0]


def ended_by(office: Office, act: str, **blanks: object) -> CheckedRound:
    """The round of a case that an act ended before it was raised, ten minutes after it came."""
    [case] = office.receive(at=moment("11.00"), opened_at=moment("10.58"), until="raise")
    office.do([case], act, at=moment("11.10"), **blanks)
    sample = checked_sample(viewer(office["kadis"]), asked(60), office.at)[0]
    [made] = [one for one in sample.cases if one.complaint.id == case]
    return made.rounds[0]


@pytest.mark.parametrize(
    ("act", "why", "blanks"),
    [("void", "pengaduan dibatalkan", {"reason": "Salah catat"}), ("withdraw", "pengaduan dicabut", {})],
)
def test_a_row_that_never_ran_does_not_apply_says_why_and_stands_in_no_share(
    office: Office, act: str, why: str, blanks: dict[str, str]
) -> None:
    before = sampled(office, 60).tallies
    received, begun, *others = ended_by(office, act, **blanks).rows
    assert received.verdict == "sesuai standar"
    assert begun.verdict == f"tidak dinilai: {why}"
    assert {row.verdict for row in others} == {f"tidak berlaku: {why}"}
    assert {row.total for row in others} == {""}
    after = sampled(office, 60).tallies
    assert [tally.ran for tally in after[2:]] == [tally.ran for tally in before[2:]]
    assert [tally.never for tally in after[2:]] == [tally.never + 1 for tally in before[2:]]


def test_a_row_whose_clock_ran_until_its_case_ended_ran_and_is_not_judged(office: Office) -> None:
    """A row does not apply only if it never ran: this one says how long it did."""
    before = sampled(office, 60).tallies[1]
    row = ended_by(office, "void", reason="Salah catat").rows[1]
    assert (row.acts, row.never, row.total) == ([], "", "10 menit")
    after = sampled(office, 60).tallies[1]
    changes = (after.ran - before.ran, after.unjudged - before.unjudged, after.judged - before.judged)
    assert (*changes, after.never - before.never) == (1, 1, 0, 0)
    case = max(one.complaint.id for one in sampled(office, 60).cases)
    span, measured = sheet_lines(office, case)[1][5].split("\n", 1)
    assert span == "5 Oktober 2026 11.00–11.10"
    assert measured == "Terpakai 10 menit\nStandar 1 jam\nTidak dinilai:\npengaduan dibatalkan"


def test_a_row_that_was_late_when_its_case_was_cancelled_was_late(office: Office) -> None:
    [case] = office.receive(at=moment("09.00"), opened_at=moment("08.58"), until="raise")
    office.do([case], "void", at=moment("11.10"), reason="Salah catat")
    made = next(one for one in sampled(office, 60).cases if one.complaint.id == case)
    assert made.rounds[0].rows[1].verdict == "lewat standar"


def test_what_left_a_case_where_it_was_is_no_deviation(office: Office) -> None:
    [case] = office.receive(at=moment("11.00"), until="raise")
    office.do([case], "supplement", statement="Foto rumah menyusul")
    office.do([case], "hold")
    [made] = [one for one in sampled(office, 60).cases if one.complaint.id == case]
    kinds = {kind: " ".join(act.words for act in acts) for kind, acts in made.rounds[0].beside.items()}
    assert list(kinds) == ["Di luar alur baku", "Langkah lain"]
    assert "menunda penanganan" in kinds["Di luar alur baku"]
    assert "menambah keterangan" in kinds["Langkah lain"]
    assert "menambah keterangan" not in kinds["Di luar alur baku"]


@pytest.mark.only("sqlite")
def test_what_was_done_before_its_act_was_renamed_is_listed_in_the_same_row(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed_rows() -> list[object]:
        return [([row.acts for row in one.rows], one.beside) for one in sampled(office, 60).cases[0].rounds]

    before, now = listed_rows(), replace(vocabulary().transitions["raise"], key="lift")
    rows = tuple(
        replace(row, transitions=tuple(now if act.key == "raise" else act for act in row.transitions)) for row in ROWS
    )
    monkeypatch.setattr(flow, "PROCEDURES", (Procedure(rows, DETOURS, FINALS, (Former(key="raise", now=now.key),)),))
    assert listed_rows() == before


@pytest.mark.only("sqlite")
def test_what_goes_on_in_a_later_round_leaves_the_first_one_as_it_was(office: Office) -> None:
    def listed_rows() -> tuple[list[object], list[object]]:
        first, second = sampled(office, 60).cases[0].rounds
        return tuple([(row.papers, row.time.waiting) for row in one.rows] for one in (first, second))

    (first, _), case = listed_rows(), sampled(office, 60).cases[0].complaint.id
    office.bring([case], "deliver")
    office.at += timedelta(hours=1)
    after, second = listed_rows()
    assert after == first
    assert [papers for papers, _ in second if papers]
    assert second[current_procedure().row_no("deliver") - 1][1] == timedelta(hours=1)


def sheet_lines(office: Office, case: int) -> list[list[str]]:
    """The rows that the sheet prints of a case."""
    sample = sampled(office, 60)
    content = compliance_sheet(sample, by=office["kadis"], at=sample.at, demo=False)
    rows = content["ruled"]["rows"]
    starts = [place for place, row in enumerate(rows) if row[0]] + [len(rows)]
    place = next(at for at, checked in enumerate(sample.cases) if checked.complaint.id == case)
    return rows[starts[place] : starts[place + 1]]


def test_of_a_rahasia_case_the_sheet_prints_lanes_without_people_units_reasons_and_numbers(office: Office) -> None:
    [case] = office.receive(category=SECRET)
    office.bring([case], "approve")
    office.do([case], "send_back", reason="Fakta belum cukup mendukung kesimpulan")
    office.bring([case], CLOSED)
    lines = sheet_lines(office, case)
    printed = "\n".join("\n".join(line[2:]) for line in lines)
    assert lines[0][1].splitlines()[1:] == ["Rahasia", "Selesai"], "as the register says of it, too"
    people = [*User.select()]
    assert not [person.name for person in people if person.name in printed]
    assert not [post.title for post in Post.select() if post.title in printed.upper() and post.title != "KEPALA DINAS"]
    assert not [unit.code for unit in Division.select() if unit.code in printed or str(unit) in printed]
    assert "Fakta belum cukup" not in printed
    numbers = [row.number for row in Paper.select().where(Paper.complaint == case)]
    assert not [number for number in numbers if number in printed]
    assert [line.split(" me")[0] for line in lines[0][3].splitlines()] == [LANES[PETUGAS]]
    assert "Bidang menindaklanjuti disposisi, " in printed
    [plain] = office.receive()
    assert "Rahasia" not in sheet_lines(office, plain)[0][1]
    [beside] = [line for line in lines if line[2] == "Di luar alur baku"]
    assert re.fullmatch(r"Langkah tidak dicetak, 5 Oktober 2026 \d\d\.\d\d", beside[3])  # its name may tell of the case


@pytest.mark.parametrize(
    ("until", "acts", "lane"),
    [
        ("handle", ("hold", "resume"), BIDANG),
        ("raise", ("hold", "resume"), PETUGAS),
        ("raise", ("raise", "recall"), PETUGAS),
    ],
)
def test_the_lane_of_a_pause_is_that_whose_turn_it_was_and_of_a_recall_that_of_the_act(
    office: Office, until: str, acts: tuple[str, ...], lane: str
) -> None:
    [case] = office.receive(category=SECRET)
    office.bring([case], until)
    for act in acts:
        office.do([case], act)
    [made] = [one for one in sampled(office, 60).cases if one.complaint.id == case]
    assert {act.lane for act in made.rounds[0].beside["Di luar alur baku"]} == {LANES[lane]}


def test_a_paused_row_ran_until_the_pause_and_says_since_when(office: Office) -> None:
    [case] = office.receive(at=moment("09.00"), opened_at=moment("08.58"), until="raise")
    office.do([case], "hold", at=moment("09.30"))
    office.at += timedelta(hours=3)
    row = next(one for one in sampled(office, 60).cases if one.complaint.id == case).rounds[0].rows[1]
    paused = "5 Oktober 2026 09.00–09.30 (30 menit), ditunda sejak 5 Oktober 2026 09.30 sampai 12 Oktober 2026"
    assert (row.runs, row.verdict) == ([paused], "ditunda")
    assert sheet_lines(office, case)[1][5] == f"{paused}\nStandar {row.time.standard}\nDitunda"
    office.do([case], "resume")
    row = next(one for one in sampled(office, 60).cases if one.complaint.id == case).rounds[0].rows[1]
    assert row.verdict == "masih berjalan"
    assert row.runs[0].startswith("sejak ")


def test_a_sheet_names_the_kinds_of_steps_beside_the_rows_that_it_has(office: Office) -> None:
    def told() -> object:
        sample = sampled(office, 60)
        return compliance_sheet(sample, by=office["kadis"], at=sample.at, demo=False)["steps_beside"]

    [case] = office.receive(until="raise")
    assert "Langkah lain" not in str(told())
    office.do([case], "supplement")
    assert told() == ["Di luar alur baku", "Langkah lain"]


def test_a_row_that_was_held_says_that_the_pause_is_not_counted(office: Office) -> None:
    [case] = office.receive(at=moment("09.00"), opened_at=moment("08.58"), until="raise")
    office.do([case], "hold", at=moment("09.10"))
    office.do([case], "resume", at=moment("11.10"))
    office.do([case], "raise", at=moment("11.15"))
    office.do([case], "dispose", at=moment("11.20"))
    first, second = (sheet_lines(office, case)[no][5] for no in (0, 1))
    [span, *values] = second.splitlines()
    assert span == "5 Oktober 2026 09.00–11.20"
    assert values == ["Terpakai 20 menit di luar masa tunda", "Standar 1 jam", "Sesuai standar"]
    assert "masa tunda" not in first


def row_of(office: Office, case: int, key: str) -> CheckedRow:
    [made] = [one for one in sampled(office, 60).cases if one.complaint.id == case]
    return next(row for row in made.rounds[-1].rows if row.time.row.key == key)


def cell_of(office: Office, case: int, key: str, column: int) -> str:
    """What the sheet prints of a row."""
    heading = row_of(office, case, key).time.heading
    return next(line[column] for line in sheet_lines(office, case) if line[2].startswith(heading))


def test_a_row_that_began_with_its_own_end_is_not_judged(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    row = row_of(office, case, "deliver")
    assert (row.verdict, row.total, row.minutes) == ("tidak dinilai: waktu mulainya tidak dicatat", "", None)
    assert "0 menit" not in cell_of(office, case, "deliver", 5)
    assert cell_of(office, case, "deliver", 5).endswith("\nTidak dinilai:\nwaktu mulainya tidak dicatat")


def unjudged_of(office: Office) -> dict[str, int]:
    """By row, how many cases the recap of the day names as not judged."""
    rows = row_statistics(viewer(office["kadis"]), Period(MONDAY.date(), MONDAY.date()))
    return {row.row.key: row.unjudged for row in rows}


def test_a_row_that_began_with_its_own_end_is_neither_counted_nor_a_median_of_zero(office: Office) -> None:
    before = unjudged_of(office)["deliver"]
    [case] = office.receive()
    office.bring([case], CLOSED)
    period = Period(MONDAY.date(), MONDAY.date())
    row = next(row for row in row_statistics(viewer(office["kadis"]), period) if row.row.key == "deliver")
    assert (row.cases, row.late, row.working, row.calendar, row.unjudged) == (0, 0, None, None, before + 1)


def judged_of(sample: Sample) -> dict[str, set[int]]:
    """By row, the cases of which the check judges a run that has ended."""
    judged: dict[str, set[int]] = {row.key: set() for row in vocabulary().rows}
    for case in sample.cases:
        for row in case.rows:
            if any(run.time.ended_at and not run.why_not_judged for run in row.passes):
                judged[row.time.row.key].add(case.complaint.id)
    return judged


def counted_of(who: Viewer, period: Period, at: datetime) -> dict[str, set[int]]:
    """By row, the cases in the list behind the figure of the recap."""
    lists = {row.key: row_figures()[row_figure_keys(row)[0]].condition(period, at) for row in vocabulary().rows}
    return {key: {c.id for c in visible(who.user, Complaint, who).where(which)} for key, which in lists.items()}


def test_the_recap_counts_of_each_row_what_the_check_judges(office: Office) -> None:
    before = unjudged_of(office)
    refused, evening = office.receive(2)
    office.bring([refused, evening], "handle")
    office.do([refused], "refuse", reason="Bukan tugas dan fungsi unit kerja")
    office.bring([evening], "deliver")
    tried = office.at + timedelta(minutes=1)
    office.do([evening], "attempt", at=tried, outcome="reached", tried_at=tried)
    office.do([evening], "deliver", at=tried + timedelta(seconds=20))
    who, period = viewer(office["kadis"]), Period(MONDAY.date(), MONDAY.date())
    judged = judged_of(sampled(office, 60))
    assert counted_of(who, period, office.at) == judged
    assert {row.row.key: row.cases for row in row_statistics(who, period)} == {
        k: len(c) for k, c in judged.items() if c or current_procedure().row_number(k)
    }
    assert refused not in judged["handle"]
    assert evening in judged["deliver"]
    unjudged = unjudged_of(office)
    assert (unjudged["handle"], unjudged["deliver"]) == (before["handle"] + 1, before["deliver"])


@pytest.mark.only("sqlite")
def test_the_recap_of_the_demo_counts_of_each_row_what_the_check_judges(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY):
        who, period = viewer(User.get(username="kadis")), Period.read("2026-01-01", "2026-12-31")
        cases = [
            c.id
            for c in Complaint.select(Complaint.id).where((Complaint.state != OUTSIDE) & (Complaint.elsewhere == ""))
        ]
        sample = checked_sample(
            who, replace(SampleRequest.read("2026-01-01", "2026-12-31", "1", "7"), count=len(cases)), TUESDAY
        )[0]
        judged = judged_of(sample)
        drawn = {case.complaint.id for case in sample.cases}
        counted = {key: of_row & drawn for key, of_row in counted_of(who, period, TUESDAY).items()}
        assert sum(map(len, judged.values())) > 100
        left_out = Complaint.select(Complaint.id).where(Complaint.state.in_([DUPLICATED, VOIDED]))  # of no figure
        apart = {c.id for c in left_out}
        assert counted == {key: of_row - apart for key, of_row in judged.items()}


def test_a_row_that_began_with_an_attempt_is_judged_however_short_it_was(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "deliver")
    tried = office.at + timedelta(minutes=1)
    office.do([case], "attempt", at=tried, outcome="reached", tried_at=tried)
    office.do([case], "deliver", at=tried + timedelta(seconds=20))
    row = row_of(office, case, "deliver")
    assert (row.verdict, row.total) == ("sesuai standar", "kurang dari 1 menit")


def test_what_was_written_up_later_is_not_judged_and_says_so(office: Office) -> None:
    [case] = office.receive(backlog=True, received_at=office.at - timedelta(hours=1))
    assert cell_of(office, case, "receive", 5) == "Tidak dinilai:\ndicatat susulan"
    tally = sampled(office, 60).tallies[0]
    assert (tally.unjudged, tally.judged) == (1, tally.ran - 1)


def test_what_was_done_outside_of_working_hours_is_not_judged(office: Office) -> None:
    evening = moment("20.00")
    [case] = office.receive(at=evening, opened_at=evening - timedelta(minutes=4))
    assert row_of(office, case, "receive").verdict == "tidak dinilai: di luar jam kerja"


def test_a_row_whose_disposition_was_sent_back_says_so_and_is_no_success(office: Office) -> None:
    """Until the row is done: then what finally held is judged, and each time stands on a line of its own."""
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "refuse", reason="Bukan tugas dan fungsi unit kerja")
    assert row_of(office, case, "handle").verdict == "tidak dinilai: disposisi dikembalikan"
    assert cell_of(office, case, "handle", 5).endswith("\nStandar 1 hari kerja\nTidak dinilai:\ndisposisi dikembalikan")
    tally = sampled(office, 60).tallies[current_procedure().row_no("handle") - 1]
    assert tally.unjudged == 1
    office.bring([case], "submit")
    first, second, total = cell_of(office, case, "handle", 5).split("\n", 2)
    assert first.endswith("), disposisi dikembalikan")
    assert second.endswith(")")
    assert total.startswith("Jumlah ")
    assert total.endswith("\nStandar tiap kali 1 hari kerja\nSesuai standar")


def test_a_run_of_two_days_is_written_without_a_dash_that_hangs() -> None:
    noon = moment("12.00")
    ran = RunTime(Norm(60), noon, noon + timedelta(days=1), noon, timedelta(0), 0.0, late=False)
    assert span_words(ran) == "5 Oktober 2026 12.00 s.d. 6 Oktober 2026 12.00"
    assert span_words(replace(ran, ended_at=noon + timedelta(hours=1))) == "5 Oktober 2026 12.00–13.00"


def test_a_nota_dinas_that_waits_for_its_decision_is_listed(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "submit")
    assert cell_of(office, case, "submit", 4) == "–"
    office.bring([case], "approve")
    assert cell_of(office, case, "submit", 4) == "Nota Dinas, menunggu keputusan"
    office.do([case], "hold")
    assert cell_of(office, case, "submit", 4) == "Nota Dinas, menunggu keputusan"
    office.do([case], "resume")
    office.do([case], "send_back", reason="Fakta belum cukup mendukung kesimpulan")
    assert cell_of(office, case, "submit", 4) == "–"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (["Menunggu kelengkapan", "Menunggu kelengkapan dokumen."], "Menunggu kelengkapan dokumen."),
        (["Menunggu kelengkapan.", "Menunggu kelengkapan"], "Menunggu kelengkapan."),
        (["Perlu kunjungan", "Bu Siti belum ditemui."], "Perlu kunjungan. Bu Siti belum ditemui."),
        (["Sudah lengkap?"], "Sudah lengkap?"),
        (["", None], ""),
    ],
)
def test_reasons_are_sentences_and_what_another_repeats_stands_once(typed: list[str | None], printed: str) -> None:
    labels = sorted(REASONS)[:2]
    assert reasons_in(dict(zip(labels, typed, strict=False))) == printed


def test_a_row_of_detours_has_no_empty_cell_but_for_the_notes(office: Office) -> None:
    case = sampled(office, 60).cases[0].complaint.id
    detours = [line for line in sheet_lines(office, case) if line[2].startswith("Di luar alur baku")]
    assert detours
    assert {(*line[4:],) for line in detours} == {("–", "–", "")}


def test_the_tally_of_each_row_is_that_of_its_cases(office: Office) -> None:
    sample = sampled(office, 60)
    assert [tally.mark for tally in sample.tallies] == list(range(1, len(ROWS) + 1))
    assert sample.tallies[0].ran == sample.population
    for tally in sample.tallies:
        assert tally.late == sum(row.late for case in sample.cases for row in case.rows if row.time.row is tally.row)
    assert any(tally.late for tally in sample.tallies)
    last = current_procedure().row_no("deliver") - 1
    assert sample.tallies[last].unsigned == sum(not paper.secret_only for paper in ROWS[last].papers)
    assert Complaint.select().count() == sample.population + 1


@pytest.mark.parametrize(("count", "seed"), [("0", "7"), ("61", "7"), ("x", "7"), ("5", ""), ("5", "a b"), ("5", "é")])
def test_what_is_no_sample_is_refused_with_a_sentence(count: str, seed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        SampleRequest.read(DAY, DAY, count, seed)
