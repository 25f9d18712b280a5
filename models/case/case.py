"""A complaint with all that a step needs to know of it, loaded for many at once; and which detour brought it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.case.clocks import PauseSpan, RunSpan
from models.case.in_force import WrittenRecord, in_hand, is_current, own_units, written_by
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint, Pause, Run, is_erased, names_by_case
from models.complaint.event import Event
from models.complaint.scope import Viewer, standings, viewer, visible
from models.office.identity import paper_objection
from models.office.lists import Category
from models.office.people import Acting, User
from models.office.settings import Settings, values
from models.records.base import Blanks
from models.records.registry import RECORDS
from models.store.base import among
from sop import rules
from sop.access import OF_A_POST, lanes, may_read, performers
from sop.clock import WIB
from sop.flow import Procedure
from sop.procedure import BACK, BIDANG, KEPALA_DINAS, LANES, MARKS, PETUGAS, SAME, Transition
from sop.vocabulary import CHANGED, HELD, IMPORT_CHANGED, IMPORT_UNDONE, vocabulary
from sop.words import format_moment

MOST_TOLD = 3  # acts that a stale page lists


@dataclass
class Case:
    """One complaint at one moment, as one person meets it."""

    complaint: Complaint
    category: Category
    user: User
    at: datetime
    settings: Settings
    procedure: Procedure = field(init=False)  # that its present round follows
    standings: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    pengadu: str = ""
    records: dict[str, WrittenRecord] = field(default_factory=dict)  # in force, by key
    drafts: dict[str, WrittenRecord] = field(default_factory=dict)
    previous: dict[str, WrittenRecord] = field(default_factory=dict)  # the latest of the round, in force or not
    made: list[WrittenRecord] = field(default_factory=list)  # all final records of the round, in the order of time
    runs: list[RunSpan] = field(default_factory=list)  # of the round, in order
    pauses: list[PauseSpan] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)  # who has opened the present version, by id
    units: frozenset[int] = frozenset()  # the person's own and those that he heads
    erased: bool = False  # its key was destroyed
    wrote: bool = False  # he wrote or submitted what is to be decided on
    leg: int = 0  # the leg that a record made now counts for (a disposition opens a new one)
    who: Viewer | None = None  # the person as of that moment

    def __post_init__(self) -> None:
        self.procedure = self.complaint.procedure

    @property
    def awaited_act(self) -> Transition | None:
        """The act that it waits for; None in a final state."""
        return self.procedure.transitions.get(self.complaint.state)

    @property
    def tries(self) -> list[WrittenRecord]:
        """The tries to reach the pengadu that count: under the disposition and revision in force."""
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
        """What the record of this kind says that is in force; nothing where there is none."""
        return self.records[key].blanks if key in self.records else {}

    def blanks_before(self, key: str) -> Blanks:
        """What the latest record of this kind said, in force or not."""
        return self.previous[key].blanks if key in self.previous else {}

    def facts(self, version: int | None = None) -> rules.CaseFacts:
        """The case as the rules look at it; `version` is the one that the person's page showed."""
        c = self.complaint
        return rules.CaseFacts(
            number=c.number,
            procedure=self.procedure,
            state=c.state,
            standings=self.standings,
            lanes=self.lanes,
            back=c.back,
            in_hand=frozenset(self.records),
            opened=", ".join(name for user, name in self.seen.items() if user != self.user.id),
            last=c.last_act,
            wrote=self.wrote,
            own_unit=c.unit_id in self.units,
            erased=self.erased,
            marks=self.marks,
            unnamed=paper_objection(self.settings),
            **self._since(version),
        )

    def _since(self, version: int | None) -> dict[str, str]:
        """Who changed the case since the version that the page showed, and what was done, the latest first."""
        if version is None or version == self.complaint.version:
            return {}
        after = (
            (Event.complaint == self.complaint)
            & (Event.version > version)
            & Event.act.in_([*vocabulary().acts, *_OTHER_DEEDS])
        )
        found = list(Event.select().where(after).order_by(Event.id.desc()).limit(MOST_TOLD))
        who = found[0].who if found else "orang lain"
        told = (f"{self._did(e.act)} ({format_moment(e.at)}{f', {e.who}' if e.who != who else ''})" for e in found)
        return {"stale": who, "since": "; ".join(told)}

    def _did(self, act: str) -> str:
        """The verb of an act or another deed, after the name of who did it."""
        return _OTHER_DEEDS[act] if act in _OTHER_DEEDS else vocabulary().acts[act].did

    def calls_for(self, transition: Transition) -> bool:
        """Whether this is an act in waiting: the case bears the mark that calls for it, and nobody has answered yet."""
        if transition.called_by not in self.marks or self.complaint.state not in self.procedure.starts(transition):
            return False
        answers = {key for act in self.procedure.settling(transition) for key in vocabulary().keys_of(act)}
        return not any(record.act in answers and not record.recalled for record in self.made)

    @property
    def marks(self) -> frozenset[str]:
        """Those marks of the case that can call for an act."""
        return frozenset(mark for mark in MARKS if getattr(self.complaint, mark))

    def may(self, transition: Transition) -> str:
        """The sentence why the person cannot do this now, "" if he can."""
        return rules.refusal(transition, self.facts())

    def deputy(self, transition: Transition) -> Acting | None:
        """Who stands in by decree (Plh.) in the post by which the person would take a step; None where nobody does,
        or where the step is his without any post."""
        c = self.complaint
        awaited = self.procedure.transitions.get(c.back if c.state == HELD else c.state)
        by = performers(transition, awaited) & self.standings
        if self.who is None or not by or by - OF_A_POST:
            return None
        return self.who.deputies.get(None if KEPALA_DINAS in by else c.unit_id)


