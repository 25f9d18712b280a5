"""Users of before have no address, and their rows prove what they did: the column begins empty."""

from models import schema
from models.office.people import User
from models.proof.check import verified
from models.proof.former import prove_what_stood
from models.store.base import database
from tests.office import Office, opened, outside, owner_url_of, url_of

BEFORE = (
    'ALTER TABLE "user" DROP COLUMN "email"',
    'DELETE FROM "migration" WHERE "name" = \'0022_email_of_users\'',
)


def test_users_of_before_have_no_address_and_their_proof_holds(office: Office) -> None:
    prove_what_stood()
    its_own = database.obj
    database.close()
    with outside(office.path) as raw:
        for statement in BEFORE:
            raw.execute(statement)
    assert schema.prepare(url_of(office.path), owner_url=owner_url_of(office.path)) == ["0022_email_of_users"]
    with opened(office.path):
        assert {user.email for user in User.select()} == {None}
        assert verified()[1] == []
    database.initialize(its_own)
    database.connect(reuse_if_open=True)
