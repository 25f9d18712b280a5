"""A stock Flask-Admin list over the panel's database, for comparison in benchmarks.

It shows, searches, filters and sorts the same columns as ours, without sign-in.
"""

from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.peewee import ModelView
from flask_babel import Babel

from admin.complaints.complaints import PengaduanView
from models.complaint.complaint import Complaint
from models.store.base import database


class StockView(ModelView):
    """The list of complaints, with the columns that ours shows."""

    can_create = can_edit = can_delete = False
    column_list = ("number", "title", "category", "state", "unit", "received_at", "row_due_at")
    column_searchable_list = ("number", "title", "story", "asks", "event_place", "accused", "medium_ref")
    column_filters = ("state",)
    column_default_sort = ("row_due_at", False)


class StockExport(ModelView):
    """The same list to be exported, with the columns that ours exports."""

    can_export = can_view_details = True
    column_list = column_export_list = PengaduanView.column_export_list


def stock_panel(kind: type[ModelView] = StockView, **settings: Any) -> Flask:
    """An application with one such view on the open database."""
    app = Flask(__name__)  # without templates of its own: Flask-Admin's are used
    app.config["SECRET_KEY"] = "of a bench"
    Babel(app)
    view = kind(Complaint, url="/pengaduan")
    vars(view).update(settings)
    Admin(app).add_view(view)
    app.before_request(connect)
    return app


def connect() -> None:
    database.connect(reuse_if_open=True)
