"""Notices next to the form of a step page: possible duplicates, and contact data for a step that calls a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup

from admin.case.many import draft_name
from admin.lists.cells import state_badge
from models.case.access_notes import log_list
from models.case.blanks import reasons, record_of
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import PERSONS, Complaint, Person, name_of
from models.complaint.event import open_seals
from models.complaint.repeats import CaseMarks, ComparedCase, Repeat, repeats_of
from models.complaint.scope import viewer
from models.email.to_pengadu import ready_messages
from models.office.contacts import call_link, chat_link, masked_text, numbers_in
from models.office.people import User
from models.records.base import CaseNumber, ReasonField
from models.store.base import labels_of
from sop.access import FINDERS, lanes
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from sop.words import format_date

TAPS = 4  # reasons with a button of their own
SIMILAR = "pengaduan serupa"  # the name of this list in the access log


@dataclass(frozen=True)
class LikelyCase:
    """An earlier similar case: why it is similar, and whether a new entry can be added to it."""

    complaint: Complaint
    why: str
    takes_more: bool

    @property
    def url(self) -> str:
        return url_for("pengaduan.details_view", id=self.complaint.id)

    @property
    def joined_by(self) -> str:
        """The draft key of the form that adds to it: once that is saved, the draft of the new case is deleted."""
        adding = self.complaint.procedure.repeat("adds")
        return draft_name(adding, [self.complaint.id]) if adding else ""

    @property
    def state(self) -> Markup:
        return state_badge(self.complaint.state)

    @property
    def received(self) -> str:
        return format_date(self.complaint.received_at)


def likely_cases(repeats: Iterable[Repeat], user: User) -> list[LikelyCase]:
    """The cases as shown to the user, recorded in the access log first."""
    repeats = list(repeats)
    log_list(user, SIMILAR, [repeat.complaint for repeat in repeats])
    likely = []
    for repeat in repeats:
        c, act = repeat.complaint, repeat.complaint.procedure.repeat("adds")
        takes_more = act is not None and c.state in c.procedure.starts(act) and bool(lanes(act) & viewer(user).lanes)
        likely.append(LikelyCase(c, repeat.words, takes_more))
    return likely


def act_opened_with(act: Transition | None, case: Case, other: LikelyCase) -> dict[str, str]:
    """Form fields that open the page of an act with the number of another case filled in."""
    model, c = act and record_of(act), case.complaint
    numbers = [blank.name for blank in model.blanks() if isinstance(blank, CaseNumber)] if model else []
    return {"cases": f"{c.id}:{c.version}", **dict.fromkeys(numbers, other.complaint.number)}


@dataclass(frozen=True)
class LikelyMark:
    """The earlier cases, and the act that marks the case as their duplicate."""

    case: Case
    cases: Sequence[LikelyCase]
    act: Transition | None

    def __bool__(self) -> bool:
        return bool(self.cases)

    def blanks(self, earlier: LikelyCase) -> dict[str, str]:
        """Form fields that open the act's page with this earlier case."""
        return act_opened_with(self.act, self.case, earlier)

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        """The office's first TAPS reasons for the act as (blank, reason), for one-click buttons."""
        model = record_of(self.act) if self.act else None
        if self.act is None or model is None:
            return []
        names = [blank.name for blank in model.blanks() if isinstance(blank, ReasonField)]
        return [(name, reason) for name in names for reason in reasons().get(self.act.key, [])[:TAPS]]


def likely_mark(case: Case, marks: CaseMarks) -> LikelyMark:
    """The earlier cases that an open case may duplicate; none for a finished one."""
    c, likely = case.complaint, list[LikelyCase]()
    if c.state in vocabulary().open_states:
        matter = ComparedCase(c.__data__["story"], c.medium_id, c.medium_ref, case=c.id, at=c.recorded_at)
        numbers = [number for number in marks.numbers if FINDERS[number.kind] & case.relations]
        likely = likely_cases(repeats_of(matter, numbers, viewer(case.user), case.at), case.user)
    return LikelyMark(case, likely, act_for(case, case.procedure.repeat("marks")))


def act_for(case: Case, act: Transition | None) -> Transition | None:
    """The act if the user may perform it on the case now, else None, so that no useless button is shown."""
    return act if act and not case.refusal_of(act) else None


CONTACT = ("safe_contact", "phone", "email", "address", "domicile")  # safe contact comes before any number


class CallLink(NamedTuple):
    """A number with its tel: and chat links."""

    name: str
    call: str
    chat: str


class PersonContact(NamedTuple):
    """A person of the case with contact data as (label, value), and links for the numbers."""

    person: str
    lines: list[tuple[str, str]]
    links: list[CallLink]
    heed: str  # what must be read before calling


class MaskedNumber(NamedTuple):
    """A person with a masked number, and the address where it can be shown for a reason."""

    person: str
    masked: str
    url: str


def contact_of(case: Case) -> list[PersonContact]:
    """Contact data of all persons of a case."""
    seal = open_seals([case.complaint.id])[case.complaint.id]
    people = {p.kind: p for p in Person.select().where(Person.complaint == case.complaint.id)}
    messages = ready_messages(case.complaint, people, case.settings)
    labels, contacts = labels_of(Person), []
    for kind, person in people.items():
        warned = [("Perhatian", labels["do_not_call"])] if person.do_not_call else []
        safe_way = seal.open_text(f"{kind}.safe_contact", person.safe_contact)
        heed = " ".join(filter(None, ["Jangan ditelepon." if person.do_not_call else "", safe_way]))
        opened = [(labels[name], seal.open_text(f"{kind}.{name}", getattr(person, name))) for name in CONTACT]
        lines = warned + [(label, value) for label, value in opened if value]
        links = call_links(seal.open_text(f"{kind}.phone", person.phone), messages.get(kind, ""))
        contacts.append(PersonContact(f"{PERSONS[kind]}: {name_of(person, case.complaint)}", lines, links, heed))
    return contacts


def masked_numbers(case: Case, composer: Composer) -> list[MaskedNumber]:
    """All persons of a case with a number, each number masked."""
    number, page = case.complaint.id, "pengaduan.details_view"
    seal, people = composer.seals[number], composer.persons.get(number, {}).values()
    return [
        MaskedNumber(
            f"{PERSONS[p.kind]}: {name_of(p, case.complaint)}",
            masked_text("phone", seal.open_text(f"{p.kind}.phone", p.phone)),
            url_for(page, id=number, _anchor=f"orang-{p.kind}"),
        )
        for p in people
        if p.phone
    ]


def call_links(phone: str, message: str = "") -> list[CallLink]:
    """Links for the complete numbers in a text, in order, with a prepared message; [] where there is none."""
    return [CallLink(f"+{world}", call_link(world), chat_link(world, message)) for world in numbers_in(phone)]
