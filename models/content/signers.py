"""Who signs a paper, in the order in which they do: as what, by name and as titled that day, and in which way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.case.case import Case
from models.case.inhand import WrittenRecord
from models.content.parts import SignerPart
from models.office.lists import Medium
from models.office.people import Officer, Signatory
from models.records.registry import RECORDS
from models.tables.complaint import Person
from sop.procedure import PaperKind
from sop.signers import PENGADU, RECEIVER, SIGNERS, is_carried

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
    for heard in map(_receiver, case.records.values()):
        if heard is not None:
            there[RECEIVER] = heard or name
    return there


def _receiver(record: WrittenRecord) -> str | None:
    """Whom a record says that something was told to face to face, "" for the pengadu; None where nobody."""
    return RECORDS[record.key].receiver_of(record.blanks)
