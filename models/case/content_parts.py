"""Parts of a paper's content: keys of the frozen JSON, signers, copies, and the header of a paper without a case."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from models.case.access_notes import is_secret
from models.case.case import Case
from models.case.clocks import Deadline
from models.complaint.complaint import Complaint, Person
from models.complaint.number import GivenNumber
from models.complaint.paper import Attachment, Content
from models.office.identity import require_identity, sop_part
from models.office.lists import Medium
from models.office.people import Division, Officer, PostBook, Signatory
from models.office.settings import Settings, letterhead, values
from models.records.in_words import FORMAT, Words
from models.records.main_line import WITHOUT_RECEIVER
from models.records.registry import RECORDS
from sop.procedure import PaperKind
from sop.signers import PENGADU, RECEIVER, SIGNERS, is_sent_to_signer

_COPIES = re.compile(r"\brangkap ([1-9])\b(?: \([a-z]+\))?")  # in the closing sentence, as worded by the office
ONE = "rangkap 1 (satu)"
ONCE = (
    "Karena rahasia, {title} dicetak satu kali saja, untuk kantor. Salinannya akan memberi tahu siapa pun yang "
    "serumah dengan pengadu: siapa yang mengadu dan siapa korbannya, apa yang diadukan{matter}, uraian hasil "
    "penanganannya, dan tanggapan pengadu. Sampaikan hasilnya tanpa menyerahkan salinan; yang boleh dibawa pengadu "
    "hanya kutipannya."
)


def copies_of(content: Content) -> int:
    """The number of printed copies, one for each party; 1 if the paper does not mention copies or is secret."""
    kind, wording = content["paper"]["key"], content.get("wording", {})
    outcome = content.get("records", {}).get(kind, {}).get("codes", {}).get("outcome")
    closing = wording.get(f"{kind}.closing", "")
    if (
        outcome in WITHOUT_RECEIVER
    ):  # a single party has a closing sentence of its own, unless the paper is older than that
        closing = wording.get(f"{kind}.closing_alone", closing)
    match = _COPIES.search(closing)
    return int(match[1]) if match and not content.get("complaint", {}).get("is_secret") else 1


def in_one_copy(wording: Mapping[str, str]) -> dict[str, str]:
    """The texts of a paper without a recipient: every number of copies becomes one."""
    return {key: _COPIES.sub(ONE, text) for key, text in wording.items()}


def single_copy_sentence(paper: PaperKind, cases: list[Complaint]) -> str:
    """The sentence why a paper with parties is printed without copies; "" if copies are allowed."""
    secret = [case for case in cases if is_secret(case)]
    if not secret or not paper.parties:
        return ""
    return ONCE.format(title=paper.title, matter=f" (“{secret[0].title}”)" if len(cases) == 1 else "")


PersonPart = dict[str, str | bool]  # the columns of Person that the paper may show


class DeadlinePart(TypedDict):
    """The date that a paper promises, its label, and the name of its clock."""

    ends: str
    due: str
    clock: str


class ComplaintPart(TypedDict):
    """The complaint when the paper was composed; moments in ISO format."""

    number: str
    title: str
    story: str
    asks: str
    category: str
    law_class: str
    secrecy: str
    is_secret: bool
    urgency: str
    emergency: bool
    medium: str
    medium_group: str
    medium_ref: str
    medium_ref_label: str
    received_at: str
    recorded_at: str
    backlog: bool
    anonymous: bool
    event_date: str
    event_place: str
    kelurahan: str
    kecamatan: str
    accused: str
    loss: str
    evidence: str
    attachments: list[dict[str, str]]
    answer_due: str
    legal_due: str
    deadline: DeadlinePart
    registrar: Officer
    round: int
    missing: list[str]


DeputyPart = Mapping[str, str] | None  # post, name, decree and reason, where a holder decided despite his Plh.


class RecordPart(TypedDict):
    """A record in words, by field name; `order` is that of the form."""

    title: str
    at: str
    revision: int
    by: Officer
    blanks: dict[str, Words]
    codes: dict[str, str]
    moments: dict[str, str]
    labels: dict[str, str]
    order: list[str]


SignerPart = TypedDict(
    "SignerPart",
    {"role": str, "as": str, "way": str, "name": str, "nip": str, "pangkat": str, "title": str},
)
"""A signer: role key, label and way of signing by the table, name and title."""


class UnitPart(TypedDict):
    """The leading unit, and its head if it has one."""

    name: str
    head: Officer | dict[str, str]


class RowPart(TypedDict):
    """Time spent on a row of the SOP, in minutes of working time; a run is [start, end, minutes]."""

    no: int | str  # a dash if it is no longer in the table
    title: str
    norm: str
    minutes: int
    late: bool
    waiting: int
    runs: list[list[str | int | None]]


def units_part(units: Iterable[Division], book: PostBook, day: date) -> Content:
    """The units of that day in the office's order, and the title of the post that heads each, if it has one."""
    names, titles = {unit.id: unit.name for unit in units if unit.holds_on(day)}, book.titles_on(day)
    posts = {name: titles[number] for number, name in names.items() if number in titles}
    return {"units": list(names.values()), "posts": posts}


