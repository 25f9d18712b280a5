"""Serah Terima: the cases assigned to each user, and handing all or some of them over to another."""

from dataclasses import dataclass
from typing import Any

from flask import abort, url_for

from admin.case.steps import open_step_page
from admin.desk.queues import given_url
from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from admin.door.rows import MOST_IDS, signed_in
from admin.lists.masters import ORGANISATION
from admin.office.users import person_url
from models.complaint.scope import viewer
from models.office.people import User, place_of, users_with_units
from models.reading import handover
from sop.access import writes
from sop.procedure import Transition
from sop.vocabulary import vocabulary

NAME = "Serah Terima"


@dataclass(frozen=True)
class ShareLine:
    """The cases of one user that the signed-in user may hand over: their number, links to all and to the list."""

    name: str
    place: str
    count: int
    all_url: str
    list_url: str


@dataclass(frozen=True)
class HoldingLine:
    """What is assigned to a user, in numbers, for the managers of accounts."""

    name: str
    place: str
    holdings: list[str]
    url: str


class SerahTerimaView(PageView):
    """/serah-terima/: reached from the list of complaints; in the menu of those who manage the accounts."""

    noun, home, cost = "serah-terima", "pengaduan", READS

    def is_visible(self) -> bool:
        return _manages_accounts()

    @expose("/")
    def index(self) -> str:
        who = viewer(signed_in())
        parts = [(step, _share_lines(step, handover.shares(who, step))) for step in handover.acts_of(who)]
        all_users = _holding_lines() if _manages_accounts() else None
        return str(self.render("admin/desk/handover.html", parts=parts, everybody=all_users, words=handover.WORDS))

    @expose("/<row:number>/<key:key>/")
    def all_of(self, number: int, key: str) -> Any:
        """The step page with all cases of one user, at most MOST_IDS."""
        who, step = viewer(signed_in()), vocabulary().transitions.get(key)
        if step is None or step not in handover.acts_of(who):
            abort(404)
        ids = handover.cases_of(who, step, number, MOST_IDS)
        return open_step_page(step, ids, leaver=User.get_by_id(number)) if ids else abort(404)


def _manages_accounts() -> bool:
    return writes(signed_in().role, "pengguna")


def _share_lines(step: Transition, shares: list[handover.Share]) -> list[ShareLine]:
    return [
        ShareLine(
            _name(share.person),
            place_of(share.person),
            share.count,
            url_for("serah-terima.all_of", number=share.person.id, key=step.key),
            given_url(step, share.person.id),
        )
        for share in shares
    ]


def _holding_lines() -> list[HoldingLine]:
    """Users with assigned cases or posts, inactive ones first."""
    holdings = handover.holdings()
    users = [user for number, user in users_with_units(holdings).items() if number in holdings]
    users.sort(key=lambda user: (user.active, user.name))
    return [
        HoldingLine(_name(user), place_of(user), [str(holding) for holding in holdings[user.id]], person_url(user))
        for user in users
    ]


def _name(person: User) -> str:
    return str(person.name) if person.active else f"{person.name} (nonaktif)"


def views() -> list[PageView]:
    return [SerahTerimaView(name=NAME, endpoint="serah-terima", url="/serah-terima", category=ORGANISATION)]
