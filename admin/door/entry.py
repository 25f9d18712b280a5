"""Who may come in: to a view by its noun, to each of its doors by what the view names and by the person."""

from typing import Any

from admin.door.flaskadmin import FlaskAdminView
from admin.door.gate import Gated
from admin.door.joins import signed_in
from models.complaint import scope

FLAGS = {"details": "can_view_details", "edit": "can_edit", "create": "can_create", "export": "can_export"}


class Doors(Gated, FlaskAdminView):
    """Mixin of PanelView: closed to strangers, and every door shut that is not named."""

    def may(self, door: str, row: Any = None) -> bool:
        """Whether this person may use a door (details, edit, create, export); override, for one row if given."""
        return door not in ("create", "edit") or scope.may_write(signed_in(), self.noun)

    def opens(self, door: str, row: Any = None) -> bool:
        """Whether the door is named by the view and open to this person."""
        return bool(getattr(self, FLAGS[door])) and self.may(door, row)
