"""Units of before have no letterhead of their own, and their rows prove what they did: the columns begin empty."""

from models import schema
from models.office.people import Division
from models.proof.check import verified
from models.proof.former import prove_what_stood
from models.store.base import database
from tests.office import Office, opened, outside, owner_url_of, url_of

NAME = "0025_letterheads_of_units"
COLUMNS = ("address", "phone", "web", "postcode")


def test_units_of_before_have_no_letterhead_and_their_proof_holds(office: Office) -> None:
    prove_what_stood()
    its_own = database.obj
    database.close()
    with outside(office.path) as raw:
        for column in COLUMNS:
            raw.execute(f'ALTER TABLE "division" DROP COLUMN "{column}"')
        raw.execute(f'DELETE FROM "migration" WHERE "name" = \'{NAME}\'')
    assert schema.prepare(url_of(office.path), owner_url=owner_url_of(office.path)) == [NAME]
    with opened(office.path):
        assert {getattr(unit, column) for unit in Division.select() for column in COLUMNS} == {None}
        assert verified()[1] == []
    database.initialize(its_own)
    database.connect(reuse_if_open=True)
