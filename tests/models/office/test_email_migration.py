"""Users of before have no address, and their rows prove what they did: the column begins empty."""

from models.office.people import User
from models.workflow.proof import prove_existing_rows, verified
from tests.models.upgraded import upgraded
from tests.office import Office

BEFORE = (
    'ALTER TABLE "user" DROP COLUMN "email"',
    'DELETE FROM "migration" WHERE "name" = \'0022_email_of_users\'',
)


def test_users_of_before_have_no_address_and_their_proof_holds(office: Office) -> None:
    prove_existing_rows()
    with upgraded(office, BEFORE) as migrations:
        assert migrations == ["0022_email_of_users"]
        assert {user.email for user in User.select()} == {None}
        assert verified()[1] == []
