"""Parts of a paper's content: names in the frozen JSON, signers, copies, and the head of a paper of no case."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from models.case.access_notes import is_secret
from models.case.case import Case
from models.case.clocks import Deadline
from models.complaint.complaint import Complaint, Person
from models.complaint.paper import Attachment, Content
from models.office.identity import demand_identity, sop_part
from models.office.lists import Medium
from models.office.people import Officer, Signatory
from models.office.settings import Settings, letterhead, values
from models.records.in_words import FORMAT, Words
from models.records.main_line import ALONE
from models.records.registry import RECORDS
from sop.procedure import PaperKind
from sop.signers import PENGADU, RECEIVER, SIGNERS, is_carried

_SAID = re.compile(r"\brangkap ([1-9])\b(?: \([a-z]+\))?")  # in its closing sentence, in the office's own words
ONE = "rangkap 1 (satu)"
ONCE = (
    "Karena rahasia, {title} dicetak satu kali saja, untuk kantor. Salinannya akan memberi tahu siapa pun yang "
    "serumah dengan pengadu: siapa yang mengadu dan siapa korbannya, apa yang diadukan{matter}, uraian hasil "
    "penanganannya, dan tanggapan pengadu. Sampaikan hasilnya tanpa menyerahkan salinan."
)


def copies_of(content: Content) -> int:
    """What is printed so often and handed out, one to each party; 1 for a paper that says nothing of copies."""
    said = _SAID.search(content.get("wording", {}).get(_closing(content), ""))
    return int(said[1]) if said and not content.get("complaint", {}).get("is_secret") else 1


def in_one_copy(wording: Mapping[str, str]) -> dict[str, str]:
    """The texts of a paper without a recipient: where they count copies there is one."""
    return {key: _SAID.sub(ONE, text) for key, text in wording.items()}


def once_words(paper: PaperKind, cases: list[Complaint]) -> str:
    """Why no copy is made of a paper that somebody is notified of; "" where one may be."""
    secret = [case for case in cases if is_secret(case)]
    if not secret or not paper.parties:
        return ""
    return ONCE.format(title=paper.title, matter=f" (“{secret[0].title}”)" if len(cases) == 1 else "")


def _closing(content: Content) -> str:
    """The key of the sentence that it closes with: of one party, where it was frozen with one for that."""
    kind = content["paper"]["key"]
    alone, end = f"{kind}.closing_alone", content.get("records", {}).get(kind, {}).get("codes", {}).get("outcome")
    return alone if end in ALONE and alone in content["wording"] else f"{kind}.closing"


PersonPart = dict[str, str | bool]  # of Person's columns those that the paper may tell


class DeadlinePart(TypedDict):
    """The one date that a paper promises, what is done by then, and the name of the clock that it is of."""

    ends: str
    due: str
    clock: str


class ComplaintPart(TypedDict):
    """The complaint as it stood; moments in ISO's form."""

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


class RecordPart(TypedDict):
    """A record in words, each blank by its field; `order` is that of the form."""

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
"""One of those who sign: the word of the table, what the paper calls him by it, who he is."""


class UnitPart(TypedDict):
    """The unit that leads, and its head if it has one."""

    name: str
    head: Officer | dict[str, str]


class RowPart(TypedDict):
    """What was spent on a row of the SOP, in minutes of working time; a run is its start, its end and its minutes."""

    no: int | str  # a dash where the table has it no more
    title: str
    norm: str
    minutes: int
    late: bool
    waiting: int
    runs: list[list[str | int | None]]


def deadline_part(deadline: Deadline) -> DeadlinePart:
    """The date that binds, as papers promise it."""
    return {"ends": deadline.clock.ends, "due": deadline.due.isoformat(), "clock": deadline.clock.name}


def piece_part(one: Attachment) -> dict[str, str]:
    """A piece of evidence, as papers list it."""
    return {"name": one.name, "place": one.place, "sha256": one.sha256}


AT_THE_COUNTER = "langsung"  # the group of media by which somebody stands before the officer


@dataclass(frozen=True)
class SigningHand:
    """One of those who sign a paper: by which word of the table, as named on it, and his account if he has one."""

    role: str
    printed: Officer
    person: int | None = None


def hands_of(
    paper: PaperKind, officer: Callable[[str], Signatory], visitors: Mapping[str, str]
) -> Iterator[SigningHand]:
    """The signers of a paper of one case: of the office each, and of the visitors those who are there."""
    for word in paper.signers:
        if is_carried(word):
            who = officer(word)
            yield SigningHand(word, who.printed, who.user)
        elif word in visitors:
            yield SigningHand(word, Officer(name=visitors[word], nip="", pangkat="", title=""))


def signer_parts(hands: Iterable[SigningHand]) -> list[SignerPart]:
    """What a paper says of those who sign it."""
    return [
        {"role": hand.role, "as": SIGNERS[hand.role].label, "way": SIGNERS[hand.role].way, **hand.printed}
        for hand in hands
    ]


def visitors(case: Case, persons: Mapping[str, Person], medium: Medium) -> dict[str, str]:
    """By name who of those outside the office is there to sign: pengadu at the counter, receiver face to face."""
    pengadu, there = persons.get("pengadu"), {}
    name = "" if case.complaint.anonymous or not pengadu else str(pengadu.name or "")
    if medium.group == AT_THE_COUNTER and not case.complaint.anonymous:
        there[PENGADU] = name
    for record in case.records.values():
        receiver = RECORDS[record.key].receiver_of(record.blanks)  # face to face: "" is the pengadu, None is no one
        if receiver is not None:
            there[RECEIVER] = receiver or name
    return there


def frame(
    key: str, title: str, *, at: datetime, demo: bool, row: int | None = None, settings: Settings | None = None
) -> Content:
    """The content that such a paper begins with; `row` is the SOP's row that it belongs to, if to one.

    UnnamedOffice where the office has not said who it is, but for `settings` that are only looked at.
    """
    if settings is None:
        demand_identity(settings := values())
    return {
        "format": FORMAT,
        "paper": {
            "key": key,
            "title": title,
            "number": "",
            "date": at.isoformat(),
            "issued_at": at.isoformat(),
            "round": 1,
            "revision": 1,
            "draft": False,
        },
        "sop": sop_part(settings, row),
        "office": letterhead(settings),
        "demo": demo,
    }
