"""An office that is at work when the second factor becomes a must has a month; what it has said itself stays."""

from datetime import timedelta

from models.office.people import today
from models.office.settings import FACTOR, store_setting
from models.sign_in.factor_rules import ASKED_FIRST, demanded_since
from models.workflow.proof import verified
from sop.access import PENGAWAS
from sop.procedure import KEPALA_DINAS
from tests.models.upgraded import upgraded
from tests.office import Office

OLDER = ["DELETE FROM migration WHERE name = '0035_second_factor_by_a_day'"]


def test_an_office_at_work_gets_a_day_for_each_role_that_it_has_not_decided_on_itself(office: Office) -> None:
    store_setting(f"{FACTOR}{PENGAWAS}", False, today())
    with upgraded(office, OLDER) as names:
        assert names == ["0035_second_factor_by_a_day"]
        since = {role: demanded_since(role) for role in ASKED_FIRST}
        assert since == {**dict.fromkeys(ASKED_FIRST, today() + timedelta(days=30)), PENGAWAS: None}
        assert demanded_since(KEPALA_DINAS) > today()
        assert verified()[1] == []
    with upgraded(office, []) as names:
        assert names == []


def test_the_demo_is_asked_nothing_by_it(office: Office) -> None:
    store_setting("site.demo", True, today())
    with upgraded(office, OLDER):
        assert [demanded_since(role) for role in ASKED_FIRST] == [None] * 3
