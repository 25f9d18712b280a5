"""The panel: Flask-Admin with its views in the order of the menu."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin import menu, sop, start
from admin.case import calling, letters
from admin.compliance import page as compliance
from admin.desk import desk
from admin.door import gate, redirects
from admin.evidence import attachments
from admin.imports import command as importing
from admin.imports import page as imports
from admin.intake import correcting, receiving
from admin.leadership import page as leadership
from admin.lists import casefile, complaints, history, promises, records, registerbook, search
from admin.looking import page as looking
from admin.masters import account, masters, numbers, users
from admin.papers import documents, emblems, misprints
from admin.recap import page as recap
from admin.settings import backups, condition
from admin.settings import letters as mailed
from admin.waiting import counts, handover, powers, urgent

NAME = "Panel Pengaduan"
FLOORS = (
    complaints,
    receiving,
    records,
    promises,
    documents,
    recap,
    compliance,
    history,
    sop,
    users,
    leadership,
    handover,
    looking,
    masters,
    numbers,
    backups,
    condition,
    mailed,
    account,
    correcting,
    calling,
    letters,
    desk,
    attachments,
    emblems,
    casefile,
    imports,
    registerbook,
    search,
)


def install(app: Flask) -> Admin:
    """Put the panel on the app; every view says itself who may open it."""
    redirects.install(app)
    gate.install(app)
    urgent.install(app)
    powers.install(app)
    misprints.install(app)
    counts.install(app)
    menu.install(app)
    search.install(app)
    importing.install(app)
    panel = Admin(app, name=NAME, theme=Bootstrap4Theme(), index_view=start.Beranda(name="Beranda", url="/"))
    for module in FLOORS:
        for view in module.views():
            panel.add_view(view)
    return panel
