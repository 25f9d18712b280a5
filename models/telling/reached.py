"""To which address a case's pengadu is written, and the sentence where no letter goes by itself."""

from collections.abc import Iterable
from typing import NamedTuple

from models.mail.address import address_objection
from models.store.seal import Seal
from models.tables.complaint import Person

WRITTEN_TO = ("pengadu", "kuasa")  # the first of them who has an address
DO_NOT_CALL = "Pada pengaduan ini tertulis “Jangan ditelepon”; surel tidak dikirim otomatis."
SAFE_WAY = "Pada pengaduan ini ada cara menghubungi yang aman; surel tidak dikirim otomatis."
NO_ADDRESS = "Pengadu tidak mencantumkan alamat surel."
ERASED = "Data pribadi pada pengaduan ini sudah dihapus."
UNFIT = "Alamat surel pengadu tidak dapat dikirimi surel. {}"


class Reached(NamedTuple):
    """The address, or why there is none that a letter may go to; whether it only has to be put right."""

    address: str
    why_not: str = ""
    is_unfit: bool = False


def needs_care(people: Iterable[Person]) -> bool:
    """Whether somebody in the case must not be called, or only in a way that was agreed on."""
    return any(person.do_not_call or person.safe_contact for person in people)


def silence(people: Iterable[Person]) -> str:
    """Why nobody in the case gets a letter, "" if somebody may; without opening any seal."""
    everybody = list(people)
    if any(person.do_not_call for person in everybody):
        return DO_NOT_CALL
    if any(person.safe_contact for person in everybody):
        return SAFE_WAY
    return "" if _written_to(everybody) else NO_ADDRESS


def reached(people: Iterable[Person], seal: Seal) -> Reached:
    everybody = list(people)
    if seal.is_gone:
        return Reached("", ERASED)
    if why := silence(everybody):
        return Reached("", why)
    person = _written_to(everybody)[0]
    address = seal.open_text(f"{person.kind}.email", person.email).strip()
    if not address:
        return Reached("", NO_ADDRESS)
    objection = address_objection(address)
    return Reached("", UNFIT.format(objection), is_unfit=True) if objection else Reached(address)


def _written_to(people: list[Person]) -> list[Person]:
    by_kind = {person.kind: person for person in people if person.email}
    return [by_kind[kind] for kind in WRITTEN_TO if kind in by_kind]
