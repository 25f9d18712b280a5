"""`flask --app app diagnose` and `check`: they also work with a broken or unreachable database."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.door.terminal import command, without_logging
from admin.server.background import surroundings_of
from admin.server.diagnosis import report
from models.complaint import accesslog_reserve
from models.email import smtp
from models.operations.checks import NEVER, UNKNOWN, UNSET, WELL, WRONG, CheckContext
from models.operations.duties import BY_NAME, check_duties, save_and_alert
from models.operations.environment_checks import refusal_of
from models.store import installation
from models.store.base import now, open_database
from models.store.outage import DATABASE_ERRORS, start_sentence, why

MARKS = {WELL: "baik ", WRONG: "PERLU", **dict.fromkeys((UNSET, NEVER, UNKNOWN), "–    ")}
CURE = "        → {cure}"
ALL_WELL, TO_DO = "Tidak ada yang perlu ditangani.", "{count} hal perlu ditangani."
NOT_SAVED = "Hasilnya tidak dapat disimpan, dan tidak ada surel yang dikirim."


@command("check", "Memeriksa semua yang harus beres.")
@click.option("--tell", is_flag=True, help="Simpan hasilnya, dan kabari Pengelola Sistem lewat surel.")
@with_appcontext
def check(tell: bool) -> None:
    """Print the result of each check and what to do; exit code 1 if one failed."""
    settings = current_app.config
    place = surroundings_of(settings)
    if shut := refusal_of(place.var):
        raise click.ClickException(shut)
    smtp.install(settings["MAIL_URL"])
    accesslog_reserve.install(place.var)
    installation.install(place.var)
    with _errors_in_words():
        open_database(place.url)
    with without_logging():
        findings = check_duties(place)
    for name, finding in findings.items():
        duty = BY_NAME[name]
        click.echo(f"{MARKS[finding.state]}  {duty.title}: {finding.sentence}")
        if finding.state == WRONG:
            click.echo(CURE.format(cure=duty.cure))
    count = sum(finding.state == WRONG for finding in findings.values())
    click.echo(TO_DO.format(count=count) if count else ALL_WELL)
    if tell:
        with _errors_in_words():
            if findings["database"].state == WRONG:  # connecting would create an empty file
                raise ValueError(NOT_SAVED)
            save_and_alert(findings, place.at)
    if count:
        raise click.exceptions.Exit(1)


@contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except (ValueError, *DATABASE_ERRORS) as fault:
        raise click.ClickException(str(fault) if isinstance(fault, ValueError) else start_sentence(fault)) from fault


UNWRITTEN = "{path} tidak dapat ditulis: {why}. Tanpa --output laporan tampil di terminal."


def is_asked_for() -> bool:
    """Whether the command line runs one of these: then the app is not created, so that an unreachable, broken or
    unmigrated database is reported instead of stopping the command."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")][:2]  # the value of --app, then the command
    return click.get_current_context(silent=True) is not None and not {diagnose.name, check.name}.isdisjoint(words)


def bare_panel(settings: Mapping[str, object]) -> Flask:
    """An app with only these commands: creates no table and reads no key."""
    app = Flask("panel")
    app.config.update(settings)
    install(app)
    return app


def install(app: Flask) -> None:
    """Register the commands of `flask --app app`."""
    app.cli.add_command(diagnose)
    app.cli.add_command(check)


@command("diagnose", "Menyusun laporan tanpa data pribadi bagi yang membantu.")
@click.option(
    "--output", "path", metavar="BERKAS", default="", help="Berkas tujuan; tanpa ini laporan tampil di terminal."
)
@with_appcontext
def diagnose(path: str) -> None:
    """Write versions, counts, timings and last failures into one file, without personal data and secrets."""
    settings = current_app.config
    text = report(CheckContext(Path(settings["VAR_DIR"]), settings["DATABASE_URL"], now()))
    if not path:
        click.echo(text, nl=False)
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.ClickException(UNWRITTEN.format(path=path, why=why(fault))) from fault
    click.echo(f"Laporan ditulis ke {path}. Bacalah sebelum dikirim.")
