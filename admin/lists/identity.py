"""An export with the people of each case: on a page of its own, for a reason, and noted with it."""

from functools import partial
from typing import Any

from flask import abort, make_response, request

from admin.door.cost import READS_MUCH
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.export.cells import CellsBeside
from admin.kit.base import PanelView
from admin.kit.export import KINDS
from models.complaint.scope import viewer
from models.reading.casefile import REASONS, identities, identity_heads, may_take

LINK = "Dengan identitas …"
NO_REASON = "Pilih untuk apa identitasnya diperlukan."


class WithIdentity(PanelView):
    """A view of complaints whose export may say who the people are."""

    def export_links(self, **asked: Any) -> list[tuple[str, str]]:
        links = super().export_links(**asked)
        return [*links, (LINK, self.get_url(".identity", **asked))] if may_take(viewer(signed_in())) else links

    @expose("/identitas/", methods=("GET", "POST"), cost=READS_MUCH)
    def identity(self) -> Any:
        """Asks for the reason; with one, the file."""
        who = viewer(signed_in())
        if not (self.opens("export") and may_take(who)):
            abort(404)
        picked, kind = request.form.get("reason", ""), request.form.get("format", "")
        if picked in REASONS and kind in KINDS:
            told = request.form.get("told", "").replace("\0", "").strip()[:200]
            beside = CellsBeside(tuple(identity_heads()), partial(identities, who=who))
            return self.exported_file(kind, beside, ", ".join(filter(None, (REASONS[picked], told))))
        why = NO_REASON if request.method == "POST" else ""
        return make_response(self._identity_page(why), 422 if why else 200)

    def _identity_page(self, why: str) -> str:
        args = self.list_args()
        asked, back = "; ".join(self.chosen_filters(args)), self.list_address(args)
        return str(
            self.render("admin/lists/identity.html", reasons=REASONS, kinds=KINDS, asked=asked, back=back, why=why)
        )