Desks = tuple[int | None, ...] | None


def desks(step: Transition, case: Case, *, awaited: str = "", unit: int | None = None) -> Desks:
    """The posts (units; None: the office) in which a step is taken: none at all by a Petugas; None if that is open.

    `awaited` is the step whose turn it was, for detours that anybody takes in his turn; `unit` the one that led.
    """
    turn = case.procedure.transitions.get(awaited)
    actor = step.actor if step.actor in LANES else turn.actor if turn else ""
    leads = unit or case.complaint.unit_id or case.category.emergency_unit_id
    own: dict[str, Desks] = {KEPALA_DINAS: (None,), BIDANG: (leads,) if leads else (), PETUGAS: ()}
    several = step.actor in LANES and len(lanes(step)) > 1
    return None if several else own.get(actor)


_OTHER_DEEDS = {  # that raise the version as acts do
    "draft": "menyimpan konsep",
    CHANGED: "menyesuaikan pengaduan dengan perubahan SOP",
    IMPORT_CHANGED: "memperbarui pengaduan impor",
    IMPORT_UNDONE: "membatalkan impor berkas",
}


def load(
    ids: Sequence[int], user: User, at: datetime, *, who: Viewer | None = None, brief: bool = False
) -> dict[int, Case]:
    """The cases among `ids` that the person may see, by id, in the order of ids; `brief` with what the rules ask for
    alone: who it is about, its clocks and what its records say are left out."""
    who = who or viewer(user, at.astimezone(WIB).date())
    readable = visible(user, Complaint, who).select_extend(is_erased().alias("erased"))
    rows = list(readable.where(among(Complaint.id, ids)).order_by(Complaint.id))
    day = at.astimezone(WIB).date()
    settings = who.settings if who.day == day else values(day)
    categories = {c.id: c for c in Category.select()}
    mine, written = standings(who, rows), written_by(who, (c.id for c in rows))
    own = own_units(who)
    cases = {
        c.id: Case(
            c,
            categories[c.category_id],
            user,
            at,
            settings,
            mine[c.id],
            who.lanes,
            units=own,
            erased=bool(c.erased),
            wrote=c.id in written,
            leg=c.leg,
            who=who,
        )
        for c in rows
        if may_read(c.secrecy, mine[c.id])
    }
    if cases:
        _fill_records(cases, brief=brief)
        _fill_seen(cases, list(cases), who)
        if not brief:
            _fill_names(cases, list(cases))
            _fill_times(cases, list(cases))
    return cases


