"""Assignments of users: the cases assigned to them by name, their posts and drafts; and handing cases over."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Addressee, Complaint, is_open, is_petugas_of, petugas_of
from models.complaint.scope import Viewer, visible
from models.office.lists import StandingTeam
from models.office.people import BY_NAME, Acting, Dated, Mandate, Post, User, today, users_with_units
from models.reading.queue import by_urgency, is_given_to
from models.records.registry import RECORDS
from models.store import master_cache
from models.store.base import now
from sop.access import HEAD, lanes, performers
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.vocabulary import vocabulary

HOLDS: dict[str, Callable[[Any], Any]] = {"assigned": is_given_to, "kept": is_petugas_of}  # by the values of GIVES
KEEPER = petugas_of()
WORDS = {"assigned": "pengaduan ditugaskan kepadanya", "kept": "pengaduan yang dipegangnya sebagai petugas"}


@dataclass(frozen=True)
class Share:
    """The number of a user's cases that an act can hand over."""

    person: User
    count: int


@dataclass(frozen=True)
class Holding:
    """A kind of assignment of a user, with its count."""

    count: int
    words: str

    def __str__(self) -> str:
        return f"{self.count} {self.words}"


def giving_acts() -> list[Transition]:
    """The acts that assign a case to a user by name."""
    return [act for act in vocabulary().transitions.values() if act.gives]


def acts_of(who: Viewer) -> list[Transition]:
    """The acts by which the user may hand over cases of others."""
    return [step for step in giving_acts() if lanes(step) & who.lanes and (who.heads or HEAD not in performers(step))]


def shares(who: Viewer, step: Transition) -> list[Share]:
    """The users with cases that `who` may hand over by this act, with their counts, by name."""
    counts = dict(_counted(step, _is_available(who, step), who))
    people = [person for number, person in users_with_units(counts).items() if number in counts]
    return [Share(person, counts[person.id]) for person in sorted(people, key=lambda person: person.name.lower())]


def people_with_cases(who: Viewer) -> dict[str, list[tuple[int, str]]]:
    """Choices by value of GIVES: users to whom `who` may have assigned cases, and the Petugas who may keep them.

    Inactive users are included, since their cases are what is searched for. Cached; not to be changed.
    """
    gives = frozenset(step.gives for step in acts_of(who))
    return master_cache.cached(("people with cases", gives, who.heads), lambda: _people_with_cases(gives, who.heads))


def _people_with_cases(acts: frozenset[str], heads: frozenset[int]) -> dict[str, list[tuple[int, str]]]:
    staff = (User.role == BIDANG) & User.division.in_(sorted(heads) or [-1])
    wanted = {"assigned": staff, "kept": User.role == PETUGAS}
    asked = [wanted[gives] for gives in acts]
    if not asked:
        return {}
    query = User.select(User.id, User.name, User.role, User.active).where(reduce(or_, asked)).order_by(BY_NAME)
    choices: dict[str, list[tuple[int, str]]] = {}
    for number, name, role, active in query.tuples():
        words = name if active else f"{name} (nonaktif)"
        choices.setdefault("kept" if role == PETUGAS else "assigned", []).append((number, words))
    return choices


def cases_of(who: Viewer, step: Transition, person: int, most: int) -> list[int]:
    """The cases of a user that `who` may hand over by this act, most urgent first."""
    mine = visible(who.user, Complaint, who).where(_is_available(who, step) & HOLDS[step.gives](person))
    query = mine.select(Complaint.id).order_by(*by_urgency(now())).limit(most)
    return [number for (number,) in query.tuples()]


def _is_available(who: Viewer, step: Transition) -> Any:
    """Condition: the user may take the act on the case, by its state and unit."""
    starts = Complaint.state.in_(sorted(vocabulary().starts(step)))
    return starts & Complaint.unit.in_(sorted(who.heads) or [-1]) if HEAD in performers(step) else starts


def _counted(step: Transition, where: Any, who: Viewer | None = None) -> Iterable[tuple[int, int]]:
    """(user, count) of the cases that meet a condition, by assignee or keeper."""
    if step.gives == "kept":
        query = (visible(who.user, Complaint, who) if who else Complaint.select()).where(where)
        query = query.where(KEEPER.is_null(False))
        return list(query.select(KEEPER, pw.fn.COUNT(Complaint.id)).group_by(KEEPER).tuples())
    current = (Addressee.complaint == Complaint.id) & (Addressee.leg == Complaint.leg) & Addressee.handles
    query = Addressee.select(Addressee.user, pw.fn.COUNT(Complaint.id)).join(Complaint, on=current)
    return list(query.where(where).group_by(Addressee.user).tuples())


def holdings(ids: Sequence[int] | None = None) -> dict[int, list[Holding]]:
    """The assignments of these users, or of all, as counts only, so that they can be shown without read access."""
    by_person: dict[int, list[Holding]] = {}
    cases = [(WORDS[step.gives], _counted(step, is_open())) for step in giving_acts()]
    for words, counted in (*cases, *_offices(), *_drafts()):
        for person, count in counted:
            if ids is None or person in ids:
                by_person.setdefault(person, []).append(Holding(count, words))
    return by_person


Counted = Iterable[tuple[str, Iterable[tuple[int, int]]]]


def _offices() -> Counted:
    """Posts, decrees, teams and mandates valid today or later."""
    models: tuple[tuple[str, type[Dated], pw.Field], ...] = (
        ("jabatan", Post, Post.holder),
        ("surat perintah Plt./Plh.", Acting, Acting.user),
        ("keanggotaan tim tetap", StandingTeam, StandingTeam.user),
        ("Surat Tugas", Mandate, Mandate.user),
    )
    for words, model, person in models:
        lasts = model.valid_to.is_null() | (model.valid_to >= today())
        yield words, model.select(person, pw.fn.COUNT(model.id)).where(lasts).group_by(person).tuples()


def _drafts() -> Counted:
    """Drafts; they stay with the case and are continued by the users who handle it."""
    keys = dict.fromkeys(step.record for step in vocabulary().steps if step.draft)
    for model in (RECORDS[key] for key in keys):
        current = (model.complaint == Complaint.id) & (model.leg == Complaint.leg) & model.draft
        query = model.select(model.made_by, pw.fn.COUNT(model.id)).join(Complaint, on=current)
        yield f"konsep {model.title}", query.where(is_open()).group_by(model.made_by).tuples()
