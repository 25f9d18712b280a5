"""Access control: a user's relations to each case, and the rows that he may see, as queries; emergency units."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import (
    RUNNING,
    Addressee,
    Complaint,
    is_addressed,
    is_not_withheld,
    is_petugas_of,
    recorder_id,
    withholds,
)
from models.complaint.event import Event
from models.office.lists import Category, StandingTeam
from models.office.people import PLH, Acting, Mandate, User, accounts_of, decrees_on, today, units_headed_by
from models.office.settings import Settings, values
from models.store import master_cache
from models.store.base import Model, among
from models.store.peewee_patches import WrittenCondition
from sop import access
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, PETUGAS
from sop.vocabulary import PAUSED, vocabulary


def _emergency_states() -> list[str]:
    """The states in which an emergency unit may act; for a paused case the state before the pause."""
    known = vocabulary()
    return sorted({state for act in known.emergency_acts for state in known.starts(act)} - {PAUSED})


@dataclass(frozen=True)
class Involved:
    """What relations to some cases depend on besides the cases themselves: the addressees of their dispositions, and
    the ids of the emergencies with a lead unit in which an emergency unit has acted this round."""

    addressees: Sequence[Addressee]
    acted: Collection[int]

    @classmethod
    def of(cls, cases: Iterable[Complaint]) -> "Involved":
        cases = list(cases)
        rows = Addressee.select().where(among(Addressee.complaint, [c.id for c in cases]))
        led = [c.id for c in cases if c.emergency and c.unit_id]
        acted = Complaint.select(Complaint.id).where(among(Complaint.id, led) & has_acted()).tuples() if led else ()
        return cls(list(rows), {number for (number,) in acted})


def called_to(units: Collection[int], cases: Iterable[Complaint], acted: Collection[int]) -> set[int]:
    """The ids of those cases to which one of the units is called as emergency unit; `acted` as in `Involved`."""
    of_category = master_cache.cached(
        "emergency_units", lambda: dict(Category.select(Category.id, Category.emergency_unit).tuples())
    )
    states = _emergency_states()
    return {
        c.id
        for c in cases
        if c.emergency
        and of_category.get(c.category_id) in units
        and (c.back if c.state == PAUSED else c.state) in states
        and c.id not in acted
    }


def is_called(units: Collection[int]) -> pw.Expression:
    """Condition: one of the units is called to the case as emergency unit."""
    urgent = Category.select(Category.id).where(Category.emergency_unit.in_(sorted(units) or [-1]))
    states = _emergency_states()
    paused = (Complaint.state == PAUSED) & Complaint.back.in_(states)
    urgent_now = Complaint.emergency & RUNNING & (Complaint.state.in_(states) | paused)
    return urgent_now & Complaint.category.in_(urgent) & (Complaint.unit.is_null() | ~has_acted())


def has_acted() -> pw.Expression:
    """Condition: the history has an emergency act in the case's present round."""
    acts = [key for act in vocabulary().emergency_acts for key in vocabulary().keys_of(act)]
    made = (Event.complaint == Complaint.id) & (Event.round == Complaint.round) & Event.act.in_(acts)
    return pw.fn.EXISTS(Event.select(pw.SQL("1")).where(made))


TRUE, FALSE = pw.SQL("1 = 1"), pw.SQL("1 = 0")


def any_of(conditions: Sequence[Any]) -> Any:
    """FALSE without any."""
    return reduce(or_, conditions) if conditions else FALSE


