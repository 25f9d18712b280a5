"""Which uses of sensitive rights a user has not seen: each link separately, and none from before his account."""

from datetime import timedelta

from models.case.access_notes import mark_uses_seen, unseen_uses
from models.complaint.accesslog import LINK_MADE, LINK_USED, PowerUse
from models.complaint.scope import viewer
from models.office.people import User
from tests.office import Office

MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


def three(office: Office) -> tuple[PowerUse, PowerUse]:
    """A link that was made and used, and another one that was only made: the two entries to list."""
    of_link = {"by": office["admin"], "person": office["bidang.rehsos"]}
    PowerUse.create(kind=LINK_MADE, at=office.at, **of_link)
    used = PowerUse.create(kind=LINK_USED, at=office.at + 2 * MINUTE, made_at=office.at, **of_link)
    return PowerUse.create(kind=LINK_MADE, at=office.at + 5 * MINUTE, **of_link), used


def test_a_second_link_to_an_account_is_listed_in_addition_to_the_used_one_and_marked_seen_separately(
    office: Office,
) -> None:
    second, used = three(office)
    who = viewer(office["kadis"])
    assert unseen_uses(who, 9).uses == [second, used]
    mark_uses_seen(who, [used.id])
    assert unseen_uses(who, 9).uses == [second]
    mark_uses_seen(who, [second.id])
    assert unseen_uses(who, 9).count == 0


def test_a_supervisor_sees_the_uses_since_his_account_was_created(office: Office) -> None:
    second, used = three(office)
    for since, uses in ((used.at, [second, used]), (used.at + TICK, [second])):
        User.update(created_at=since).where(User.username == "pengawas").execute()
        assert unseen_uses(viewer(User.get(username="pengawas")), 9).uses == uses
