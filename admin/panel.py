"""The panel: Flask-Admin with its views in the order of the menu."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin import menu, quick_search, sop, start
from admin.case import contact, emails
from admin.complaints import casefile, complaints, history, promises, records, registerbook, search
from admin.desk import cards, counts, desk, handover
from admin.door import gate, rows
from admin.figures import access_log, compliance, leadership, recap
from admin.intake import correcting, imports, receiving
from admin.intake import import_command as importing
from admin.lists import work_pages, works
from admin.office import account, backups, condition, masters, numbers, users
from admin.office import emails as mailed
from admin.papers import (
    documents,
    emblems,
    evidence,
    failed_prints,
    progress,
    shelf,
    shelf_lists,
    shelving,
    verification,
)

NAME = "Panel Pengaduan"
VIEW_MODULES = (
    complaints,
    receiving,
    records,
    promises,
    documents,
    shelf,
    shelf_lists,
    shelving,
    recap,
    compliance,
    history,
    sop,
    users,
    leadership,
    handover,
    access_log,
    masters,
    numbers,
    backups,
    condition,
    mailed,
    account,
    correcting,
    contact,
    emails,
    desk,
    evidence,
    emblems,
    casefile,
    imports,
    registerbook,
    search,
    quick_search,
    work_pages,
)


def install(app: Flask) -> Admin:
    """Create the panel on the app; every view declares its own rights."""
    rows.install(app)
    gate.install(app)
    works.install(app)
    cards.install_urgent(app)
    cards.install_powers(app)
    failed_prints.install(app)
    progress.install(app)
    verification.install(app)
    counts.install(app)
    menu.install(app)
    search.install(app)
    importing.install(app)
    first = start.Beranda(name="Beranda", endpoint="admin", url="/", static_folder="static")
    panel = Admin(app, name=NAME, theme=Bootstrap4Theme(), index_view=first)
    for module in VIEW_MODULES:
        for view in module.views():
            panel.add_view(view)
    return panel
