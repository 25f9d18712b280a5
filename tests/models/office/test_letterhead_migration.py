"""Units of before have no letterhead of their own, and their rows prove what they did: the columns begin empty."""

from models.office.people import Division
from models.workflow.proof import prove_existing_rows, verified
from tests.models.upgraded import upgraded
from tests.office import Office

NAME = "0025_letterheads_of_units"
COLUMNS = ("address", "phone", "web", "postcode")


BEFORE = (
    *(f'ALTER TABLE "division" DROP COLUMN "{column}"' for column in COLUMNS),
    f'DELETE FROM "migration" WHERE "name" = \'{NAME}\'',
)


def test_units_of_before_have_no_letterhead_and_their_proof_holds(office: Office) -> None:
    prove_existing_rows()
    with upgraded(office, BEFORE) as migrations:
        assert migrations == [NAME]
        assert {getattr(unit, column) for unit in Division.select() for column in COLUMNS} == {None}
        assert verified()[1] == []
