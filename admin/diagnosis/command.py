"""`flask --app app diagnose` and `check`: they work where nothing else does, since no panel is prepared for them."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.diagnosis.check import check
from admin.diagnosis.report import report
from admin.door.terminal import command
from models.operations.checks import Watched
from models.store.base import now
from models.store.outage import why

UNWRITTEN = "{path} tidak dapat ditulis: {why}. Tanpa --output laporan tampil di terminal."


def is_asked_for() -> bool:
    """Whether the terminal asks for one of these alone: its panel is not opened, so that a database that is away,
    broken or not migrated is told instead of stopping it."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")][:2]  # after that of --app stands the command
    return click.get_current_context(silent=True) is not None and not {diagnose.name, check.name}.isdisjoint(words)


def bare_panel(settings: Mapping[str, object]) -> Flask:
    """What is diagnosed: no table is made for it, and no key read."""
    app = Flask("panel")
    app.config.update(settings)
    install(app)
    return app


def install(app: Flask) -> None:
    """Put the commands on `flask --app app`."""
    app.cli.add_command(diagnose)
    app.cli.add_command(check)


@command("diagnose", "Menyusun laporan tanpa data pribadi bagi yang membantu.")
@click.option(
    "--output", "path", metavar="BERKAS", default="", help="Berkas tujuan; tanpa ini laporan tampil di terminal."
)
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
        raise click.ClickException(UNWRITTEN.format(path=path, why=why(fault))) from fault
    click.echo(f"Laporan ditulis ke {path}. Bacalah sebelum dikirim.")
