"""A complaint with the data that a step needs, loaded for many at once; and the detour that returned it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.clocks import PauseSpan, RunSpan
from models.case.in_force import WrittenRecord, has_written, is_current, own_units, record_tables, records_of_rows
from models.complaint.accesslog import Seen
from models.complaint.complaint import PENGADU, Addressee, Complaint, Pause, Run, is_erased
from models.complaint.event import Event
from models.complaint.scope import Involved, Viewer, has_acted, relations, shape, viewer, visible
from models.office.contacts import masked_words
from models.office.identity import paper_objection
from models.office.lists import Category
from models.office.people import Acting, User, users_with_units
from models.office.settings import Settings, values
from models.records.base import Blanks
from models.records.registry import RECORDS
from models.store import master_cache, prepared
from models.store.base import Columns, Model, RowsByTable, rows_of_tables
from models.store.master_cache import copied
from sop import rules
from sop.access import OF_A_POST, lanes, may_read, performers
from sop.clock import WIB
from sop.flow import Procedure
from sop.procedure import BACK, BIDANG, KEPALA_DINAS, LANES, MARKS, PETUGAS, SAME, Transition
from sop.vocabulary import CHANGED, IMPORT_CHANGED, IMPORT_UNDONE, PAUSED, vocabulary
from sop.words import format_moment

MOST_LISTED = 3  # acts listed on a stale page


@dataclass(frozen=True)
class OwnAccess:
    """An entry of the access log: the user opened a part of the case, or a number, in this version."""

    version: int
    at: datetime
    what: str


@dataclass
class Case:
    """One complaint at one moment, as seen by one user."""

    complaint: Complaint
    category: Category
    user: User
    at: datetime
    settings: Settings
    procedure: Procedure = field(init=False)  # of its present round
    relations: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    pengadu: str = ""
    records: dict[str, WrittenRecord] = field(default_factory=dict)  # in force, by key
    drafts: dict[str, WrittenRecord] = field(default_factory=dict)
    previous: dict[str, WrittenRecord] = field(default_factory=dict)  # the latest of the round, in force or not
    made: list[WrittenRecord] = field(default_factory=list)  # all final records of the round, oldest first
    stored_records: list[WrittenRecord] = field(default_factory=list)  # all there are, of other rounds too
    runs: list[RunSpan] = field(default_factory=list)  # of the round, in order
    pauses: list[PauseSpan] = field(default_factory=list)
    all_runs: list[RunSpan] = field(default_factory=list)  # of all rounds
    all_pauses: list[PauseSpan] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)  # names by id of users who opened the present version
    own_accesses: list[OwnAccess] = field(default_factory=list)  # the user's, oldest first
    units: frozenset[int] = frozenset()  # the user's own and those that he heads
    erased: bool = False  # its data key was destroyed
    is_author: bool = False  # the user wrote or submitted the text to be decided on
    leg: int = 0  # number of the assignment that a record made now belongs to (a disposition starts one)
    who: Viewer | None = None  # the user's rights at that moment

    def __post_init__(self) -> None:
        self.procedure = self.complaint.procedure

    @property
    def awaited_act(self) -> Transition | None:
        """The awaited act; None in a final state."""
        return self.procedure.transitions.get(self.complaint.state)

    @property
    def contact_attempts(self) -> list[WrittenRecord]:
        """The attempts to reach the pengadu under the disposition and revision in force."""
        return [r for r in self.made if r.key == "attempt" and is_current(r, self.complaint)]

    @property
    def reached_at(self) -> datetime | None:
        """When the pengadu was reached, if the row's clock has started."""
        run = self.run
        return run.started_at if run else None

    @property
    def run(self) -> RunSpan | None:
        """The open run of the row whose act is awaited."""
        return next((run for run in reversed(self.runs) if run.is_open), None)

    def blanks_in_force(self, key: str) -> Blanks:
        """The blanks of the record of this kind in force; empty if there is none."""
        return self.records[key].blanks if key in self.records else {}

    def blanks_before(self, key: str) -> Blanks:
        """The blanks of the latest record of this kind, in force or not; empty if there is none."""
        return self.previous[key].blanks if key in self.previous else {}

    def facts(self, version: int | None = None) -> rules.CaseFacts:
        """The input of the rules; `version` is the one shown on the user's page."""
        c = self.complaint
        return rules.CaseFacts(
            number=c.number,
            procedure=self.procedure,
            state=c.state,
            relations=self.relations,
            lanes=self.lanes,
            back=c.back,
            records_in_force=frozenset(self.records),
            opened=", ".join(name for user, name in self.seen.items() if user != self.user.id),
            last=c.last_act,
            is_author=self.is_author,
            own_unit=c.unit_id in self.units,
            erased=self.erased,
            marks=self.marks,
            paper_objection=paper_objection(self.settings),
            **self._since(version),
        )

    def _since(self, version: int | None) -> dict[str, str]:
        """Who changed the case since the version shown on the page, and the acts, newest first; empty if unchanged."""
        if version is None or version == self.complaint.version:
            return {}
        after = (
            (Event.complaint == self.complaint)
            & (Event.version > version)
            & Event.act.in_([*vocabulary().acts, *_OTHER_DEEDS])
        )
        events = list(Event.select().where(after).order_by(Event.id.desc()).limit(MOST_LISTED))
        who = events[0].who if events else "orang lain"
        did = {key: act.did for key, act in vocabulary().acts.items()} | _OTHER_DEEDS
        acts = (f"{did[e.act]} ({format_moment(e.at)}{f', {e.who}' if e.who != who else ''})" for e in events)
        return {"stale": who, "since": "; ".join(acts)}

    def calls_for(self, transition: Transition) -> bool:
        """Whether the case has the mark that requires this act, and no act has settled it yet."""
        if transition.called_by not in self.marks or self.complaint.state not in self.procedure.starts(transition):
            return False
        answers = {key for act in self.procedure.settling_acts(transition) for key in vocabulary().keys_of(act)}
        return not any(record.act in answers and not record.recalled for record in self.made)

    @property
    def marks(self) -> frozenset[str]:
        """The marks set on the case that can require an act."""
        return frozenset(mark for mark in MARKS if getattr(self.complaint, mark))

    def refusal_of(self, transition: Transition) -> str:
        """The sentence why the user cannot do this now, "" if he can."""
        return rules.refusal(transition, self.facts())

    def deputy(self, transition: Transition) -> Acting | None:
        """The Plh. by decree for the post in which the user would take a step; None if there is none, or if he may take
        the step without a post."""
        c = self.complaint
        awaited = self.procedure.transitions.get(c.back if c.state == PAUSED else c.state)
        by = performers(transition, awaited) & self.relations
        if self.who is None or not by or by - OF_A_POST:
            return None
        return self.who.deputies.get(None if KEPALA_DINAS in by else c.unit_id)


