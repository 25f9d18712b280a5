"""How a paper names the people of a case: in full, as a party by enough to know him by, or by name alone."""

from models.content.parts import PersonPart
from models.entry.typed import PERSON_TEXTS
from models.fields.mask import partly_nik
from models.office.lists import Kelurahan
from models.store.seal import Seal
from models.tables.complaint import PERSONS, SEXES, Person
from sop.procedure import PaperKind

PARTIES = ("pengadu", "kuasa")  # whose side of a paper is named


def person_part(person: Person, paper: PaperKind, seal: Seal, place: Kelurahan | None) -> PersonPart:
    """What a paper of this kind tells of a person; only where it must is anything of him opened."""
    if paper.identity:
        return {"kind": PERSONS[person.kind], **_whole(person, seal), **_place_of(place)}
    if paper.parties and person.kind in PARTIES:
        nik = seal.open_text(f"{person.kind}.nik", person.nik)
        return {**_name_of(person), "nik": partly_nik(nik), **_place_of(place)}
    return _name_of(person)


def _name_of(person: Person) -> PersonPart:
    return {"kind": PERSONS[person.kind], "name": person.name, "relation": person.relation}


def _whole(person: Person, seal: Seal) -> PersonPart:
    return {
        **{name: seal.open_text(f"{person.kind}.{name}", getattr(person, name)) for name in Person.SEALED},
        **{name: person.__data__[name] for name in PERSON_TEXTS},
        "sex": dict(SEXES)[person.sex],
        "nik_note": person.nik_note,
        "do_not_call": person.do_not_call,
    }


def _place_of(place: Kelurahan | None) -> PersonPart:
    return {"kelurahan": place.name if place else "", "kecamatan": place.kecamatan if place else ""}
