"""`flask --app app first-link`: the link for the first administrator, printed on the server's terminal."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.door.terminal import command
from admin.first.page import ADDRESS, page
from admin.web.commands import show_link
from models.office.people import User
from models.sign_in.password_links import make_first_link
from models.store.base import database

SENTENCE = "Tautan untuk pengelola sistem pertama"
THERE = "Panel ini sudah mempunyai pengguna. Masuk seperti biasa; tautan pengelola pertama tidak ada lagi."


def install(app: Flask) -> None:
    """Put the command on `flask --app app`, and the page on the app."""
    app.cli.add_command(first_link)
    app.register_blueprint(page)


@command("first-link", "Mencetak tautan bagi pengelola sistem yang pertama.")
@with_appcontext
def first_link() -> None:
    """Print a one-time link for the first administrator, who enters himself by it; none once somebody is there."""
    with database.connection_context():
        if User.select().exists():
            click.echo(THERE)
            return
    show_link(ADDRESS, make_first_link(Path(current_app.config["VAR_DIR"])), SENTENCE)
