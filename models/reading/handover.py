"""What stands with whom: the cases that people have by name, their posts and drafts; and whose cases go to another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Addressee, Complaint, is_kept_by, is_open, keeper_of
from models.complaint.scope import Viewer, visible
from models.office.lists import StandingTeam
from models.office.people import BY_NAME, Acting, Dated, Mandate, Post, User, today
from models.reading.queue import by_urgency, is_given_to
from models.records.registry import RECORDS
from models.store.base import now
from sop.access import HEAD, lanes, performers
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.vocabulary import vocabulary

HOLDS: dict[str, Callable[[Any], Any]] = {"assigned": is_given_to, "kept": is_kept_by}  # by the words of GIVES
KEPT_BY = keeper_of()
WORDS = {"assigned": "pengaduan ditugaskan kepadanya", "kept": "pengaduan yang dipegangnya sebagai petugas"}


@dataclass(frozen=True)
class Share:
    """How many cases somebody has that an act hands over."""

    person: User
    count: int


@dataclass(frozen=True)
class Holding:
    """Something that stands with a person: how many of what."""

    count: int
    words: str

    def __str__(self) -> str:
        return f"{self.count} {self.words}"


def giving_acts() -> list[Transition]:
    """The acts that hand a case to somebody by name."""
    return [act for act in vocabulary().transitions.values() if act.gives]


def acts_of(who: Viewer) -> list[Transition]:
    """The acts by which the person may hand over what somebody has."""
    return [step for step in giving_acts() if lanes(step) & who.lanes and (who.heads or HEAD not in performers(step))]


def shares(who: Viewer, step: Transition) -> list[Share]:
    """Who has how many of the cases that the person may hand over by this act, in the order of names."""
    counts = dict(_counted(step, _in_hand(who, step), who))
    people = User.select().where(User.id.in_(list(counts))).order_by(BY_NAME)
    return [Share(person, counts[person.id]) for person in people]


def people_with_cases(who: Viewer) -> dict[str, list[tuple[int, str]]]:
    """By the words of GIVES: whom the person may have given cases to, or which Petugas may keep them; one query.

    Those who are switched off too: theirs are the cases that are looked for.
    """
    acts = {step.gives: step for step in acts_of(who)}
    staff = (User.role == BIDANG) & User.division.in_(sorted(who.heads) or [-1])
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
    """The cases of somebody that the person may hand over by this act, the most urgent first."""
    mine = visible(who.user, Complaint, who).where(_in_hand(who, step) & HOLDS[step.gives](person))
    query = mine.select(Complaint.id).order_by(*by_urgency(now())).limit(most)
    return [number for (number,) in query.tuples()]


def _in_hand(who: Viewer, step: Transition) -> Any:
    """The cases on which the person may take the act, as far as they do not differ from one to the next."""
    here = Complaint.state.in_(sorted(vocabulary().starts(step)))
    return here & Complaint.unit.in_(sorted(who.heads) or [-1]) if HEAD in performers(step) else here


def _counted(step: Transition, where: Any, who: Viewer | None = None) -> Iterable[tuple[int, int]]:
    """(person, how many) of the cases under a condition, by whom they were given to or kept by."""
    if step.gives == "kept":
        query = (visible(who.user, Complaint, who) if who else Complaint.select()).where(where)
        query = query.where(KEPT_BY.is_null(False))
        return list(query.select(KEPT_BY, pw.fn.COUNT(Complaint.id)).group_by(KEPT_BY).tuples())
    here = (Addressee.complaint == Complaint.id) & (Addressee.leg == Complaint.leg) & Addressee.handles
    query = Addressee.select(Addressee.user, pw.fn.COUNT(Complaint.id)).join(Complaint, on=here)
    return list(query.where(where).group_by(Addressee.user).tuples())


def holdings(ids: Sequence[int] | None = None) -> dict[int, list[Holding]]:
    """What stands with each of these people, or with anybody, told in numbers alone: for who may read no case."""
    by_person: dict[int, list[Holding]] = {}
    for words, counted in (*_cases(), *_offices(), *_drafts()):
        for person, count in counted:
            if ids is None or person in ids:
                by_person.setdefault(person, []).append(Holding(count, words))
    return by_person


Counted = Iterable[tuple[str, Iterable[tuple[int, int]]]]


def _cases() -> Counted:
    return [(WORDS[step.gives], _counted(step, is_open())) for step in giving_acts()]


def _offices() -> Counted:
    """Posts, decrees, teams and mandates that hold today or will."""
    models: tuple[tuple[str, type[Dated], pw.Field], ...] = (
        ("jabatan", Post, Post.holder),
        ("surat perintah Plt./Plh.", Acting, Acting.user),
        ("keanggotaan tim tetap", StandingTeam, StandingTeam.user),
        ("Surat Tugas", Mandate, Mandate.user),
    )
    return [(words, _lasting(model, person)) for words, model, person in models]


def _lasting(model: type[Dated], person: pw.Field) -> Iterable[tuple[int, int]]:
    lasts = model.valid_to.is_null() | (model.valid_to >= today())
    return list(model.select(person, pw.fn.COUNT(model.id)).where(lasts).group_by(person).tuples())


def _drafts() -> Counted:
    """What is being written; it stays with its case, and whoever handles that goes on."""
    keys = dict.fromkeys(step.record for step in vocabulary().steps if step.draft)
    for model in (RECORDS[key] for key in keys):
        here = (model.complaint == Complaint.id) & (model.leg == Complaint.leg) & model.draft
        query = model.select(model.made_by, pw.fn.COUNT(model.id)).join(Complaint, on=here)
        yield f"konsep {model.title}", query.where(is_open()).group_by(model.made_by).tuples()
