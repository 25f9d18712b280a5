"""Who signs a paper, in the order in which they do: as what, by name and as titled that day, and in which way."""

from collections.abc import Callable, Iterator, Mapping

from models.case.case import Case
from models.case.inhand import WrittenRecord
from models.content.parts import SignerPart
from models.office.lists import Medium
from models.office.people import Officer
from models.records.registry import RECORDS
from models.tables.complaint import Person
from sop.procedure import PaperKind
from sop.signers import PENGADU, RECEIVER, SIGNERS, is_carried

AT_THE_COUNTER = "langsung"  # the group of media by which somebody stands before the officer


def signer_parts(
    paper: PaperKind, officer: Callable[[str], Officer], visitors: Mapping[str, str]
) -> Iterator[SignerPart]:
    """The signers of a paper of one case: of the office each, and of the visitors those who are there."""
    for word in paper.signers:
        signer = SIGNERS[word]
        if is_carried(word):
            who = officer(word)
        elif word in visitors:
            who = Officer(name=visitors[word], nip="", pangkat="", title="")
        else:
            continue
        yield {"role": word, "as": signer.label, "way": signer.way, **who}


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
