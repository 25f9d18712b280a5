"""Who is signed in when the panel is upgraded has shown who he is at his sign-in."""

from models import schema
from models.session.session import Session, begin
from models.store.base import database, now
from tests.office import Office, opened, outside, owner_url_of, url_of

BEFORE = (
    'ALTER TABLE "session" DROP COLUMN "proven"',
    'ALTER TABLE "session" DROP COLUMN "confined"',
    'DELETE FROM "migration" WHERE "name" = \'0019_session_proven\'',
)


def test_a_session_of_before_has_proven_itself_when_it_began(office: Office) -> None:
    begin(office["petugas"], device="", address="", at=now())
    its_own = database.obj
    database.close_all()
    with outside(office.path) as raw:
        for statement in BEFORE:
            raw.execute(statement)
    assert schema.prepare(url_of(office.path), owner_url=owner_url_of(office.path)) == ["0019_session_proven"]
    with opened(office.path):
        row = Session.get()
        assert row.proven == row.begun
        assert (row.is_whole, row.confined) == (True, "")
    database.initialize(its_own)
    database.connect(reuse_if_open=True)
