"""Serah Terima: what stands with whom, and all of it to another in one act, or chosen cases from the list."""

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
from models.office.people import User, place_of
from models.reading import handover
from sop.access import writes
from sop.procedure import Transition
from sop.vocabulary import vocabulary

NAME = "Serah Terima"


@dataclass(frozen=True)
class ShareLine:
    """What somebody has that the person signed in may hand over: how much, all of it, or chosen from the list."""

    name: str
    place: str
    count: int
    all_url: str
    list_url: str


@dataclass(frozen=True)
class HoldingLine:
    """What stands with somebody, in numbers, for who keeps the accounts."""

    name: str
    place: str
    holdings: list[str]
    url: str


class SerahTerimaView(PageView):
    """/serah-terima/: reached from the list of complaints; in the menu of those who manage the accounts."""

    noun, home, cost = "serah-terima", "pengaduan", READS

    def is_visible(self) -> bool:
        return _keeps_accounts()

    @expose("/")
    def index(self) -> str:
        who = viewer(signed_in())
        parts = [(step, _share_lines(step, handover.shares(who, step))) for step in handover.acts_of(who)]
        everybody = _holding_lines() if _keeps_accounts() else None
        return str(self.render("admin/desk/handover.html", parts=parts, everybody=everybody, words=handover.WORDS))

    @expose("/<row:number>/<key:key>/")
    def all_of(self, number: int, key: str) -> Any:
        """The step page with all that somebody has, up to as many as one act takes."""
        who, step = viewer(signed_in()), vocabulary().transitions.get(key)
        if step is None or step not in handover.acts_of(who):
            abort(404)
        ids = handover.cases_of(who, step, number, MOST_IDS)
        return open_step_page(step, ids, leaver=User.get_by_id(number)) if ids else abort(404)


def _keeps_accounts() -> bool:
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
    """Everybody with whom something stands, who is switched off first."""
    found = handover.holdings()
    people = User.select().where(User.id.in_(list(found))).order_by(User.active, User.name)
    return [
        HoldingLine(_name(one), place_of(one), [str(held) for held in found[one.id]], person_url(one)) for one in people
    ]


def _name(person: User) -> str:
    return str(person.name) if person.active else f"{person.name} (nonaktif)"


def views() -> list[PageView]:
    return [SerahTerimaView(name=NAME, endpoint="serah-terima", url="/serah-terima", category=ORGANISATION)]