def deadline_part(deadline: Deadline) -> DeadlinePart:
    return {"ends": deadline.clock.ends, "due": deadline.due.isoformat(), "clock": deadline.clock.name}


def piece_part(piece: Attachment) -> dict[str, str]:
    """A piece of evidence, as papers list it."""
    return {"name": piece.name, "place": piece.place, "sha256": piece.sha256}


AT_THE_COUNTER = "langsung"  # the group of media with the pengadu present at the counter


@dataclass(frozen=True)
class PaperSigner:
    """A signer of a paper: role key of the table, printed name and title, and the user's id if he has an account."""

    role: str
    printed: Officer
    person: int | None = None


def signers_on(
    paper: PaperKind, officer: Callable[[str], Signatory], visitors: Mapping[str, str]
) -> Iterator[PaperSigner]:
    """The signers of a paper of one case: all of the office, and the visitors who are present."""
    for role in paper.signers:
        if is_sent_to_signer(role):
            who = officer(role)
            yield PaperSigner(role, who.printed, who.user)
        elif role in visitors:
            yield PaperSigner(role, Officer(name=visitors[role], nip="", pangkat="", title=""))


def signer_parts(signers: Iterable[PaperSigner]) -> list[SignerPart]:
    """The signers as stored in a paper's content."""
    return [
        {"role": signer.role, "as": SIGNERS[signer.role].label, "way": SIGNERS[signer.role].way, **signer.printed}
        for signer in signers
    ]


def visitors(case: Case, persons: Mapping[str, Person], medium: Medium) -> dict[str, str]:
    """Names by role of signers outside the office who are present: at the counter the pengadu, or the kuasa who brought
    the complaint for him; face to face the receiver."""
    pengadu, kuasa, present = persons.get("pengadu"), persons.get("kuasa"), {}
    name = "" if case.complaint.anonymous or not pengadu else str(pengadu.name or "")
    if medium.group == AT_THE_COUNTER and not case.complaint.anonymous:
        present[PENGADU] = str(kuasa.name) if kuasa and kuasa.name else name
    for record in case.records.values():
        receiver = RECORDS[record.key].receiver_of(record.blanks)  # "": the pengadu; None: not face to face
        if receiver is not None:
            present[RECEIVER] = receiver or name
    return present


def paper_part(key: str, title: str, at: datetime, number: GivenNumber | None = None) -> Content:
    """What a paper says of itself: without a number of its own it has the day of its issue."""
    return {
        "key": key,
        "title": title,
        "number": number.text if number else "",
        "date": number.date if number else at.isoformat(),
        "issued_at": at.isoformat(),
        "round": 1,
        "revision": 1,
        "draft": False,
    }


def frame(
    key: str, title: str, *, at: datetime, demo: bool, row: int | None = None, settings: Settings | None = None
) -> Content:
    """The common content of a paper without a case; `row` is the number of its SOP row, if any.

    Raises IncompleteIdentity if the office's identity is not set, unless `settings` are passed for a preview.
    """
    if settings is None:
        require_identity(settings := values())
    return {
        "format": FORMAT,
        "paper": paper_part(key, title, at),
        "sop": sop_part(settings, row),
        "office": letterhead(settings),
        "demo": demo,
    }