ActingUnits = tuple[int | None, ...] | None


def acting_units(step: Transition, case: Case, *, awaited: str = "", unit: int | None = None) -> ActingUnits:
    """The posts in which a step is taken, by unit id (None: the office); empty for a Petugas; None if undetermined.

    `awaited` is the step that was awaited, for detours open to its actor; `unit` is the unit that led before.
    """
    if step.actor in LANES and len(lanes(step)) > 1:
        return None
    turn = case.procedure.transitions.get(awaited)
    actor = step.actor if step.actor in LANES else turn.actor if turn else ""
    if actor == BIDANG:
        leads = unit or case.complaint.unit_id or case.category.emergency_unit_id
        return (leads,) if leads else ()
    return {KEPALA_DINAS: (None,), PETUGAS: ()}.get(actor)


_OTHER_DEEDS = {  # changes that raise the version but are not acts of the table
    "draft": "menyimpan konsep",
    CHANGED: "menyesuaikan pengaduan dengan perubahan SOP",
    IMPORT_CHANGED: "memperbarui pengaduan impor",
    IMPORT_UNDONE: "membatalkan impor berkas",
}


def load(
    ids: Sequence[int], user: User, at: datetime, *, who: Viewer | None = None, brief: bool = False
) -> dict[int, Case]:
    """The cases among `ids` that the user may see, by id, in the order of ids, with two statements. `brief` loads only
    what the rules need: without clocks and blanks of the records."""
    who = who or viewer(user, at.astimezone(WIB).date())
    rows = prepared.run(("load", *shape(who)), lambda: _readable(who).order_by(Complaint.id), ids)
    stored = rows_of_tables(_tables(brief=brief), "complaint_id", [c.id for c in rows])
    involved = Involved([Addressee(**row) for row in stored[Addressee]], {c.id for c in rows if c.acted})
    cases = _cases_of(rows, relations(who, rows, involved), user, at, who)
    stored = {model: [row for row in of_all if row["complaint"] in cases] for model, of_all in stored.items()}
    _fill_records(cases, stored)
    _fill_seen(cases, stored[Seen], involved, who)
    if not brief:
        _fill_times(cases, stored)
    return cases


def _readable(who: Viewer) -> Any:
    """The complaints given, of those that the user may see, with what a case needs of other tables."""
    return (
        visible(who.user, Complaint, who)
        .where(prepared.is_given(Complaint.id))
        .select_extend(
            is_erased().alias("erased"),
            PENGADU.alias("pengadu_name"),
            has_written(who).alias("is_author"),
            (Complaint.emergency & Complaint.unit.is_null(False) & has_acted()).alias("acted"),
        )
    )


