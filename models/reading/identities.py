"""Who the people of many cases are, for a file that somebody takes away: as far as he could read it on each case."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.fields.mask import masked_text
from models.search.find import finds_at_all, may_find
from models.store.base import labels_of
from models.store.seal import Seal
from models.tables.complaint import PERSONS, Complaint, Person
from models.tables.event import open_seals
from models.tables.scope import Viewer

REASONS = {
    "report": "Laporan yang diminta pimpinan",
    "match": "Mencocokkan dengan data penerima layanan",
    "visit": "Menghubungi atau mengunjungi banyak orang",
    "authority": "Permintaan instansi yang berwenang",
}
PARTS = {  # what is told of each person, and as which of the numbers it is kept: who may find by it may read it
    "nik": "nik",
    "safe_contact": "phone",
    "phone": "phone",
    "address": "nik",
}
DO_NOT_CALL = "Jangan ditelepon."


class Rights(NamedTuple):
    """What the person may read in full on one case."""

    phone: bool
    nik: bool
    anonymous: bool


def may_take(who: Viewer) -> bool:
    """Whether there may be a case of whose people this person reads more than their names."""
    return any(finds_at_all(who, kind) for kind in set(PARTS.values()))


def identity_heads() -> list[str]:
    """What stands above the cells of `identities`."""
    labels = labels_of(Person)
    names = [labels[part] for part in ("name", *PARTS)]
    return [f"{label.partition(' (')[0]}: {name}" for label in PERSONS.values() for name in names]


def identities(ids: Sequence[int], who: Viewer) -> dict[int, list[str]]:
    """The cells of each of these cases: all its people, what the person may not read in full masked."""
    rights, seals = _rights(ids, who), open_seals(ids)
    people = {(p.complaint_id, p.kind): p for p in Person.select().where(Person.complaint.in_(list(ids)))}
    return {
        case: [
            cell for kind in PERSONS for cell in _cells(people.get((case, kind)), seals.get(case), rights[case], kind)
        ]
        for case in rights
    }


def _rights(ids: Sequence[int], who: Viewer) -> Mapping[int, Rights]:
    asked = (may_find(who, "phone").alias("p"), may_find(who, "nik").alias("n"), Complaint.anonymous)
    rows = Complaint.select(Complaint.id, *asked).where(Complaint.id.in_(list(ids))).tuples()
    return {case: Rights(*map(bool, rest)) for case, *rest in rows}


def _cells(person: Person | None, seal: Seal | None, rights: Rights, kind: str) -> list[str]:
    if person is None or seal is None:
        return [""] * (1 + len(PARTS))
    hidden = "Anonim" if kind == "pengadu" and rights.anonymous else ""
    return [person.name or hidden, *(_part(person, seal, rights, part) for part in PARTS)]


def _part(person: Person, seal: Seal, rights: Rights, part: str) -> str:
    text = seal.open_text(f"{person.kind}.{part}", getattr(person, part))
    told = text if getattr(rights, PARTS[part]) else masked_text(part, text)
    warned = DO_NOT_CALL if part == "safe_contact" and person.do_not_call else ""
    return " ".join(filter(None, (warned, told)))
