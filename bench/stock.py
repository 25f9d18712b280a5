"""Stock Flask-Admin over the panel's own rows: a list of complaints as its documentation has it, nothing of ours.

It shows, searches, filters and sorts the same columns, and it asks nobody who he is.
"""

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.peewee import ModelView
from flask_babel import Babel

from models.store.base import database
from models.tables.complaint import Complaint


class StockView(ModelView):
    """The list of complaints."""

    can_create = can_edit = can_delete = False
    can_export = True
    export_max_rows = None
    column_list = ("number", "title", "category", "state", "unit", "received_at", "row_due_at")
    column_searchable_list = ("number", "title", "story", "asks", "event_place", "accused", "medium_ref")
    column_filters = ("state",)
    column_default_sort = ("row_due_at", False)


def stock_panel() -> Flask:
    """An application with that one view, on the database that is open in this process."""
    app = Flask(__name__)  # its folder has no templates: those of Flask-Admin are taken
    app.config["SECRET_KEY"] = "of a bench"
    Babel(app)
    Admin(app).add_view(StockView(Complaint, url="/pengaduan"))
    app.before_request(connect)
    return app


def connect() -> None:
    database.connect(reuse_if_open=True)