def _fill_names(cases: dict[int, Case], ids: list[int]) -> None:
    for case, [name] in names_by_case(ids, "pengadu").items():
        cases[case].pengadu = name


def _fill_records(cases: dict[int, Case], *, brief: bool) -> None:
    for number, hand in in_hand((case.complaint for case in cases.values()), brief=brief).items():
        case = cases[number]
        case.records, case.drafts, case.previous, case.made = hand.records, hand.drafts, hand.previous, hand.made


def _fill_times(cases: dict[int, Case], ids: list[int]) -> None:
    """The runs and pauses of the present round."""
    runs = Run.select(Run.complaint, *RunSpan.columns()).where(among(Run.complaint, ids)).order_by(Run.id)
    for number, *run in runs.tuples():
        if run[0] == cases[number].complaint.round:
            cases[number].runs.append(RunSpan(*run))
    pauses = Pause.select(Pause.complaint, *PauseSpan.columns()).where(among(Pause.complaint, ids)).order_by(Pause.id)
    for number, *pause in pauses.tuples():
        if pause[0] == cases[number].complaint.round:
            cases[number].pauses.append(PauseSpan(*pause))


def _fill_seen(cases: dict[int, Case], ids: list[int], who: Viewer) -> None:
    """Only those who may perform the awaited act end the right to recall."""
    opened: dict[int, dict[int, Complaint]] = {}
    for user, number, version in (
        Seen.select(Seen.user, Seen.complaint, Seen.version).where(among(Seen.complaint, ids)).tuples()
    ):
        complaint = cases[number].complaint
        if version >= complaint.version and user != complaint.last_by_id:
            opened.setdefault(user, {})[number] = complaint
    others = set(opened) - {who.user.id}
    seen = {user.id: (user.name, standings(viewer(user), opened[user.id].values())) for user in _users(others)}
    if who.user.id in opened:
        seen[who.user.id] = who.user.name, {number: cases[number].standings for number in opened[who.user.id]}
    for user, (name, found) in seen.items():
        for number, mine in found.items():
            awaited = cases[number].awaited_act
            if awaited and performers(awaited) & mine:
                cases[number].seen[user] = name


def _users(ids: set[int]) -> Iterable[User]:
    return User.select().where(User.id.in_(list(ids))) if ids else ()


_PASSING = (HELD, BACK)  # where pauses and recalls lead: once over, what brought the case here before is why again


@dataclass(frozen=True)
class CameBack:
    """The act that brought a case back, and the record of what was said then."""

    act: Transition
    record: WrittenRecord

    @property
    def heading(self) -> str:
        """What was done, and by whose lane where the table names one: "Dikembalikan Kepala Dinas"."""
        return " ".join(filter(None, (self.act.done[1].capitalize(), LANES.get(self.act.actor))))

    @property
    def asks_anew(self) -> bool:
        """Whether a text is to be written anew."""
        return self.act.effect == "new_revision"


def came_back(case: Case) -> CameBack | None:
    """Why the case came back, for as long as the step that it came back to is awaited; None where nothing sent it."""
    detours = list(_detours(case))
    if not detours or detours[0].record.made_at != case.complaint.state_since:
        return _rewritten(case)
    if case.complaint.state == HELD:
        return detours[0]
    return next((one for one in detours if one.act.to not in _PASSING), None) or (_rewritten(case) or detours[0])


def _detours(case: Case) -> Iterator[CameBack]:
    """The detours that moved the case since the last step of the main line that was not pulled back, the latest first.

    Only those whose record says something to whoever has the case now.
    """
    for record in reversed(case.made):
        act = vocabulary().acts[record.act]
        if case.procedure.is_main(act) and not record.recalled:
            return
        if not case.procedure.is_main(act) and act.to != SAME and RECORDS[record.key].gist:
            yield CameBack(act, record)


def _rewritten(case: Case) -> CameBack | None:
    """Why a text is written anew: until it is submitted, also after the first of its steps."""
    awaited = case.awaited_act
    if case.complaint.revision == 1 or awaited is None or not awaited.draft:
        return None
    made = (CameBack(vocabulary().acts[record.act], record) for record in reversed(case.made))
    return next((one for one in made if one.asks_anew and one.record.leg == case.complaint.leg), None)
