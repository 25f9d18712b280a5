"""The start page: what waits for the person signed in, by role, emergency and late first."""

from typing import Any
from urllib.parse import quote

from flask import abort, redirect, request
from flask_admin import AdminIndexView, expose
from flask_login import current_user

from admin.due import office
from admin.joins import signed_in
from admin.overview import acting, overview, setup
from admin.queues import cards, line
from models import queue, scope
from models.base import now
from sop import access, flow
from sop.procedure import KEPALA_DINAS

SHOWN = 5


class Beranda(AdminIndexView):
    """ "/" for whoever is signed in."""

    def is_accessible(self) -> bool:
        return current_user.is_authenticated and scope.may_open(signed_in(), "beranda")

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return abort(403) if current_user.is_authenticated else redirect(f"/masuk?next={quote(request.path)}")

    @expose("/")
    def index(self) -> str:
        who, at = scope.viewer(signed_in()), now()
        reads = who.mandated
        return self.render(
            "admin/start.html",
            who=who,
            day=at,
            open_now=office().is_open(at),
            receives=bool(access.lanes(flow.RECEIVE) & who.lanes) and flow.RECEIVE,
            cards=cards(who, at),
            first=[line(case) for case in queue.first(who, at, SHOWN)],
            acting=acting() if KEPALA_DINAS in who.lanes or who.user.role == access.PENGAWAS else None,
            totals=overview(who, at) if reads else (),
            unmandated=who.user.role == access.PENGAWAS and not reads,
            setup=setup() if who.user.role == access.ADMIN else None,
        )
