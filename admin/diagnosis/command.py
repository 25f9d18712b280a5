"""`flask --app app diagnose`: works where nothing else does, since the panel is not prepared for it."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.diagnosis.report import report
from models.health.checks import Watched
from models.store.base import now

UNWRITTEN = "{path} tidak dapat ditulis: {why}. Tanpa --output laporan tampil di terminal."


def is_asked_for() -> bool:
    """Whether the terminal asks for this command alone: its panel is not opened, so that a database that is away,
    broken or not migrated is told instead of stopping it."""
    return click.get_current_context(silent=True) is not None and diagnose.name in sys.argv[1:]


def bare_panel(settings: Mapping[str, object]) -> Flask:
    """What is diagnosed: no table is made for it, and no key read."""
    app = Flask("panel")
    app.config.update(settings)
    install(app)
    return app


def install(app: Flask) -> None:
    """Put the command on `flask --app app`."""
    app.cli.add_command(diagnose)


@click.command("diagnose")
@click.option("--output", "path", default="", help="Berkas tujuan; tanpa ini laporan tampil di terminal.")
@with_appcontext
def diagnose(path: str) -> None:
    """Tell versions, counts, timings and last failures in one file, without any person's data and without secrets."""
    told = current_app.config
    text = report(Watched(Path(told["VAR_DIR"]), told["DATABASE_URL"], now()))
    if not path:
        click.echo(text, nl=False)
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.ClickException(UNWRITTEN.format(path=path, why=fault.strerror)) from fault
    click.echo(f"Laporan ditulis ke {path}. Bacalah sebelum dikirim.")