def _cases_of(
    rows: Sequence[Any], related: dict[int, frozenset[str]], user: User, at: datetime, who: Viewer
) -> dict[int, Case]:
    """The cases of these complaints that the user may read by his relations to each."""
    day, own = at.astimezone(WIB).date(), own_units(who)
    settings = who.settings if who.day == day else values(day)
    shared = master_cache.rows_by_id(Category, [c.category_id for c in rows])
    categories = {number: copied(shared[number]) for number in {c.category_id for c in rows}}
    return {
        c.id: Case(
            c,
            categories[c.category_id],
            user,
            at,
            settings,
            related[c.id],
            who.lanes,
            masked_words(c.pengadu_name or ""),
            units=own,
            erased=bool(c.erased),
            is_author=bool(c.is_author),
            leg=c.leg,
            who=who,
        )
        for c in rows
        if may_read(c.secrecy, related[c.id])
    }


def _tables(*, brief: bool) -> dict[type[Model], Iterable[pw.Field]]:
    """The tables and columns that are read of each case."""
    clocks = {} if brief else {Run: (Run.complaint, *RunSpan.columns()), Pause: (Pause.complaint, *PauseSpan.columns())}
    seen = Seen.complaint, Seen.user, Seen.version, Seen.at, Seen.what
    return {**record_tables(brief=brief), **clocks, Addressee: Addressee._meta.sorted_fields, Seen: seen}


def _fill_records(cases: dict[int, Case], stored: RowsByTable) -> None:
    for number, own in records_of_rows([case.complaint for case in cases.values()], stored).items():
        case = cases[number]
        case.records, case.drafts, case.previous, case.made = own.records, own.drafts, own.previous, own.made
        case.stored_records = own.stored_records


def _fill_times(cases: dict[int, Case], stored: RowsByTable) -> None:
    """The runs and pauses, those of the present round apart."""
    for row in stored[Run]:
        case = cases[row.pop("complaint")]
        run = RunSpan(**row)
        case.all_runs.append(run)
        if run.round == case.complaint.round:
            case.runs.append(run)
    for row in stored[Pause]:
        case = cases[row.pop("complaint")]
        pause = PauseSpan(**row)
        case.all_pauses.append(pause)
        if pause.round == case.complaint.round:
            case.pauses.append(pause)


def _fill_seen(cases: dict[int, Case], rows: list[Columns], involved: Involved, who: Viewer) -> None:
    """Fill `own_accesses`, and `seen`, which ends the right to recall: only with users who may perform the awaited
    act."""
    opened: dict[int, dict[int, Complaint]] = {}
    for row in rows:
        case, user = cases[row["complaint"]], row["user"]
        if user == who.user.id:
            case.own_accesses.append(OwnAccess(row["version"], row["at"], row["what"]))
        if row["version"] >= case.complaint.version and user != case.complaint.last_by_id:
            opened.setdefault(user, {})[case.complaint.id] = case.complaint
    users = users_with_units(opened)
    for user, complaints in opened.items():
        if user == who.user.id:
            name, related = who.user.name, {number: cases[number].relations for number in complaints}
        else:
            name = users[user].name
            related = relations(viewer(copied(users[user])), complaints.values(), involved)
        for number, relations_to_case in related.items():
            awaited = cases[number].awaited_act
            if awaited and performers(awaited) & relations_to_case:
                cases[number].seen[user] = name


_PASSING = (PAUSED, BACK)  # targets of pauses and recalls: afterwards the reason before them applies again


@dataclass(frozen=True)
class CameBack:
    """The act that returned a case, and its record."""

    act: Transition
    record: WrittenRecord

    @property
    def heading(self) -> str:
        """The act and its actor where the table names one: "Dikembalikan Kepala Dinas"."""
        return " ".join(filter(None, (self.act.done[1].capitalize(), LANES.get(self.act.actor))))

    @property
    def asks_anew(self) -> bool:
        """Whether the act requires a new revision of a text."""
        return self.act.effect == "new_revision"


def came_back(case: Case) -> CameBack | None:
    """Why the case was returned, while the step to which it returned is awaited; None if it was not returned."""
    detours = list(_detours(case))
    if not detours or detours[0].record.made_at != case.complaint.state_since:
        return _rewritten(case)
    if case.complaint.state == PAUSED:
        return detours[0]
    reasons = (detour for detour in detours if detour.act.to not in _PASSING)
    return next(reasons, None) or _rewritten(case) or detours[0]


def _detours(case: Case) -> Iterator[CameBack]:
    """The detours that moved the case since the last main-line step that was not recalled, newest first.

    Only those whose record has a text for the users who handle the case now.
    """
    for record in reversed(case.made):
        act = vocabulary().acts[record.act]
        if case.procedure.is_main(act) and not record.recalled:
            return
        if not case.procedure.is_main(act) and act.to != SAME and RECORDS[record.key].gist:
            yield CameBack(act, record)


def _rewritten(case: Case) -> CameBack | None:
    """The act that required the present revision, while its draft steps are awaited; None otherwise."""
    awaited = case.awaited_act
    if case.complaint.revision == 1 or awaited is None or not awaited.draft:
        return None
    made = (CameBack(vocabulary().acts[record.act], record) for record in reversed(case.made))
    return next((back for back in made if back.asks_anew and back.record.leg == case.complaint.leg), None)