@dataclass(frozen=True)
class Viewer:
    """A user on a day: lanes of the SOP, units as member and as head, standing teams, mandate."""

    user: User
    day: date
    lanes: frozenset[str]
    units: frozenset[int]
    heads: frozenset[int]
    teams: frozenset[int]
    mandate: int | None  # id of the Surat Tugas in force
    head_only: bool
    acting: bool  # acts as Kepala Dinas without holding the post
    decrees: tuple[Acting, ...] = ()  # all in force that day
    settings: Settings = field(default_factory=dict, compare=False, repr=False)  # in force that day
    master_token: str | None = field(default=None, compare=False, repr=False)  # of the data that this was made from

    @property
    def mandated(self) -> bool:
        return self.mandate is not None

    @property
    def reads_all(self) -> bool:
        """Whether he may read every case, of any secrecy."""
        return any(access.readable_by(relation) == set(access.SECRECY) for relation in self.everywhere)

    @property
    def reads_most(self) -> bool:
        """Whether a relation to all cases lets him read: all of them, or all that are not secret."""
        return any(access.readable_by(relation) for relation in self.everywhere)

    @property
    def everywhere(self) -> frozenset[str]:
        """His relations to all cases."""
        roles = self.lanes | ({self.user.role} if self.user.active else set())
        return roles & access.ROLE_RELATIONS | ({access.PENGAWAS} if self.mandated else set())

    @cached_property
    def holds(self) -> dict[str, pw.ColumnBase]:
        """The relations that he may have, each with the condition on cases: `relations` as SQL (a test compares the two
        for all cases and users)."""
        holds = _holds(self) if self.user.active else {}
        return {relation: WrittenCondition(Complaint, where) for relation, where in holds.items()}

    @cached_property
    def reads(self) -> Any:
        """The condition on cases that he may read, unless they are withheld: `access.may_read` of `relations` as SQL (a
        test compares the two for all cases and users)."""
        if self.reads_all:
            return TRUE
        ways = [where & of_secrecy(relation) for relation, where in read_by(self).items()]
        return WrittenCondition(Complaint, any_of(ways))

    @cached_property
    def accounts(self) -> list[User]:
        """All accounts of this person: acts under any of them count as his own."""
        return accounts_of(self.user)

    @cached_property
    def deputies(self) -> dict[int | None, Acting]:
        """His deputies by decree, by the unit (None: the office) whose post he holds."""
        posts = {*self.heads, None} if KEPALA_DINAS in self.lanes else self.heads
        plh = [decree for decree in self.decrees if decree.kind == PLH and decree.division_id in posts]
        own = {account.id for account in self.accounts} if plh else set()
        return {decree.division_id: decree for decree in plh if decree.user_id not in own}


def shape(who: Viewer) -> tuple[object, ...]:
    """What the SQL of conditions for this user depends on besides master tables: the key of a prepared query.

    With the viewer this is what he was made from: a request may go on with its user after a change of his rights, and
    its queries are then cached with the master data of after that change."""
    user = who.user
    account = user.active, user.role, user.division_id, user.secret_registrar, user.nip
    return who, account, who.master_token, withholds(), vocabulary()


def viewer(user: User, day: date | None = None) -> Viewer:
    """The user on a day, by default today; that is cached on the user object, so for a request."""
    if day is not None and day != today():
        return _viewer(user, day)
    if "_viewer" not in user.__dict__:
        user.__dict__["_viewer"] = _viewer(user, today())
    known: Viewer = user.__dict__["_viewer"]
    return known


def _viewer(user: User, day: date) -> Viewer:
    token = master_cache.token()
    if not user.active:
        none: frozenset[Any] = frozenset()
        inactive = Viewer(user, day, none, none, none, none, mandate=None, head_only=True, acting=False)
        return replace(inactive, settings=values(day), master_token=token)
    acts = user.role in LANES  # an admin or pengawas is in no lane
    led = units_headed_by(user, day) if acts else frozenset()
    office, heads = None in led, frozenset(unit for unit in led if unit)
    own = {user.role} & set(LANES)
    lanes = own | ({KEPALA_DINAS} if office else set()) | ({BIDANG} if heads else set())
    member = {user.division_id} if user.role == BIDANG and user.division_id else set()
    decrees, settings = decrees_on(day), values(day)
    return Viewer(
        user,
        day,
        frozenset(lanes),
        heads | frozenset(member),
        heads,
        _teams_of(user, day) if acts else frozenset(),
        _mandate_of(user, day) if user.role == access.PENGAWAS else None,
        bool(settings["submit.head_only"]),
        (user.id, None) in {(decree.user_id, decree.division_id) for decree in decrees},
        decrees,
        settings,
        token,
    )


def _teams_of(user: User, day: date) -> frozenset[int]:
    """The categories whose standing team has the user as a member."""
    members = master_cache.cached("standing_teams", lambda: list(StandingTeam.select()))
    return frozenset(row.category_id for row in members if row.user_id == user.id and row.holds_on(day))


