"""Backups on the terminal: made, brought back, and the kept files held against their rows."""

import threading
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.door.terminal import command
from models import release
from models.operations import archive as keys
from models.operations import kept_files, nightly
from models.operations import restore as restoring
from models.operations.making import Source, make_backup
from models.operations.nightly import plan_in_force
from models.schema import First
from models.store import installation
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS, start_sentence, why
from sop.words import format_long_moment, format_number, format_size

NO_PLACE = "Tempat cadangan belum diisi pada Pengaturan; sebutkan dengan --to."
COPIED = "Basis data akan diubah oleh {count} migrasi; salinannya dari sebelum itu: {path}"
UNRESTORED = "Cadangan tidak dapat dipulihkan: {}. Perbaiki, lalu ulangi."
OPENED_BY = "Cadangan ini dibuka dengan Lembar Kunci Cadangan bertanda {mark}."
EITHER = "Pilih salah satu: --takeover atau --trial."
UNASKED = "Kuncinya tidak diketik. Tidak ada yang diubah."
ASKED_ONE = "Kelompok ke-{} saja, sekali lagi"
ASKED = "Kunci dari Lembar Kunci Cadangan (13 kelompok, dipisah spasi)"


def install(app: Flask) -> None:
    """Put the commands on `flask --app app`."""
    for each in (backup, restore, check_files, restore_file):
        app.cli.add_command(each)


def source_of(app: Flask) -> Source:
    """What is copied: the panel as it is configured."""
    told = app.config
    return Source(told["DATABASE_URL"], told["DATABASE_OWNER_URL"], Path(told["VAR_DIR"]), release.HOUSE)


def begin_copying(app: Flask, stop: threading.Event) -> None:
    """Backups are made beside the server. Nobody waits for one at the end: what it has begun ends with the process and
    counts for nothing."""
    threading.Thread(target=nightly.follow, args=(source_of(app), stop), name="backup", daemon=True).start()


def copying_first(app: Flask) -> First | None:
    """What is done before a migration changes the database; nothing where whoever starts the panel has said so."""
    if app.config["MIGRATE_WITHOUT_COPY"]:
        return None

    def copy(waiting: list[str]) -> None:
        path = nightly.keep_copy(source_of(app), waiting)
        click.echo(COPIED.format(count=len(waiting), path=path), err=True)

    return copy


@command("backup", "Membuat cadangan dan mengujinya dengan memulihkannya.")
@click.option(
    "--to", "place", metavar="TEMPAT", default="", help="Tempat cadangan, bila lain dari yang ada pada Pengaturan."
)
@with_appcontext
def backup(place: str) -> None:
    """Make a backup and prove it by restoring it; ends with 1 and the reason if it is not good."""
    with database.connection_context():
        plan = plan_in_force()
        if not (place or plan.place):
            raise click.ClickException(NO_PLACE)
        try:
            made = make_backup(source_of(current_app), place or plan.place, plan.spans)
        except (ValueError, *DATABASE_ERRORS) as refused:
            sentence = str(refused) if isinstance(refused, ValueError) else start_sentence(refused)
            raise click.ClickException(sentence) from refused
    if made.fault:
        raise click.ClickException(made.fault)
    counted = f"{format_number(made.entries)} catatan riwayat, {format_number(made.files)} berkas"
    click.echo(f"Cadangan {made.name} dibuat dan teruji: {counted}, {format_size(made.size)}, {made.seconds} detik.")
    if made.lacking:
        click.echo(f"{len(made.lacking)} berkas sudah hilang atau berubah sebelum disalin; lihat `check-files`.")


@command("restore", "Memulihkan cadangan ke tempat yang kosong.")
@click.argument("archive", metavar="BERKAS")
@click.option("--takeover", is_flag=True, help="Server ini menggantikan yang lama.")
@click.option("--trial", is_flag=True, help="Server ini untuk latihan.")
@with_appcontext
def restore(archive: str, takeover: bool, trial: bool) -> None:
    """Bring a backup back into an empty place; looks first, then asks for the key of the Lembar Kunci Cadangan."""
    if takeover and trial:
        raise click.ClickException(EITHER)
    target = source_of(current_app)
    try:
        with installation.exchanging(target.var):
            click.echo(OPENED_BY.format(mark=restoring.look_at(target, archive)))
            manifest = restoring.restore(target, archive, _asked_key())
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    except OSError as broken:
        raise click.ClickException(UNRESTORED.format(why(broken))) from broken
    counted = f"{format_number(manifest.entries)} catatan riwayat, {format_number(len(manifest.parts) - 2)} berkas"
    made = format_long_moment(datetime.fromisoformat(manifest.at))
    click.echo(f"Pulih dari cadangan {made}: {counted}. Semua orang masuk dengan kata sandinya.")
    with database.connection_context():
        _decide(target.var, takeover=takeover, trial=trial)


def _decide(var: Path, *, takeover: bool, trial: bool) -> None:
    """What whoever has restored has said already; else somebody says it on the page."""
    if takeover:
        installation.take_over(var, now())
    elif trial:
        installation.practise(var, now())
    if said := installation.sentence():
        click.echo(said)


def _asked_key() -> bytes:
    """The key from the sheet. A wrong group is asked for alone until it is right, and all of it where too little or too
    much was typed; ValueError where nothing comes."""
    typed = _typed(ASKED, ValueError(UNASKED))
    while True:
        try:
            return keys.read_groups(typed)
        except keys.WrongGroup as wrong:
            click.echo(str(wrong))
            typed = wrong.mended(_typed(ASKED_ONE.format(wrong.place), wrong))
        except ValueError as unlike:
            click.echo(str(unlike))
            typed = _typed(ASKED, unlike)


def _typed(question: str, otherwise: ValueError) -> str:
    """What somebody types; the ValueError where he leaves."""
    try:
        return str(click.prompt(question))
    except click.Abort as left:
        raise otherwise from left


@command("check-files", "Mencari berkas simpanan yang hilang atau berubah.")
@with_appcontext
def check_files() -> None:
    """Find kept files that are gone, changed or of no row; ends with 1 if one that a row names is not sound."""
    with database.connection_context():
        faults = kept_files.file_faults(source_of(current_app).files)
    for fault in faults:
        click.echo(str(fault))
    broken = [fault for fault in faults if fault.fault != kept_files.ORPHAN]
    if broken:
        raise click.ClickException(f"{len(broken)} berkas hilang atau berubah. Kembalikan dengan `restore-file`.")
    click.echo("Semua berkas utuh.")


@command("restore-file", "Mengembalikan satu berkas dari cadangan.")
@click.argument("name", metavar="NAMA_BERKAS")
@click.option(
    "--from", "place", metavar="TEMPAT", default="", help="Tempat cadangan, bila lain dari yang ada pada Pengaturan."
)
@with_appcontext
def restore_file(name: str, place: str) -> None:
    """Bring a kept file back from the latest backup that holds it."""
    with database.connection_context():
        place = place or plan_in_force().place
    if not place:
        raise click.ClickException(NO_PLACE.replace("--to", "--from"))
    try:
        archived = restoring.bring_back(source_of(current_app), name, place)
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Berkas dikembalikan dari {archived}.")
