"""The panel: Flask-Admin with its views in the order of the menu."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin import (
    attachments,
    casefile,
    complaints,
    desk,
    documents,
    emblems,
    gate,
    history,
    masters,
    numbers,
    receiving,
    records,
    redirects,
    registerbook,
    sop,
    start,
    steps,
    users,
)

NAME = "Panel Pengaduan"
FLOORS = (
    complaints,
    receiving,
    records,
    documents,
    history,
    sop,
    users,
    masters,
    numbers,
    steps,
    desk,
    attachments,
    emblems,
    casefile,
    registerbook,
)


def install(app: Flask) -> Admin:
    """Put the panel on the app; every view says itself who may open it."""
    redirects.install()
    gate.install(app)
    panel = Admin(app, name=NAME, theme=Bootstrap4Theme(), index_view=start.Beranda(name="Beranda", url="/"))
    for module in FLOORS:
        for view in module.views():
            panel.add_view(view)
    return panel