def _mandate_of(user: User, day: date) -> int | None:
    """The latest Surat Tugas in force."""
    mandates = master_cache.cached("mandates", lambda: list(Mandate.select()))
    return max((row.id for row in mandates if row.user_id == user.id and row.holds_on(day)), default=None)


def relations(who: Viewer, cases: Iterable[Complaint], involved: Involved | None = None) -> dict[int, frozenset[str]]:
    """The user's relations to each complaint, by its id; `involved` is of these complaints, if at hand."""
    cases = list(cases)
    involved = involved or Involved.of(cases)
    addressed: dict[tuple[int, int], list[Addressee]] = {}
    for row in involved.addressees:
        addressed.setdefault((row.complaint_id, row.leg), []).append(row)
    on_call = called_to(who.units, cases, involved.acted)
    return {c.id: _relations_to(who, c, addressed.get((c.id, c.leg), ()), c.id in on_call) for c in cases}


def _relations_to(who: Viewer, case: Complaint, addressed: Sequence[Addressee], on_call: bool) -> frozenset[str]:
    if not who.user.active:
        return frozenset()
    leads = case.unit_id and case.unit_id in who.units
    unit = _unit_relations(who, case.unit_id, addressed) if leads else set()
    holds = {**_own_relations(who, case, addressed), access.EMERGENCY: on_call}
    return frozenset(who.everywhere | unit | {relation for relation, is_so in holds.items() if is_so})


def _own_relations(who: Viewer, case: Complaint, addressed: Sequence[Addressee]) -> dict[str, bool]:
    """The relations that do not depend on the responsible unit."""
    me = who.user.id
    return {
        access.REGISTRAR: PETUGAS in who.lanes
        and ((case.keeper_id or recorder_id(case)) == me or who.user.secret_registrar),
        access.TEAM: case.category_id in who.teams,
        access.PENGAWAS: who.mandated,
        access.MADE_LAST: case.last_by_id == me,
        access.ADDRESSED: any(a.division_id in who.units for a in addressed if a.division_id),
        # not for a user who has become admin or pengawas
        access.NAMED: bool(who.lanes) and any(a.user_id == me for a in addressed),
    }


def _unit_relations(who: Viewer, unit: int, addressed: Sequence[Addressee]) -> set[str]:
    relations, assigned = {access.UNIT}, [a.user_id for a in addressed if a.handles]
    if unit in who.heads:
        relations |= {access.HEAD, access.HANDLER}
    if not assigned or who.user.id in assigned:
        relations.add(access.HANDLER)
    if access.HEAD in relations or (access.HANDLER in relations and not who.head_only):
        relations.add(access.SUBMITTER)
    return relations


def openable(user: User, papers: Iterable[Any], known: Mapping[int, frozenset[str]] | None = None) -> list[Any]:
    """The papers, of visible ones, whose print the user may open: those with identities only for their readers. `known`
    are his relations to all these cases, if at hand."""
    papers, mine = list(papers), known
    if mine is None:
        cases = {p.complaint_id for p in papers if _identifies(p.kind)}
        mine = relations(viewer(user), Complaint.select().where(Complaint.id.in_(list(cases)))) if cases else {}
    return [p for p in papers if not _identifies(p.kind) or mine[p.complaint_id] & access.IDENTITY_READERS]


def _identifies(kind: str) -> bool:
    return vocabulary().papers[kind].identity


def may_open(user: User, noun: str) -> bool:
    """Whether the user may open a page of the panel, by his role or any of his lanes."""
    roles = viewer(user).lanes | {user.role}
    return user.active and any(access.opens(role, noun) for role in roles)


def may_write(user: User, noun: str) -> bool:
    return user.active and access.writes(user.role, noun)


def visible(user: User, model: type[Model], who: Viewer | None = None) -> Any:
    """The rows of a model that the user (today, or as `who`) may see: all master data, and rows of readable cases."""
    who = who or viewer(user)
    if model is Complaint:
        return Complaint.select().where(is_readable(who))
    column = model._meta.fields.get("complaint")
    if column is None:
        return model.select()
    return model.select().where(is_of_readable(who, column) & may_see_draft(who, model))


