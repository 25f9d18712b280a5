"""A view that stands in no menu and belongs to the complaints: steps, evidence."""

from typing import Any

from flask import redirect, url_for

from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import Gated
from admin.door.routes import expose


class Aside(Gated, FlaskAdminPage):
    """Open to whoever may open the complaints; to which of them, each of its addresses sees."""

    noun = "pengaduan"
    home = "pengaduan"  # the entry of the menu under which its pages stand

    @property
    def beside(self) -> str:
        """The address of that entry."""
        return url_for(f"{self.home}.index_view")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("pengaduan.index_view"))
