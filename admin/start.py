"""The start page: the queues of the signed-in user by role, emergencies and late cases first."""

from typing import Any

from flask import redirect

from admin.desk import cards
from admin.desk.cards import acting_lines, due_card, setup_of_office, tallies
from admin.desk.page import desk_page
from admin.desk.queues import case_line, changed_lines, news_url, queue_cards
from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from admin.door.rows import signed_in
from admin.figures.leadership import own_month
from admin.figures.recap import figure_links
from admin.lists.cells import office_clock
from models.case import access_notes
from models.complaint import scope
from models.reading import queue
from models.reading.summary import weeks
from models.store.base import now
from sop import access
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS

LOOKED_AT_FIRST = 5


class Beranda(PageView):
    """ "/" for signed-in users."""

    noun, cost = "beranda", READS

    @expose("/")
    def index(self) -> str:
        who, at = scope.viewer(signed_in()), now()
        if KEPALA_DINAS in who.lanes:
            return desk_page(who, None, at)
        reads, first = who.mandated, queue.first(who, at, LOOKED_AT_FIRST)
        changed, changes = changed_lines(who, LOOKED_AT_FIRST)
        promises = due_card(who, LOOKED_AT_FIRST)
        listed = [*first, *(line.case for line in changed), *(line.case for line in promises.lines)]
        access_notes.log_list(who.user, "beranda", listed)
        return self.render(
            "admin/start.html",
            who=who,
            day=at,
            open_now=office_clock().is_open(at),
            receives=bool(access.lanes(current_procedure().receive) & who.lanes) and current_procedure().receive,
            cards=queue_cards(who, at),
            first=[case_line(case) for case in first],
            promised=promises,
            changed=changed,
            changes=changes,
            news_url=news_url(),
            acting=acting_lines() if who.user.role == access.PENGAWAS else None,
            totals=tallies(who, at) if reads else (),
            weeks=weeks(who, at) if reads else (),
            link=figure_links(),
            own_month=own_month(who, at),
            unmandated=who.user.role == access.PENGAWAS and not reads,
            setup=setup_of_office() if who.user.role == access.ADMIN else None,
        )

    @expose("/dilihat/", methods=("POST",))
    def acknowledge(self) -> Any:
        """Confirm that the security events of the card have been seen."""
        cards.mark_card_seen()
        return redirect("/", 303)