def is_of_readable(who: Viewer, column: pw.Field) -> pw.Expression:
    """Condition: the row belongs to a case that the user may read. A correlated EXISTS, since the set of all readable
    cases grows with the table."""
    if who.reads_all and withholds():
        return ~pw.fn.EXISTS(Complaint.select(pw.SQL("1")).where((Complaint.id == column) & ~is_not_withheld()))
    if who.reads_all:
        return TRUE  # including the rows without a case
    if not (who.lanes or who.everywhere):
        return FALSE
    readable = (Complaint.id == column) & is_readable(who)
    return pw.fn.EXISTS(Complaint.select(pw.SQL("1")).where(readable))


def may_see_draft(who: Viewer, model: type[Model]) -> Any:
    """Condition: the record is not a draft, or the user may edit the draft."""
    return ~model.draft | _may_draft(who, model) if "draft" in model._meta.fields else TRUE


def _may_draft(who: Viewer, record: type[Model]) -> pw.Expression:
    """`access.may_draft` as SQL: a draft under the disposition in force, for the handlers of the case."""
    in_force = (Complaint.id == record.complaint) & (Complaint.leg == record.leg)
    return pw.fn.EXISTS(Complaint.select(pw.SQL("1")).where(in_force & is_handler(who)))


def is_handler(who: Viewer) -> pw.Expression:
    """Condition: the user handles the case, as head of its unit, as assigned staff, or as any member if no one is."""
    ways = [Complaint.unit.in_(sorted(who.heads))] if who.heads else []
    if others := who.units - who.heads:
        assigned = is_addressed(Addressee.handles)
        mine = ~assigned | is_addressed(Addressee.handles & (Addressee.user == who.user))
        ways.append(Complaint.unit.in_(sorted(others)) & mine)
    return any_of(ways)


def is_readable(who: Viewer, known: Iterable[str] = ()) -> Any:
    """Condition: the user may read the case, and it is not hidden by `withheld_secrets`. Of cases to which he is known
    to have one of some relations, nothing else is asked if each of these lets him read any secrecy."""
    known = frozenset(known)
    reads = (
        TRUE if known and all(access.readable_by(relation) == set(access.SECRECY) for relation in known) else who.reads
    )
    return reads & is_not_withheld() if withholds() else reads


def read_by(who: Viewer) -> dict[str, pw.ColumnBase]:
    """The user's relations that let him read, each with its condition."""
    return {relation: where for relation, where in who.holds.items() if access.readable_by(relation)}


def of_secrecy(relation: str) -> pw.Expression:
    """Condition: this relation lets one read the secrecy of the case."""
    secrecy = access.readable_by(relation)
    return TRUE if secrecy == set(access.SECRECY) else Complaint.secrecy.in_(sorted(secrecy))


def addressees(who: Viewer) -> dict[str, Callable[[Any], pw.Expression]]:
    """The relations by a disposition's addressees, each with the condition on the addressee."""
    own: dict[str, Callable[[Any], pw.Expression]] = {access.NAMED: lambda addressee: addressee.user == who.user}
    units = {access.ADDRESSED: lambda addressee: addressee.division.in_(sorted(who.units))} if who.units else {}
    return {**own, **units} if who.lanes else {}


def _holds(who: Viewer) -> dict[str, pw.Expression]:
    holds = dict.fromkeys(sorted(who.everywhere), TRUE)
    holds |= {relation: is_addressed(which(Addressee)) for relation, which in addressees(who).items()}
    if PETUGAS in who.lanes:
        holds[access.REGISTRAR] = TRUE if who.user.secret_registrar else is_petugas_of(who.user)
    if who.units:
        holds |= {
            access.UNIT: Complaint.unit.in_(sorted(who.units)),
            access.HANDLER: is_handler(who),
            access.EMERGENCY: is_called(who.units),
        }
        if who.heads:
            holds[access.HEAD] = Complaint.unit.in_(sorted(who.heads))
        if who.heads or not who.head_only:
            holds[access.SUBMITTER] = holds[access.HEAD if who.head_only else access.HANDLER]
    if who.teams:
        holds[access.TEAM] = Complaint.category.in_(sorted(who.teams))
    return {**holds, access.MADE_LAST: Complaint.last_by == who.user}
