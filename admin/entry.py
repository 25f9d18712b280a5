"""Who may come in: to a view by its noun, to each of its doors by what the view names and by the person."""

from typing import Any
from urllib.parse import quote

from flask import abort, redirect, request
from flask_admin.contrib.peewee import ModelView
from flask_login import current_user

from admin.joins import signed_in
from models import scope

FLAGS = {"details": "can_view_details", "edit": "can_edit", "create": "can_create", "export": "can_export"}


class Entry(ModelView):
    """Mixin of PanelView: closed to strangers, and every door shut that is not named."""

    noun = ""  # what scope.may_open() is asked about

    def is_accessible(self) -> bool:
        return current_user.is_authenticated and scope.may_open(signed_in(), self.noun)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        if current_user.is_authenticated:
            abort(403)
        return redirect(f"/masuk?next={quote(self._asked_page())}")

    def _asked_page(self) -> str:
        """Where sign-in should lead back to: the page asked for, or the list if something was sent."""
        if request.method != "GET":
            return self.get_url(".index_view")
        query = request.query_string.decode("latin-1")
        return quote(request.path) + (f"?{query}" if query else "")

    def may(self, door: str, row: Any = None) -> bool:
        """Whether this person may use a door (details, edit, create, export); override, for one row if given."""
        return door not in ("create", "edit") or scope.may_write(signed_in(), self.noun)

    def opens(self, door: str, row: Any = None) -> bool:
        """Whether the door is named by the view and open to this person."""
        return bool(getattr(self, FLAGS[door])) and self.may(door, row)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # Flask-Admin calls twice on a TypeError and hides ours
