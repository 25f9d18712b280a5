"""The recipient of an e-mail: the pengadu before his kuasa, and none if either of them is at risk."""

import pytest

from models.complaint.complaint import Person
from models.complaint.event import open_seals
from models.email.to_pengadu import DO_NOT_CALL, SAFE_WAY, reached
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database

OWN, OTHER = "siti@contoh.id", "tono@contoh.id"


def address_or_reason(office: Office, pengadu: dict[str, object], kuasa: dict[str, object]) -> str:
    persons = {"pengadu": {"name": "Siti", **pengadu}, "kuasa": {"name": "Tono", **kuasa}}
    [case] = office.receive(persons=persons)
    people = Person.select().where(Person.complaint == case).order_by(Person.id)
    result = reached(people, open_seals([case])[case])
    return result.address or result.why_not


def test_the_pengadu_is_written_to_and_the_kuasa_only_where_he_has_no_address(office: Office) -> None:
    assert address_or_reason(office, {"email": OWN}, {"email": OTHER}) == OWN
    assert address_or_reason(office, {}, {"email": OTHER}) == OTHER


@pytest.mark.parametrize(("risk", "why"), [({"do_not_call": True}, DO_NOT_CALL), ({"safe_contact": "Adik"}, SAFE_WAY)])
def test_a_risk_of_either_stops_e_mails_to_both(office: Office, risk: dict[str, object], why: str) -> None:
    assert (
        address_or_reason(office, {"email": OWN, **risk}, {}) == address_or_reason(office, {"email": OWN}, risk) == why
    )
