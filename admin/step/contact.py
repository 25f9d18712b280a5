"""Contact data of a case, opened for a step that calls somebody; on the page of any other it stays masked."""

from typing import Any, NamedTuple

from flask import url_for

from models.case.case import Case
from models.complaint.complaint import PERSONS, Person, name_of
from models.complaint.event import open_seals
from models.letters.to_pengadu import ready_messages
from models.office.contacts import call_link, chat_link, masked_text, numbers_in
from models.store.base import labels_of

CONTACT = ("safe_contact", "phone", "email", "address", "domicile")  # how to reach him safely comes before any number


class CallLink(NamedTuple):
    """A number as it is dialled and written to."""

    name: str
    call: str
    chat: str


class PersonContact(NamedTuple):
    """Who somebody is in the case, how he is reached (label, value), and what dials his numbers."""

    person: str
    lines: list[tuple[str, str]]
    links: list[CallLink]


class MaskedNumber(NamedTuple):
    """Somebody whose number stays closed: who he is, what of it is seen, and where it is shown for a reason."""

    person: str
    masked: str
    url: str


def contact_of(case: Case) -> list[PersonContact]:
    """Everybody in a case; how to reach someone safely comes before any number."""
    seal = open_seals([case.complaint.id])[case.complaint.id]
    people = {p.kind: p for p in Person.select().where(Person.complaint == case.complaint.id)}
    messages = ready_messages(case.complaint, people, case.settings)
    return [
        PersonContact(
            f"{PERSONS[kind]}: {name_of(p, case.complaint)}",
            _contact_lines(p, seal),
            call_links(seal.open_text(f"{kind}.phone", p.phone), messages.get(kind, "")),
        )
        for kind, p in people.items()
    ]


def masked_numbers(case: Case) -> list[MaskedNumber]:
    """Everybody in a case whom one could call, each number masked."""
    seal, page = open_seals([case.complaint.id])[case.complaint.id], "pengaduan.details_view"
    people = Person.select().where(Person.complaint == case.complaint.id).order_by(Person.id)
    return [
        MaskedNumber(
            f"{PERSONS[p.kind]}: {name_of(p, case.complaint)}",
            masked_text("phone", seal.open_text(f"{p.kind}.phone", p.phone)),
            url_for(page, id=case.complaint.id, _anchor=f"orang-{p.kind}"),
        )
        for p in people
        if p.phone
    ]


def call_links(phone: str, message: str = "") -> list[CallLink]:
    """What dials the numbers of such a text, in their order, with a message ready to be sent; nothing where none is
    whole."""
    return [CallLink(f"+{world}", call_link(world), chat_link(world, message)) for world in numbers_in(phone)]


def _contact_lines(person: Person, seal: Any) -> list[tuple[str, str]]:
    labels = labels_of(Person)
    warned = [("Perhatian", labels["do_not_call"])] if person.do_not_call else []
    opened = [(labels[name], seal.open_text(f"{person.kind}.{name}", getattr(person, name))) for name in CONTACT]
    return warned + [(label, value) for label, value in opened if value]
