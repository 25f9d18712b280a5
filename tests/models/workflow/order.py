"""A state machine that works the office at random, two people interleaved, and checks the SOP's order."""

import hashlib
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.case.access_notes import note
from models.complaint import event
from models.complaint.complaint import Complaint, Run
from models.complaint.number import Number, NumberVoid
from models.complaint.paper import Paper
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure
from sop.procedure import DETOURS, FINALS
from sop.vocabulary import OUTSIDE, PAUSED, vocabulary
from tests.models.behind import written
from tests.office import Office, copied, dropped, numbers_asked_of, opened

KEYS = [key for key in vocabulary().transitions if key != current_procedure().receive.key]
STATES = {state for state, _ in vocabulary().states.items()} - {OUTSIDE}  # where no act leads
SERIES = {step.series: step.key for step in current_procedure().main_line if step.series}
PAIRS = [
    ("petugas", "kadis"),
    ("petugas", "bidang.rehsos"),
    ("bidang.rehsos", "kadis"),
    ("petugas", "petugas2"),
    ("staf.rehsos", "bidang.ppa"),
]
two = st.integers(0, 1)


class Order(RuleBasedStateMachine):
    """Two complaints, two people who open pages and act (often out of turn), and the office that does its work."""

    template: Path  # set by the test
    samples: dict[str, dict] = {}  # blanks by transition, made once

    starts: dict[tuple[str, bool], tuple] = {}  # prepared databases by where the first complaint stands

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="order"))
        self.cases: list[int] = []
        self.looked_at = 0
        self.expected = 0  # entries in the history
        self.submitted: set[tuple[int, str, int]] = set()  # (case, series, round) whose number must be there
        self.shown: dict[tuple[int, int], int] = {}  # what the pages of the two show: version by (person, case)
        self.pair = PAIRS[0]

    def teardown(self) -> None:
        if self.cases:
            assert event.verify() == (self.expected, "")
            self.connection.__exit__()
        dropped(self.folder / self.template.name)
        shutil.rmtree(self.folder)

    @initialize(pair=st.sampled_from(PAIRS), ahead=st.sampled_from(current_procedure().awaited), urgent=st.booleans())
    def two_complaints_come_in(self, pair, ahead, urgent) -> None:
        if (ahead, urgent) not in self.starts:
            self.prepare(ahead, urgent)
        path, self.cases, self.expected, submitted, at = self.starts[ahead, urgent]
        self.open(path, self.folder)
        self.pair, self.submitted, self.office.at = pair, set(submitted), at

    def prepare(self, ahead: str, urgent: bool) -> None:
        """Two complaints, the first brought ahead: made once, copied for every run that starts so."""
        folder = Path(tempfile.mkdtemp(dir=self.template.parent))
        self.open(self.template, folder)
        self.cases = self.office.receive(2, emergency=urgent)
        self.expected, self.submitted = 2, {(case, current_procedure().receive.series, 1) for case in self.cases}
        while self.the(0).state != ahead:
            self.proceed(0)
        self.connection.__exit__()
        self.starts[ahead, urgent] = (self.office.path, self.cases, self.expected, self.submitted, self.office.at)

    def open(self, template: Path, folder: Path) -> None:
        path = copied(template, folder)
        self.connection = opened(path)
        self.connection.__enter__()
        self.office = Office.at_work(path)

    # The office does its work.

    @rule(which=two)
    def proceed(self, which) -> None:
        """The awaited act, by its actor."""
        state = self.the(which).state
        if state in current_procedure().awaited:
            self.rightly(which, state)

    @rule(which=two)
    def hold_or_resume(self, which) -> None:
        state = self.the(which).state
        if state in vocabulary().open_states:
            self.rightly(which, "resume" if state == PAUSED else "hold")

    @rule(which=two, key=st.sampled_from([step.key for step in DETOURS]))
    def take_a_detour(self, which, key) -> None:
        """Any detour that may begin here, by its actor."""
        case, step = self.the(which), vocabulary().transitions[key]
        if case.state in vocabulary().starts(step):
            self.expected += self.ready(which, step)
            self.try_it([which], key, self.actor(which, key))

    @rule(which=two)
    def reopen(self, which) -> None:
        if self.the(which).state in vocabulary().starts(vocabulary().transitions["reopen"]):
            self.rightly(which, "reopen")

    @rule(which=two)
    def send_back(self, which) -> None:
        if self.the(which).state == "approve":
            self.rightly(which, "send_back")

    @rule()
    def act_on_both_at_once(self) -> None:
        """One act for both: what may not move is refused alone."""
        key = self.the(0).state
        if key in current_procedure().awaited:
            self.try_it([0, 1], key, self.actor(0, key))

    # Two people at their pages.

    @rule(person=two, which=two)
    def open_a_page(self, person, which) -> None:
        user = self.office[self.pair[person]]
        case = workflow.load([self.cases[which]], user, self.office.at).get(self.cases[which])
        if case:
            note(case)
            self.shown[person, which] = case.complaint.version

    @precondition(lambda self: self.shown)
    @rule(person=two, which=two, key=st.sampled_from(KEYS))
    def act_from_an_open_page(self, person, which, key) -> None:
        """From a page that may be old: an old one never moves anything."""
        version = self.shown.get((person, which))
        if version is not None:
            moved = self.try_it([which], key, self.office[self.pair[person]], versions={self.cases[which]: version})
            assert not moved or version + 1 == self.the(which).version

    @rule(person=two, which=two)
    def do_what_is_awaited_whoever_one_is(self, person, which) -> None:
        self.try_it([which], self.the(which).state, self.office[self.pair[person]])

    @rule(person=two, which=two, key=st.sampled_from(KEYS))
    def do_anything(self, person, which, key) -> None:
        self.try_it([which], key, self.office[self.pair[person]])

    @rule(
        person=two, which=two, key=st.sampled_from([step.key for step in current_procedure().main_line if step.draft])
    )
    def write_a_draft(self, person, which, key) -> None:
        before = self.the(which)
        changes = written()
        user = self.office[self.pair[person]]
        outcome = workflow.save_draft(
            before.id, key, by=user, at=self.office.tick(), blanks={"action": "Sedang ditulis."}
        )
        if outcome.done:
            self.expected += 1
            assert before.state == key
            assert self.the(which).version == before.version + 1
        else:
            assert outcome.refused[before.id]
            assert written() == changes

    # How they do it.

    def the(self, which: int) -> Complaint:
        return Complaint.get_by_id(self.cases[which])

    def actor(self, which: int, key: str):
        return self.office.actor(vocabulary().transitions[key], self.cases[which])

    def rightly(self, which: int, key: str) -> None:
        """The right person does the right thing: it must go through."""
        assert self.try_it([which], key, self.actor(which, key)) == [self.cases[which]]

    def ready(self, which: int, step) -> int:
        """Write what a detour needs; how many entries that made."""
        before = event.Event.select().count()
        self.office.ready([self.cases[which]], step.key)
        return int(event.Event.select().count() - before)

    def try_it(self, which, key, by, *, versions=None) -> list[int]:
        """Whatever comes of it: what moved went along the table with one entry each, what did not has its sentence."""
        step = vocabulary().transitions.get(key)
        if step is None:
            return []
        before = {self.cases[w]: self.the(w) for w in which}
        blanks = self.filled(which[0], key)
        changes = written()
        outcome = workflow.advance(before, key, by=by, versions=versions, at=self.office.tick(), blanks=blanks)
        assert sorted([*outcome.done, *outcome.refused]) == sorted(before)
        assert all(outcome.refused.values())
        assert outcome.done or written() == changes
        self.expected += len(outcome.done)
        for case in outcome.done:
            self.moved(before[case], step)
        return outcome.done

    def filled(self, which: int, key: str) -> dict:
        """Samples for the blanks of a transition, as of the first time when it could begin."""
        if key not in self.samples and self.the(which).state in vocabulary().starts(vocabulary().transitions[key]):
            self.samples[key] = self.office.blanks(self.cases[which], key, self.actor(which, key))
        return self.samples.get(key, {}) | dict.fromkeys(numbers_asked_of(key), self.the(0).number)

    def moved(self, before: Complaint, step) -> None:
        now = Complaint.get_by_id(before.id)
        assert before.state in vocabulary().starts(step)
        assert now.state == current_procedure().target(step, state=before.state, back=before.back)
        assert now.version == before.version + 1
        [entry] = event.Event.select().where((event.Event.complaint == now) & (event.Event.version == now.version))
        assert (entry.act, entry.state_from, entry.state_to) == (step.key, before.state, now.state)
        if step.series:
            self.submitted.add((now.id, step.series, now.round))

    # What holds after each act.

    @invariant()
    def what_was_written_is_whole(self) -> None:
        """Looked at whenever something was written since the last time."""
        changes = written()
        if changes != self.looked_at:
            self.looked_at = changes
            assert event.Event.select().count() == self.expected
            self.every_state_is_one_of_the_table_and_no_clock_runs_after_the_end()
            self.a_number_is_there_if_and_only_if_it_was_taken()
            self.every_paper_has_its_hash()
            self.nothing_is_awaited_whose_needs_are_not_in_hand()

    def every_state_is_one_of_the_table_and_no_clock_runs_after_the_end(self) -> None:
        running = [run for (run,) in Run.select(Run.complaint).where(Run.ended_at.is_null()).tuples()]
        for case, state, closed_at in Complaint.select(Complaint.id, Complaint.state, Complaint.closed_at).tuples():
            assert state in STATES
            assert bool(closed_at) == (state in FINALS)
            assert running.count(case) <= (state not in FINALS)

    def a_number_is_there_if_and_only_if_it_was_taken(self) -> None:
        there = list(Number.select(Number.complaint, Number.series, Number.round, Number.place).tuples())
        assert {row[:3] for row in there} == self.submitted
        void = NumberVoid.select(NumberVoid.number)
        valid = Number.select(Number.complaint, Number.series, Number.round).where(Number.id.not_in(void))
        assert max(Counter(valid.tuples()).values(), default=0) <= 1
        for series in SERIES:
            places = sorted(place for _, of, _, place in there if of == series)
            assert places == list(range(1, len(places) + 1))

    def every_paper_has_its_hash(self) -> None:
        for paper in Paper.select(Paper.content, Paper.sha256):
            assert hashlib.sha256(paper.content).hexdigest() == paper.sha256

    def nothing_is_awaited_whose_needs_are_not_in_hand(self) -> None:
        for row in Complaint.select().where(Complaint.state.in_(current_procedure().awaited)):
            for need in vocabulary().transitions[row.state].needs:
                model = RECORDS[need.record]
                records_in_force = (
                    (model.complaint == row) & (model.round == row.round) & ~model.draft & ~model.recalled
                )
                assert model.select().where(records_in_force).exists()
