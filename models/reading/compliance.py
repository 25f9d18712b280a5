"""Compliance check: a random sample of cases by a seed, each compared with the SOP."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from heapq import nsmallest
from typing import Any

from models.case.access_notes import without_hidden_cases
from models.case.case import Case, load
from models.case.clocks import (
    MINUTE,
    OfRow,
    PauseSpan,
    RowTime,
    RunSpan,
    RunTime,
    minutes,
    norms_in_words,
    row_times,
)
from models.complaint.complaint import Complaint, Pause, Run
from models.complaint.event import Event, bodies, open_seals
from models.complaint.paper import Paper, is_signed, is_superseded, is_unsigned, is_void
from models.complaint.scope import Viewer, visible
from models.office.calendar import clock
from models.office.people import User
from models.reading.compliance_rows import (
    DEVIATIONS,
    FOR_PENGADU,
    NOT_CHECKED,
    OTHER_STEPS,
    SOMEBODY,
    STATUSES,
    UNDECIDED,
    UNSIGNED,
    CheckedAct,
    CheckedPaper,
    CheckedRound,
    CheckedRow,
    CheckedRun,
)
from models.reading.figures import APART
from models.reading.period import Period
from models.records.fields import ReasonField
from models.records.in_words import in_order, value_in_words
from models.records.registry import RECORDS
from models.store.base import among
from sop.access import lanes
from sop.flow import Procedure, current_procedure
from sop.procedure import LANES, LAST, SAME, Row, Transition
from sop.vocabulary import OUTSIDE, PAUSED, vocabulary
from sop.words import format_number, in_a_sentence

SEED = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
MOST = 60  # cases of a sample
SEED_NAME = "Nomor pengambilan sampel"  # to an inspector, who has never heard of a seed
REDRAWN = (
    "Dengan nomor, rentang, dan jumlah yang sama akan terambil pengaduan yang sama, selama pengaduan dalam rentang itu "
    "tidak bertambah."
)
NEVER_DRAWN = "Yang selesai di luar panel tidak diambil, karena tidak melalui SOP."
NO_SEED = f"Isi {SEED_NAME.lower()} dengan 1 sampai 20 huruf, angka, atau tanda hubung."
NO_COUNT = f"Isi banyaknya pengaduan, dari 1 sampai {MOST}."


@dataclass(frozen=True)
class SampleRequest:
    """A sample to draw: the period of receipt, the number of cases, and the seed."""

    period: Period
    count: int
    seed: str

    @classmethod
    def read(cls, first: str, last: str, count: str, seed: str) -> "SampleRequest":
        """Parse typed values; ValueError with a sentence if they are not valid."""
        period = Period.read(first, last)
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= MOST):
            raise ValueError(NO_COUNT)
        if not SEED.fullmatch(seed):
            raise ValueError(NO_SEED)
        return cls(period, int(count), seed)

    @property
    def words(self) -> str:
        return f"{self.period.words}; {self.count} pengaduan; {SEED_NAME.lower()} {self.seed}"


@dataclass(frozen=True)
class DrawnCases:
    """The drawn ids in ascending order, the number of cases from which they were drawn, and of these those that the
    recap does not count as received, by state."""

    ids: list[int]
    population: int
    apart: dict[str, int]


def draw(who: Viewer, asked: SampleRequest) -> DrawnCases:
    """Draw the cases with the smallest hash of seed and public id, so that an added case does not reorder the others.

    Cases settled outside the panel, or already ended when imported, never went through the SOP and are left out.
    """
    within = (Complaint.received_at >= asked.period.begins) & (Complaint.received_at < asked.period.ends)
    by_sop = within & (Complaint.state != OUTSIDE) & (Complaint.elsewhere == "")
    columns = (Complaint.id, Complaint.public_id, Complaint.state)
    rows = list(visible(who.user, Complaint, who).where(by_sop).select(*columns).tuples())
    hashed = [
        (blake2b(f"{asked.seed}/{public}".encode(), digest_size=16).digest(), number) for number, public, _ in rows
    ]
    apart = Counter(state for *_, state in rows if state in APART)
    ids = sorted(number for _, number in nsmallest(asked.count, hashed))
    return DrawnCases(ids, len(hashed), {state: apart[state] for state in vocabulary().states if apart[state]})


UNKNOWN_START = "waktu mulainya tidak dicatat"
REASONS = frozenset(  # labels of the blanks with a reason
    str(blank.verbose_name)
    for model in RECORDS.values()
    for blank in model.blanks()
    if isinstance(blank, ReasonField) or blank.name == "note"
)


@dataclass(frozen=True)
class CheckedCase:
    complaint: Complaint
    rounds: list[CheckedRound]

    @property
    def number(self) -> str:
        return str(self.complaint.number or "belum bernomor")

    @property
    def rows(self) -> list[CheckedRow]:
        return [row for passage in self.rounds for row in passage.rows]


@dataclass(frozen=True)
class RowTally(OfRow):
    """Counts of one SOP row in the sample: run, late, run but not judged, not applicable, and papers that lack a
    signature."""

    no: int  # 0: no longer in the table
    row: Row
    norm: str
    ran: int
    late: int
    unjudged: int
    never: int
    unsigned: int

    @property
    def judged(self) -> int:
        """Those of which some share is late."""
        return self.ran - self.unjudged


@dataclass(frozen=True)
class Sample:
    """A drawn sample with its cases at a moment."""

    asked: SampleRequest
    at: datetime
    population: int
    apart: dict[str, int]  # of the population, by state
    cases: list[CheckedCase]
    reads_all: bool

    @property
    def population_words(self) -> str:
        """How the population differs from what the recap counts as received in the same period."""
        states = [f"{format_number(count)} {in_a_sentence(vocabulary().states[n])}" for n, count in self.apart.items()]
        counted = format_number(self.population - sum(self.apart.values()))
        apart = f"; {' dan '.join(states)} dihitungnya tersendiri" if states else ""
        return f"Rekapitulasi menghitung {counted} di antaranya sebagai “masuk”{apart}. {NEVER_DRAWN}"

    @property
    def tallies(self) -> list[RowTally]:
        """Counts for each row of the present table, followed by removed rows that a case went through."""
        checked = [row for case in self.cases for row in case.rows]
        tallies = [_tally(row, [own for own in checked if own.time.row.key == row.key]) for row in vocabulary().rows]
        return [tally for tally in tallies if tally.no or tally.ran]


def checked_sample(who: Viewer, asked: SampleRequest, at: datetime) -> tuple[Sample, list[Case]]:
    """The sample and its cases; the caller must log the cases as read before showing the sample."""
    drawn = draw(who, asked)
    cases = load(drawn.ids, who.user, at, who=who)
    written = _StoredHistory(list(cases.values()), at)
    checked = [CheckedCase(case.complaint, written.rounds_of(case.complaint)) for case in cases.values()]
    return Sample(asked, at, drawn.population, drawn.apart, checked, who.reads_all), list(cases.values())


def _tally(row: Row, rows: Sequence[CheckedRow]) -> RowTally:
    ran = [checked for checked in rows if checked.was_begun and not checked.never]
    number, never = current_procedure().row_number(row.key), sum(bool(checked.never) for checked in rows)
    norm = norms_in_words(run.norm for checked in ran for run in checked.time.runs) or str(row.norm)
    unsigned = sum(paper.signature_status == UNSIGNED for checked in rows for paper in checked.papers)
    late, unjudged = sum(checked.late for checked in ran), sum(bool(checked.why_not_judged) for checked in ran)
    return RowTally(number, row, norm, len(ran), late, unjudged, never, unsigned)


Place = tuple[int, int]  # (case, round)


class _StoredHistory:
    """Events, papers, runs and pauses of the cases, loaded with one statement each."""

    def __init__(self, cases: list[Case], at: datetime) -> None:
        self.ids, self.at, self.clock = [case.complaint.id for case in cases], at, clock()
        self.user = cases[0].user if cases else None
        self.procedures = {case.complaint.id: case.procedure for case in cases}
        self.acts: dict[tuple[Place, int], list[CheckedAct]] = defaultdict(list)
        self.beside: dict[Place, dict[str, list[CheckedAct]]] = defaultdict(lambda: {DEVIATIONS: [], OTHER_STEPS: []})
        self.ended: dict[Place, str] = {}  # the final state in which a round ended
        self.papers: dict[tuple[Place, int], list[CheckedPaper]] = defaultdict(list)
        self.moves: dict[Place, list[tuple[datetime, Transition]]] = defaultdict(list)  # of acts beside the rows
        self.runs: dict[Place, list[RunSpan]] = defaultdict(list)
        self.pauses: dict[Place, list[PauseSpan]] = defaultdict(list)
        self._read_events()
        self._read_papers()
        self._read_times()

    def rounds_of(self, c: Complaint) -> list[CheckedRound]:
        rounds = []
        for number in range(1, c.round + 1):
            place = (c.id, number)
            awaited = c.procedure.row_no(c.state) if number == c.round else None
            times = row_times(c.procedure, self.clock, self.runs[place], self.pauses[place], self.at, awaited)
            paused_at = next((pause.started_at for pause in self.pauses[place] if pause.ended_at is None), None)
            begun = min((time.no for time in times if time.runs or self.acts[place, time.no]), default=0)
            rows = [
                CheckedRow(
                    time,
                    [self._checked_run(place, time, run) for run in time.runs],
                    self.acts[place, time.no],
                    [*_by_title(self.papers[place, time.no]), *_undecided(c, number, time)],
                    self._never(c, place, time, begun),
                    _unmeasured(c, time),
                    paused_at,
                    c.paused_until,
                )
                for time in times
            ]
            beside = {kind: acts for kind, acts in self.beside[place].items() if acts}
            rounds.append(CheckedRound(number, rows, beside))
        return rounds

    def _checked_run(self, place: Place, time: RowTime, run: RunTime) -> CheckedRun:
        """A run with the act beside the rows that ended it; an act of the row itself ends it as it should."""
        beside = self.moves[place]
        ended_by = next((act for at, act in beside if at == run.ended_at and act.to != SAME), None)
        broken_off = _broken_off(self.procedures[place[0]], ended_by) if ended_by else ""
        ended = [(pause.started_at, pause.ended_at) for pause in self.pauses[place] if pause.ended_at]
        was_held = any(since < (run.ended_at or self.at) and run.started_at < until for since, until in ended)
        return CheckedRun(run, broken_off, _unmeasured_run(time.row, run), was_held)

    def _never(self, c: Complaint, place: Place, time: RowTime, begun: int) -> str:
        """Why a row of a round never ran and never will; "" if it ran or may still come. `begun` is the number of the
        row in which the round began."""
        if self.acts[place, time.no] or time.runs or not time.no:
            return ""
        if time.no < begun:
            return "pengaduan dari berkas impor" if place[1] == 1 else f"putaran {place[1]} dimulai pada baris {begun}"
        ended = c.state if place[1] == c.round else self.ended.get(place, "")
        if ended not in c.procedure.finals:
            return ""
        return f"{_ended_words(c.procedure, ended)}{' tanpa baris ini' if ended == c.procedure.closed else ''}"

    def _read_events(self) -> None:
        asked = among(Event.complaint, self.ids) & Event.act.in_(list(vocabulary().acts))
        events = list(Event.select().where(asked).order_by(Event.id)) if self.user else []
        opened = bodies(events, open_seals(self.ids)) if events else {}
        roles = dict(User.select(User.id, User.role).tuples()) if events else {}
        moved: dict[int, str] = {}  # the lane of the last act that moved each case
        filled = without_hidden_cases((in_order(opened[event.id]) for event in events), self.user) if self.user else []
        for event, blanks in zip(events, filled, strict=True):
            act, place = vocabulary().acts[event.act], (event.complaint_id, event.round)
            procedure = self.procedures[event.complaint_id]
            lane = lane_of(act, event, roles.get(event.user_id, ""), procedure)
            if act.actor == LAST:
                lane = moved.get(event.complaint_id, SOMEBODY)
            if act.to != SAME:
                moved[event.complaint_id] = lane
            if no := procedure.row_number(event.act):  # knows former keys, too
                self.acts[place, no].append(CheckedAct(lane, event.who, act.did, event.at))
            else:
                kind = OTHER_STEPS if act.to == SAME else DEVIATIONS
                self.beside[place][kind].append(CheckedAct(lane, event.who, act.did, event.at, reasons_in(blanks)))
                self.moves[place].append((event.at, act))
            if (state := procedure.target(act, state="")) in procedure.finals:
                self.ended[place] = state

    def _read_papers(self) -> None:
        columns = (Paper.complaint, Paper.round, Paper.kind, Paper.number)
        flags = (is_void(), is_superseded(), is_unsigned(), is_signed())  # in the order of STATUSES
        rows = Paper.select(*columns, *flags).where(among(Paper.complaint, self.ids)).order_by(Paper.id)
        for case, number, kind, text, *so in rows.tuples() if self.ids else ():
            no = self.procedures[case].row_number(self.procedures[case].issuers[kind].key)
            if no:
                paper = vocabulary().papers[kind]
                unchecked = f"{FOR_PENGADU}, {NOT_CHECKED}" if paper.side else NOT_CHECKED
                status = next((words for words, is_so in zip(STATUSES, so, strict=True) if is_so), unchecked)
                self.papers[(case, number), no].append(CheckedPaper(paper.title, text, status))

    def _read_times(self) -> None:
        runs = Run.select().where(among(Run.complaint, self.ids)).order_by(Run.id) if self.ids else ()
        for run in runs:
            self.runs[run.complaint_id, run.round].append(RunSpan.of(run))
        pauses = Pause.select().where(among(Pause.complaint, self.ids)).order_by(Pause.id) if self.ids else ()
        for pause in pauses:
            self.pauses[pause.complaint_id, pause.round].append(PauseSpan.of(pause))


def _by_title(papers: list[CheckedPaper]) -> list[CheckedPaper]:
    """In order, but a replaced paper directly before the one that took its place."""
    titles = [paper.title for paper in papers]
    return sorted(papers, key=lambda paper: titles.index(paper.title))


def _ended_words(procedure: Procedure, state: str) -> str:
    return f"pengaduan {in_a_sentence(procedure.state_label(state))}"


def _broken_off(procedure: Procedure, act: Transition) -> str:
    """What an act beside the rows made of the row that it ended: pengaduan dicabut, or disposisi dikembalikan."""
    state = procedure.target(act, state="")
    return _ended_words(procedure, state) if state in procedure.finals else _done_words(act)


def _done_words(act: Transition) -> str:
    """disposisi dikembalikan, but Nota Dinas dikembalikan: what an act did, within a sentence."""
    what, *_ = act.done
    is_name = " " in what and what.istitle()
    return " ".join(act.done) if is_name else in_a_sentence(" ".join(act.done))


def _undecided(c: Complaint, round: int, time: RowTime) -> list[CheckedPaper]:
    """The papers that were raised for a decision of another, which is awaited in this row of this round."""
    awaited = c.procedure.transitions.get(c.back if c.state == PAUSED else c.state)
    if round != c.round or not awaited or not awaited.independent or c.procedure.row_number(awaited.key) != time.no:
        return []
    return [CheckedPaper(kind.title, "", UNDECIDED) for kind in awaited.papers if not kind.secret_only]


def _unmeasured_run(row: Row, run: RunTime) -> str:
    """Why a run took no working time: a row that counts from the attempt which reached the pengadu begins with its own
    end where none was recorded. "" for one that took some, or less than a minute."""
    if run.ended_at is None or minutes(run.elapsed):
        return ""
    if row.counts_from == "attempt" and run.started_at == run.ended_at:
        return UNKNOWN_START
    return "di luar jam kerja" if run.ended_at - run.started_at >= MINUTE else ""


def _unmeasured(c: Complaint, time: RowTime) -> str:
    """Why a row in which somebody acted may have no run."""
    if time.row.counts_from == "form" and (c.backlog or c.imported):
        return "dicatat susulan" if c.backlog else "pengaduan dari berkas impor"
    return UNKNOWN_START


def lane_of(act: Transition, event: Event, role: str, procedure: Procedure) -> str:
    """The name of the lane in which a user of this role performed an act; of a pause or its end, that of the step
    awaited before or after."""
    steps = (act, procedure.known.get(event.state_from), procedure.known.get(event.state_to))
    step = next((step for step in steps if step and step.actor in LANES), None)
    if step is None:
        return SOMEBODY
    allowed = lanes(step)  # a user of another role is a deputy
    return LANES[role if role in allowed else min(allowed - {step.actor}, default=step.actor)]


def reasons_in(blanks: Mapping[str, Any]) -> str:
    """The reasons typed for a detour, from its blanks by label, as sentences; without one whose words another has."""
    texts = [value_in_words(value).rstrip(" .;") for label, value in blanks.items() if label in REASONS and value]
    words = {text: set(re.findall(r"\w+", text.lower())) for text in texts}  # once each
    kept = [text for text in words if not any(words[text] < words[other] for other in words)]
    return " ".join(text if text[-1] in "?!" else f"{text}." for text in kept)
