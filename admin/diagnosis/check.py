"""`flask --app app check`: how everything stands that has to be in order, from outside of the process that serves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from admin.door.terminal import command, unlogged
from admin.process.lookout import surroundings_of
from models.complaint import reserve
from models.letters import smtp
from models.operations.checks import UNKNOWN, WELL, WRONG, Finding
from models.operations.duties import BY_NAME, findings_at, keep_and_tell
from models.operations.surroundings import refusal_of
from models.store import installation
from models.store.base import open_database
from models.store.outage import DATABASE_ERRORS, start_sentence

MARKS = {WELL: "baik ", WRONG: "PERLU", UNKNOWN: "–    "}
CURE = "        → {cure}"
ALL_WELL, TO_DO = "Tidak ada yang perlu ditangani.", "{count} hal perlu ditangani."
UNTOLD = "Hasilnya tidak dapat disimpan, dan tidak ada surel yang dikirim."


@command("check", "Memeriksa semua yang harus beres.")
@click.option("--tell", is_flag=True, help="Simpan hasilnya, dan kabari Pengelola Sistem lewat surel.")
@with_appcontext
def check(tell: bool) -> None:
    """Tell of each thing whether it is in order, and what to do; ends with 1 if one is not."""
    settings = current_app.config
    place = surroundings_of(settings)
    if shut := refusal_of(place.var):
        raise click.ClickException(shut)
    smtp.install(settings["MAIL_URL"])
    reserve.install(place.var)
    installation.install(place.var)
    with _said_plainly():
        open_database(place.url)
    with unlogged():
        findings = findings_at(place)
    for name, finding in findings.items():
        _say(name, finding)
    count = sum(finding.state == WRONG for finding in findings.values())
    click.echo(TO_DO.format(count=count) if count else ALL_WELL)
    if tell:
        with _said_plainly():
            _tell(findings, place.at)
    if count:
        raise click.exceptions.Exit(1)


def _tell(findings: Mapping[str, Finding], at: datetime) -> None:
    if findings["database"].state == WRONG:  # to connect would make an empty file where there is none
        raise ValueError(UNTOLD)
    keep_and_tell(findings, at)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except (ValueError, *DATABASE_ERRORS) as fault:
        raise click.ClickException(str(fault) if isinstance(fault, ValueError) else start_sentence(fault)) from fault


def _say(name: str, finding: Finding) -> None:
    duty = BY_NAME[name]
    click.echo(f"{MARKS[finding.state]}  {duty.title}: {finding.sentence}")
    if finding.state == WRONG:
        click.echo(CURE.format(cure=duty.cure))
