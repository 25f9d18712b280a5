"""Who is signed in when the panel is upgraded has shown who he is at his sign-in."""

from models.sign_in.session import Session, begin
from models.store.base import now
from tests.models.upgraded import upgraded
from tests.office import Office

BEFORE = (
    'ALTER TABLE "session" DROP COLUMN "proven"',
    'ALTER TABLE "session" DROP COLUMN "confined"',
    'DELETE FROM "migration" WHERE "name" = \'0019_session_proven\'',
)


def test_a_session_of_before_has_proven_itself_when_it_began(office: Office) -> None:
    begin(office["petugas"], device="", address="", at=now())
    with upgraded(office, BEFORE) as migrations:
        assert migrations == ["0019_session_proven"]
        row = Session.get()
        assert row.proven == row.begun
        assert (row.is_whole, row.confined) == (True, "")
